package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

const debriefTitle = "Debrief"

// debriefOf returns the interview's debrief, or nil.
func (b *Bot) debriefOf(ctx context.Context, interview string) (*hiring.Debrief, error) {
	d, err := b.Store.Debrief(ctx, interview)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil, nil
	}
	return d, err
}

// openDebrief shows how the debrief stands and what can be done.
func (b *Bot) openDebrief(ctx context.Context, c *click) error {
	k, err := b.Schedule.MayDebrief(ctx, c.Value, c.Person.ID)
	if err != nil {
		return err
	}
	d, err := b.debriefOf(ctx, c.Value)
	if err != nil {
		return err
	}
	if d == nil {
		return hiring.Invalid("", "No debrief is offered for this interview: nothing in its scorecards is contested, or they aren't all in.")
	}
	return b.show(ctx, c, b.debriefView(ctx, k, d, c.Person))
}

func (b *Bot) debriefView(ctx context.Context, k *hiring.Case, d *hiring.Debrief, p hiring.Person) slack.ModalViewRequest {
	text, buttons := b.debriefWords(ctx, k, d, p)
	v := modal("", debriefTitle, "", "Close", section(text))
	if len(buttons) > 0 {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, actions("", buttons...))
	}
	return v
}

// renderDebrief offers a coordinator a debrief, and says how it stands.
func (b *Bot) renderDebrief(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	d, err := b.debriefOf(ctx, m.About)
	if err != nil || d == nil {
		return nil, err
	}
	if m.TS == "" && !k.WantsDebrief(b.Now()) {
		return nil, nil
	}
	text, buttons := b.debriefWords(ctx, k, d, p)
	return debriefContent(k, text, buttons), nil
}

func debriefContent(k *hiring.Case, text string, buttons []slack.BlockElement) *content {
	c := &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: []string{k.Interview.ID, k.Candidate.ID}}
	if len(buttons) > 0 {
		c.Blocks = append(c.Blocks, actions("", buttons...))
	}
	return c
}

// debriefWords say how a debrief stands, with what the person can do about it.
func (b *Bot) debriefWords(ctx context.Context, k *hiring.Case, d *hiring.Debrief, p hiring.Person) (string, []slack.BlockElement) {
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	who := k.Candidate.Name + "'s interview (" + k.Stage().Name + ")"
	cancel := button(actDebriefCancel, iv.ID, "Cancel debrief")
	switch {
	case d.Live() && !d.End.After(b.Now()):
		return fmt.Sprintf("The debrief on %s was booked for %s. Next is the decision, due by %s.", who, span(d.Start, d.End, zone), clockTime(iv.Deadline, zone)), nil
	case d.Live() && k.NeedsNoDebrief(b.Now()):
		return fmt.Sprintf("A debrief on %s is booked for %s, and nothing is left to decide before it. Is it still needed?", who, span(d.Start, d.End, zone)), []slack.BlockElement{cancel}
	case k.NeedsNoDebrief(b.Now()):
		text := capital(who) + ": no debrief is needed any more. "
		if !d.Posted || k.Told() {
			return text + "Nothing is left to do here.", nil
		}
		return text + "What was contested still stands in the role's channel.", []slack.BlockElement{button(actDebriefCancel, iv.ID, "Take the points back")}
	}
	text := fmt.Sprintf("%s: %s", who, b.contestedWords(k, p.ID))
	var buttons []slack.BlockElement
	switch {
	case d.State == hiring.DebriefBooking:
		text += fmt.Sprintf(" A debrief is being booked for %s; what is contested goes into the role's channel first.", span(d.Start, d.End, zone))
		return text, []slack.BlockElement{cancel}
	case d.State == hiring.DebriefBooked:
		text += fmt.Sprintf(" A debrief is booked for %s with %s.", span(d.Start, d.End, zone), b.series(ctx, d.People))
		if d.End.After(iv.Deadline) {
			text += fmt.Sprintf(" That is after the deadline, %s.", clockTime(iv.Deadline, zone))
		}
		return text, []slack.BlockElement{cancel}
	case !k.WantsDebrief(b.Now()):
		if d.Posted {
			buttons = append(buttons, button(actDebriefCancel, iv.ID, "Take the points back"))
		}
		return text, buttons
	case d.State == hiring.DebriefTaken:
		text += " No debrief was booked: " + d.Problem
	case d.State == hiring.DebriefRemoved:
		text += " The debrief was deleted in Google Calendar."
	case d.State == hiring.DebriefCancelled:
		text += " The debrief was cancelled."
	}
	var times []time.Time
	for _, t := range d.Offers {
		if t.After(b.Now()) && !t.Add(hiring.DebriefLength).After(iv.Deadline) {
			times = append(times, t)
		}
	}
	deadline := clockTime(iv.Deadline, zone)
	switch {
	case len(times) > 0:
		text += fmt.Sprintf(" At these times the panel and the deciders are all free for a debrief of 15 minutes before the decision, due by %s.", deadline)
		if !d.Posted {
			text += " Booking it puts what is contested into the role's channel."
		}
		for i, t := range times {
			el := button(fmt.Sprintf("%s:%d", actDebriefBook, i), join(iv.ID, strconv.FormatInt(t.Unix(), 10)), "Book "+clockTime(t, zone))
			if i == 0 {
				el = primary(el)
			}
			buttons = append(buttons, el)
		}
	case len(d.Unreadable) > 0:
		text += fmt.Sprintf(" Whether all are free for a debrief can't be told: the calendar of %s can't be read.", b.series(ctx, d.Unreadable))
	case !d.Closest.IsZero() && d.Closest.After(b.Now()):
		text += fmt.Sprintf(" The panel and the deciders are never all free for 15 minutes before the deadline, %s; the closest is %s, after it.", deadline, clockTime(d.Closest, zone))
	default:
		text += fmt.Sprintf(" The panel and the deciders are never all free for 15 minutes before the deadline, %s.", deadline)
	}
	buttons = append(buttons, button(actDebriefLook, iv.ID, "Look again"))
	if len(times) == 0 && !d.Posted {
		text += " What is contested can go into the role's channel without a meeting."
	}
	if d.Posted {
		return text + " What is contested stands in the role's channel.", append(buttons, button(actDebriefCancel, iv.ID, "Take the points back"))
	}
	return text, append(buttons, button(actDebriefPost, iv.ID, "Post the points only"))
}

// series names people: "A, B and C".
func (b *Bot) series(ctx context.Context, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, b.names(ctx, []string{id}))
	}
	return inSeries(names)
}

// contestedWords say what is contested, as far as the viewer may know it.
func (b *Bot) contestedWords(k *hiring.Case, viewer string) string {
	if factsFor(k, viewer) == nil || !k.Panelboard().Complete() {
		return "a scorecard was reopened, or isn't in. Once it is in again, this says what is contested."
	}
	points := k.Contested()
	if len(points) == 0 {
		return "the scorecards were corrected, and nothing is contested any more. No debrief is needed."
	}
	var parts []string
	for _, p := range points {
		parts = append(parts, pointWords(p))
	}
	return "the scorecards are in. Contested: " + strings.Join(parts, "; ") + "."
}

// pointWords name a contested point: "Triage (apart by 2, red flag)".
func pointWords(p hiring.Point) string {
	var why []string
	if p.Spread >= hiring.ContestedSpread {
		why = append(why, fmt.Sprintf("apart by %d", p.Spread))
	}
	if p.Flagged {
		why = append(why, "red flag")
	}
	return fmt.Sprintf("%s (%s)", hiring.Clip(p.Competency.Name, 100), strings.Join(why, ", "))
}

// bookDebrief takes an offered time; the value is the interview and the start in
// unix seconds.
func (b *Bot) bookDebrief(ctx context.Context, c *click) error {
	interview, at := split(c.Value)
	if _, err := b.Schedule.MayDebrief(ctx, interview, c.Person.ID); err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return hiring.Invalid("", "That time isn't offered any more. Click “Look again” for others.")
	}
	if err := b.Schedule.BookDebrief(ctx, interview, c.Person.ID, time.Unix(seconds, 0)); err != nil {
		return err
	}
	return b.afterClick(ctx, c, debriefTitle, "The debrief is being booked. What is contested goes into the role's channel, and Google invites the panel and the deciders.")
}

func (b *Bot) postDebrief(ctx context.Context, c *click) error {
	if err := b.Schedule.PostPoints(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, debriefTitle, "What is contested goes into the role's channel. You can take it back.")
}

func (b *Bot) cancelDebrief(ctx context.Context, c *click) error {
	if err := b.Schedule.CancelDebrief(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, debriefTitle, "Taken back. It can be booked or posted again with the same buttons.")
}

// lookForDebrief asks Google for times again.
func (b *Bot) lookForDebrief(ctx context.Context, c *click) error {
	if _, err := b.Schedule.MayDebrief(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	c.ack()
	if err := b.Schedule.LookForDebrief(ctx, c.Value, c.Person.ID); err != nil {
		return hiring.Invalid("", "%s", b.findTrouble(c.Person, err))
	}
	return b.afterClick(ctx, c, debriefTitle, "I looked again. My message to you and the button “Debrief” show the times.")
}

// renderDebriefNews tells a coordinator what became of a debrief without a click
// of theirs.
func (b *Bot) renderDebriefNews(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	d, err := b.debriefOf(ctx, m.About)
	if err != nil || d == nil {
		return nil, err
	}
	zone := p.TimeZone(k.Role.TimeZone())
	what, revision, _ := strings.Cut(strings.TrimPrefix(m.Key, "debrief-news:"+m.About+":"), ":")
	since := revision != strconv.Itoa(d.Revision) // the debrief was moved or booked again
	who := fmt.Sprintf("the debrief on %s's interview (%s)", k.Candidate.Name, k.Stage().Name)
	text := ""
	buttons := []slack.BlockElement{button(actDebrief, m.About, debriefTitle)}
	switch {
	case what == "stuck":
		text = fmt.Sprintf("Google Calendar refused to remove the event of %s, which is off. Please delete it there, so that nobody comes.", who)
		buttons = nil
	case d.Live() && what == "needless" && k.NeedsNoDebrief(b.Now()) && d.End.After(b.Now()):
		return debriefContent(k, b.needlessWords(k, d, zone), []slack.BlockElement{button(actDebriefCancel, m.About, "Cancel debrief")}), nil
	case d.Live() && (since || what == "needless"):
		text = fmt.Sprintf("%s is booked for %s. Nothing is left to do here.", capital(who), span(d.Start, d.End, zone))
		buttons = nil
	case what == "needless":
		text = fmt.Sprintf("%s isn't booked any more. Nothing is left to do here.", capital(who))
	case what == "moved" && d.Live():
		text = fmt.Sprintf("%s was moved in Google Calendar. It is now %s. I follow.", capital(who), span(d.Start, d.End, zone))
		if d.End.After(k.Interview.Deadline) && k.Decision == nil {
			text += fmt.Sprintf(" That is after the deadline, %s.", clockTime(k.Interview.Deadline, zone))
		}
	case what == "moved":
		text = fmt.Sprintf("%s had been moved in Google Calendar. It isn't booked any more.", capital(who))
	case what == "removed":
		text = fmt.Sprintf("%s was deleted in Google Calendar. What is contested stays in the role's channel.", capital(who))
	default:
		text = fmt.Sprintf("%s was not booked. %s Nobody was invited.", capital(who), d.Problem)
	}
	if k.NeedsNoDebrief(b.Now()) {
		buttons = nil
	}
	return debriefContent(k, text, buttons), nil
}

// needlessWords ask whether a debrief is still needed.
func (b *Bot) needlessWords(k *hiring.Case, d *hiring.Debrief, zone *time.Location) string {
	why := "The decision on " + k.Candidate.Name + "'s interview (" + k.Stage().Name + ") is recorded"
	if k.Candidate.State == hiring.Withdrawn {
		why = k.Candidate.Name + " has withdrawn"
	}
	return fmt.Sprintf("%s, and the debrief is still booked: %s. If it isn't needed any more, cancel it here; I leave it as it is otherwise.", why, span(d.Start, d.End, zone))
}
