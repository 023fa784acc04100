package fakeslack

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Text is what a person reads in a text object: mrkdwn is read as mrkdwn, plain_text as it is.
func (r Renderer) Text(v any) string {
	m, _ := v.(map[string]any)
	text := str(m["text"])
	if m["type"] == "mrkdwn" {
		return r.Mrkdwn(text)
	}
	return text
}

var (
	token  = regexp.MustCompile(`<([^<>]*)>`)
	styled = regexp.MustCompile("(^|[\\s(\\[{\"'–—:/])([*_~`])([^*_~`\\s](?:[^*_~`\\n]*[^*_~`\\s])?)([*_~`])($|[\\s.,;:!?)\\]}\"'…–—/])")
)

// Mrkdwn is what a person reads in mrkdwn: mentions as @name, links by their label, dates in the reader's zone, without
// the marks for bold, italic, strike and code. https://docs.slack.dev/messaging/formatting-message-text
func (r Renderer) Mrkdwn(text string) string {
	var out strings.Builder
	at := 0
	for _, m := range token.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(unmark(text[at:m[0]]))
		out.WriteString(r.token(text[m[2]:m[3]]))
		at = m[1]
	}
	out.WriteString(unmark(text[at:]))
	return out.String()
}

// unmark drops style marks around words, twice for marks within marks, and resolves Slack's three escapes.
func unmark(text string) string {
	for range 3 {
		text = styled.ReplaceAllStringFunc(text, func(s string) string {
			p := styled.FindStringSubmatch(s)
			if p[2] != p[4] {
				return s
			}
			return p[1] + p[3] + p[5]
		})
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// token reads what stands between < and >.
func (r Renderer) token(t string) string {
	body, label, hasLabel := strings.Cut(t, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return "@" + r.user(body[1:])
	case strings.HasPrefix(body, "#"):
		return "#" + r.channel(body[1:])
	case strings.HasPrefix(body, "!date^"):
		return r.date(body, label)
	case strings.HasPrefix(body, "!subteam^"):
		if hasLabel {
			return label
		}
		return "@" + strings.TrimPrefix(body, "!subteam^")
	case strings.HasPrefix(body, "!"):
		return "@" + body[1:]
	case hasLabel:
		return unmark(label)
	}
	return strings.TrimPrefix(body, "mailto:")
}

// date renders !date^seconds^format^link for the reader.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
func (r Renderer) date(body, fallback string) string {
	parts := strings.Split(body, "^")
	if len(parts) < 3 {
		return fallback
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	return r.formatDate(time.Unix(seconds, 0).In(r.zone()), parts[2], fallback)
}

var dateToken = regexp.MustCompile(`\{[a-z_]+\}`)

func (r Renderer) formatDate(t time.Time, format, fallback string) string {
	known := true
	out := dateToken.ReplaceAllStringFunc(format, func(name string) string {
		s, ok := r.datePart(t, strings.Trim(name, "{}"))
		known = known && ok
		return s
	})
	if !known || !strings.Contains(format, "{") {
		return fallback
	}
	return out
}

func (r Renderer) datePart(t time.Time, name string) (string, bool) {
	if base, pretty := strings.CutSuffix(name, "_pretty"); pretty {
		if day := r.relativeDay(t); day != "" {
			return day, true
		}
		name = base
	}
	year := ""
	if t.Sub(r.Now).Abs() > 183*24*time.Hour { // Slack leaves the year out within six months
		year = fmt.Sprintf(", %d", t.Year())
	}
	switch name {
	case "date_num":
		return t.Format("2006-01-02"), true
	case "date_slash":
		return t.Format("01/02/2006"), true
	case "date":
		return fmt.Sprintf("%s %d%s%s", t.Month(), t.Day(), ordinal(t.Day()), year), true
	case "date_short":
		return t.Format("Jan 2") + year, true
	case "date_long":
		return fmt.Sprintf("%s, %s %d%s%s", t.Weekday(), t.Month(), t.Day(), ordinal(t.Day()), year), true
	case "time":
		return t.Format("3:04 PM"), true
	case "time_secs":
		return t.Format("3:04:05 PM"), true
	case "ago":
		return ago(r.Now.Sub(t)), true
	}
	return "", false
}

func (r Renderer) relativeDay(t time.Time) string {
	now := r.Now.In(t.Location())
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch day(t).Sub(day(now)) {
	case 0:
		return "today"
	case 24 * time.Hour:
		return "tomorrow"
	case -24 * time.Hour:
		return "yesterday"
	}
	return ""
}

func ordinal(n int) string {
	if n%100 >= 11 && n%100 <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

func ago(d time.Duration) string {
	in, n, unit := d < 0, d.Abs(), "second"
	count := int(n.Seconds())
	switch {
	case n >= 24*time.Hour:
		count, unit = int(n.Hours()/24), "day"
	case n >= time.Hour:
		count, unit = int(n.Hours()), "hour"
	case n >= time.Minute:
		count, unit = int(n.Minutes()), "minute"
	}
	if count != 1 {
		unit += "s"
	}
	if in {
		return fmt.Sprintf("in %d %s", count, unit)
	}
	return fmt.Sprintf("%d %s ago", count, unit)
}

// richText renders a rich_text block.
func (r Renderer) richText(b Block) []string {
	var lines []string
	for _, el := range blockList(b["elements"]) {
		switch el["type"] {
		case "rich_text_list":
			indent, _ := el["indent"].(float64)
			offset, _ := el["offset"].(float64)
			for i, item := range blockList(el["elements"]) {
				mark := "• "
				if el["style"] == "ordered" {
					mark = fmt.Sprintf("%d. ", i+1+int(offset))
				}
				lines = append(lines, strings.Repeat("  ", int(indent))+mark+r.inline(item))
			}
		case "rich_text_quote":
			for line := range strings.SplitSeq(r.inline(el), "\n") {
				lines = append(lines, "> "+line)
			}
		default:
			lines = append(lines, strings.Split(strings.TrimSuffix(r.inline(el), "\n"), "\n")...)
		}
	}
	return lines
}

func (r Renderer) inline(section Block) string {
	var out strings.Builder
	for _, el := range blockList(section["elements"]) {
		switch el["type"] {
		case "user":
			out.WriteString("@" + r.user(str(el["user_id"])))
		case "channel":
			out.WriteString("#" + r.channel(str(el["channel_id"])))
		case "usergroup":
			out.WriteString("@" + str(el["usergroup_id"]))
		case "broadcast":
			out.WriteString("@" + str(el["range"]))
		case "emoji":
			out.WriteString(":" + str(el["name"]) + ":")
		case "link":
			if t := str(el["text"]); t != "" {
				out.WriteString(t)
			} else {
				out.WriteString(str(el["url"]))
			}
		case "date":
			seconds, _ := el["timestamp"].(float64)
			out.WriteString(r.formatDate(time.Unix(int64(seconds), 0).In(r.zone()), str(el["format"]), str(el["fallback"])))
		default:
			out.WriteString(str(el["text"]))
		}
	}
	return out.String()
}
