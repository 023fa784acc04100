package scorecard

import (
	"context"
	"slices"

	"convene/internal/hiring"
)

// Dealt returns which questions each panelist of an interview asks, as ids by
// person: see Deal.
func (s *Service) Dealt(ctx context.Context, k *hiring.Case) (map[string][]string, error) {
	cases, err := s.Store.CasesOf(ctx, k.Candidate.ID)
	if err != nil {
		return nil, err
	}
	role, stage := k.Scored()
	return Deal(role, stage, k.Interview.Panel, heldBefore(k.Interview, cases)), nil
}

// heldBefore returns the cases of other stages that were over when the
// interview begins.
func heldBefore(iv *hiring.Interview, cases []*hiring.Case) []*hiring.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(k *hiring.Case) bool {
		return k.Interview.Stage == iv.Stage || k.Interview.State != hiring.Booked || k.Interview.End.After(iv.Start)
	})
}
