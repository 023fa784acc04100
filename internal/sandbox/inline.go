package sandbox

import (
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"convene/internal/sandbox/fakeslack"
)

// An inliner draws text as HTML. Whatever it is given, only its own tags come
// out: all else is escaped.
type inliner struct{ r fakeslack.Renderer }

func escape(s string) string { return template.HTMLEscapeString(s) }

// object draws a text object.
func (p inliner) object(v any) template.HTML {
	m, _ := v.(map[string]any)
	if m["type"] == "mrkdwn" {
		return p.mrkdwn(str(m["text"]))
	}
	return p.plain(str(m["text"]))
}

func (p inliner) plain(text string) template.HTML {
	return template.HTML(lineBreaks(escape(text))) // escaped
}

func lineBreaks(s string) string { return strings.ReplaceAll(s, "\n", "<br>") }

var (
	fenced   = regexp.MustCompile("(?s)```\n?(.+?)\n?```")
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	angled   = regexp.MustCompile(`<([^<>\n]*)>`)
	unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	styles   = []struct {
		mark *regexp.Regexp
		tag  string
	}{{styled("*"), "strong"}, {styled("_"), "em"}, {styled("~"), "s"}}
)

// styled matches words between two marks: before, the words, after.
func styled(mark string) *regexp.Regexp {
	m := regexp.QuoteMeta(mark)
	return regexp.MustCompile(`(^|[\s(\[{;:/>–—"'*_~])` + m + `([^\s` + m + `]|[^\s` + m + `][^` + m + `\n]*[^\s` + m + `])` + m + `($|[\s.,;:!?)\]}&<…–—/"'*_~])`)
}

// Pieces that are drawn already stand in the text as one private character
// each, until the rest is drawn.
const firstPiece, lastPiece = 0xF0000, 0xFFFFD

// mrkdwn draws Slack's markup.
// https://docs.slack.dev/messaging/formatting-message-text
func (p inliner) mrkdwn(text string) template.HTML {
	text = strings.Map(func(r rune) rune {
		if r >= firstPiece && r <= lastPiece {
			return utf8.RuneError
		}
		return r
	}, text)
	var pieces []string
	put := func(html string) string {
		if len(pieces) > lastPiece-firstPiece {
			return ""
		}
		pieces = append(pieces, html)
		return string(rune(firstPiece + len(pieces) - 1))
	}
	text = replaceGroups(fenced, text, func(g []string) string { return put("<pre>" + escape(unescape.Replace(g[1])) + "</pre>") })
	text = replaceGroups(codeSpan, text, func(g []string) string { return put("<code>" + escape(unescape.Replace(g[1])) + "</code>") })
	text = replaceGroups(angled, text, func(g []string) string { return put(p.token(g[1])) })
	text = escape(unescape.Replace(text))
	for _, style := range styles {
		for range 2 { // neighbours share the character between them
			text = style.mark.ReplaceAllString(text, "$1<"+style.tag+">$2</"+style.tag+">$3")
		}
	}
	text = quotes(text)
	for range 2 { // a piece may stand inside another
		text = expand(text, pieces)
	}
	return template.HTML(text) // everything but our own tags was escaped
}

func replaceGroups(re *regexp.Regexp, text string, with func(groups []string) string) string {
	return re.ReplaceAllStringFunc(text, func(s string) string { return with(re.FindStringSubmatch(s)) })
}

// expand puts the pieces into their places.
func expand(text string, pieces []string) string {
	var out strings.Builder
	for _, r := range text {
		if i := int(r) - firstPiece; i >= 0 && i < len(pieces) {
			out.WriteString(pieces[i])
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// quotes draws lines that begin with > as quotes, and the other line breaks.
func quotes(text string) string {
	var out strings.Builder
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if quoted, ok := strings.CutPrefix(line, "&gt;"); ok {
			out.WriteString("<blockquote>" + strings.TrimSpace(quoted) + "</blockquote>")
			continue
		}
		out.WriteString(line)
		if i < len(lines)-1 {
			out.WriteString("<br>")
		}
	}
	return out.String()
}

// token draws what stands between < and >: a mention, a date or a link.
func (p inliner) token(t string) string {
	body, label, labelled := strings.Cut(t, "|")
	words := escape(p.r.Mrkdwn("<" + t + ">"))
	switch {
	case strings.HasPrefix(body, "@"), strings.HasPrefix(body, "#"):
		return mention(words)
	case strings.HasPrefix(body, "!date^"):
		parts := strings.Split(body, "^")
		if len(parts) == 4 {
			return link(unescape.Replace(parts[3]), words)
		}
		return `<span class="date">` + words + `</span>`
	case strings.HasPrefix(body, "!"):
		return mention(words)
	}
	if labelled {
		words = escape(unescape.Replace(label))
	}
	return link(unescape.Replace(body), words)
}

func mention(words string) string { return `<span class="mention">` + words + `</span>` }

// link makes words a link when the address is one of the web; else they stay
// words. words is HTML.
func link(address, words string) string {
	if !isWeb(address) {
		return words
	}
	return `<a href="` + escape(address) + `" target="_blank" rel="noopener noreferrer">` + words + `</a>`
}

// isWeb reports whether an address is one that the page links to.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// richText draws a rich_text block.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
func (p inliner) richText(b fakeslack.Block) template.HTML {
	var out strings.Builder
	for _, el := range objects(b["elements"]) {
		switch el["type"] {
		case "rich_text_list":
			tag := "ul"
			if el["style"] == "ordered" {
				tag = "ol"
			}
			indent, _ := el["indent"].(float64)
			out.WriteString("<" + tag + ` class="indent-` + string(rune('0'+min(max(int(indent), 0), 8))) + `">`)
			for _, item := range objects(el["elements"]) {
				out.WriteString("<li>" + p.run(item) + "</li>")
			}
			out.WriteString("</" + tag + ">")
		case "rich_text_quote":
			out.WriteString("<blockquote>" + p.run(el) + "</blockquote>")
		case "rich_text_preformatted":
			out.WriteString("<pre>" + p.run(el) + "</pre>")
		default:
			out.WriteString("<p>" + p.run(el) + "</p>")
		}
	}
	return template.HTML(out.String()) // run escapes
}

// run draws the inline elements of a section.
func (p inliner) run(section fakeslack.Block) string {
	var out strings.Builder
	for _, el := range objects(section["elements"]) {
		html := p.inline(el)
		style, _ := el["style"].(map[string]any)
		for _, s := range []struct{ name, tag string }{{"bold", "strong"}, {"italic", "em"}, {"strike", "s"}, {"code", "code"}} {
			if on, _ := style[s.name].(bool); on {
				html = "<" + s.tag + ">" + html + "</" + s.tag + ">"
			}
		}
		out.WriteString(html)
	}
	return out.String()
}

func (p inliner) inline(el fakeslack.Block) string {
	if el["type"] == "text" {
		return lineBreaks(escape(str(el["text"])))
	}
	// Names, dates and the like are put into words by Slack's side.
	words := escape(strings.Join(p.r.Lines([]fakeslack.Block{{"type": "rich_text",
		"elements": []any{map[string]any{"type": "rich_text_section", "elements": []any{el}}}}}), "\n"))
	switch el["type"] {
	case "user", "channel", "usergroup", "broadcast":
		return mention(words)
	case "link":
		return link(str(el["url"]), words)
	}
	return words
}

// objects are the objects in a JSON array.
func objects(v any) []fakeslack.Block {
	items, _ := v.([]any)
	var out []fakeslack.Block
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
