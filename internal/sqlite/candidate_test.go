package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

func TestCandidatesComeBackAsTheyWereAdded(t *testing.T) {
	w := newWorld(t)
	want := w.candidate("ana")
	w.reopen()
	got, err := w.Candidate(w.ctx(), "ana")
	w.check(err)
	same(t, "candidate", got, want)
	_, err = w.Candidate(w.ctx(), "none")
	isErr(t, err, hiring.ErrNotFound)
}

func TestAnAddressIsOneCandidateOfARole(t *testing.T) {
	w := newWorld(t)
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("coord", "rev1"), testRole("writer", "w1")}))
	first := w.candidate("ana")
	twin := *first
	twin.ID, twin.Name, twin.Email = "ana2", "Ana Again", "ANA@Example.COM"
	err := w.AddCandidate(w.ctx(), &twin, outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "candidate.added", Subject: "ana2"}}})
	var dup *candidate.Duplicate
	if !errors.As(err, &dup) || dup.ID != "ana" || dup.Name != first.Name {
		t.Fatalf("error %v, want the candidate who is there", err)
	}
	_, err = w.Candidate(w.ctx(), "ana2")
	isErr(t, err, hiring.ErrNotFound)
	twin.RoleKey = "writer"
	w.check(w.AddCandidate(w.ctx(), &twin, outbox.Batch{})) // another role is another matter
	twin.Email = "other@example.com"
	if err := w.AddCandidate(w.ctx(), &twin, outbox.Batch{}); err == nil {
		t.Error("an id was used twice")
	}
}

func TestFindCandidates(t *testing.T) {
	w := newWorld(t)
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("coord", "rev1"), testRole("writer", "w1")}))
	add := func(id, role, name, email string, state hiring.CandidateState) {
		w.wait(time.Minute)
		w.check(w.AddCandidate(w.ctx(), &hiring.Candidate{
			ID: id, RoleKey: role, Name: name, Email: email, Zone: "UTC", LatestHour: time.Hour, Stage: "round1", State: state, AddedAt: w.clock(),
		}, outbox.Batch{}))
	}
	add("1", "coord", "Ángela ÖZTÜRK", "angela@example.com", hiring.Active)
	add("2", "coord", "100% Bot_name", "percent@example.com", hiring.Active)
	add("3", "coord", "Zoë Declined", "zoe@example.com", hiring.Declined)
	add("4", "writer", "Ángela Elsewhere", "else@example.com", hiring.Active)
	add("5", "coord", "Иван Петров", "ivan@example.com", hiring.Active)
	for words, want := range map[string]string{
		"":               "5 2 1 3 ", // active ones first, newest first
		"ángela":         "1 ",
		"öztürk ÁNGELA":  "1 ",
		"ИВАН":           "5 ",
		"%":              "2 ",
		"_":              "2 ",
		"ZOE@":           "3 ",
		"example.com":    "5 2 1 3 ",
		"ángela zoe":     "",
		`\`:              "",
		"'; DROP TABLE ": "",
	} {
		list, err := w.FindCandidates(w.ctx(), []string{"coord"}, words, 10)
		w.check(err)
		same(t, words, keys(list, func(c *hiring.Candidate) string { return c.ID }), want)
	}
	list, err := w.FindCandidates(w.ctx(), []string{"coord", "writer"}, "ángela", 1)
	w.check(err)
	same(t, "limited, both roles", keys(list, func(c *hiring.Candidate) string { return c.ID }), "4 ")
	list, err = w.FindCandidates(w.ctx(), nil, "", 10)
	w.check(err)
	same(t, "no roles", len(list), 0)
}
