package report

import (
	"context"
	"time"

	"convene/internal/hiring"
)

// Store is what the feature needs of the database.
type Store interface {
	// ReportInterviews returns all interviews of the roles, in whatever state.
	ReportInterviews(ctx context.Context, roles []string) ([]Interview, error)
	// ActiveByStage counts the active candidates: by role, then by stage.
	ActiveByStage(ctx context.Context) (map[string]map[string]int, error)
}

// Service is the feature.
type Service struct {
	Store    Store
	Holidays func(hiring.Holidays) func(day time.Time) bool
	Now      func() time.Time
}

// Of returns the numbers of the roles as the reader may see them. Roles of
// which they may see nothing add nothing.
func (s *Service) Of(ctx context.Context, roles []*hiring.Role, reader string, span Span) (Report, error) {
	var sources []Source
	var keys []string
	for _, r := range roles {
		if sight := SightOf(r, reader); sight != Nothing {
			sources = append(sources, Source{Role: r, Sight: sight, IsHoliday: s.Holidays(r.Holidays.V)})
			keys = append(keys, r.Key)
		}
	}
	if len(sources) == 0 {
		return Report{}, hiring.Refuse("You are not on the team of this role, so I can't show you its numbers. Its coordinator can.")
	}
	list, err := s.Store.ReportInterviews(ctx, keys)
	if err != nil {
		return Report{}, err
	}
	byRole := map[string][]Interview{}
	for _, iv := range list {
		byRole[iv.Role] = append(byRole[iv.Role], iv)
	}
	for i := range sources {
		sources[i].Interviews = byRole[sources[i].Role.Key]
	}
	return Build(sources, reader, span, s.Now()), nil
}

// Active counts the active candidates: by role, then by stage.
func (s *Service) Active(ctx context.Context) (map[string]map[string]int, error) {
	return s.Store.ActiveByStage(ctx)
}
