package bot

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"convene/internal/hiring"
)

// The bot's voice: plain, short, kind. It says what happened, then what
// happens next or what to do. Every time has its zone. Names and texts from
// people are data: they go into plain_text or into rich text's text elements,
// never into mrkdwn, so nothing that somebody typed can be a mention, a link or
// a command.

// A rich is a paragraph of rich text being written.
type rich struct {
	elements []slack.RichTextSectionElement
}

func say(text string) *rich { return (&rich{}).t(text) }

// t adds text as it is.
func (r *rich) t(text string) *rich {
	if text != "" {
		r.elements = append(r.elements, slack.NewRichTextSectionTextElement(text, nil))
	}
	return r
}

// tf adds formatted text.
func (r *rich) tf(format string, args ...any) *rich { return r.t(fmt.Sprintf(format, args...)) }

// b adds bold text.
func (r *rich) b(text string) *rich {
	if text != "" {
		r.elements = append(r.elements, slack.NewRichTextSectionTextElement(text, &slack.RichTextSectionTextStyle{Bold: true}))
	}
	return r
}

// i adds italic text.
func (r *rich) i(text string) *rich {
	if text != "" {
		r.elements = append(r.elements, slack.NewRichTextSectionTextElement(text, &slack.RichTextSectionTextStyle{Italic: true}))
	}
	return r
}

// user adds somebody's name as Slack shows it.
func (r *rich) user(id string) *rich {
	if id == "" {
		return r.t("Convene")
	}
	r.elements = append(r.elements, slack.NewRichTextSectionUserElement(id, nil))
	return r
}

// users adds several names.
func (r *rich) users(ids []string) *rich {
	for i, id := range ids {
		switch {
		case i > 0 && i == len(ids)-1:
			r.t(" and ")
		case i > 0:
			r.t(", ")
		}
		r.user(id)
	}
	return r
}

// link adds a link with words.
func (r *rich) link(url, text string) *rich {
	r.elements = append(r.elements, slack.NewRichTextSectionLinkElement(url, text, nil))
	return r
}

// when adds a time for a channel: a Slack date token, which each reader sees in
// their own zone, and the role's zone written out.
func (r *rich) when(t time.Time, zone *time.Location) *rich {
	fallback := clockTime(t, zone)
	r.elements = append(r.elements, slack.NewRichTextSectionDateElement(t.Unix(), "{date_short_pretty} at {time}", nil, &fallback))
	return r.t(" (" + clockTime(t, zone) + ")")
}

// block returns the paragraph as a block of its own.
func (r *rich) block() slack.Block {
	return slack.NewRichTextBlock("", slack.NewRichTextSection(r.elements...))
}

// list returns paragraphs as a bulleted list.
func list(items ...*rich) slack.Block {
	var sections []slack.RichTextElement
	for _, it := range items {
		sections = append(sections, slack.NewRichTextSection(it.elements...))
	}
	return slack.NewRichTextBlock("", slack.NewRichTextList(slack.RTEListBullet, 0, sections...))
}

// header returns a heading; Slack takes 150 characters.
func header(text string) slack.Block {
	return slack.NewHeaderBlock(plain(hiring.Clip(text, 150)))
}

// maxNote is how long small print may be.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
const maxNote = 2000

// note returns small print.
func note(text string) slack.Block {
	return slack.NewContextBlock("", plain(hiring.Clip(text, maxNote)))
}

// section returns a paragraph of plain text that may have come from people.
func section(text string) slack.Block {
	return slack.NewSectionBlock(plain(hiring.Clip(text, 3000)), nil, nil)
}

func divider() slack.Block { return slack.NewDividerBlock() }

// plain returns a plain_text object.
func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, true, false)
}

// button returns a button; Slack takes 75 characters of text and 2,000 of value.
func button(action, value, text string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, plain(hiring.Clip(text, 75)))
}

func primary(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return b.WithStyle(slack.StylePrimary)
}

// danger marks a destructive button, which asks before it acts.
func danger(b *slack.ButtonBlockElement, title, text, yes, no string) *slack.ButtonBlockElement {
	b.WithStyle(slack.StyleDanger)
	return b.WithConfirm(slack.NewConfirmationBlockObject(plain(title), plain(text), plain(yes), plain(no)).WithStyle(slack.StyleDanger))
}

// actions returns a row of buttons and menus.
func actions(id string, elements ...slack.BlockElement) slack.Block {
	return slack.NewActionBlock(id, elements...)
}

// clockTime writes a time with its zone: "Wed 25 Nov, 2:00 pm CST".
func clockTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan, 3:04 pm ") + zoneName(t, zone)
}

// span writes a stretch of time with its zone: "Wed 25 Nov, 2:00–2:45 pm CST".
func span(start, end time.Time, zone *time.Location) string {
	s, e := start.In(zone), end.In(zone)
	from := s.Format("3:04 pm")
	if s.Format("pm") == e.Format("pm") {
		from = s.Format("3:04")
	}
	return s.Format("Mon 2 Jan, ") + from + "–" + e.Format("3:04 pm ") + zoneName(start, zone)
}

// dayName writes a day: "Monday, 30 November".
func dayName(t time.Time, zone *time.Location) string { return t.In(zone).Format("Monday, 2 January") }

// zoneName is what people call the zone then; where it has no letters, its name.
func zoneName(t time.Time, zone *time.Location) string {
	name, _ := t.In(zone).Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return "(" + zone.String() + ")"
	}
	return name
}

// howLong writes a duration the way people say it, rounded down.
func howLong(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return "a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// fallback makes the text that notifications and screen readers use. It says
// everything that matters, and nothing in it is live markup.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func fallback(format string, args ...any) string {
	return hiring.Clip(slackutilsx.EscapeMessage(fmt.Sprintf(format, args...)), maxText)
}

// maxText is how long the text of a message is at most; Slack edits no longer
// one than 4,000. https://docs.slack.dev/reference/methods/chat.update
const maxText = 3900

// fits reports whether fallback keeps all of the text.
func fits(text string) bool {
	return utf8.RuneCountInString(slackutilsx.EscapeMessage(text)) <= maxText
}

// modal returns a modal; Slack takes 24 characters of title and buttons.
func modal(callback, title, submit, cancel string, blocks ...slack.Block) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: callback, Title: plain(hiring.Clip(title, 24)),
		Close: plain(hiring.Clip(cancel, 24)), Blocks: slack.Blocks{BlockSet: append([]slack.Block{}, blocks...)},
	}
	if submit != "" {
		v.Submit = plain(hiring.Clip(submit, 24))
	}
	return v
}

// hourglass begins what says that something is being done.
const hourglass = "⏳"

// loading is what a modal shows until there is something to show.
func loading(title, text string) slack.ModalViewRequest {
	return modal("", title, "", "Close", section(hourglass+" "+text))
}

// told is a modal that only says something.
func told(title, text string) *slack.ModalViewRequest {
	v := modal("", title, "", "Close", section(text))
	return &v
}

// quoted is somebody's own words within a message, with a full stop where they
// have none.
func quoted(words string) string {
	if strings.HasSuffix(words, ".") || strings.HasSuffix(words, "!") || strings.HasSuffix(words, "?") {
		return "“" + words + "”"
	}
	return "“" + words + "”."
}
