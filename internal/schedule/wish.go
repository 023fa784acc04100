package schedule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A Wish is what a candidate wrote about the times that suit them: any of its
// parts. Nothing in it is a guess: what isn't plain isn't read at all.
type Wish []WishPart

// A WishPart is one stretch of days and hours, by the candidate's clock.
type WishPart struct {
	Days        []time.Weekday // none: any
	From, Until time.Time      // days, both included; zero: any
	After       time.Duration  // since midnight: starts then or later
	Before      time.Duration  // ends then or earlier; 0: any time
	At          bool           // starts at After exactly
}

// Suits reports whether the slot is within the wish, in the candidate's zone.
func (w Wish) Suits(slot hiring.Interval, zone *time.Location) bool {
	return slices.ContainsFunc(w, func(p WishPart) bool { return p.suits(slot, zone) })
}

func (p WishPart) suits(slot hiring.Interval, zone *time.Location) bool {
	start := slot.Start.In(zone)
	day := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, zone)
	switch {
	case len(p.Days) > 0 && !slices.Contains(p.Days, start.Weekday()):
		return false
	case !p.From.IsZero() && (day.Before(p.From) || day.After(p.Until)):
		return false
	case start.Before(hiring.AtClock(day, p.After)):
		return false
	case p.At && start.After(hiring.AtClock(day, p.After)):
		return false
	case p.Before > 0 && slot.End.After(hiring.AtClock(day, p.Before)):
		return false
	}
	return true
}

// Words say how the wish was read.
func (w Wish) Words() string {
	var out []string
	for _, p := range w {
		text := ""
		switch {
		case !p.From.IsZero() && p.From.Equal(p.Until):
			text = p.From.Format("Monday, 2 January")
		case !p.From.IsZero():
			text = p.From.Format("2 January") + " to " + p.Until.Format("2 January")
		}
		var days []string
		for _, d := range p.Days {
			days = append(days, d.String())
		}
		if len(days) > 0 {
			text = strings.TrimSpace(strings.Join(days, " or ") + " " + text)
		}
		switch {
		case p.At:
			text += " at " + oClock(p.After)
		case p.After > 0 && p.Before > 0:
			text += fmt.Sprintf(" between %s and %s", oClock(p.After), oClock(p.Before))
		case p.After > 0:
			text += " after " + oClock(p.After)
		case p.Before > 0:
			text += " before " + oClock(p.Before)
		}
		out = append(out, strings.TrimSpace(text))
	}
	return strings.Join(out, ", or ")
}

var (
	// What changes the meaning of a time in ways that are not read here.
	unread = regexp.MustCompile(`\b(not|no|never|except|unless|isn|aren|doesn|don|won|cant|cannot|unable|busy|away|unavailable|apart|week after|week of|every|most|some|if|around|about|roughly|maybe|est|edt|cst|cdt|mst|mdt|pst|pdt|utc|gmt|cet|bst|ist|eastern|central|pacific|mountain|month|months|last|past|half|quarter)\b|n't\b`)
	// A time limit that is a day, not an hour.
	dayLimit = regexp.MustCompile(`\b(after|before|until|till|by|from|since|onwards?)\s+(the\s+)?(mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|today|tomorrow|this|next|\d{1,2}(st|nd|rd|th)|\d{4}-)`)
	refusal  = regexp.MustCompile(`^[^0-9]*\b(can't|cannot|can not|cant|unable|won't|doesn't|does not|not able)\b[^0-9]*$`)
	aDay     = regexp.MustCompile(`\b((mon|tues?|wednes|thurs?|fri|satur|sun)days?|mon|tues?|wed|thu(rs?)?|fri|sat|sun|today|tomorrow|weeks?|jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?|mornings?|afternoons?|evenings?|noon)\b`)

	clockWord = `(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|o'clock)?|(noon|midday)`
	between   = regexp.MustCompile(`\b(?:between|from)\s+(?:` + clockWord + `)\s*(?:and|to|until|till|-|–)\s*(?:` + clockWord + `)(?:\s|$)`)
	limit     = regexp.MustCompile(`\b(after|before|until|till|by|from|at)\s+(?:` + clockWord + `)(?:\s|$)`)
	isoDate   = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`)
	dayMonth  = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b`)
	monthDay  = regexp.MustCompile(`\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+(\d{1,2})(?:st|nd|rd|th)?\b`)
	weekday   = regexp.MustCompile(`\b(?:(?:next|this|on)\s+)?(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?\b`)
	anyTime   = regexp.MustCompile(`\b(any|all|anything|anytime|always)\b`)
	dayRange  = regexp.MustCompile(`\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*(-|to|through|thru)\s*(mon|tue|wed|thu|fri|sat|sun)`)
	// The words that may stand beside a time without changing what it means. With
	// any other ("I have an exam on Thursday") a sentence isn't plain.
	filler = regexp.MustCompile(`\b(a|able|afternoon|all|also|alternatively|am|an|and|any|anytime|are|at|available|be|best|better|but|call|can|` +
		`chat|come|convenient|could|day|days|decided|definitely|do|does|either|fine|fit|fits|for|free|gladly|good|great|happy|have|hello|hi|` +
		`how|i|i'd|i'm|im|in|instead|interview|is|it|it'd|it's|just|let's|love|make|me|meet|mine|my|of|ok|okay|on|one|only|option|options|` +
		`or|perfect|perfectly|please|possible|possibly|prefer|preferable|preferably|ready|really|reschedule|schedule|slot|slots|so|sorry|` +
		`still|suit|suits|sure|talk|thank|thanks|that|that's|the|then|there|they|this|time|times|to|unfortunately|we|we'd|week|weeks|` +
		`well|what|about|whole|will|with|wonderful|work|works|would|yes|you|your|zone)\b`)
	letter    = regexp.MustCompile(`\p{L}`)
	leftOver  = regexp.MustCompile(`[0-9#]|\b(after|before|until|till|later|earlier|night|lunch|am|pm)\b`)
	apartFrom = regexp.MustCompile(`\s*(?:[,;/&]|\bor\b|\band\b|\balternatively\b)\s*`)
	sentence  = regexp.MustCompile(`[!?\n]+|\.(?:\s|$)|;`)
)

// ReadWish reads the plain English of a candidate's comment; nil: there is
// nothing plain in it. Weekdays, dates, "tomorrow", "next week", "after 3",
// "before noon", "between 2 and 4", "morning" and the like are read; a comment
// with anything else about time in it isn't.
func ReadWish(comment string, now time.Time, zone *time.Location) Wish {
	if strings.HasSuffix(comment, "…") { // what was cut off may say the opposite
		return nil
	}
	text := strings.ToLower(strings.NewReplacer("’", "'", "–", "-", "—", ";", "a.m.", "am", "p.m.", "pm").Replace(comment))
	var wish Wish
	for _, s := range sentence.Split(text, -1) {
		// "Sorry, I can't make it" says nothing about other times.
		var kept []string
		for _, part := range strings.Split(strings.Replace(s, " but ", ", but ", 1), ",") {
			if refusal.MatchString(part) && !aDay.MatchString(part) {
				continue
			}
			kept = append(kept, part)
		}
		parts, ok := readSentence(strings.Join(kept, ","), now.In(zone))
		if !ok {
			return nil
		}
		wish = append(wish, parts...)
	}
	return wish
}

// readSentence reads the alternatives of one sentence. An hour that is named
// once at the end counts for all of them, and one alone belongs to the days
// before it.
func readSentence(s string, now time.Time) (Wish, bool) {
	s = " " + strings.Join(strings.Fields(s), " ") + " "
	if dayLimit.MatchString(s) || dayRange.MatchString(s) {
		return nil, false
	}
	// "I can't make it, but Thursday" names a time; "next week but Monday" leaves one out.
	if before, _, found := strings.Cut(s, " but "); found && (aDay.MatchString(before) || anyTime.MatchString(before) || strings.ContainsAny(before, "0123456789")) {
		return nil, !aDay.MatchString(s) && !strings.ContainsAny(s, "0123456789")
	}
	var hours []WishPart // of "between 2 and 4", whose "and" parts nothing
	s = between.ReplaceAllStringFunc(s, func(found string) string {
		m := between.FindStringSubmatch(found)
		to, ok := readClock(m[5], m[6], m[7], m[8])
		meridiem := m[3]
		if meridiem == "" {
			meridiem = sameHalf(m[1], m[5], m[7])
		}
		from, ok2 := readClock(m[1], m[2], meridiem, m[4])
		if !ok || !ok2 || to <= from {
			return found
		}
		hours = append(hours, WishPart{After: from, Before: to})
		return fmt.Sprintf(" hours#%s ", string(rune('a'+len(hours)-1)))
	})
	if unread.MatchString(s) && (aDay.MatchString(s) || strings.ContainsAny(s, "0123456789#")) {
		return nil, false
	}
	var out Wish
	plain := true
	for _, alternative := range apartFrom.Split(s, -1) {
		p, rest, days, hour, ok := readPart(" "+alternative+" ", hours, now)
		plain = plain && !letter.MatchString(filler.ReplaceAllString(rest, ""))
		switch {
		case !ok:
			return nil, false
		case !days && !hour:
		case !days && len(out) > 0:
			for i := range out {
				if !out[i].timed() {
					out[i].After, out[i].Before, out[i].At = p.After, p.Before, p.At
				}
			}
		default:
			out = append(out, p)
		}
	}
	if n := len(out); n > 1 && out[n-1].timed() {
		last := out[n-1]
		if !slices.ContainsFunc(out[:n-1], WishPart.timed) {
			for i := range out {
				out[i].After, out[i].Before, out[i].At = last.After, last.Before, last.At
			}
		}
	}
	return out, plain || len(out) == 0
}

func (p WishPart) timed() bool { return p.After > 0 || p.Before > 0 }

// readPart reads one alternative, and returns what is left of it; false: there
// is something in it about time that isn't plain.
func readPart(s string, hours []WishPart, now time.Time) (p WishPart, rest string, days, hour, ok bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	take := func(re *regexp.Regexp, use func(m []string) bool) {
		m := re.FindStringSubmatch(s)
		if m == nil || !use(m) {
			return
		}
		s = strings.Replace(s, m[0], " ", 1)
	}
	on := func(year, month, day int) bool {
		d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, now.Location())
		if year == 0 {
			d = time.Date(now.Year(), time.Month(month), day, 0, 0, 0, 0, now.Location())
			if d.Before(today) {
				d = d.AddDate(1, 0, 0)
			}
		}
		p.From, p.Until, days = d, d, true
		return d.Day() == day && int(d.Month()) == month
	}
	valid := true
	take(isoDate, func(m []string) bool { valid = valid && on(number(m[1]), number(m[2]), number(m[3])); return true })
	take(dayMonth, func(m []string) bool { valid = valid && on(0, monthOf(m[2]), number(m[1])); return true })
	take(monthDay, func(m []string) bool { valid = valid && on(0, monthOf(m[1]), number(m[2])); return true })
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	for word, span := range map[string][2]time.Time{
		"today": {today, today}, "tomorrow": {today.AddDate(0, 0, 1), today.AddDate(0, 0, 1)},
		"next week": {monday.AddDate(0, 0, 7), monday.AddDate(0, 0, 13)}, "this week": {monday, monday.AddDate(0, 0, 6)},
	} {
		if strings.Contains(s, " "+word+" ") {
			p.From, p.Until, days = span[0], span[1], true
			s = strings.Replace(s, " "+word+" ", " ", 1)
		}
	}
	for weekday.MatchString(s) {
		take(weekday, func(m []string) bool {
			for d := time.Sunday; d <= time.Saturday; d++ {
				if strings.HasPrefix(strings.ToLower(d.String()), m[1][:3]) {
					p.Days, days = append(p.Days, d), true
				}
			}
			return true
		})
	}
	set := func(after, before time.Duration) {
		valid = valid && !hour
		p.After, p.Before, hour = after, before, true
	}
	for i, h := range hours {
		name := fmt.Sprintf("hours#%s", string(rune('a'+i)))
		if strings.Contains(s, name) {
			set(h.After, h.Before)
			s = strings.Replace(s, name, " ", 1)
		}
	}
	take(limit, func(m []string) bool {
		at, ok := readClock(m[2], m[3], m[4], m[5])
		valid = valid && ok
		switch m[1] {
		case "after", "from":
			set(at, 0)
		case "at":
			set(at, 0)
			p.At = true
		default:
			set(0, at)
		}
		return true
	})
	for word, span := range map[string][2]time.Duration{
		"morning": {0, 12 * time.Hour}, "mornings": {0, 12 * time.Hour}, "afternoon": {12 * time.Hour, 18 * time.Hour}, "afternoons": {12 * time.Hour, 18 * time.Hour},
	} {
		if strings.Contains(s, " "+word+" ") {
			set(span[0], span[1])
			s = strings.Replace(s, " "+word+" ", " ", 1)
		}
	}
	return p, s, days, hour, valid && !leftOver.MatchString(s) && !aDay.MatchString(s)
}

// readClock reads "3", "3:30 pm" or "noon". Without am or pm an hour from 1 to 7
// is in the afternoon: nobody interviews at three at night.
func readClock(hour, minute, half, noon string) (time.Duration, bool) {
	if noon != "" {
		return 12 * time.Hour, true
	}
	h, m := number(hour), number(minute)
	switch half {
	case "am":
		if h == 12 {
			h = 0
		}
	case "pm":
		if h < 12 {
			h += 12
		}
	default:
		if h >= 1 && h <= 7 {
			h += 12
		}
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, h <= 23 && m <= 59 && h > 0
}

// sameHalf carries "pm" from the end of a stretch to its start: "between 2 and 4 pm".
func sameHalf(from, to, half string) string {
	if half == "pm" && number(from) < number(to) && number(to) != 12 {
		return half
	}
	return ""
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func monthOf(s string) int {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), s[:3]) {
			return int(m)
		}
	}
	return 0
}

// oClock writes a time of day as people say it: "3:30 pm".
func oClock(d time.Duration) string { return time.Time{}.Add(d).Format("3:04 pm") }
