package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/schedule"
	"convene/internal/sqlite/sqlitetest"
)

// A relation is what somebody is to the candidate Ana and her interview.
type relation string

const (
	coordinator relation = "coordinator"
	decider     relation = "decider"
	panelist    relation = "panelist of this interview"
	another     relation = "panelist of another"
	admin       relation = "coordinator of the workspace"
	member      relation = "member"
	guest       relation = "guest"
	stranger    relation = "stranger"
	deactivated relation = "deactivated"
)

// who are the people of the matrix, each with one relation.
var who = map[relation]string{
	coordinator: karly, decider: mark, panelist: sebastian, another: dana, admin: ada,
	member: rob, guest: gus, stranger: "U0UMA", deactivated: "U0DEX",
}

// outside reports whether the person is no member of the workspace.
func (r relation) outside() bool { return r == guest || r == stranger || r == deactivated }

// A right says who may use a button, by PRODUCT's rules and not by the code's.
type right struct {
	about string     // what the button's value is: interview, candidate, role, notice
	may   []relation // everybody else is refused
	view  bool       // it stands only in a modal, which is refused already
	acts  bool       // it changes something at once, so it is tried last
}

var (
	team   = []relation{coordinator, decider, panelist, another, admin}
	tells  = []relation{coordinator, decider}
	reads  = []relation{coordinator, decider, panelist}
	setsUp = []relation{coordinator, admin}
	staff  = []relation{coordinator, decider, panelist, another, admin, member}
	inView = right{view: true}
)

// rights are of every button there is.
var rights = map[string]right{
	"candidate.add":      {about: "role", may: []relation{coordinator}},
	"candidate.back":     {about: "candidate", may: []relation{coordinator}, acts: true},
	"candidate.card":     {about: "candidate", may: reads},
	"candidate.edit":     {about: "candidate", may: []relation{coordinator}},
	"candidate.erase":    {about: "candidate", may: []relation{coordinator}},
	"candidate.export":   {about: "candidate", may: []relation{coordinator}},
	"candidate.find":     inView,
	"candidate.history":  {about: "candidate", may: tells},
	"candidate.role":     inView,
	"candidate.withdraw": {about: "candidate", may: []relation{coordinator}},
	"check.open":         {about: "candidate", may: tells},
	"check.undo":         {about: "candidate", may: tells, acts: true},
	"decision.open":      {about: "interview", may: []relation{decider}},
	"evidence.open":      {about: "interview", may: reads},
	"hiring.open":        {about: "role", may: team},
	"interview.cancel":   {about: "interview", may: []relation{coordinator}},
	"interview.move":     {about: "interview", may: []relation{coordinator}},
	"interview.restore":  {about: "interview", may: []relation{coordinator}, acts: true},
	"notice.again":       {about: "notice", may: tells, acts: true},
	"notice.open":        {about: "interview", may: tells},
	"notice.told":        {about: "notice", may: tells, acts: true},
	"list.page":          inView,
	"notice.redraft":     {about: "notice", may: tells, acts: true},
	"report.role":        inView,
	"report.span":        inView,
	"report.csv":         inView,
	"role.look":          {about: "role", may: team},
	"schedule.again":     inView,
	"schedule.candidate": inView,
	"schedule.any":       inView,
	"schedule.more":      inView,
	"schedule.once":      inView,
	"schedule.way":       inView,
	"schedule.week":      inView,
	"schedule.open":      {about: "candidate", may: []relation{coordinator}},
	"scorecard.open":     {about: "interview", may: []relation{panelist}},
	"scorecard.reopen":   {about: "interview", may: []relation{panelist}},
	"scorecard.type":     inView,
	"scorecard.guide":    inView,
	"scorecard.version":  inView,
	"scorecards.reveal":  {about: "interview", may: []relation{coordinator}, acts: true},
	"calendar.open":      {about: "role", may: staff},
	"hours.open":         {about: "role", may: staff},
	"hours.reset":        inView,
	"setup.look":         inView,
	"setup.open":         {about: "role", may: setsUp},
	"setup.reset":        inView,
	"setup.role":         inView,
	"setup.seal":         inView,
	"setup.section":      inView,

	"scorecard.nudge": {about: "owing", may: tells, acts: true},
	"reminders.later": {about: "interview", may: []relation{panelist, another}}, // whoever owes one
	"reminders.usual": {about: "interview", may: staff, acts: true},             // their own; nobody's is touched

	"excuse.absent":          {about: "interview", may: []relation{panelist}},
	"excuse.back":            {about: "interview", may: []relation{panelist}, acts: true},
	"excuse.hand_over":       {about: "interview", may: []relation{panelist}},
	"interview.held":         {about: "interview", may: []relation{coordinator, panelist}, acts: true},
	"interview.not_held":     {about: "interview", may: []relation{coordinator, panelist}},
	"debrief.open":           {about: "interview", may: []relation{coordinator}},
	"debrief.book":           {about: "interview", may: []relation{coordinator}, acts: true},
	"debrief.post":           {about: "interview", may: []relation{coordinator}, acts: true},
	"debrief.cancel":         {about: "interview", may: []relation{coordinator}, acts: true},
	"debrief.look":           {about: "interview", may: []relation{coordinator}, acts: true},
	"interview.change_panel": {about: "interview", may: []relation{coordinator}},
	"interview.invite_again": {about: "interview", may: []relation{coordinator}, acts: true},
	"repair.do":              {about: "interview", may: []relation{coordinator}, acts: true},
	"repair.proposed":        {about: "interview", may: []relation{coordinator}},

	"time.confirm": {about: "hold", may: []relation{coordinator}, acts: true},
	"time.let_go":  {about: "hold", may: []relation{coordinator}, acts: true},
	"times.open":   inView,
	"times.chosen": {about: "offering number", may: []relation{coordinator}, acts: true},
	"times.none":   {about: "offering", may: []relation{coordinator}, acts: true},
	"times.sent":   {about: "offering", may: []relation{coordinator}, acts: true},
	"times.again":  {about: "offering", may: []relation{coordinator}, acts: true},
}

// A word is what is typed after a command, with who gets something for it.
type word struct {
	text string
	may  []relation
}

// words are typed after every command: the first interview's candidate is Ana.
var words = map[string][]word{
	"/candidate": {{"add", []relation{coordinator}}, {"Ana", []relation{coordinator, decider}}, {"", []relation{coordinator, decider}},
		{"edit Ana", []relation{coordinator}}, {"withdraw Ana", []relation{coordinator}},
		{"export Ana", []relation{coordinator}}, {"erase Ana", []relation{coordinator}}},
	"/schedule-round1": {{"Ana", []relation{coordinator}}, {"", []relation{coordinator}}},
	"/schedule-panel":  {{"Ana", []relation{coordinator}}, {"", []relation{coordinator}}},
	"/scorecard":       {{"Ana", []relation{panelist}}, {"", []relation{panelist, another}}},
	"/decide":          {{"Ana", tells}, {"", tells}},
	"/hiring":          {{"", team}, {"setup", setsUp}, {"summary", tells}, {"report", []relation{coordinator, decider, panelist, another}}, {"roles", team}},
}

// polite is how the bot says no, or that there is nothing to see.
var polite = regexp.MustCompile(`Sorry, I only work with members|Only |You are not |You don't coordinate|You neither decide nor coordinate|No role that you coordinate|You have no scorecards|I don't find|Nobody |There are no candidates yet that you may see|None of your|aren't on|isn't yours|not on the panel`)

// noRight is how the bot refuses for want of a right, in whatever state.
var noRight = regexp.MustCompile(`Sorry, I only work with members|Only (a|the|its|coordinators)|You are not on|You don't coordinate`)

// broken is how the bot says that something went wrong on its side.
var broken = regexp.MustCompile(`went wrong|reference [0-9a-f]{8}`)

// A stage of the week, by what has happened to Ana.
var weekStates = []string{"ahead", "owed", "complete", "decided", "told"}

// TestEverybodyEverywhere lets everybody use everything at every moment of a
// week. Who may, gets what the moment offers; who may not, gets a polite
// sentence that tells nothing, and nothing changes.
func TestEverybodyEverywhere(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	surface := m.app.bot.Surface()
	for _, id := range surface.Actions {
		if _, known := rights[id]; !known {
			t.Errorf("who may use the button %q isn't said", id)
		}
	}
	for _, name := range surface.Commands {
		if len(words[name]) == 0 {
			t.Errorf("who may use the command %s isn't said", name)
		}
	}
	for _, state := range weekStates {
		m.reach(state)
		places := m.forge()
		for r := range who {
			if r.outside() && state != "ahead" && state != "complete" {
				continue // they are refused before anything is looked at
			}
			before := sqlitetest.Dump(t, m.app.db, "inbox", "people", "sync", "searches")
			m.refused(state, r, places)
			m.must("", m.settle())
			if after := sqlitetest.Dump(t, m.app.db, "inbox", "people", "sync", "searches"); after != before {
				t.Errorf("%s, %s: it had consequences:\n%s", state, r, firstDifference(before, after))
			}
			m.allowed(state, r, places, false)
			if r.outside() || r == member {
				m.homeTells(state, r)
			}
		}
		for r := range who {
			m.allowed(state, r, places, true)
		}
	}
	for _, v := range m.slack.Violations() {
		t.Errorf("the bot broke Slack's protocol: %s", v)
	}
}

// A matrix is a world with one person for each relation.
type matrix struct {
	*story
	t         testing.TB
	interview *hiring.Interview
	candidate string
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	w, err := newWorld(t.TempDir(), time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC), "", "")
	if err != nil {
		t.Fatal(err)
	}
	w.admins = "ada@asymmetric.example"
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.halt(); err != nil {
			t.Errorf("the bot did not stop cleanly: %v", err)
		}
		w.slack.Close()
	})
	// They join while the bot listens: what Slack says of them later would undo
	// that Dex is deactivated, whom Slack itself would not let click.
	w.slack.PutUser(fakeslack.User{ID: who[stranger], Name: "uma", RealName: "Uma Elsewhere", TZ: "Europe/Paris", IsStranger: true})
	w.slack.PutUser(fakeslack.User{ID: who[deactivated], Name: "dex", RealName: "Dex Gone", TZ: "America/Chicago"})
	err = w.slack.UpdateChannel(channelGe, func(c *fakeslack.Channel) { c.Members = append(c.Members, who[stranger], who[deactivated]) })
	if err != nil {
		t.Fatal(err)
	}
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	if err := w.app.db.SavePeople(t.Context(), []hiring.Person{{ID: who[deactivated], Name: "Dex Gone", Deleted: true}}); err != nil {
		t.Fatal(err)
	}
	return &matrix{story: &story{world: w, seen: map[string]bool{}}, t: t}
}

func (m *matrix) must(out string, err error) string {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
	return out
}

// setUp says who holds the first interview.
func (m *matrix) setUp(holder string) {
	m.t.Helper()
	m.must("", m.app.OpenSampleRole(m.t.Context(), hiring.Setup{
		RoleKey:      mainRole,
		People:       map[string][]string{"strategist": {holder}, "director-of-ops": {dana}, "owner": {sebastian}},
		Coordinators: []string{karly}, Deciders: []string{mark}, Channel: channelAC,
	}, ada))
	m.must("", m.settle())
}

// reach goes on to a state of the week.
func (m *matrix) reach(state string) {
	m.t.Helper()
	clock := func(day, hour, minute int) {
		m.must("", m.jump(time.Date(2026, 12, day, hour, minute, 0, 0, time.UTC)))
	}
	switch state {
	case "ahead":
		m.setUp(dana)
		m.must(m.addCmd([]string{"Bo Lindqvist", "bo@example.com", "America/New_York"}))
		m.must(m.bookCmd([]string{"Bo"}))
		m.setUp(sebastian)
		m.must(m.addCmd([]string{"Ana Nováková", "ana@example.com", "America/New_York"}))
		m.must(m.bookCmd([]string{"Ana"}))
		m.must(m.closeCmd([]string{"karly"}))
		found, err := m.app.db.FindCandidates(m.t.Context(), []string{mainRole}, "ana", 1)
		if err != nil || len(found) != 1 {
			m.t.Fatalf("found %d, %v", len(found), err)
		}
		m.candidate = found[0].ID
		live, err := m.app.db.LiveInterviews(m.t.Context(), m.candidate)
		if err != nil || len(live) != 1 {
			m.t.Fatalf("%d interviews, %v", len(live), err)
		}
		m.interview = live[0]
		m.wait()
		_, err = m.google.AddBusy("dana@asymmetric.example", "busy", m.interview.Start, m.interview.End, false)
		m.must("", err)
	case "owed":
		m.must("", m.jump(m.interview.End.Add(time.Minute)))
	case "complete":
		m.must(m.slashCmd([]string{"sebastian", "/scorecard", "Ana"}))
		m.must(m.scoreCmd([]string{"sebastian"}))
		m.must(m.closeCmd([]string{"sebastian"}))
		clock(7, 22, 1)
	case "decided":
		m.must(m.slashCmd([]string{"mark", "/decide", "Ana"}))
		if out := m.must(m.clickCmd([]string{"mark", "Decide"})); !strings.Contains(out, "Reason") {
			m.t.Fatalf("no decision can be made:\n%s", out)
		}
		m.must(m.decideCmd([]string{"mark", "Advance to Panel", "Strong on triage"}))
		m.must(m.closeCmd([]string{"mark"}))
	case "told":
		k, err := m.app.db.Case(m.t.Context(), m.interview.ID)
		m.must("", err)
		var already *hiring.AlreadyDone // somebody who may has pressed the button before
		if err := m.app.decisions.MarkTold(m.t.Context(), k.Interview.ID, k.Notice.ID, mark); err != nil && !errors.As(err, &already) {
			m.t.Fatal(err)
		}
		m.must("", m.settle())
	}
}

// wait has a time held, and times sent, for Ana's panel; they have passed, so
// that nobody books it.
func (m *matrix) wait() {
	m.t.Helper()
	ctx, now, panel := m.t.Context(), m.clock.Now(), []hiring.Panelist{{Person: dana, Part: hiring.Required}}
	for _, id := range []string{"hold-ana", "offering-ana"} {
		m.must("", m.app.db.SaveSearch(ctx, &schedule.Search{ID: "s-" + id, CandidateID: m.candidate, RoleKey: mainRole, Stage: "panel"}))
	}
	m.must("", m.app.db.PlaceHold(ctx, "s-hold-ana", &hiring.TimeHold{
		ID: "hold-ana", CandidateID: m.candidate, RoleKey: mainRole, Stage: "panel", State: hiring.TimePlacing, Start: now.AddDate(1, 0, 0), End: now.AddDate(1, 0, 1),
		Panel: panel, EventID: "none", By: karly, At: now, Until: now.AddDate(1, 0, 0),
	}, outbox.Batch{}))
	o := &hiring.Offering{
		ID: "offering-ana", CandidateID: m.candidate, RoleKey: mainRole, Stage: "panel", State: hiring.OfferingSent, Subject: "Times", Body: "1 or 2",
		By: karly, At: now, SentAt: now, RemindAt: now.AddDate(1, 0, 0),
	}
	for day := range hiring.MinOffered {
		o.Times = append(o.Times, hiring.OfferedTime{Start: now.AddDate(0, 0, day-9), End: now.AddDate(0, 0, day-8), Panel: panel})
	}
	m.must("", m.app.db.AddOffering(ctx, "s-offering-ana", o, outbox.Batch{}))
}

// value returns what a button carries.
func (m *matrix) value(about string) string {
	switch about {
	case "candidate":
		return m.candidate
	case "role":
		return mainRole
	case "hold", "offering":
		return about + "-ana"
	case "offering number":
		return "offering-ana|1"
	case "owing":
		return m.interview.ID + "|" + sebastian
	case "notice":
		k, err := m.app.db.Case(m.t.Context(), m.interview.ID)
		if err != nil || k.Notice == nil {
			return m.interview.ID + "|none"
		}
		return m.interview.ID + "|" + k.Notice.ID
	default:
		return m.interview.ID
	}
}

// forge posts messages with every button there is where everybody can click
// them, as if whoever must not have them had got hold of one, and returns where
// each stands.
func (m *matrix) forge() map[string]fakeslack.Place {
	m.t.Helper()
	places := map[string]fakeslack.Place{}
	var ids []string
	for id, r := range rights {
		if !r.view {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for chunk := range slices.Chunk(ids, 40) {
		var blocks []any
		for _, id := range chunk {
			blocks = append(blocks, map[string]any{"type": "actions", "block_id": id, "elements": []any{map[string]any{
				"type": "button", "action_id": id, "value": m.value(rights[id].about), "text": map[string]any{"type": "plain_text", "text": id},
			}}})
		}
		ts := m.post(blocks)
		for _, id := range chunk {
			places[id] = fakeslack.InMessage(channelGe, ts)
		}
	}
	return places
}

func (m *matrix) post(blocks []any) string {
	m.t.Helper()
	body, err := json.Marshal(map[string]any{"channel": channelGe, "text": "Forged", "blocks": blocks})
	if err != nil {
		m.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(m.t.Context(), http.MethodPost, m.server.URL+"/slack/api/chat.postMessage", bytes.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+botToken)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		OK    bool
		TS    string
		Error string
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.OK {
		m.t.Fatalf("not posted: %v %s", err, answer.Error)
	}
	return answer.TS
}

// refused lets somebody try what they may not.
func (m *matrix) refused(state string, r relation, places map[string]fakeslack.Place) {
	m.t.Helper()
	for id, place := range places {
		if slices.Contains(rights[id].may, r) {
			continue
		}
		out := m.tryInVain(r, func(ctx context.Context) (fakeslack.Result, error) { return m.slack.Click(ctx, who[r], place, id, id) })
		m.checkRefusal(state+", "+string(r)+", button "+id, out)
	}
	for name, list := range words {
		for _, w := range list {
			if slices.Contains(w.may, r) {
				continue
			}
			out := m.tryInVain(r, func(ctx context.Context) (fakeslack.Result, error) {
				return m.slack.Slash(ctx, who[r], channelGe, name, w.text)
			})
			m.checkRefusal(fmt.Sprintf("%s, %s, %s %s", state, r, name, w.text), out)
		}
	}
	for _, s := range m.app.bot.Surface().Shortcuts {
		if r == coordinator || s == "my_scorecards" && (r == panelist || r == another) {
			continue
		}
		out := m.tryInVain(r, func(ctx context.Context) (fakeslack.Result, error) { return m.slack.Shortcut(ctx, who[r], s) })
		m.checkRefusal(state+", "+string(r)+", shortcut "+s, out)
	}
}

// homeTells checks that the App Home of who has no part in the role doesn't
// tell of the candidate.
func (m *matrix) homeTells(state string, r relation) {
	m.t.Helper()
	home, err := m.slack.OpenHome(m.t.Context(), who[r])
	m.must(m.after(who[r], home, err))
	if v, ok := m.slack.Home(who[r]); !ok || strings.Contains(m.slack.ViewText(who[r], v), "Nováková") {
		m.t.Errorf("%s, %s: Home is there: %t, and must not tell of the candidate", state, r, ok)
	}
}

func (m *matrix) checkRefusal(what, out string) {
	m.t.Helper()
	switch {
	case strings.Contains(out, "Nováková"), strings.Contains(out, "ana@example.com"):
		m.t.Errorf("%s: it tells of the candidate:\n%s", what, out)
	case broken.MatchString(out):
		m.t.Errorf("%s: it broke:\n%s", what, out)
	case !polite.MatchString(out):
		m.t.Errorf("%s: no polite refusal:\n%s", what, out)
	}
}

// allowed lets somebody use what they may.
func (m *matrix) allowed(state string, r relation, places map[string]fakeslack.Place, acts bool) {
	m.t.Helper()
	check := func(what, out string) {
		m.t.Helper()
		switch {
		case broken.MatchString(out):
			m.t.Errorf("%s: it broke:\n%s", what, out)
		case noRight.MatchString(answer(out)):
			m.t.Errorf("%s: it was refused:\n%s", what, out)
		case strings.TrimSpace(out) == "" && !acts:
			m.t.Errorf("%s: nothing was answered", what)
		}
	}
	for id, place := range places {
		if rights[id].acts == acts && slices.Contains(rights[id].may, r) {
			out := m.try(r, func(ctx context.Context) (fakeslack.Result, error) { return m.slack.Click(ctx, who[r], place, id, id) })
			check(state+", "+string(r)+", button "+id, out)
		}
	}
	if acts {
		return
	}
	for name, list := range words {
		for _, w := range list {
			if slices.Contains(w.may, r) {
				out := m.try(r, func(ctx context.Context) (fakeslack.Result, error) {
					return m.slack.Slash(ctx, who[r], channelGe, name, w.text)
				})
				check(fmt.Sprintf("%s, %s, %s %s", state, r, name, w.text), out)
			}
		}
	}
}

// answer returns what the bot says, where that is all it does: words for the
// person alone, or a modal that holds nothing but words.
func answer(out string) string {
	if strings.HasPrefix(out, "only you: ") || strings.HasPrefix(out, "Convene\n") {
		return out
	}
	return ""
}

// try does one thing as somebody and returns what they see then.
func (m *matrix) try(r relation, do func(context.Context) (fakeslack.Result, error)) string {
	m.t.Helper()
	result, err := do(m.t.Context())
	out, err := m.after(who[r], result, err)
	return m.closed(r, out, err)
}

// tryInVain does the same where nothing may come of it, and so doesn't wait
// for the bot to do what it owes: that is looked at in the end.
func (m *matrix) tryInVain(r relation, do func(context.Context) (fakeslack.Result, error)) string {
	m.t.Helper()
	result, err := do(m.t.Context())
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for m.app.bot.InFlight() > 0 { // it may answer after the acknowledgement
		<-tick.C
	}
	return m.closed(r, m.before(who[r], result), err)
}

func (m *matrix) closed(r relation, out string, err error) string {
	m.t.Helper()
	if err != nil {
		m.t.Errorf("%s: %v", r, err)
	}
	if _, err := m.dismiss(m.t.Context(), who[r]); err != nil {
		m.t.Errorf("%s: %v", r, err)
	}
	return out
}

// firstDifference shows the first lines in which two texts differ.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "- " + x[i] + "\n+ " + y[i]
		}
	}
	return "one is longer"
}
