package hiring

import (
	"slices"
	"testing"
)

// More people of the tables below; the others are in access_test.go.
const (
	exa = "exa" // required, wasn't there
	han = "han" // required, handed over to Sti
	sti = "sti" // stands in for Han
	exc = "exc" // coordinator and panelist, wasn't there
	exd = "exd" // decider and panelist, handed over to Sti
	wes = "wes" // coordinator of the workspace, not of the role
	lef = "lef" // left the panel, with a scorecard that is in
	gus = "gus" // guest
)

// panelCase is an interview with everybody in every part.
func panelCase() *Case {
	excused := func(person string, kind ExcuseKind, standIn string) Panelist {
		return Panelist{Person: person, Part: Required, Excused: Excuse{Kind: kind, StandIn: standIn}}
	}
	role := teamRole()
	role.Setup.Coordinators, role.Setup.Deciders = append(role.Setup.Coordinators, exc), append(role.Setup.Deciders, exd)
	return &Case{Role: role, Interview: &Interview{State: Booked, Stage: "panel", Panel: []Panelist{
		{Person: ann, Part: Required}, {Person: bob, Part: Required}, {Person: col, Part: Required}, {Person: don, Part: Required},
		{Person: oli, Part: Optional}, {Person: sam, Part: Shadow},
		excused(exa, Absent, ""), excused(exc, Absent, ""), excused(han, HandedOver, sti), excused(exd, HandedOver, sti),
		{Person: sti, Part: Required},
	}}}
}

// owing are those whose scorecards are required, scoring all who can hand one in.
var (
	owing   = []string{ann, bob, col, don, sti}
	scoring = append(slices.Clone(owing), oli, sam)
)

// panelStates are the moments of an interview: whose scorecards are in when the
// viewer looks, and what else is so.
var panelStates = []struct {
	name  string
	in    func(viewer string) []string
	after func(*Case)
}{
	{"nobody's in", func(string) []string { return nil }, nil},
	{"only the viewer's in", func(v string) []string { return just(v) }, nil},
	{"Ann's in", func(string) []string { return []string{ann} }, nil},
	{"Ann's and the viewer's in", func(v string) []string { return append(just(v), without([]string{ann}, v)...) }, nil},
	{"all others' in", func(v string) []string { return without(scoring, v) }, nil},
	{"all in", func(string) []string { return scoring }, nil},
	{"revealed, without the viewer's", func(v string) []string { return without([]string{ann, oli}, v) }, reveal},
	{"revealed, with the viewer's", func(v string) []string { return append(just(v), without([]string{ann, oli}, v)...) }, reveal},
	{"all were in, Bob has reopened his", func(string) []string { return without(scoring, bob) }, nil},
	{"revealed, Bob has reopened his", func(string) []string { return without(scoring, bob) }, reveal},
	{"Bob is excused, all others' in", func(string) []string { return without(scoring, bob) }, func(c *Case) {
		c.Interview.Panel[1].Excused.Kind = Absent
	}},
	{"not held after all", func(string) []string { return without(scoring, bob) }, func(c *Case) { c.Interview.State = NotHeld }},
}

func reveal(c *Case) { c.Revealed = cai }

// just is the viewer, if they can hand a scorecard in.
func just(viewer string) []string {
	if slices.Contains(scoring, viewer) {
		return []string{viewer}
	}
	return nil
}

func without(people []string, person string) []string {
	return slices.DeleteFunc(slices.Clone(people), func(p string) bool { return p == person })
}

// inState is the interview as the viewer finds it: what they may read is in
// cards, so that whoever left has one too.
func inState(viewer string, i int) *Case {
	c := panelCase()
	for _, p := range append([]string{lef}, panelStates[i].in(viewer)...) {
		c.Cards = append(c.Cards, &Scorecard{Panelist: p, SubmittedAt: friday})
	}
	c.Cards = append(c.Cards, &Scorecard{Panelist: han}, &Scorecard{Panelist: exa}) // drafts are nobody's to read
	if panelStates[i].after != nil {
		panelStates[i].after(c)
	}
	return c
}

// sees tells what of the case's scorecards the viewer reads: "." none, "o" their
// own alone, "A" all that are in.
func sees(t *testing.T, c *Case, viewer string) string {
	t.Helper()
	in := c.Panelboard().Submitted
	got := c.Readable(viewer)
	for _, author := range in {
		if MayRead(viewer, author, c.Role, c.Panelboard()) != slices.ContainsFunc(got, func(s *Scorecard) bool { return s.Panelist == author }) {
			t.Errorf("%s: MayRead and Readable differ about %s", viewer, author)
		}
	}
	switch {
	case len(got) == 0:
		return "."
	case len(got) == 1 && got[0].Panelist == viewer:
		return "o"
	case len(got) == len(in):
		return "A"
	default:
		return "?" + names(got)
	}
}

// TestIndependenceOfEverybodyInEveryState is the rule of PRODUCT.md as a table.
// A column is a state, in the order of panelStates; "r" of reveals is who may
// open the scorecards early then.
func TestIndependenceOfEverybodyInEveryState(t *testing.T) {
	// 1 nobody's in      4 Ann's, the viewer's  7 revealed, without  10 revealed, Bob reopened
	// 2 the viewer's in  5 all others' in       8 revealed, with     11 Bob is excused
	// 3 Ann's in         6 all in               9 Bob has reopened   12 not held
	for _, tt := range []struct{ viewer, why, reads, reveals string }{
		{ann, "required", ".ooo.A.AoAAo", "............"},
		{bob, "required", ".o.o.A.A....", "............"},
		{col, "coordinator and required", ".o.o.A.AoAAo", ".r.r.r.rrrrr"},
		{don, "decider and required", ".o.o.A.AoAAo", "............"},
		{sti, "stands in", ".o.o.A.AoAAo", "............"},
		{oli, "optional", ".o.o.A.AoAAo", "............"},
		{sam, "shadow", ".o.o.A.AoAAo", "............"},
		{exa, "wasn't there", "............", "............"},
		{han, "handed over", "............", "............"},
		{exc, "coordinator, wasn't there", "....AAAA.AA.", "rrrrrrrrrrrr"},
		{exd, "decider, handed over", "....AAAA.AA.", "............"},
		{cai, "coordinator", "....AAAA.AA.", "rrrrrrrrrrrr"},
		{dee, "decider", "....AAAA.AA.", "............"},
		{lef, "left the panel", "oooooooooooo", "............"},
		{els, "of another interview", "............", "............"},
		{wes, "the workspace's coordinator", "............", "............"},
		{gus, "guest", "............", "............"},
		{nia, "stranger", "............", "............"},
	} {
		for i, state := range panelStates {
			c := inState(tt.viewer, i)
			if got := sees(t, c, tt.viewer); got != tt.reads[i:i+1] {
				t.Errorf("%s (%s), %s: reads %q, want %q", tt.viewer, tt.why, state.name, got, tt.reads[i:i+1])
			}
			if got := MayReveal(tt.viewer, c.Role, c.Panelboard()); got != (tt.reveals[i] == 'r') {
				t.Errorf("%s (%s), %s: may reveal %t", tt.viewer, tt.why, state.name, got)
			}
		}
	}
}

// Each interview is read by its own rule: whoever held an earlier one reads
// nothing of a later one because of it, nor the other way round. Coordinators and
// deciders read a finished earlier one, also when they owe a scorecard of the
// later.
func TestIndependenceBetweenStages(t *testing.T) {
	interview := func(stage string, in []string, panel ...string) *Case {
		c := &Case{Role: panelCase().Role, Interview: &Interview{State: Booked, Stage: stage}}
		for _, p := range panel {
			c.Interview.Panel = append(c.Interview.Panel, Panelist{Person: p, Part: Required})
		}
		for _, p := range in {
			c.Cards = append(c.Cards, &Scorecard{Panelist: p, SubmittedAt: friday})
		}
		return c
	}
	for _, tt := range []struct {
		viewer, why string
		// What they read of: the finished first round, one that waits for Els; the
		// last interview, where Els's alone is in, and where all are.
		first, open, last, all string
	}{
		{ann, "held the first round, sits on the panel", "A", "o", ".", "."},
		{col, "coordinator who held the first round", "A", "o", ".", "A"},
		{els, "held the first round, holds the last", "A", ".", "o", "A"},
		{bob, "sits on the panel alone", ".", ".", ".", "."},
		{sam, "shadows the panel", ".", ".", ".", "."},
		{don, "decider on the panel, owes the last", "A", ".", ".", "A"},
		{cai, "coordinator", "A", ".", ".", "A"},
		{dee, "decider", "A", ".", ".", "A"},
		{wes, "the workspace's coordinator", ".", ".", ".", "."},
		{nia, "stranger", ".", ".", ".", "."},
	} {
		for i, want := range []string{tt.first, tt.open, tt.last, tt.all} {
			c := []*Case{
				interview("round1", []string{ann, col, els}, ann, col, els),
				interview("round1", []string{ann, col}, ann, col, els),
				interview("last", []string{els}, els, don),
				interview("last", []string{els, don}, els, don),
			}[i]
			if got := sees(t, c, tt.viewer); got != want {
				t.Errorf("%s (%s): of interview %d they read %q, want %q", tt.viewer, tt.why, i+1, got, want)
			}
		}
	}
}
