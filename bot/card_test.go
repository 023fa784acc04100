package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/role"
)

// A cardWorld is a world whose bot has the candidate service; the candidates
// are those of the cases, and one without any.
type cardWorld struct {
	*world
	alone   *hiring.Candidate // has no interview
	checks  []*hiring.Check
	history []candidate.HistoryLine

	holds     []*hiring.TimeHold
	offerings []*hiring.Offering
}

// cardStore answers for the candidate service what the bot's store doesn't.
type cardStore struct{ *cardWorld }

func newCardWorld(t *testing.T, now string, cases ...*hiring.Case) *cardWorld {
	w := &cardWorld{world: newWorld(t, now, cases...)}
	w.bot.Candidates = &candidate.Service{Store: cardStore{w}, Now: func() time.Time { return w.now }, NewID: func(p string) string { return p + "_1" }}
	w.bot.Store = cardBotStore{w, w.bot.Store}
	return w
}

type cardBotStore struct {
	*cardWorld
	Store
}

func (s cardBotStore) Role(ctx context.Context, key string) (*hiring.Role, error) {
	return s.world.Role(ctx, key)
}

func (w *cardWorld) all() []*hiring.Candidate {
	var out []*hiring.Candidate
	if w.alone != nil {
		out = append(out, w.alone)
	}
	seen := map[string]bool{}
	for _, k := range w.cases {
		if !seen[k.Candidate.ID] {
			seen[k.Candidate.ID] = true
			out = append(out, k.Candidate)
		}
	}
	return out
}

func (s cardStore) Candidate(_ context.Context, id string) (*hiring.Candidate, error) {
	for _, c := range s.all() {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, hiring.ErrNotFound
}

func (s cardStore) FindCandidates(_ context.Context, _ []string, words string, limit int) ([]*hiring.Candidate, error) {
	var out []*hiring.Candidate
	for _, c := range s.all() {
		if strings.Contains(strings.ToLower(c.Name), strings.ToLower(words)) && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

func (s cardStore) CasesOf(_ context.Context, id string) ([]*hiring.Case, error) {
	var out []*hiring.Case
	for _, k := range s.cases {
		if k.Candidate.ID == id {
			out = append(out, k)
		}
	}
	return out, nil
}

func (s cardStore) TimeHolds(context.Context, string) ([]*hiring.TimeHold, error) {
	return s.holds, nil
}
func (s cardStore) Offerings(context.Context, string) ([]*hiring.Offering, error) {
	return s.offerings, nil
}

func (s cardStore) Checks(context.Context, string) ([]*hiring.Check, error) {
	return s.cardWorld.checks, nil
}

func (s cardStore) History(context.Context, string, int) ([]candidate.HistoryLine, error) {
	return s.cardWorld.history, nil
}

func (s cardStore) AddCandidate(context.Context, *hiring.Candidate, outbox.Batch) error { return nil }

func (s cardStore) ChangeCandidate(context.Context, string, func(*hiring.Candidate, []*hiring.Case) (outbox.Batch, error)) error {
	return nil
}

func (s cardStore) ChangeChecks(context.Context, string, func(*hiring.Candidate, []*hiring.Check) (*hiring.Check, string, outbox.Batch, error)) error {
	return nil
}

func (w *cardWorld) card(person, id string) []byte {
	w.t.Helper()
	v, err := w.bot.cardView(w.t.Context(), w.people[person], id)
	if err != nil {
		w.t.Fatalf("%s: %v", person, err)
	}
	return marshalView(w.t, v)
}

// withChecks gives the role a check before the first interview and two after
// the last, and required documents and answers.
func withChecks(r *hiring.Role) *hiring.Role {
	r.Stages = append(append([]hiring.Stage{{ID: "letter", Name: "Application", Kind: hiring.StageCheck, Note: "Without a cover letter it is not accepted."}}, r.Stages...),
		hiring.Stage{ID: "history", Name: "Career history", Kind: hiring.StageCheck}, hiring.Stage{ID: "references", Name: "References", Kind: hiring.StageCheck})
	r.Application = append(r.Application,
		hiring.ApplicationItem{ID: "cover-letter", Text: "We need a cover letter", Kind: "document", Required: true},
		hiring.ApplicationItem{ID: "salary", Text: "What do you expect?", Kind: "question", Required: true})
	return r
}

func TestCardGolden(t *testing.T) {
	k := testCase(t)
	withChecks(k.Role)
	k.Candidate.AddedBy, k.Candidate.AddedAt = carla, at(t, "Wed 08:00")
	k.Candidate.EarliestHour, k.Candidate.LatestHour = 8*time.Hour, 18*time.Hour
	w := newCardWorld(t, "Mon 09:00", k)
	w.checks = []*hiring.Check{{ID: "check_1", CandidateID: "cand_ana", Stage: "letter", Outcome: hiring.CheckConcern, Note: "No letter yet", By: carla, At: at(t, "Wed 09:00")}}
	golden(t, "card_over", w.card(carla, "cand_ana"))

	submitted(k, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Strong, "Karly:"))
	submitted(k, seb, at(t, "Wed 17:00"), goodAnswers(hiring.Partly, "Sebastian:"))
	decided(k, hiring.Advance, at(t, "Mon 08:30"))
	k.ToldAt, k.Notice.State = at(t, "Mon 08:45"), hiring.NoticeTold
	k.Candidate.Stage = "history"
	golden(t, "card_check", w.card(dana, "cand_ana"))
	golden(t, "card_panelist", w.card(karly, "cand_ana"))

	k.Candidate.State, k.Candidate.EndReason, k.Candidate.EndedAt = hiring.Withdrawn, "Took another offer", at(t, "Mon 08:50")
	golden(t, "card_withdrawn", w.card(carla, "cand_ana"))

	w.history = []candidate.HistoryLine{
		{Entry: hiring.Entry{Actor: carla, Action: "candidate.withdrawn", Subject: "cand_ana"}, At: w.now},
		{Entry: hiring.Entry{Actor: "google", Action: "interview.moved", Subject: "iv_ana"}, At: w.now, Stage: "round1"},
		{Entry: hiring.Entry{Actor: "convene", Action: "interview.booked", Subject: "iv_ana", Detail: "event"}, At: w.now, Stage: "round1"},
		{Entry: hiring.Entry{Actor: carla, Action: "something.new_here", Subject: "iv_ana", Detail: "SECRET"}, At: w.now, Stage: "gone"},
	}
	card, lines, err := w.bot.Candidates.History(t.Context(), "cand_ana", carla)
	if err != nil {
		t.Fatal(err)
	}
	history := marshalView(t, historyView(card, lines, w.people[carla]))
	golden(t, "card_history", history)
	if s := string(history); strings.Contains(s, "SECRET") || strings.Contains(s, "iv_ana") {
		t.Error("the history shows ids or codes")
	}
}

func TestCandidateModalsGolden(t *testing.T) {
	k := testCase(t)
	staffed(withChecks(k.Role))
	w := newCardWorld(t, "Wed 09:00", k)
	show := func(name string, v slack.ModalViewRequest, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, marshalView(t, v))
	}
	v, err := w.bot.editView(t.Context(), w.people[carla], "cand_ana")
	show("candidate_edit", v, err)
	v, err = w.bot.withdrawView(t.Context(), w.people[carla], "cand_ana")
	show("candidate_withdraw", v, err)
	v, err = w.bot.searchedList(t.Context(), w.people[carla], doEdit, " ana ")
	show("candidate_list", v, err)
	card, stage, err := w.bot.Candidates.CheckStage(t.Context(), "cand_ana", "letter", dana)
	if err != nil {
		t.Fatal(err)
	}
	show("check", checkForm(card, stage, w.people[dana]), nil)
	v, err = w.bot.addCandidateView(t.Context(), w.people[carla], "")
	show("candidate_add", v, err)
	show("candidate_added", w.bot.addedView(t.Context(), k.Candidate, w.people[carla]), nil)
	k.Role = testRole()
	show("candidate_added_no_check", w.bot.addedView(t.Context(), k.Candidate, w.people[carla]), nil)
}

// A candidate who was told of a hold knows; the card says so in both places,
// and by when they hear again before that.
func TestCardOfAHold(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Hold, at(t, "Mon 10:00"))
	k.Notice.State, k.Notice.ToldAt = hiring.NoticeTold, at(t, "Mon 11:00")
	got := viewText(t, newCardWorld(t, "Mon 12:00", k).card(carla, "cand_ana"))
	if strings.Contains(got, "Not told yet") || !strings.Contains(got, "Hold. The candidate knows, and hears again by") {
		t.Errorf("the card of a hold says %s", got)
	}
	if !strings.Contains(got, "To hear again by Mon 23 Nov, 6:00 pm EST") {
		t.Errorf("the card doesn't say by when they hear again: %s", got)
	}
}

// Who may not edit isn't offered it, and is told why when they ask by name.
func TestListOffersWhatThePersonMay(t *testing.T) {
	k := testCase(t)
	staffed(k.Role)
	w := newCardWorld(t, "Mon 09:00", k)
	for person, offered := range map[string]bool{carla: true, dana: false} {
		v, err := w.bot.searchedList(t.Context(), w.people[person], doEdit, "")
		if err != nil {
			t.Fatal(err)
		}
		got := string(marshalView(t, v))
		if strings.Contains(got, actCandidateAdd) != offered {
			t.Errorf("%s is offered to add somebody: %t", person, !offered)
		}
	}
	found, err := w.bot.findFor(t.Context(), w.people[dana], doEdit, "ana")
	if err != nil || len(found) != 1 {
		t.Fatalf("found %d, %v", len(found), err)
	}
	if _, err := w.bot.editView(t.Context(), w.people[dana], found[0].ID); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("a decider edits: %v", err)
	}
}

// Nobody reads an answer to a gate on the card before Independence opens it.
func TestCardKeepsIndependence(t *testing.T) {
	k := testCase(t)
	k.Role.Setup.Coordinators = append(k.Role.Setup.Coordinators, seb) // coordinates, and sits on the panel
	w := newCardWorld(t, "Wed 18:00", k)
	const secret = "lives in Madison"
	reads := func(who string) bool {
		return strings.Contains(string(w.card(who, "cand_ana")), secret)
	}
	expect := func(when string, want map[string]bool) {
		t.Helper()
		for _, who := range []string{carla, dana, karly, seb, mark} {
			if got := reads(who); got != want[who] {
				t.Errorf("%s: %s reads the gate: %t, want %t", when, who, got, want[who])
			}
			if !want[who] && !strings.Contains(string(w.card(who, "cand_ana")), "Unknown") {
				t.Errorf("%s: for %s the gate isn't unknown", when, who)
			}
		}
	}
	expect("nothing is in", nil)
	submitted(k, karly, at(t, "Wed 16:00"), goodAnswers(hiring.Strong, "Karly:"))
	expect("one of two is in", map[string]bool{karly: true})
	k.Revealed = carla
	expect("opened early", map[string]bool{karly: true, carla: true, dana: true})
	k.Revealed = ""
	submitted(k, seb, at(t, "Wed 17:00"), goodAnswers(hiring.Strong, "Sebastian:"))
	expect("complete", map[string]bool{karly: true, seb: true, carla: true, dana: true})

	// A panelist of the next stage learns nothing of this one.
	next := testCase(t)
	next.Role, next.Candidate = k.Role, k.Candidate
	iv := *next.Interview
	iv.ID, iv.Stage, iv.Panel = "iv_panel", "panel", []hiring.Panelist{{Person: mark, Part: hiring.Required}}
	next.Interview = &iv
	w.cases = append(w.cases, next)
	expect("a later stage", map[string]bool{karly: true, seb: true, carla: true, dana: true})
}

// The card of every built-in role in every place of its pipeline fits.
func TestCardOfBuiltinRoles(t *testing.T) {
	roles, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		r.Setup = testRole().Setup
		w := newCardWorld(t, "Wed 09:00", &hiring.Case{Role: r, Interview: &hiring.Interview{CandidateID: "x"}, Candidate: &hiring.Candidate{ID: "x"}})
		for _, stage := range r.Stages {
			for _, state := range []hiring.CandidateState{hiring.Active, hiring.Withdrawn, hiring.Declined, hiring.Finished} {
				for _, name := range []string{"محمد علي", "สมชาย ใจดี", "👩‍🚀 Lee 🏳️‍🌈", "<!channel> *B* {name}"} {
					w.alone = &hiring.Candidate{ID: "cand", RoleKey: r.Key, Name: name, Email: "a@example.com", Zone: "Asia/Bangkok", Stage: stage.ID, State: state}
					w.card(carla, "cand")
				}
			}
		}
	}
}

// The longest of everything fits, too.
func TestCardFits(t *testing.T) {
	k := extremeCase(t, 1)
	r := k.Role
	for i := range 10 {
		r.Stages = append(r.Stages, hiring.Stage{ID: fmt.Sprintf("check%d", i), Name: longText(75), Kind: hiring.StageCheck})
	}
	r.Application = nil
	for i := range 40 {
		r.Application = append(r.Application, hiring.ApplicationItem{ID: fmt.Sprintf("q%d", i), Text: longText(300), Kind: "question", Required: true})
		k.Candidate.Answers[fmt.Sprintf("q%d", i)] = longText(hiring.MaxAnswer)
	}
	w := newCardWorld(t, "Mon 09:00", k)
	for i := range 10 {
		w.checks = append(w.checks, &hiring.Check{ID: fmt.Sprint(i), Stage: fmt.Sprintf("check%d", i), Outcome: hiring.CheckConcern, Note: longText(hiring.MaxCheckNote), By: carla, At: w.now})
	}
	for _, stage := range []string{"round1", "panel"} {
		for range 5 {
			more := another(k, "more", longText(hiring.MaxName))
			more.Candidate, more.Cards, more.Interview.Stage = k.Candidate, k.Cards, stage
			w.cases = append(w.cases, more)
		}
	}
	w.card(carla, "cand_ana")
	v, err := w.bot.editView(t.Context(), w.people[carla], "cand_ana")
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, v)
	v, err = w.bot.withdrawView(t.Context(), w.people[carla], "cand_ana")
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, v)
	for i := range 60 {
		w.history = append(w.history, candidate.HistoryLine{Entry: hiring.Entry{Actor: carla, Action: "check.done", Detail: "fine"}, At: w.now, Stage: fmt.Sprintf("check%d", i%10)})
	}
	card, lines, err := w.bot.Candidates.History(t.Context(), "cand_ana", carla)
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, historyView(card, lines, w.people[carla]))
	var list []*hiring.Candidate
	for i := range 30 {
		list = append(list, &hiring.Candidate{ID: fmt.Sprint(i), RoleKey: r.Key, Name: longText(hiring.MaxName), Stage: "round1", State: hiring.Active})
	}
	v, err = w.bot.candidateList(t.Context(), w.people[carla], list, doWithdraw, longText(80))
	if err != nil {
		t.Fatal(err)
	}
	marshalView(t, v)
}

// A modal over the card remembers it, and so does what takes its place; the
// card is shown anew when something was done on top of it.
func TestTheCardStaysFresh(t *testing.T) {
	k := testCase(t)
	w := newCardWorld(t, "Mon 09:00", k)
	below := &slack.View{ID: "VCARD", Type: slack.VTModal, CallbackID: viewCard, PrivateMetadata: meta{Candidate: "cand_ana"}.String()}
	c := w.click(dana, "iv_ana")
	c.View = below
	if err := w.bot.openDecision(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var pushed slack.View
	if err := json.Unmarshal(w.views[0].Raw, &pushed); err != nil {
		t.Fatal(err)
	}
	if m := readMeta(pushed.PrivateMetadata); w.views[0].Method != "views.push" || m.Below != "VCARD" || m.BelowIs != viewCard || m.BelowOf != "cand_ana" || m.Interview != "iv_ana" {
		t.Errorf("%s %+v", w.views[0].Method, m)
	}
	s := &submission{Meta: readMeta(pushed.PrivateMetadata)}
	next := modal(viewNotice, "Notice", "", "Close", section("x"))
	next.PrivateMetadata = meta{Notice: "n"}.String()
	answer, _ := w.bot.lightened(s, slack.NewUpdateViewSubmissionResponse(&next)).(*slack.ViewSubmissionResponse)
	if m := readMeta(answer.View.PrivateMetadata); m.Below != "VCARD" || m.Notice != "n" {
		t.Errorf("what follows remembers %+v", m)
	}
	w.views = nil
	w.bot.refreshCard(t.Context(), w.people[dana], "VCARD", "cand_ana")
	if len(w.views) != 1 || w.views[0].Method != "views.update" || !strings.Contains(string(w.views[0].Raw), "Ana Diaz") {
		t.Errorf("shown anew: %+v", w.views)
	}
}
