package fakeslack

import (
	"fmt"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// element renders one element, text object or image.
func (r Renderer) element(b, el Block) string {
	switch kind := str(el["type"]); kind {
	case "plain_text", "mrkdwn":
		return r.Text(el)
	case "image":
		return "(image: " + str(el["alt_text"]) + ")"
	case "button", "workflow_button", "icon_button":
		return "[" + r.Text(el["text"]) + "]"
	case "feedback_buttons":
		var parts []string
		for _, name := range []string{"positive_button", "negative_button"} {
			if button, ok := el[name].(map[string]any); ok {
				parts = append(parts, "["+r.Text(button["text"])+"]")
			}
		}
		return strings.Join(parts, " ")
	case "overflow":
		var parts []string
		for _, o := range blockkit.Options(el) {
			parts = append(parts, r.Text(o["text"]))
		}
		return "[... " + strings.Join(parts, " | ") + "]"
	case "radio_buttons", "checkboxes":
		return r.choices(b, el)
	case "":
		return ""
	default:
		return "[" + r.value(b, el) + "]"
	}
}

func (r Renderer) state(b, el Block) any {
	kind := str(el["type"])
	if state := r.Values[str(b["block_id"])][str(el["action_id"])]; state != nil {
		return state[stateKey(kind)]
	}
	return el[initialKey(kind)]
}

// choices lists radio buttons and checkboxes, each on a line.
func (r Renderer) choices(b, el Block) string {
	chosen := map[string]bool{}
	switch v := r.state(b, el).(type) {
	case map[string]any:
		chosen[str(v["value"])] = true
	case []any:
		for _, o := range blockList(v) {
			chosen[str(o["value"])] = true
		}
	}
	off, on := "( )", "(•)"
	if el["type"] == "checkboxes" {
		off, on = "[ ]", "[x]"
	}
	var lines []string
	for _, o := range blockkit.Options(el) {
		mark := off
		if chosen[str(o["value"])] {
			mark = on
		}
		line := "  " + mark + " " + r.Text(o["text"])
		if d := r.Text(o["description"]); d != "" {
			line += ": " + d
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// value is what a field holds, in words.
func (r Renderer) value(b, el Block) string {
	v := r.state(b, el)
	if isEmpty(v) {
		return " "
	}
	key := stateKey(str(el["type"]))
	one := func(v any) string {
		switch {
		case strings.Contains(key, "user"):
			return "@" + r.user(str(v))
		case strings.Contains(key, "channel"), strings.Contains(key, "conversation"):
			return "#" + r.channel(str(v))
		}
		switch v := v.(type) {
		case string:
			return v
		case float64:
			return time.Unix(int64(v), 0).In(r.zone()).Format("2006-01-02 15:04 MST")
		case map[string]any:
			if v["type"] == "rich_text" {
				return strings.Join(r.richText(v), "\n")
			}
			if t := r.Text(v["text"]); t != "" {
				return t
			}
			return str(v["name"])
		}
		return fmt.Sprint(v)
	}
	if list, ok := v.([]any); ok {
		var parts []string
		for _, item := range list {
			parts = append(parts, one(item))
		}
		return strings.Join(parts, ", ")
	}
	return one(v)
}
