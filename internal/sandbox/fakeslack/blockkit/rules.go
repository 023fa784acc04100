package blockkit

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A rule checks what a list of fields cannot say: either-or, sums, comparisons.

func (c *checker) blockRule(kind, ptr string, m map[string]any) {
	switch kind {
	case "actions", "context_actions":
		uniqueActionIDs(c, ptr, m)
	case "card":
		cardRule(c, ptr, m)
	case "container":
		containerRule(c, ptr, m)
	case "data_table":
		dataTableRule(c, ptr, m)
	case "data_visualization":
		chartRule(c, ptr, m)
	case "image":
		imageRule(c, ptr, m)
	case "input":
		inputRule(c, ptr, m)
	case "layout":
		layoutRule(c, ptr, m)
	case "markdown":
		markdownRule(c, ptr, m)
	case "section":
		sectionRule(c, ptr, m)
	case "table":
		tableRule(c, ptr, m)
	case "video":
		videoRule(c, ptr, m)
	}
}

func (c *checker) elementRule(kind, ptr string, m map[string]any) {
	switch kind {
	case "image":
		imageRule(c, ptr, m)
	case "feedback_buttons":
		feedbackRule(c, ptr, m)
	case "number_input":
		numberRule(c, ptr, m)
	case "plain_text_input":
		lengthRule(c, ptr, m)
	case "rich_text_input":
		ordered(c, ptr, m, "min_lines", "max_lines")
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow":
		optionsRule(c, ptr, m)
	case "conversations_select", "channels_select":
		responseURLRule(c, ptr, m)
	case "timepicker":
		timepickerRule(c, ptr, m)
	case "workflow_button":
		workflowRule(c, ptr, m)
	}
}

// exactlyOne reports unless exactly one of the fields is there.
func exactlyOne(c *checker, ptr string, m map[string]any, names ...string) {
	n := 0
	for _, name := range names {
		if _, set := m[name]; set {
			n++
		}
	}
	if n != 1 {
		c.report(ptr, "must have exactly one of %s", strings.Join(names, ", "))
	}
}

func flag(m map[string]any, name string) bool { b, _ := m[name].(bool); return b }

func objects(v any) []map[string]any {
	items, _ := v.([]any)
	var out []map[string]any
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func uniqueActionIDs(c *checker, ptr string, m map[string]any) {
	seen := map[string]bool{}
	for i, el := range objects(m["elements"]) {
		id, _ := el["action_id"].(string)
		if id != "" && seen[id] {
			c.report(fmt.Sprintf("%s/elements/%d/action_id", ptr, i), "`action_id` %s already exists", id)
		}
		seen[id] = true
	}
}

func sectionRule(c *checker, ptr string, m map[string]any) {
	_, text := m["text"]
	_, fields := m["fields"]
	if !text && !fields {
		c.report(ptr, "must define either `text` or `fields`")
	}
}

func imageRule(c *checker, ptr string, m map[string]any) {
	exactlyOne(c, ptr, m, "image_url", "slack_file")
}

func cardRule(c *checker, ptr string, m map[string]any) {
	if m["hero_image"] == nil && m["title"] == nil && m["actions"] == nil && m["body"] == nil {
		c.report(ptr, "must have at least one of hero_image, title, actions, body")
	}
	if m["icon"] != nil && m["slack_icon"] != nil {
		c.report(ptr, "must not have both icon and slack_icon")
	}
}

func containerRule(c *checker, ptr string, m map[string]any) {
	if m["title"] == nil && m["rich_text_title"] == nil {
		c.report(ptr, "must have at least one of title, rich_text_title")
	}
	if flag(m, "default_collapsed") && !flag(m, "is_collapsible") {
		c.report(ptr+"/default_collapsed", "needs is_collapsible")
	}
	if flag(m, "has_header_divider") && flag(m, "is_collapsible") {
		c.report(ptr+"/has_header_divider", "not with is_collapsible")
	}
}

func inputRule(c *checker, ptr string, m map[string]any) {
	c.inputs++
	el, _ := m["element"].(map[string]any)
	if el["type"] == "file_input" && flag(m, "dispatch_action") {
		c.report(ptr+"/dispatch_action", "must not be true with file_input")
	}
	if flag(el, "response_url_enabled") && c.surface != "modal" {
		c.report(ptr+"/element/response_url_enabled", "only in input blocks of modals")
	}
}

// responseURLRule refuses response_url_enabled outside of input blocks; inputRule has the rest.
func responseURLRule(c *checker, ptr string, m map[string]any) {
	if flag(m, "response_url_enabled") && !strings.HasSuffix(ptr, "/element") {
		c.report(ptr+"/response_url_enabled", "only in input blocks of modals")
	}
}

func markdownRule(c *checker, ptr string, m map[string]any) {
	text, _ := m["text"].(string)
	n := utf8.RuneCountInString(text)
	c.markdown += n
	if max := int(*c.limits.Message.MarkdownBlocks.Max); c.markdown > max && c.markdown > n {
		c.report(ptr+"/text", "must be less than %d characters", max+1)
	}
}

func videoRule(c *checker, ptr string, m map[string]any) {
	for _, name := range []string{"video_url", "title_url"} {
		if s, ok := m[name].(string); ok && !strings.HasPrefix(s, "https://") {
			c.report(ptr+"/"+name, "must be an https URL")
		}
	}
}

// layoutChildren are the blocks that a layout item may hold: no markdown and no layout.
func layoutChildren() []string {
	return []string{"actions", "alert", "card", "carousel", "container", "context", "data_table", "data_visualization",
		"divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
}

func layoutRule(c *checker, ptr string, m map[string]any) {
	rows := c.limits.Blocks["layout"].Fields
	if list, ok := m["rows"].([]any); ok {
		for i, row := range list {
			at := fmt.Sprintf("%s/rows/%d", ptr, i)
			rm, ok := c.object(at, row)
			if !ok {
				continue
			}
			c.onlyKeys(at, rm, "items")
			if rm["items"] == nil {
				c.missing(at, "items")
				continue
			}
			items, _ := c.array(at+"/items", rm["items"], rows["rows[].items"])
			for j, item := range items {
				c.layoutItem(fmt.Sprintf("%s/items/%d", at, j), item)
			}
		}
	}
}

func (c *checker) layoutItem(ptr string, v any) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	c.onlyKeys(ptr, m, "block", "width", "horizontal_alignment")
	if m["block"] == nil {
		c.missing(ptr, "block")
		return
	}
	c.block(ptr+"/block", m["block"], layoutChildren())
}

func feedbackRule(c *checker, ptr string, m map[string]any) {
	rows := c.limits.Elements["feedback_buttons"].Fields
	for _, name := range []string{"positive_button", "negative_button"} {
		button, ok := m[name].(map[string]any)
		if !ok {
			if name == "positive_button" {
				c.missing(ptr, name)
			}
			continue
		}
		at := ptr + "/" + name
		c.onlyKeys(at, button, "text", "value", "accessibility_label")
		if name == "negative_button" { // the same limits as its twin, whose fields the rows name
			for _, part := range []string{"text", "value", "accessibility_label"} {
				c.at(at, "feedback_buttons", button, []string{part}, rows["positive_button."+part])
			}
		}
	}
}

func numberRule(c *checker, ptr string, m map[string]any) {
	parse := func(name string) (float64, bool) {
		s, ok := m[name].(string)
		if !ok {
			return 0, false
		}
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			c.report(ptr+"/"+name, "must be a number")
		}
		return n, err == nil
	}
	min, hasMin := parse("min_value")
	max, hasMax := parse("max_value")
	parse("initial_value")
	if hasMin && hasMax && min > max {
		c.report(ptr+"/min_value", "must be less than or equal to max_value")
	}
}

func ordered(c *checker, ptr string, m map[string]any, low, high string) {
	a, okA := m[low].(float64)
	b, okB := m[high].(float64)
	if okA && okB && a > b {
		c.report(ptr+"/"+low, "must be less than or equal to %s", high)
	}
}

func lengthRule(c *checker, ptr string, m map[string]any) {
	ordered(c, ptr, m, "min_length", "max_length")
	max := 3000.0
	if v, ok := m["max_length"].(float64); ok {
		max = v
	}
	if s, ok := m["initial_value"].(string); ok && utf8.RuneCountInString(s) > int(max) {
		c.report(ptr+"/initial_value", "must be less than %d characters", int(max)+1)
	}
}

// optionsRule: options or option_groups, values that tell the options apart, and initial options that are among them.
func optionsRule(c *checker, ptr string, m map[string]any) {
	if kind := m["type"]; kind == "static_select" || kind == "multi_static_select" {
		exactlyOne(c, ptr, m, "options", "option_groups")
	}
	all := objects(m["options"])
	for _, group := range objects(m["option_groups"]) {
		all = append(all, objects(group["options"])...)
	}
	seen := map[any]bool{}
	for _, o := range all {
		if v, ok := o["value"].(string); ok {
			if seen[v] { // not stated by the docs; two options that cannot be told apart are a bug all the same
				c.report(ptr+"/options", "duplicate option value: %s", v)
			}
			seen[v] = true
		}
	}
	among := func(at string, o any) {
		for _, option := range all {
			if same(o, option) {
				return
			}
		}
		c.report(at, "must be one of the provided options")
	}
	if o, set := m["initial_option"]; set {
		among(ptr+"/initial_option", o)
	}
	initial, _ := m["initial_options"].([]any)
	for i, o := range initial {
		among(fmt.Sprintf("%s/initial_options/%d", ptr, i), o)
	}
}

func timepickerRule(c *checker, ptr string, m map[string]any) {
	if zone, ok := m["timezone"].(string); ok && !knownZone(zone) {
		c.report(ptr+"/timezone", "must be an IANA time zone")
	}
}

func workflowRule(c *checker, ptr string, m map[string]any) {
	workflow, _ := m["workflow"].(map[string]any)
	trigger, _ := workflow["trigger"].(map[string]any)
	if _, ok := trigger["url"].(string); !ok {
		c.report(ptr+"/workflow", "missing required field: trigger")
	}
}
