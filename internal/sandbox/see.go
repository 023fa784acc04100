package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// Seen is what one person has before them.
type Seen struct {
	OK            bool               `json:"ok"`
	Version       uint64             `json:"version"`
	Now           time.Time          `json:"now"` // the company's clock, in the person's zone
	Person        Person             `json:"person"`
	Modal         *SeenView          `json:"modal"` // the top one; null when none is open
	Modals        []SeenView         `json:"modals"`
	Home          *SeenView          `json:"home"` // null while nothing was published
	Conversations []SeenConversation `json:"conversations"`
}

// SeenConversation is a channel or a direct message with its messages.
type SeenConversation struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"` // "#hiring-ac"; the other one's name in a DM
	DM       bool          `json:"dm"`
	Messages []SeenMessage `json:"messages"` // oldest first
}

// SeenMessage is a message in words, with what can be used in it.
type SeenMessage struct {
	Channel   string            `json:"channel"`
	TS        string            `json:"ts"`
	ThreadTS  string            `json:"thread_ts,omitempty"`
	At        time.Time         `json:"at"`
	From      string            `json:"from"` // the author's name
	Text      string            `json:"text"` // as it is read, a line per paragraph
	Fallback  string            `json:"fallback,omitempty"`
	Edited    bool              `json:"edited,omitempty"`
	Ephemeral bool              `json:"ephemeral,omitempty"` // only this person sees it
	Buttons   []SeenButton      `json:"buttons,omitempty"`
	Fields    []SeenField       `json:"fields,omitempty"`
	Blocks    []fakeslack.Block `json:"blocks,omitempty"`
}

// SeenView is a modal or App Home in words, with what can be used in it.
type SeenView struct {
	ID         string            `json:"id"`
	CallbackID string            `json:"callback_id,omitempty"`
	Title      string            `json:"title,omitempty"`
	Text       string            `json:"text"` // as it is read
	Notice     string            `json:"notice,omitempty"`
	Fields     []SeenField       `json:"fields,omitempty"`
	Buttons    []SeenButton      `json:"buttons,omitempty"`
	Errors     map[string]string `json:"errors,omitempty"` // by label
	Submit     string            `json:"submit,omitempty"` // the button's words
	Close      string            `json:"close,omitempty"`
	Updates    int               `json:"updates"` // how often the bot has changed it
	Blocks     []fakeslack.Block `json:"blocks"`
}

// SeenButton is a button, or a menu of actions with its options.
type SeenButton struct {
	Label    string   `json:"label"`
	ActionID string   `json:"action_id"`
	BlockID  string   `json:"block_id"`
	URL      string   `json:"url,omitempty"`
	Confirm  string   `json:"confirm,omitempty"` // what Slack asks before; a click here says yes
	Options  []string `json:"options,omitempty"`
}

// SeenField is a field with what it holds.
type SeenField struct {
	Label    string   `json:"label"`
	Type     string   `json:"type"`
	BlockID  string   `json:"block_id"`
	ActionID string   `json:"action_id"`
	Optional bool     `json:"optional,omitempty"`
	Values   []string `json:"values"` // as fill takes them: an option's value, an id, text
	Shown    []string `json:"shown"`  // as the person reads them
	Options  []Option `json:"options,omitempty"`
	Hint     string   `json:"hint,omitempty"`
	Error    string   `json:"error,omitempty"`
}

// Option is a choice.
type Option struct {
	Text        string `json:"text"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
}

// see collects what a person has before them. in is one conversation's id or
// name, or "" for all.
func (s *Sandbox) see(u fakeslack.User, in string) (Seen, error) {
	version, _ := s.news()
	screen, err := s.Slack.See(u.ID)
	if err != nil {
		return Seen{}, err
	}
	r := s.Slack.Renderer(u.ID)
	seen := Seen{OK: true, Version: version, Now: s.clock.Now().In(zoneOf(u)), Person: s.asPerson(u), Modals: []SeenView{}, Conversations: []SeenConversation{}}
	for _, v := range screen.Modals {
		seen.Modals = append(seen.Modals, seeView(r, v))
	}
	if n := len(seen.Modals); n > 0 {
		seen.Modal = &seen.Modals[n-1]
	}
	if screen.Home != nil {
		home := seeView(r, *screen.Home)
		seen.Home = &home
	}
	for _, c := range screen.Conversations {
		shown := SeenConversation{ID: c.ID, Name: s.conversationName(r, c), DM: c.IsIM, Messages: []SeenMessage{}}
		if in != "" && in != c.ID && strings.TrimPrefix(in, "#") != c.Name && !(in == "dm" && c.Partner == s.company.Bot) {
			continue
		}
		for _, m := range c.Messages {
			shown.Messages = append(shown.Messages, seeMessage(r, m))
		}
		seen.Conversations = append(seen.Conversations, shown)
	}
	if in != "" && len(seen.Conversations) == 0 {
		return Seen{}, notThere("%s sees no conversation %q", u.RealName, in)
	}
	return seen, nil
}

func (s *Sandbox) conversationName(r fakeslack.Renderer, c fakeslack.Conversation) string {
	if c.IsIM {
		return r.User(c.Partner)
	}
	return "#" + c.Name
}

func seeMessage(r fakeslack.Renderer, m fakeslack.Message) SeenMessage {
	r.Values, r.Errors = m.Values, nil
	shown := SeenMessage{
		Channel: m.Channel, TS: m.TS, ThreadTS: m.ThreadTS, At: tsTime(m.TS).In(r.Zone), From: r.User(m.User),
		Text: strings.Join(r.Message(m), "\n"), Edited: m.EditedTS != "", Ephemeral: m.EphemeralTo != "", Blocks: m.Blocks,
	}
	if len(m.Blocks) > 0 {
		shown.Fallback = r.Mrkdwn(m.Text)
	}
	shown.Buttons, shown.Fields = usable(r, m.Blocks)
	return shown
}

func seeView(r fakeslack.Renderer, v fakeslack.View) SeenView {
	r.Values, r.Errors = v.Values, v.Errors
	shown := SeenView{
		ID: v.ID, CallbackID: v.CallbackID, Title: r.Text(v.Title), Text: strings.Join(r.View(v), "\n"), Notice: v.Notice,
		Submit: r.Text(v.Submit), Close: r.Text(v.Close), Updates: v.Updates, Blocks: v.Blocks,
	}
	shown.Buttons, shown.Fields = usable(r, v.Blocks)
	for _, f := range shown.Fields {
		if f.Error != "" {
			if shown.Errors == nil {
				shown.Errors = map[string]string{}
			}
			shown.Errors[f.Label] = f.Error
		}
	}
	return shown
}

// usable lists the buttons and fields of blocks.
func usable(r fakeslack.Renderer, blocks []fakeslack.Block) (buttons []SeenButton, fields []SeenField) {
	for _, e := range blockkit.Elements(blocks) {
		if stateKey(e.Type) != "" {
			fields = append(fields, seeField(r, e))
			continue
		}
		b := SeenButton{Label: r.Text(e.Element["text"]), ActionID: e.ActionID, BlockID: e.BlockID, URL: str(e.Element["url"])}
		if confirm, ok := e.Element["confirm"].(map[string]any); ok {
			b.Confirm = strings.TrimSpace(r.Text(confirm["title"]) + " " + r.Text(confirm["text"]))
		}
		for _, o := range blockkit.Options(e.Element) {
			b.Options = append(b.Options, r.Text(o["text"]))
		}
		buttons = append(buttons, b)
	}
	return buttons, fields
}

func seeField(r fakeslack.Renderer, e blockkit.Element) SeenField {
	optional, _ := e.Block["optional"].(bool)
	f := SeenField{
		Label: fieldLabel(r, e), Type: e.Type, BlockID: e.BlockID, ActionID: e.ActionID, Optional: optional,
		Hint: r.Text(e.Block["hint"]), Error: r.Errors[e.BlockID], Values: []string{}, Shown: []string{},
	}
	for _, o := range blockkit.Options(e.Element) {
		f.Options = append(f.Options, Option{Text: r.Text(o["text"]), Value: str(o["value"]), Description: r.Text(o["description"])})
	}
	for _, v := range held(r, e) {
		f.Values = append(f.Values, v.Value)
		f.Shown = append(f.Shown, v.Text)
	}
	return f
}

// fieldLabel is what a person would call a field.
func fieldLabel(r fakeslack.Renderer, e blockkit.Element) string {
	for _, v := range []any{e.Block["label"], e.Block["text"], e.Element["placeholder"]} {
		if t := strings.TrimSpace(r.Text(v)); t != "" {
			return t
		}
	}
	return e.ActionID
}

// stateKey is where a field's value is in its state object; "" for what holds
// no value.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
func stateKey(kind string) string {
	many := strings.HasPrefix(kind, "multi_")
	one := strings.TrimPrefix(kind, "multi_")
	key := map[string]string{
		"static_select": "selected_option", "external_select": "selected_option", "users_select": "selected_user",
		"conversations_select": "selected_conversation", "channels_select": "selected_channel",
	}[one]
	if key != "" && many {
		return key + "s"
	}
	if key != "" {
		return key
	}
	return map[string]string{
		"plain_text_input": "value", "email_text_input": "value", "url_text_input": "value", "number_input": "value",
		"radio_buttons": "selected_option", "checkboxes": "selected_options", "datepicker": "selected_date", "timepicker": "selected_time",
		"datetimepicker": "selected_date_time", "rich_text_input": "rich_text_value", "file_input": "files",
	}[kind]
}

// held is what a field holds: as fill takes it, and as a person reads it.
func held(r fakeslack.Renderer, e blockkit.Element) []Option {
	state := r.Values[e.BlockID][e.ActionID]
	v := state[stateKey(e.Type)]
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	var out []Option
	for _, v := range list {
		switch v := v.(type) {
		case string:
			o := Option{Value: v, Text: v}
			switch {
			case v == "":
				continue
			case strings.Contains(e.Type, "users_select"):
				o.Text = r.User(v)
			case strings.Contains(e.Type, "conversations_select"), strings.Contains(e.Type, "channels_select"):
				o.Text = "#" + r.Channel(v)
			}
			out = append(out, o)
		case float64:
			t := time.Unix(int64(v), 0)
			out = append(out, Option{Value: strconv.FormatInt(t.Unix(), 10), Text: t.In(r.Zone).Format("2006-01-02 15:04 MST")})
		case map[string]any:
			if v["type"] == "rich_text" {
				text := strings.Join(r.Lines([]fakeslack.Block{v}), "\n")
				out = append(out, Option{Value: text, Text: text})
				continue
			}
			out = append(out, Option{Value: str(v["value"]), Text: r.Text(v["text"])})
		}
	}
	return out
}

// serveSee answers with JSON, or with lines of text to who asks for those.
func (s *Sandbox) serveSee(w http.ResponseWriter, r *http.Request) {
	asText := r.URL.Query().Get("format") == "text" || strings.HasPrefix(r.Header.Get("Accept"), "text/plain")
	look := func(r *http.Request) (any, error) {
		u, err := s.person(r.URL.Query().Get("as"))
		if err != nil {
			return nil, err
		}
		return s.see(u, r.URL.Query().Get("in"))
	}
	if !asText {
		reply(w, r, look)
		return
	}
	v, err := look(r)
	if err != nil {
		reply(w, r, func(*http.Request) (any, error) { return nil, err })
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, v.(Seen).text())
}

// text is what a person sees, as lines.
func (s Seen) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %s\n", s.Person.Name, s.Now.Format("Mon 2 Jan 2006, 3:04 pm MST"))
	for _, c := range s.Conversations {
		fmt.Fprintf(&out, "\n=== %s\n", c.Name)
		for _, m := range c.Messages {
			note := ""
			if m.Ephemeral {
				note += ", only for you"
			}
			if m.Edited {
				note += ", edited"
			}
			if m.ThreadTS != "" && m.ThreadTS != m.TS {
				note += ", in a thread"
			}
			fmt.Fprintf(&out, "--- %s, %s%s\n%s\n", m.From, m.At.Format("Mon 2 Jan, 3:04 pm MST"), note, m.Text)
		}
	}
	if s.Home != nil {
		fmt.Fprintf(&out, "\n=== App Home\n%s\n", s.Home.Text)
	}
	for _, m := range s.Modals {
		fmt.Fprintf(&out, "\n=== modal\n%s\n", m.Text)
	}
	return out.String()
}

func zoneOf(u fakeslack.User) *time.Location {
	if zone, err := time.LoadLocation(u.TZ); err == nil {
		return zone // UTC when empty
	}
	return time.UTC
}

// tsTime is when a message was written.
func tsTime(ts string) time.Time {
	seconds, fraction, _ := strings.Cut(ts, ".")
	sec, _ := strconv.ParseInt(seconds, 10, 64)    // the server's own
	micro, _ := strconv.ParseInt(fraction, 10, 64) // always six digits
	return time.Unix(sec, micro*1000)
}

func str(v any) string { t, _ := v.(string); return t }
