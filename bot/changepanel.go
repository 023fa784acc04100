package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

const changePanelTitle = "Change panel"

// changePanelButton opens the modal; who is named as out isn't chosen in it.
func changePanelButton(iv *hiring.Interview, out string) *slack.ButtonBlockElement {
	value := iv.ID
	if out != "" {
		value = join(iv.ID, out)
	}
	return button(actChangePanel, value, changePanelTitle)
}

// openChangePanel is the button "Change panel" of an interview. From the
// question whether to overbook, it goes back to the people who were chosen.
func (b *Bot) openChangePanel(ctx context.Context, c *click) error {
	interview, out := split(c.Value)
	k, err := b.Store.Case(ctx, interview)
	if err != nil {
		return err
	}
	if !k.Role.IsCoordinator(c.Person.ID) {
		return hiring.Refuse("Only a coordinator of %s can change the panel of its interviews.", k.Role.Title)
	}
	if err := schedule.PanelStays(k.Interview, b.Now()); err != nil {
		return err
	}
	if c.View != nil {
		if asked := readMeta(c.View.PrivateMetadata); asked.Interview == interview && asked.Seats != "" {
			c.ack()
			return b.update(ctx, c.View.ID, changePanelView(k, c.Person, readSeats(asked.Seats), asked.Revision, ""))
		}
	}
	panel, without, err := b.stillPossible(ctx, k.Interview, out)
	if err != nil {
		return err
	}
	return b.show(ctx, c, changePanelView(k, c.Person, panel, k.Interview.Revision, without))
}

// stillPossible returns the panel without the person and without those whose
// account is deactivated, and says who is left out and why.
func (b *Bot) stillPossible(ctx context.Context, iv *hiring.Interview, out string) ([]hiring.Panelist, string, error) {
	var panel []hiring.Panelist
	var without []string
	for _, p := range iv.Panel {
		person, err := b.Directory.Person(ctx, p.Person)
		if err != nil {
			return nil, "", err
		}
		switch {
		case person.Deleted:
			without = append(without, person.Name+" (account deactivated)")
		case p.Person != out:
			panel = append(panel, p)
		case p.RSVP == "declined":
			without = append(without, person.Name+" (declined)")
		default:
			without = append(without, person.Name)
		}
	}
	return panel, strings.Join(without, ", "), nil
}

// changePanelView asks who is to be on the panel.
func changePanelView(k *hiring.Case, p hiring.Person, panel []hiring.Panelist, revision int, without string) slack.ModalViewRequest {
	iv := k.Interview
	blocks := []slack.Block{say("").b(k.Candidate.Name).tf(" · %s · %s", k.Stage().Name, span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone()))).block()}
	if without != "" {
		blocks = append(blocks, say("Not chosen below: "+without+".").block())
	}
	blocks = append(blocks,
		seatsField(hiring.Required, "Who is required?", "Each of them must be there and owes a scorecard.", panel),
		optional(seatsField(hiring.Optional, "Who is optional?", "Their scorecards are welcome; nobody waits for them.", panel)))
	if shadows := append(slices.Clone(panel), iv.Panel...); slices.ContainsFunc(shadows, func(p hiring.Panelist) bool { return p.Part == hiring.Shadow }) {
		blocks = append(blocks, optional(seatsField(hiring.Shadow, "Who shadows?", "They watch; their levels don't count.", panel)))
	}
	blocks = append(blocks, note("Who is new gets the kit from me, who leaves hears it from me, and Google Calendar puts it on their calendars, or takes it off. The time and the deadline stay."))
	v := modal(viewChangePanel, changePanelTitle, "Save", "Keep as it is", blocks...)
	v.PrivateMetadata = meta{Interview: iv.ID, Revision: revision}.String()
	return v
}

// seatsField is a menu of people; the block's id is their part.
func seatsField(part hiring.Part, label, hint string, panel []hiring.Panelist) *slack.InputBlock {
	el := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("Choose people"), "people")
	most := schedule.MaxPanel
	el.MaxSelectedItems = &most
	for _, p := range panel {
		if p.Part == part {
			el.InitialUsers = append(el.InitialUsers, p.Person)
		}
	}
	return field(string(part), label, hint, el)
}

// submitChangePanel checks what can be checked at once; Google is asked about
// who is new after the acknowledgement, and nothing is changed until then.
func (b *Bot) submitChangePanel(ctx context.Context, s *submission) (any, error) {
	ch := schedule.PanelChange{Interview: s.Meta.Interview, Seen: s.Meta.Revision, By: s.Person.ID}
	for _, part := range []hiring.Part{hiring.Required, hiring.Optional, hiring.Shadow} {
		for _, id := range s.State[string(part)].SelectedUsers {
			ch.Panel = append(ch.Panel, hiring.Panelist{Person: id, Part: part})
		}
	}
	if err := b.Schedule.CheckPanel(ctx, ch); err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) { b.changePanel(ctx, s.View.ID, s.Person, ch) }
	view := loading(changePanelTitle, "Looking at the calendars… Nothing is changed until I say so here.")
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// changePanel changes the panel, or asks whether to do it all the same, and
// shows the result in the modal.
func (b *Bot) changePanel(ctx context.Context, viewID string, p hiring.Person, ch schedule.PanelChange) {
	err := b.Schedule.ChangePanel(ctx, ch)
	if err == nil {
		b.Changed()
	}
	var asked *schedule.Overbooking
	var view slack.ModalViewRequest
	k, caseErr := b.Store.Case(ctx, ch.Interview)
	switch {
	case errors.As(err, &asked) && caseErr == nil:
		view = overbookingView(k, p, ch, asked.Conflicts)
	case err == nil && caseErr == nil:
		view = panelChangedView(k, p)
	default:
		view = *told(changePanelTitle, b.explain(p, errors.Join(err, caseErr), "interview", ch.Interview))
	}
	if err := b.update(ctx, viewID, view); err != nil {
		b.Log.Warn("change of the panel not shown", "interview", ch.Interview, "err", err)
	}
}

// overbookingView says who isn't known to be free, and asks.
func overbookingView(k *hiring.Case, p hiring.Person, ch schedule.PanelChange, conflicts []schedule.Conflict) slack.ModalViewRequest {
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	var items []*rich
	for _, c := range conflicts {
		items = append(items, say(conflictWords(c, zone)))
	}
	v := modal(viewOverbook, changePanelTitle, "Change anyway", "Keep as it is",
		list(items...),
		section(fmt.Sprintf("The interview with %s is %s. Nothing is changed yet. Change the panel anyway?", k.Candidate.Name, span(iv.Start, iv.End, zone))),
		actions("", changeOthersButton(iv)))
	v.PrivateMetadata = meta{Interview: iv.ID, Revision: ch.Seen, Seats: writeSeats(ch.Panel)}.String()
	return v
}

func changeOthersButton(iv *hiring.Interview) *slack.ButtonBlockElement {
	return button(actChangePanel, iv.ID, "Choose others")
}

func conflictWords(c schedule.Conflict, zone *time.Location) string {
	when := span(c.Busy.Start, c.Busy.End, zone)
	if c.Busy.Start.In(zone).YearDay() != c.Busy.End.In(zone).YearDay() {
		when = clockTime(c.Busy.Start, zone) + " to " + clockTime(c.Busy.End, zone)
	}
	switch {
	case c.Unreadable != "":
		return fmt.Sprintf("I can't tell whether %s is free then (%s).", c.Name, c.Unreadable)
	case c.Interview:
		return fmt.Sprintf("%s is in another interview then (%s).", c.Name, when)
	default:
		return fmt.Sprintf("%s is busy then (%s).", c.Name, when)
	}
}

// submitOverbook is the confirming click.
func (b *Bot) submitOverbook(ctx context.Context, s *submission) (any, error) {
	ch := schedule.PanelChange{Interview: s.Meta.Interview, Panel: readSeats(s.Meta.Seats), Seen: s.Meta.Revision, By: s.Person.ID, Anyway: true}
	if err := b.Schedule.ChangePanel(ctx, ch); err != nil {
		return nil, err
	}
	k, err := b.Store.Case(ctx, ch.Interview)
	if err != nil {
		return nil, err
	}
	view := panelChangedView(k, s.Person)
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

func panelChangedView(k *hiring.Case, p hiring.Person) slack.ModalViewRequest {
	iv := k.Interview
	return modal("", changePanelTitle, "", "Close",
		say("").b("Changed. ").t(k.Candidate.Name+"'s interview, "+span(iv.Start, iv.End, p.TimeZone(k.Role.TimeZone()))+", is now with ").users(panelIDs(iv.Panel)).t(".").block(),
		note("Who is new gets the kit from me, who left hears it from me, and Google Calendar puts it on their calendars, or takes it off. If Google refuses it, you hear from me."))
}

// inviteAgain puts somebody whom a person took off the event back on it.
func (b *Bot) inviteAgain(ctx context.Context, c *click) error {
	interview, panelist := split(c.Value)
	if err := b.Schedule.InviteAgain(ctx, interview, panelist, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, changePanelTitle, "Google Calendar invites them again.")
}

// writeSeats and readSeats keep a panel in a modal: ids and parts only.
func writeSeats(panel []hiring.Panelist) string {
	var out []string
	for _, p := range panel {
		out = append(out, p.Person+":"+string(p.Part))
	}
	return strings.Join(out, " ")
}

func readSeats(s string) []hiring.Panelist {
	var out []hiring.Panelist
	for _, seat := range strings.Fields(s) {
		id, part, _ := strings.Cut(seat, ":")
		out = append(out, hiring.Panelist{Person: id, Part: hiring.Part(part)})
	}
	return out
}
