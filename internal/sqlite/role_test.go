package sqlite_test

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

func roleKeys(list []*hiring.Role) string {
	return keys(list, func(r *hiring.Role) string { return r.Key + "@" + r.Revision })
}

func TestRolesComeBackAsTheyWerePut(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		got, err := w.Role(w.ctx(), "coord")
		w.check(err)
		want := testRole("coord", "rev1")
		want.Setup = testSetup()
		same(t, "role", got, want)
		w.reopen()
	}
	_, err := w.Role(w.ctx(), "none")
	isErr(t, err, hiring.ErrNotFound)
}

func TestRevisionsStay(t *testing.T) {
	w := newWorld(t)
	first := testRole("coord", "rev1")
	second := testRole("coord", "rev2")
	second.Title = "Senior coordinator"
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("writer", "w1"), second}))
	roles, err := w.Roles(w.ctx())
	w.check(err)
	same(t, "roles, in the order given", roleKeys(roles), "writer@w1 coord@rev2 ")
	old, err := w.RoleRevision(w.ctx(), "coord", "rev1")
	w.check(err)
	same(t, "title of rev1", old.Title, first.Title)
	same(t, "setup is today's", old.Setup, testSetup())
	same(t, "writer isn't set up", roles[0].Setup, hiring.Setup{RoleKey: "writer"})
	_, err = w.RoleRevision(w.ctx(), "coord", "rev9")
	isErr(t, err, hiring.ErrNotFound)

	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("writer", "w1")}))
	roles, err = w.Roles(w.ctx())
	w.check(err)
	same(t, "its file is gone", roleKeys(roles), "writer@w1 ")
	still, err := w.Role(w.ctx(), "coord")
	w.check(err)
	same(t, "but open cases find it", still.Title, "Senior coordinator")
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{first}))
	roles, err = w.Roles(w.ctx())
	w.check(err)
	same(t, "back to the first", roleKeys(roles), "coord@rev1 ")
}

// A newer program may read more out of the same file.
func TestTheNewestReadingOfARevisionCounts(t *testing.T) {
	w := newWorld(t)
	_, err := w.Role(w.ctx(), "coord") // read once
	w.check(err)
	better := testRole("coord", "rev1")
	better.Culture = []string{"kind"}
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{better}))
	got, err := w.Role(w.ctx(), "coord")
	w.check(err)
	same(t, "culture", got.Culture, []string{"kind"})
}

func TestARoleOfANewRevisionIsShownAnew(t *testing.T) {
	w := newWorld(t)
	w.check(w.Owe(w.ctx(), outbox.Batch{Messages: []outbox.Message{dm("m", "Pia")}}))
	w.post("m", "coord")
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("coord", "rev1")}))
	same(t, "same revision", w.stale(), "")
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("coord", "rev2")}))
	same(t, "new revision", w.stale(), "m ")
}

func TestSetupHistoryIsInTheAuditTrail(t *testing.T) {
	w := newWorld(t)
	s := testSetup()
	s.Deciders = []string{"Dan"}
	w.check(w.saveSetup(s, outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "role.setup", Subject: "coord"}}}))
	r, err := w.Role(w.ctx(), "coord")
	w.check(err)
	same(t, "setup", r.Setup, s)
	lines, err := w.Audit(w.ctx(), 0, 100)
	w.check(err)
	var deciders []string
	for _, l := range lines {
		if l.Action == "setup.saved" && l.Subject == "coord" {
			_, after, _ := strings.Cut(l.Detail, `"deciders":`)
			deciders = append(deciders, after[:7])
		}
	}
	same(t, "deciders before and now", deciders, []string{`["Dee"]`, `["Dan"]`})
	isErr(t, w.saveSetup(hiring.Setup{RoleKey: "none"}, outbox.Batch{}), hiring.ErrNotFound)
}
