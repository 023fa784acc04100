package bot

import (
	"maps"
	"slices"
)

// A Surface lists the ids of everything that people can do: what a test of who
// may do what goes through.
type Surface struct {
	Commands, Shortcuts, Actions, Modals []string
}

// Surface returns what the router serves.
func (b *Bot) Surface() Surface {
	s := Surface{
		Shortcuts: slices.Sorted(maps.Keys(b.routes.shortcuts)),
		Actions:   slices.Sorted(maps.Keys(b.routes.actions)),
		Modals:    slices.Sorted(maps.Keys(b.routes.submissions)),
	}
	for _, c := range b.routes.commands {
		s.Commands = append(s.Commands, c.Name)
	}
	return s
}
