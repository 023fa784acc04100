package bot

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Slack's limits of a message. The characters are of all its blocks together
// and not documented; 13,200 was measured.
// https://docs.slack.dev/reference/block-kit/blocks and metabase/metabase#79908
const (
	maxMessageBlocks = 50
	maxMessageChars  = 12_500
)

// A detail says how much of a long text is shown. Every legal role and any
// number of words fit with the last one.
type detail int

const (
	full detail = iota
	short
	brief
	bare
)

var details = [...]detail{full, short, brief, bare}

// fit returns the fullest version of a message that Slack takes.
func fit(version func(detail) []slack.Block) []slack.Block {
	var blocks []slack.Block
	for _, d := range details {
		blocks = version(d)
		if len(blocks) <= maxMessageBlocks && chars(blocks) <= maxMessageChars {
			break
		}
	}
	return blocks
}

// chars counts the characters of everything that the blocks say. A kit is tried
// in several versions each time that it is shown: its long texts, which are rich
// text, are counted where they stand.
func chars(blocks []slack.Block) int {
	n := 0
	for _, bl := range blocks {
		rich, ok := bl.(*slack.RichTextBlock)
		if !ok {
			n += charsIn(bl)
			continue
		}
		for _, el := range rich.Elements {
			n += richChars(el)
		}
	}
	return n
}

func richChars(el slack.RichTextElement) int {
	n := 0
	switch el := el.(type) {
	case *slack.RichTextSection:
		for _, part := range el.Elements {
			n += partChars(part)
		}
	case *slack.RichTextList:
		for _, item := range el.Elements {
			n += richChars(item)
		}
	default:
		n = charsIn(el)
	}
	return n
}

func partChars(part slack.RichTextSectionElement) int {
	if text, ok := part.(*slack.RichTextSectionTextElement); ok {
		return utf8.RuneCountInString(text.Text)
	}
	return charsIn(part)
}

// charsIn counts them in anything that is written as JSON.
func charsIn(v any) int {
	raw, err := json.Marshal(v)
	if err != nil {
		return 0 // blocks always marshal
	}
	var tree any
	if json.Unmarshal(raw, &tree) != nil {
		return 0
	}
	return countText(tree)
}

func countText(node any) int {
	n := 0
	switch node := node.(type) {
	case map[string]any:
		for key, v := range node {
			if s, ok := v.(string); ok && (key == "text" || key == "fallback") {
				n += utf8.RuneCountInString(s)
			}
			n += countText(v)
		}
	case []any:
		for _, v := range node {
			n += countText(v)
		}
	}
	return n
}

// richText returns a block of several paragraphs and lists.
func richText(parts ...slack.RichTextElement) slack.Block {
	return slack.NewRichTextBlock("", parts...)
}

// para returns what was written as one part of a rich text.
func (r *rich) para() slack.RichTextElement { return slack.NewRichTextSection(r.elements...) }

// bullets returns paragraphs as a list that is one part of a rich text.
func bullets(items ...*rich) slack.RichTextElement {
	var sections []slack.RichTextElement
	for _, it := range items {
		sections = append(sections, it.para())
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, sections...)
}

// quote returns a person's words as a quotation.
func quote(text string) slack.RichTextElement {
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: say(text).elements}
}
