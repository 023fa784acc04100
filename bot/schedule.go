package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// scheduleCommand is /schedule-round1: the modal opens at once, and fills when
// Google has answered.
func (b *Bot) scheduleCommand(ctx context.Context, c *call) error {
	if wantsHelp(c.Text) {
		c.say(ctx, "Type /schedule-round1 and part of the candidate's name. I look for times that suit everybody, you pick one, and I book it in Google Calendar.")
		return nil
	}
	if _, err := b.openRolesFor(ctx, c.Person); err != nil {
		return err
	}
	waiting, err := b.toSchedule(ctx, c.Person, c.Text)
	if err != nil {
		return err
	}
	switch {
	case len(waiting) == 1 && c.Text != "":
		return b.startSearch(ctx, c.reply, c.Person, schedule.Request{CandidateID: waiting[0].ID, By: c.Person.ID})
	case len(waiting) == 0 && c.Text != "":
		c.say(ctx, fmt.Sprintf("Nobody called “%s” is waiting for an interview. Type /schedule-round1 to see who is, or /candidate add to add somebody.", hiring.Clip(c.Text, 80)))
		return nil
	case len(waiting) == 0:
		c.say(ctx, "Nobody is waiting for a first interview. Type /candidate add to add somebody.")
		return nil
	}
	_, err = c.open(ctx, modal("", "Schedule", "", "Close", menu("candidate", actFindFor, "Who is the interview for?", candidateOptions(waiting), "", true)))
	return err
}

// toSchedule returns the active candidates at their role's first interview
// without one, whose name or e-mail contains the words.
func (b *Bot) toSchedule(ctx context.Context, p hiring.Person, words string) ([]*hiring.Candidate, error) {
	found, err := b.Candidates.Find(ctx, words, p.ID, 100)
	if err != nil {
		return nil, err
	}
	var out []*hiring.Candidate
	for _, c := range found {
		role, err := b.Store.Role(ctx, c.RoleKey)
		if err != nil {
			return nil, err
		}
		first, _ := role.FirstInterview()
		if c.State != hiring.Active || c.Stage != first.ID || !role.IsCoordinator(p.ID) {
			continue
		}
		live, err := b.Schedule.Store.LiveInterviews(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if len(live) == 0 {
			out = append(out, c)
		}
	}
	return out, nil
}

func candidateOptions(list []*hiring.Candidate) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, c := range list[:min(len(list), 100)] {
		out = append(out, option(c.ID, c.Name, c.Email))
	}
	return out
}

func (b *Bot) pickScheduleCandidate(ctx context.Context, c *click) error {
	return b.searchIn(ctx, c, schedule.Request{CandidateID: c.Value, By: c.Person.ID})
}

// openSchedule is the button "Find a time" for a candidate; the value names a
// stage, too, if it isn't the candidate's own.
func (b *Bot) openSchedule(ctx context.Context, c *click) error {
	id, stage := split(c.Value)
	req := schedule.Request{CandidateID: id, Stage: stage, By: c.Person.ID}
	if c.View != nil && c.View.Type == slack.VTModal {
		return b.searchIn(ctx, c, req)
	}
	return b.startSearch(ctx, c.reply, c.Person, req)
}

// openReschedule is the button "Move" of an interview.
func (b *Bot) openReschedule(ctx context.Context, c *click) error {
	iv, err := b.Store.Interview(ctx, c.Value)
	if err != nil {
		return err
	}
	req := schedule.Request{CandidateID: iv.CandidateID, Stage: iv.Stage, InterviewID: iv.ID, By: c.Person.ID}
	if c.View != nil && c.View.Type == slack.VTModal {
		return b.searchIn(ctx, c, req)
	}
	return b.startSearch(ctx, c.reply, c.Person, req)
}

// searchAgain looks for times from the day that was chosen.
func (b *Bot) searchAgain(ctx context.Context, c *click) error {
	old, err := b.Schedule.Store.Search(ctx, readMeta(c.View.PrivateMetadata).Search)
	if err != nil {
		return err
	}
	role, err := b.Store.Role(ctx, old.RoleKey)
	if err != nil {
		return err
	}
	return b.searchIn(ctx, c, schedule.Request{
		CandidateID: old.CandidateID, Stage: old.Stage, InterviewID: old.InterviewID, Panel: old.Panel, Duration: old.Duration,
		From: startOfDay(c.State["from"].SelectedDate, role.TimeZone()), By: c.Person.ID,
	})
}

func startOfDay(date string, zone *time.Location) time.Time {
	if date == "" {
		return time.Time{}
	}
	return dateValue(date, zone).Add(-12 * time.Hour)
}

const looking = "Looking for times that suit everybody…"

// startSearch opens the modal and fills it.
func (b *Bot) startSearch(ctx context.Context, r *reply, p hiring.Person, req schedule.Request) error {
	search, err := b.Schedule.Prepare(ctx, req)
	if err != nil {
		return err
	}
	wait := loading("Schedule", looking)
	wait.ExternalID = search.ID
	view, err := r.open(ctx, wait)
	if err != nil {
		return err
	}
	b.fill(ctx, view, p, search.ID)
	return nil
}

// searchIn uses the modal that is open.
func (b *Bot) searchIn(ctx context.Context, c *click, req schedule.Request) error {
	search, err := b.Schedule.Prepare(ctx, req)
	if err != nil {
		return err
	}
	c.ack()
	if err := b.update(ctx, c.View.ID, loading("Schedule", looking)); err != nil {
		return err
	}
	b.fill(ctx, c.View, c.Person, search.ID)
	return nil
}

// fill asks Google and shows the offers, or why there are none.
func (b *Bot) fill(ctx context.Context, open *slack.View, p hiring.Person, searchID string) {
	search, err := b.Schedule.Find(ctx, searchID)
	var view slack.ModalViewRequest
	if err == nil {
		view, err = b.offersView(ctx, p, search)
	}
	if err != nil {
		view = *told("Schedule", b.findTrouble(p, err))
	}
	if err := b.refill(ctx, open, view); err != nil {
		b.Log.Warn("offers not shown", "search", searchID, "err", err)
	}
}

// findTrouble says what kept us from finding times.
func (b *Bot) findTrouble(p hiring.Person, err error) string {
	var classed *outbox.Error
	if errors.As(err, &classed) {
		b.Log.Warn("free/busy not read", "err", err)
		return "Google Calendar doesn't answer right now, so I can't tell who is free. Nothing was booked. Please try again in a minute."
	}
	return b.explain(p, err)
}

// offersView shows a search's offers by day, each with its reason.
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
	from := s.From
	if from.IsZero() {
		from = b.Now()
	}
	intro := say("").b(c.Name).t(" · "+stage.Name).tf(" · %d minutes · with ", int(s.Duration.Minutes())).users(panelIDs(s.Panel))
	if s.InterviewID != "" {
		intro.t("\nThe interview moves: everybody's invitation is updated.")
	}
	blocks := []slack.Block{intro.block()}
	if len(s.Offers) == 0 {
		blocks = append(blocks, noSlots(s, zone)...)
	} else {
		blocks = append(blocks, slotsField(s, c, zone))
	}
	from = from.In(role.TimeZone())
	blocks = append(blocks,
		optional(field("from", "From which day?", "Then click “Search again”.", datePicker("from", from))),
		actions("", button(actSearchAgain, s.ID, "Search again")))
	submit := "Book"
	if s.InterviewID != "" {
		submit = "Move"
	}
	if len(s.Offers) == 0 {
		submit = "Done" // Slack wants a submit button wherever there is an input
	}
	v := modal(viewSchedule, "Schedule", submit, "Close", blocks...)
	v.PrivateMetadata = meta{Search: s.ID, Candidate: s.CandidateID, Interview: s.InterviewID}.String()
	return v, nil
}

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
		options = append(options, option(strconv.Itoa(i), text, reason))
	}
	// The block's id changes with the search, so that a choice made in older
	// offers doesn't stay.
	return field("slot#"+s.ID, "When?", "Everybody required is free at each of these.", slack.NewRadioButtonsBlockElement("slot", options...))
}

func offset(t time.Time, zone *time.Location) int {
	_, o := t.In(zone).Zone()
	return o
}

// noSlots says what is in the way, and the nearest misses.
func noSlots(s *schedule.Search, zone *time.Location) []slack.Block {
	items := []*rich{}
	for _, w := range s.InWay {
		items = append(items, say(w))
	}
	for _, m := range s.Misses {
		items = append(items, say(fmt.Sprintf("Nearest: %s, but %s is %s then.", clockTime(m.Start, zone), m.Who, m.Why)))
	}
	blocks := []slack.Block{say("").b("No time suits everybody.").block()}
	if len(items) > 0 {
		blocks = append(blocks, list(items...))
	}
	return append(blocks, note("Free up one of these times in Google Calendar, or look from a later day."))
}

func panelIDs(panel []hiring.Panelist) []string {
	var out []string
	for _, p := range panel {
		out = append(out, p.Person)
	}
	return out
}

// submitSchedule books or moves; the modal follows what Google says.
func (b *Bot) submitSchedule(ctx context.Context, s *submission) (any, error) {
	choice := s.State["slot"].SelectedOption.Value
	if choice == "" {
		search, err := b.Schedule.Store.Search(ctx, s.Meta.Search)
		if err == nil && len(search.Offers) == 0 {
			return nil, nil // nothing to choose from; "Done" closes
		}
		return nil, hiring.Invalid("slot", "Choose one of the times.")
	}
	offer, err := strconv.Atoi(choice)
	if err != nil {
		return nil, hiring.Invalid("slot", "Choose one of the times.")
	}
	iv, err := b.Schedule.Book(ctx, s.Meta.Search, offer, s.Person.ID)
	if err != nil {
		return nil, err
	}
	doing, id, revision := "Booking it in Google Calendar…", iv.ID, iv.Revision
	if s.Meta.Interview != "" {
		doing = "Moving it in Google Calendar…"
	}
	s.after = func(ctx context.Context) { b.watchBooking(ctx, s.View.ID, s.Person, id, revision) }
	view := loading("Schedule", doing)
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// watchBooking shows in the open modal how the booking ends. It is a courtesy:
// the messages that are owed don't depend on it.
func (b *Bot) watchBooking(ctx context.Context, viewID string, p hiring.Person, id string, revision int) {
	ctx, cancel := context.WithTimeout(ctx, 25*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		k, err := b.Store.Case(ctx, id)
		if err != nil {
			return
		}
		if iv := k.Interview; iv.State != hiring.Booking && (iv.State != hiring.Booked || iv.EventStart.Equal(iv.Start) || iv.Revision != revision) {
			if err := b.update(ctx, viewID, b.bookedView(k, p)); err != nil {
				b.Log.Warn("booking not shown", "interview", id, "err", err)
			}
			return
		}
		select {
		case <-ctx.Done():
			view := *told("Schedule", "Google Calendar takes its time. I keep trying, and everybody hears when it is done. You can close this.")
			if err := b.update(context.WithoutCancel(ctx), viewID, view); err != nil {
				b.Log.Warn("booking not shown", "interview", id, "err", err)
			}
			return
		case <-tick.C:
		}
	}
}

func (b *Bot) bookedView(k *hiring.Case, p hiring.Person) slack.ModalViewRequest {
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	switch {
	case iv.State == hiring.Booked && iv.Problem != "":
		return modal("", "Schedule", "", "Close",
			say("").b("Not moved. ").t(iv.Problem+" The interview stays where it was: "+span(iv.Start, iv.End, zone)+".").block(),
			actions("", primary(button(actReschedule, iv.ID, "Find another time"))))
	case iv.State == hiring.Booked:
		return modal("", "Schedule", "", "Close",
			say("").b("Booked: ").t(k.Candidate.Name+", ").t(span(iv.Start, iv.End, zone)).t(". ").t("The invitation is on its way to everybody, and the panel hears from me.").block(),
			note("The candidate is promised an answer by "+clockTime(iv.Deadline, zone)+"."))
	case iv.State == hiring.Taken:
		return modal("", "Schedule", "", "Close",
			say("").b("Not booked. ").t(iv.Reason).t(" Nobody was invited.").block(),
			actions("", primary(button(actSchedule, iv.CandidateID, "Find another time"))))
	default:
		return *told("Schedule", fmt.Sprintf("This interview is %s now.", iv.State))
	}
}

// openCancel asks for the reason.
func (b *Bot) openCancel(ctx context.Context, c *click) error {
	k, err := b.Store.Case(ctx, c.Value)
	if err != nil {
		return err
	}
	if !k.Role.IsCoordinator(c.Person.ID) {
		return hiring.Refuse("Only a coordinator of %s can cancel its interviews.", k.Role.Title)
	}
	if k.Interview.State == hiring.Cancelled {
		return &hiring.AlreadyDone{What: "cancelled"}
	}
	zone := c.Person.TimeZone(k.Role.TimeZone())
	v := modal(viewCancel, "Cancel interview", "Cancel interview", "Keep it",
		say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(k.Interview.Start, k.Interview.End, zone)).block(),
		section("Google tells the candidate and the panel that it is cancelled. Drafts of scorecards are kept."),
		optional(field("reason", "Why?", "Only the role's team sees this.", textInput("reason", schedule.MaxCancelReason, "", true))))
	v.PrivateMetadata = meta{Interview: c.Value}.String()
	return b.show(ctx, c, v)
}

func (b *Bot) submitCancel(ctx context.Context, s *submission) (any, error) {
	if err := b.Schedule.Cancel(ctx, s.Meta.Interview, s.Person.ID, s.State["reason"].Value); err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(told("Cancel interview", "Cancelled. The event goes from everybody's calendar, and the panel hears it.")), nil
}

// restoreInterview books a deleted event anew.
func (b *Bot) restoreInterview(ctx context.Context, c *click) error {
	if err := b.Schedule.Restore(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Schedule", "It is being booked again, at the time it had. The panel hears from me when Google Calendar has it.")
}
