// Package blockkit holds messages, views, blocks, elements, ack payloads and app manifests to Slack's figures. The
// figures are in limits.json, each with how well it is known ("docs": Slack's own words; "third-party" and
// "unconfirmed": less so). They were read from https://docs.slack.dev/reference/block-kit,
// https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/reference/app-manifest.
package blockkit

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"sync"
)

//go:embed limits.json
var limitsJSON []byte

// field is one row of limits.json. Lengths are in Unicode code points, counts in items.
type field struct {
	Type         string   `json:"type"`
	Required     bool     `json:"required"`
	Min          *float64 `json:"min"`
	Max          *float64 `json:"max"`
	ExclusiveMin *float64 `json:"exclusive_min"`
	Unit         string   `json:"unit"`
	Enum         []string `json:"enum"`
	Pattern      string   `json:"pattern"`
	Allowed      []string `json:"allowed"`
	ItemTextMax  *float64 `json:"item_text_max"` // of each text in section.fields
	ElementText  *struct {
		Max float64 `json:"max"`
	} `json:"element_text_max"` // of each text in context.elements
	Limits map[string]float64 `json:"limits"` // of the image that the field holds
}

// spec says where a block or element may be, and its fields. A field's name may be a path: "rows[].items[].width".
type spec struct {
	Surfaces []string         `json:"surfaces"`
	Blocks   []string         `json:"blocks"` // elements: which blocks may hold it
	Fields   map[string]field `json:"fields"`
	ActionID bool             `json:"action_id"`
}

// limits is limits.json.
type limits struct {
	Common struct {
		BlockID  field `json:"block_id"`
		ActionID field `json:"action_id"`
	} `json:"common"`
	Surfaces map[string]struct {
		MaxBlocks int `json:"max_blocks"`
		MinBlocks int `json:"min_blocks"`
	} `json:"surfaces"`
	Message struct {
		Text struct {
			UpdateMax     int `json:"recommended_max"`
			TruncatedOver int `json:"truncated_over"`
		} `json:"text"`
		MarkdownText   field `json:"markdown_text"`
		Attachments    field `json:"attachments"`
		BlockText      field `json:"aggregate_block_text"`
		MarkdownBlocks field `json:"aggregate_markdown_block_text"`
		TableText      field `json:"aggregate_table_text"`
		DataTableText  field `json:"aggregate_data_table_text"`
		Charts         field `json:"data_visualization_blocks"`
		EventType      field `json:"metadata.event_type"`
		Schedule       struct {
			MaxDaysAhead int `json:"max_days_ahead"`
			Per5Min      int `json:"max_per_channel_per_5min"`
		} `json:"schedule"`
	} `json:"message"`
	Views struct {
		Common map[string]field           `json:"common"`
		Modal  map[string]json.RawMessage `json:"modal"`
		Home   struct {
			Forbidden []string `json:"forbidden_fields"`
		} `json:"home"`
	} `json:"views"`
	Composition map[string]json.RawMessage `json:"composition"`
	Blocks      map[string]spec            `json:"blocks"`
	Elements    map[string]spec            `json:"elements"`
	RichText    struct {
		SectionElements []string `json:"section_element_types"`
		Date            struct {
			Fields []string `json:"fields"`
		} `json:"date"`
	} `json:"rich_text"`
	Interaction struct {
		AckSeconds struct {
			Max int `json:"max"`
		} `json:"ack_seconds"`
		TriggerSeconds struct {
			Max int `json:"max"`
		} `json:"trigger_id_seconds"`
		ResponseURL struct {
			MaxUses       int `json:"max_uses"`
			WindowSeconds int `json:"window_seconds"`
		} `json:"response_url"`
		Connections struct {
			Max int `json:"max"`
		} `json:"socket_connections_per_app"`
		AckBytes struct {
			Max int `json:"max_exclusive"`
		} `json:"socket_ack_bytes"`
		Options struct {
			Options  int `json:"options"`
			Groups   int `json:"option_groups"`
			PerGroup int `json:"options_per_group"`
		} `json:"options_response"`
		EventsPerHour struct {
			Max int `json:"max"`
		} `json:"events_per_workspace_per_hour"`
	} `json:"interaction_limits"`
	Manifest map[string]field `json:"manifest"`

	// Decoded from the parts above.
	modal       map[string]field
	composition map[string]map[string]field
}

// figures reads limits.json once. It is part of the program, so an unreadable one is a programming error.
var figures = sync.OnceValue(func() *limits {
	l := new(limits)
	if err := json.Unmarshal(limitsJSON, l); err != nil {
		panic("blockkit: limits.json: " + err.Error())
	}
	l.modal = fieldsOf(l.Views.Modal)
	l.composition = map[string]map[string]field{}
	for name, raw := range l.Composition {
		var parts map[string]json.RawMessage
		if json.Unmarshal(raw, &parts) == nil {
			l.composition[name] = fieldsOf(parts)
		}
	}
	return l
})

// fieldsOf keeps the entries that describe a field and leaves out notes such as "status" and "rule".
func fieldsOf(parts map[string]json.RawMessage) map[string]field {
	out := map[string]field{}
	for name, raw := range parts {
		var f field
		if json.Unmarshal(raw, &f) == nil && (f.Type != "" || f.Max != nil) {
			out[name] = f
		}
	}
	return out
}

// pattern compiles a pattern of limits.json once.
var pattern = func() func(string) *regexp.Regexp {
	var cache sync.Map
	return func(p string) *regexp.Regexp {
		if re, ok := cache.Load(p); ok {
			return re.(*regexp.Regexp)
		}
		re := regexp.MustCompile(p)
		cache.Store(p, re)
		return re
	}
}()

// Limits outside of blocks that the server needs, from the same file.
type Limits struct {
	AckSeconds, TriggerSeconds                   int
	ResponseURLUses, ResponseURLSeconds          int
	Connections, AckBytes                        int // an ack frame must be smaller than AckBytes
	SuggestedOptions, SuggestedGroups, PerGroup  int
	EventsPerHour                                int
	TextTruncatedOver, UpdateTextMax             int // characters of a message's text
	MarkdownText, Attachments                    int
	ScheduleDaysAhead, SchedulePerChannelPer5Min int
	ModalStack, ViewBytes                        int
	MetadataEventType                            *regexp.Regexp
}

// Figures returns the limits that are not about a single block.
func Figures() Limits {
	l := figures()
	return Limits{
		AckSeconds:                l.Interaction.AckSeconds.Max,
		TriggerSeconds:            l.Interaction.TriggerSeconds.Max,
		ResponseURLUses:           l.Interaction.ResponseURL.MaxUses,
		ResponseURLSeconds:        l.Interaction.ResponseURL.WindowSeconds,
		Connections:               l.Interaction.Connections.Max,
		AckBytes:                  l.Interaction.AckBytes.Max,
		SuggestedOptions:          l.Interaction.Options.Options,
		SuggestedGroups:           l.Interaction.Options.Groups,
		PerGroup:                  l.Interaction.Options.PerGroup,
		EventsPerHour:             l.Interaction.EventsPerHour.Max,
		TextTruncatedOver:         l.Message.Text.TruncatedOver,
		UpdateTextMax:             l.Message.Text.UpdateMax,
		MarkdownText:              int(*l.Message.MarkdownText.Max),
		Attachments:               int(*l.Message.Attachments.Max),
		ScheduleDaysAhead:         l.Message.Schedule.MaxDaysAhead,
		SchedulePerChannelPer5Min: l.Message.Schedule.Per5Min,
		ModalStack:                int(*l.modal["stack_depth"].Max),
		ViewBytes:                 int(*l.Views.Common["total_size"].Max) * 1024,
		MetadataEventType:         pattern(l.Message.EventType.Pattern),
	}
}
