package blockkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Problem is one thing that Slack would refuse, with where it is.
type Problem struct {
	Message string
	Pointer string // a JSON pointer, e.g. /blocks/0/text/text
}

func (p Problem) String() string { return p.Message + " [json-pointer:" + p.Pointer + "]" }

// checker walks a payload once and collects problems.
type checker struct {
	limits   *limits
	surface  string // message, modal or home
	strict   bool   // unknown fields are refused
	problems []Problem

	blocks   int             // all blocks, nested ones too
	blockIDs map[string]bool // of the whole payload
	focused  int             // elements with focus_on_load
	inputs   int             // input blocks
	charts   int
	text     int // characters of all text in the payload
	markdown int
	tables   int // characters in table blocks
	data     int // characters in data_table blocks
}

func newChecker(surface string, strict bool) *checker {
	return &checker{limits: figures(), surface: surface, strict: strict, blockIDs: map[string]bool{}}
}

func (c *checker) report(ptr, format string, args ...any) {
	c.problems = append(c.problems, Problem{Message: fmt.Sprintf(format, args...), Pointer: ptr})
}

func (c *checker) missing(ptr, name string) { c.report(ptr, "missing required field: %s", name) }

// onlyKeys refuses fields that Slack does not know. Only strict mode asks.
func (c *checker) onlyKeys(ptr string, m map[string]any, known ...string) {
	if !c.strict {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, k) {
			c.report(ptr, "invalid additional property: %s", k)
		}
	}
}

// object returns v as an object, or reports it.
func (c *checker) object(ptr string, v any) (map[string]any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		c.report(ptr, "must provide an object")
	}
	return m, ok
}

// array returns v as an array within the field's counts, or reports it.
func (c *checker) array(ptr string, v any, f field) ([]any, bool) {
	list, ok := v.([]any)
	if !ok {
		c.report(ptr, "must provide an array")
		return nil, false
	}
	if f.Max != nil && len(list) > int(*f.Max) {
		c.report(ptr, "no more than %d items allowed", int(*f.Max))
	}
	if f.Min != nil && len(list) < int(*f.Min) {
		c.report(ptr, "no fewer than %d items allowed", int(*f.Min))
	}
	return list, true
}

// chars holds a string to the field's length.
func (c *checker) chars(ptr, s string, f field) {
	n := utf8.RuneCountInString(s)
	if f.Max != nil && n > int(*f.Max) {
		c.report(ptr, "must be less than %d characters", int(*f.Max)+1)
	}
	min := 0
	if f.Min != nil {
		min = int(*f.Min)
	}
	if f.Required && min == 0 && f.Type != "string" {
		min = 1 // a required text object is never empty
	}
	if n < min {
		c.report(ptr, "must be more than %d characters", min-1)
	}
}

// value holds one value to its field. holder is the type of the block or element that has it.
func (c *checker) value(ptr, holder string, v any, f field) {
	switch f.Type {
	case "string", "url":
		c.str(ptr, v, f)
	case "enum":
		if s, ok := v.(string); !ok || !slices.Contains(f.Enum, s) {
			c.report(ptr, "must be a valid enum value")
		}
	case "bool":
		if _, ok := v.(bool); !ok {
			c.report(ptr, "must provide a boolean")
		}
	case "int", "number":
		c.number(ptr, v, f)
	case "plain_text", "mrkdwn", "plain_text|mrkdwn":
		c.textObject(ptr, v, f)
	case "option":
		c.option(ptr, holder, v)
	case "confirm":
		c.confirm(ptr, v)
	case "dispatch_action_config":
		c.dispatchConfig(ptr, v)
	case "conversation_filter":
		c.conversationFilter(ptr, v)
	case "slack_file":
		c.slackFile(ptr, v)
	case "rich_text":
		if m, ok := c.object(ptr, v); ok {
			c.richText(ptr, m)
		}
	case "image":
		c.cardImage(ptr, v, f)
	case "element":
		c.element(ptr, v, f.Allowed)
	case "object":
		c.object(ptr, v)
	case "array":
		c.list(ptr, holder, v, f)
	}
}

func (c *checker) str(ptr string, v any, f field) {
	s, ok := v.(string)
	if !ok {
		c.report(ptr, "must provide a string")
		return
	}
	c.chars(ptr, s, f)
	if f.Pattern != "" && !pattern(f.Pattern).MatchString(s) {
		c.report(ptr, "must match pattern %s", f.Pattern)
	}
	if f.Type == "url" && s != "" && !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") &&
		!strings.HasPrefix(s, "mailto:") && !strings.HasPrefix(s, "slack://") {
		c.report(ptr, "must be a valid URL")
	}
}

func (c *checker) number(ptr string, v any, f field) {
	n, ok := v.(float64)
	if !ok || (f.Type == "int" && n != float64(int64(n))) {
		c.report(ptr, "must provide a number")
		return
	}
	if f.Max != nil && n > *f.Max {
		c.report(ptr, "must be less than or equal to %v", *f.Max)
	}
	if f.Min != nil && n < *f.Min {
		c.report(ptr, "must be greater than or equal to %v", *f.Min)
	}
	if f.ExclusiveMin != nil && n <= *f.ExclusiveMin {
		c.report(ptr, "must be greater than %v", *f.ExclusiveMin)
	}
	if f.Pattern != "" && !pattern(f.Pattern).MatchString(fmt.Sprintf("%.0f", n)) {
		c.report(ptr, "must match pattern %s", f.Pattern)
	}
}

// list holds an array to its field, and everything in it to its own kind.
func (c *checker) list(ptr, holder string, v any, f field) {
	items, ok := c.array(ptr, v, f)
	if !ok {
		return
	}
	name := ptr[strings.LastIndexByte(ptr, '/')+1:]
	for i, item := range items {
		at := fmt.Sprintf("%s/%d", ptr, i)
		switch {
		case name == "options" || name == "initial_options":
			c.option(at, holder, item)
		case name == "option_groups":
			c.optionGroup(at, holder, item)
		case holder == "section" && name == "fields":
			c.textObject(at, item, field{Type: "plain_text|mrkdwn", Required: true, Max: f.ItemTextMax})
		case holder == "context":
			c.contextElement(at, item, f)
		case holder == "rich_text":
			c.richTextElement(at, item, f.Allowed)
		case holder == "task_card" && name == "sources":
			c.element(at, item, f.Allowed)
		case isBlockList(holder, name):
			c.block(at, item, f.Allowed)
		case len(f.Allowed) > 0:
			c.element(at, item, f.Allowed)
		case len(f.Enum) > 0:
			if s, ok := item.(string); !ok || !slices.Contains(f.Enum, s) {
				c.report(at, "must be a valid enum value")
			}
		case slices.Contains([]string{"initial_users", "initial_conversations", "initial_channels", "filetypes",
			"visible_to_user_ids"}, name):
			if _, ok := item.(string); !ok {
				c.report(at, "must provide a string")
			}
		}
	}
}

// isBlockList says whether an array field holds blocks rather than elements.
func isBlockList(holder, name string) bool {
	switch holder + "." + name {
	case "carousel.elements", "container.child_blocks", "layout.fallback", "plan.tasks":
		return true
	}
	return false
}

// fields holds every field of one block or element to its row of the figures.
func (c *checker) fields(ptr, holder string, m map[string]any, rows map[string]field) {
	for _, path := range slices.Sorted(maps.Keys(rows)) {
		f := rows[path]
		if f.Type == "" { // a figure about the whole, e.g. content_chars: see rules.go
			continue
		}
		c.at(ptr, holder, m, strings.Split(path, "."), f)
	}
}

// at follows a path such as rows[].items[].width and checks what it finds at its end.
func (c *checker) at(ptr, holder string, m map[string]any, path []string, f field) {
	name, isList := strings.CutSuffix(path[0], "[]")
	v, present := m[name]
	here := ptr + "/" + name
	if len(path) == 1 && !isList {
		switch {
		case !present && f.Required:
			c.missing(ptr, name)
		case present:
			c.value(here, holder, v, f)
		}
		return
	}
	if !present { // a required parent has a row of its own, or a rule in rules.go
		return
	}
	if !isList {
		if next, ok := v.(map[string]any); ok {
			c.at(here, holder, next, path[1:], f)
		} else {
			c.report(here, "must provide an object")
		}
		return
	}
	items, _ := v.([]any)
	for i, item := range items {
		at := fmt.Sprintf("%s/%d", here, i)
		if len(path) == 1 {
			c.value(at, holder, item, f)
		} else if next, ok := item.(map[string]any); ok {
			c.at(at, holder, next, path[1:], f)
		}
	}
}

// fieldNames are the keys that an object with these rows may have at its top.
func fieldNames(rows map[string]field, more ...string) []string {
	names := append([]string{"type"}, more...)
	for path, f := range rows {
		if f.Type == "" {
			continue
		}
		name, _, _ := strings.Cut(path, ".")
		names = append(names, strings.TrimSuffix(name, "[]"))
	}
	return names
}

// same says whether two decoded JSON values are equal.
func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// decode turns any value into plain maps and slices, as it would arrive on the wire.
func decode(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(raw, &out)
}

// knownZone says whether an IANA zone exists.
func knownZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != ""
}
