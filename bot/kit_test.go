package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
)

func TestKit(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	golden(t, "kit_booked", checkMessage(t, w.render("panelist", "iv_ana", karly, "")))
	golden(t, "kit", checkMessage(t, w.render("kit", "iv_ana", mark, "")))

	k.Interview.Revision = 2
	moved := string(checkMessage(t, w.render("panelist", "iv_ana", karly, "Wed 08:00")))
	if !strings.Contains(moved, "was changed since it was booked") {
		t.Errorf("a moved interview isn't said to be: %s", moved)
	}
	k.Interview.State, k.Interview.Reason = hiring.Cancelled, "Ana is ill"
	golden(t, "kit_cancelled", checkMessage(t, w.render("panelist", "iv_ana", karly, "Wed 08:00")))
	if w.render("panelist", "iv_ana", karly, "") != nil {
		t.Error("a cancelled interview's kit would still be sent")
	}
}

func TestKitOfSomebodyWhoLeftThePanel(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	k.Interview.Panel = k.Interview.Panel[1:]
	got := string(checkMessage(t, w.render("panelist", "iv_ana", karly, "Wed 08:00")))
	if !strings.Contains(got, "no longer on the panel") || strings.Contains(got, "Captions") || strings.Contains(got, "ana.pdf") {
		t.Errorf("the message shows %s", got)
	}
}

func TestKitIsTooLateAfterTheStart(t *testing.T) {
	w := newWorld(t, "Wed 14:05", testCase(t))
	if w.render("kit", "iv_ana", karly, "") != nil {
		t.Error("a kit would be sent after the interview's start")
	}
}

func TestLargestKitFits(t *testing.T) {
	k := extremeCase(t, 1)
	k.Cards, k.Decision, k.Notice = nil, nil, nil
	w := newWorld(t, "Wed 09:00", k)
	got := string(checkMessage(t, w.render("panelist", "iv_1", karly, "")))
	if !strings.Contains(got, "The rest is in the scorecard") {
		t.Error("a cut kit doesn't say where the rest is")
	}
}
