package role

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is something wrong with a role file, at the place where it is
// written, with what to do about it.
type Problem struct {
	File         string
	Line, Column int // from 1; 0 when it is about the file as a whole
	What, Hint   string
	Warning      bool // the file can be used all the same
}

// String returns "file:line:column: what, hint".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.What)
	if p.Hint != "" {
		b.WriteString(", " + p.Hint)
	}
	return b.String()
}

// sortByPlace puts problems into the order of their file.
func sortByPlace(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Broken reports whether any of the problems keeps the file from being used.
func Broken(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return true
		}
	}
	return false
}
