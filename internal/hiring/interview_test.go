package hiring

import "testing"

// Who has said why they owe none owes none, is still on the panel, and reads no
// more than before.
func TestExcusedPanelist(t *testing.T) {
	iv := &Interview{Panel: []Panelist{
		{Person: "ana", Part: Required},
		{Person: "ben", Part: Required, Excused: Excuse{Kind: Absent, Reason: "Ill"}},
		{Person: "cy", Part: Optional},
	}}
	for person, owes := range map[string]bool{"ana": true, "ben": false, "cy": false, "dee": false} {
		if got := iv.Owes(person); got != owes {
			t.Errorf("%s owes a scorecard: %t", person, got)
		}
	}
	if !iv.Excused("ben") || iv.Excused("ana") || iv.Excused("dee") {
		t.Error("only Ben is excused")
	}
	b := Panelboard{Interview: iv}
	if in, owed := b.Count(); in != 0 || owed != 1 || len(b.Owing()) != 1 || b.Complete() {
		t.Errorf("%d of %d in, %v owing", in, owed, b.Owing())
	}
	b.Submitted = []string{"ana"}
	role := &Role{}
	if !b.Complete() || MayRead("ben", "ana", role, b) {
		t.Error("complete without Ben, who is on the panel and has handed nothing in")
	}
}

// Reopening doesn't undo that the scorecards could be read.
func TestWasOpen(t *testing.T) {
	iv := &Interview{Panel: []Panelist{{Person: "ana", Part: Required}, {Person: "ben", Part: Required}, {Person: "cy", Part: Required, Excused: Excuse{Kind: Absent}}}}
	for _, tt := range []struct {
		why      string
		versions map[string]int // submitted, by panelist
		revealed string
		want     bool
	}{
		{"nobody's in", nil, "", false},
		{"one of two", map[string]int{"ana": 1}, "", false},
		{"a draft beside it", map[string]int{"ana": 1, "ben": 0}, "", false},
		{"opened early", map[string]int{"ana": 1}, "carla", true},
		{"opened with nothing in", map[string]int{"ana": 0}, "carla", false},
		{"all, whatever was reopened since", map[string]int{"ana": 1, "ben": 2}, "", true},
	} {
		c := &Case{Interview: iv, Revealed: tt.revealed}
		for person, n := range tt.versions {
			c.Cards = append(c.Cards, &Scorecard{Panelist: person, Version: n})
		}
		if got := c.WasOpen(); got != tt.want {
			t.Errorf("%s: %t", tt.why, got)
		}
	}
}
