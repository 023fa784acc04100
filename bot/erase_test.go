package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// records is what exports and erasures need of the database, over the world's
// first case.
type records struct {
	*world
	candidate.RecordStore
	erased time.Time
}

func (r *records) Role(ctx context.Context, key string) (*hiring.Role, error) {
	return r.world.Role(ctx, key)
}

func (r *records) Material(context.Context, string) (*candidate.Material, error) {
	k := r.cases[0]
	m := &candidate.Material{
		Candidate: k.Candidate, Role: k.Role, Rubrics: map[string]*hiring.Role{k.Interview.RoleRevision: k.Role},
		Interviews: []*hiring.Interview{k.Interview}, Cards: k.Cards, People: r.people,
	}
	for _, s := range k.Cards {
		if s.Submitted() {
			m.Scorecards = append(m.Scorecards, s)
		}
	}
	return m, nil
}

func (r *records) Erasure(context.Context, string) (string, time.Time, error) {
	return carla, r.erased, nil
}

func (r *records) EraseCandidate(_ context.Context, _ string, at time.Time, plan func(*candidate.Holdings) (outbox.Batch, error)) error {
	if _, err := plan(&candidate.Holdings{Candidate: r.cases[0].Candidate}); err != nil {
		return err
	}
	r.cases[0].Candidate.ErasedAt, r.erased = at, at
	return nil
}

func recordsWorld(t *testing.T, k *hiring.Case) *world {
	w := newWorld(t, "Fri 09:00", k)
	w.bot.Records = &candidate.Records{Store: &records{world: w}, Now: func() time.Time { return w.now }}
	return w
}

// The export says what it holds, and what is left out for whom.
func TestExportAsks(t *testing.T) {
	k := testCase(t)
	w := recordsWorld(t, k)
	if err := w.bot.openExport(t.Context(), w.click(carla, "cand_ana")); err != nil {
		t.Fatal(err)
	}
	golden(t, "export", checkView(t, w.views[0].Raw))
	if err := w.bot.openExport(t.Context(), w.click(dana, "cand_ana")); err == nil || !strings.Contains(err.Error(), "Only a coordinator") {
		t.Errorf("a decider exports: %v", err)
	}
}

// An erasure within a year of the decision asks twice, and happens once.
func TestEraseAsksTwice(t *testing.T) {
	k := testCase(t)
	k.Candidate.AddedAt = at(t, "Wed 09:00")
	w := recordsWorld(t, k)
	ctx := t.Context()
	first, err := w.bot.eraseView(ctx, w.people[carla], "cand_ana")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "erase", marshalView(t, first))
	answer, err := w.bot.submitErase(ctx, w.submit(carla, first, nil))
	if err != nil || k.Candidate.Erased() {
		t.Fatalf("it doesn't ask twice: %v, %v", answer, err)
	}
	e, err := w.bot.Records.PreviewErase(ctx, "cand_ana", carla)
	if err != nil {
		t.Fatal(err)
	}
	second := eraseKeptView(e, w.people[carla])
	golden(t, "erase_kept", marshalView(t, second))
	if _, err := w.bot.submitEraseKept(ctx, w.submit(carla, second, nil)); err == nil || k.Candidate.Erased() {
		t.Error("it erases without the tick")
	}
	ticked := map[string]input{"sure": {SelectedOptions: []slack.OptionBlockObject{{Value: "yes"}}}}
	if _, err := w.bot.submitEraseKept(ctx, w.submit(dana, second, ticked)); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("a decider erases: %v", err)
	}
	if _, err := w.bot.submitEraseKept(ctx, w.submit(carla, second, ticked)); err != nil || !k.Candidate.Erased() {
		t.Errorf("it isn't erased: %v", err)
	}
	var already *hiring.AlreadyDone
	if _, err := w.bot.submitEraseKept(ctx, w.submit(carla, second, ticked)); !errors.As(err, &already) || already.By != carla {
		t.Errorf("a second click says %v", err)
	}
	w.now = w.now.AddDate(1, 0, 7)
	k.Candidate.ErasedAt = time.Time{}
	if _, err := w.bot.submitErase(ctx, w.submit(carla, first, nil)); err != nil || !k.Candidate.Erased() {
		t.Errorf("after a year it still asks twice: %v", err)
	}
}

// A message that names somebody who was erased is replaced in a channel that
// isn't fit any more, and goes where it can't be edited.
func TestWhatNamesTheErasedGoes(t *testing.T) {
	unfit := `{"ok":true,"channel":{"id":"C1","is_private":false}}`
	for name, tt := range map[string]struct {
		answers map[string]string
		call    string
	}{
		"unfit channel": {map[string]string{"conversations.info": unfit}, "chat.update"},
		"can't be edited": {map[string]string{
			"conversations.info": `{"ok":true,"channel":{"id":"C1","is_private":true}}`, "conversations.members": `{"ok":true,"members":[]}`,
			"chat.update": `{"ok":false,"error":"edit_window_closed"}`,
		}, "chat.delete"},
	} {
		k := testCase(t)
		m, store, calls := newMessenger(t, newWorld(t, "Wed 09:00", k), tt.answers)
		store.stale = []outbox.StaleMessage{{Message: outbox.Message{
			Key: "channel-booked:iv_ana:1", Kind: "channel-booked", About: "iv_ana", Role: k.Role.Key, Channel: "C1", TS: "1.1", Posted: at(t, "Wed 08:00"), Want: 2,
		}}}
		if _, err := m.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(*calls, tt.call) {
			t.Errorf("%s: only %v", name, *calls)
		}
	}
}

// Who reads of an event that Google keeps isn't told whose it was.
func TestUnerasedNamesNobody(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Fri 09:00", k)
	m, _, _ := newMessenger(t, w, nil)
	for _, key := range []string{"calendar:erase:iv_ana:1", "file:delete:F1"} {
		c, err := m.renderUnerased(t.Context(), outbox.Message{Key: "unerased:" + key, Kind: "unerased", About: key, Person: carla})
		if err != nil {
			t.Fatal(err)
		}
		if raw := string(checkMessage(t, c)); strings.Contains(raw, "Ana") {
			t.Errorf("it names them: %s", raw)
		}
		golden(t, "unerased_"+strings.Split(key, ":")[0], checkMessage(t, c))
	}
}

func (p *posts) Gone(_ context.Context, key string) error {
	p.owed = append(p.owed, key+" is gone")
	return nil
}
