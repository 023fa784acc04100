package hiring

import (
	"slices"
	"time"
)

// A CheckOutcome is how a check went.
type CheckOutcome string

// The outcomes of a check. A concern doesn't stop anything: people decide.
const (
	CheckFine    CheckOutcome = "fine"
	CheckConcern CheckOutcome = "concern"
	CheckSkipped CheckOutcome = "skipped" // not needed for this candidate
)

// A Check records that a step of the pipeline that isn't an interview was done
// for a candidate.
type Check struct {
	ID          string
	CandidateID string
	Stage       string // id of the stage
	Outcome     CheckOutcome
	Note        string
	By          string // Slack user id
	At          time.Time
	Replaced    bool // it was taken back or done anew
}

// MaxCheckNote limits a check's note, in runes.
const MaxCheckNote = 2000

// OpenChecks returns the role's checks that come before a stage and aren't
// done; of all checks when before is "".
func (r *Role) OpenChecks(before string, done []*Check) []Stage {
	var out []Stage
	for _, s := range r.Stages {
		if s.ID == before {
			break
		}
		if s.Kind == StageCheck && !isDone(s.ID, done) {
			out = append(out, s)
		}
	}
	return out
}

// StandingCheck returns the check of the stage that stands, or nil.
func StandingCheck(stage string, done []*Check) *Check {
	i := slices.IndexFunc(done, func(c *Check) bool { return c.Stage == stage && !c.Replaced })
	if i < 0 {
		return nil
	}
	return done[i]
}

// FollowChecks moves a candidate who is past the last interview to where the
// checks lead: to the first one after it that isn't done, or to the end. Before
// that, checks don't move anybody.
func (c *Candidate) FollowChecks(r *Role, done []*Check) {
	stage, _ := r.Stage(c.Stage)
	last, ok := r.LastInterview()
	if !ok || c.State != Finished && (c.State != Active || stage.Kind != StageCheck) {
		return
	}
	next, open := r.Next(last.ID, done)
	if open {
		c.State, c.Stage = Active, next.ID
		return
	}
	c.State = Finished
}

// LastInterview returns the last stage that is an interview.
func (r *Role) LastInterview() (Stage, bool) {
	for _, s := range slices.Backward(r.Stages) {
		if s.Kind == StageInterview {
			return s, true
		}
	}
	return Stage{}, false
}

func isDone(stage string, done []*Check) bool {
	return StandingCheck(stage, done) != nil
}

// Next returns the stage that a candidate goes to who is past the given one:
// the next interview, or, past the last interview, the first check after it
// that isn't done. None: the candidate has been through everything.
func (r *Role) Next(stage string, done []*Check) (Stage, bool) {
	if next, ok := r.StageAfter(stage); ok {
		return next, true
	}
	past := false
	for _, s := range r.Stages {
		if past && s.Kind == StageCheck && !isDone(s.ID, done) {
			return s, true
		}
		past = past || s.ID == stage
	}
	return Stage{}, false
}

// PanelStage returns the stage that /schedule-panel books.
func (r *Role) PanelStage() (Stage, bool) {
	i := slices.IndexFunc(r.Stages, func(s Stage) bool { return s.Panel && s.Kind == StageInterview })
	if i < 0 {
		return Stage{}, false
	}
	return r.Stages[i], true
}
