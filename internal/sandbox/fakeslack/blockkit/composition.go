package blockkit

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// The checks of composition objects: https://docs.slack.dev/reference/block-kit/composition-objects

func (c *checker) textObject(ptr string, v any, f field) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	kind, _ := m["type"].(string)
	if !slices.Contains(strings.Split(f.Type, "|"), kind) {
		if kind == "plain_text" || kind == "mrkdwn" {
			c.report(ptr, "must be of type %s", f.Type)
		} else {
			c.report(ptr, "unsupported type: %s", kind)
		}
		return
	}
	text, ok := m["text"].(string)
	if !ok {
		c.missing(ptr, "text")
		return
	}
	c.text += utf8.RuneCountInString(text)
	general := c.limits.composition["text"]["text"]
	if f.Max == nil {
		f.Max = general.Max
	}
	f.Required, f.Min = true, general.Min
	c.chars(ptr+"/text", text, f)
	c.onlyKeys(ptr, m, "type", "text", "emoji", "verbatim")
	if _, set := m["emoji"]; set && kind == "mrkdwn" {
		c.report(ptr, "invalid additional property: emoji")
	}
	if _, set := m["verbatim"]; set && kind == "plain_text" {
		c.report(ptr, "invalid additional property: verbatim")
	}
	for _, flag := range []string{"emoji", "verbatim"} {
		if b, set := m[flag]; set {
			c.value(ptr+"/"+flag, "text", b, field{Type: "bool"})
		}
	}
}

func (c *checker) option(ptr, holder string, v any) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	rows := maps.Clone(c.limits.composition["option"])
	if holder != "radio_buttons" && holder != "checkboxes" { // mrkdwn only in those two
		for _, name := range []string{"text", "description"} {
			f := rows[name]
			f.Type = "plain_text"
			rows[name] = f
		}
	}
	if holder != "overflow" {
		if _, set := m["url"]; set {
			c.report(ptr, "invalid additional property: url")
		}
	}
	c.fields(ptr, "option", m, rows)
	c.onlyKeys(ptr, m, "text", "value", "description", "url")
}

func (c *checker) optionGroup(ptr, holder string, v any) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	c.fields(ptr, holder, m, c.limits.composition["option_group"])
	c.onlyKeys(ptr, m, "label", "options")
}

func (c *checker) confirm(ptr string, v any) {
	if m, ok := c.object(ptr, v); ok {
		rows := maps.Clone(c.limits.composition["confirm"])
		// Slack fills in its own words when confirm or deny are left out of older payloads; the docs require them.
		c.fields(ptr, "confirm", m, rows)
		c.onlyKeys(ptr, m, "title", "text", "confirm", "deny", "style")
	}
}

func (c *checker) dispatchConfig(ptr string, v any) {
	if m, ok := c.object(ptr, v); ok {
		c.fields(ptr, "dispatch_action_config", m, c.limits.composition["dispatch_action_config"])
		c.onlyKeys(ptr, m, "trigger_actions_on")
	}
}

func (c *checker) conversationFilter(ptr string, v any) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	if len(m) == 0 {
		c.report(ptr, "must have at least one of include, exclude_external_shared_channels, exclude_bot_users")
	}
	c.fields(ptr, "conversation_filter", m, c.limits.composition["conversation_filter"])
	c.onlyKeys(ptr, m, "include", "exclude_external_shared_channels", "exclude_bot_users")
}

func (c *checker) slackFile(ptr string, v any) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	_, id := m["id"].(string)
	_, url := m["url"].(string)
	if id == url {
		c.report(ptr, "must have exactly one of id, url")
	}
	c.onlyKeys(ptr, m, "id", "url")
}

// cardImage is the image element inside a card or container, which has limits of its own.
func (c *checker) cardImage(ptr string, v any, f field) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	for name, max := range f.Limits {
		if s, ok := m[name].(string); ok {
			c.chars(ptr+"/"+name, s, field{Type: "string", Max: &max})
		}
	}
	c.element(ptr, v, []string{"image"})
}
