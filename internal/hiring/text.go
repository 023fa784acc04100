package hiring

import (
	"strings"
	"unicode"
)

// CleanLine prepares a person's one-line text for keeping: control and
// bidirectional-override characters are dropped, white space is folded.
func CleanLine(s string) string {
	return strings.Join(strings.Fields(clean(strings.Join(strings.Fields(s), " "))), " ")
}

// CleanText does the same for a text of several lines, and keeps its lines.
func CleanText(s string) string {
	breaks := func(r rune) rune {
		switch r {
		case '\r', '\v', '\f', 0x2028, 0x2029:
			return '\n'
		}
		return r
	}
	lines := strings.Split(strings.Map(breaks, strings.ReplaceAll(s, "\r\n", "\n")), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(clean(l), " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// clean drops what can hide or reorder text on a reader's screen. Zero-width
// joiners stay: emoji and several scripts are written with them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r):
			return -1
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200B, r == 0xFEFF, r == 0x2028, r == 0x2029:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// Clip cuts s to at most max runes, with an ellipsis when something was cut.
func Clip(s string, max int) string {
	if !tooLong(s, max) {
		return s
	}
	end, n := 0, 0
	for end = range s {
		if n == max-1 {
			break
		}
		n++
	}
	return strings.TrimRight(s[:end], " ") + "…"
}
