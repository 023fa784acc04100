package hiring

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{
		"Ana Diaz":                         "Ana Diaz",
		"  Ana \t  Diaz \n":                "Ana Diaz",
		"Ana\r\nDiaz":                      "Ana Diaz",
		"Ana\x00 Di\x07az":                 "Ana Diaz",
		"Ana\u202Egpj.exe":                 "Anagpj.exe",          // right-to-left override
		"\u2066Ana\u2069 \u202ADiaz\u202C": "Ana Diaz",            // isolates and embeddings
		"A\u200Bna\uFEFF":                  "Ana",                 // zero-width space, byte order mark
		"Ana\u2028Diaz\u2029":              "Ana Diaz",            // line and paragraph separators
		"Ana\u00a0Diaz":                    "Ana Diaz",            // no-break space
		"👩\u200d👩\u200d👧 Lee":              "👩\u200d👩\u200d👧 Lee", // a family is one emoji, joined
		"محمد علي":                         "محمد علي",
		"می\u200cخواهم":                    "می\u200cخواهم",     // Persian is written with a non-joiner
		"<!channel> *bold*":                "<!channel> *bold*", // harmless: it is shown as plain text
		"bad\xffbytes\uFFFD":               "badbytes",
		"\x00 \u200B":                      "",
		"":                                 "",
	} {
		if got := CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"one\ntwo":                 "one\ntwo",
		"one\r\ntwo\rthree":        "one\ntwo\nthree",
		"one\u2028two\u2029three":  "one\ntwo\nthree",
		"one\x0btwo\x0cthree":      "one\ntwo\nthree",
		"\n\n one \t\n\n\ntwo  \n": "one\n\n\ntwo",
		"  indented\n    more":     "indented\n    more",
		"a\tb":                     "a b",
		"a\x00b\u202Ec":            "abc",
		"\u200B\n\x00":             "",
	} {
		if got := CleanText(in); got != want {
			t.Errorf("CleanText(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Ana", "a\u202Eb\r\n c", "\xff\x00", "👩\u200d👧", " \u2028 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, text := CleanLine(s), CleanText(s)
		if CleanLine(line) != line || CleanText(text) != text {
			t.Errorf("cleaning %q twice changes it: %q, %q", s, line, text)
		}
		if strings.ContainsAny(line, "\n\r\x00\u202E\u2066") || strings.ContainsAny(text, "\r\x00\u202E\u2066") || !utf8.ValidString(line) || !utf8.ValidString(text) {
			t.Errorf("cleaning %q leaves %q, %q", s, line, text)
		}
	})
}

func TestClipCountsCharacters(t *testing.T) {
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"", 5, ""}, {"abcde", 5, "abcde"}, {"abcdef", 5, "abcd…"},
		{"日本語日本語", 6, "日本語日本語"}, {"日本語日本語", 4, "日本語…"},
		{"ab cdef", 4, "ab…"}, // no space before the ellipsis
		{"👩👩👩", 2, "👩…"}, {"abc", 1, "…"},
	} {
		if got := Clip(tt.in, tt.max); got != tt.want || utf8.RuneCountInString(got) > tt.max {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}
