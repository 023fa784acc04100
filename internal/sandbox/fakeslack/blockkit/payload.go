package blockkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Report is what Slack would say about a payload. Without Problems, TextTooLong and TooLarge it is accepted.
type Report struct {
	Problems    []Problem
	TextTooLong bool // a message whose blocks together have more text than Slack takes: msg_blocks_too_long
	TooLarge    bool // a view over 250 KB: view_too_large
}

// OK says whether Slack would accept the payload.
func (r Report) OK() bool { return len(r.Problems) == 0 && !r.TextTooLong && !r.TooLarge }

// Messages are the problems in the form of Slack's "errors" array.
func (r Report) Messages() []string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.String())
	}
	return out
}

// Message checks the blocks of a message, which are decoded JSON. strict refuses fields that Slack does not know.
func Message(blocks []any, strict bool) Report {
	c := newChecker("message", strict)
	c.allBlocks("/blocks", blocks)
	return Report{Problems: c.problems, TextTooLong: c.text > int(*c.limits.Message.BlockText.Max)}
}

// Attachment checks the blocks inside attachment number i of a message.
func Attachment(i int, blocks []any, strict bool) Report {
	c := newChecker("message", strict)
	c.allBlocks(fmt.Sprintf("/attachments/%d/blocks", i), blocks)
	return Report{Problems: c.problems, TextTooLong: c.text > int(*c.limits.Message.BlockText.Max)}
}

func (c *checker) allBlocks(ptr string, blocks []any) {
	surface := c.limits.Surfaces[c.surface]
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", ptr, i), b, nil)
	}
	if c.blocks > surface.MaxBlocks { // nested blocks count too
		c.report(ptr, "no more than %d items allowed", surface.MaxBlocks)
	}
	if len(blocks) < surface.MinBlocks {
		c.report(ptr, "no fewer than %d items allowed", surface.MinBlocks)
	}
}

// View checks a view, which is decoded JSON, as views.open, push, update and publish do. kind is the type that the
// method takes: "modal", "home", or "" for either.
func View(view map[string]any, kind string, strict bool) Report {
	surface, _ := view["type"].(string)
	if surface != "modal" && surface != "home" || (kind != "" && surface != kind) {
		c := newChecker("modal", strict)
		if view["type"] == nil {
			c.missing("/view", "type")
		} else {
			c.report("/view/type", "must be a valid enum value")
		}
		return Report{Problems: c.problems}
	}
	c := newChecker(surface, strict)
	rows := maps.Clone(c.limits.Views.Common)
	delete(rows, "blocks")
	if surface == "modal" {
		maps.Copy(rows, c.limits.modal)
		delete(rows, "stack_depth")
	} else {
		for _, name := range c.limits.Views.Home.Forbidden {
			if _, set := view[name]; set {
				c.report("/view", "invalid additional property: %s", name)
			}
		}
	}
	c.onlyKeys("/view", view, append(fieldNames(rows, "blocks"), c.limits.Views.Home.Forbidden...)...)
	c.fields("/view", "view", view, rows)

	blocks, ok := view["blocks"].([]any)
	if _, set := view["blocks"]; !set {
		c.missing("/view", "blocks")
	} else if !ok { // null too
		c.report("/view/blocks", "must provide an array")
	} else {
		c.allBlocks("/view/blocks", blocks)
	}
	if surface == "modal" && c.inputs > 0 && view["submit"] == nil {
		c.missing("/view", "submit")
	}
	raw, _ := json.Marshal(view)
	return Report{Problems: c.problems, TooLarge: len(raw) > Figures().ViewBytes}
}

// Suggestions checks the ack payload of a block_suggestion: options or option_groups.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
func Suggestions(payload map[string]any, strict bool) []Problem {
	c := newChecker("modal", strict)
	n := c.limits.Interaction.Options
	limit := func(max int) field { f := float64(max); return field{Max: &f} }
	options := func(ptr string, v any, max int) {
		list, _ := c.array(ptr, v, limit(max))
		for i, o := range list {
			c.option(fmt.Sprintf("%s/%d", ptr, i), "external_select", o)
		}
	}
	exactlyOne(c, "", payload, "options", "option_groups")
	if v, set := payload["options"]; set {
		options("/options", v, n.Options)
	}
	if v, set := payload["option_groups"]; set {
		list, _ := c.array("/option_groups", v, limit(n.Groups))
		for i, item := range list {
			at := fmt.Sprintf("/option_groups/%d", i)
			group, ok := c.object(at, item)
			if !ok {
				continue
			}
			if label, set := group["label"]; set {
				c.textObject(at+"/label", label, c.limits.composition["option_group"]["label"])
			} else {
				c.missing(at, "label")
			}
			options(at+"/options", group["options"], n.PerGroup)
		}
	}
	return c.problems
}

// Manifest checks the figures of an app manifest, which is decoded JSON (lengths and counts, not the whole schema).
func Manifest(manifest map[string]any) []Problem {
	c := newChecker("message", false)
	for _, path := range slices.Sorted(maps.Keys(c.limits.Manifest)) {
		f := c.limits.Manifest[path]
		c.at("", "manifest", manifest, splitPath(path), f)
	}
	return c.problems
}

func splitPath(path string) []string {
	var out []string
	start := 0
	for i := range path {
		if path[i] == '.' {
			out = append(out, path[start:i])
			start = i + 1
		}
	}
	return append(out, path[start:])
}
