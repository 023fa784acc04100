package hiring

import (
	"fmt"
	"slices"
	"testing"
)

// The people of the tables below.
const (
	ann = "ann" // required
	bob = "bob" // required
	oli = "oli" // optional
	sam = "sam" // shadow
	cai = "cai" // coordinator
	dee = "dee" // decider
	col = "col" // coordinator and required panelist
	don = "don" // decider and required panelist
	els = "els" // panelist of another interview of the role
	nia = "nia" // nobody
)

func board(submitted []string, revealed bool) Panelboard {
	return Panelboard{
		Interview: &Interview{Panel: []Panelist{
			{Person: ann, Part: Required}, {Person: bob, Part: Required}, {Person: col, Part: Required}, {Person: don, Part: Required},
			{Person: oli, Part: Optional}, {Person: sam, Part: Shadow},
		}},
		Submitted: submitted, Revealed: revealed,
	}
}

func teamRole() *Role {
	return &Role{Setup: Setup{
		Coordinators: []string{cai, col}, Deciders: []string{dee, don},
		People: map[string][]string{"owner": {els}, "strategist": {ann}},
	}}
}

// TestIndependence is the rule as a table: who may read Ann's scorecard, which
// is in wherever the state says so. Rows are viewers; columns are states.
func TestIndependence(t *testing.T) {
	required := []string{ann, bob, col, don}
	others := []string{ann, bob} // two of four are in
	states := []struct {
		name      string
		submitted []string // besides the viewer's own, in the second half
		revealed  bool
	}{
		{"two in", others, false},
		{"two in, revealed", others, true},
		{"all required in", required, false},
		{"all required in, revealed", required, true},
	}
	const yes, no = true, false
	for _, tt := range []struct {
		viewer  string
		why     string
		without [4]bool // the viewer's own is not in
		with    [4]bool // it is
	}{
		{ann, "her own", [4]bool{yes, yes, yes, yes}, [4]bool{yes, yes, yes, yes}},
		{bob, "required", [4]bool{no, no, no, no}, [4]bool{no, yes, yes, yes}},
		{oli, "optional", [4]bool{no, no, no, no}, [4]bool{no, yes, yes, yes}},
		{sam, "shadow", [4]bool{no, no, no, no}, [4]bool{no, yes, yes, yes}},
		{col, "coordinator on the panel", [4]bool{no, no, no, no}, [4]bool{no, yes, yes, yes}},
		{don, "decider on the panel", [4]bool{no, no, no, no}, [4]bool{no, yes, yes, yes}},
		{cai, "coordinator", [4]bool{no, yes, yes, yes}, [4]bool{no, yes, yes, yes}},
		{dee, "decider", [4]bool{no, yes, yes, yes}, [4]bool{no, yes, yes, yes}},
		{els, "panelist of another interview", [4]bool{no, no, no, no}, [4]bool{no, no, no, no}},
		{nia, "stranger", [4]bool{no, no, no, no}, [4]bool{no, no, no, no}},
	} {
		for i, s := range states {
			missing := slices.DeleteFunc(slices.Clone(s.submitted), func(p string) bool { return p == tt.viewer })
			if got := MayRead(tt.viewer, ann, teamRole(), board(missing, s.revealed)); got != tt.without[i] {
				t.Errorf("%s (%s), %s, own missing: may read %t", tt.viewer, tt.why, s.name, got)
			}
			if got := MayRead(tt.viewer, ann, teamRole(), board(append(missing, tt.viewer), s.revealed)); got != tt.with[i] {
				t.Errorf("%s (%s), %s, own in: may read %t", tt.viewer, tt.why, s.name, got)
			}
		}
	}
}

// Whatever is in and revealed, nobody of the panel reads another's before their
// own is in, and nobody without a part reads anything.
func TestIndependenceHoldsInEveryState(t *testing.T) {
	everybody := []string{ann, bob, col, don, oli, sam, cai, dee, els, nia}
	panel := everybody[:6]
	for bits := range 1 << (len(panel) + 1) {
		var in []string
		for i, p := range panel {
			if bits&(1<<i) != 0 {
				in = append(in, p)
			}
		}
		b := board(in, bits&(1<<len(panel)) != 0)
		for _, viewer := range everybody {
			for _, author := range panel {
				got := MayRead(viewer, author, teamRole(), b)
				owes := slices.Contains(panel, viewer) && !slices.Contains(in, viewer)
				early := !b.Complete() && !b.Revealed
				stranger := viewer == els || viewer == nia
				if want := viewer == author || !owes && !early && !stranger; got != want {
					t.Fatalf("in %v, revealed %t: %s reads %s's: %t, want %t", in, b.Revealed, viewer, author, got, want)
				}
			}
		}
	}
}

func TestWhoMayReveal(t *testing.T) {
	for _, tt := range []struct {
		viewer string
		in     []string
		want   bool
	}{
		{cai, nil, true}, {cai, []string{ann}, true},
		{col, []string{ann}, false}, {col, []string{ann, col}, true},
		{dee, []string{ann}, false}, {don, []string{ann, don}, false},
		{ann, []string{ann}, false}, {nia, nil, false},
	} {
		if got := MayReveal(tt.viewer, teamRole(), board(tt.in, false)); got != tt.want {
			t.Errorf("%s with %v in: may reveal %t, want %t", tt.viewer, tt.in, got, tt.want)
		}
	}
}

func TestCountOfScorecards(t *testing.T) {
	for _, tt := range []struct {
		in       []string
		n, owed  int
		complete bool
		owing    []string
	}{
		{nil, 0, 4, false, []string{ann, bob, col, don}},
		{[]string{oli, sam}, 0, 4, false, []string{ann, bob, col, don}},
		{[]string{ann, sam, bob}, 2, 4, false, []string{col, don}},
		{[]string{don, col, bob, ann}, 4, 4, true, nil},
		{[]string{don, col, bob, ann, els}, 4, 4, true, nil},
	} {
		b := board(tt.in, false)
		n, owed := b.Count()
		got := fmt.Sprint(n, owed, b.Complete(), b.Owing())
		if want := fmt.Sprint(tt.n, tt.owed, tt.complete, tt.owing); got != want {
			t.Errorf("with %v in: %s, want %s", tt.in, got, want)
		}
	}
	if !(Panelboard{Interview: &Interview{Panel: []Panelist{{Person: sam, Part: Shadow}}}}).Complete() {
		t.Error("a panel that owes nothing waits for something")
	}
}
