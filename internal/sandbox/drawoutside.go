package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack"
)

// mailView is what was e-mailed, to everybody or to one person.
type mailView struct {
	Boxes []mailBox
	Mails []mailItem
}

type mailBox struct {
	Href, Name string
	Count      int
	Here       bool
}

type mailItem struct {
	ID, From, To, Subject, Text, When, Kind string
	Invitation                              *invitation // while it still holds
	at                                      time.Time
}

// drawMail lists what was e-mailed, the newest first; box is an e-mail address,
// or empty for all.
func (s *Sandbox) drawMail(u fakeslack.User, zone *time.Location, box string) *mailView {
	all := s.mailItems(zone)
	view := &mailView{Boxes: []mailBox{{Href: address(u.ID, "mail"), Name: "Everybody", Count: len(all), Here: box == ""}}}
	for _, m := range all {
		i := slices.IndexFunc(view.Boxes, func(b mailBox) bool { return b.Href == address(u.ID, "mail", "box", m.To) })
		if i < 0 {
			name := s.nameOf(m.To)
			if name == m.To {
				name += " (outside)"
			}
			view.Boxes = append(view.Boxes, mailBox{Href: address(u.ID, "mail", "box", m.To), Name: name, Here: box == m.To})
			i = len(view.Boxes) - 1
		}
		view.Boxes[i].Count++
		if box == "" || box == m.To {
			view.Mails = append(view.Mails, m)
		}
	}
	return view
}

func (s *Sandbox) mailItems(zone *time.Location) []mailItem {
	var all []mailItem
	add := func(m mailItem) {
		m.When = m.at.In(zone).Format("Mon 2 Jan, 3:04 pm MST")
		m.ID = domID(m.To, m.Subject, m.at.String())
		all = append(all, m)
	}
	for _, m := range s.Google.Mail() {
		item := mailItem{From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, Kind: "Google Calendar", at: m.At}
		if e, ok := s.Google.Event(m.EventID); ok && m.Method == "REQUEST" && m.Sequence == e.Sequence && e.Status != "cancelled" {
			for _, a := range e.Attendees {
				if a.Email == m.To {
					shown := s.drawInvitation(e, a)
					item.Invitation = &shown
				}
			}
		}
		add(item)
	}
	for _, m := range s.mail.all() {
		for _, to := range m.To {
			add(mailItem{From: m.From, To: to, Subject: m.Subject, Text: m.Text, Kind: "E-mail", at: m.At})
		}
	}
	slices.SortStableFunc(all, func(a, b mailItem) int { return b.at.Compare(a.at) })
	return all
}

// serveMail answers with a list to look at, or with JSON to who asks for it.
func (s *Sandbox) serveMail(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("format") == "json" || strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		reply(w, r, s.getMails)
		return
	}
	mails := s.mailItems(companyLocation())
	for i := range mails {
		mails[i].Invitation = nil // a page without a script: nobody could answer on it
	}
	s.render(w, "mailpage.html", &mailView{Mails: mails})
}
