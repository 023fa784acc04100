package role

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"convene/internal/hiring"
)

// A value is one kind of thing that can be written in a role file: it reads
// itself from the file into the role, and describes itself to editors.
type value interface {
	read(r *reader, n ast.Node, path string)
	schema() map[string]any // JSON Schema
}

// word reads one value as it is spelled, whatever YAML takes it for: 17:00,
// 45m and no are texts here.
func (r *reader) word(n ast.Node, path, want string) (string, bool) {
	s, ok := scalarText(n)
	if !ok {
		r.wrongKind(n, r.at(path), path, want)
		return "", false
	}
	return strings.TrimSpace(s), true
}

// text is what people read. Its length is limited in runes.
type text struct {
	to    *string
	max   int
	lines bool // line breaks are kept
}

// leftOver finds what somebody meant to replace before using the file.
var leftOver = regexp.MustCompile(`(?i)\b(todo|tbd|tba|fixme|xxx|lorem ipsum)\b`)

func (t text) read(r *reader, n ast.Node, path string) {
	at := r.at(path)
	switch n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		r.wrongKind(n, at, path, "it in quotes to make it a text")
		return
	default:
		r.wrongKind(n, at, path, "a text")
		return
	}
	s, _ := scalarText(n)
	if i := strings.IndexFunc(s, hidden); i >= 0 {
		r.report(at, fmt.Sprintf("%s holds an invisible character (%U)", quoted(lastKey(path)), []rune(s[i:])[0]), "type the text anew instead of pasting it")
	}
	if t.lines {
		*t.to = hiring.CleanText(s)
	} else {
		*t.to = hiring.CleanLine(strings.NewReplacer("\r", " ", "\n", " ").Replace(s))
	}
	if *t.to == "" {
		r.report(at, quoted(lastKey(path))+" is empty", "fill it in, or leave it out")
	}
	if n := utf8.RuneCountInString(*t.to); n > t.max {
		r.report(at, fmt.Sprintf("%s has %d characters", quoted(lastKey(path)), n), fmt.Sprintf("shorten it to %d so that it fits in Slack", t.max))
	}
	if found := leftOver.FindString(*t.to); found != "" {
		r.warn(at, fmt.Sprintf("“%s” is left over in %s", found, quoted(lastKey(path))), "write what is meant, or leave it out")
	}
}

func (t text) schema() map[string]any {
	return map[string]any{"type": "string", "minLength": 1, "maxLength": t.max}
}

// hidden finds characters that can hide or reorder text on a reader's screen.
func hidden(c rune) bool {
	if c == '\n' || c == '\t' || c == '\r' {
		return false
	}
	return unicode.IsControl(c) || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069
}

// id is a name for commands, keys and references.
type id struct{ to *string }

const maxID = 40

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (v id) read(r *reader, n ast.Node, path string) {
	const want = "lower-case letters, digits and hyphens, e.g. client-communication"
	s, ok := r.word(n, path, want)
	if !ok {
		return
	}
	*v.to = s
	switch {
	case !idForm.MatchString(s):
		r.report(r.at(path), fmt.Sprintf("“%s” is not a name", s), "use "+want)
	case len(s) > maxID:
		r.report(r.at(path), fmt.Sprintf("“%s” has %d characters", s, len(s)), fmt.Sprintf("shorten it to %d", maxID))
	}
}

func (v id) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": idForm.String(), "maxLength": maxID}
}

// oneOf is one of a few words.
type oneOf[T ~string] struct {
	to    *T
	words []T
}

func (v oneOf[T]) read(r *reader, n ast.Node, path string) {
	known := make([]string, len(v.words))
	for i, w := range v.words {
		known[i] = string(w)
	}
	s, ok := r.word(n, path, "one of "+strings.Join(known, ", "))
	if !ok {
		return
	}
	for _, w := range v.words {
		if string(w) == s {
			*v.to = w
			return
		}
	}
	r.report(r.at(path), fmt.Sprintf("“%s” is not a known %s", s, lastKey(path)), didYouMean(s, known))
}

func (v oneOf[T]) schema() map[string]any { return map[string]any{"enum": v.words} }

// yesNo is true or false.
type yesNo struct{ to *bool }

func (v yesNo) read(r *reader, n ast.Node, path string) {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		r.wrongKind(n, r.at(path), path, "true or false")
		return
	}
	*v.to = b.Value
}

func (v yesNo) schema() map[string]any { return map[string]any{"type": "boolean"} }

// number is a whole number within bounds.
type number struct {
	to       *int
	min, max int
}

func (v number) read(r *reader, n ast.Node, path string) {
	want := fmt.Sprintf("a whole number from %d to %d", v.min, v.max)
	s, ok := r.word(n, path, want)
	if !ok {
		return
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < v.min || i > v.max {
		r.report(r.at(path), fmt.Sprintf("“%s” can't be the %s", s, lastKey(path)), "write "+want)
		return
	}
	*v.to = i
}

func (v number) schema() map[string]any {
	return map[string]any{"type": "integer", "minimum": v.min, "maximum": v.max}
}

// span is a length of time such as 45m, 1h30m or 14d; a day has 24 hours.
type span struct {
	to       *time.Duration
	min, max time.Duration
}

var spanForm = regexp.MustCompile(`^(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?$`)

func (v span) read(r *reader, n ast.Node, path string) {
	const want = "a length of time such as 45m, 1h30m or 14d"
	s, ok := r.word(n, path, want)
	if !ok {
		return
	}
	d, ok := parseSpan(s)
	switch {
	case !ok:
		r.report(r.at(path), fmt.Sprintf("“%s” is not a length of time", s), "write "+want)
	case d < v.min || d > v.max:
		r.report(r.at(path), fmt.Sprintf("“%s” can't be the %s", s, lastKey(path)),
			fmt.Sprintf("write something from %s to %s", spanWords(v.min), spanWords(v.max)))
	default:
		*v.to = d
	}
}

func parseSpan(s string) (time.Duration, bool) {
	if s == "0" {
		return 0, true
	}
	m := spanForm.FindStringSubmatch(s)
	if m == nil || s == "" {
		return 0, false
	}
	var total time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		count, _ := strconv.Atoi(m[i+1]) // digits only, or empty for 0
		total += time.Duration(count) * unit
	}
	return total, true
}

func (v span) schema() map[string]any {
	return map[string]any{"anyOf": []any{
		map[string]any{"type": "string", "pattern": `^(0|(\d{1,3}d)?(\d{1,4}h)?(\d{1,5}m)?)$`, "minLength": 1},
		map[string]any{"const": 0}, // without quotes it is a number
	}}
}

// clock is a wall clock time such as 17:00, kept as the time since midnight.
type clock struct{ to *time.Duration }

var clockForm = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

func (v clock) read(r *reader, n ast.Node, path string) {
	const want = "a time on the 24-hour clock, e.g. \"17:00\""
	s, ok := r.word(n, path, want)
	if !ok {
		return
	}
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		r.report(r.at(path), fmt.Sprintf("“%s” is not a time of day", s), "write "+want)
		return
	}
	h, _ := strconv.Atoi(m[1])
	min, _ := strconv.Atoi(m[2])
	*v.to = time.Duration(h)*time.Hour + time.Duration(min)*time.Minute
}

func (v clock) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": clockForm.String()}
}

// weekday is a day's English name.
type weekday struct{ to *time.Weekday }

func weekdayNames() []string {
	var names []string
	for d := time.Sunday; d <= time.Saturday; d++ {
		names = append(names, d.String())
	}
	return names
}

func (v weekday) read(r *reader, n ast.Node, path string) {
	s, ok := r.word(n, path, "a day such as Monday")
	if !ok {
		return
	}
	for i, name := range weekdayNames() {
		if s == name {
			*v.to = time.Weekday(i)
			return
		}
	}
	r.report(r.at(path), fmt.Sprintf("“%s” is not a day of the week", s), didYouMean(s, weekdayNames()))
}

func (v weekday) schema() map[string]any { return map[string]any{"enum": weekdayNames()} }

var dateForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// date is a day such as 2026-12-24.
type date struct{ to *string }

func (v date) read(r *reader, n ast.Node, path string) {
	const want = "a date as year-month-day, e.g. 2026-12-24"
	s, ok := r.word(n, path, want)
	if !ok {
		return
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		what, hint := fmt.Sprintf("“%s” is not a date", s), "write "+want
		if dateForm.MatchString(s) {
			what, hint = fmt.Sprintf("%s is no day of the calendar", s), "check the month and the day"
		}
		r.report(r.at(path), what, hint)
		return
	}
	*v.to = s
}

func (v date) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": dateForm.String()}
}

// zone is an IANA time zone.
type zone struct{ to *string }

func (v zone) read(r *reader, n ast.Node, path string) {
	const want = "an IANA name such as America/Chicago or Europe/Berlin"
	s, ok := r.word(n, path, want)
	if !ok {
		return
	}
	// A name without a slash is an abbreviation, which doesn't follow daylight
	// saving time (EST), or the machine's own zone (Local).
	_, err := time.LoadLocation(s)
	if s != "UTC" && (err != nil || !strings.Contains(s, "/")) {
		hint := "write " + want
		if near := hiring.Closest(s, commonZones()); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		r.report(r.at(path), fmt.Sprintf("“%s” is not a time zone", s), hint)
		return
	}
	*v.to = s
}

func (v zone) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$`, "examples": commonZones()}
}

// commonZones are for hints and editors; every IANA name can be used.
func commonZones() []string {
	return []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Toronto",
		"America/Vancouver", "America/Sao_Paulo", "Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Paris",
		"Europe/Madrid", "Europe/Rome", "Europe/Amsterdam", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo",
		"Australia/Sydney", "Pacific/Auckland", "UTC",
	}
}

// country is the code of a holiday calendar that is known here.
type country struct{ to *string }

func (v country) read(r *reader, n ast.Node, path string) {
	s, ok := r.word(n, path, "a country code such as US")
	if !ok {
		return
	}
	if _, known := calendars()[s]; !known {
		r.report(r.at(path), fmt.Sprintf("no holiday calendar is known for “%s”", s), unknownCountryHint(s))
		return
	}
	*v.to = s
}

func (v country) schema() map[string]any { return map[string]any{"enum": Countries()} }

// isLink reports whether s is a web address that a candidate can open.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
