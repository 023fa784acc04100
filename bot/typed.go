package bot

import (
	"context"
	"regexp"
	"strings"
)

// markup is what Slack puts into the text of a message for mentions, links and
// dates. A "<" that somebody typed comes as "&lt;".
// https://docs.slack.dev/messaging/formatting-message-text#parsing-retrieved-messages
var markup = regexp.MustCompile(`<([^<>]*)>`)

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// asTyped returns a message's text as its author sees it.
func (b *Bot) asTyped(ctx context.Context, text string) string {
	text = markup.ReplaceAllStringFunc(text, func(m string) string {
		return b.written(ctx, strings.Trim(m, "<>"))
	})
	return unescape.Replace(text)
}

// written returns what somebody reads in place of a mention, link or date. Slack
// isn't asked for names: the event that the text is of waits to be acknowledged.
func (b *Bot) written(ctx context.Context, inside string) string {
	target, label, labelled := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		if p, err := b.Store.Person(ctx, target[1:]); err == nil {
			return "@" + p.Name
		}
		return "@" + strings.TrimPrefix(or(label, target), "@")
	case strings.HasPrefix(target, "#"):
		return "#" + strings.TrimPrefix(or(label, target), "#")
	case strings.HasPrefix(target, "!date"):
		return label
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimLeft(or(label, target), "!@")
	case !labelled || strings.Contains(target, label):
		return or(label, target)
	default:
		return label + " (" + target + ")"
	}
}

// or returns the first text unless it is empty.
func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
