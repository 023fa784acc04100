package roletest

import (
	"fmt"
	"strings"

	"convene/internal/hiring"
)

// phrases are what texts are made of: several scripts, characters of several
// code points, and words that mean something to YAML, Slack or a browser.
func phrases() []string {
	return []string{
		"Asks what the customer needs", "– then: says so.", "نور الهدى", "สวัสดีครับ", "👩‍👩‍👧 😀", "e\u0301te\u0301", "面接の質問", "Ĳsselmeer",
		"*bold* _it_ ~no~ `code`", "<!channel> <@U0MARK>", "<script>alert(1)</script>", "<https://evil.example|here>", "@here #general",
		"key: value # no comment", "- item", "? what", "&anchor *alias !tag", "{first_name} [x]", "| > % @ `", `"double" 'single' \n`,
		"null", "true", "~", "12:30", "0x1F", "1e3", "2026-12-24", "yes", "=", "<<", "a:", "& &amp; &lt;",
	}
}

// text draws a text of at most max characters as it stands in a role: cleaned,
// not empty. Most are short.
func (g *generator) text(max int) string {
	n := min(max, 24)
	switch g.number(0, 9) {
	case 7, 8:
		n = min(max, 200)
	case 9:
		n = max
	}
	if g.left < n {
		n = min(max, 8)
	}
	all := phrases()
	at, step := g.number(0, len(all)-1), g.number(1, len(all)-1)
	var b strings.Builder
	for length := 0; length < n; at += step {
		phrase := all[at%len(all)]
		b.WriteString(phrase + " ")
		length += len([]rune(phrase)) + 1
	}
	s := hiring.CleanLine(string([]rune(b.String())[:n]))
	if s == "" {
		s = "x"
	}
	g.left -= len([]rune(s))
	return s
}

func (g *generator) optional(max int) string {
	if g.maybe() {
		return ""
	}
	return g.text(max)
}

func (g *generator) texts(n, max int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = g.text(max)
	}
	return out
}

// named draws a text that no other with another number equals.
func (g *generator) named(i, max int) string { return g.text(max-4) + fmt.Sprintf(" %d", i) }

// id draws an id, now and then of the full length.
func (g *generator) id(noun string, i int) string {
	s := fmt.Sprintf("%s-%d", noun, i)
	if g.number(0, 7) == 0 {
		s += "-" + strings.Repeat("x", 40-len(s)-1)
	}
	return s
}

func withoutBraces(s string) string {
	if s = hiring.CleanLine(strings.NewReplacer("{", "", "}", "").Replace(s)); s == "" {
		return "x"
	}
	return s
}
