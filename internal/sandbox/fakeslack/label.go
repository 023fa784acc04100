package fakeslack

import (
	"fmt"
	"slices"
	"strings"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// labels are the names under which a person could look for an element, the best first.
func labels(e blockkit.Element) []string {
	var out []string
	add := func(v any) {
		if t := strings.TrimSpace(textOf(v)); t != "" {
			out = append(out, t)
		}
	}
	switch {
	case e.Input:
		add(e.Block["label"])
	case stateKey(e.Type) == "":
		add(e.Element["text"])
		for _, name := range []string{"positive_button", "negative_button"} {
			if b, ok := e.Element[name].(map[string]any); ok {
				add(b["text"])
			}
		}
	default:
		add(e.Block["text"])
		add(e.Element["placeholder"])
	}
	if label, ok := e.Element["accessibility_label"].(string); ok {
		out = append(out, label)
	}
	return append(out, e.ActionID, e.BlockID)
}

// byLabel finds one element by its label: exactly, else by its beginning, else by a part of it.
func (s *Server) byLabel(at *spot, near, label string, want func(blockkit.Element) bool) (blockkit.Element, error) {
	var all []blockkit.Element
	from := 0
	if near != "" {
		from = slices.IndexFunc(at.blocks, func(b Block) bool { return strings.Contains(s.plain(at.user, b), near) })
		if from < 0 {
			return blockkit.Element{}, fmt.Errorf("fakeslack: no block says %q", near)
		}
	}
	for _, e := range blockkit.Elements(at.blocks[from:]) {
		if want(e) {
			all = append(all, e)
		}
	}
	label = strings.ToLower(strings.TrimSpace(label))
	for _, match := range []func(string) bool{
		func(name string) bool { return name == label },
		func(name string) bool { return strings.HasPrefix(name, label) },
		func(name string) bool { return strings.Contains(name, label) },
	} {
		var found []blockkit.Element
		for _, e := range all {
			if slices.ContainsFunc(labels(e), func(name string) bool { return match(strings.ToLower(name)) }) {
				found = append(found, e)
			}
		}
		if len(found) == 1 || (len(found) > 1 && near != "") {
			return found[0], nil
		}
		if len(found) > 1 {
			return blockkit.Element{}, fmt.Errorf("fakeslack: %d elements are called %q: say near which text", len(found), label)
		}
	}
	return blockkit.Element{}, fmt.Errorf("fakeslack: nothing is called %q; there are: %s", label, s.names(at))
}

// names lists what can be used, for errors.
func (s *Server) names(at *spot) string {
	var out []string
	for _, e := range blockkit.Elements(at.blocks) {
		out = append(out, fmt.Sprintf("%s (%s, %s/%s)", labels(e)[0], e.Type, e.BlockID, e.ActionID))
	}
	if len(out) == 0 {
		return "nothing to use"
	}
	return strings.Join(out, "; ")
}
