package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// TestLongestRoleFits lives a week with the longest legal role, panelists
// and candidates whose names and answers are as long as they may be, in Arabic,
// Thai and emoji. At every moment everybody opens everything that there is to
// open. The sandbox refuses whatever Slack would refuse, so the test fails when
// a limit is passed; and nothing that a person wrote may be live markup.
func TestLongestRoleFits(t *testing.T) {
	t.Parallel()
	l := newLongest(t)
	l.setUp()
	for i := range 2 {
		l.add(i)
	}
	l.must(l.slashCmd([]string{"karly", "/candidate", "Name0"}))
	l.press("candidate.edit")
	l.fillAll(karly)
	l.must(l.submitCmd([]string{"karly"}))
	l.close(karly)
	l.pickOffers()
	for i := range 2 {
		l.must(l.steps(karly,
			func(ctx context.Context) (fakeslack.Result, error) {
				return l.slack.Slash(ctx, karly, channelGe, "/schedule-round1", fmt.Sprintf("Name%d", i))
			},
			l.fills(karly, "When?", "0"), l.submits(karly)))
		l.close(karly)
	}
	l.explore("booked", karly)

	l.must("", l.jump(l.ended()))
	l.must(l.slashCmd([]string{"karly", "/candidate", "Name0"}))
	l.press("interview.not_held") // while no scorecard is in
	l.fillAll(karly)
	l.close(karly)
	for i := range panelSize {
		if i == panelSize-1 {
			l.explore("one is missing", panelistID(i))
		}
		l.score(i)
	}
	l.must("", l.jump(time.Date(2026, 12, 14, 22, 1, 0, 0, time.UTC)))
	l.explore("Monday", karly, panelistID(0))

	l.must(l.slashCmd([]string{"karly", "/decide", "Name0"}))
	l.press("decision.open")
	l.fillAll(karly)
	if out := l.must(l.submitCmd([]string{"karly"})); !strings.Contains(out, "Subject") {
		t.Fatalf("no notice follows the decision:\n%s", out)
	}
	l.close(karly)
	l.follow("decided", karly, []openStep{func(ctx context.Context) (fakeslack.Result, error) {
		return l.slack.Slash(ctx, karly, channelGe, "/schedule-panel", "Name0")
	}})
	l.must(l.slashCmd([]string{"karly", "/decide", "Name0"}))
	l.press("notice.open")
	l.fillAll(karly)
	l.must(l.submitCmd([]string{"karly"}))
	l.close(karly)

	l.checkAll()
}

// panelSize is how many people hold each interview of the role.
const panelSize = 4

func panelistID(i int) string { return fmt.Sprintf("U0P%d", i) }

type longest struct {
	*matrix
	clicked map[string]bool // buttons by what they stand in, this time
	modals  map[string]bool // callback ids of modals that were seen
}

func newLongest(t testing.TB) *longest {
	t.Helper()
	dir := t.TempDir()
	roles := filepath.Join(dir, "roles")
	if err := os.MkdirAll(roles, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(roles, "longest.yaml"), []byte(longestRole(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(dir, time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "", "")
	if err != nil {
		t.Fatal(err)
	}
	w.roles = roles
	members := []string{karly, w.slack.App().BotUserID}
	for i := range panelSize {
		u := fakeslack.User{ID: panelistID(i), Name: fmt.Sprintf("p%d", i), RealName: long(80, "Panelist", i), Email: fmt.Sprintf("p%d@asymmetric.example", i), TZ: "America/Chicago"}
		w.slack.PutUser(u)
		w.google.AddUser(fakegoogle.User{Email: u.Email, Name: u.RealName, TimeZone: u.TZ})
		members = append(members, u.ID)
	}
	w.slack.PutChannel(fakeslack.Channel{ID: channelAC, Name: "hiring-ac", IsPrivate: true, Members: members})
	if err := w.slack.UpdateChannel(channelGe, func(c *fakeslack.Channel) { c.Members = append(c.Members, members...) }); err != nil {
		t.Fatal(err)
	}
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.halt(); err != nil {
			t.Errorf("the bot did not stop cleanly: %v", err)
		}
		w.slack.Close()
	})
	return &longest{matrix: &matrix{story: &story{world: w, seen: map[string]bool{}}, t: t}, modals: map[string]bool{}}
}

func (l *longest) setUp() {
	l.t.Helper()
	people := map[string][]string{}
	for i := range 12 {
		people[fmt.Sprintf("title-%d", i)] = []string{panelistID(i % panelSize)}
	}
	l.must("", l.app.OpenSampleRole(l.t.Context(), hiring.Setup{
		RoleKey: longestKey, People: people, Coordinators: []string{karly}, Deciders: []string{karly}, Channel: channelAC,
	}, karly))
	l.must("", l.settle())
}

// add adds a candidate with a name as long as may be; of the first, everything is.
func (l *longest) add(i int) {
	l.t.Helper()
	l.must(l.slashCmd([]string{"karly", "/candidate", "add"}))
	if i == 0 {
		l.fillAll(karly)
	}
	l.must(l.steps(karly,
		l.fills(karly, "Name", long(hiring.MaxName, "Name", i)), l.fills(karly, "E-mail", fmt.Sprintf("zq%d@example.com", i)),
		l.fills(karly, "The candidate's time zone", "America/New_York"), l.fills(karly, "Not before", "08:00"), l.fills(karly, "Not after", "18:00"),
		l.submits(karly)))
	if v, _ := l.slack.TopModal(karly); !strings.Contains(l.slack.ViewText(karly, v), "is in.") {
		l.t.Fatalf("candidate %d isn't added:\n%s", i, l.slack.ViewText(karly, v))
	}
	l.close(karly)
}

// pickOffers goes the ways besides booking one of the offers: any time, in the
// middle of the night; times for the candidate to choose from; a held time.
func (l *longest) pickOffers() {
	l.t.Helper()
	search := func() {
		l.must(l.slashCmd([]string{"karly", "/schedule-round1", "Name1"}))
	}
	search()
	l.press("schedule.any")
	l.must(l.steps(karly, l.fills(karly, "At what time?", "03:00"), l.submits(karly)))
	l.fillAll(karly) // what speaks against it has no fields
	l.press("schedule.again")
	l.press("times.open")
	l.fillAll(karly, "checkboxes")
	l.must(l.steps(karly, l.fills(karly, "Which times?", "0", "1", "2"), l.submits(karly)))
	l.fillAll(karly)
	l.must(l.submitCmd([]string{"karly"}))
	l.close(karly)
	search()
	l.must(l.steps(karly, l.fills(karly, "When?", "0"), l.fills(karly, "Book the time, or hold it?", "hold"), l.submits(karly)))
	if v, _ := l.slack.TopModal(karly); !strings.Contains(l.slack.ViewText(karly, v), "Held.") {
		l.t.Errorf("no time is held:\n%s", l.slack.ViewText(karly, v))
	}
	l.close(karly)
	l.must(l.slashCmd([]string{"karly", "/candidate", "Name1"})) // both are on the card
	l.close(karly)
}

// ended is a minute after the last interview.
func (l *longest) ended() time.Time {
	l.t.Helper()
	var last time.Time
	coming, err := l.app.db.Coming(l.t.Context(), l.clock.Now())
	l.must("", err)
	if len(coming) != 2 {
		l.t.Fatalf("%d interviews are booked", len(coming))
	}
	for _, iv := range coming {
		if iv.End.After(last) {
			last = iv.End
		}
	}
	return last.Add(time.Minute)
}

// score submits a panelist's scorecards with everything filled in, of the first
// panelist the first one by hand; two are as long as may be.
func (l *longest) score(i int) {
	l.t.Helper()
	who := panelistID(i)
	mine, err := l.app.scores.Mine(l.t.Context(), who)
	l.must("", err)
	for _, k := range mine {
		most := 100
		if i < 2 && strings.HasPrefix(k.Candidate.Name, "Name0") {
			most = hiring.MaxEvidence
		}
		if i == 0 && strings.HasPrefix(k.Candidate.Name, "Name0") {
			// One field of each kind by hand: each change brings the whole modal along.
			l.must("", l.app.scores.SaveDraft(l.t.Context(), k.Interview.ID, who, l.longestAnswers(k, i, most), time.Time{}))
			r, err := l.slack.Slash(l.t.Context(), who, channelGe, "/scorecard", "Name0")
			l.must(l.after(who, r, err))
			filled := map[string]bool{}
			l.fill(who, func(e blockkit.Element) bool {
				again := filled[e.ActionID]
				filled[e.ActionID] = true
				return !again
			})
			r, err = l.slack.Submit(l.t.Context(), who)
			if out := l.must(l.after(who, r, err)); !strings.Contains(out, "it is in") {
				l.t.Fatalf("the scorecard isn't in:\n%s", out)
			}
			l.close(who)
			continue
		}
		l.must("", l.app.scores.Submit(l.t.Context(), k.Interview.ID, who, l.longestAnswers(k, i, most)))
	}
	l.must("", l.settle())
}

// longestAnswers are a panelist's answers with something in every field, with
// texts of most characters where they may be that long.
func (l *longest) longestAnswers(k *hiring.Case, i, most int) hiring.Answers {
	a := hiring.Answers{Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{}, Signals: map[string]string{}, Recommendation: hiring.Yes, Note: long(most, "Note", i)}
	for n, c := range k.Role.Competencies {
		r := hiring.Rating{Level: hiring.Level(1 + (i+n)%4), Rated: true, Evidence: long(most, "Evidence", i)}
		for _, f := range c.RedFlags {
			r.RedFlags = append(r.RedFlags, f.ID)
		}
		a.Ratings[c.ID] = r
	}
	for _, g := range k.Role.Gates {
		a.Gates[g.ID] = hiring.GateEntry{Answer: hiring.GateNo, Evidence: long(most, "Gate", i)}
	}
	for _, s := range k.Role.Signals {
		a.Signals[s.ID] = long(min(most, 500), "Signal", i)
	}
	return a
}

// fillAll fills every field of the person's top modal with as much as it takes,
// but those of the given types.
func (l *longest) fillAll(who string, but ...string) {
	l.t.Helper()
	l.fill(who, func(e blockkit.Element) bool { return !slices.Contains(but, e.Type) })
}

// fill fills those that are wanted.
func (l *longest) fill(who string, wanted func(blockkit.Element) bool) {
	l.t.Helper()
	v, ok := l.slack.TopModal(who)
	if !ok {
		l.t.Fatalf("%s has no modal open", who)
	}
	l.modals[v.CallbackID] = true
	for i, e := range blockkit.Elements(v.Blocks) {
		if !e.Input || !wanted(e) {
			continue
		}
		var values []string
		switch options := blockkit.Options(e.Element); e.Type {
		case "plain_text_input":
			n := 3000
			if most, ok := e.Element["max_length"].(float64); ok {
				n = int(most)
			}
			values = []string{long(n, "Typed", i)}
		case "email_text_input":
			values = []string{"zq@example.com"}
		case "url_text_input":
			values = []string{"https://files.example/" + strings.Repeat("Zq", 900)}
		case "datepicker":
			values = []string{l.clock.Now().AddDate(0, 0, 7).Format(time.DateOnly)}
		case "timepicker":
			continue
		case "checkboxes", "multi_static_select":
			for _, o := range options {
				values = append(values, fmt.Sprint(o["value"]))
			}
		case "radio_buttons", "static_select":
			if e.Element["initial_option"] != nil {
				continue
			}
			values = []string{fmt.Sprint(options[0]["value"])}
		default:
			continue
		}
		if _, err := l.slack.Click(l.t.Context(), who, fakeslack.Place{}, e.BlockID, e.ActionID, values...); err != nil {
			l.t.Fatalf("%s: %v", e.ActionID, err)
		}
	}
	l.must("", l.settle())
}

// press clicks the first button of Karly's modal that does the thing.
func (l *longest) press(action string) {
	l.t.Helper()
	v, _ := l.slack.TopModal(karly)
	for _, e := range blockkit.Elements(v.Blocks) {
		if name, _, _ := strings.Cut(e.ActionID, ":"); name == action {
			r, err := l.slack.Click(l.t.Context(), karly, fakeslack.Place{}, e.BlockID, e.ActionID)
			l.must(l.after(karly, r, err))
			return
		}
	}
	l.t.Fatalf("nothing does %s:\n%s", action, l.slack.ViewText(karly, v))
}

func (l *longest) close(who string) {
	l.t.Helper()
	if _, err := l.dismiss(l.t.Context(), who); err != nil {
		l.t.Error(err)
	}
}
