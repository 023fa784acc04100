package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"convene/internal/hiring"
)

// Reasons are read whole: a menu cuts what is longer than 75 characters, and
// "Best: " stands before the first.
func TestReasonsHaveRoom(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10} {
		for _, away := range []bool{false, true} {
			q := question(t)
			q.CandidateZone = zone(t, "America/Los_Angeles")
			q.Latest = 24 * time.Hour
			first := q.Panel[0]
			q.Panel = nil
			for i := range n {
				a := first
				a.ID, a.Name = fmt.Sprint("p", i), strings.Repeat("Ж", 30)+fmt.Sprint(" ", i, strings.Repeat(" Long", 8))
				if i%2 == 1 {
					a.Hours.Start, a.Hours.End = a.Hours.Start+time.Hour, a.Hours.End+time.Hour
				}
				q.Panel = append(q.Panel, a)
			}
			if away { // an optional person who never can
				a := first
				a.ID, a.Name, a.Part = "away", "Away Person", hiring.Optional
				a.Calendar.Busy = []hiring.Interval{{Start: q.Now, End: q.Until.Add(24 * time.Hour)}}
				q.Panel = append(q.Panel, a)
			}
			for _, s := range Find(q).Slots {
				why := strings.Join(s.Reasons, ", ")
				if size := utf8.RuneCountInString(why); size == 0 || size > 75-len("Best: ") {
					t.Errorf("%d people: %d characters: %s", n, size, why)
				}
				if early := s.Start.In(q.CandidateZone).Hour() < 9; early != strings.Contains(why, "early for the candidate") {
					t.Errorf("%s: %s", s.Start.In(q.CandidateZone), why)
				}
				if away && !strings.Contains(why, "without Away") {
					t.Errorf("%d people: it isn't said that it is without Away: %s", n, why)
				}
			}
		}
	}
}

// Who shares a first name is called by the whole one.
func TestReasonsCallPeopleApart(t *testing.T) {
	q := question(t)
	other := q.Panel[0]
	q.Panel = slices.Clone(q.Panel)
	q.Panel[0].Name = "Karly Oykhman"
	other.ID, other.Name = "other", "Karly Park"
	other.Hours.End -= 2 * time.Hour
	q.Panel = append(q.Panel, other)
	said := fmt.Sprint(Find(q).Slots)
	if !strings.Contains(said, "last thing for Karly Park") || strings.Contains(said, "last thing for Karly,") {
		t.Error(said)
	}
}

// Whoever books a time anyway confirms what they were shown, and nothing else.
func TestConfirmed(t *testing.T) {
	q := question(t)
	at := q.Now
	with := hiring.Interval{Start: at, End: at.Add(time.Hour)}
	any := &AnyTime{Against: []Objection{
		{Rule: RuleBusy, Who: "ann", With: with}, {Rule: RuleUnreadable, Who: "ben"}, {Rule: RuleLate, Who: "cy"},
	}}
	o := any.confirmed("karly", at)
	if o == nil || o.By != "karly" || !o.Covers("ann", with) || o.Covers("ben", with) || !o.CoversUnknown("ben") || o.CoversUnknown("cy") {
		t.Errorf("confirmed: %+v", o)
	}
	if (&AnyTime{}).confirmed("karly", at) != nil {
		t.Error("nothing was to be confirmed")
	}
}
