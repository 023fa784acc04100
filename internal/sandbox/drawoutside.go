package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

type calendarView struct {
	Zone       string
	Interviews []eventView
	People     []personCalendar
	Start, End string // for the form: the next full hour
}

type personCalendar struct {
	Email, Name string
	Days        []calendarDay
}

type calendarDay struct {
	Name   string
	Events []eventView
}

type eventView struct {
	ID          string
	Key         string // of this copy
	Summary     string
	When        string
	Start       string // as date and time inputs take it, in the viewer's zone
	Cancelled   bool
	Past        bool
	Free        bool
	Meet        string
	Description string
	Guests      []guestView
}

type guestView struct {
	Email, Name, Comment string
	Answer               string // as Google calls it
	Words                string // "" while there is no answer
}

// drawCalendar shows the bot's events with what people can do to them, and
// everybody's next days.
func (s *Sandbox) drawCalendar(u fakeslack.User) *calendarView {
	zone := zoneOf(u)
	now := s.clock.Now().In(zone)
	soon := now.Truncate(time.Hour).Add(time.Hour)
	view := &calendarView{Zone: now.Format("MST"), Start: soon.Format(inputTime), End: soon.Add(time.Hour).Format(inputTime)}
	for _, e := range s.interviews() {
		view.Interviews = append(view.Interviews, s.drawEvent(e, zone, now))
	}
	from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	for _, c := range s.Google.Dump() {
		if !c.Primary || c.ID == InterviewsAccount {
			continue
		}
		person := personCalendar{Email: c.ID, Name: s.nameOf(c.ID)}
		for _, e := range c.Events {
			if e.Status == "cancelled" || e.Hidden || e.EndsAt.Before(from) || e.StartsAt.After(from.AddDate(0, 0, 14)) {
				continue
			}
			day := e.StartsAt.In(zone).Format("Mon 2 Jan")
			if n := len(person.Days); n == 0 || person.Days[n-1].Name != day {
				person.Days = append(person.Days, calendarDay{Name: day})
			}
			last := &person.Days[len(person.Days)-1]
			drawn := s.drawEvent(e, zone, now)
			drawn.Key = domID(c.ID, e.ID)
			last.Events = append(last.Events, drawn)
		}
		view.People = append(view.People, person)
	}
	return view
}

// inputTime is how the browser's date and time inputs write a time.
const inputTime = "2006-01-02T15:04"

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
		ID: e.ID, Key: e.ID, Summary: e.Summary, When: start.Format("Mon 2 Jan, 3:04 pm – ") + end.Format("3:04 pm MST"),
		Start:     start.Format(inputTime),
		Cancelled: e.Status == "cancelled", Past: end.Before(now), Free: !e.Busy, Description: e.Description,
	}
	if isWeb(e.HangoutLink) {
		view.Meet = e.HangoutLink
	}
	for _, a := range e.Attendees {
		g := guestView{Email: a.Email, Name: a.DisplayName, Answer: a.ResponseStatus, Comment: a.Comment}
		if g.Name == "" {
			g.Name = s.nameOf(a.Email)
		}
		g.Words = map[string]string{"accepted": "yes", "declined": "no", "tentative": "maybe"}[g.Answer]
		view.Guests = append(view.Guests, g)
	}
	return view
}

type mailView struct{ Mails []mailItem }

type mailItem struct {
	From, To, Subject, Text, When, Kind string
	at                                  time.Time
}

// drawMail lists what was e-mailed, the newest first.
func (s *Sandbox) drawMail(zone *time.Location) *mailView {
	view := &mailView{}
	add := func(m mailItem) {
		m.When = m.at.In(zone).Format("Mon 2 Jan, 3:04 pm MST")
		view.Mails = append(view.Mails, m)
	}
	for _, m := range s.Google.Mail() {
		add(mailItem{From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, Kind: "Google Calendar: " + m.Kind, at: m.At})
	}
	for _, m := range s.mail.all() {
		add(mailItem{From: m.From, To: strings.Join(m.To, ", "), Subject: m.Subject, Text: m.Text, Kind: "E-mail", at: m.At})
	}
	slices.SortStableFunc(view.Mails, func(a, b mailItem) int { return b.at.Compare(a.at) })
	return view
}

// serveMail answers with a list to look at, or with JSON to who asks for it.
func (s *Sandbox) serveMail(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("format") == "json" || strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		reply(w, r, s.getMails)
		return
	}
	s.render(w, "mailpage.html", s.drawMail(companyLocation()))
}
