package schedule

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"convene/internal/hiring"
)

// A Before is what stands in the way of scheduling an interview, as an error of
// Prepare and Book: a person fills the gap, tells the candidate or lets the
// invitation do it, and confirms the rest, before times are looked for.
type Before struct {
	Request   Request // what was asked for
	Candidate *hiring.Candidate
	Role      *hiring.Role
	Stage     hiring.Stage

	Nobody    []string       // whom the stage's panel lacks, in words; nothing confirms that
	Untold    *hiring.Case   // whose decision, advance, the candidate hasn't been told; nil: none
	Checks    []hiring.Stage // checks that come before the stage and aren't done
	Undecided []hiring.Stage // interviews that come before the stage and aren't decided
}

// Confirm returns the ids of the stages that a person confirms who schedules
// all the same, those confirmed before among them.
func (b *Before) Confirm() []string {
	ids := slices.Clone(b.Request.Confirmed)
	for _, s := range slices.Concat(b.Checks, b.Undecided) {
		if !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func (b *Before) Error() string { return b.Unwrap().Error() }

// Unwrap returns it in words, for where it can't be asked.
func (b *Before) Unwrap() error {
	switch {
	case len(b.Nobody) > 0:
		return hiring.NeedsSetup(b.Role.Key, "%s Use /hiring setup to say who it is.", b.Missing())
	case b.Untold != nil:
		return hiring.Invalid("", "%s hasn't been told yet that they advance. Schedule from the candidate's card: I ask there how they are to hear it.", b.Candidate.Name)
	default:
		return hiring.Invalid("", "Something comes before “%s” that isn't done. Schedule from the candidate's card: I ask there whether you want to go on.", b.Stage.Name)
	}
}

// Missing says whom the stage's panel lacks; "" when it lacks nobody.
func (b *Before) Missing() string {
	if len(b.Nobody) == 0 {
		return ""
	}
	return fmt.Sprintf("“%s” can't be scheduled yet: it needs %s.", b.Stage.Name, strings.Join(b.Nobody, " and "))
}

// before returns what stands in the way of a request, or nil.
func (s *Service) before(ctx context.Context, role *hiring.Role, c *hiring.Candidate, stage hiring.Stage, req Request) (*Before, error) {
	cases, err := s.Store.CasesOf(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	done, err := s.Store.Checks(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	b := inTheWayOf(role, c, stage, cases, done, req)
	if len(b.Nobody) == 0 && b.Untold == nil && len(b.Checks) == 0 && len(b.Undecided) == 0 {
		return nil, nil
	}
	return b, nil
}

func inTheWayOf(role *hiring.Role, c *hiring.Candidate, stage hiring.Stage, cases []*hiring.Case, done []*hiring.Check, req Request) *Before {
	open := func(s hiring.Stage) bool { return slices.Contains(req.Confirmed, s.ID) }
	b := &Before{
		Request: req, Candidate: c, Role: role, Stage: stage,
		Checks:    slices.DeleteFunc(role.OpenChecks(stage.ID, done), open),
		Undecided: slices.DeleteFunc(undecided(role, c, stage), open),
	}
	if len(req.Panel)+len(req.Pools) == 0 {
		b.Nobody = role.Unstaffed(stage)
	}
	if k := untold(role, stage, cases); k != nil && !carried(k, req.Carries) {
		b.Untold = k
	}
	return b
}

// undecided returns the interviews from the candidate's own stage up to the
// given one: a decision to advance would have moved the candidate past them.
func undecided(role *hiring.Role, c *hiring.Candidate, stage hiring.Stage) []hiring.Stage {
	var out []hiring.Stage
	at := false
	for _, s := range role.Stages {
		if s.ID == stage.ID {
			return out
		}
		at = at || s.ID == c.Stage
		if at && s.Kind == hiring.StageInterview {
			out = append(out, s)
		}
	}
	return nil
}

// untold returns the newest case of an earlier stage in which the candidate
// advances and hasn't been told so.
func untold(role *hiring.Role, stage hiring.Stage, cases []*hiring.Case) *hiring.Case {
	var newest *hiring.Case
	for _, k := range cases {
		if k.Decision == nil || k.Decision.Outcome != hiring.Advance || k.Told() || !comesBefore(role, k.Interview.Stage, stage.ID) {
			continue
		}
		if newest == nil || k.Decision.At.After(newest.Decision.At) {
			newest = k
		}
	}
	return newest
}

func comesBefore(role *hiring.Role, a, b string) bool {
	at := func(id string) int {
		return slices.IndexFunc(role.Stages, func(s hiring.Stage) bool { return s.ID == id })
	}
	return at(a) < at(b)
}

// carried reports whether the invitation is to say the case's notice, which is
// still there to be said.
func carried(k *hiring.Case, notice string) bool {
	return notice != "" && k.Notice != nil && k.Notice.ID == notice && k.Notice.State == hiring.NoticeDraft
}
