package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// noSlots says that there is no time, who is in the way, and the ways out of it:
// each with a button where the bot can take it.
func noSlots(s *schedule.Search, zone *time.Location) []slack.Block {
	blocks := []slack.Block{say("").b(nothingFor(s, zone)).block()}
	var items []*rich
	for _, w := range s.InWay {
		items = append(items, say(w))
	}
	if len(items) > 0 {
		blocks = append(blocks, list(items...))
	}
	blocks = append(blocks, unknownCalendars(s)...)
	if len(s.Ways) == 0 {
		return append(blocks, note("No small change helps. Change who holds it or how long it takes, look from a later day, or pick any time."))
	}
	blocks = append(blocks, say("").b("Closest:").block())
	for i, w := range s.Ways {
		words := slack.NewSectionBlock(plain(hiring.Clip(wayWords(w, s, zone), 3000)), nil, nil)
		if !w.ByHand() {
			id := fmt.Sprintf("%s:%d", actWay, i)
			words.Accessory = slack.NewAccessory(button(id, join(s.ID, strconv.Itoa(i)), wayLabel(w, s, zone)))
		}
		blocks = append(blocks, words)
	}
	if slices.ContainsFunc(s.Ways, schedule.Way.ByHand) {
		blocks = append(blocks, note("I can't move people's meetings: ask them to, then click “Look again”."))
	}
	return blocks
}

// nothingFor says for how many people there is nothing, and how far was looked.
func nothingFor(s *schedule.Search, zone *time.Location) string {
	n := 0
	for _, p := range s.Panel {
		if p.Part == hiring.Required {
			n++
		}
	}
	for _, p := range s.Pools {
		n += p.Need
	}
	who := ""
	switch {
	case n == 2:
		who = " for both"
	case n > 2:
		who = " for all " + [...]string{"three", "four", "five", "six", "seven", "eight", "nine", "ten"}[min(n, 10)-3]
	}
	if s.End.IsZero() {
		return "Nothing" + who + "."
	}
	return "Nothing" + who + " before " + s.End.In(zone).Format("Mon 2 Jan") + "."
}

// unknownCalendars names whose calendars can't be read, and what to do.
func unknownCalendars(s *schedule.Search) []slack.Block {
	if len(s.Unknown) == 0 {
		return nil
	}
	var items []*rich
	for _, u := range s.Unknown {
		items = append(items, say("").b(u.Name+"'s calendar can't be read").t(": "+u.Why+"."))
	}
	return []slack.Block{list(items...), note(calendarMend)}
}

// wayWords says what a way takes and what it opens: "Wed 2 Dec, 4:30 pm CST if
// ending at 5:15 pm CST isn't too late for Dana, and 5 more times".
func wayWords(w schedule.Way, s *schedule.Search, zone *time.Location) string {
	var takes []string
	for _, c := range w.Changes {
		takes = append(takes, takesWords(c, w.Opens[0], s, zone))
	}
	text := clockTime(w.Opens[0], zone) + " " + strings.Join(takes, " and ")
	if more := len(w.Opens) - 1; more > 0 {
		text += ", and " + count(more, "more time", "more times")
	}
	return text + "."
}

func takesWords(c schedule.Change, at time.Time, s *schedule.Search, zone *time.Location) string {
	whom := c.Name
	if c.Who == "" {
		whom = "the candidate"
	}
	switch c.Kind {
	case schedule.Earlier:
		return "if " + changeClock(c, at) + " isn't too early for " + whom
	case schedule.Later:
		return "if ending at " + changeClock(c, at) + " isn't too late for " + whom
	case schedule.Move:
		return "if " + c.Name + "'s " + hours(c.Meeting, zone) + " moves"
	case schedule.Instead:
		return "with " + c.InName + " instead of " + c.Name
	case schedule.Without:
		return "without " + c.Name
	case schedule.JoinPool:
		return "with " + c.InName + " as one of the pool"
	case schedule.Shorter:
		return fmt.Sprintf("at %d minutes instead of %d", int(c.Span.Minutes()), int(c.Was.Minutes()))
	case schedule.Notice:
		return "with " + hiring.SpanWords(c.Span) + " of notice"
	default:
		return "if that isn't too far ahead"
	}
}

// wayLabel is the button that takes a way.
func wayLabel(w schedule.Way, s *schedule.Search, zone *time.Location) string {
	var labels []string
	for _, c := range w.Changes {
		whom := c.Name
		if c.Who == "" {
			whom = "the candidate"
		}
		label := ""
		switch c.Kind {
		case schedule.Earlier:
			label = "Allow from " + changeClock(c, w.Opens[0]) + " for " + whom + " this once"
		case schedule.Later:
			label = "Allow until " + changeClock(c, w.Opens[0]) + " for " + whom + " this once"
		case schedule.Instead:
			label = "With " + c.InName + " instead of " + c.Name
		case schedule.Without:
			label = "Without " + c.Name + " (optional this time)"
		case schedule.JoinPool:
			label = "Ask " + c.InName + " as well"
		case schedule.Shorter:
			label = fmt.Sprintf("Take %d minutes", int(c.Span.Minutes()))
		case schedule.Notice:
			label = "Allow " + hiring.SpanWords(c.Span) + " of notice"
		case schedule.Further:
			label = "Look until " + lastDay(c, zone)
		}
		labels = append(labels, label)
	}
	return strings.Join(labels, " + ")
}

// onceLines show what is otherwise this once, each with the way back.
func onceLines(s *schedule.Search, zone *time.Location) []slack.Block {
	var blocks []slack.Block
	for i, c := range s.Once {
		words := slack.NewSectionBlock(plain("This once: "+onceWords(c, s.End, zone)), nil,
			slack.NewAccessory(button(fmt.Sprintf("%s:%d", actTakeBackOnce, i), join(s.ID, c.Code()), "Take back")))
		blocks = append(blocks, words)
	}
	return blocks
}

func onceWords(c schedule.Change, at time.Time, zone *time.Location) string {
	whom := c.Name
	if c.Who == "" {
		whom = "the candidate"
	}
	switch c.Kind {
	case schedule.Earlier:
		return whom + " from " + changeClock(c, at)
	case schedule.Later:
		return whom + " until " + changeClock(c, at)
	case schedule.Instead:
		return c.InName + " instead of " + c.Name
	case schedule.Without:
		return c.Name + " is optional"
	case schedule.JoinPool:
		return c.InName + " as one of the pool"
	case schedule.Shorter:
		return fmt.Sprintf("%d minutes instead of %d", int(c.Span.Minutes()), int(c.Was.Minutes()))
	case schedule.Notice:
		return hiring.SpanWords(c.Span) + " of notice"
	default:
		return "looking until " + lastDay(c, zone)
	}
}

// changeClock writes to what clock hours reach, in the zone of whose they are.
func changeClock(c schedule.Change, at time.Time) string {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		zone = time.UTC
	}
	t := hiring.AtClock(at.In(zone), c.Clock)
	return t.Format("3:04 pm ") + zoneName(t, zone)
}

// lastDay is the last day on which is looked.
func lastDay(c schedule.Change, zone *time.Location) string {
	return c.Until.Add(-time.Minute).In(zone).Format("Mon 2 Jan")
}

// hours writes a stretch of time of a known day: "10:00–10:30 am CST".
func hours(iv hiring.Interval, zone *time.Location) string {
	text := span(iv.Start, iv.End, zone)
	if _, clock, ok := strings.Cut(text, ", "); ok {
		return clock
	}
	return text
}

// takeWay looks again with the changes of a way, this once.
func (b *Bot) takeWay(ctx context.Context, c *click) error {
	id, index := split(c.Value)
	old, err := b.Schedule.Store.Search(ctx, id)
	if err != nil {
		return err
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(old.Ways) {
		return hiring.Invalid("", "That isn't offered any more. Look for times again.")
	}
	req, err := b.changedRequest(ctx, old, c.State, c.Person.ID)
	if err != nil {
		return err
	}
	if req, err = req.Try(old.Ways[i]); err != nil {
		return err
	}
	return b.searchIn(ctx, c, req)
}

// takeBackOnce looks again without a change that was made this once.
func (b *Bot) takeBackOnce(ctx context.Context, c *click) error {
	id, code := split(c.Value)
	old, err := b.Schedule.Store.Search(ctx, id)
	if err != nil {
		return err
	}
	req, err := b.changedRequest(ctx, old, c.State, c.Person.ID)
	if err != nil {
		return err
	}
	if req, err = req.TakeBack(code); err != nil {
		return err
	}
	return b.searchIn(ctx, c, req)
}
