package setup

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// An Address is a calendar address that was typed for a person, and the one
// that was shown to whoever typed it.
type Address struct{ Typed, Shown string }

// SaveCalendars records the calendar addresses of people on the role's team
// that differ from what was shown; "" is the person's e-mail address in Slack
// again. An address that somebody else changed meanwhile is a Changed error,
// unless replace. Fields of errors: "calendar:<person>".
func (s *Service) SaveCalendars(ctx context.Context, key string, typed map[string]Address, replace bool, by string) error {
	role, err := s.Role(ctx, key, by)
	if err != nil {
		return err
	}
	var problems []*hiring.UserError
	var changed []string
	for person, a := range typed {
		p, err := s.People.Person(ctx, person)
		if err != nil {
			return err
		}
		address, problem := readAddress(a.Typed, p)
		switch {
		case sameAddress(a.Typed, a.Shown):
			continue
		case problem != "":
			problems = append(problems, hiring.Invalid("calendar:"+person, "%s", problem))
		case !role.OnTeam(person):
			problems = append(problems, hiring.Invalid("calendar:"+person, "%s is no longer on the team.", p.Name))
		case !replace && !sameAddress(p.CalendarID(), a.Shown) && address != p.Calendar:
			return &Changed{By: p.CalendarBy, At: p.CalendarAt}
		default:
			changed = append(changed, person)
		}
	}
	if len(problems) > 0 {
		return &Problems{problems}
	}
	slices.Sort(changed)
	for _, person := range changed {
		if err := s.putCalendar(ctx, person, typed[person].Typed, by, role.Key); err != nil {
			return err
		}
	}
	return nil
}

// SaveOwnCalendar records the person's own calendar address; "" is their e-mail
// address in Slack again. The field of errors is "calendar".
func (s *Service) SaveOwnCalendar(ctx context.Context, person, typed string) error {
	p, err := s.People.Person(ctx, person)
	if err != nil {
		return err
	}
	if _, problem := readAddress(typed, p); problem != "" {
		return hiring.Invalid("calendar", "%s", problem)
	}
	return s.putCalendar(ctx, person, typed, person)
}

// putCalendar records an address. The events of coming interviews follow: the
// invitation, its answer and the busy time belong in the calendar that counts.
func (s *Service) putCalendar(ctx context.Context, person, typed, by string, touch ...string) error {
	return unlessSame(s.Store.ChangePerson(ctx, person, func(p *hiring.Person, ahead []*hiring.Interview) (outbox.Batch, error) {
		address, _ := readAddress(typed, *p)
		if address == p.Calendar {
			return outbox.Batch{}, errSame
		}
		p.Calendar, p.CalendarBy, p.CalendarAt = address, by, s.Now()
		b := outbox.Batch{
			Touch: append([]string{person}, touch...),
			Log:   []hiring.Entry{{Actor: by, Action: "person.calendar", Subject: person}},
		}
		for _, iv := range ahead {
			iv.Revision++
			b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision))
		}
		return b, nil
	}))
}

// readAddress reads a typed calendar address; "" is the person's e-mail address
// in Slack.
func readAddress(typed string, p hiring.Person) (address, problem string) {
	address = hiring.CleanLine(typed)
	if address == "" || sameAddress(address, p.Email) {
		return "", ""
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > 254 {
		return "", "This doesn't look like a calendar's address. Enter one like karly@example.com, or the calendar ID from Google Calendar's settings."
	}
	return address, ""
}

func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// SaveHours records the person's own working hours, in their zone; no days: the
// role's again. Fields of errors: "days", "end".
func (s *Service) SaveHours(ctx context.Context, person string, h hiring.Hours) error {
	switch {
	case len(h.Days) > 0 && h.End <= h.Start:
		return hiring.Invalid("end", "Your day ends at %s and starts at %s. Let it end later than it starts.", hiring.ClockWords(h.End), hiring.ClockWords(h.Start))
	case len(h.Days) > 0 && h.End-h.Start < time.Hour:
		return hiring.Invalid("end", "That is less than an hour a day, so no interview would fit.")
	}
	return unlessSame(s.Store.ChangePerson(ctx, person, func(p *hiring.Person, _ []*hiring.Interview) (outbox.Batch, error) {
		if slices.Equal(p.Hours.Days, h.Days) && (len(h.Days) == 0 || p.Hours.Start == h.Start && p.Hours.End == h.End) {
			return outbox.Batch{}, errSame
		}
		p.Hours = h
		detail := "the role's"
		if len(h.Days) > 0 {
			detail = h.Words()
		}
		return outbox.Batch{
			Touch: []string{person},
			Log:   []hiring.Entry{{Actor: person, Action: "person.hours", Subject: person, Detail: detail}},
		}, nil
	}))
}

// A Trial says whether a calendar could be read.
type Trial struct {
	Address string
	At      time.Time
	Trouble string // why not, for people; "": it can be read
}

// Readers are the people whose calendars the role needs: all who interview.
func Readers(role *hiring.Role) []string {
	var out []string
	for _, ids := range role.Setup.People {
		out = append(out, ids...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Try asks Google whether the people's calendars can be read, and remembers
// the answers. It is slow: it belongs after the acknowledgement.
func (s *Service) Try(ctx context.Context, people []string) (map[string]Trial, error) {
	now := s.Now()
	out := map[string]Trial{}
	var addresses []string
	for _, id := range people {
		p, err := s.People.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		t := Trial{Address: p.CalendarID(), At: now}
		if t.Address == "" {
			t.Trouble = "no address is known: Slack shows no e-mail address"
		} else {
			addresses = append(addresses, t.Address)
		}
		out[id] = t
	}
	var answers map[string]hiring.Calendar
	var failed error
	if len(addresses) > 0 {
		answers, failed = s.Calendar.Busy(ctx, addresses, now, now.Add(24*time.Hour))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tried == nil {
		s.tried = map[string]Trial{}
	}
	for id, t := range out {
		if t.Address == "" {
			continue
		}
		if failed != nil {
			t.Trouble = "Google Calendar doesn't answer right now"
		} else if a, ok := answers[t.Address]; !ok {
			t.Trouble = "Google left it out of its answer"
		} else {
			t.Trouble = a.Unreadable
		}
		out[id] = t
		s.tried[t.Address] = t
	}
	return out, nil
}

// Tried returns what is known of a calendar from the last time that it was
// asked for since the start; false: nothing.
func (s *Service) Tried(address string) (Trial, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tried[address]
	return t, ok
}
