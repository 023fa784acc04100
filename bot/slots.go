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
	c, role, err := b.searched(ctx, s)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	zone := p.TimeZone(role.TimeZone())
	blocks := append([]slack.Block{searchIntro(s, c, role), note(theirDay(c, b.Now()))}, onceLines(s, zone)...)
	waiting, err := b.instead(ctx, s, zone)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	blocks = append(blocks, waiting...)
	submit := "Book"
	switch {
	case len(s.Offers) == 0 && len(s.Shown) > 0:
		submit = "Look again"
		blocks = append(blocks, section("There are no further times. “Look again” shows the first ones."))
	case len(s.Offers) == 0:
		submit = "Look again"
		blocks = append(blocks, noSlots(s, zone)...)
	case s.InterviewID != "":
		submit = "Move"
		fallthrough
	default:
		blocks = append(blocks, slotsField(s, c, zone))
		blocks = append(blocks, unknownCalendars(s)...)
	}
	if s.InterviewID != "" && len(s.Offers) > 0 {
		blocks = append(blocks, b.moveFields(ctx, s)...)
	}
	stage, _ := role.Stage(s.Stage)
	if hold := holdField(s, stage); len(hold) > 0 {
		blocks, submit = append(blocks, hold...), "Book or hold"
	}
	blocks = append(blocks, b.otherTimes(s, role))
	blocks = append(blocks, b.questionFields(s, role)...)
	v := modal(viewSchedule, "Schedule", submit, "Close", blocks...)
	v.PrivateMetadata = meta{Search: s.ID, Candidate: s.CandidateID, Interview: s.InterviewID}.String()
	return v, nil
}

// searched returns whom and what a search is for.
func (b *Bot) searched(ctx context.Context, s *schedule.Search) (*hiring.Candidate, *hiring.Role, error) {
	c, err := b.Store.Candidate(ctx, s.CandidateID)
	if err != nil {
		return nil, nil, err
	}
	role, err := b.Store.Role(ctx, s.RoleKey)
	return c, role, err
}

// searchIntro says what is being scheduled.
func searchIntro(s *schedule.Search, c *hiring.Candidate, role *hiring.Role) slack.Block {
	stage, _ := role.Stage(s.Stage)
	intro := say("").b(c.Name).t(" · "+stage.Name).tf(" · %d minutes · with ", int(s.Duration.Minutes())).users(panelIDs(s.Panel))
	for _, p := range s.Pools {
		intro.tf(" and %d of ", p.Need).users(p.People)
	}
	if s.InterviewID != "" {
		intro.t("\nThe interview moves: everybody's invitation is updated.")
	}
	if s.Carries != "" {
		intro.t("\nThe invitation says that " + c.FirstName() + " goes on, in the words that you approved.")
	}
	return intro.block()
}

// theirDay says when a candidate can, in their zone.
func theirDay(c *hiring.Candidate, now time.Time) string {
	zone := c.TimeZone()
	return fmt.Sprintf("%s can from %s to %s, %s (%s).", c.FirstName(), clockWords(c.EarliestHour), clockWords(c.LatestHour), zoneName(now, zone), zone)
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
		needed, others := parts(s.Panel)
		who := whoField("who#"+s.ID, "Who holds it?", "All of them must be free. People of the role's team only.", needed)
		who.Optional = len(s.Pools) > 0
		blocks = append(blocks, who)
		for i, p := range s.Pools {
			blocks = append(blocks, whoField(poolField(i)+"#"+s.ID, fmt.Sprintf("Any %d of these", p.Need), "Whoever is free takes part.", p.People))
		}
		blocks = append(blocks, optional(whoField("optional#"+s.ID, "Who is optional?", "They are invited, and needn't be free.", others)))
	}
	return append(blocks,
		menu("long#"+s.ID, "long", "How long?", lengthOptions(s.Duration), minutes(s.Duration), false),
		optional(field("from#"+s.ID, "From which day?", "After a change, click “Look again”.", datePicker("from", from.In(role.TimeZone())))))
}

func poolField(i int) string { return fmt.Sprint("pool", i) }

func whoField(id, label, hint string, people []string) *slack.InputBlock {
	el := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("Choose people"), "who")
	most := schedule.MaxPanel
	el.InitialUsers, el.MaxSelectedItems = people, &most
	return field(id, label, hint, el)
}

// parts are who of a panel must be free, and who needn't.
func parts(panel []hiring.Panelist) (needed, others []string) {
	for _, p := range panel {
		if p.Part == hiring.Required {
			needed = append(needed, p.Person)
		} else {
			others = append(others, p.Person)
		}
	}
	return needed, others
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
	var options []*slack.OptionBlockObject
	wanted := ""
	for _, i := range order {
		o := s.Offers[i]
		text := bothZones(o, zone, c.TimeZone())
		reason := strings.Join(o.Reasons, ", ")
		if i == 0 && len(s.Shown) == 0 {
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

// bothZones writes a time in the reader's zone, and in the candidate's where that
// differs.
func bothZones(o schedule.Slot, zone, theirs *time.Location) string {
	text := span(o.Start, o.End, zone)
	if offset(o.Start, zone) == offset(o.Start, theirs) {
		return text
	}
	clock := "3:04 pm "
	if o.Start.In(theirs).Day() != o.Start.In(zone).Day() {
		clock = "Mon 3:04 pm "
	}
	return text + " · for them " + o.Start.In(theirs).Format(clock) + zoneName(o.Start, theirs)
}

func offset(t time.Time, zone *time.Location) int {
	_, o := t.In(zone).Zone()
	return o
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
	old, err := b.Schedule.Store.Search(ctx, readMeta(c.View.PrivateMetadata).Search)
	if err != nil {
		return err
	}
	req, err := b.changedRequest(ctx, old, c.State, c.Person.ID)
	if err != nil {
		return err
	}
	return b.searchIn(ctx, c, req)
}

// lookAgain is searchAgain by the modal's own button.
func (b *Bot) lookAgain(ctx context.Context, s *submission, old *schedule.Search) (any, error) {
	req, err := b.changedRequest(ctx, old, s.State, s.Person.ID)
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
func (b *Bot) changedRequest(ctx context.Context, old *schedule.Search, state map[string]input, by string) (schedule.Request, error) {
	role, err := b.Store.Role(ctx, old.RoleKey)
	if err != nil {
		return schedule.Request{}, err
	}
	req := old.Again(by)
	if from, asked := state["from"]; asked {
		shown := old.From
		if shown.IsZero() {
			shown = b.Now()
		}
		if from.SelectedDate != shown.In(role.TimeZone()).Format(time.DateOnly) {
			req.From, req.Until = startOfDay(from.SelectedDate, role.TimeZone()), time.Time{}
		}
	}
	if d := lengthOf(state); d != 0 {
		req.Duration = d
	}
	who, asked := state["who"]
	if !asked {
		return req, nil
	}
	req.Pools = slices.Clone(old.Pools)
	for i := range req.Pools {
		req.Pools[i].People = state[poolField(i)].SelectedUsers
		if need := req.Pools[i].Need; len(req.Pools[i].People) < need {
			return req, hiring.Invalid(poolField(i), "Choose at least %d people.", need)
		}
	}
	if len(who.SelectedUsers) == 0 && len(req.Pools) == 0 {
		return req, hiring.Invalid("who", "Choose who holds the interview.")
	}
	stage, _ := role.Stage(old.Stage)
	req.Panel = schedule.PanelOf(role, stage, who.SelectedUsers, state["optional"].SelectedUsers, old.Panel)
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
		needed, others := parts(s.Panel)
		changed := func(field string, chosen, asked []string) error {
			if slices.Equal(slices.Sorted(slices.Values(chosen)), slices.Sorted(slices.Values(asked))) {
				return nil
			}
			return hiring.Invalid(field, "You changed who holds it. Click “Look again”, so that I find times that suit them.")
		}
		if err := changed("who", who.SelectedUsers, needed); err != nil {
			return err
		}
		if err := changed("optional", state["optional"].SelectedUsers, others); err != nil {
			return err
		}
		for i, p := range s.Pools {
			if err := changed(poolField(i), state[poolField(i)].SelectedUsers, p.People); err != nil {
				return err
			}
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
