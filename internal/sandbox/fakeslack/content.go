package fakeslack

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// content is what a message says, read and checked.
type content struct {
	text        string
	blocks      []Block
	attachments []Block
	hasText     bool
	hasBlocks   bool
	hasAttach   bool
	warning     string
}

// readContent reads a message's text, blocks and attachments from a call or a response_url.
func (s *Server) readContent(a args) (content, *apiError) {
	var out content
	markdown := a.str("markdown_text")
	out.text, out.hasText = a.str("text"), a.has("text")
	if markdown != "" {
		if out.text != "" || a.has("blocks") {
			return out, fail("markdown_text_conflict")
		}
		if utf8.RuneCountInString(markdown) > s.limits.MarkdownText {
			return out, fail("msg_too_long")
		}
		out.text, out.hasText = markdown, true
	}
	if n := s.limits.TextTruncatedOver; utf8.RuneCountInString(out.text) > n {
		out.text, out.warning = string([]rune(out.text)[:n]), "message_truncated"
	}
	var bad *apiError
	if out.blocks, out.hasBlocks, bad = s.readBlocks(a); bad != nil {
		return out, bad
	}
	out.attachments, out.hasAttach, bad = s.readAttachments(a)
	return out, bad
}

func (s *Server) readBlocks(a args) ([]Block, bool, *apiError) {
	v, given, ok := a.json("blocks")
	if !given {
		return nil, false, nil
	}
	list, isList := v.([]any)
	if !ok || !isList {
		return nil, true, fail("invalid_blocks_format")
	}
	report := blockkit.Message(list, s.opts.Strict)
	if bad := refused(report); bad != nil {
		return nil, true, bad
	}
	return blockkit.WithBlockIDs(list, func() string { return s.id("b") }), true, nil
}

func (s *Server) readAttachments(a args) ([]Block, bool, *apiError) {
	v, given, ok := a.json("attachments")
	if !given {
		return nil, false, nil
	}
	list, isList := v.([]any)
	if !ok || !isList {
		return nil, true, fail("invalid_attachments")
	}
	if len(list) > s.limits.Attachments {
		return nil, true, fail("too_many_attachments")
	}
	var out []Block
	for i, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			return nil, true, fail("invalid_attachments")
		}
		blocks, _ := m["blocks"].([]any)
		if bad := refused(blockkit.Attachment(i, blocks, s.opts.Strict)); bad != nil {
			return nil, true, bad
		}
		out = append(out, m)
	}
	return out, true, nil
}

// refused is Slack's answer to blocks that it doesn't take.
func refused(r blockkit.Report) *apiError {
	if len(r.Problems) > 0 {
		e := fail("invalid_blocks")
		for _, m := range r.Messages() {
			e.errors = append(e.errors, m)
			e.messages = append(e.messages, "[ERROR] "+m)
		}
		return e
	}
	if r.TextTooLong {
		return fail("msg_blocks_too_long")
	}
	return nil
}

func (c content) empty() bool {
	return strings.TrimSpace(c.text) == "" && len(c.blocks) == 0 && len(c.attachments) == 0
}

// readMetadata reads a message's metadata. The size limit is not published: 8 KB is a guess (unconfirmed).
// https://docs.slack.dev/messaging/message-metadata
func (s *Server) readMetadata(a args) (meta *Metadata, given bool, bad *apiError) {
	v, given, ok := a.json("metadata")
	if !given {
		return nil, false, nil
	}
	m, isObject := v.(map[string]any)
	if !ok || !isObject {
		return nil, true, fail("invalid_metadata_format")
	}
	if len(m) == 0 {
		return nil, true, nil
	}
	name, _ := m["event_type"].(string)
	payload, hasPayload := m["event_payload"].(map[string]any)
	if name == "" || !hasPayload || !s.limits.MetadataEventType.MatchString(name) {
		return nil, true, fail("invalid_metadata_schema")
	}
	if raw, _ := json.Marshal(m); len(raw) > 8<<10 {
		return nil, true, fail("metadata_too_large")
	}
	return &Metadata{EventType: name, EventPayload: payload}, true, nil
}
