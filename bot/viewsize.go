package bot

import (
	"encoding/json"

	"github.com/slack-go/slack"
)

// maxView is how large a view may be; Slack takes 250 KB.
// https://docs.slack.dev/reference/views/modal-views
const maxView = 240_000

// fitsView reports whether Slack takes the view.
func fitsView(v slack.ModalViewRequest) bool {
	return len(v.Blocks.BlockSet) <= maxViewBlocks && viewSize(v) <= maxView
}

// viewSize is how many bytes the view has as JSON, or a little more. Writing a
// large one out takes milliseconds, and a scorecard's form is tried in several
// layouts while the person's click waits: what it is made of is added up.
func viewSize(v slack.ModalViewRequest) int {
	n := 500 + len(v.PrivateMetadata)
	for _, bl := range v.Blocks.BlockSet {
		n += blockSize(bl)
	}
	return n
}

func blockSize(bl slack.Block) int {
	switch bl := bl.(type) {
	case *slack.RichTextBlock:
		n := 40
		for _, el := range bl.Elements {
			n += richSize(el)
		}
		return n
	case *slack.InputBlock:
		n := 130 + len(bl.BlockID) + textSize(bl.Label) + textSize(bl.Hint)
		switch el := bl.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			return n + 220 + jsonSize(el.InitialValue) + textSize(el.Placeholder)
		case *slack.RadioButtonsBlockElement:
			return n + 60 + len(el.ActionID) + optionsSize(append(el.Options, el.InitialOption)...)
		case *slack.CheckboxGroupsBlockElement:
			return n + 80 + len(el.ActionID) + optionsSize(el.Options...) + optionsSize(el.InitialOptions...)
		}
	}
	raw, err := json.Marshal(bl)
	if err != nil {
		return maxView // Slack won't get it
	}
	return len(raw) + 1
}

func richSize(el slack.RichTextElement) int {
	n := 60
	switch el := el.(type) {
	case *slack.RichTextSection:
		for _, part := range el.Elements {
			n += partSize(part)
		}
	case *slack.RichTextQuote:
		for _, part := range el.Elements {
			n += partSize(part)
		}
	case *slack.RichTextList:
		for _, item := range el.Elements {
			n += richSize(item)
		}
	default:
		raw, _ := json.Marshal(el)
		n += len(raw)
	}
	return n
}

func partSize(part slack.RichTextSectionElement) int {
	if text, ok := part.(*slack.RichTextSectionTextElement); ok {
		n := 28 + jsonSize(text.Text)
		if text.Style != nil {
			n += 26
		}
		return n
	}
	raw, _ := json.Marshal(part)
	return len(raw) + 1
}

func optionsSize(options ...*slack.OptionBlockObject) int {
	n := 0
	for _, o := range options {
		if o != nil {
			n += 24 + textSize(o.Text) + jsonSize(o.Value) + textSize(o.Description)
		}
	}
	return n
}

func textSize(t *slack.TextBlockObject) int {
	if t == nil {
		return 0
	}
	return 62 + jsonSize(t.Text)
}

// jsonSize is how many bytes a text has within JSON as encoding/json writes it.
func jsonSize(s string) int {
	n := len(s)
	for i := range len(s) {
		n += int(jsonExtra[s[i]])
	}
	return n
}

// jsonExtra is how many bytes more each byte of a text takes within JSON, at
// most.
var jsonExtra = func() (extra [256]uint8) {
	for c := range byte(' ') {
		extra[c] = 5
	}
	for _, c := range []byte("<>&") {
		extra[c] = 5
	}
	for _, c := range []byte("\"\\\n\r\t") {
		extra[c] = 1
	}
	extra[0xE2] = 3 // the line and paragraph separators begin so, among others
	return extra
}()
