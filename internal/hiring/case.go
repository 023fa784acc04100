package hiring

import (
	"slices"
	"time"
)

// A Case is one interview with all that belongs to it: what cards, summaries,
// kits and messages are made from.
type Case struct {
	Role      *Role // with its setup
	Rubric    *Role // as it was when the interview was booked: what its scorecards were asked with
	Candidate *Candidate
	Interview *Interview
	Cards     []*Scorecard // drafts included
	Revealed  string       // coordinator who opened the scorecards before all were in
	Decision  *Decision    // the one that stands; nil: none yet
	Notice    *Notice      // of that decision
	ToldAt    time.Time    // zero: the candidate hasn't been told
	Checks    []*Check     // of the candidate, as they stand

	// What the promise counts by for ever, where that differs from the interview's
	// deadline and from ToldAt; zero: it doesn't.
	PromisedAt, FirstToldAt time.Time
}

// Stage returns the interview's stage as the role has it now; where the role no
// longer has it, as it was when the interview was booked.
func (c *Case) Stage() Stage {
	s, ok := c.Role.Stage(c.Interview.Stage)
	if !ok && c.Rubric != nil {
		s, _ = c.Rubric.Stage(c.Interview.Stage)
	}
	return s
}

// Scored returns the role and stage whose competencies and gates the
// interview's scorecards answer.
func (c *Case) Scored() (*Role, Stage) {
	role := c.Rubric
	if role == nil {
		role = c.Role
	}
	s, _ := role.Stage(c.Interview.Stage)
	return role, s
}

// Panelboard returns what Independence needs to know of the case.
func (c *Case) Panelboard() Panelboard {
	b := Panelboard{Interview: c.Interview, Revealed: c.Revealed != ""}
	for _, s := range c.Cards {
		if s.Submitted() {
			b.Submitted = append(b.Submitted, s.Panelist)
		}
	}
	return b
}

// Card returns the person's scorecard, or nil.
func (c *Case) Card(person string) *Scorecard {
	i := slices.IndexFunc(c.Cards, func(s *Scorecard) bool { return s.Panelist == person })
	if i < 0 {
		return nil
	}
	return c.Cards[i]
}

// Readable returns the submitted scorecards that the viewer may read now.
// Shadows' cards are included; they don't count.
func (c *Case) Readable(viewer string) []*Scorecard {
	var out []*Scorecard
	b := c.Panelboard()
	for _, s := range c.Cards {
		if s.Submitted() && MayRead(viewer, s.Panelist, c.Role, b) {
			out = append(out, s)
		}
	}
	return out
}

// WasOpen reports whether a scorecard of the interview could ever be read by
// others than its author: they were opened early, or all that are owed have been
// in. One that was reopened since was in, too.
func (c *Case) WasOpen() bool {
	was := func(s *Scorecard) bool { return s.Version > 0 }
	for _, p := range c.Interview.Panel {
		if card := c.Card(p.Person); p.Owes() && c.Revealed == "" && (card == nil || !was(card)) {
			return false
		}
	}
	return slices.ContainsFunc(c.Cards, was)
}

// Decided reports whether a decision stands after which nobody waits for
// scorecards: after a hold there is another one to come.
func (c *Case) Decided() bool { return c.Decision != nil && c.Decision.Outcome != Hold }

// Told reports whether the candidate has heard the decision.
func (c *Case) Told() bool { return !c.ToldAt.IsZero() }

// Promise returns the promise that the case is counted by.
func (c *Case) Promise() Promise {
	p := Promise{InterviewID: c.Interview.ID, Deadline: c.Interview.Deadline, ToldAt: c.ToldAt}
	if !c.PromisedAt.IsZero() {
		p.Deadline = c.PromisedAt
	}
	if !c.FirstToldAt.IsZero() {
		p.ToldAt = c.FirstToldAt
	}
	return p
}

// Open reports whether the case still needs somebody: its interview is over,
// and the candidate, still in the process, has not been told.
func (c *Case) Open(now time.Time) bool {
	return c.Interview.Ended(now) && !c.Told() && c.Candidate.State != Withdrawn
}

// A Need is what a case waits for.
type Need string

// What a case can wait for, in order.
const (
	NeedScorecards Need = "scorecards"
	NeedDecision   Need = "decision"
	NeedNotice     Need = "notice"
	NeedNothing    Need = ""
)

// onHold reports whether the candidate was told to wait: a new decision is due
// by the deadline, which is then the hold's date.
func (c *Case) onHold() bool {
	return c.Decision != nil && c.Decision.Outcome == Hold && c.Notice != nil && c.Notice.State == NoticeTold
}

// Waiting returns what an open case waits for and whose turn it is. A decision
// doesn't wait for scorecards that a coordinator chose to do without.
func (c *Case) Waiting(now time.Time) (Need, []string) {
	switch {
	case !c.Open(now):
		return NeedNothing, nil
	case c.Decision == nil && !c.Panelboard().Complete() && c.Revealed == "":
		return NeedScorecards, c.Panelboard().Owing()
	case c.Decision == nil, c.onHold():
		return NeedDecision, c.Role.Setup.Deciders
	case c.Notice != nil && c.Notice.ApprovedBy != "":
		return NeedNotice, []string{c.Notice.ApprovedBy}
	default:
		return NeedNotice, []string{c.Decision.By}
	}
}

// Ladder returns whom an escalation goes to, one after another: coordinators,
// deciders, then the workspace's own coordinators; never somebody in late.
func (r *Role) Ladder(late, workspace []string) []string {
	var out []string
	for _, group := range [][]string{r.Setup.Coordinators, r.Setup.Deciders, workspace} {
		for _, id := range group {
			if !slices.Contains(late, id) && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}
