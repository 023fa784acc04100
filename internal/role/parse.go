package role

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"convene/internal/hiring"
)

// maxFile is the largest role file that is read, in bytes. The largest of the
// built-in ones has a tenth of it; what is larger is not a role file.
const maxFile = 128 << 10

// Parse reads a role file. It returns every problem that it finds, in the order
// of the file. The role is nil when a problem is more than a warning.
func Parse(file string, src []byte) (*hiring.Role, []Problem) {
	role, r := parse(file, src)
	return role, r.problems
}

// parse also returns the reader, which knows where everything is written.
func parse(file string, src []byte) (*hiring.Role, *reader) {
	r := &reader{file: file, given: map[string]place{}, chosen: map[string]bool{}}
	root := r.document(src)
	if root == nil {
		return nil, r
	}

	var role hiring.Role
	r.given[""] = placeOf(root)
	if _, ok := pairs(root); !ok {
		r.wrongKind(root, r.at(""), "", "the keys of a role, e.g. “key: sales-representative”")
		return nil, r
	}
	roleFormat(&role).read(r, root, "")
	r.key = role.Key
	fillDefaults(&role, r)
	check(&role, r)
	sortByPlace(r.problems)
	if Broken(r.problems) {
		return nil, r
	}

	role.Choices = choices(&role, r.chosenByID(&role))
	role.Revision = revision(&role)
	return &role, r
}

// document parses the YAML and returns the file's only document, or nil when
// there is none to read.
func (r *reader) document(src []byte) (root ast.Node) {
	switch {
	case len(src) > maxFile:
		r.report(place{}, fmt.Sprintf("the file has %d bytes", len(src)), fmt.Sprintf("a role file has at most %d", maxFile))
		return nil
	case !utf8.Valid(src):
		r.report(place{}, "the file is not UTF-8 text", "save it as UTF-8")
		return nil
	case strings.TrimSpace(string(src)) == "":
		r.report(place{}, "the file is empty", "start with a key and a title; `convene role show` prints examples")
		return nil
	}

	src = bytes.TrimPrefix(src, []byte("\ufeff")) // some editors' byte order mark
	// The YAML library panics on some malformed input; for the reader of a role
	// file that is a syntax error like any other.
	defer func() {
		if recover() != nil {
			r.report(place{}, "this is not YAML", "check the indentation and the quotes")
			root = nil
		}
	}()
	// Keys written twice are found by object.read, so that they don't hide other problems.
	parsed, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	var docs []ast.Node
	for _, d := range parsed.Docs {
		if d.Body != nil {
			docs = append(docs, d.Body)
		}
	}
	switch {
	case len(docs) == 0:
		r.report(place{}, "the file holds nothing but comments", "start with a key and a title")
		return nil
	case len(docs) > 1:
		r.report(placeOf(docs[1]), "a second document starts here", "write one role per file, without ---")
		return nil
	}
	return docs[0]
}

// syntax reports what the YAML library could not read.
func (r *reader) syntax(err error) {
	at, what := place{}, "this is not YAML"
	var e yaml.Error
	if errors.As(err, &e) {
		what = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			at = place{t.Position.Line, t.Position.Column}
		}
	}
	hint := "check the indentation and the quotes around here; a text with “: ” or “ #” in it needs quotes"
	if strings.Contains(what, "'\t'") {
		what, hint = "a tab stands where YAML wants spaces", "indent with spaces: most editors can turn tabs into spaces"
	}
	r.report(at, what, hint)
}
