package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func (w *world) stale() string {
	w.Helper()
	list, err := w.Stale(w.ctx(), 100)
	w.check(err)
	return keys(list, func(m outbox.StaleMessage) string {
		if m.Delete {
			return m.Key + "!"
		}
		return m.Key
	})
}

func TestAMessageIsKeptCurrent(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Pia")}}))
	same(t, "before it is posted", w.stale(), "")

	w.post("m", "iv", "coord")
	same(t, "posted", w.message("m"), &outbox.Message{Key: "m", Kind: "test", About: "about-m", Person: "Pia", Channel: "D1", TS: "1.m", Posted: noon, Hash: "hash"})
	same(t, "when posted", w.stale(), "")

	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}}))
	same(t, "when touched", w.stale(), "m ")
	rendered := *w.message("m")
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}})) // while it is being rendered
	rendered.Hash = "hash2"
	w.check(w.Shown(w.ctx(), rendered, []string{"iv"}))
	same(t, "touched meanwhile", w.stale(), "m ")
	w.check(w.Shown(w.ctx(), *w.message("m"), []string{"iv"}))
	same(t, "when shown", w.stale(), "")
	same(t, "hash", w.message("m").Hash, "hash2")

	w.reopen()
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}}))
	same(t, "after a restart", w.stale(), "m ")
	w.check(w.Gone(w.ctx(), "m"))
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}}))
	same(t, "when gone", w.stale(), "")
	same(t, "gone", w.message("m").Gone, true)
}

// What changed between the commit and the post is in the message; what changed
// while it was being posted isn't.
func TestATouchBeforeThePost(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Pia")}}))
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"about-m"}}))
	m := *w.message("m")
	m.Channel, m.TS, m.Posted, m.Hash = "D1", "1.1", noon, "hash"
	w.check(w.Posted(w.ctx(), m, []string{"about-m"}))
	same(t, "touched before", w.stale(), "")

	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("n", "Pia")}}))
	n := *w.message("n")
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"about-n"}}))
	n.Channel, n.TS, n.Posted, n.Hash = "D1", "1.2", noon, "hash"
	w.check(w.Posted(w.ctx(), n, []string{"about-n"}))
	same(t, "touched meanwhile", w.stale(), "n ")
}

// A message found in Slack after a lost answer shows nobody knows what.
func TestAFoundMessageIsRenderedAnew(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Pia")}}))
	m := *w.message("m")
	m.Channel, m.TS, m.Posted = "D1", "1.1", noon
	w.check(w.Posted(w.ctx(), m, []string{"about-m"}))
	same(t, "found", w.stale(), "m ")
	m.Hash = "hash"
	w.check(w.Shown(w.ctx(), m, []string{"about-m"}))
	same(t, "rendered", w.stale(), "")
}

func TestDeletedMessages(t *testing.T) {
	w := newWorld(t)
	b := outbox.Batch{Messages: []outbox.Message{dm("posted", "A"), dm("pending", "B"), dm("sending", "C"), dm("unknown", "D")}}
	w.check(w.Owe(w.ctx(), b))
	w.start("message:posted", "message:sending", "message:unknown")
	w.post("posted", "iv")
	w.finish("message:posted", outbox.Done)
	w.finish("message:unknown", outbox.Unknown)
	w.check(w.Owe(w.ctx(), outbox.Batch{Delete: []string{"posted", "pending", "sending", "unknown", "never"}}))

	same(t, "to be removed", w.stale(), "posted! ")
	same(t, "effects", w.effects(), map[string]string{
		"message:posted": "done", "message:pending": "dropped", "message:sending": "sending", "message:unknown": "unknown"})
	same(t, "never posted", w.message("pending").Gone, true)
	w.post("sending", "iv") // it had got through
	same(t, "to be removed", w.stale(), "posted! sending! ")
	w.check(w.Gone(w.ctx(), "posted"))
	w.check(w.Gone(w.ctx(), "sending"))
	same(t, "to be removed", w.stale(), "")
}

func TestHomeViews(t *testing.T) {
	w := newWorld(t)
	w.check(w.WantHome(w.ctx(), "Pia"))
	w.check(w.WantHome(w.ctx(), "Pia"))
	same(t, "wanted", w.stale(), "home:Pia ")
	same(t, "no post is owed", w.effects(), map[string]string{})
	m := *w.message("home:Pia")
	same(t, "home", m, outbox.Message{Key: "home:Pia", Kind: "home", About: "Pia", Person: "Pia", Want: 2})
	m.Hash = "h"
	w.check(w.Shown(w.ctx(), m, []string{"Pia", "iv"}))
	same(t, "shown", w.stale(), "")
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}}))
	same(t, "touched", w.stale(), "home:Pia ")
	w.check(w.Gone(w.ctx(), "home:Pia"))
	same(t, "gone", w.stale(), "")
	w.check(w.WantHome(w.ctx(), "Pia"))
	same(t, "opened again", w.stale(), "home:Pia ")
}

func TestStaleIsOldestFirst(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"c", "a", "b"} {
		w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm(key, "Pia")}}))
		w.post(key, "iv")
	}
	w.check(w.Owe(w.ctx(), outbox.Batch{Touch: []string{"iv"}}))
	same(t, "all", w.stale(), "c a b ")
	list, err := w.Stale(w.ctx(), 2)
	w.check(err)
	same(t, "limited", len(list), 2)
}

func TestNags(t *testing.T) {
	w := newWorld(t)
	nag := func(key, person string) {
		w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{{Key: key, Kind: "nag", About: person, Person: person}}}))
		w.wait(time.Hour)
	}
	nag("nag:Pia:1", "Pia") // 12:00
	nag("nag:Pia:2", "Pia") // 13:00, owed
	nag("nag:Pia:3", "Pia") // 14:00, dropped
	nag("nag:Quin:1", "Quin")
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("score", "Pia")}, Drop: []string{"message:nag:Pia:3"}}))
	w.start("message:nag:Pia:1")
	w.post("nag:Pia:1", "Pia")
	w.finish("message:nag:Pia:1", outbox.Done)
	w.check(w.Gone(w.ctx(), "nag:Pia:1")) // it was sent all the same
	never := time.Time{}
	for since, want := range map[time.Time]time.Time{
		noon.Add(-time.Hour): noon, noon: noon, noon.Add(time.Minute): noon.Add(time.Hour), noon.Add(2 * time.Hour): never,
	} {
		first, err := w.FirstNag(w.ctx(), "Pia", since)
		w.check(err)
		same(t, "first nag since "+since.Format("15:04"), first, want)
	}
}

func TestFirstTime(t *testing.T) {
	w := newWorld(t)
	see := func(key string, at time.Time, want bool) {
		t.Helper()
		first, err := w.FirstTime(w.ctx(), key, at)
		w.check(err)
		same(t, key, first, want)
	}
	see("Ev1", noon, true)
	see("Ev1", noon, false)
	w.reopen()
	see("Ev1", noon.Add(25*time.Hour), false)
	see("Ev2", noon.Add(27*time.Hour), true) // forgets what is older than 26 hours
	see("Ev1", noon.Add(27*time.Hour), true)
}

func TestSeen(t *testing.T) {
	w := newWorld(t)
	for _, want := range []bool{false, true} {
		seen, err := w.Seen(w.ctx(), "Ev1")
		w.check(err)
		same(t, "Ev1", seen, want)
		_, err = w.FirstTime(w.ctx(), "Ev1", noon)
		w.check(err)
	}
}

func TestMessageAt(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Pia"), dm("n", "Pia")}}))
	w.post("m", "iv")
	m, err := w.MessageAt(w.ctx(), "D1", "1.m")
	w.check(err)
	same(t, "the message in the place", m, w.message("m"))
	for _, place := range [][2]string{{"D1", "1.n"}, {"D2", "1.m"}, {"", ""}} {
		if m, err := w.MessageAt(w.ctx(), place[0], place[1]); !errors.Is(err, hiring.ErrNotFound) {
			t.Errorf("%q holds %+v, %v", place, m, err)
		}
	}
}

func TestSyncToken(t *testing.T) {
	w := newWorld(t)
	for _, token := range []string{"", "t1", "t1", "t2", ""} {
		w.check(w.SetSyncToken(w.ctx(), token))
		got, err := w.SyncToken(w.ctx())
		w.check(err)
		same(t, "token", got, token)
	}
}

func TestPeople(t *testing.T) {
	w := newWorld(t)
	pia := hiring.Person{ID: "Pia", Name: "Pia P", Email: "pia@example.com", Zone: "Europe/Berlin", Admin: true, Guest: true, Foreign: true, Bot: true, Deleted: true}
	ana := hiring.Person{ID: "U9", Name: "Ana"}
	w.check(w.SavePeople(w.ctx(), nil))
	w.check(w.SavePeople(w.ctx(), []hiring.Person{pia, ana}))
	pia.Admin, pia.Deleted, pia.Name = false, false, "Pia Q"
	w.check(w.SavePeople(w.ctx(), []hiring.Person{pia}))
	got, err := w.Person(w.ctx(), "Pia")
	w.check(err)
	same(t, "Pia", got, pia)
	everybody, err := w.People(w.ctx())
	w.check(err)
	same(t, "everybody", everybody, []hiring.Person{ana, pia})
	_, err = w.Person(w.ctx(), "nobody")
	isErr(t, err, hiring.ErrNotFound)
}
