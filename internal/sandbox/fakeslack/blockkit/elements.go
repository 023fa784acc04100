package blockkit

import "fmt"

// Element is an interactive element with the block that holds it.
type Element struct {
	Block    map[string]any
	BlockID  string
	Element  map[string]any
	ActionID string
	Type     string
	Input    bool // it is the element of an input block
}

// Elements lists the interactive elements of blocks in reading order, nested ones too.
func Elements(blocks []map[string]any) []Element {
	var out []Element
	add := func(block map[string]any, v any, input bool) {
		el, ok := v.(map[string]any)
		if !ok {
			return
		}
		id, _ := el["action_id"].(string)
		kind, _ := el["type"].(string)
		blockID, _ := block["block_id"].(string)
		if kind == "" || id == "" {
			return // text and images
		}
		out = append(out, Element{Block: block, BlockID: blockID, Element: el, ActionID: id, Type: kind, Input: input})
	}
	for _, b := range blocks {
		switch b["type"] {
		case "section":
			add(b, b["accessory"], false)
		case "actions", "context_actions":
			for _, el := range objects(b["elements"]) {
				add(b, el, false)
			}
		case "input":
			add(b, b["element"], true)
		case "card":
			for _, el := range objects(b["actions"]) {
				add(b, el, false)
			}
		case "data_table":
			rows, _ := b["rows"].([]any)
			for _, row := range rows {
				for _, cell := range objects(row) {
					add(b, cell["element"], false)
				}
			}
		default:
			out = append(out, Elements(Children(b))...)
		}
	}
	return out
}

// Children are the blocks inside a carousel, container, layout or plan.
func Children(b map[string]any) []map[string]any {
	switch b["type"] {
	case "carousel":
		return objects(b["elements"])
	case "container":
		return objects(b["child_blocks"])
	case "plan":
		return objects(b["tasks"])
	case "layout":
		var out []map[string]any
		for _, row := range objects(b["rows"]) {
			for _, item := range objects(row["items"]) {
				if child, ok := item["block"].(map[string]any); ok {
					out = append(out, child)
				}
			}
		}
		return out
	}
	return nil
}

// Options are the options of a select, radio group, checkboxes or overflow, groups opened up.
func Options(el map[string]any) []map[string]any {
	all := objects(el["options"])
	for _, group := range objects(el["option_groups"]) {
		all = append(all, objects(group["options"])...)
	}
	return all
}

// WithBlockIDs returns the blocks with an id for each that has none, as Slack does. next gives a new id. What was given
// is not changed.
func WithBlockIDs(blocks []any, next func() string) []map[string]any {
	out := make([]map[string]any, 0, len(blocks))
	for _, item := range blocks {
		out = append(out, withBlockID(item, next))
	}
	return out
}

func withBlockID(v any, next func() string) map[string]any {
	copied, err := decode(v)
	m, ok := copied.(map[string]any)
	if err != nil || !ok {
		return map[string]any{"type": "unknown", "block_id": fmt.Sprint(v)}
	}
	if id, _ := m["block_id"].(string); id == "" {
		m["block_id"] = next()
	}
	for _, child := range Children(m) {
		if id, _ := child["block_id"].(string); id == "" {
			child["block_id"] = next()
		}
		for _, grandchild := range Children(child) {
			if id, _ := grandchild["block_id"].(string); id == "" {
				grandchild["block_id"] = next()
			}
		}
	}
	return m
}
