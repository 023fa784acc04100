package fakeslack

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// Renderer turns blocks into the lines that a person reads. Buttons are [Label], fields are Label: [value], empty ones
// Label: [ ], errors stand below with a !.
type Renderer struct {
	Zone    *time.Location         // the reader's; nil: UTC
	Now     time.Time              // for "today" and "tomorrow" in date tokens
	User    func(id string) string // a person's name; nil: the id
	Channel func(id string) string // a channel's name without #; nil: the id
	Values  Values                 // what fields hold
	Errors  map[string]string      // by block id
}

// RenderText is what a person in a zone reads in blocks.
func RenderText(blocks []Block, zone *time.Location) string {
	return strings.Join(Renderer{Zone: zone, Now: time.Now()}.Lines(blocks), "\n")
}

// Renderer returns a renderer for what one person sees.
func (s *Server) Renderer(user string) Renderer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renderer(s.users[user], true)
}

// renderer: lock says whether names are looked up by others, who don't hold mu.
func (s *Server) renderer(u *User, lock bool) Renderer {
	guard := func(f func() string) string {
		if lock {
			s.mu.Lock()
			defer s.mu.Unlock()
		}
		return f()
	}
	return Renderer{Zone: u.zone(), Now: s.now(),
		User: func(id string) string { return guard(func() string { return s.users[id].shown() }) },
		Channel: func(id string) string {
			return guard(func() string {
				if c := s.channels[id]; c != nil && c.Name != "" {
					return c.Name
				}
				return id
			})
		}}
}

// plain is one block's text, for finding it. The caller holds mu.
func (s *Server) plain(u *User, b Block) string {
	return strings.Join(s.renderer(u, false).Lines([]Block{b}), "\n")
}

// MessageText is what a person reads in a message.
func (s *Server) MessageText(user string, m Message) string {
	r := s.Renderer(user)
	r.Values = m.Values
	return strings.Join(r.Message(m), "\n")
}

// ViewText is what a person reads in a modal or on Home: title, notice, blocks, and the buttons at the foot.
func (s *Server) ViewText(user string, v View) string {
	r := s.Renderer(user)
	r.Values, r.Errors = v.Values, v.Errors
	return strings.Join(r.View(v), "\n")
}

// Message renders a message: its blocks, or its text when it has none, then attachments and files.
func (r Renderer) Message(m Message) []string {
	var out []string
	if len(m.Blocks) > 0 {
		out = r.Lines(m.Blocks)
	} else if m.Text != "" {
		out = strings.Split(r.Mrkdwn(m.Text), "\n")
	}
	for _, a := range m.Attachments {
		blocks, _ := a["blocks"].([]any)
		lines := r.Lines(blockList(blocks))
		if len(lines) == 0 {
			for _, name := range []string{"title", "text", "fallback"} {
				if t, ok := a[name].(string); ok && t != "" && (name != "fallback" || len(lines) == 0) {
					lines = append(lines, r.Mrkdwn(t))
				}
			}
		}
		out = append(out, lines...)
	}
	for _, f := range m.Files {
		out = append(out, "(file: "+f.Name+")")
	}
	return out
}

// View renders a view.
func (r Renderer) View(v View) []string {
	var out []string
	if v.Type == "modal" {
		out = append(out, r.Text(v.Title))
	}
	if v.Notice != "" {
		out = append(out, "! "+v.Notice)
	}
	out = append(out, r.Lines(v.Blocks)...)
	if v.Type == "modal" {
		foot := "[Cancel]"
		if v.Close != nil {
			foot = "[" + r.Text(v.Close) + "]"
		}
		if v.Submit != nil {
			foot += " [" + r.Text(v.Submit) + "]"
		}
		out = append(out, foot)
	}
	return out
}

// Lines renders blocks of any type.
func (r Renderer) Lines(blocks []Block) []string {
	var out []string
	for _, b := range blocks {
		for _, line := range r.block(b) {
			out = append(out, strings.Split(line, "\n")...)
		}
		if id, _ := b["block_id"].(string); r.Errors[id] != "" {
			out = append(out, "  ! "+r.Errors[id])
		}
	}
	return out
}

func (r Renderer) block(b Block) []string {
	switch b["type"] {
	case "header", "alert":
		return []string{r.Text(b["text"])}
	case "section":
		return r.section(b)
	case "divider":
		return []string{"---"}
	case "context":
		var parts []string
		for _, el := range blockList(b["elements"]) {
			parts = append(parts, r.element(b, el))
		}
		return []string{strings.Join(parts, " ")}
	case "actions", "context_actions":
		return r.actions(b, b["elements"])
	case "input":
		return r.input(b)
	case "image":
		return append(nonEmpty(r.Text(b["title"])), "(image: "+str(b["alt_text"])+")")
	case "rich_text":
		return r.richText(b)
	case "markdown":
		return []string{str(b["text"])}
	case "table", "data_table":
		return r.table(b)
	case "video":
		return append(nonEmpty(r.Text(b["title"]), r.Text(b["description"])), "(video: "+str(b["alt_text"])+")")
	case "card":
		lines := nonEmpty(r.Text(b["title"]), r.Text(b["subtitle"]), r.Text(b["body"]), r.Text(b["subtext"]))
		return append(lines, r.actions(b, b["actions"])...)
	case "container":
		title := r.Text(b["title"])
		if rich, ok := b["rich_text_title"].(map[string]any); ok {
			title = strings.Join(r.richText(rich), " ")
		}
		return append(nonEmpty(title, r.Text(b["subtitle"])), r.Lines(blockkit.Children(b))...)
	case "layout":
		var lines []string
		if shown, _ := b["is_label_visible"].(bool); shown {
			lines = append(lines, str(b["label"]))
		}
		return append(lines, r.Lines(blockkit.Children(b))...)
	case "carousel":
		return r.Lines(blockkit.Children(b))
	case "plan":
		return append([]string{str(b["title"])}, r.Lines(blockkit.Children(b))...)
	case "task_card":
		lines := []string{fmt.Sprintf("%s (%s)", str(b["title"]), str(b["status"]))}
		for _, name := range []string{"details", "output"} {
			if rich, ok := b[name].(map[string]any); ok {
				lines = append(lines, r.richText(rich)...)
			}
		}
		return lines
	case "data_visualization":
		return r.chart(b)
	}
	return []string{fmt.Sprintf("(%v)", b["type"])}
}

func nonEmpty(lines ...string) []string {
	return slices.DeleteFunc(lines, func(l string) bool { return l == "" })
}

func (r Renderer) section(b Block) []string {
	lines := nonEmpty(r.Text(b["text"]))
	for _, f := range blockList(b["fields"]) {
		lines = append(lines, r.Text(f))
	}
	if el, ok := b["accessory"].(map[string]any); ok {
		lines = append(lines, r.element(b, el))
	}
	return lines
}

// actions puts buttons on one line, as Slack does.
func (r Renderer) actions(b Block, elements any) []string {
	var parts []string
	for _, el := range blockList(elements) {
		parts = append(parts, r.element(b, el))
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{strings.Join(parts, " ")}
}

func (r Renderer) input(b Block) []string {
	el, _ := b["element"].(map[string]any)
	label := r.Text(b["label"])
	if optional, _ := b["optional"].(bool); optional {
		label += " (optional)"
	}
	var lines []string
	switch kind := str(el["type"]); kind {
	case "radio_buttons", "checkboxes":
		lines = append(lines, label+":")
		lines = append(lines, strings.Split(r.element(b, el), "\n")...)
	default:
		lines = append(lines, label+": "+r.element(b, el))
	}
	if hint := r.Text(b["hint"]); hint != "" {
		lines = append(lines, "  "+hint)
	}
	return lines
}

func (r Renderer) table(b Block) []string {
	var lines []string
	if caption := str(b["caption"]); caption != "" {
		lines = append(lines, caption)
	}
	rows, _ := b["rows"].([]any)
	for _, row := range rows {
		var cells []string
		items, _ := row.([]any)
		for _, item := range items {
			cell, _ := item.(map[string]any)
			switch cell["type"] {
			case "rich_text":
				cells = append(cells, strings.Join(r.richText(cell), " "))
			case "raw_number":
				if t := str(cell["text"]); t != "" {
					cells = append(cells, t)
				} else {
					cells = append(cells, fmt.Sprint(cell["value"]))
				}
			case "action_cell":
				el, _ := cell["element"].(map[string]any)
				cells = append(cells, r.element(b, el))
			default:
				cells = append(cells, str(cell["text"]))
			}
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	return lines
}

func (r Renderer) chart(b Block) []string {
	lines := []string{str(b["title"])}
	chart, _ := b["chart"].(map[string]any)
	for _, p := range blockList(chart["segments"]) {
		lines = append(lines, fmt.Sprintf("%s: %v", str(p["label"]), p["value"]))
	}
	for _, series := range blockList(chart["series"]) {
		var parts []string
		for _, p := range blockList(series["data"]) {
			parts = append(parts, fmt.Sprintf("%s %v", str(p["label"]), p["value"]))
		}
		lines = append(lines, str(series["name"])+": "+strings.Join(parts, ", "))
	}
	return lines
}

func (r Renderer) zone() *time.Location {
	if r.Zone == nil {
		return time.UTC
	}
	return r.Zone
}

func (r Renderer) user(id string) string {
	if r.User == nil {
		return id
	}
	return r.User(id)
}

func (r Renderer) channel(id string) string {
	if r.Channel == nil {
		return id
	}
	return r.Channel(id)
}

func str(v any) string { s, _ := v.(string); return s }

// blockList are the objects in a JSON array.
func blockList(v any) []Block {
	items, _ := v.([]any)
	var out []Block
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
