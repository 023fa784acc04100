package fakeslack

import (
	"fmt"
	"maps"
	"net/mail"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// stateKey is where an element's value is in its state object; "" for elements without state (buttons, overflow).
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
func stateKey(kind string) string {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value"
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "checkboxes", "multi_static_select", "multi_external_select":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "conversations_select":
		return "selected_conversation"
	case "multi_conversations_select":
		return "selected_conversations"
	case "channels_select":
		return "selected_channel"
	case "multi_channels_select":
		return "selected_channels"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	case "rich_text_input":
		return "rich_text_value"
	case "file_input":
		return "files"
	}
	return ""
}

func initialKey(kind string) string {
	key := stateKey(kind)
	if rest, ok := strings.CutPrefix(key, "selected_"); ok {
		return "initial_" + rest
	}
	return "initial_value"
}

func isMany(kind string) bool {
	return kind == "checkboxes" || kind == "file_input" || strings.HasPrefix(kind, "multi_")
}

// initialValues are the values of a view's fields when it appears: what the person had in the old view under the same
// block_id and action_id, else the element's initial value.
func (s *Server) initialValues(blocks []Block, old *View, channel string) Values {
	out := Values{}
	for _, e := range blockkit.Elements(blocks) {
		key := stateKey(e.Type)
		if key == "" {
			continue
		}
		state := initialState(e, channel)
		if old != nil {
			if was := old.Values[e.BlockID][e.ActionID]; was != nil && was["type"] == e.Type && stillOffered(e, was[key]) {
				state = was
			}
		}
		out.put(e.BlockID, e.ActionID, state)
	}
	return out
}

func initialState(e blockkit.Element, channel string) Block {
	key := stateKey(e.Type)
	state := Block{"type": e.Type, key: e.Element[initialKey(e.Type)]}
	if toCurrent, _ := e.Element["default_to_current_conversation"].(bool); toCurrent && channel != "" && state[key] == nil {
		state[key] = channel
		if isMany(e.Type) {
			state[key] = []any{channel}
		}
	}
	if isMany(e.Type) && state[key] == nil {
		state[key] = []any{}
	}
	if zone, ok := e.Element["timezone"].(string); ok {
		state["timezone"] = zone
	}
	return state
}

// stillOffered says whether a chosen option is still among an element's options.
func stillOffered(e blockkit.Element, value any) bool {
	if e.Element["options"] == nil && e.Element["option_groups"] == nil {
		return true
	}
	chosen, many := value.([]any)
	if !many {
		if value == nil {
			return true
		}
		chosen = []any{value}
	}
	for _, c := range chosen {
		if !slices.ContainsFunc(blockkit.Options(e.Element), func(o Block) bool { return reflect.DeepEqual(o, c) }) {
			return false
		}
	}
	return true
}

// put sets one state object in place; with does so in a copy.
func (v Values) put(blockID, actionID string, state Block) {
	if v[blockID] == nil {
		v[blockID] = map[string]Block{}
	}
	v[blockID][actionID] = state
}

func (v Values) with(blockID, actionID string, state Block) Values {
	out := maps.Clone(v)
	if out == nil {
		out = Values{}
	}
	out[blockID] = maps.Clone(out[blockID])
	out.put(blockID, actionID, state)
	return out
}

// state turns what a person chose or typed into an element's state object. values are given as people see them: the
// text of an option (or its value), a person's name (or id), "#channel", 2026-11-23, 14:00.
func (s *Server) state(u *User, e blockkit.Element, values []string, offered []Block) (Block, error) {
	state := Block{"type": e.Type}
	if zone, ok := e.Element["timezone"].(string); ok {
		state["timezone"] = zone
	}
	key := stateKey(e.Type)
	if !isMany(e.Type) && len(values) > 1 {
		return nil, fmt.Errorf("%s takes one value, not %d", e.Type, len(values))
	}
	if most, ok := e.Element["max_selected_items"].(float64); ok && len(values) > int(most) {
		return nil, fmt.Errorf("no more than %d can be chosen", int(most))
	}
	chosen := []any{}
	for _, text := range values {
		if text == "" && !isMany(e.Type) {
			continue // cleared
		}
		v, err := s.stateValue(u, e, text, offered)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, v)
	}
	switch {
	case isMany(e.Type):
		state[key] = chosen
	case len(chosen) > 0:
		state[key] = chosen[0]
	default:
		state[key] = nil
	}
	return state, nil
}

func (s *Server) stateValue(u *User, e blockkit.Element, text string, offered []Block) (any, error) {
	switch stateKey(e.Type) {
	case "selected_option", "selected_options":
		return findOption(offered, text)
	case "selected_user", "selected_users":
		return s.findUser(text)
	case "selected_channel", "selected_channels":
		return s.findChannel(u, e, text)
	case "selected_conversation", "selected_conversations":
		return s.findChannel(u, e, text)
	case "selected_date":
		if _, err := time.Parse("2006-01-02", text); err != nil {
			return nil, fmt.Errorf("a date picker takes a date such as 2026-11-23, not %q", text)
		}
		return text, nil
	case "selected_time":
		if _, err := time.Parse("15:04", text); err != nil {
			return nil, fmt.Errorf("a time picker takes a time such as 14:00, not %q", text)
		}
		return text, nil
	case "selected_date_time":
		return dateTime(u, text)
	case "rich_text_value":
		return richText(text), nil
	case "files":
		return Block{"id": s.id("F"), "name": text, "title": text, "mode": "hosted"}, nil
	}
	return text, nil
}

// dateTime reads "2026-11-23 14:00" in the person's zone, RFC 3339, or Unix seconds.
func dateTime(u *User, text string) (any, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return float64(n), nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return float64(t.Unix()), nil
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", text, u.zone())
	if err != nil {
		return nil, fmt.Errorf("a date and time picker takes 2026-11-23 14:00, not %q", text)
	}
	return float64(t.Unix()), nil
}

// richText is typed text as a rich_text block.
func richText(text string) Block {
	return Block{"type": "rich_text", "elements": []any{Block{"type": "rich_text_section",
		"elements": []any{Block{"type": "text", "text": text}}}}}
}

func textOf(o any) string {
	m, _ := o.(map[string]any)
	t, _ := m["text"].(string)
	return t
}

// findOption finds an option by its value, its text, or the only text that begins with what is given.
func findOption(options []Block, text string) (any, error) {
	var names, begin []string
	var starts []Block
	for _, o := range options {
		if o["value"] == text {
			return o, nil
		}
	}
	for _, o := range options {
		name := textOf(o["text"])
		names = append(names, name)
		if strings.EqualFold(name, text) {
			return o, nil
		}
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(text)) {
			starts, begin = append(starts, o), append(begin, name)
		}
	}
	switch len(starts) {
	case 1:
		return starts[0], nil
	case 0:
		return nil, fmt.Errorf("there is no option %q; there are: %s", text, strings.Join(names, " | "))
	}
	return nil, fmt.Errorf("%q could be: %s", text, strings.Join(begin, " | "))
}

// findUser finds a person by id, handle, display name or real name.
func (s *Server) findUser(text string) (string, error) {
	name := strings.TrimPrefix(text, "@")
	var found []string
	for _, id := range s.userIDs {
		u := s.users[id]
		if u.Deleted {
			continue // pickers don't list them
		}
		if id == name {
			return id, nil
		}
		if strings.EqualFold(u.Name, name) || strings.EqualFold(u.DisplayName, name) || strings.EqualFold(u.RealName, name) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("there is no person %q", text)
	}
	return "", fmt.Errorf("%q could be: %s", text, strings.Join(found, ", "))
}

// findChannel finds a channel that the person sees and the select's filter lets through.
func (s *Server) findChannel(u *User, e blockkit.Element, text string) (string, error) {
	name := strings.TrimPrefix(text, "#")
	for _, id := range s.chanIDs {
		c := s.channels[id]
		if id != name && c.Name != name || c.IsArchived {
			continue
		}
		if (c.kind() != "public_channel" && !s.inChannel(c, u.ID)) || !listsChannel(e, c) {
			return "", fmt.Errorf("the menu does not list %s", text)
		}
		return id, nil
	}
	return "", fmt.Errorf("there is no channel %q", text)
}

func listsChannel(e blockkit.Element, c *Channel) bool {
	if strings.HasSuffix(e.Type, "channels_select") {
		return c.kind() == "public_channel" // channels_select lists public channels only
	}
	filter, ok := e.Element["filter"].(map[string]any)
	if !ok {
		return true
	}
	if no, _ := filter["exclude_external_shared_channels"].(bool); no && c.IsExtShared {
		return false
	}
	include, ok := filter["include"].([]any)
	return !ok || slices.Contains(include, any(map[string]string{"public_channel": "public", "private_channel": "private",
		"im": "im", "mpim": "mpim"}[c.kind()]))
}

// missing says what Slack's client shows under a field before it sends anything; "" when the field is fine.
func missing(e blockkit.Element, state Block) string {
	value := state[stateKey(e.Type)]
	optional, _ := e.Block["optional"].(bool)
	if isEmpty(value) {
		if optional {
			return ""
		}
		return RequiredField
	}
	text, _ := value.(string)
	n := utf8.RuneCountInString(text)
	switch e.Type {
	case "plain_text_input":
		most := 3000
		if v, ok := e.Element["max_length"].(float64); ok {
			most = int(v)
		}
		if least, ok := e.Element["min_length"].(float64); ok && n < int(least) {
			return fmt.Sprintf("Please enter at least %d characters.", int(least))
		}
		if n > most {
			return fmt.Sprintf("Please enter no more than %d characters.", most)
		}
	case "email_text_input":
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text || !strings.Contains(text[strings.LastIndexByte(text, '@'):], ".") {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
			return "Please enter a valid URL."
		}
	case "number_input":
		return wrongNumber(e.Element, text)
	}
	return ""
}

func wrongNumber(el Block, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if decimals, _ := el["is_decimal_allowed"].(bool); err != nil || (!decimals && strings.ContainsAny(text, ".eE")) {
		return "Please enter a valid number."
	}
	bound := func(name string) (float64, bool) {
		s, _ := el[name].(string)
		v, err := strconv.ParseFloat(s, 64)
		return v, err == nil
	}
	if least, ok := bound("min_value"); ok && n < least {
		return fmt.Sprintf("Please enter a number that is at least %v.", least)
	}
	if most, ok := bound("max_value"); ok && n > most {
		return fmt.Sprintf("Please enter a number that is at most %v.", most)
	}
	return ""
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}
