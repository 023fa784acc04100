package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// A drawing is a block, ready for the templates.
type drawing struct {
	Kind     string // the block's type; "unknown" for what the page doesn't draw
	Text     template.HTML
	Label    string
	Hint     string
	Error    string
	Optional bool
	Group    bool // the field is a group of choices, which a legend names
	Fields   []template.HTML
	Elements []element
	Rows     [][]template.HTML
	Image    image
	Chart    *chart
	JSON     string
}

type image struct {
	URL string // "" when it is not one of the web
	Alt string
}

// An element is a button, a field, or a text or image of a context.
type element struct {
	Kind        string // what the templates know: button, select, choices, text, date, time, menu, people, html, image, unknown
	ID          string // in the page
	BlockID     string
	ActionID    string
	Label       string // for those who can't see it
	Text        template.HTML
	Style       string
	URL         string
	Confirm     *confirm
	Input       string // text: the type of the input, or "textarea"
	Value       string
	Placeholder string
	MaxLength   int
	Many        bool
	Enter       bool   // Enter tells the bot
	Type        bool   // typing tells the bot: nothing to wait for
	Wrong       bool   // there is an error below it
	Told        string // ids of the hint and the error
	Options     []choice
	Groups      []group
	Image       image
	JSON        string
}

type choice struct {
	ID          string
	Text        template.HTML
	Plain       string
	Value       string
	Description template.HTML
	Chosen      bool
}

type group struct {
	Label   string
	Options []choice
}

type confirm struct{ Title, Text, Yes, No string }

// A painter draws the blocks of one message or view for one person.
type painter struct {
	inliner
	viewer   string // their id
	place    string // tells the fields of one message or view from another's
	people   []fakeslack.User
	channels []fakeslack.Channel
}

// blocks draws blocks in order.
func (p painter) blocks(blocks []fakeslack.Block) []drawing {
	var out []drawing
	for _, b := range blocks {
		out = append(out, p.block(b))
	}
	return out
}

func (p painter) block(b fakeslack.Block) drawing {
	kind := str(b["type"])
	d := drawing{Kind: kind}
	switch kind {
	case "header":
		d.Text = p.object(b["text"])
	case "section":
		d.Text = p.object(b["text"])
		for _, f := range objects(b["fields"]) {
			d.Fields = append(d.Fields, p.object(f))
		}
		if el, ok := b["accessory"].(map[string]any); ok {
			d.Elements = []element{p.element(b, el)}
		}
	case "context", "actions":
		for _, el := range objects(b["elements"]) {
			d.Elements = append(d.Elements, p.element(b, el))
		}
	case "divider":
	case "input":
		p.input(&d, b)
	case "rich_text":
		d.Text = p.richText(b)
	case "table":
		d.Rows = p.rows(b["rows"])
	case "data_visualization":
		d.Chart = drawChart(b)
	case "image":
		d.Text = p.object(b["title"])
		d.Image = picture(b)
	default:
		d.Kind, d.JSON = "unknown", pretty(b)
		d.Label = kind
	}
	return d
}

func (p painter) input(d *drawing, b fakeslack.Block) {
	el, _ := b["element"].(map[string]any)
	d.Label = p.r.Text(b["label"])
	d.Hint = p.r.Text(b["hint"])
	d.Error = p.r.Errors[str(b["block_id"])]
	d.Optional, _ = b["optional"].(bool)
	e := p.element(b, el)
	d.Group = e.Kind == "choices" || e.Kind == "people"
	e.Wrong = d.Error != ""
	if d.Hint != "" {
		e.Told = e.ID + "-hint"
	}
	if e.Wrong {
		e.Told = strings.TrimSpace(e.Told + " " + e.ID + "-error")
	}
	d.Elements = []element{e}
}

func (p painter) rows(v any) [][]template.HTML {
	var rows [][]template.HTML
	list, _ := v.([]any)
	for _, row := range list {
		var cells []template.HTML
		for _, cell := range objects(row) {
			if cell["type"] == "rich_text" {
				cells = append(cells, p.richText(cell))
			} else {
				cells = append(cells, p.plain(str(cell["text"])))
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

func picture(m fakeslack.Block) image {
	img := image{Alt: str(m["alt_text"])}
	if address := str(m["image_url"]); isWeb(address) {
		img.URL = address
	}
	return img
}

// element draws one element of a block.
func (p painter) element(b, el fakeslack.Block) element {
	kind := str(el["type"])
	e := element{
		BlockID: str(b["block_id"]), ActionID: str(el["action_id"]), Placeholder: p.r.Text(el["placeholder"]),
		Label: p.label(b, el), Confirm: p.confirm(el["confirm"]),
	}
	e.ID = domID(p.place, e.BlockID, e.ActionID)
	e.Many = strings.HasPrefix(kind, "multi_") || kind == "checkboxes"
	field := blockkit.Element{Block: b, BlockID: e.BlockID, Element: el, ActionID: e.ActionID, Type: kind, Input: b["type"] == "input"}
	chosen := held(p.r, field)
	switch kind {
	case "plain_text", "mrkdwn":
		e.Kind, e.Text = "html", p.object(el)
	case "image":
		e.Kind, e.Image = "image", picture(el)
	case "button":
		e.Kind, e.Text, e.Style, e.URL = "button", p.object(el["text"]), str(el["style"]), str(el["url"])
	case "overflow":
		e.Kind, e.Options = "menu", p.choices(e.ID, objects(el["options"]), nil)
	case "radio_buttons", "checkboxes":
		e.Kind, e.Options = "choices", p.choices(e.ID, objects(el["options"]), chosen)
	case "static_select":
		e.Kind = "select"
		e.Options, e.Groups = p.options(e.ID, el, chosen)
	case "multi_static_select":
		e.Kind, e.Options = "people", p.choices(e.ID, blockkit.Options(el), chosen)
	case "users_select", "conversations_select", "channels_select":
		e.Kind, e.Options = "select", p.directory(e.ID, kind, el, chosen)
	case "multi_users_select", "multi_conversations_select", "multi_channels_select":
		e.Kind, e.Options = "people", p.directory(e.ID, strings.TrimPrefix(kind, "multi_"), el, chosen)
	case "external_select", "multi_external_select":
		e.Kind, e.Options = "search", chosenChoices(e.ID, chosen)
	case "datepicker", "timepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		p.text(&e, kind, b, el, chosen)
	default:
		e.Kind, e.JSON = "unknown", pretty(el)
		e.Label = kind
	}
	return e
}

// text draws a field that is typed into.
func (p painter) text(e *element, kind string, b, el fakeslack.Block, chosen []Option) {
	e.Kind = "text"
	e.Input = map[string]string{"datepicker": "date", "timepicker": "time", "email_text_input": "email", "url_text_input": "url", "rich_text_input": "textarea"}[kind]
	if e.Input == "" {
		e.Input = "text"
	}
	if lines, _ := el["multiline"].(bool); lines {
		e.Input = "textarea"
	}
	if len(chosen) > 0 {
		e.Value = chosen[0].Value
	}
	if most, ok := el["max_length"].(float64); ok {
		e.MaxLength = int(most)
	}
	dispatch, _ := b["dispatch_action"].(bool)
	config, _ := el["dispatch_action_config"].(map[string]any)
	on, _ := config["trigger_actions_on"].([]any)
	e.Type = slices.Contains(on, any("on_character_entered"))
	e.Enter = (dispatch || b["type"] != "input") && (len(on) == 0 || slices.Contains(on, any("on_enter_pressed")))
}

// label names a field for those who can't see where it stands.
func (p painter) label(b, el fakeslack.Block) string {
	if l := str(el["accessibility_label"]); l != "" {
		return l
	}
	return fieldLabel(p.r, blockkit.Element{Block: b, Element: el, ActionID: str(el["action_id"])})
}

func (p painter) confirm(v any) *confirm {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	c := &confirm{Title: p.r.Text(m["title"]), Text: p.r.Text(m["text"]), Yes: p.r.Text(m["confirm"]), No: p.r.Text(m["deny"])}
	if c.Yes == "" {
		c.Yes, c.No = "Yes", "Cancel"
	}
	return c
}

func (p painter) choices(id string, options []fakeslack.Block, chosen []Option) []choice {
	var out []choice
	for i, o := range options {
		c := choice{
			ID: id + "-" + strconv.Itoa(i), Text: p.object(o["text"]), Plain: p.r.Text(o["text"]), Value: str(o["value"]), Description: p.object(o["description"]),
		}
		c.Chosen = slices.ContainsFunc(chosen, func(h Option) bool { return h.Value == c.Value })
		out = append(out, c)
	}
	return out
}

func (p painter) options(id string, el fakeslack.Block, chosen []Option) (options []choice, groups []group) {
	for i, g := range objects(el["option_groups"]) {
		groups = append(groups, group{Label: p.r.Text(g["label"]), Options: p.choices(id+"-"+strconv.Itoa(i), objects(g["options"]), chosen)})
	}
	return p.choices(id, objects(el["options"]), chosen), groups
}

// directory lists the people or channels that a menu offers.
func (p painter) directory(id, kind string, el fakeslack.Block, chosen []Option) []choice {
	var out []choice
	add := func(value, name string) {
		c := choice{ID: id + "-" + strconv.Itoa(len(out)), Text: p.plain(name), Plain: name, Value: value}
		c.Chosen = slices.ContainsFunc(chosen, func(h Option) bool { return h.Value == value })
		out = append(out, c)
	}
	if kind == "users_select" {
		for _, u := range p.people {
			if !u.Deleted {
				add(u.ID, p.r.User(u.ID))
			}
		}
		return out
	}
	filter, _ := el["filter"].(map[string]any)
	include, _ := filter["include"].([]any)
	for _, c := range p.channels {
		private := "public"
		if c.IsPrivate {
			private = "private"
		}
		listed := len(include) == 0 || slices.Contains(include, any(private))
		if !c.IsIM && !c.IsArchived && listed && (kind != "channels_select" || !c.IsPrivate) {
			add(c.ID, "#"+c.Name)
		}
	}
	return out
}

func chosenChoices(id string, chosen []Option) []choice {
	var out []choice
	for i, o := range chosen {
		out = append(out, choice{ID: id + "-" + strconv.Itoa(i), Plain: o.Text, Value: o.Value, Chosen: true})
	}
	return out
}

// domID is an element's id in the page: the same for the same field, whatever
// its ids are made of.
func domID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "f" + hex.EncodeToString(sum[:8])
}

func pretty(v any) string {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error() // unreachable: it came as JSON
	}
	return string(raw)
}
