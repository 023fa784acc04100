package hiring

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var friday = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

// heldCase is an interview that ended on Friday 15:00 with two required
// panelists and a shadow.
func heldCase() *Case {
	return &Case{
		Role:      &Role{Setup: Setup{Coordinators: []string{cai}, Deciders: []string{dee, don}}, Stages: []Stage{{ID: "round1", Name: "Screening"}}},
		Candidate: &Candidate{ID: "c", State: Active},
		Interview: &Interview{
			ID: "iv", Stage: "round1", State: Booked, Start: friday.Add(-time.Hour), End: friday,
			Panel: []Panelist{{Person: ann, Part: Required}, {Person: bob, Part: Required}, {Person: sam, Part: Shadow}},
		},
	}
}

func (c *Case) in(people ...string) {
	for _, p := range people {
		c.Cards = append(c.Cards, &Scorecard{InterviewID: "iv", Panelist: p, Version: 1, SubmittedAt: friday})
	}
}

func TestWhatACaseWaitsFor(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*Case)
		want   string
	}{
		{"nothing is in", func(*Case) {}, "scorecards [ann bob]"},
		{"a shadow's is in", func(c *Case) { c.in(sam) }, "scorecards [ann bob]"},
		{"one is in", func(c *Case) { c.in(bob) }, "scorecards [ann]"},
		{"a draft isn't in", func(c *Case) { c.in(bob); c.Cards = append(c.Cards, &Scorecard{Panelist: ann}) }, "scorecards [ann]"},
		{"both are in", func(c *Case) { c.in(ann, bob) }, "decision [dee don]"},
		{"a coordinator chose to do without", func(c *Case) { c.in(bob); c.Revealed = cai }, "decision [dee don]"},
		{"decided before all were in", func(c *Case) { c.Decision = &Decision{Outcome: Decline, By: dee} }, "notice [dee]"},
		{"decided, a draft", func(c *Case) {
			c.in(ann, bob)
			c.Decision, c.Notice = &Decision{Outcome: Advance, By: dee}, &Notice{State: NoticeDraft}
		}, "notice [dee]"},
		{"approved by somebody else", func(c *Case) {
			c.in(ann, bob)
			c.Decision, c.Notice = &Decision{Outcome: Advance, By: dee}, &Notice{State: NoticeApproved, ApprovedBy: cai}
		}, "notice [cai]"},
		{"the mail is in doubt", func(c *Case) {
			c.Decision, c.Notice = &Decision{Outcome: Advance, By: dee}, &Notice{State: NoticeUnsure, ApprovedBy: cai}
		}, "notice [cai]"},
		{"told", func(c *Case) { c.Decision, c.ToldAt = &Decision{Outcome: Advance, By: dee}, friday.Add(time.Hour) }, " []"},
		{"a hold, not told", func(c *Case) {
			c.Decision, c.Notice = &Decision{Outcome: Hold, By: dee}, &Notice{State: NoticeApproved, ApprovedBy: cai}
		}, "notice [cai]"},
		{"a hold, told: to be decided anew", func(c *Case) {
			c.Decision, c.Notice = &Decision{Outcome: Hold, By: dee}, &Notice{State: NoticeTold, ApprovedBy: cai}
		}, "decision [dee don]"},
		{"withdrawn", func(c *Case) { c.Candidate.State = Withdrawn }, " []"},
		{"declined, not told", func(c *Case) {
			c.Candidate.State, c.Decision = Declined, &Decision{Outcome: Decline, By: dee}
		}, "notice [dee]"},
		{"not over", func(c *Case) { c.Interview.End = friday.Add(time.Second) }, " []"},
		{"cancelled", func(c *Case) { c.Interview.State = Cancelled }, " []"},
		{"deleted in Google", func(c *Case) { c.Interview.State = Removed }, " []"},
		{"not held", func(c *Case) { c.Interview.State = NotHeld }, " []"},
	} {
		c := heldCase()
		tt.change(c)
		need, who := c.Waiting(friday)
		if got := fmt.Sprint(need, " ", who); got != tt.want {
			t.Errorf("%s: waits for %s, want %s", tt.why, got, tt.want)
		}
		if c.Open(friday) != (need != NeedNothing) {
			t.Errorf("%s: open %t but needs %q", tt.why, c.Open(friday), need)
		}
	}
}

func TestReadableCards(t *testing.T) {
	c := heldCase()
	c.in(ann, sam)
	c.Cards = append(c.Cards, &Scorecard{Panelist: bob})
	for viewer, want := range map[string]string{ann: "ann", sam: "sam", bob: "", cai: "", dee: "", nia: ""} {
		if got := names(c.Readable(viewer)); got != want {
			t.Errorf("before all are in %s reads %q, want %q", viewer, got, want)
		}
	}
	c.Cards[2].SubmittedAt = friday
	for viewer, want := range map[string]string{ann: "ann sam bob", sam: "ann sam bob", bob: "ann sam bob", cai: "ann sam bob", dee: "ann sam bob", nia: ""} {
		if got := names(c.Readable(viewer)); got != want {
			t.Errorf("when all are in %s reads %q, want %q", viewer, got, want)
		}
	}
	// A scorecard that is reopened closes the others again.
	c.Cards[2].SubmittedAt = time.Time{}
	for viewer, want := range map[string]string{bob: "", dee: "", ann: "ann"} {
		if got := names(c.Readable(viewer)); got != want {
			t.Errorf("after Bob reopened his, %s reads %q, want %q", viewer, got, want)
		}
	}
}

func names(cards []*Scorecard) string {
	var out []string
	for _, s := range cards {
		out = append(out, s.Panelist)
	}
	return strings.Join(out, " ")
}

func TestLadderNeverAsksWhoIsLate(t *testing.T) {
	r := &Role{Setup: Setup{Coordinators: []string{"c1", "c2"}, Deciders: []string{"d1", "c1"}}}
	for _, tt := range []struct {
		late, workspace []string
		want            string
	}{
		{nil, []string{"w"}, "[c1 c2 d1 w]"},
		{[]string{"c1"}, []string{"w", "c2"}, "[c2 d1 w]"},
		{[]string{"c1", "c2", "d1"}, []string{"w"}, "[w]"},
		{[]string{"c1", "c2", "d1", "w"}, []string{"w"}, "[]"},
		{[]string{"somebody else"}, nil, "[c1 c2 d1]"},
	} {
		if got := fmt.Sprint(r.Ladder(tt.late, tt.workspace)); got != tt.want {
			t.Errorf("late %v: %s, want %s", tt.late, got, tt.want)
		}
	}
}

func TestDueWorkOfAnInterview(t *testing.T) {
	stage := Stage{KitLead: Value[time.Duration]{V: 2 * time.Hour}}
	iv := &Interview{ID: "iv", RoleKey: "r", Start: friday.Add(-time.Hour), End: friday, Deadline: friday.Add(72 * time.Hour)}
	keys := func(now time.Time) string {
		var out []string
		for _, d := range InterviewDue(stage, iv, now) {
			kind, _, _ := strings.Cut(d.Key, ":")
			if kind != d.Kind {
				t.Errorf("%s has the kind %s", d.Key, d.Kind)
			}
			out = append(out, d.Kind+" "+d.About+" "+d.At.Sub(friday).String())
		}
		return strings.Join(out, ", ")
	}
	const rest = "warn r 71h30m0s, late r 72h0m0s"
	if got, want := keys(friday.Add(-4*time.Hour)), "ask iv 0s, kit iv -3h0m0s, "+rest; got != want {
		t.Errorf("booked in time: %s, want %s", got, want)
	}
	// Booked within the lead time: the "booked" message holds the kit already.
	if got, want := keys(friday.Add(-2*time.Hour)), "ask iv 0s, "+rest; got != want {
		t.Errorf("booked late: %s, want %s", got, want)
	}
	if got := fmt.Sprint(InterviewNotDue("iv")); got != "[ask:iv kit:iv]" {
		t.Errorf("what ends with it: %s", got)
	}
	// Interviews of the same week share the work around their deadline.
	if a, b := DeadlineDue("r", friday), DeadlineDue("r", friday.In(time.FixedZone("x", 3600))); a[0].Key != b[0].Key {
		t.Errorf("%s and %s are the same deadline", a[0].Key, b[0].Key)
	}
}

func TestIntervals(t *testing.T) {
	at := func(a, b int) Interval {
		return Interval{friday.Add(time.Duration(a) * time.Hour), friday.Add(time.Duration(b) * time.Hour)}
	}
	for _, tt := range []struct {
		a, b Interval
		want bool
	}{{at(0, 2), at(1, 3), true}, {at(0, 2), at(2, 3), false}, {at(0, 4), at(1, 2), true}, {at(0, 1), at(2, 3), false}, {at(1, 2), at(1, 2), true}} {
		if tt.a.Overlaps(tt.b) != tt.want || tt.b.Overlaps(tt.a) != tt.want {
			t.Errorf("%v and %v overlap: %t", tt.a, tt.b, !tt.want)
		}
	}
}
