package blockkit

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return m
}

// blockSamples are one small valid block of each type.
var blockSamples = map[string]string{
	"actions":            `{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}}]}`,
	"alert":              `{"type":"alert","text":{"type":"plain_text","text":"x"},"level":"info"}`,
	"call":               `{"type":"call","call_id":"R1"}`,
	"card":               `{"type":"card","title":{"type":"mrkdwn","text":"x"},"subtitle":{"type":"mrkdwn","text":"x"},"body":{"type":"mrkdwn","text":"x"},"subtext":{"type":"mrkdwn","text":"x"},"actions":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}}],"hero_image":{"type":"image","image_url":"https://x.test/a.png","alt_text":"x"}}`,
	"carousel":           `{"type":"carousel","elements":[{"type":"card","title":{"type":"mrkdwn","text":"x"}}]}`,
	"container":          `{"type":"container","title":{"type":"plain_text","text":"x"},"subtitle":{"type":"plain_text","text":"x"},"width":"full","child_blocks":[{"type":"divider"}]}`,
	"context":            `{"type":"context","elements":[{"type":"mrkdwn","text":"x"}]}`,
	"context_actions":    `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","action_id":"a","text":{"type":"plain_text","text":"Delete"}}]}`,
	"data_table":         `{"type":"data_table","caption":"x","page_size":5,"row_header_column_index":0,"rows":[[{"type":"raw_text","text":"h"}],[{"type":"raw_number","value":1}]]}`,
	"data_visualization": `{"type":"data_visualization","title":"x","chart":{"type":"bar","series":[{"name":"s","data":[{"label":"a","value":1}]}],"axis_config":{"categories":["a"],"x_label":"x","y_label":"y"}}}`,
	"divider":            `{"type":"divider"}`,
	"header":             `{"type":"header","text":{"type":"plain_text","text":"x"},"level":2}`,
	"image":              `{"type":"image","image_url":"https://x.test/a.png","alt_text":"x","title":{"type":"plain_text","text":"x"}}`,
	"input":              `{"type":"input","label":{"type":"plain_text","text":"x"},"hint":{"type":"plain_text","text":"x"},"element":{"type":"datepicker","action_id":"a"}}`,
	"layout":             `{"type":"layout","label":"x","grid_lines":"rows","rows":[{"items":[{"block":{"type":"divider"},"width":"wide","horizontal_alignment":"end"}]}],"fallback":[{"type":"divider"}]}`,
	"markdown":           `{"type":"markdown","text":"x"}`,
	"plan":               `{"type":"plan","title":"x","tasks":[{"type":"task_card","task_id":"1","title":"x","status":"pending"}]}`,
	"rich_text":          `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`,
	"section":            `{"type":"section","text":{"type":"mrkdwn","text":"x"},"fields":[{"type":"mrkdwn","text":"x"}]}`,
	"table":              `{"type":"table","column_settings":[{"align":"left"}],"rows":[[{"type":"raw_text","text":"x"}]]}`,
	"task_card":          `{"type":"task_card","task_id":"1","title":"x","status":"pending","sources":[{"type":"url","url":"https://x.test","text":"x"}]}`,
	"video":              `{"type":"video","video_url":"https://x.test/v","thumbnail_url":"https://x.test/t","alt_text":"x","title":{"type":"plain_text","text":"x"},"author_name":"x","provider_name":"x","description":{"type":"plain_text","text":"x"},"title_url":"https://x.test"}`,
}

const options = `"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"}]`

// elementSamples are one small valid element of each type.
var elementSamples = map[string]string{
	"button":                     `{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"},"value":"v","url":"https://x.test","style":"primary","accessibility_label":"x"}`,
	"checkboxes":                 `{"type":"checkboxes","action_id":"a",` + options + `}`,
	"datepicker":                 `{"type":"datepicker","action_id":"a","initial_date":"2026-11-23","placeholder":{"type":"plain_text","text":"x"}}`,
	"datetimepicker":             `{"type":"datetimepicker","action_id":"a","initial_date_time":1700000000}`,
	"email_text_input":           `{"type":"email_text_input","action_id":"a","placeholder":{"type":"plain_text","text":"x"},"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]}}`,
	"feedback_buttons":           `{"type":"feedback_buttons","action_id":"a","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"g","accessibility_label":"x"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"b"}}`,
	"file_input":                 `{"type":"file_input","action_id":"a","max_files":2,"filetypes":["pdf"]}`,
	"icon_button":                `{"type":"icon_button","action_id":"a","icon":"trash","text":{"type":"plain_text","text":"x"},"value":"v","accessibility_label":"x","visible_to_user_ids":["U1"]}`,
	"image":                      `{"type":"image","image_url":"https://x.test/a.png","alt_text":"x"}`,
	"number_input":               `{"type":"number_input","action_id":"a","is_decimal_allowed":false,"min_value":"1","max_value":"5","placeholder":{"type":"plain_text","text":"x"}}`,
	"overflow":                   `{"type":"overflow","action_id":"a",` + options + `}`,
	"plain_text_input":           `{"type":"plain_text_input","action_id":"a","min_length":1,"max_length":10,"placeholder":{"type":"plain_text","text":"x"}}`,
	"radio_buttons":              `{"type":"radio_buttons","action_id":"a",` + options + `}`,
	"rich_text_input":            `{"type":"rich_text_input","action_id":"a","min_lines":1,"max_lines":8,"placeholder":{"type":"plain_text","text":"x"}}`,
	"static_select":              `{"type":"static_select","action_id":"a","placeholder":{"type":"plain_text","text":"x"},` + options + `}`,
	"external_select":            `{"type":"external_select","action_id":"a","min_query_length":1,"placeholder":{"type":"plain_text","text":"x"}}`,
	"users_select":               `{"type":"users_select","action_id":"a","initial_user":"U1","placeholder":{"type":"plain_text","text":"x"}}`,
	"conversations_select":       `{"type":"conversations_select","action_id":"a","filter":{"include":["public"]},"placeholder":{"type":"plain_text","text":"x"}}`,
	"channels_select":            `{"type":"channels_select","action_id":"a","placeholder":{"type":"plain_text","text":"x"}}`,
	"multi_static_select":        `{"type":"multi_static_select","action_id":"a","max_selected_items":1,"placeholder":{"type":"plain_text","text":"x"},` + options + `}`,
	"multi_external_select":      `{"type":"multi_external_select","action_id":"a","max_selected_items":1,"placeholder":{"type":"plain_text","text":"x"}}`,
	"multi_users_select":         `{"type":"multi_users_select","action_id":"a","max_selected_items":1,"placeholder":{"type":"plain_text","text":"x"}}`,
	"multi_conversations_select": `{"type":"multi_conversations_select","action_id":"a","max_selected_items":1,"placeholder":{"type":"plain_text","text":"x"}}`,
	"multi_channels_select":      `{"type":"multi_channels_select","action_id":"a","max_selected_items":1,"placeholder":{"type":"plain_text","text":"x"}}`,
	"timepicker":                 `{"type":"timepicker","action_id":"a","initial_time":"09:30","timezone":"Europe/Paris","placeholder":{"type":"plain_text","text":"x"}}`,
	"url_text_input":             `{"type":"url_text_input","action_id":"a","placeholder":{"type":"plain_text","text":"x"}}`,
	"url":                        `{"type":"url","url":"https://x.test","text":"x"}`,
	"workflow_button":            `{"type":"workflow_button","action_id":"a","text":{"type":"plain_text","text":"x"},"workflow":{"trigger":{"url":"https://x.test"}},"accessibility_label":"x"}`,
}

// problems checks one block or element on its own.
func problems(kind string, element bool, surface string, m map[string]any) []Problem {
	c := newChecker(surface, true)
	switch {
	case !element:
		c.block("", m, nil)
	case kind == "conversations_select" || kind == "channels_select":
		c.element("/element", m, nil)
	default:
		c.element("", m, nil)
	}
	return c.problems
}

func surfaceOf(sp spec) string { return sp.Surfaces[0] }

// Every row of limits.json about a block or element has to bite: at its limit it passes, one over it is refused.
func TestEveryFigure(t *testing.T) {
	l := figures()
	run := func(kind, sample string, sp spec, element bool) {
		surface := surfaceOf(sp)
		t.Run(kind, func(t *testing.T) {
			if p := problems(kind, element, surface, parse(t, sample)); len(p) > 0 {
				t.Fatalf("the sample itself is refused: %v", p)
			}
			for path, f := range sp.Fields {
				if strings.ContainsAny(path, "[") || f.Type == "" {
					continue // nested rows and sums have tests of their own
				}
				for _, try := range tries(t, sample, path, f) {
					m := try.m
					p := problems(kind, element, surface, m)
					if refused := len(p) > 0; refused != try.refused {
						t.Errorf("%s %s: refused %v, want %v: %v", path, try.what, refused, try.refused, p)
					}
				}
			}
			m := parse(t, sample)
			m["surprise"] = true
			if p := problems(kind, element, surface, m); len(p) != 1 || !strings.Contains(p[0].Message, "surprise") {
				t.Errorf("an unknown field: %v", p)
			}
			for _, other := range []string{"message", "modal", "home"} {
				if slices.Contains(sp.Surfaces, other) {
					continue
				}
				if p := problems(kind, element, other, parse(t, sample)); len(p) != 1 || !strings.HasPrefix(p[0].Message, "unsupported type") {
					t.Errorf("on surface %s: %v", other, p)
				}
			}
		})
	}
	for _, kind := range slices.Sorted(maps.Keys(l.Blocks)) {
		if sp := l.Blocks[kind]; kind != "file" && len(sp.Surfaces) > 0 {
			run(kind, blockSamples[kind], sp, false)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(l.Elements)) {
		run(kind, elementSamples[kind], l.Elements[kind], true)
	}
}

type attempt struct {
	what    string
	m       map[string]any
	refused bool
}

// tries are variants of a sample at and over one figure.
func tries(t *testing.T, sample, path string, f field) []attempt {
	var out []attempt
	add := func(what string, refused bool, change func(parent map[string]any, name string)) {
		m := parse(t, sample)
		parent, names := m, strings.Split(path, ".")
		for _, n := range names[:len(names)-1] {
			next, ok := parent[n].(map[string]any)
			if !ok {
				return // this sample has another variant
			}
			parent = next
		}
		change(parent, names[len(names)-1])
		out = append(out, attempt{what, m, refused})
	}
	set := func(v any) func(map[string]any, string) {
		return func(p map[string]any, name string) { p[name] = v }
	}
	text := func(n int) any {
		switch {
		case f.Type == "string":
			return strings.Repeat("é", n)
		case f.Type == "url":
			return "https://" + strings.Repeat("x", n-8)
		}
		return map[string]any{"type": strings.Split(f.Type, "|")[0], "text": strings.Repeat("é", n)}
	}
	isText := f.Type == "string" || f.Type == "url" || strings.Contains(f.Type, "plain_text") || f.Type == "mrkdwn"
	if f.Required {
		add("left out", true, func(p map[string]any, name string) { delete(p, name) })
	}
	if isText && f.Max != nil {
		add("at max", false, set(text(int(*f.Max))))
		add("over max", true, set(text(int(*f.Max)+1)))
	}
	if isText && f.Type != "string" && f.Type != "url" {
		add("of the wrong type", true, set("text"))
		add("empty", true, set(text(0)))
	}
	if f.Type == "enum" {
		for _, v := range f.Enum {
			if path != "chart.type" {
				add(v, false, set(v))
			}
		}
		add("not in the enum", true, set("surprise"))
	}
	if f.Type == "int" {
		if f.Max != nil {
			add("over max", true, set(*f.Max+1))
		}
		if f.Min != nil {
			add("under min", true, set(*f.Min-1))
		}
		add("not whole", true, set(1.5))
	}
	if f.Type == "bool" {
		add("not a bool", true, set("yes"))
	}
	if f.Pattern != "" {
		add("against the pattern", true, set("25:99"))
	}
	if f.Type == "array" {
		add("not an array", true, set("x"))
		grow := func(n int) func(map[string]any, string) {
			return func(p map[string]any, name string) {
				list, _ := p[name].([]any)
				if len(list) == 0 {
					list = []any{map[string]any{"text": map[string]any{"type": "plain_text", "text": "A"}, "value": "a"}}
				}
				var more []any
				for i := range n {
					raw, _ := json.Marshal(list[min(i, len(list)-1)])
					var item any
					_ = json.Unmarshal(raw, &item)
					if o, ok := item.(map[string]any); ok {
						if _, has := o["value"]; has {
							o["value"] = strings.Repeat("v", i+1)
						}
						if _, has := o["action_id"]; has {
							o["action_id"] = strings.Repeat("a", i+1)
						}
					}
					more = append(more, item)
				}
				p[name] = more
			}
		}
		if f.Max != nil {
			add("over max", true, grow(int(*f.Max)+1))
			if path == "options" || path == "elements" || path == "rows" || path == "fields" || path == "child_blocks" {
				add("at max", false, grow(int(*f.Max)))
			}
		}
		if f.Min != nil && *f.Min > 0 {
			add("under min", true, grow(int(*f.Min)-1))
		}
	}
	return out
}

// The figures that the bot lives by, in plain numbers, and the rules that no single field can say.
func TestRules(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	option := func(v string) string { return `{"text":{"type":"plain_text","text":"A"},"value":"` + v + `"}` }
	many := func(n int, item func(i int) string) string {
		var parts []string
		for i := range n {
			parts = append(parts, item(i))
		}
		return strings.Join(parts, ",")
	}
	section := func(n int) string { return `{"type":"section","text":{"type":"mrkdwn","text":"` + long(n) + `"}}` }
	input := `{"type":"input","block_id":"b","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"a"}}`
	title := `"type":"modal","title":{"type":"plain_text","text":"T"}`
	for _, c := range []struct {
		name, on, json, want string // want: part of the only problem; "" none
	}{
		{"section 3000", "message", section(3000), ""},
		{"section 3001", "message", section(3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty section", "message", `{"type":"section"}`, "must define either `text` or `fields`"},
		{"field 2001", "message", `{"type":"section","fields":[{"type":"mrkdwn","text":"` + long(2001) + `"}]}`, "less than 2001"},
		{"50 blocks", "message", many(50, func(int) string { return `{"type":"divider"}` }), ""},
		{"51 blocks", "message", many(51, func(int) string { return `{"type":"divider"}` }), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"nested blocks count", "message", many(49, func(int) string { return `{"type":"divider"}` }) + `,{"type":"container","title":{"type":"plain_text","text":"x"},"child_blocks":[{"type":"divider"}]}`, "no more than 50"},
		{"unknown block", "message", `{"type":"sections"}`, "unsupported type: sections"},
		{"no type", "message", `{"text":"x"}`, "missing required field: type"},
		{"a string", "message", `"x"`, "must provide an object"},
		{"duplicate block_id", "message", `{"type":"divider","block_id":"x"},{"type":"divider","block_id":"x"}`, "already exists"},
		{"duplicate action_id", "message", `{"type":"actions","elements":[` + elementSamples["users_select"] + `,` + elementSamples["button"] + `]}`, "`action_id` a already exists"},
		{"header mrkdwn", "message", `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`, "must be of type plain_text"},
		{"emoji on mrkdwn", "message", `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`, "invalid additional property: emoji"},
		{"verbatim on plain", "message", `{"type":"section","text":{"type":"plain_text","text":"x","verbatim":true}}`, "invalid additional property: verbatim"},
		{"datetimepicker accessory", "message", `{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":` + elementSamples["datetimepicker"] + `}`, "unsupported type: datetimepicker"},
		{"two charts at most", "message", many(3, func(int) string { return blockSamples["data_visualization"] }), "no more than 2 items"},
		{"select: options and groups", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a"}]}`, "exactly one of options, option_groups"},
		{"option 76", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[{"text":{"type":"plain_text","text":"` + long(76) + `"},"value":"a"}]}]}`, "less than 76"},
		{"option value 151", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[` + option(long(151)) + `]}]}`, "less than 151"},
		{"100 options", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[` + many(100, func(i int) string { return option(long(i + 1)) }) + `]}]}`, ""},
		{"101 options", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[` + many(101, func(i int) string { return option(long(i + 1)) }) + `]}]}`, "no more than 100 items allowed"},
		{"mrkdwn option", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[{"text":{"type":"mrkdwn","text":"A"},"value":"a"}]}]}`, "must be of type plain_text"},
		{"initial option elsewhere", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[` + option("a") + `],"initial_option":` + option("b") + `}]}`, "must be one of the provided options"},
		{"two options of one value", "message", `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[` + option("a") + `,` + option("a") + `]}]}`, "duplicate option value"},
		{"confirm 301", "message", `{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"},"confirm":{"title":{"type":"plain_text","text":"x"},"text":{"type":"mrkdwn","text":"` + long(301) + `"},"confirm":{"type":"plain_text","text":"y"},"deny":{"type":"plain_text","text":"n"}}}]}`, "less than 301"},
		{"confirm without deny", "message", `{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"},"confirm":{"title":{"type":"plain_text","text":"x"},"text":{"type":"mrkdwn","text":"x"},"confirm":{"type":"plain_text","text":"y"}}}]}`, "missing required field: deny"},
		{"table text 10000", "message", `{"type":"table","rows":[[{"type":"raw_text","text":"` + long(10000) + `"}]]}`, ""},
		{"table text 10001", "message", `{"type":"table","rows":[[{"type":"raw_text","text":"` + long(10001) + `"}]]}`, "less than 10001"},
		{"tables together", "message", many(2, func(int) string { return `{"type":"table","rows":[[{"type":"raw_text","text":"` + long(5001) + `"}]]}` }), "less than 10001"},
		{"table of 21 columns", "message", `{"type":"table","rows":[[` + many(21, func(int) string { return `{"type":"raw_text","text":"x"}` }) + `]]}`, "no more than 20 items"},
		{"markdown together", "message", many(2, func(int) string { return `{"type":"markdown","text":"` + long(6001) + `"}` }), "less than 12001"},
		{"rich text without text", "message", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}`, "more than 0 characters"},
		{"rich text, unknown piece", "message", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"marquee","text":"x"}]}]}`, "unsupported type: marquee"},
		{"image with both", "message", `{"type":"image","alt_text":"x","image_url":"https://x.test","slack_file":{"id":"F1"}}`, "exactly one of image_url, slack_file"},
		{"response_url in a message", "message", `{"type":"actions","elements":[{"type":"channels_select","action_id":"a","response_url_enabled":true}]}`, "only in input blocks of modals"},
		{"file input dispatching", "modal", `{"type":"input","dispatch_action":true,"label":{"type":"plain_text","text":"L"},"element":` + elementSamples["file_input"] + `}`, "must not be true with file_input"},
		{"two focused", "modal", many(2, func(i int) string {
			return `{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"a","focus_on_load":true}}`
		}), "only one element may have focus_on_load"},
		{"modal 100 blocks", "modal", many(100, func(int) string { return `{"type":"divider"}` }), ""},
		{"modal 101 blocks", "modal", many(101, func(int) string { return `{"type":"divider"}` }), "no more than 100 items allowed [json-pointer:/view/blocks]"},
		{"home table", "home", blockSamples["table"], ""},
		{"modal table", "modal", blockSamples["table"], "unsupported type: table"},
		{"home date time picker", "home", `{"type":"actions","elements":[` + elementSamples["datetimepicker"] + `]}`, "unsupported type: datetimepicker"},
		{"no submit", "view", `{` + title + `,"blocks":[` + input + `]}`, "missing required field: submit [json-pointer:/view]"},
		{"no title", "view", `{"type":"modal","blocks":[{"type":"divider"}]}`, "missing required field: title [json-pointer:/view]"},
		{"title 25", "view", `{"type":"modal","title":{"type":"plain_text","text":"` + long(25) + `"},"blocks":[{"type":"divider"}]}`, "less than 25 characters [json-pointer:/view/title/text]"},
		{"null blocks", "view", `{` + title + `,"blocks":null}`, "must provide an array [json-pointer:/view/blocks]"},
		{"no blocks", "view", `{` + title + `}`, "missing required field: blocks"},
		{"empty blocks", "view", `{` + title + `,"blocks":[]}`, "no fewer than 1 items"},
		{"private_metadata 3001", "view", `{` + title + `,"private_metadata":"` + long(3001) + `","blocks":[{"type":"divider"}]}`, "less than 3001"},
		{"callback_id 256", "view", `{` + title + `,"callback_id":"` + long(256) + `","blocks":[{"type":"divider"}]}`, "less than 256"},
		{"unknown view field", "view", `{` + title + `,"size":"big","blocks":[{"type":"divider"}]}`, "invalid additional property: size"},
		{"home with title", "view", `{"type":"home","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"divider"}]}`, "invalid additional property: title"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r Report
			if c.on == "view" {
				r = View(parse(t, c.json), "", true)
			} else {
				list, _ := parse(t, `{"b":[`+c.json+`]}`)["b"].([]any)
				switch c.on {
				case "message":
					r = Message(list, true)
				case "modal":
					r = View(map[string]any{"type": "modal", "title": parse(t, `{"type":"plain_text","text":"T"}`), "submit": parse(t, `{"type":"plain_text","text":"S"}`), "blocks": list}, "modal", true)
				case "home":
					r = View(map[string]any{"type": "home", "blocks": list}, "home", true)
				}
			}
			got := strings.Join(r.Messages(), "\n")
			if c.want == "" && got != "" || c.want != "" && (len(r.Problems) != 1 || !strings.Contains(got, c.want)) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSumsOfAPayload(t *testing.T) {
	var blocks []any
	for range 5 {
		blocks = append(blocks, parse(t, `{"type":"section","text":{"type":"mrkdwn","text":"`+strings.Repeat("x", 2640)+`"}}`))
	}
	if r := Message(blocks, true); !r.OK() {
		t.Errorf("13,200 characters are refused: %+v", r)
	}
	blocks = append(blocks, parse(t, `{"type":"header","text":{"type":"plain_text","text":"x"}}`))
	if r := Message(blocks, true); !r.TextTooLong {
		t.Error("13,201 characters pass")
	}
	view := parse(t, `{"type":"home","blocks":[]}`)
	var list []any
	for range 90 {
		list = append(list, parse(t, `{"type":"section","text":{"type":"mrkdwn","text":"`+strings.Repeat("x", 2990)+`"}}`))
	}
	view["blocks"] = list
	if r := View(view, "home", true); !r.TooLarge {
		t.Error("a view over 250 KB passes")
	}
}

// What the library that the bot uses builds must pass, down to its smallest habits.
func TestSlackGoBlocksPass(t *testing.T) {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, true, false) }
	mrkdwn := slack.NewTextBlockObject("mrkdwn", "*x*", false, false)
	option := slack.NewOptionBlockObject("v", plain("V"), nil)
	blocks := []slack.Block{
		slack.NewHeaderBlock(plain("Hello")),
		slack.NewSectionBlock(mrkdwn, []*slack.TextBlockObject{mrkdwn}, slack.NewAccessory(slack.NewOverflowBlockElement("o", option))),
		slack.NewContextBlock("c", mrkdwn),
		slack.NewDividerBlock(),
		slack.NewActionBlock("acts", slack.NewButtonBlockElement("go", "v", plain("Go")).WithStyle(slack.StyleDanger).
			WithConfirm(slack.NewConfirmationBlockObject(plain("Sure?"), mrkdwn, plain("Yes"), plain("No")))),
		slack.NewRichTextBlock("rt", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("x", &slack.RichTextSectionTextStyle{Bold: true}),
			slack.NewRichTextSectionUserElement("U1", nil)), slack.NewRichTextList(slack.RTEListBullet, 0, slack.NewRichTextSection(slack.NewRichTextSectionTextElement("y", nil)))),
	}
	table := slack.NewTableBlock("t").WithColumnSettings(slack.ColumnSetting{Align: slack.ColumnAlignmentLeft})
	table.AddRow(slack.NewTableRawTextCell("a"), slack.NewTableRawNumberCell(1))
	decoded, err := decode(append(blocks, table))
	if err != nil {
		t.Fatal(err)
	}
	if r := Message(decoded.([]any), true); !r.OK() {
		t.Errorf("message: %v", r.Messages())
	}
	modal := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("T"), Submit: plain("S"), Blocks: slack.Blocks{BlockSet: append(blocks[:4:4],
		slack.NewInputBlock("i", plain("L"), nil, slack.NewPlainTextInputBlockElement(plain("p"), "a")),
		slack.NewInputBlock("u", plain("L"), nil, slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("p"), "a")),
		slack.NewInputBlock("r", plain("L"), nil, slack.NewRadioButtonsBlockElement("a", option)))}}
	view, err := decode(modal)
	if err != nil {
		t.Fatal(err)
	}
	if r := View(view.(map[string]any), "modal", true); !r.OK() {
		t.Errorf("modal: %v", r.Messages())
	}
}

func TestSuggestions(t *testing.T) {
	if p := Suggestions(parse(t, `{"options":[]}`), true); len(p) > 0 {
		t.Errorf("no results: %v", p)
	}
	if p := Suggestions(parse(t, `{}`), true); len(p) != 1 {
		t.Errorf("neither options nor groups: %v", p)
	}
	var many []any
	for range 101 {
		many = append(many, parse(t, `{"text":{"type":"plain_text","text":"A"},"value":"a"}`))
	}
	if p := Suggestions(map[string]any{"options": many}, true); len(p) != 1 || !strings.Contains(p[0].Message, "no more than 100") {
		t.Errorf("101 options: %v", p)
	}
}

func TestManifest(t *testing.T) {
	m := parse(t, `{"display_information":{"name":"`+strings.Repeat("x", 36)+`"},"features":{"bot_user":{"display_name":"x"},
		"slash_commands":[{"command":"score","description":"x"}],"shortcuts":[{"name":"`+strings.Repeat("x", 25)+`","callback_id":"c","description":"d"}]}}`)
	var got []string
	for _, p := range Manifest(m) {
		got = append(got, p.Pointer)
	}
	want := []string{"/display_information/name", "/features/shortcuts/0/name", "/features/slash_commands/0/command"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
