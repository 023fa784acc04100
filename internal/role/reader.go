package role

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"convene/internal/hiring"
)

// A reader collects what is found while a role file is read. Paths name places
// in the role, e.g. "stages[1].deadline.eod".
type reader struct {
	file     string
	key      string // the role's, also of a file that can't be used
	problems []Problem
	given    map[string]place // where each part of the role is written
	chosen   map[string]bool  // settings with chosen: true, or filled in by us
}

// A place is a position in the file; both count from 1.
type place struct{ line, column int }

func (r *reader) report(at place, what, hint string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: at.line, Column: at.column, What: what, Hint: hint})
}

func (r *reader) warn(at place, what, hint string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: at.line, Column: at.column, What: what, Hint: hint, Warning: true})
}

// has reports whether the file says anything at path.
func (r *reader) has(path string) bool {
	_, ok := r.given[path]
	return ok
}

// chosenByID returns the chosen settings by the paths of hiring.Choice, in which
// stages go by their ids and not by their positions.
func (r *reader) chosenByID(role *hiring.Role) map[string]bool {
	out := map[string]bool{}
	for path, chosen := range r.chosen {
		if !chosen {
			continue
		}
		out[path] = true
		for i, s := range role.Stages {
			if rest, ok := strings.CutPrefix(path, fmt.Sprintf("stages[%d].", i)); ok {
				out["stages."+s.ID+"."+rest] = true
			}
		}
	}
	return out
}

// at returns where path is written, or the nearest part around it that is.
func (r *reader) at(path string) place {
	for {
		if p, ok := r.given[path]; ok || path == "" {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// sound reports whether everything at path was read without a problem, so that
// comparing it with something else makes sense.
func (r *reader) sound(path string) bool {
	wrong := map[place]bool{}
	for _, p := range r.problems {
		if !p.Warning {
			wrong[place{p.Line, p.Column}] = true
		}
	}
	for given, at := range r.given {
		if wrong[at] && (given == path || strings.HasPrefix(given, path+".") || strings.HasPrefix(given, path+"[")) {
			return false
		}
	}
	return true
}

// under joins a path and a key. The key "value" of a chosen setting is left
// out, so that a stated and a chosen setting have the same path.
func under(path, key string) string {
	switch {
	case key == "value":
		return path
	case path == "":
		return key
	default:
		return path + "." + key
	}
}

func placeOf(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return placeOf(m.Values[0].Key)
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		return placeOf(m.Key)
	}
	if n == nil {
		return place{}
	}
	return placeOfToken(n.GetToken())
}

func placeOfToken(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// kindOf says in words what is written at a node.
func kindOf(n ast.Node) string {
	switch n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case *ast.NullNode, nil:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode:
		return "a YAML anchor or alias (& or *)"
	case *ast.TagNode:
		return "a YAML tag (!)"
	default:
		return "something else"
	}
}

// wrongKind reports that something else is written than what is expected.
func (r *reader) wrongKind(n ast.Node, at place, path, want string) {
	hint := "write " + want
	if isChosenForm(n) {
		hint = "only settings can be chosen; what the document doesn't state is left out"
	}
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		hint = "role files don't use them: write the value out, or put quotes around it"
	}
	r.report(at, fmt.Sprintf("%s is %s here", quoted(lastKey(path)), kindOf(n)), hint)
}

// lastKey returns the part of a path that stands in the file, for messages.
func lastKey(path string) string {
	key := path[strings.LastIndexByte(path, '.')+1:]
	if i := strings.IndexByte(key, '['); i >= 0 {
		return "an entry of " + key[:i]
	}
	if key == "" {
		return "the file"
	}
	return key
}

// quoted marks a word from the file in a message.
func quoted(word string) string {
	if strings.HasPrefix(word, "an entry of ") || word == "the file" {
		return word
	}
	return "“" + word + "”"
}

// scalarText returns what is written at a node of one value, as it is spelled.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", true
		}
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// pairs returns the keys and values of a mapping.
func pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}
