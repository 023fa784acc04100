package role

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
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

// revisionLen is the length of Role.Revision in hex digits: enough that two
// versions of one role never share it, short enough to read aloud.
const revisionLen = 12

// Parse reads a role file. It returns every problem that it finds, in the order
// of the file. The role is nil when a problem is more than a warning.
func Parse(file string, src []byte) (*hiring.Role, []Problem) {
	r := &reader{file: file, given: map[string]place{}, chosen: map[string]bool{}}
	root := r.document(src)
	if root == nil {
		return nil, r.problems
	}

	var role hiring.Role
	r.given[""] = placeOf(root)
	if _, ok := pairs(root); !ok {
		r.wrongKind(root, r.at(""), "", "the keys of a role, e.g. “key: sales-representative”")
		return nil, r.problems
	}
	roleFormat(&role).read(r, root, "")
	fillDefaults(&role, r)
	check(&role, r)
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if Broken(r.problems) {
		return nil, r.problems
	}

	sum := sha256.Sum256(src)
	role.Revision = hex.EncodeToString(sum[:])[:revisionLen]
	role.Choices = choices(&role, r.chosenByID(&role))
	return &role, r.problems
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
	r.report(at, what, "check the indentation and the quotes around here; a text with “: ” or “ #” in it needs quotes")
}
