package role

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"convene/internal/hiring"
)

// A field is one key of an object.
type field struct {
	name  string
	need  bool
	value value
	doc   string // for editors
}

// An object is a group of keys.
type object struct {
	what   string // in words, for messages: "a stage"
	fields []field
	never  map[string]string // keys that people might expect, and why they don't exist
}

func (o object) read(r *reader, n ast.Node, path string) {
	at := r.at(path)
	entries, ok := pairs(n)
	if !ok {
		r.wrongKind(n, at, path, "the keys of "+o.what)
		return
	}
	seen := map[string]place{}
	for _, e := range entries {
		key, here := e.Key.String(), placeOf(e.Key)
		if s, ok := scalarText(e.Key); ok {
			key = s
		}
		if first, twice := seen[key]; twice {
			r.report(here, fmt.Sprintf("“%s” is written twice", key), fmt.Sprintf("keep one; the first is in line %d", first.line))
			continue
		}
		seen[key] = here
		f, ok := o.field(key)
		if !ok {
			r.report(here, fmt.Sprintf("“%s” is not a key of %s", key, o.what), o.hintFor(key))
			continue
		}
		sub := under(path, key)
		if _, null := e.Value.(*ast.NullNode); null || e.Value == nil {
			r.given[sub] = here
			r.report(here, fmt.Sprintf("“%s” is empty", key), "fill it in, or leave the line out")
			continue
		}
		r.given[sub] = placeOf(e.Value)
		f.value.read(r, e.Value, sub)
	}
	for _, f := range o.fields {
		if _, ok := seen[f.name]; f.need && !ok {
			r.report(at, fmt.Sprintf("“%s” is missing in %s", f.name, o.what), "add it: "+f.doc)
		}
	}
}

func (o object) field(name string) (field, bool) {
	for _, f := range o.fields {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

func (o object) hintFor(key string) string {
	if why, ok := o.never[key]; ok {
		return why
	}
	names := make([]string, len(o.fields))
	for i, f := range o.fields {
		names[i] = f.name
	}
	return didYouMean(key, names)
}

func (o object) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range o.fields {
		s := f.value.schema()
		s["description"] = f.doc
		properties[f.name] = s
		if f.need {
			required = append(required, f.name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// A list holds at most max items of one kind.
type list[T any] struct {
	to   *[]T
	item func(*T) value
	max  int
}

func (l list[T]) read(r *reader, n ast.Node, path string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.wrongKind(n, r.at(path), path, "a list, each entry on a line of its own after a hyphen")
		return
	}
	if len(seq.Values) == 0 {
		r.report(r.at(path), quoted(lastKey(path))+" is an empty list", "fill it in, or leave the line out")
	}
	if len(seq.Values) > l.max {
		r.report(placeOf(seq.Values[l.max]), fmt.Sprintf("%s has %d entries", quoted(lastKey(path)), len(seq.Values)), fmt.Sprintf("keep at most %d", l.max))
	}
	for i, entry := range seq.Values {
		sub := fmt.Sprintf("%s[%d]", path, i)
		r.given[sub] = placeOf(entry)
		if _, null := entry.(*ast.NullNode); null || entry == nil {
			r.report(r.given[sub], fmt.Sprintf("an entry of “%s” is empty", lastKey(path)), "fill it in, or remove the hyphen")
			entry = nil
		}
		var item T
		if entry != nil {
			l.item(&item).read(r, entry, sub)
		}
		*l.to = append(*l.to, item) // an unreadable one too, so that positions count the same in file and role
	}
}

func (l list[T]) schema() map[string]any {
	var item T
	return map[string]any{"type": "array", "minItems": 1, "maxItems": l.max, "items": l.item(&item).schema()}
}

// texts is a list of texts that are kept one by one.
func texts(to *[]string, max int) value {
	return list[string]{to, func(s *string) value { return text{to: s, max: max} }, maxEntries}
}

// ids is a list of references.
func ids(to *[]string) value {
	return list[string]{to, func(s *string) value { return id{s} }, maxEntries}
}

// A choosable is a value the bot can't run without: stated by the document, or
// chosen by us and then written as {value: …, chosen: true}.
type choosable struct {
	value  value
	chosen *bool // where it is kept; nil for a part of a larger setting
}

// setting reads a whole setting of the role.
func setting[T any](to *hiring.Value[T], inner func(*T) value) value {
	return choosable{inner(&to.V), &to.Chosen}
}

// part reads a part of a setting that can be chosen while the rest is stated.
func part(inner value) value { return choosable{value: inner} }

func (c choosable) read(r *reader, n ast.Node, path string) {
	if !isChosenForm(n) {
		c.value.read(r, n, path)
		return
	}
	var chosen bool
	c.form(&chosen).read(r, n, path)
	if at, ok := r.given[under(path, "chosen")]; ok && !chosen {
		r.report(at, "“chosen” is not true", "a stated value is written without it: "+lastKey(path)+": value")
	}
	for inner := range r.chosen {
		if strings.HasPrefix(inner, path+".") {
			r.report(r.at(inner), fmt.Sprintf("“%s” is chosen within a chosen value", lastKey(inner)), "write it plainly: the whole is chosen")
		}
	}
	r.chosen[path] = true
	if c.chosen != nil {
		*c.chosen = true
	}
}

func (c choosable) form(chosen *bool) object {
	return object{what: "a chosen value", fields: []field{
		{name: "value", need: true, value: c.value, doc: "what the bot uses until a person has confirmed or changed it"},
		{name: "chosen", need: true, value: yesNo{chosen}, doc: "true: the role's document doesn't state this value"},
	}}
}

// isChosenForm reports whether a node is written as {value: …, chosen: true}.
func isChosenForm(n ast.Node) bool {
	entries, _ := pairs(n)
	for _, e := range entries {
		if s, ok := scalarText(e.Key); ok && (s == "value" || s == "chosen") {
			return true
		}
	}
	return false
}

func (c choosable) schema() map[string]any {
	form := c.form(new(bool)).schema()
	form["properties"].(map[string]any)["chosen"] = map[string]any{"const": true}
	return map[string]any{"anyOf": []any{c.value.schema(), form}}
}

// didYouMean returns a hint with the known word that is nearest to an unknown
// one, or all of them.
func didYouMean(word string, known []string) string {
	if near := hiring.Closest(word, known); near != "" {
		return fmt.Sprintf("did you mean “%s”?", near)
	}
	if len(known) == 0 {
		return "there is none to choose from"
	}
	return "use one of: " + strings.Join(known, ", ")
}
