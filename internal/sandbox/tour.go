package sandbox

import "time"

// tourView is the guided first run: three sentences, of which one is the
// present one. What to click next is marked on the page.
type tourView struct {
	Step  int // 1 to 3
	Steps []tourStep
	Type  bool // the message box is next
}

type tourStep struct {
	N          int
	Text       string
	Done, Here bool
}

// drawTour finds out how far Karly has come, and marks what is next. The others
// have no tour.
func (s *Sandbox) drawTour(p *page) {
	if p.Me.ID != s.company.Karly {
		return
	}
	now := s.clock.Now()
	booked, over := false, time.Time{}
	for _, e := range s.interviews() {
		if e.Status == "cancelled" {
			continue
		}
		booked = true
		if !e.EndsAt.After(now) && (over.IsZero() || e.EndsAt.Before(over)) {
			over = e.EndsAt
		}
	}
	t := &p.Tour
	t.Step = 1
	switch {
	case !over.IsZero():
		t.Step = 3
	case booked:
		t.Step = 2
	}
	for i, text := range []string{
		"You are Karly, who coordinates: book Noah’s first interview with /schedule-round1 in the message box.",
		"Time is yours here: jump to the interview’s end, and whoever held it is asked for a scorecard.",
		"Fill the scorecard in, jump to Monday 16:00, and decide in the hiring channel: the candidate hears it the same day.",
	} {
		t.Steps = append(t.Steps, tourStep{N: i + 1, Text: text, Done: i+1 < t.Step, Here: i+1 == t.Step})
	}
	summary := next(over.In(companyLocation()), 16, isMonday)
	switch {
	case t.Step == 1 && p.Messages != nil:
		t.Type = true
	case t.Step == 1:
		p.markPlace(s.company.Hiring)
	case t.Step == 2:
		p.Clock.Next = true
	case now.Before(summary) && p.At != "dm":
		p.markPlace("dm")
	case now.Before(summary):
		p.Clock.Next = true
	case p.At != s.company.Hiring:
		p.markPlace(s.company.Hiring)
	}
}

func (p *page) markPlace(at string) {
	for _, group := range p.Nav {
		for i := range group.Links {
			group.Links[i].Next = group.Links[i].Href == address(p.Me.ID, at)
		}
	}
}
