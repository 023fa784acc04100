package schedule

import (
	"strings"
	"testing"
)

// Whoever stays keeps their place on the panel, in whatever order the people
// were chosen; whoever is new takes a place that was left.
func TestPlacesOnAPanel(t *testing.T) {
	for _, tt := range []struct{ why, before, chosen, want string }{
		{"a swap", "ann ben cy", "ann cy dee", "ann dee cy"},
		{"a swap, chosen in another order", "ann ben cy", "dee cy ann", "ann dee cy"},
		{"two swaps", "ann ben cy", "ben dee eve", "dee ben eve"},
		{"one leaves", "ann ben cy", "cy ann", "ann cy"},
		{"one more", "ann ben", "dee ann ben", "ann ben dee"},
		{"all new", "ann ben", "dee eve", "dee eve"},
	} {
		var got []string
		for _, p := range inPlaces(seats(tt.chosen), seats(tt.before)) {
			got = append(got, p.Person)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
	}
	// An optional one doesn't take the place of somebody required.
	if got := inPlaces(seats("ann", "dee"), seats("ben cy")); got[0].Person != "ann" || got[1].Person != "dee" {
		t.Errorf("the panel is %v", got)
	}
	if got := inPlaces(seats("ann", "ben", "dee"), seats("ben cy")); got[0].Person != "ben" || got[1].Person != "ann" || got[2].Person != "dee" {
		t.Errorf("the panel is %v", got)
	}
}
