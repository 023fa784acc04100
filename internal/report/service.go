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
	// ReportPromises returns the same without the panels, which take most of the
	// time.
	ReportPromises(ctx context.Context, roles []string) ([]Interview, error)
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
	sources, err := s.sources(ctx, roles, reader)
	if err != nil {
		return Report{}, err
	}
	return Build(sources, reader, span, s.Now()), nil
}

// Sheet returns the same as a file, and the numbers that it was made with.
func (s *Service) Sheet(ctx context.Context, roles []*hiring.Role, reader string, span Span) (Sheet, Report, error) {
	sources, err := s.sources(ctx, roles, reader)
	if err != nil {
		return Sheet{}, Report{}, err
	}
	now := s.Now()
	sheet, err := SheetOf(sources, reader, span, now)
	return sheet, Build(sources, reader, span, now), err
}

// Promises returns Report.Ever of one role.
func (s *Service) Promises(ctx context.Context, role string) (Promises, error) {
	list, err := s.Store.ReportPromises(ctx, []string{role})
	var p Promises
	for i := range list {
		p.add(list[i].Promise(s.Now()))
	}
	return p, err
}

// sources reads what the reader may see any numbers of.
func (s *Service) sources(ctx context.Context, roles []*hiring.Role, reader string) ([]Source, error) {
	var sources []Source
	var keys []string
	for _, r := range roles {
		if sight := SightOf(r, reader); sight != Nothing {
			sources = append(sources, Source{Role: r, Sight: sight, IsHoliday: s.Holidays(r.Holidays.V)})
			keys = append(keys, r.Key)
		}
	}
	if len(sources) == 0 {
		return nil, hiring.Refuse("You are not on the team of this role, so I can't show you its numbers. Its coordinator can.")
	}
	list, err := s.Store.ReportInterviews(ctx, keys)
	if err != nil {
		return nil, err
	}
	byRole := map[string][]Interview{}
	for _, iv := range list {
		byRole[iv.Role] = append(byRole[iv.Role], iv)
	}
	for i := range sources {
		sources[i].Interviews = byRole[sources[i].Role.Key]
	}
	return sources, nil
}

// Active counts the active candidates: by role, then by stage.
func (s *Service) Active(ctx context.Context) (map[string]map[string]int, error) {
	return s.Store.ActiveByStage(ctx)
}
