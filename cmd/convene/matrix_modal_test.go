package main

import (
	"context"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sqlite/sqlitetest"
)

// A modal is one that takes something: how somebody who may comes to have it
// open and filled in.
type openedModal struct {
	state string   // of the week
	by    relation // who has the right that is lost
	click string   // the button that opens it; else
	slash []string // the command that does
	then  string   // the button in what that opened
	own   bool     // it is about the person alone: whoever is staff may
	fill  [][]string
	asked bool // it comes when that one is submitted
}

// openedModals are all modals that can be submitted, by their callback id.
var openedModals = map[string]openedModal{
	"before":             {state: "decided", by: coordinator, slash: []string{"/schedule-panel", "Ana"}},
	"cancel":             {state: "ahead", by: coordinator, click: "interview.cancel", fill: [][]string{{"Why?", "Ill"}}},
	"candidate":          {state: "ahead", by: coordinator, slash: []string{"/candidate", "add"}, fill: [][]string{{"Name", "Cy"}, {"E-mail", "cy@example.com"}}},
	"candidate.edit":     {state: "ahead", by: coordinator, slash: []string{"/candidate", "edit", "Ana"}, fill: [][]string{{"Phone", "1"}}},
	"candidate.withdraw": {state: "ahead", by: coordinator, slash: []string{"/candidate", "withdraw", "Ana"}, fill: [][]string{{"Why?", "Ill"}}},
	"candidates":         {state: "ahead", by: coordinator, slash: []string{"/candidate"}},
	"check":              {}, // this role has none: TestWhoMayCheck in internal/candidate
	"decision":           {state: "complete", by: decider, click: "decision.open", fill: [][]string{{"Decision", "Decline"}, {"Reason", "No"}}},
	"erase":              {state: "decided", by: coordinator, slash: []string{"/candidate", "erase", "Ana"}},
	"erase_kept":         {}, // the question after it: TestEraseAsksTwice in bot
	"export":             {state: "decided", by: coordinator, slash: []string{"/candidate", "export", "Ana"}},
	"notice":             {state: "decided", by: decider, click: "notice.open"},
	"reopen":             {state: "complete", by: panelist, click: "scorecard.reopen", fill: [][]string{{"Why do you reopen it?", "A level was wrong"}}},
	"schedule":           {state: "ahead", by: coordinator, click: "interview.move", fill: [][]string{{"When?", "1"}}},
	"scorecard":          {state: "owed", by: panelist, click: "scorecard.open", fill: [][]string{{"Your recommendation", "Yes"}}},
	"setup":              {state: "ahead", by: coordinator, slash: []string{"/hiring", "setup"}, then: "Change team", fill: [][]string{{"Deciders", "Karly Oykhman"}}},
	"hours":              {state: "ahead", by: decider, click: "hours.open", own: true},
	"snooze":             {state: "owed", by: panelist, click: "reminders.later"},
	"calendar":           {state: "ahead", by: decider, click: "calendar.open", own: true, fill: [][]string{{"Address of my calendar", "m@example.com"}}},

	"excuse.absent":      {state: "owed", by: panelist, click: "excuse.absent", fill: [][]string{{"Why weren't you there?", "Ill"}}},
	"excuse.hand_over":   {state: "owed", by: panelist, click: "excuse.hand_over", fill: [][]string{{"Who held it in your place?", "Dana Reyes"}, {"Why?", "Ill"}}},
	"interview.not_held": {state: "owed", by: coordinator, click: "interview.not_held", fill: [][]string{{"Why not?", "The candidate didn't come"}}},

	"times":      {}, // it is off unless a stage turns it on: the stories, and
	"times.text": {}, // TestOfferDraft in internal/schedule

	"any_time":        {state: "ahead", by: coordinator, click: "interview.move", then: "Pick any time", fill: [][]string{{"Which day?", "2026-12-08"}, {"At what time?", "10:00"}}},
	"any_time_anyway": {state: "ahead", by: coordinator, click: "interview.move", then: "Pick any time", fill: [][]string{{"Which day?", "2026-12-08"}, {"At what time?", "04:00"}}, asked: true},

	"change_panel":        {state: "ahead", by: coordinator, click: "interview.change_panel", fill: [][]string{{"Who is required?", "Dana Reyes"}}},
	"repair.proposed":     {state: "ahead", by: coordinator, click: "repair.proposed", fill: [][]string{{"Day", "2026-12-03"}, {"Time", "10:00"}}},
	"change_panel_anyway": {state: "ahead", by: coordinator, click: "interview.change_panel", fill: [][]string{{"Who is required?", "Dana Reyes"}}, asked: true},
}

// losses are the ways to lose a right while a modal is open.
var losses = map[string]func(*matrix, relation){
	"left the role": func(m *matrix, _ relation) {
		err := m.app.OpenSampleRole(m.t.Context(), hiring.Setup{
			RoleKey: mainRole, People: map[string][]string{"strategist": {dana}, "director-of-ops": {dana}, "owner": {dana}},
			Coordinators: []string{ada}, Deciders: []string{ada}, Channel: channelAC,
		}, ada)
		m.must("", err)
	},
	"became a guest":  func(m *matrix, r relation) { m.become(r, func(p *hiring.Person) { p.Guest = true }) },
	"was deactivated": func(m *matrix, r relation) { m.become(r, func(p *hiring.Person) { p.Deleted = true }) },
}

func (m *matrix) become(r relation, change func(*hiring.Person)) {
	m.t.Helper()
	p, err := m.app.db.Person(m.t.Context(), who[r])
	m.must("", err)
	change(&p)
	m.must("", m.app.db.SavePeople(m.t.Context(), []hiring.Person{p}))
}

// TestRightLostWhileAModalIsOpen opens each modal as somebody who may, takes the
// right away, and has the modal submitted: a polite sentence, and nothing
// changes.
func TestRightLostWhileAModalIsOpen(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, id := range m.app.bot.Surface().Modals {
		if _, known := openedModals[id]; !known {
			t.Errorf("how the modal %q comes to be open isn't said", id)
		}
	}
	for _, state := range weekStates {
		m.reach(state)
		places := m.forge()
		for id, modal := range openedModals {
			if modal.state != state {
				continue
			}
			for loss, lose := range losses {
				if (modal.by == panelist || modal.own) && loss == "left the role" {
					continue // whoever sits on the panel scores, titles or not
				}
				m.loses(id+", "+loss, modal, places, lose)
			}
		}
	}
}

func (m *matrix) loses(what string, modal openedModal, places map[string]fakeslack.Place, lose func(*matrix, relation)) {
	m.t.Helper()
	person := who[modal.by]
	open := func(ctx context.Context) (fakeslack.Result, error) {
		if modal.slash != nil {
			return m.slack.Slash(ctx, person, channelGe, modal.slash[0], strings.Join(modal.slash[1:], " "))
		}
		return m.slack.Click(ctx, person, places[modal.click], modal.click, modal.click)
	}
	r, err := open(m.t.Context())
	if out := m.must(m.after(person, r, err)); answer(out) != "" {
		m.t.Errorf("%s: it doesn't open:\n%s", what, out)
		return
	}
	if modal.then != "" {
		m.must(m.clickCmd([]string{"karly", modal.then}))
	}
	for _, f := range modal.fill {
		m.must(m.filled(m.slack.Fill(m.t.Context(), person, fakeslack.Place{}, f[0], f[1:]...)))
	}
	if modal.asked {
		r, err := m.slack.Submit(m.t.Context(), person)
		if out := m.must(m.after(person, r, err)); !strings.Contains(out, "anyway") {
			m.t.Errorf("%s: it doesn't ask:\n%s", what, out)
		}
	}
	lose(m, modal.by)
	m.must("", m.settle())
	before := sqlitetest.Dump(m.t, m.app.db, "inbox", "people", "sync")
	r, err = m.slack.Submit(m.t.Context(), person)
	out, err := m.after(person, r, err)
	if err != nil {
		m.t.Errorf("%s: %v", what, err)
	}
	if !polite.MatchString(out) || broken.MatchString(out) {
		m.t.Errorf("%s: no polite refusal:\n%s", what, out)
	}
	if after := sqlitetest.Dump(m.t, m.app.db, "inbox", "people", "sync"); after != before {
		m.t.Errorf("%s: it had consequences:\n%s", what, firstDifference(before, after))
	}
	if _, err := m.dismiss(m.t.Context(), person); err != nil {
		m.t.Error(err)
	}
	m.become(modal.by, func(p *hiring.Person) { p.Guest, p.Deleted = false, false })
	m.setUp(sebastian)
}
