package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// browserKeepsWhatWasTyped closes a scorecard by accident, shows errors
// under fields, and reloads the page: nothing is lost.
func browserKeepsWhatWasTyped(t *testing.T) {
	base := browse(t)
	bookNoah(t, base)
	ask(t, base+"sandbox/api/clock/jump", `{"to":"2026-12-03T15:00:00-06:00"}`, nil)
	v := visit(t, base, desktop)
	v.open("karly", "dm")
	v.click("Open scorecard")
	v.reads("#modal", "Communication Triage Judgment")
	v.fill("Evidence: Communication Triage Judgment", "Asked who waits longest")
	v.click("Level: Communication Triage Judgment > 4")
	v.press("\x1b") // by accident
	v.gone("#modal")
	v.click("Open scorecard")
	v.reads("#modal", "Asked who waits longest")
	v.until(`!!document.querySelector("#modal input:checked")`)

	v.do(chromedp.Reload())
	v.reads("#modal", "Asked who waits longest")
	v.fill("Evidence: Communication Triage Judgment", "Asked twice") // and leaves before it was sent
	v.do(chromedp.Reload())
	v.reads("#modal", "Asked twice")

	v.clickIn("#modal footer", "Submit")
	v.reads("#modal .error", "")
	v.until(`document.activeElement.closest(".input")?.querySelector(".error") !== null`)
	if n := eval[int](v, `document.querySelectorAll("#modal [aria-invalid=true]").length`); n == 0 {
		t.Error("no field is marked as wrong for a screen reader")
	}
	v.reads("#modal", "Asked twice")
	v.click("Close everything")
	v.gone("#modal")
	v.fill("Message or command to", "half a senten")
	v.do(chromedp.Reload())
	v.reads("#writer", "half a senten")
}

// browserTwoPeople lets Karly and Mark work at the same time.
func browserTwoPeople(t *testing.T) {
	base := browse(t)
	karly, mark, tom := visit(t, base, desktop), visit(t, base, phone), visit(t, base, desktop)
	karly.open("karly", "")
	mark.open("mark", "")
	tom.open("tom", "")
	karly.command("Is everybody ready?")
	mark.reads("#messages", "Is everybody ready?")
	mark.command("I am")
	karly.reads("#messages", "I am")
	mark.clickIn("#messages article:last-of-type", "Reply")
	mark.reads("#writer .thread", "A reply to Mark")
	mark.command("Since eight")
	karly.reads("#messages .reply", "Since eight")
	karly.command("/schedule-round1 Noah")
	karly.reads("#modal", "When?")
	karly.click("When? > Thu 3 Dec")
	karly.click("Book")
	mark.reads("#messages", "Interview booked: Noah Lindqvist")

	// A stranger sees nothing of it, and is told so when he tries.
	if text := eval[string](tom, `document.body.innerText`); strings.Contains(text, "#hiring-ac") || strings.Contains(text, "Interview booked") {
		t.Errorf("Tom sees\n%s", text)
	}
	tom.command("/candidate Noah")
	tom.reads("#messages .ephemeral", "Only you see this")

	// What one does in Google Calendar, the other sees there.
	karly.click("Close everything")
	karly.gone("#modal")
	karly.clickIn("#nav", "Calendar")
	karly.click("Thu 3 Dec")
	karly.reads("#opened", "As Noah Lindqvist sees it")
	mark.clickIn("#nav", "Mail")
	mark.click("noah@mail.example")
	mark.click("No")
	karly.reads("#opened", "Noah Lindqvist: no")

	// Somebody's day fills up.
	karly.click("Add an event for Mark on Friday")
	karly.fill("What", "Dentist")
	karly.click("Add")
	karly.reads(".week", "Dentist")
	karly.click("10:00–11:00 am Dentist")
	karly.click("Delete")
	karly.until(`!document.querySelector(".week").innerText.includes("Dentist")`)
}

// browserTrouble stops the bot, sees Slack say so, and starts it again.
func browserTrouble(t *testing.T) {
	v := visit(t, browse(t), desktop)
	v.open("karly", "")
	v.quiet()
	v.click("Trouble")
	v.reads("#trouble", "2 connections to Slack")
	v.click("Stop it")
	v.reads("#trouble", "It is stopped.")
	v.reads("#trouble", "0 connections to Slack")
	v.command("/candidate add")
	v.reads("#say", "/candidate")
	v.click("Start it")
	v.reads("#trouble", "2 connections to Slack")
	v.command("/candidate add")
	v.reads("#modal", "Add a candidate")
	v.click("Close everything")
	v.gone("#modal")

	v.clickIn("#trouble", "Down (503)") // Google
	v.command("/schedule-round1 Noah")
	v.reads("#modal", "Google")
	v.reads("#trouble .calls", "503 Service Unavailable")
	v.click("Close everything")
	v.gone("#modal")
	v.clickIn("[data-trouble=google]", "Works")
	v.command("/schedule-round1 Noah")
	v.reads("#modal", "When?")
}

// browserTour walks through the first steps, and takes them away for good.
func browserTour(t *testing.T) {
	v := visit(t, browse(t), desktop)
	v.open("karly", "")
	v.reads("#tour .here", "book Noah’s first interview")
	v.until(`document.querySelector(".next").id === "writer"`)
	v.click("Type it for me")
	v.press("\r")
	v.reads("#modal", "When?")
	v.click("When? > Thu 3 Dec")
	v.click("Book")
	v.reads("#modal", "Booked")
	v.click("Close everything")
	v.reads("#tour .here", "jump to the interview’s end")
	v.until(`document.querySelector(".next").innerText === "Jump…"`)
	v.click("Jump…")
	v.click("To the interview's end")
	v.reads("#tour .here", "Fill the scorecard in")
	v.until(`document.querySelector(".next").innerText.startsWith("Messages")`)
	v.click("Done")
	v.do(chromedp.Reload())
	v.until(`document.querySelector("#now") && !document.querySelector("#tour").checkVisibility()`)
}

// browserHostileText shows that what people write stays text.
func browserHostileText(t *testing.T) {
	base := browse(t)
	const bad = `<script>window.hurt=1</script><img src=x onerror='window.hurt=2'> <javascript:window.hurt=3|press> </article></div><h1>broken`
	res, err := http.Get(base)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	policy := res.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %s", policy, part)
		}
	}
	v := visit(t, base, desktop)
	v.open("karly", "")
	v.quiet()
	v.command(bad)
	v.reads("#messages", "<script>window.hurt=1</script>")
	v.command("/candidate add")
	v.fill("Name", bad[:60])
	v.fill("E-mail", "x@mail.example")
	v.clickIn("#modal footer", "Add")
	v.reads("#modal", "Candidate added")
	v.click("Close everything")
	v.gone("#modal")
	ask(t, base+"sandbox/api/events", fmt.Sprintf(`{"as":"karly","summary":%q,"start":"2026-12-03T09:00"}`, bad), nil)
	v.clickIn("#nav", "Calendar")
	v.reads("#calendar", "<script>window.hurt=1</script>")
	if eval[bool](v, `"hurt" in window || !!document.querySelector("a[href^='javascript']") || document.querySelectorAll("h1").length !== 1`) {
		t.Error("somebody's words became a part of the page")
	}
	if style, script := eval[int](v, `document.querySelectorAll("[style], style").length`), eval[int](v, `document.querySelectorAll("script:not([src])").length`); style+script > 0 {
		t.Errorf("the page holds %d styles and %d scripts of its own, which its policy forbids", style, script)
	}
}

// browserScorecardOnAPhone counts the taps of the smallest scorecard.
func browserScorecardOnAPhone(t *testing.T) {
	base := browse(t)
	bookNoah(t, base)
	ask(t, base+"sandbox/api/clock/jump", `{"to":"2026-12-03T15:00:00-06:00"}`, nil)
	v := visit(t, base, phone)
	v.open("karly", "dm")
	v.quiet()
	v.taps = 0
	v.click("Open scorecard")
	v.reads("#modal", "Communication Triage Judgment")
	for _, choice := range smallestScorecard {
		v.click(choice.group + " > " + choice.option)
		if wide := eval[bool](v, `document.documentElement.scrollWidth > innerWidth || document.querySelector("#modal form").scrollWidth > document.querySelector("#modal form").clientWidth`); wide {
			t.Fatal("one must scroll sideways")
		}
	}
	v.clickIn("#modal footer", "Submit")
	v.reads("#modal", "it is in")
	if v.taps > 12 {
		t.Errorf("it took %d taps, want 12 at most", v.taps)
	}
	t.Logf("%d taps", v.taps)
}

// bookNoah books the sample candidate's first interview on Thursday.
func bookNoah(t *testing.T, base string) {
	t.Helper()
	ask(t, base+"sandbox/api/command", `{"as":"karly","text":"/schedule-round1 Noah"}`, nil)
	ask(t, base+"sandbox/api/submit", `{"as":"karly","fields":{"When?":"0"}}`, nil)
	ask(t, base+"sandbox/api/close", `{"as":"karly","all":true}`, nil)
}
