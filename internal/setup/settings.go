package setup

import (
	"context"
	"maps"
	"slices"

	"convene/internal/hiring"
)

// SaveSettings records what the person typed for a section, by path, over the
// role's file. What is the same as in the file, or isn't given, is as the file
// says again. Problems have the setting's path as field, or none where the
// value clashes with another section's.
func (s *Service) SaveSettings(ctx context.Context, key, section string, typed map[string]string, seen int, by string) error {
	return s.change(ctx, key, section, seen, by, func(role *hiring.Role, setup *hiring.Setup) (bool, error) {
		values, problems := role.ReadSettings(section, typed)
		if len(problems) > 0 {
			return false, &Problems{problems}
		}
		return s.put(role, setup, section, values, by)
	})
}

// ResetSettings goes back to what the role's file says in a section.
func (s *Service) ResetSettings(ctx context.Context, key, section string, seen int, by string) error {
	return s.SaveSettings(ctx, key, section, nil, seen, by)
}

// Seal puts the evidence in the role's summaries behind a button.
func (s *Service) Seal(ctx context.Context, key, by string) error {
	role, err := s.Role(ctx, key, by)
	if err != nil {
		return err
	}
	return s.change(ctx, key, hiring.LimitsSection, role.Setup.Sections[hiring.LimitsSection].N, by, func(role *hiring.Role, setup *hiring.Setup) (bool, error) {
		values := map[string]string{"sealed": "true"}
		for _, path := range role.SettingPaths(hiring.LimitsSection) {
			if v, ok := setup.Settings[path]; ok && path != "sealed" {
				values[path] = v.Value
			}
		}
		return s.put(role, setup, hiring.LimitsSection, values, by)
	})
}

// put makes values the section's settings, unless they don't fit.
func (s *Service) put(role *hiring.Role, setup *hiring.Setup, section string, values map[string]string, by string) (differs bool, err error) {
	paths := role.SettingPaths(section)
	settings := maps.Clone(setup.Settings)
	if settings == nil {
		settings = map[string]hiring.Setting{}
	}
	for _, path := range paths {
		v, set := values[path]
		was, had := settings[path]
		switch {
		case set && (!had || was.Value != v):
			settings[path] = hiring.Setting{Value: v, By: by, At: s.Now()}
			differs = true
		case !set && had:
			delete(settings, path)
			differs = true
		}
	}
	known := s.Misfits(role)
	var problems []*hiring.UserError
	for _, p := range s.Misfits(role.AsStated().With(settings)) {
		if slices.ContainsFunc(known, func(k *hiring.UserError) bool { return *k == *p }) {
			continue // it didn't fit before, and this is not what is being changed
		}
		if !slices.Contains(paths, p.Field) {
			p = hiring.Invalid("", "%s", p.Text)
		}
		problems = append(problems, p)
	}
	if len(problems) > 0 {
		return false, &Problems{problems}
	}
	setup.Settings = settings
	return differs, nil
}

// Misfits returns the role's settings that don't fit one another or can't work.
func (s *Service) Misfits(role *hiring.Role) []*hiring.UserError {
	out := role.Misfits()
	if s.Check != nil {
		out = append(out, s.Check(role)...)
	}
	return out
}
