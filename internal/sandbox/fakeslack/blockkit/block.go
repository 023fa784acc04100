package blockkit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// block checks one block. allowed, when given, are the types that its parent may hold.
func (c *checker) block(ptr string, v any, allowed []string) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	c.blocks++
	kind, _ := m["type"].(string)
	sp, known := c.limits.Blocks[kind]
	switch {
	case m["type"] == nil:
		c.missing(ptr, "type")
		return
	case !known, !slices.Contains(sp.Surfaces, c.surface), kind == "file": // file blocks come from Slack only
		c.report(ptr, "unsupported type: %s", kind)
		return
	case len(allowed) > 0 && !slices.Contains(allowed, kind):
		c.report(ptr, "unsupported type: %s", kind)
		return
	}
	c.blockID(ptr, m)
	c.onlyKeys(ptr, m, append(fieldNames(sp.Fields), "block_id")...)
	c.blockRule(kind, ptr, m)
	c.fields(ptr, kind, m, sp.Fields)
}

func (c *checker) blockID(ptr string, m map[string]any) {
	v, set := m["block_id"]
	if !set {
		return
	}
	c.value(ptr+"/block_id", "", v, c.limits.Common.BlockID)
	id, _ := v.(string)
	if id != "" && c.blockIDs[id] {
		c.report(ptr+"/block_id", "`block_id` %s already exists", id)
	}
	c.blockIDs[id] = true
}

// element checks one interactive element or image. Slack says "unsupported type" also for an element that exists but
// not in this place.
func (c *checker) element(ptr string, v any, allowed []string) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	kind, _ := m["type"].(string)
	sp, known := c.limits.Elements[kind]
	if m["type"] == nil {
		c.missing(ptr, "type")
		return
	}
	if !known || !slices.Contains(sp.Surfaces, c.surface) || (len(allowed) > 0 && !slices.Contains(allowed, kind)) {
		c.report(ptr, "unsupported type: %s", kind)
		return
	}
	extra := []string{}
	if sp.ActionID {
		extra = append(extra, "action_id")
		if id, set := m["action_id"]; set {
			c.value(ptr+"/action_id", kind, id, c.limits.Common.ActionID)
			if id == "" {
				c.report(ptr+"/action_id", "must be more than 0 characters")
			}
		} else {
			c.missing(ptr, "action_id")
		}
	}
	c.onlyKeys(ptr, m, append(fieldNames(sp.Fields), extra...)...)
	if focus, _ := m["focus_on_load"].(bool); focus {
		if c.focused++; c.focused > 1 {
			c.report(ptr+"/focus_on_load", "only one element may have focus_on_load")
		}
	}
	c.elementRule(kind, ptr, m)
	c.fields(ptr, kind, m, sp.Fields)
}

// contextElement is a text object or an image.
func (c *checker) contextElement(ptr string, v any, f field) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	if m["type"] == "image" {
		c.element(ptr, v, f.Allowed)
		return
	}
	text := field{Type: "plain_text|mrkdwn", Required: true}
	if f.ElementText != nil {
		text.Max = &f.ElementText.Max
	}
	c.textObject(ptr, v, text)
}

// richText checks a rich_text block, or one that sits in a field.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
func (c *checker) richText(ptr string, m map[string]any) {
	if m["type"] != "rich_text" {
		c.report(ptr, "unsupported type: %v", m["type"])
		return
	}
	sp := c.limits.Blocks["rich_text"]
	c.onlyKeys(ptr, m, "type", "block_id", "elements")
	c.fields(ptr, "rich_text", m, sp.Fields)
}

func (c *checker) richTextElement(ptr string, v any, allowed []string) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	kind, _ := m["type"].(string)
	if !slices.Contains(allowed, kind) {
		c.report(ptr, "unsupported type: %s", kind)
		return
	}
	known := []string{"type", "elements"}
	switch kind {
	case "rich_text_list":
		known = append(known, "style", "indent", "offset", "border")
		if s := m["style"]; s != "bullet" && s != "ordered" {
			c.report(ptr+"/style", "must be a valid enum value")
		}
	case "rich_text_preformatted":
		known = append(known, "border", "language")
	case "rich_text_quote":
		known = append(known, "border")
	}
	c.onlyKeys(ptr, m, known...)
	items, ok := m["elements"].([]any)
	if !ok {
		c.missing(ptr, "elements")
		return
	}
	for i, item := range items {
		at := fmt.Sprintf("%s/elements/%d", ptr, i)
		if kind == "rich_text_list" {
			c.richTextElement(at, item, []string{"rich_text_section"})
			continue
		}
		c.inline(at, item)
	}
}

// inlineField is the field that each kind of rich text piece must have.
func inlineField(kind string) string {
	switch kind {
	case "user":
		return "user_id"
	case "usergroup":
		return "usergroup_id"
	case "channel":
		return "channel_id"
	case "team":
		return "team_id"
	case "broadcast":
		return "range"
	case "emoji":
		return "name"
	case "link":
		return "url"
	case "date":
		return "timestamp"
	case "color":
		return "value"
	}
	return "text"
}

func (c *checker) inline(ptr string, v any) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	kind, _ := m["type"].(string)
	if !slices.Contains(c.limits.RichText.SectionElements, kind) {
		c.report(ptr, "unsupported type: %s", kind)
		return
	}
	need := inlineField(kind)
	got, set := m[need]
	if !set {
		c.missing(ptr, need)
		return
	}
	switch kind {
	case "text":
		text, isText := got.(string)
		if !isText {
			c.report(ptr+"/text", "must provide a string")
		} else if text == "" {
			c.report(ptr+"/text", "must be more than 0 characters")
		}
		c.text += utf8.RuneCountInString(text)
	case "link":
		text, _ := m["text"].(string)
		c.text += utf8.RuneCountInString(text)
		c.value(ptr+"/url", kind, got, field{Type: "url"})
	case "date":
		c.value(ptr+"/timestamp", kind, got, field{Type: "int"})
		if _, set := m["format"]; !set {
			c.missing(ptr, "format")
		}
		c.onlyKeys(ptr, m, append([]string{"type", "style"}, c.limits.RichText.Date.Fields...)...)
	case "broadcast":
		c.value(ptr+"/range", kind, got, field{Type: "enum", Enum: []string{"here", "channel", "everyone"}})
	default:
		c.value(ptr+"/"+need, kind, got, field{Type: "string"})
	}
	if style, set := m["style"]; set {
		if sm, ok := c.object(ptr+"/style", style); ok {
			c.onlyKeys(ptr+"/style", sm, "bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
		}
	}
	if kind == "text" {
		c.onlyKeys(ptr, m, "type", "text", "style")
	}
}

// textOf collects the characters of all text in a table cell.
func textOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		if s, ok := v["text"].(string); ok {
			b.WriteString(s)
		} else if v["type"] == "raw_number" {
			fmt.Fprint(&b, v["value"])
		}
		b.WriteString(textOf(v["elements"]))
		return b.String()
	case []any:
		var b strings.Builder
		for _, item := range v {
			b.WriteString(textOf(item))
		}
		return b.String()
	}
	return ""
}
