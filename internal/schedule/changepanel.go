package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// actionPanel names a change of the panel in the audit trail.
const actionPanel = "interview.panel"

// A PanelChange asks for another panel of a booked interview.
type PanelChange struct {
	Interview string
	Panel     []hiring.Panelist
	Seen      int    // the interview's revision that was shown to who asks
	By        string // Slack user id
	Anyway    bool   // also when somebody isn't known to be free: they were asked
}

// An Overbooking says who isn't known to be free. Nothing was changed.
type Overbooking struct{ Conflicts []Conflict }

func (o *Overbooking) Error() string { return "somebody isn't known to be free" }

// A Conflict is what keeps one person from taking part.
type Conflict struct {
	Name       string
	Busy       hiring.Interval // what takes their time; zero: that can't be told
	Interview  bool            // it is another interview of ours
	Unreadable string          // why their calendar can't be read, in words
}

// CheckPanel says what is wrong with a change, as far as that can be told
// without asking Google. Fields of errors: "required", "optional", "shadow".
func (s *Service) CheckPanel(ctx context.Context, ch PanelChange) error {
	_, _, err := s.panelAsked(ctx, ch)
	return err
}

// ChangePanel gives a booked interview another panel. Unless it is to be done
// anyway, Google is asked first whether who is new is free, which is slow, and
// the error is an *Overbooking when that isn't certain. Time and deadline stay.
func (s *Service) ChangePanel(ctx context.Context, ch PanelChange) error {
	role, seen, err := s.panelAsked(ctx, ch)
	if err != nil {
		return err
	}
	fresh := newlyNeeded(ch.Panel, seen.Panel)
	if !ch.Anyway {
		conflicts, err := s.conflicts(ctx, role, seen, fresh)
		if err != nil {
			return err
		}
		if _, _, err := s.panelAsked(ctx, ch); err != nil { // changed while Google was being asked
			return err
		}
		if len(conflicts) > 0 {
			return &Overbooking{conflicts}
		}
	}
	return s.Store.ChangeInterview(ctx, ch.Interview, func(iv *hiring.Interview) (outbox.Batch, error) {
		if err := s.maySeat(ctx, iv, ch); err != nil {
			return outbox.Batch{}, err
		}
		if !ch.Anyway { // booked while Google was being asked
			conflicts, err := s.otherInterviews(ctx, iv, fresh)
			if err != nil {
				return outbox.Batch{}, err
			}
			if len(conflicts) > 0 {
				return outbox.Batch{}, &Overbooking{conflicts}
			}
		}
		before := iv.Panel
		iv.Panel = inPlaces(withAnswers(ch.Panel, before), before)
		b := repanel(iv)
		more, err := s.seats(ctx, iv, before)
		b.Add(more)
		b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		b.Due = append(b.Due, hiring.LookAt(iv.ID, s.Now()))
		b.Log = append(b.Log, hiring.Entry{Actor: ch.By, Action: actionPanel, Subject: iv.ID, Detail: fmt.Sprint(iv.Revision) + changes(before, iv.Panel)})
		return b, err
	})
}

// repanel is reschedule for an interview whose time stays.
func repanel(iv *hiring.Interview) outbox.Batch {
	iv.Revision++
	return outbox.Batch{Touch: []string{iv.ID, iv.CandidateID, iv.RoleKey}}
}

// panelAsked checks who asks for what, without a slow call.
func (s *Service) panelAsked(ctx context.Context, ch PanelChange) (*hiring.Role, *hiring.Interview, error) {
	iv, err := s.Store.Interview(ctx, ch.Interview)
	if err != nil {
		return nil, nil, err
	}
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return nil, nil, err
	}
	if !role.IsCoordinator(ch.By) {
		return nil, nil, hiring.Refuse("Only a coordinator of %s can change the panel of its interviews.", role.Title)
	}
	if err := s.maySeat(ctx, iv, ch); err != nil {
		return nil, nil, err
	}
	return role, iv, s.checkPeople(ctx, role, iv.Panel, ch.Panel)
}

// maySeat reports what keeps the interview, as it is now, from getting the panel.
func (s *Service) maySeat(ctx context.Context, iv *hiring.Interview, ch PanelChange) error {
	if err := PanelStays(iv, s.Now()); err != nil {
		return err
	}
	same := samePanel(iv.Panel, ch.Panel)
	if same && iv.Revision == ch.Seen {
		return &hiring.AlreadyDone{What: "the panel of this interview"}
	}
	if iv.Revision == ch.Seen {
		return nil
	}
	last, at, err := s.Store.LastChange(ctx, iv.ID)
	if err != nil && !errors.Is(err, hiring.ErrNotFound) {
		return err
	}
	if !strings.HasPrefix(last.Detail+" ", fmt.Sprintf("%d ", iv.Revision)) {
		last = hiring.Entry{} // what raised the revision isn't told by it
	}
	switch {
	case same && last.Action == actionPanel:
		return &hiring.AlreadyDone{What: "changed to this panel", By: last.Actor, At: at}
	case same:
		return &hiring.AlreadyDone{What: "the panel of this interview"}
	case last.Actor == "" || last.Actor == "convene":
		return hiring.Invalid("", "This interview was changed meanwhile. Open “Change panel” anew to see how it stands.")
	case last.Actor == "google":
		return hiring.Invalid("", "This interview was changed meanwhile in Google Calendar. Open “Change panel” anew to see how it stands.")
	}
	p, err := s.People.Person(ctx, last.Actor)
	if err != nil {
		return err
	}
	return hiring.Invalid("", "%s changed this interview meanwhile. Open “Change panel” anew to see how it stands.", p.Name)
}

// PanelStays says why the interview's panel can't be changed; nil: it can.
func PanelStays(iv *hiring.Interview, now time.Time) error {
	switch {
	case iv.State == hiring.Booking:
		return hiring.Invalid("", "This interview is just being booked in Google Calendar. Try again in a minute.")
	case iv.State == hiring.Removed:
		return hiring.Invalid("", "The event of this interview was deleted in Google Calendar. Book it again or cancel it first.")
	case iv.State != hiring.Booked:
		return hiring.Invalid("", "This interview isn't booked any more, so its panel stays as it was.")
	case iv.Ended(now):
		return hiring.Invalid("", "This interview is over, so its panel stays as it was.")
	}
	return nil
}

// checkPeople checks the people of a panel. Who sits on it already may stay,
// even if the role's team has changed since.
func (s *Service) checkPeople(ctx context.Context, role *hiring.Role, before, panel []hiring.Panelist) error {
	seen := map[string]bool{}
	needed := false
	for _, p := range panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return hiring.Invalid(string(p.Part), "I can't find one of these people in Slack. Choose them again.")
		}
		switch {
		case seen[p.Person]:
			return hiring.Invalid(string(p.Part), "%s is chosen twice. Choose each person once.", person.Name)
		case person.Deleted:
			return hiring.Invalid(string(p.Part), "%s's account is deactivated. Choose somebody else.", person.Name)
		case person.Bot:
			return hiring.Invalid(string(p.Part), "%s is an app. Choose a person.", person.Name)
		case !person.Employee():
			return hiring.Invalid(string(p.Part), "%s is a guest. Candidate data stays with members of the workspace.", person.Name)
		case partIn(before, p.Person) == "" && !role.OnTeam(p.Person):
			return hiring.Invalid(string(p.Part), "%s is not on the team of %s. Add them with /hiring setup first, or choose somebody else.", person.Name, role.Title)
		}
		seen[p.Person] = true
		needed = needed || p.Part == hiring.Required
	}
	switch {
	case !needed:
		return hiring.Invalid(string(hiring.Required), "Choose at least one person who is required.")
	case len(panel) > MaxPanel:
		return hiring.Invalid(string(hiring.Required), "An interview takes at most %d people; these are %d.", MaxPanel, len(panel))
	}
	return nil
}

// newlyNeeded returns who has to find the time: who is new, or is required and wasn't.
func newlyNeeded(panel, before []hiring.Panelist) []hiring.Panelist {
	return slices.DeleteFunc(slices.Clone(panel), func(p hiring.Panelist) bool {
		was := partIn(before, p.Person)
		return was != "" && (was == hiring.Required || p.Part != hiring.Required)
	})
}

// conflicts asks Google and our own bookings about the people.
func (s *Service) conflicts(ctx context.Context, role *hiring.Role, iv *hiring.Interview, people []hiring.Panelist) ([]Conflict, error) {
	if len(people) == 0 {
		return nil, nil
	}
	span := hiring.Interval{Start: iv.Start, End: iv.End}
	around := hiring.Interval{Start: iv.Start.Add(-4 * time.Hour), End: iv.End.Add(4 * time.Hour)} // so that it can be said from when to when
	asked, err := s.attendees(ctx, role, people, around, iv.ID)
	var classed *outbox.Error
	if errors.As(err, &classed) {
		return s.unknown(ctx, people)
	}
	if err != nil {
		return nil, err
	}
	var out []Conflict
	for _, a := range asked {
		overlaps := func(b hiring.Interval) bool { return b.Overlaps(span) }
		ours, theirs := slices.IndexFunc(a.Interviews, overlaps), slices.IndexFunc(a.Calendar.Busy, overlaps)
		switch {
		case ours >= 0:
			out = append(out, Conflict{Name: a.Name, Busy: a.Interviews[ours], Interview: true})
		case a.Calendar.Unreadable != "":
			out = append(out, Conflict{Name: a.Name, Unreadable: a.Calendar.Unreadable})
		case theirs >= 0:
			out = append(out, Conflict{Name: a.Name, Busy: a.Calendar.Busy[theirs]})
		}
	}
	return out, nil
}

// unknown stands for what Google doesn't tell right now.
func (s *Service) unknown(ctx context.Context, people []hiring.Panelist) ([]Conflict, error) {
	var out []Conflict
	for _, p := range people {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return nil, err
		}
		out = append(out, Conflict{Name: person.Name, Unreadable: "Google Calendar doesn't answer right now"})
	}
	return out, nil
}

// otherInterviews returns the people's other interviews at that time.
func (s *Service) otherInterviews(ctx context.Context, iv *hiring.Interview, people []hiring.Panelist) ([]Conflict, error) {
	var ids []string
	for _, p := range people {
		ids = append(ids, p.Person)
	}
	booked, err := s.Store.Bookings(ctx, ids, iv.Start, iv.End, iv.ID)
	if err != nil {
		return nil, err
	}
	var out []Conflict
	for _, id := range ids {
		if len(booked[id]) == 0 {
			continue
		}
		person, err := s.People.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, Conflict{Name: person.Name, Busy: booked[id][0], Interview: true})
	}
	return out, nil
}

// seats returns what a new panel brings to its people. Who was optional and is
// needed from now on hears it. Who is new gets the
// "booked" message with the kit; who was there before has it already, and it is
// right again, but as an edit notifies nobody a short message says so. Who
// leaves hears it before Google's mail: the message stands before the change of
// the event in its lane. Drafts and scorecards stay.
func (s *Service) seats(ctx context.Context, iv *hiring.Interview, before []hiring.Panelist) (outbox.Batch, error) {
	var b outbox.Batch
	for _, p := range iv.Panel {
		was := partIn(before, p.Person)
		if was != "" {
			if was != hiring.Required && p.Part == hiring.Required {
				b.Messages = append(b.Messages, seatedMessage(iv, p.Person, ":required"))
			}
			continue
		}
		m := bookedMessage(iv, p.Person)
		b.Messages, b.Touch = append(b.Messages, m), append(b.Touch, p.Person)
		earlier, err := s.Store.Message(ctx, m.Key)
		if err != nil && !errors.Is(err, hiring.ErrNotFound) {
			return b, err
		}
		if err == nil && earlier.TS != "" {
			b.Messages = append(b.Messages, seatedMessage(iv, p.Person, ""))
		}
	}
	for _, p := range before {
		if iv.Part(p.Person) != "" {
			continue
		}
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return b, err
		}
		b.Touch = append(b.Touch, p.Person)
		if person.Deleted {
			continue // nobody is there to read it
		}
		b.Messages = append(b.Messages, outbox.Message{
			Key: fmt.Sprintf("unseated:%s:%d:%s", iv.ID, iv.Revision, p.Person), Kind: "unseated", About: iv.ID, Person: p.Person,
			Lane: outbox.CalendarLane(iv.ID),
		})
	}
	return b, nil
}

// seatedMessage tells somebody who has the kit already that they are on the panel
// again or, with the ending ":required", that they are needed from now on.
func seatedMessage(iv *hiring.Interview, person, ending string) outbox.Message {
	return outbox.Message{Key: fmt.Sprintf("seated:%s:%d:%s%s", iv.ID, iv.Revision, person, ending), Kind: "seated", About: iv.ID, Person: person}
}

// bookedMessage is the DM "booked", which holds the kit.
func bookedMessage(iv *hiring.Interview, person string) outbox.Message {
	return outbox.Message{Key: fmt.Sprintf("panelist:%s:%d:%s", iv.ID, iv.Generation, person), Kind: "panelist", About: iv.ID, Person: person}
}

// InviteAgain puts a panelist whom a person took off the event in Google
// Calendar back on it.
func (s *Service) InviteAgain(ctx context.Context, interview, panelist, by string) error {
	if _, err := s.coordinated(ctx, interview, by, "change the panel of its interviews"); err != nil {
		return err
	}
	return s.Store.ChangeInterview(ctx, interview, func(iv *hiring.Interview) (outbox.Batch, error) {
		if err := PanelStays(iv, s.Now()); err != nil {
			return outbox.Batch{}, err
		}
		i := slices.IndexFunc(iv.Panel, func(p hiring.Panelist) bool { return p.Person == panelist })
		switch {
		case i < 0:
			return outbox.Batch{}, hiring.Invalid("", "They are no longer on the panel of this interview.")
		case iv.Panel[i].RSVP != hiring.TakenOff:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "invited again"}
		}
		iv.Panel[i].RSVP, iv.Panel[i].Wrote = "", ""
		iv.Revision++
		return outbox.Batch{
			Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision)},
			Due:     []hiring.Due{hiring.LookAt(iv.ID, s.Now())},
			Touch:   []string{iv.ID},
			Log:     []hiring.Entry{{Actor: by, Action: "interview.invited", Subject: iv.ID, Detail: fmt.Sprint(iv.Revision) + " " + panelist}},
		}, nil
	})
}

// withAnswers returns the panel with the answers that are known by now.
func withAnswers(panel, known []hiring.Panelist) []hiring.Panelist {
	out := slices.Clone(panel)
	for i := range out {
		if j := slices.IndexFunc(known, func(p hiring.Panelist) bool { return p.Person == out[i].Person }); j >= 0 {
			out[i].RSVP, out[i].Wrote, out[i].Excused = known[j].RSVP, known[j].Wrote, known[j].Excused
		}
	}
	return out
}

// inPlaces returns the panel in an order in which whoever stays keeps their
// place, and whoever is new takes one that was left: questions are dealt by it.
func inPlaces(panel, before []hiring.Panelist) []hiring.Panelist {
	var fresh, out []hiring.Panelist
	for _, p := range panel {
		if partIn(before, p.Person) == "" {
			fresh = append(fresh, p)
		}
	}
	for _, old := range before {
		i := slices.IndexFunc(panel, func(p hiring.Panelist) bool { return p.Person == old.Person })
		if i >= 0 {
			out = append(out, panel[i])
			continue
		}
		if i := slices.IndexFunc(fresh, func(p hiring.Panelist) bool { return p.Part == old.Part }); i >= 0 {
			out = append(out, fresh[i])
			fresh = slices.Delete(fresh, i, i+1)
		}
	}
	return append(out, fresh...)
}

func partIn(panel []hiring.Panelist, person string) hiring.Part {
	iv := hiring.Interview{Panel: panel}
	return iv.Part(person)
}

// samePanel reports whether the two have the same people in the same parts.
func samePanel(a, b []hiring.Panelist) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(p hiring.Panelist) bool { return partIn(b, p.Person) != p.Part })
}

// changes names who came and who left, for the audit trail: " +U1 -U2".
func changes(before, after []hiring.Panelist) string {
	var sb strings.Builder
	for _, p := range after {
		if partIn(before, p.Person) == "" {
			sb.WriteString(" +" + p.Person)
		}
	}
	for _, p := range before {
		if partIn(after, p.Person) == "" {
			sb.WriteString(" -" + p.Person)
		}
	}
	return sb.String()
}
