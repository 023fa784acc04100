package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// pickAnyTime is the button "Pick any time": the modal asks for one, for the
// people and the length that stand in its fields.
func (b *Bot) pickAnyTime(ctx context.Context, c *click) error {
	old, err := b.Schedule.Store.Search(ctx, c.Value)
	if err != nil {
		return err
	}
	req := old.Again(c.Person.ID)
	if c.View.CallbackID == viewSchedule {
		if req, err = b.changedRequest(ctx, old, c.State, c.Person.ID); err != nil {
			return err
		}
	}
	search, ask, err := b.prepare(ctx, c.Person, req, "")
	if err != nil {
		return err
	}
	if ask == nil && search.InterviewID != "" { // why it moves was asked beside the offers
		if err := b.Schedule.Because(ctx, search.ID, hiring.MoveCause(c.State["asked"].SelectedOption.Value), c.State["why"].Value); err != nil {
			return err
		}
	}
	c.ack()
	if ask == nil {
		view, err := b.anyTimeView(ctx, c.Person, search, old)
		if err != nil {
			return err
		}
		ask = &view
	}
	layOn(readMeta(c.View.PrivateMetadata), ask)
	return b.update(ctx, c.View.ID, *ask)
}

// anyTimeView asks for a time, in the person's own zone.
func (b *Bot) anyTimeView(ctx context.Context, p hiring.Person, s, before *schedule.Search) (slack.ModalViewRequest, error) {
	c, role, err := b.searched(ctx, s)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	zone := p.TimeZone(role.TimeZone())
	start := b.Now().Add(24 * time.Hour).Truncate(time.Hour)
	switch {
	case before.Any != nil:
		start = before.Any.Start
	case len(before.Offers) > 0:
		start = before.Offers[0].Start
	}
	start = start.In(zone)
	v := modal(viewAnyTime, "Pick any time", "See if it fits", "Close",
		searchIntro(s, c, role),
		note(theirDay(c, start)),
		field("any#"+s.ID, "Which day?", "", datePicker("day", start)),
		field("clock#"+s.ID, "At what time?", fmt.Sprintf("In your own zone, %s (%s). I look at every calendar, and say all that speaks against it.", zoneName(start, zone), zone), timePicker("clock", start.Format("15:04"))),
		actions("", button(actSearchAgain, s.ID, "Back to the offers")))
	v.PrivateMetadata = meta{Search: s.ID, Candidate: s.CandidateID, Interview: s.InterviewID}.String()
	return v, nil
}

// submitAnyTime asks Google about the time.
func (b *Bot) submitAnyTime(ctx context.Context, s *submission) (any, error) {
	search, err := b.Schedule.Store.Search(ctx, s.Meta.Search)
	if err != nil {
		return nil, err
	}
	_, role, err := b.searched(ctx, search)
	if err != nil {
		return nil, err
	}
	day := dateValue(s.State["any"].SelectedDate, s.Person.TimeZone(role.TimeZone()))
	clock := clockValue(s.State["clock"].SelectedTime, -1)
	if clock < 0 {
		return nil, hiring.Invalid("clock", "Choose a time.")
	}
	var start time.Time
	if !day.IsZero() {
		start = hiring.AtClock(day, clock)
	}
	if _, err := b.Schedule.MayPick(ctx, s.Meta.Search, start, s.Person.ID); err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) {
		search, err := b.Schedule.Pick(ctx, s.Meta.Search, start, s.Person.ID)
		var view slack.ModalViewRequest
		if err == nil {
			view, err = b.pickedView(ctx, s.Person, search)
		}
		if err != nil {
			view = *told("Pick any time", b.findTrouble(s.Person, err))
		}
		layOn(s.Meta, &view)
		if err := b.update(ctx, s.View.ID, view); err != nil {
			b.Log.Warn("picked time not shown", "search", s.Meta.Search, "err", err)
		}
	}
	view := loading("Pick any time", "Looking at the calendars…")
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// pickedView says what speaks against a time, and asks.
func (b *Bot) pickedView(ctx context.Context, p hiring.Person, s *schedule.Search) (slack.ModalViewRequest, error) {
	c, role, err := b.searched(ctx, s)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	zone := p.TimeZone(role.TimeZone())
	var against, besides []*rich
	for _, o := range s.Any.Against {
		if o.Required() {
			against = append(against, say(o.Words(zone)))
		} else {
			besides = append(besides, say(o.Words(zone)))
		}
	}
	blocks := []slack.Block{searchIntro(s, c, role), say("").b(bothZones(s.Any.Slot, zone, c.TimeZone())).block()}
	submit := "Book"
	if s.InterviewID != "" {
		submit = "Move"
	}
	switch {
	case len(against) == 0:
		blocks = append(blocks, section("Nothing speaks against it."))
	case s.Any.Possible():
		blocks = append(blocks, section("This speaks against it:"), list(firstOf(against)...),
			note("“"+submit+" it anyway” is kept with your name and what stood against it. What comes up from now on still stops it."))
		submit += " it anyway"
	default:
		submit = ""
		blocks = append(blocks, section("It can't be booked: nobody can be in two interviews at once."), list(firstOf(against)...))
	}
	if len(besides) > 0 {
		blocks = append(blocks, section("Of those who aren't required:"), list(firstOf(besides)...))
	}
	blocks = append(blocks, actions("", button(actAnyTime, s.ID, "Another time"), button(actSearchAgain, s.ID, "Back to the offers")))
	v := modal(viewAnyway, "Pick any time", submit, "Close", blocks...)
	v.PrivateMetadata = meta{Search: s.ID, Candidate: s.CandidateID, Interview: s.InterviewID}.String()
	return v, nil
}

// maxAgainst is how many lines are said against a time; a day full of short
// meetings says enough with these.
const maxAgainst = 30

func firstOf(lines []*rich) []*rich {
	if len(lines) <= maxAgainst {
		return lines
	}
	return append(lines[:maxAgainst:maxAgainst], say("").tf("and %d more.", len(lines)-maxAgainst))
}

// submitAnyway books the time that was picked: the confirming click.
func (b *Bot) submitAnyway(ctx context.Context, s *submission) (any, error) {
	iv, err := b.Schedule.BookAny(ctx, s.Meta.Search, s.Person.ID)
	var first *schedule.Before
	if errors.As(err, &first) {
		return b.answerWith(s, b.beforeView(ctx, s.Person, first, s.Meta.Search, ""))
	}
	if err != nil {
		return nil, err
	}
	return b.showBooking(s, iv), nil
}
