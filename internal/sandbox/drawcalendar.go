package sandbox

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// calendarView is a week of everyone's calendars side by side, with at most one
// event or form open beside it.
type calendarView struct {
	Zone             string
	Title            string // of the week
	Before, After    string // addresses of the weeks around it
	This             string // address of the clock's week; "" when it is shown
	Days             []dayHead
	People           []personWeek
	Interviews       []eventView
	Open             *eventView
	New              *newEvent
	Leave            string // address without what is open
	Earliest, Latest int    // hours that the strips span
}

type dayHead struct {
	Name  string
	Today bool
}

type personWeek struct {
	ID, Email, Name, Zone string
	Days                  []personDay
}

type personDay struct {
	Name   string // of the day, for narrow screens and screen readers
	Today  bool
	Strip  template.HTML
	Events []eventView
	New    string // address of the form for a new event
}

type eventView struct {
	ID        string
	Summary   string
	When      string
	Hours     string // without the day
	Start     string // as date and time inputs take it, in the viewer's zone
	Long      string
	Href      string
	Interview bool
	Cancelled bool
	Past      bool
	Free      bool
	Declined  bool // by the person in whose week it stands
	Meet      string
	Organizer string
	Owner     string // e-mail address
	Guests    []guestView
	Outside   []invitation // as people outside the company see it
	Answers   string       // of the guests, in a few words
}

type guestView struct {
	Email, Name, Comment string
	Answer               string // as Google calls it
	Words                string // "" while there is no answer
}

// invitation is an event as one of its guests sees it.
type invitation struct {
	EventID     string
	Guest       guestView
	Summary     string
	When        string // in the zone that Google shows to them
	Meet        string
	Organizer   string
	Others      []string // guests whom they see
	Description string
	Cancelled   bool
}

type newEvent struct {
	Email, Name, Start, End string
}

// inputTime is how the browser's date and time inputs write a time.
const inputTime = "2006-01-02T15:04"

// The strips show the hours of a working day and a little around it.
const stripFrom, stripTo = 7, 19

func (s *Sandbox) drawCalendar(u fakeslack.User, q url.Values) *calendarView {
	zone := zoneOf(u)
	now := s.clock.Now().In(zone)
	monday := mondayOf(now)
	shown := monday
	if day, err := time.ParseInLocation(time.DateOnly, q.Get("week"), zone); err == nil {
		shown = mondayOf(day)
	}
	week := shown.Format(time.DateOnly)
	at := func(more ...string) string {
		return address(u.ID, "calendar", append([]string{"week", week}, more...)...)
	}
	view := &calendarView{
		Zone:   now.Format("MST"),
		Title:  shown.Format("2 January") + " – " + shown.AddDate(0, 0, 6).Format("2 January 2006"),
		Before: address(u.ID, "calendar", "week", shown.AddDate(0, 0, -7).Format(time.DateOnly)),
		After:  address(u.ID, "calendar", "week", shown.AddDate(0, 0, 7).Format(time.DateOnly)),
		Leave:  at(), Earliest: stripFrom, Latest: stripTo,
	}
	if !shown.Equal(monday) {
		view.This = address(u.ID, "calendar")
	}
	for _, e := range s.interviews() {
		drawn := s.drawEvent(e, zone, now)
		drawn.Href = at("event", e.ID)
		view.Interviews = append(view.Interviews, drawn)
		if e.ID == q.Get("event") {
			view.Open = &drawn
		}
	}
	calendars := s.Google.Dump()
	days := daysOf(shown, calendars)
	for i := range days {
		day := shown.AddDate(0, 0, i)
		view.Days = append(view.Days, dayHead{Name: day.Format("Mon 2 Jan"), Today: sameDay(day, now)})
	}
	for _, c := range calendars {
		if !c.Primary || c.ID == InterviewsAccount {
			continue
		}
		view.People = append(view.People, s.drawWeek(c, shown, days, now, at))
		if email := q.Get("new"); email == c.ID {
			start := soonOn(q.Get("day"), now)
			view.New = &newEvent{Email: c.ID, Name: s.nameOf(c.ID), Start: start.Format(inputTime), End: start.Add(time.Hour).Format(inputTime)}
		}
		for _, e := range c.Events {
			if view.Open == nil && e.ID == q.Get("event") && e.Status != "cancelled" {
				drawn := s.drawEvent(e, zone, now)
				view.Open = &drawn
			}
		}
	}
	return view
}

func mondayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// soonOn is when a new event on a day is proposed: at ten, or at the next full
// hour of today.
func soonOn(day string, now time.Time) time.Time {
	soon := now.Truncate(time.Hour).Add(time.Hour)
	if d, err := time.ParseInLocation(time.DateOnly, day, now.Location()); err == nil && !sameDay(d, now) {
		return time.Date(d.Year(), d.Month(), d.Day(), 10, 0, 0, 0, now.Location())
	}
	return soon
}

// daysOf is how many days of a week are shown: five, or seven when there is
// something on its weekend.
func daysOf(monday time.Time, calendars []fakegoogle.CalendarDump) int {
	saturday, next := monday.AddDate(0, 0, 5), monday.AddDate(0, 0, 7)
	for _, c := range calendars {
		for _, e := range c.Events {
			if e.Status != "cancelled" && !e.StartsAt.Before(saturday) && e.StartsAt.Before(next) {
				return 7
			}
		}
	}
	return 5
}

func (s *Sandbox) drawWeek(c fakegoogle.CalendarDump, monday time.Time, days int, now time.Time, at func(...string) string) personWeek {
	w := personWeek{ID: domID(c.ID), Email: c.ID, Name: s.nameOf(c.ID)}
	if u, err := s.person(c.ID); err == nil {
		_, city, _ := strings.Cut(u.TZ, "/")
		w.Zone = strings.ReplaceAll(city, "_", " ")
	}
	events := slices.Clone(c.Events)
	slices.SortStableFunc(events, func(a, b fakegoogle.EventDump) int { return a.StartsAt.Compare(b.StartsAt) })
	for i := range days {
		day := monday.AddDate(0, 0, i)
		d := personDay{Name: day.Format("Monday, 2 January"), Today: sameDay(day, now), New: at("new", c.ID, "day", day.Format(time.DateOnly))}
		var bars strings.Builder
		for _, e := range events {
			start, end := e.StartsAt.In(monday.Location()), e.EndsAt.In(monday.Location())
			if e.Status == "cancelled" || e.Hidden || !sameDay(start, day) {
				continue
			}
			drawn := s.drawEvent(e, monday.Location(), now)
			drawn.Href = at("event", e.ID)
			for _, a := range e.Attendees {
				drawn.Declined = drawn.Declined || strings.EqualFold(a.Email, c.ID) && a.ResponseStatus == "declined"
			}
			d.Events = append(d.Events, drawn)
			if e.Busy {
				bars.WriteString(bar(start, end, drawn.Interview))
			}
		}
		d.Strip = template.HTML(bars.String()) // numbers only
		w.Days = append(w.Days, d)
	}
	return w
}

// bar is one rectangle of a day's strip, in minutes from its first hour.
func bar(start, end time.Time, interview bool) string {
	from := max(0, start.Hour()*60+start.Minute()-stripFrom*60)
	long := min(int(end.Sub(start).Minutes()), (stripTo-stripFrom)*60-from)
	if long <= 0 {
		return ""
	}
	class := "busy"
	if interview {
		class = "interview"
	}
	return fmt.Sprintf(`<rect class="%s" x="%d" width="%d" y="0" height="10"></rect>`, class, from, long)
}

// nameOf is the name of the person with an e-mail address, or the address.
func (s *Sandbox) nameOf(email string) string {
	if u, err := s.person(email); err == nil {
		return u.RealName
	}
	return email
}

func (s *Sandbox) drawEvent(e fakegoogle.EventDump, zone *time.Location, now time.Time) eventView {
	start, end := e.StartsAt.In(zone), e.EndsAt.In(zone)
	view := eventView{
		ID: e.ID, Summary: e.Summary, When: start.Format("Mon 2 Jan, 3:04 pm – ") + end.Format("3:04 pm MST"),
		Hours: start.Format("3:04") + "–" + end.Format("3:04 pm"), Start: start.Format(inputTime), Long: end.Sub(start).String(),
		Cancelled: e.Status == "cancelled", Past: end.Before(now), Free: !e.Busy,
	}
	if e.Organizer != nil {
		view.Owner, view.Organizer = e.Organizer.Email, s.nameOf(e.Organizer.Email)
		view.Interview = e.Organizer.Email == InterviewsAccount
		if view.Interview {
			view.Organizer = "Asymmetric Interviews"
		}
	}
	if isWeb(e.HangoutLink) {
		view.Meet = e.HangoutLink
	}
	var answers []string
	for _, a := range e.Attendees {
		g := s.drawGuest(a)
		view.Guests = append(view.Guests, g)
		words := g.Words
		if words == "" {
			words = "no answer"
		}
		answers = append(answers, g.Name+": "+words)
		if _, err := s.person(a.Email); err != nil && view.Interview {
			view.Outside = append(view.Outside, s.drawInvitation(e, a))
		}
	}
	view.Answers = strings.Join(answers, " · ")
	return view
}

func (s *Sandbox) drawGuest(a fakegoogle.Attendee) guestView {
	g := guestView{Email: a.Email, Name: a.DisplayName, Answer: a.ResponseStatus, Comment: a.Comment}
	if g.Name == "" {
		g.Name = s.nameOf(a.Email)
	}
	g.Words = map[string]string{"accepted": "yes", "declined": "no", "tentative": "maybe"}[g.Answer]
	return g
}

// drawInvitation shows an event as Google shows it to one of its guests.
func (s *Sandbox) drawInvitation(e fakegoogle.EventDump, to fakegoogle.Attendee) invitation {
	zone := companyLocation()
	if e.Start != nil {
		if z, err := time.LoadLocation(e.Start.TimeZone); err == nil && e.Start.TimeZone != "" {
			zone = z
		}
	}
	if u, err := s.person(to.Email); err == nil {
		zone = zoneOf(u)
	}
	start, end := e.StartsAt.In(zone), e.EndsAt.In(zone)
	view := invitation{
		EventID: e.ID, Guest: s.drawGuest(to), Summary: e.Summary, Description: e.Description, Organizer: "Asymmetric Interviews", Cancelled: e.Status == "cancelled",
		When: start.Format("Monday, 2 January 2006, 3:04 pm – ") + end.Format("3:04 pm MST"),
	}
	if isWeb(e.HangoutLink) {
		view.Meet = e.HangoutLink
	}
	if e.GuestsCanSeeOtherGuests == nil || *e.GuestsCanSeeOtherGuests {
		for _, a := range e.Attendees {
			if a.Email != to.Email {
				view.Others = append(view.Others, s.drawGuest(a).Name)
			}
		}
	}
	return view
}
