package main

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/schedule"
)

// The people of TestNoEarlyRating who aren't in the stories.
const (
	dee  = "U0DEE"  // a decider who isn't on the panel
	nell = "U0NELL" // on the team, on no panel of Ana's
)

// authors are the panel, by the letter that stands for each: Karly coordinates
// and Mark decides too, Rob is a shadow.
var authors = map[string]string{"S": sebastian, "K": karly, "M": mark, "R": rob}

// lookers are everybody who looks, with the name that Slack shows.
var lookers = map[string]string{
	sebastian: "Sebastian Gant", karly: "Karly Oykhman", mark: "Mark", rob: "Rob Stranger", dana: "Dana Reyes",
	dee: "Dee Cider", nell: "Nell Other", ada: "Ada Admin", gus: "Gus Guest",
}

// relations are what each is to Ana's interview: they use what one of these may.
// That everything else is refused is TestEverybodyEverywhere's to see.
var relations = map[string][]relation{
	sebastian: {panelist}, karly: {coordinator, panelist}, mark: {decider, panelist}, rob: {panelist}, dana: {coordinator},
	dee: {decider}, nell: {another}, ada: {admin}, gus: {guest},
}

func mayUse(who string, list []relation) bool {
	return slices.ContainsFunc(relations[who], func(r relation) bool { return slices.Contains(list, r) })
}

// An independenceState is a moment of Ana's interview. reads says whose words
// each looker may read then, by PRODUCT's rule and not by the code's; whoever
// isn't there reads nobody's. all says who may read figures made from them.
type independenceState struct {
	name  string
	reach func(*independence)
	reads map[string]string
	all   []string
	every bool // also what holds no scorecard by its nature, e.g. a form to add somebody, and who has no part in it
}

var independenceStates = []independenceState{
	{"Sebastian's is in, Karly has a draft", func(w *independence) { w.submit(sebastian); w.draft(karly) }, map[string]string{sebastian: "S", karly: "K"}, nil, false},
	{"Karly's is in too", func(w *independence) { w.submit(karly) }, map[string]string{sebastian: "S", karly: "K"}, nil, false},
	{"all that are required", func(w *independence) { w.submit(mark) },
		map[string]string{sebastian: "KMS", karly: "KMS", mark: "KMS", dana: "KMS", dee: "KMS"}, []string{sebastian, karly, mark, dana, dee}, true},
	{"Karly reopens hers", func(w *independence) { w.reopen(karly) }, map[string]string{sebastian: "S", karly: "K", mark: "M"}, nil, false},
	{"Dana opens them early", func(w *independence) { w.reveal(dana) },
		// She finds Karly's first version in the record: it was in. Karly, who owes hers, doesn't read on.
		map[string]string{sebastian: "MS", karly: "K", mark: "MS", dana: "KMS", dee: "MS"}, []string{sebastian, mark, dana, dee}, false},
	{"everybody's are in", func(w *independence) { w.submit(karly); w.submit(rob) },
		map[string]string{sebastian: "KMRS", karly: "KMRS", mark: "KMRS", rob: "KMRS", dana: "KMRS", dee: "KMRS"},
		[]string{sebastian, karly, mark, rob, dana, dee, nell}, false}, // the channel tells figures now
}

// TestNoEarlyRating walks every surface as everybody at every moment of an
// interview with a panel of three and a shadow, each of whose scorecards holds
// words that are in no other, and looks for those words in all that the bot ever
// put before somebody.
func TestNoEarlyRating(t *testing.T) {
	t.Parallel()
	w := newIndependence(t)
	w.places = w.forge()
	for _, state := range independenceStates {
		state.reach(w)
		w.must("", w.settle())
		w.channelTells(state)
		for _, who := range slices.Sorted(maps.Keys(lookers)) {
			if state.every || !mayUse(who, []relation{another, admin, guest}) {
				w.looks(state, who)
			}
		}
	}
	w.laterStage()
	for _, v := range w.slack.Violations() {
		t.Errorf("the bot broke Slack's protocol: %s", v)
	}
}

type independence struct {
	*matrix
	places map[string]fakeslack.Place
}

// newIndependence is the Monday afternoon after an interview of Ana's, with the
// summary posted.
func newIndependence(t *testing.T) *independence {
	t.Helper()
	base, err := newWorld(t.TempDir(), time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "", "")
	if err != nil {
		t.Fatal(err)
	}
	base.admins = "ada@asymmetric.example"
	for _, id := range []string{dee, nell} {
		base.slack.PutUser(fakeslack.User{ID: id, Name: strings.ToLower(id), RealName: lookers[id], Email: strings.ToLower(id) + "@asymmetric.example", TZ: "America/Chicago"})
		base.google.AddUser(fakegoogle.User{Email: strings.ToLower(id) + "@asymmetric.example", Name: lookers[id], TimeZone: "America/Chicago"})
	}
	for id, people := range map[string][]string{channelAC: {rob, dee, nell}, channelGe: {dee, nell}} {
		if err := base.slack.UpdateChannel(id, func(c *fakeslack.Channel) { c.Members = append(c.Members, people...) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := base.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := base.halt(); err != nil {
			t.Errorf("the bot did not stop cleanly: %v", err)
		}
		base.slack.Close()
	})
	w := &independence{matrix: &matrix{story: &story{world: base, seen: map[string]bool{}}, t: t}}
	w.must("", w.app.OpenSampleRole(t.Context(), hiring.Setup{
		RoleKey: mainRole, People: map[string][]string{"strategist": {sebastian, karly, mark}, "director-of-ops": {rob}, "owner": {nell}},
		Coordinators: []string{karly, dana}, Deciders: []string{mark, dee}, Channel: channelAC,
	}, ada))
	w.must(w.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
	w.must(w.bookCmd([]string{"Ana"}))
	w.must(w.closeCmd([]string{"karly"}))
	found, err := w.app.db.FindCandidates(t.Context(), []string{mainRole}, "ana", 1)
	w.must("", err)
	w.candidate = found[0].ID
	live, err := w.app.db.LiveInterviews(t.Context(), w.candidate)
	w.must("", err)
	w.interview = live[0]
	w.must("", w.app.schedule.ChangePanel(t.Context(), schedule.PanelChange{
		Interview: w.interview.ID, Seen: w.interview.Revision, By: karly, Anyway: true,
		Panel: append(slices.Clone(w.interview.Panel), hiring.Panelist{Person: rob, Part: hiring.Shadow}),
	}))
	w.must("", w.settle())
	w.must("", w.jump(time.Date(2026, 12, 7, 22, 1, 0, 0, time.UTC)))
	return w
}

// letter returns the letter of an author.
func letter(person string) string {
	for l, id := range authors {
		if id == person {
			return l
		}
	}
	return "-"
}

// answers fill in a scorecard. Each text says whose it is and what.
func (w *independence) answers(person string) hiring.Answers {
	role, err := w.app.db.Role(w.t.Context(), mainRole)
	w.must("", err)
	a := hiring.Answers{
		Ratings: map[string]hiring.Rating{}, Gates: map[string]hiring.GateEntry{}, Signals: map[string]string{},
		Recommendation: hiring.StrongYes, Note: "NOTE-" + letter(person),
	}
	for _, c := range role.Competencies {
		r := hiring.Rating{Level: hiring.Beyond, Rated: true, Evidence: "SAW-" + letter(person) + " " + c.ID}
		for _, f := range c.RedFlags {
			r.RedFlags = append(r.RedFlags, f.ID)
		}
		a.Ratings[c.ID] = r
	}
	for _, g := range role.Gates {
		a.Gates[g.ID] = hiring.GateEntry{Answer: hiring.GateNo, Evidence: "SAW-" + letter(person) + " " + g.ID}
	}
	for _, s := range role.Signals {
		a.Signals[s.ID] = "SAW-" + letter(person) + " " + s.ID
	}
	return a
}

func (w *independence) draft(person string) {
	w.must("", w.app.scores.SaveDraft(w.t.Context(), w.interview.ID, person, w.answers(person), time.Unix(1, 0)))
}

func (w *independence) submit(person string) {
	w.must("", w.app.scores.Submit(w.t.Context(), w.interview.ID, person, w.answers(person)))
}

func (w *independence) reopen(person string) {
	w.must("", w.app.scores.Reopen(w.t.Context(), w.interview.ID, person, "A level was wrong", w.clock.Now()))
}

func (w *independence) reveal(person string) {
	w.must("", w.app.scores.Reveal(w.t.Context(), w.interview.ID, person))
}

var (
	saw   = regexp.MustCompile(`SAW-([A-Z])`)
	notes = regexp.MustCompile(`NOTE-([A-Z])`)
)

// figure returns words that stand beside figures made from scorecards; "": none.
func figure(text string) string {
	for _, w := range []string{"; mean ", "spread ", " strong yes", " not met", "no red flag"} {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// looks lets somebody look at everything, and judges what they were shown.
func (w *independence) looks(state independenceState, who string) {
	w.t.Helper()
	seen := w.walk(who, state.every)
	may := state.reads[who]
	w.judge(state.name+", "+lookers[who]+": words", may, found(saw, seen))
	mayNotes := ""
	if who == karly || who == dana { // coordinators
		mayNotes = may
	} else if strings.Contains(may, letter(who)) {
		mayNotes = letter(who)
	}
	w.judge(state.name+", "+lookers[who]+": private notes", mayNotes, found(notes, seen))
	// Levels, gates and recommendations beside who gave them.
	for l, id := range authors {
		given := regexp.MustCompile(lookers[id] + `( \([^)]*\))?: ([1-4] · |Strong yes|No\b|Not assessed)`)
		if at := given.FindString(seen); at != "" && !strings.Contains(may, l) {
			w.t.Errorf("%s: %s is shown %q", state.name, lookers[who], at)
		}
	}
	if at := figure(seen); (at != "") != slices.Contains(state.all, who) {
		w.t.Errorf("%s: %s is shown the figure %q", state.name, lookers[who], at)
	}
}

// judge compares whose canaries were found with whose may be, and so must be.
func (w *independence) judge(what, want, got string) {
	w.t.Helper()
	for _, l := range got {
		if !strings.ContainsRune(want, l) {
			w.t.Errorf("%s of %s are shown", what, lookers[authors[string(l)]])
		}
	}
	if len(got) < len(want) {
		w.t.Errorf("%s: of %q only %q are found anywhere", what, want, got)
	}
}

// found returns the letters of the canaries in a text, each once, sorted.
func found(canary *regexp.Regexp, text string) string {
	letters := map[string]bool{}
	for _, m := range canary.FindAllStringSubmatch(text, -1) {
		letters[m[1]] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(letters)), "")
}

// channelTells holds the role's channel to its weakest reader: words never, and
// figures once nobody on the panel is left to score.
func (w *independence) channelTells(state independenceState) {
	w.t.Helper()
	list, err := w.slack.In(karly, channelAC)
	w.must("", err)
	text := ""
	for _, m := range list {
		text += w.bytes(m) + w.slack.MessageText(karly, m)
	}
	if got := found(saw, text) + found(notes, text); got != "" {
		w.t.Errorf("%s: the channel shows words of %s", state.name, got)
	}
	if at := figure(text); (at != "") != (state.name == "everybody's are in") {
		w.t.Errorf("%s: the channel shows the figure %q", state.name, at)
	}
}

// telling are the buttons and the words after commands that show something of a
// candidate's interviews, beside App Home and what is posted.
var telling = []string{
	"candidate.card", "candidate.history", "candidate.export", "decision.open", "evidence.open", "notice.open", "scorecard.open", "scorecard.reopen", "hiring.open",
	"/candidate Ana", "/candidate export Ana", "/scorecard Ana", "/scorecard ", "/decide ", "/hiring ", "/hiring summary", "/hiring report",
}

// walk uses every button and command that tells of interviews, or every one there
// is, as somebody, and returns all that they were shown: messages, modals,
// answers, App Home and files.
func (w *independence) walk(who string, every bool) string {
	w.t.Helper()
	var seen strings.Builder
	sent := len(w.slack.Files())
	look := func(do func(context.Context) (fakeslack.Result, error)) {
		r, err := do(w.t.Context())
		w.must("", err)
		w.idle()
		seen.Write(r.Ack)
		for _, v := range w.slack.Modals(who) {
			seen.WriteString(w.bytes(v) + w.slack.ViewText(who, v) + "\n")
		}
	}
	closed := func() {
		if _, err := w.dismiss(w.t.Context(), who); err != nil {
			w.t.Error(err)
		}
	}
	for id, place := range w.places {
		button, _, _ := strings.Cut(id, ":")
		if !mayUse(who, rights[button].may) || !every && !slices.Contains(telling, button) {
			continue
		}
		look(func(ctx context.Context) (fakeslack.Result, error) { return w.slack.Click(ctx, who, place, id, id) })
		closed()
	}
	for name, list := range words {
		for _, word := range list {
			if !mayUse(who, word.may) || !every && !slices.Contains(telling, name+" "+word.text) {
				continue
			}
			look(func(ctx context.Context) (fakeslack.Result, error) {
				return w.slack.Slash(ctx, who, channelGe, name, word.text)
			})
			if word.text == "export Ana" {
				look(func(ctx context.Context) (fakeslack.Result, error) { return w.slack.Submit(ctx, who) })
			}
			closed()
		}
	}
	for _, s := range w.app.bot.Surface().Shortcuts {
		if !every {
			break
		}
		look(func(ctx context.Context) (fakeslack.Result, error) { return w.slack.Shortcut(ctx, who, s) })
		closed()
	}
	w.must("", w.settle())
	look(func(ctx context.Context) (fakeslack.Result, error) { return w.slack.OpenHome(ctx, who) })
	w.must("", w.settle())
	if home, ok := w.slack.Home(who); ok {
		seen.WriteString(w.bytes(home) + w.slack.ViewText(who, home) + "\n")
	}
	screen, err := w.slack.See(who)
	w.must("", err)
	for _, c := range screen.Conversations {
		for _, m := range c.Messages {
			if c.ID == channelGe && m.EphemeralTo == "" {
				continue // the forged buttons
			}
			seen.WriteString(w.bytes(m) + w.slack.MessageText(who, m) + "\n")
		}
	}
	for _, f := range w.slack.Files()[sent:] { // a record of an earlier moment told what could be read then
		if slices.Contains(f.Channels, w.slack.DMChannel(who)) {
			seen.Write(f.Content)
		}
	}
	return seen.String()
}

// forge posts every button there is, and the one for each scorecard, where
// everybody can press it. Each has a message of its own, which is sent along with
// a click.
func (w *independence) forge() map[string]fakeslack.Place {
	w.t.Helper()
	values := map[string]string{}
	for id, r := range rights {
		if !r.view && !r.acts {
			values[id] = w.value(r.about)
		}
	}
	for l, id := range authors {
		values["evidence.open:"+l] = w.interview.ID + "|" + id
	}
	places := map[string]fakeslack.Place{}
	for id, value := range values {
		places[id] = w.button(id, value)
	}
	return places
}

func (w *independence) button(id, value string) fakeslack.Place {
	w.t.Helper()
	return fakeslack.InMessage(channelGe, w.post([]any{map[string]any{"type": "actions", "block_id": id, "elements": []any{map[string]any{
		"type": "button", "action_id": id, "value": value, "text": map[string]any{"type": "plain_text", "text": id},
	}}}}))
}

func (w *independence) bytes(v any) string {
	raw, err := json.Marshal(v)
	w.must("", err)
	return string(raw)
}

// idle waits until the bot has answered: it may do so after the
// acknowledgement.
func (w *independence) idle() {
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for w.app.bot.InFlight() > 0 {
		<-tick.C
	}
}

// laterStage decides and tells, books the panel with the same people, and looks
// for the first interview's words in what prepares them for it.
func (w *independence) laterStage() {
	w.t.Helper()
	ctx := w.t.Context()
	_, n, err := w.app.decisions.Decide(ctx, decision.Verdict{InterviewID: w.interview.ID, Outcome: hiring.Advance, Reason: "Clear", By: dee})
	w.must("", err)
	w.must("", w.app.decisions.MarkTold(ctx, w.interview.ID, n.ID, dee))
	w.must(w.slashCmd([]string{"karly", "/schedule-panel", "Ana"}))
	w.must(w.fillCmd([]string{"karly", "When?", "0"}))
	if out := w.must(w.submitCmd([]string{"karly"})); !strings.Contains(out, "Booked") {
		w.t.Fatalf("the panel isn't booked:\n%s", out)
	}
	w.must(w.closeCmd([]string{"karly"}))
	live, err := w.app.db.LiveInterviews(ctx, w.candidate)
	w.must("", err)
	panel := live[slices.IndexFunc(live, func(iv *hiring.Interview) bool { return iv.Stage == "panel" })]
	if len(panel.Panel) != 5 {
		w.t.Fatalf("%d people sit on the panel", len(panel.Panel))
	}
	w.must("", w.jump(panel.Start.Add(-time.Hour)))
	place := w.button("scorecard.open", panel.ID)
	for _, p := range panel.Panel {
		seen, kits := "", 0
		for _, m := range w.slack.DM(p.Person) {
			if text := w.slack.MessageText(p.Person, m); strings.Contains(text, "Interview: Ana Nováková, Panel") {
				seen, kits = seen+w.bytes(m)+text, kits+1
			}
		}
		_, err := w.slack.Click(ctx, p.Person, place, "scorecard.open", "scorecard.open")
		w.must("", err)
		w.idle()
		v, open := w.slack.TopModal(p.Person)
		seen += w.bytes(v) + w.slack.ViewText(p.Person, v)
		if kits == 0 || !open || !strings.Contains(seen, "Your questions") && p.Person != nell && p.Person != rob {
			w.t.Errorf("%s has %d kits, a scorecard open: %t:\n%s", p.Person, kits, open, seen)
		}
		if at := found(saw, seen) + found(notes, seen) + figure(seen); at != "" {
			w.t.Errorf("what prepares %s for the panel tells of the first interview: %s", lookers[p.Person], at)
		}
	}
}
