package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// A step opens something, or goes on from what is open.
type openStep func(ctx context.Context) (fakeslack.Result, error)

// typed are the words after each command that lead to different things.
var typed = map[string][]string{
	"/candidate":       {"", "Name0", "add", "edit Name0", "withdraw Name0", "export Name0", "erase Name0"},
	"/schedule-round1": {"Name0"}, "/schedule-panel": {"Name0"}, "/scorecard": {"", "Name0"}, "/decide": {""},
	"/hiring": {"", "setup " + longestKey, "report", "roles", "help", "nonsense"},
}

// explore lets people use every command, look at every message and App Home,
// and click every kind of button they come upon once, to three modals' depth.
// Buttons that change something at once are left out.
func (l *longest) explore(moment string, people ...string) {
	l.t.Helper()
	l.clicked = map[string]bool{}
	for _, who := range people {
		for _, command := range l.app.bot.Surface().Commands {
			for _, words := range typed[command] {
				l.follow(moment, who, []openStep{func(ctx context.Context) (fakeslack.Result, error) {
					return l.slack.Slash(ctx, who, channelGe, command, words)
				}})
			}
		}
		home, err := l.slack.OpenHome(l.t.Context(), who)
		l.must(l.after(who, home, err))
		if v, ok := l.slack.Home(who); ok {
			l.branch(moment, who, nil, v.Blocks, "home", fakeslack.InView(v.ID))
		}
		posts, err := l.slack.In(who, channelAC)
		l.must("", err)
		for _, m := range append(posts, l.slack.DM(who)...) {
			if m.EphemeralTo == "" {
				l.branch(moment, who, nil, m.Blocks, "message", fakeslack.InMessage(m.Channel, m.TS))
			}
		}
	}
}

// follow takes the steps, looks at what is open then, and goes on from there.
func (l *longest) follow(moment, who string, steps []openStep) {
	l.t.Helper()
	for _, step := range steps {
		l.take(moment, who, step)
	}
	l.look(moment, who, steps)
	l.close(who)
}

// take takes a step, which must not break.
func (l *longest) take(moment, who string, step openStep) {
	l.t.Helper()
	r, err := step(l.t.Context())
	out, err := l.after(who, r, err)
	if err != nil {
		l.t.Errorf("%s: %v", moment, err)
	}
	if broken.MatchString(out) || r.Failure != "" {
		l.t.Errorf("%s, %s: it broke: %s\n%s", moment, who, r.Failure, out)
	}
}

// look looks at the modal that the steps led to, and goes on from it.
func (l *longest) look(moment, who string, steps []openStep) {
	l.t.Helper()
	v, open := l.slack.TopModal(who)
	if !open {
		return
	}
	l.modals[v.CallbackID] = true
	if len(steps) < 3 {
		l.branch(moment, who, steps, v.Blocks, v.CallbackID, fakeslack.Place{})
	}
}

// branch follows every button in the blocks whose kind wasn't clicked yet. In a
// modal that the steps led to it goes back from what lies on top of it, and
// takes the steps anew where the modal itself has changed.
func (l *longest) branch(moment, who string, steps []openStep, blocks []map[string]any, where string, place fakeslack.Place) {
	l.t.Helper()
	var here string // the hash of the modal as it is; empty: it must be opened anew
	if v, open := l.slack.TopModal(who); open {
		here = v.Hash
	}
	nth := map[string]int{}
	for _, e := range blockkit.Elements(blocks) {
		name, _, _ := strings.Cut(e.ActionID, ":")
		if e.Type != "button" || e.Element["url"] != nil {
			continue
		}
		n := nth[e.ActionID]
		nth[e.ActionID]++
		kind := strings.Join([]string{where, e.ActionID, label(e), who}, " ")
		if rights[name].acts || slices.Contains([]string{"setup.reset", "setup.seal", "hours.reset"}, name) || l.clicked[kind] {
			continue
		}
		l.clicked[kind] = true
		click := func(ctx context.Context) (fakeslack.Result, error) {
			if place != (fakeslack.Place{}) {
				return l.slack.Click(ctx, who, place, e.BlockID, e.ActionID)
			}
			v, _ := l.slack.TopModal(who) // it was opened anew, and its blocks have new ids
			seen := 0
			for _, again := range blockkit.Elements(v.Blocks) {
				if again.ActionID != e.ActionID {
					continue
				}
				if seen == n {
					return l.slack.Click(ctx, who, place, again.BlockID, again.ActionID)
				}
				seen++
			}
			return fakeslack.Result{}, fmt.Errorf("the button %s is gone", e.ActionID)
		}
		if place != (fakeslack.Place{}) {
			l.follow(moment, who, []openStep{click})
			continue
		}
		if here == "" {
			for _, step := range steps {
				l.take(moment, who, step)
			}
			v, _ := l.slack.TopModal(who)
			here = v.Hash
		}
		l.take(moment, who, click)
		l.look(moment, who, append(slices.Clone(steps), click))
		if !l.back(who, here) {
			l.close(who)
			here = ""
		}
	}
}

// back closes what lies on a modal, and reports whether the modal is as it was.
func (l *longest) back(who, as string) bool {
	l.t.Helper()
	for range 3 {
		v, open := l.slack.TopModal(who)
		if !open || v.Hash == as {
			return open
		}
		if _, err := l.slack.Cancel(l.t.Context(), who); err != nil {
			l.t.Error(err)
		}
	}
	return false
}

func label(e blockkit.Element) string {
	text, _ := e.Element["text"].(map[string]any)
	return fmt.Sprint(text["text"])
}

// checkAll holds everything that left the bot to the rules.
func (l *longest) checkAll() {
	l.t.Helper()
	for _, v := range l.slack.Violations() {
		l.t.Errorf("the bot broke Slack's protocol: %s", v)
	}
	for _, call := range l.slack.Calls() {
		if call.Error != "" {
			l.t.Errorf("Slack refused %s: %s", call.Method, call.Error)
		}
		inspect(l.t, call.Method, decoded(call.Args))
	}
	for _, id := range l.app.bot.Surface().Modals {
		if id == "snooze" { // three times; nothing in it comes from the role or from people
			continue
		}
		if !l.modals[id] && id != "change_panel_anyway" && id != "erase_kept" { // questions that come after a submission
			l.t.Errorf("the modal %q was not seen", id)
		}
	}
	for _, found := range leaks(l.logs.String()) {
		l.t.Errorf("the logs tell %q", found)
	}
}
