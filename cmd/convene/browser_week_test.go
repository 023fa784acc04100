package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browserWeekByMouse lives the whole week as Karly, with a mouse and what
// must be typed.
func browserWeekByMouse(t *testing.T) {
	v := visit(t, browse(t), desktop)
	v.open("karly", "")
	v.reads("#messages", "Noah Lindqvist is in the system")
	v.reads("#tour .here", "You are Karly")
	v.click("Shortcuts")
	v.click("Add a candidate")
	v.reads("#modal", "Add a candidate")
	v.fill("Name", "Amara Osei")
	v.fill("E-mail", "amara@mail.example")
	v.clickIn("#modal footer", "Add")
	v.reads("#modal", "Amara Osei is in")
	v.click("Find a time")
	v.reads("#modal", "When?")
	v.click("When? > Thu 3 Dec")
	v.click("Book")
	v.reads("#modal", "Booked: Amara Osei")
	v.click("Close everything")
	v.gone("#modal")
	v.reads("#messages", "Interview booked: Amara Osei")

	v.reads("#tour .here", "Time is yours here")
	v.click("Jump…")
	v.click("To the interview's end")
	v.reads("#nav", "Messages")
	v.clickIn("#nav", "Messages")
	v.reads("#messages", "is over. Please fill in")
	v.click("Open scorecard")
	v.reads("#modal", "Communication Triage Judgment")
	for _, choice := range smallestScorecard {
		v.click(choice.group + " > " + choice.option)
	}
	v.clickIn("#modal footer", "Submit")
	v.reads("#modal", "it is in")
	v.click("Close everything")
	v.gone("#modal")
	v.reads("#messages", "Thank you")

	v.click("Jump…")
	v.click("To Monday 16:00")
	v.clickIn("#nav", "#hiring-ac")
	v.reads("#messages", "Decision summary")
	v.click("Decide")
	v.reads("#modal", "Reason")
	v.click("Decision > Advance")
	v.fill("Reason", "Strong on triage")
	v.clickIn("#modal footer", "Save decision")
	v.reads("#modal", "Hello Amara")
	v.clickIn("#modal footer", "Approve and send")
	v.reads("#modal", "on its way")
	v.click("Close everything")
	v.gone("#modal")
	v.reads("#messages", "Told")
	v.clickIn("#nav", "Mail")
	v.reads("#mails", "Hello Amara")
}

// smallestScorecard is what a scorecard of the first role needs at least.
var smallestScorecard = []struct{ group, option string }{
	{"Level: Client Communication & Relationship Management", "3"},
	{"Level: Communication Triage Judgment", "4"},
	{"Level: Expectation Setting & Deadline Management", "3"},
	{"Level: Multi-Client Prioritization", "3"},
	{"Level: Handling Knowledge Gaps on Live Calls", "3"},
	{"Quarterly in-person client visits", "Yes"},
	{"Candidate must be within reasonable driving distance", "Yes"},
	{"Your recommendation", "Yes"},
}

// browserWeekByKeyboard lives the same week without a mouse.
func browserWeekByKeyboard(t *testing.T) {
	v := visit(t, browse(t), desktop)
	v.open("karly", "")
	v.reads("#messages", "Noah Lindqvist is in the system")
	v.tabTo("Skip to")
	v.press(kb.Enter)
	v.write("/ca")
	v.press(kb.ArrowDown, kb.ArrowDown, kb.Enter) // the second that is offered
	v.press(kb.Enter)
	v.reads("#modal", "Add a candidate")
	v.tabTo("Name")
	v.write("Amara Osei")
	v.tabTo("E-mail")
	v.write("amara@mail.example")
	v.tabTo("Add")
	v.press(kb.Enter)
	v.reads("#modal", "Amara Osei is in")
	v.tabTo("Find a time")
	v.press(kb.Enter)
	v.reads("#modal", "When?")
	v.choose("When?", "Thu 3 Dec")
	v.tabTo("Book")
	v.press(kb.Enter)
	v.reads("#modal", "Booked: Amara Osei")
	v.press(kb.Escape)
	v.gone("#modal")
	if at := eval[string](v, `document.activeElement.id`); at != "text" {
		t.Errorf("after the modal the focus is on %q, not where it was before", at)
	}

	v.tabTo("Jump…")
	v.press(kb.Enter)
	v.tabTo("To the interview's end")
	v.press(kb.Enter)
	v.reads("#nav a:has(.unread)", "Messages")
	v.tabTo("Messages")
	v.press(kb.Enter)
	v.reads("#messages", "is over. Please fill in")
	v.tabTo("Open scorecard")
	v.press(kb.Enter)
	v.reads("#modal", "Communication Triage Judgment")
	for _, choice := range smallestScorecard {
		v.choose(choice.group, choice.option)
	}
	v.tabTo("Submit")
	v.press(kb.Enter)
	v.reads("#modal", "it is in")
	v.press(kb.Escape)
	v.gone("#modal")
	v.reads("#messages", "Thank you")

	v.tabTo("Jump…")
	v.press(kb.Enter)
	v.tabTo("To Monday 16:00")
	v.press(kb.Enter)
	v.reads("#nav a:has(.unread)", "#hiring-ac")
	v.tabTo("#hiring-ac")
	v.press(kb.Enter)
	v.reads("#messages", "Decision summary")
	v.tabTo("Decide")
	v.press(kb.Enter)
	v.reads("#modal", "Reason")
	v.choose("Decision", "Advance")
	v.tabTo("Reason")
	v.write("Strong on triage")
	v.tabTo("Save decision")
	v.press(kb.Enter)
	v.reads("#modal", "Hello Amara")
	v.tabTo("Approve and send")
	v.press(kb.Enter)
	v.reads("#modal", "on its way")
	v.press(kb.Escape)
	v.gone("#modal")
	v.reads("#messages", "Told")
}

func (v *visitor) press(keys ...string) {
	v.t.Helper()
	for _, k := range keys {
		v.do(chromedp.KeyEvent(k))
	}
}

// mostTabs is how often one presses Tab before giving up.
const mostTabs = 90

// tabTo presses Tab until something with a name has the focus.
func (v *visitor) tabTo(name string) {
	v.t.Helper()
	v.until(fmt.Sprintf(`(() => { %s return !!named(%q, ""); })()`, script, name))
	for range mostTabs {
		v.press(kb.Tab)
		if strings.HasPrefix(v.focused(), name) {
			return
		}
	}
	v.t.Fatalf("Tab doesn't reach %q; it ends on %q", name, v.focused())
}

// focused is the name of what has the focus.
func (v *visitor) focused() string {
	v.t.Helper()
	return eval[string](v, fmt.Sprintf(`(() => { %s return document.activeElement === document.body ? "" : nameOf(document.activeElement); })()`, script))
}

// choose chooses one of a group of choices with the arrow keys.
func (v *visitor) choose(group, option string) {
	v.t.Helper()
	if !strings.HasPrefix(v.focused(), group) {
		v.tabTo(group)
	}
	for range 12 {
		if _, name, _ := strings.Cut(v.focused(), " > "); strings.HasPrefix(name, option) {
			v.press(" ")
			return
		}
		v.press(kb.ArrowDown)
	}
	v.t.Fatalf("the arrows don't reach %q of %q", option, group)
}
