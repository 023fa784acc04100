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

// offersView shows a search's offers in order of time, each with its reason, and
// the question that they answer, to be changed.
func (b *Bot) offersView(ctx context.Context, p hiring.Person, s *schedule.Search) (slack.ModalViewRequest, error) {
	c, err := b.Store.Candidate(ctx, s.CandidateID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	role, err := b.Store.Role(ctx, s.RoleKey)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	stage, _ := role.Stage(s.Stage)
	zone := p.TimeZone(role.TimeZone())
	intro := say("").b(c.Name).t(" · "+stage.Name).tf(" · %d minutes · with ", int(s.Duration.Minutes())).users(panelIDs(s.Panel))
	if s.InterviewID != "" {
		intro.t("\nThe interview moves: everybody's invitation is updated.")
	}
	if s.Carries != "" {
		intro.t("\nThe invitation says that " + c.FirstName() + " goes on, in the words that you approved.")
	}
	blocks := []slack.Block{intro.block()}
	submit := "Book"
	switch {
	case len(s.Offers) == 0:
		submit = "Look again"
		blocks = append(blocks, noSlots(s, zone)...)
	case s.InterviewID != "":
		submit = "Move"
		fallthrough
	default:
		blocks = append(blocks, slotsField(s, c, zone))
	}
	if s.InterviewID != "" && len(s.Offers) > 0 {
		blocks = append(blocks, b.moveFields(ctx, s)...)
	}
	blocks = append(blocks, b.questionFields(s, role)...)
	if len(s.Offers) > 0 {
		blocks = append(blocks, actions("", button(actSearchAgain, s.ID, "Look again")))
	}
	v := modal(viewSchedule, "Schedule", submit, "Close", blocks...)
	v.PrivateMetadata = meta{Search: s.ID, Candidate: s.CandidateID, Interview: s.InterviewID}.String()
	return v, nil
}

// questionFields are what a search asks: who, how long, from when. The blocks'
// ids change with the search, so that what was typed for an older one doesn't
// stay. An interview that moves keeps its panel.
func (b *Bot) questionFields(s *schedule.Search, role *hiring.Role) []slack.Block {
	from := s.From
	if from.IsZero() {
		from = b.Now()
	}
	var blocks []slack.Block
	if s.InterviewID == "" {
		who := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, nil, "who")
		who.InitialUsers = panelIDs(s.Panel)
		who.MaxSelectedItems = maxPanel()
		blocks = append(blocks, field("who#"+s.ID, "Who holds it?", whoHint(s.Panel), who))
	}
	return append(blocks,
		menu("long#"+s.ID, "long", "How long?", lengthOptions(s.Duration), minutes(s.Duration), false),
		optional(field("from#"+s.ID, "From which day?", "After a change, click “Look again”.", datePicker("from", from.In(role.TimeZone())))))
}

func maxPanel() *int {
	n := schedule.MaxPanel
	return &n
}

// whoHint says who of a panel must be free.
func whoHint(panel []hiring.Panelist) string {
	if slices.ContainsFunc(panel, func(p hiring.Panelist) bool { return p.Part != hiring.Required }) {
		return "All must be free, except who is optional or shadow by the setup. People of the role's team only."
	}
	return "All must be free. People of the role's team only."
}

// lengthOptions are the lengths to choose from, the search's own among them.
func lengthOptions(own time.Duration) []*slack.OptionBlockObject {
	lengths := []int{15, 30, 45, 60, 75, 90, 120, 150, 180, 240}
	if n := int(own.Minutes()); !slices.Contains(lengths, n) {
		lengths = append(lengths, n)
		slices.Sort(lengths)
	}
	var out []*slack.OptionBlockObject
	for _, n := range lengths {
		out = append(out, option(strconv.Itoa(n), fmt.Sprintf("%d minutes", n), ""))
	}
	return out
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Minutes())) }

// slotsField lists the offers in order of time; the first reason of the best
// one says so.
func slotsField(s *schedule.Search, c *hiring.Candidate, zone *time.Location) slack.Block {
	order := make([]int, len(s.Offers))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return s.Offers[a].Start.Compare(s.Offers[b].Start) })
	theirs := c.TimeZone()
	var options []*slack.OptionBlockObject
	wanted := ""
	for _, i := range order {
		o := s.Offers[i]
		text := span(o.Start, o.End, zone)
		if _, a := o.Start.In(zone).Zone(); a != offset(o.Start, theirs) {
			clock := "3:04 pm "
			if o.Start.In(theirs).Day() != o.Start.In(zone).Day() {
				clock = "Mon 3:04 pm "
			}
			text += " · for them " + o.Start.In(theirs).Format(clock) + zoneName(o.Start, theirs)
		}
		reason := strings.Join(o.Reasons, ", ")
		if i == 0 {
			reason = "Best: " + reason
		}
		if o.Start.Equal(s.Wanted) {
			wanted = strconv.Itoa(i)
		}
		options = append(options, option(strconv.Itoa(i), text, reason))
	}
	// The block's id changes with the search, so that a choice made in older
	// offers doesn't stay.
	return field("slot#"+s.ID, "When?", "Everybody required is free at each of these.", choice("slot", options, wanted))
}

func offset(t time.Time, zone *time.Location) int {
	_, o := t.In(zone).Zone()
	return o
}

// noSlots says what is in the way, the nearest misses, and who could stand in.
func noSlots(s *schedule.Search, zone *time.Location) []slack.Block {
	blocks := []slack.Block{say("").b("No time suits everybody.").block()}
	var items []*rich
	for _, w := range s.InWay {
		items = append(items, say(w))
	}
	if len(items) > 0 {
		blocks = append(blocks, list(items...))
	}
	for i, m := range s.Misses {
		r := say("").b(clockTime(m.Start, zone)).t(" suits everybody but " + m.Who + ", who " + m.Why + ".")
		if len(m.StandIns) == 0 && s.InterviewID == "" {
			r.t(" Nobody else of the team is free then.")
		}
		blocks = append(blocks, r.block())
		var buttons []slack.BlockElement
		for j, in := range m.StandIns {
			id := fmt.Sprintf("%s:%d.%d", actStandIn, i, j)
			buttons = append(buttons, button(id, join(s.ID, strconv.Itoa(i), in.ID), "Book it with "+in.Name+" instead of "+m.Who))
		}
		if len(buttons) > 0 {
			blocks = append(blocks, actions("", buttons...))
		}
	}
	way := "Free up one of these times in Google Calendar, change who holds it, or look from a later day."
	if len(s.Misses) == 0 {
		way = "Change who holds it or how long it takes, or look from a later day."
	}
	return append(blocks, note(way))
}

func panelIDs(panel []hiring.Panelist) []string {
	var out []string
	for _, p := range panel {
		out = append(out, p.Person)
	}
	return out
}

// searchAgain looks for times with what stands in the fields now.
func (b *Bot) searchAgain(ctx context.Context, c *click) error {
	req, err := b.changedRequest(ctx, readMeta(c.View.PrivateMetadata).Search, c.State, c.Person.ID)
	if err != nil {
		return err
	}
	return b.searchIn(ctx, c, req)
}

// searchInstead looks for times with a stand-in on the panel; the near miss that
// it was offered for comes first.
func (b *Bot) searchInstead(ctx context.Context, c *click) error {
	id, rest := split(c.Value)
	index, in := split(rest)
	old, err := b.Schedule.Store.Search(ctx, id)
	if err != nil {
		return err
	}
	miss, err := strconv.Atoi(index)
	if err != nil {
		return hiring.Invalid("", "That time isn't offered any more. Look for times again.")
	}
	req, err := old.Instead(miss, in, c.Person.ID)
	if err != nil {
		return err
	}
	return b.searchIn(ctx, c, req)
}

// lookAgain is searchAgain by the modal's own button.
func (b *Bot) lookAgain(ctx context.Context, s *submission, old *schedule.Search) (any, error) {
	req, err := b.changedRequest(ctx, old.ID, s.State, s.Person.ID)
	if err != nil {
		return nil, err
	}
	search, ask, err := b.prepare(ctx, s.Person, req, "")
	if err != nil {
		return nil, err
	}
	if ask != nil {
		return b.answerWith(s, *ask)
	}
	return b.thenFill(s, search), nil
}

// thenFill replaces a submitted modal by the search's.
func (b *Bot) thenFill(s *submission, search *schedule.Search) any {
	s.after = func(ctx context.Context) { b.fill(ctx, s.View, s.Person, search.ID) }
	view := loading("Schedule", looking)
	return slack.NewUpdateViewSubmissionResponse(&view)
}

// changedRequest is the search's question with what stands in the fields.
func (b *Bot) changedRequest(ctx context.Context, search string, state map[string]input, by string) (schedule.Request, error) {
	old, err := b.Schedule.Store.Search(ctx, search)
	if err != nil {
		return schedule.Request{}, err
	}
	role, err := b.Store.Role(ctx, old.RoleKey)
	if err != nil {
		return schedule.Request{}, err
	}
	req := old.Again(by)
	req.From = startOfDay(state["from"].SelectedDate, role.TimeZone())
	if d := lengthOf(state); d != 0 {
		req.Duration = d
	}
	if who, asked := state["who"]; asked {
		if len(who.SelectedUsers) == 0 {
			return req, hiring.Invalid("who", "Choose who holds the interview.")
		}
		stage, _ := role.Stage(old.Stage)
		req.Panel = schedule.PanelOf(role, stage, who.SelectedUsers, old.Panel)
	}
	return req, nil
}

func lengthOf(state map[string]input) time.Duration {
	n, err := strconv.Atoi(state["long"].SelectedOption.Value)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// sameQuestion checks that the offers answer what stands in the fields: a time
// that suits one panel may not suit another.
func sameQuestion(s *schedule.Search, state map[string]input) error {
	if who, asked := state["who"]; asked {
		chosen, panel := slices.Sorted(slices.Values(who.SelectedUsers)), slices.Sorted(slices.Values(panelIDs(s.Panel)))
		if !slices.Equal(chosen, panel) {
			return hiring.Invalid("who", "You changed who holds it. Click “Look again”, so that I find times that suit them.")
		}
	}
	if d := lengthOf(state); d != 0 && d != s.Duration {
		return hiring.Invalid("long", "You changed how long it takes. Click “Look again”, so that I find times for that.")
	}
	return nil
}

func startOfDay(date string, zone *time.Location) time.Time {
	if date == "" {
		return time.Time{}
	}
	return dateValue(date, zone).Add(-12 * time.Hour)
}
