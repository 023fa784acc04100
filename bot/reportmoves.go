package bot

import (
	"fmt"
	"strings"

	"convene/internal/hiring"
	"convene/internal/report"
)

// offLines count what didn't go as it was booked, each with its reasons.
func offLines(n report.Report) []*rich {
	moves := 0
	for _, m := range n.Moves {
		moves += m
	}
	line := fmt.Sprintf("Moves: %d", moves) +
		reasonsOf(n.Moves, append(hiring.MoveCauses[:len(hiring.MoveCauses):len(hiring.MoveCauses)], hiring.MoveGoogle, "")) +
		fmt.Sprintf(" · Cancelled: %d", n.Cancelled+n.Removed) +
		reasonsOf(n.Cancels, append(hiring.CancelCauses[:len(hiring.CancelCauses):len(hiring.CancelCauses)], hiring.CancelGoogle, "")) +
		fmt.Sprintf(" · Didn't come: %d", n.Causes[hiring.CauseNoShow])
	out := []*rich{say(line)}
	if rest := n.NotHeld - n.Causes[hiring.CauseNoShow]; rest > 0 {
		words := map[hiring.Cause]string{hiring.CauseWithdrew: "withdrew", hiring.CauseMoved: "held at another time", hiring.CauseOther: "other"}
		var parts []string
		for _, c := range hiring.Causes {
			if k := n.Causes[c]; k > 0 && words[c] != "" {
				parts = append(parts, fmt.Sprintf("%s %d", words[c], k))
			}
		}
		out = append(out, say(fmt.Sprintf("Not held for another reason: %d (%s)", rest, strings.Join(parts, ", "))))
	}
	return out
}

// reasonsOf writes counts by reason, e.g. " (candidate 2, panelist 1)"; "" when
// there are none.
func reasonsOf[C interface {
	comparable
	fmt.Stringer
}](counts map[C]int, order []C) string {
	var parts []string
	for _, c := range order {
		if counts[c] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", c, counts[c]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
