package hiring

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A notation reads and writes one kind of value the way a role's file does.
// What people type may be looser, e.g. "45 minutes". read changes nothing when
// it returns what is wrong.
type notation interface {
	read(text string) (wrong string)
	notation() string
}

type zoneValue struct{ to *string }

func (v zoneValue) read(s string) string {
	// A name without a slash is an abbreviation, which doesn't follow daylight
	// saving time, or the machine's own zone.
	if _, err := time.LoadLocation(s); s != "UTC" && (err != nil || !strings.Contains(s, "/")) {
		return fmt.Sprintf("“%s” isn't a time zone. Write an IANA name such as America/Chicago.", Clip(CleanLine(s), 60))
	}
	*v.to = s
	return ""
}

func (v zoneValue) notation() string { return *v.to }

type daysValue struct{ to *[]time.Weekday }

func (v daysValue) read(s string) string {
	var days []time.Weekday
	for word := range strings.SplitSeq(s, ",") {
		d, ok := weekdayOf(strings.TrimSpace(word))
		if !ok {
			return "Choose at least one day."
		}
		if !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	*v.to = days
	return ""
}

func (v daysValue) notation() string {
	var names []string
	for _, d := range []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday} {
		if slices.Contains(*v.to, d) {
			names = append(names, d.String())
		}
	}
	return strings.Join(names, ", ")
}

type weekdayValue struct{ to *time.Weekday }

func (v weekdayValue) read(s string) string {
	d, ok := weekdayOf(s)
	if !ok {
		return "Choose a day of the week."
	}
	*v.to = d
	return ""
}

func (v weekdayValue) notation() string { return v.to.String() }

func weekdayOf(name string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if d.String() == name {
			return d, true
		}
	}
	return 0, false
}

type clockValue struct{ to *time.Duration }

var clockForm = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

func (v clockValue) read(s string) string {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return fmt.Sprintf("“%s” isn't a time. Write it on the 24-hour clock, e.g. 17:00.", Clip(CleanLine(s), 30))
	}
	h, _ := strconv.Atoi(m[1]) // both are digits
	minutes, _ := strconv.Atoi(m[2])
	*v.to = time.Duration(h)*time.Hour + time.Duration(minutes)*time.Minute
	return ""
}

func (v clockValue) notation() string { return ClockWords(*v.to) }

type spanValue struct {
	to       *time.Duration
	noun     string
	min, max time.Duration
}

var spanPart = regexp.MustCompile(`^(\d{1,5})\s*(days?|d|hours?|hrs?|h|minutes?|mins?|m)\s*`)

func (v spanValue) read(s string) string {
	d, ok := ParseSpan(s)
	switch {
	case !ok:
		return fmt.Sprintf("“%s” isn't a length of time. Write e.g. 45 minutes, 1 hour 30 minutes or 14 days.", Clip(CleanLine(s), 60))
	case d < v.min && v.min > 0, d > v.max:
		low := SpanWords(v.min)
		if v.min == 0 {
			low = "nothing"
		}
		return fmt.Sprintf("Choose a %s between %s and %s.", v.noun, low, SpanWords(v.max))
	}
	*v.to = d
	return ""
}

// notation writes e.g. "14d", "1h30m" or "0".
func (v spanValue) notation() string {
	d := *v.to
	if d == 0 {
		return "0"
	}
	if d >= 2*day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	out := ""
	if h := d / time.Hour; h > 0 {
		out = fmt.Sprintf("%dh", h)
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		out += fmt.Sprintf("%dm", m)
	}
	return out
}

// ParseSpan reads a length of time as people or role files write it: "45m",
// "1 hour 30 minutes", "14d", "none". A day has 24 hours.
func ParseSpan(s string) (time.Duration, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "0" || s == "none" {
		return 0, true
	}
	var total time.Duration
	for rest := s; rest != ""; {
		m := spanPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, false
		}
		n, _ := strconv.Atoi(m[1]) // at most five digits
		unit := map[byte]time.Duration{'d': day, 'h': time.Hour, 'm': time.Minute}[m[2][0]]
		total += time.Duration(n) * unit
		rest = rest[len(m[0]):]
	}
	return total, s != ""
}

type numberValue struct {
	to       *int
	min, max int
}

func (v numberValue) read(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < v.min || n > v.max {
		return fmt.Sprintf("Write a whole number from %d to %d.", v.min, v.max)
	}
	*v.to = n
	return ""
}

func (v numberValue) notation() string { return strconv.Itoa(*v.to) }

// countryValue is the code of a holiday calendar. Which ones there are is known
// elsewhere.
type countryValue struct{ to *string }

func (v countryValue) read(s string) string {
	if s == "none" {
		s = ""
	}
	*v.to = strings.ToUpper(Clip(CleanLine(s), 10))
	return ""
}

func (v countryValue) notation() string {
	if *v.to == "" {
		return "none"
	}
	return *v.to
}

type datesValue struct{ to *[]string }

// maxDates is how many further days off a role has at most, as in its file.
const maxDates = 40

func (v datesValue) read(s string) string {
	var days []string
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' }) {
		if word == "none" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, word); err != nil {
			return fmt.Sprintf("“%s” isn't a date. Write year-month-day, e.g. 2026-12-24, with commas between several.", Clip(CleanLine(word), 30))
		}
		days = append(days, word)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	if len(days) > maxDates {
		return fmt.Sprintf("These are %d days; at most %d can be kept.", len(days), maxDates)
	}
	*v.to = days
	return ""
}

func (v datesValue) notation() string {
	if len(*v.to) == 0 {
		return "none"
	}
	return strings.Join(*v.to, ", ")
}

type switchValue struct{ to *bool }

func (v switchValue) read(s string) string {
	if s != "true" && s != "false" {
		return "Choose yes or no."
	}
	*v.to = s == "true"
	return ""
}

func (v switchValue) notation() string { return strconv.FormatBool(*v.to) }

// wordValue is one of a few words.
type wordValue struct {
	to    *string
	words []string
}

func (v wordValue) read(s string) string {
	if !slices.Contains(v.words, s) {
		return "Choose one of these."
	}
	*v.to = s
	return ""
}

func (v wordValue) notation() string { return *v.to }

// textValue is a line of text.
type textValue struct{ to *string }

// MaxSettingText is the longest text of a setting, in characters, as in a
// role's file.
const MaxSettingText = 500

func (v textValue) read(s string) string {
	s = CleanLine(s)
	if tooLong(s, MaxSettingText) {
		return fmt.Sprintf("This is too long: at most %d characters.", MaxSettingText)
	}
	*v.to = s
	return ""
}

func (v textValue) notation() string { return *v.to }

// noticeText is the subject or the body of a notice. Which words in braces there
// are is known elsewhere.
type noticeText struct {
	to      map[Outcome]NoticeText
	outcome Outcome
	part    func(*NoticeText) *string
	clean   func(string) string
	most    int // characters
	empty   string
}

func (v noticeText) read(s string) string {
	s = v.clean(s)
	switch {
	case s == "":
		return v.empty
	case tooLong(s, v.most):
		return fmt.Sprintf("This is too long: at most %d characters.", v.most)
	}
	n := v.to[v.outcome]
	*v.part(&n), n.Chosen = s, false
	v.to[v.outcome] = n
	return ""
}

func (v noticeText) notation() string {
	n := v.to[v.outcome]
	return v.clean(*v.part(&n))
}

func noticeSubject(to map[Outcome]NoticeText, o Outcome) noticeText {
	return noticeText{to, o, func(n *NoticeText) *string { return &n.Subject }, CleanLine, MaxSubject, "Enter a subject."}
}

func noticeBody(to map[Outcome]NoticeText, o Outcome) noticeText {
	return noticeText{to, o, func(n *NoticeText) *string { return &n.Body }, CleanText, MaxBody, "Enter the text that the candidate will read."}
}
