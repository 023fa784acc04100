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
