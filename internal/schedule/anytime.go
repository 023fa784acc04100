package schedule

import (
	"context"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// An AnyTime is a time that a person picked, with all that speaks against it.
type AnyTime struct {
	Slot
	Against []Objection
}

// MaxAhead is how far ahead any time can be picked.
const MaxAhead = 180 * 24 * time.Hour

// MayPick checks who picks which time, without a slow call. Field of errors:
// "any".
func (s *Service) MayPick(ctx context.Context, id string, start time.Time, by string) (*Search, error) {
	search, err := s.Store.Search(ctx, id)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Role(ctx, search.RoleKey)
	if err != nil {
		return nil, err
	}
	switch now := s.Now(); {
	case !role.IsCoordinator(by):
		return nil, hiring.Refuse("Only a coordinator of %s can schedule its interviews.", role.Title)
	case start.IsZero():
		return nil, hiring.Invalid("any", "Choose a day.")
	case !start.After(now):
		return nil, hiring.Invalid("any", "That time has passed. Choose a later one.")
	case start.After(now.Add(MaxAhead)):
		return nil, hiring.Invalid("any", "That is more than %d days ahead. Choose an earlier time.", int(MaxAhead.Hours()/24))
	}
	return search, nil
}

// Pick asks Google about a time that a person picked, and keeps with the search
// all that speaks against it. It is slow: it belongs after the acknowledgement.
func (s *Service) Pick(ctx context.Context, id string, start time.Time, by string) (*Search, error) {
	search, err := s.MayPick(ctx, id, start, by)
	if err != nil {
		return nil, err
	}
	slot := hiring.Interval{Start: start, End: start.Add(search.Duration)}
	q, _, err := s.ask(ctx, search, nil, func(*Question) hiring.Interval { return slot })
	if err != nil {
		return nil, err
	}
	q.From = time.Time{} // where the offers begin doesn't matter here
	against, seats := Against(*q, start)
	search.Any = &AnyTime{Slot: Slot{Start: slot.Start, End: slot.End, Seats: seats}, Against: against}
	return search, s.Store.SaveSearch(ctx, search)
}

// Possible reports whether the time can be booked, if need be anyway: a
// candidate can't be in two of our interviews at once.
func (a *AnyTime) Possible() bool {
	return !slices.ContainsFunc(a.Against, func(o Objection) bool { return o.Rule == RuleTaken })
}

// Objects reports whether booking it needs a confirming click.
func (a *AnyTime) Objects() bool { return slices.ContainsFunc(a.Against, Objection.Required) }

// BookAny takes the time that was picked, whatever was said against it: the
// person has confirmed that. What comes up after that still stands in the way.
func (s *Service) BookAny(ctx context.Context, searchID string, by string) (*hiring.Interview, error) {
	search, err := s.Store.Search(ctx, searchID)
	if err != nil {
		return nil, err
	}
	switch {
	case search.Any == nil:
		return nil, hiring.Invalid("", "Pick a time first.")
	case !search.Any.Possible():
		return nil, hiring.Invalid("", "The candidate is in another interview then. Pick another time.")
	}
	return s.take(ctx, search, search.Any.Slot, search.Any.confirmed(by, s.Now()), by)
}

// confirmed is what somebody confirms who books the time; nil: nothing.
func (a *AnyTime) confirmed(by string, now time.Time) *hiring.Override {
	if !a.Objects() {
		return nil
	}
	out := &hiring.Override{By: by, At: now}
	for _, o := range a.Against {
		switch o.Rule {
		case RuleBusy, RuleInterview:
			out.Busy = append(out.Busy, hiring.Occupied{Person: o.Who, Interval: o.With})
		case RuleUnreadable:
			out.Unknown = append(out.Unknown, o.Who)
		}
	}
	return out
}

// unusual notes, for the audit trail, what a booking changed this once and what
// rules it was booked against: by their names, and ids.
func unusual(search *Search, iv *hiring.Interview, by string) []hiring.Entry {
	var out []hiring.Entry
	var once, rules []string
	for _, c := range search.Once {
		once = append(once, c.Code())
	}
	if len(once) > 0 {
		out = append(out, hiring.Entry{Actor: by, Action: "interview.once", Subject: iv.ID, Detail: strings.Join(once, " ")})
	}
	if iv.Anyway == nil || search.Any == nil {
		return out
	}
	for _, o := range search.Any.Against {
		if rule := strings.TrimSuffix(string(o.Rule)+":"+o.Who, ":"); o.Required() && !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return append(out, hiring.Entry{Actor: by, Action: "interview.anyway", Subject: iv.ID, Detail: strings.Join(rules, " ")})
}
