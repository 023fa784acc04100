package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var screensTo = flag.String("screens", "", "make screenshots of the sandbox's main screens in this directory: go test ./cmd/convene -run Screens -screens DIR")

// TestScreens makes the screenshots that a change of the page is reviewed by.
func TestScreens(t *testing.T) {
	if *screensTo == "" {
		t.Skip("makes screenshots: go test ./cmd/convene -run Screens -screens DIR")
	}
	if err := os.MkdirAll(*screensTo, 0o755); err != nil {
		t.Fatal(err)
	}
	base := browse(t)
	liveAWeek(t, base)
	for name, on := range map[string]screen{
		"1920-light": {width: 1920, height: 1080}, "1920-dark": {width: 1920, height: 1080, dark: true},
		"1280-light": {width: 1280, height: 800}, "1280-dark": {width: 1280, height: 800, dark: true},
		"390-light": {width: 390, height: 844, phone: true}, "390-dark": {width: 390, height: 844, dark: true, phone: true},
	} {
		v := visit(t, base, on)
		for _, s := range mainScreens {
			s.show(v)
			v.photograph(filepath.Join(*screensTo, s.name+"-"+name+".png"))
			s.leave(v)
		}
	}
}

// browserAccessible has axe-core look at each main screen in both colour
// schemes: it finds nothing serious. testdata/axe is npm's axe-core, as it comes.
func browserAccessible(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	base := browse(t)
	liveAWeek(t, base)
	look := func(v *visitor, s mainScreen, dark bool) {
		t.Helper()
		s.show(v)
		if !eval[bool](v, `"axe" in window`) {
			v.run(string(axe))
		}
		v.scheme("light")
		v.violations(s.name+", light", s.part, `"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"`)
		if dark { // which changes nothing but colours
			v.scheme("dark")
			v.violations(s.name+", dark", s.part, `"color-contrast"`)
		}
		s.leave(v)
	}
	v := visit(t, base, desktop)
	for _, s := range mainScreens {
		look(v, s, slices.Contains([]string{"1-channel", "4-calendar", "7-modal", "11-trouble"}, s.name)) // the others have the same colours
	}
	phone := visit(t, base, screen{width: 390, height: 844, phone: true})
	for _, s := range mainScreens {
		if slices.Contains([]string{"1-channel", "7-modal"}, s.name) { // what is laid out differently there
			look(phone, s, false)
		}
	}
}

// violations reports what axe-core finds in a part of the page with these rules
// that is serious or critical.
func (v *visitor) violations(where, part, rules string) {
	v.t.Helper()
	found, err := chromedp.Run(v.ctx, chromedp.Evaluate[[]string](`axe.run(`+strconv.Quote(part)+`, {resultTypes: ["violations"], preload: false, runOnly: [`+rules+`]}).then((r) =>
		r.violations.filter((x) => ["serious", "critical"].includes(x.impact)).flatMap((x) => x.nodes.slice(0, 3).map((n) => x.id + ": " + n.html.slice(0, 160) + " " + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatal(err)
	}
	for _, problem := range found {
		v.t.Errorf("%s: %s", where, problem)
	}
}

type mainScreen struct {
	name        string
	part        string // selects what the screens before it don't show
	show, leave func(v *visitor)
}

// mainScreens are what the page can look like, one after the other: only the
// first loads it, and axe-core stays in it. liveAWeek has happened before.
var mainScreens = []mainScreen{
	{"1-channel", "html", func(v *visitor) { v.open("karly", ""); v.reads("#messages", "Decision summary") }, nothing},
	{"2-dm", "#messages", func(v *visitor) {
		v.quiet()
		v.clickIn("#nav", "Messages")
		v.reads("#messages", "Thank you. Your scorecard")
	}, nothing},
	{"3-home", "#home", func(v *visitor) { v.clickIn("#nav", "Home"); v.reads("#home", "Noah") }, nothing},
	{"4-calendar", "#calendar", func(v *visitor) { v.clickIn("#nav", "Calendar"); v.reads("#calendar", "Sebastian") }, nothing},
	{"5-event", "#opened", func(v *visitor) { v.click("Thu 3 Dec"); v.reads("#opened", "sees it") }, nothing},
	{"6-mail", "#mails", func(v *visitor) { v.clickIn("#nav", "Mail"); v.reads("#mails", "noah@mail.example") }, nothing},
	{"7-modal", "#modal", func(v *visitor) {
		v.toChannel()
		v.command("/candidate add")
		v.reads("#modal", "Add a candidate")
		v.click("Add")
		v.reads("#modal .error", "")
	}, closeModal},
	{"8-slots", "#modal", func(v *visitor) { v.command("/schedule-round1 Amara"); v.reads("#modal", "When?") }, closeModal},
	{"9-commands", "#commands", func(v *visitor) {
		v.click("Message or command to")
		v.write("/c")
		v.reads("#commands", "/candidate add")
	}, func(v *visitor) { v.fill("Message or command to", kb.Backspace) }},
	{"10-jumps", "#jumps", func(v *visitor) { v.click("Jump…"); v.reads("#jumps", "To Monday 16:00") }, func(v *visitor) { v.click("Jump…") }},
	{"11-trouble", "#trouble", func(v *visitor) { v.click("Trouble"); v.reads("#trouble .calls", "Slack") }, func(v *visitor) { v.click("Close trouble") }},
	{"12-decide", "#modal", func(v *visitor) { v.toChannel(); v.click("Decide"); v.reads("#modal", "Reason") }, closeModal},
}

// toChannel goes to the hiring channel without loading the page anew.
func (v *visitor) toChannel() {
	v.t.Helper()
	v.clickIn("#nav", "#hiring-ac")
	v.reads("#messages", "Decision summary")
}

func nothing(*visitor) {}

func closeModal(v *visitor) {
	v.click("Close everything")
	v.gone("#modal")
}

// liveAWeek books, holds and scores Noah's interview, adds Amara, and goes to
// Monday 16:05, by the sandbox's addresses.
func liveAWeek(t *testing.T, base string) {
	t.Helper()
	act := func(path, body string) { ask(t, base+"sandbox/api/"+path, body, nil) }
	act("command", `{"as":"karly","text":"/schedule-round1 Noah"}`)
	act("submit", `{"as":"karly","fields":{"When?":"0"}}`)
	act("close", `{"as":"karly","all":true}`)
	act("command", `{"as":"karly","text":"/candidate add"}`)
	act("submit", `{"as":"karly","fields":{"Name":"Amara Osei","E-mail":"amara@mail.example","The candidate's time zone":"Europe/London"}}`)
	act("close", `{"as":"karly","all":true}`)
	act("clock/jump", `{"to":"2026-12-03T18:00:00-06:00"}`)
	act("command", `{"as":"karly","command":"/scorecard"}`)
	act("submit", `{"as":"karly","fields":{
		"rating:client-communication":"3","rating:triage":"4","rating:expectation-setting":"3","rating:prioritization":"2","rating:knowledge-gaps":"3",
		"gate:quarterly-visits":"yes","gate:driving-distance":"yes","recommendation":"yes"}}`)
	act("close", `{"as":"karly","all":true}`)
	act("clock/jump", `{"to":"2026-12-07T16:05:00-06:00"}`)
}
