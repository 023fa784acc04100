package role

import (
	"bufio"
	"fmt"
	"strings"
	"unicode/utf8"

	"convene/internal/hiring"
)

// showWidth is the longest line that Show prints, in runes: a terminal's width.
const showWidth = 80

// notStated is said where the role's document says nothing: nothing is invented.
const notStated = "not stated"

// A page prints wrapped text; its writer keeps the first error until Flush.
type page struct{ w *bufio.Writer }

// part begins one of the page's parts.
func (p *page) part(title string) {
	fmt.Fprintln(p.w)
	p.wrap("", "", title)
}

// entry begins one of several things, such as a stage.
func (p *page) entry(title string) {
	fmt.Fprintln(p.w)
	p.wrap("  ", "     ", title)
}

func (p *page) line(text string) { p.wrap("  ", "  ", text) }

func (p *page) item(text string) { p.wrap("    - ", "      ", text) }

// fact says one thing about an entry.
func (p *page) fact(name, text string) { p.wrap("    ", "      ", name+": "+orNotStated(text)) }

// facts says several things about an entry, each on a line of its own.
func (p *page) facts(name string, texts []string) {
	if len(texts) == 0 {
		p.fact(name, "")
		return
	}
	p.wrap("    ", "    ", name+":")
	for _, t := range texts {
		p.wrap("      - ", "        ", t)
	}
}

// list prints the passages of the document about one subject.
func (p *page) list(title string, items []string) {
	if len(items) == 0 {
		p.line(title + ": " + notStated)
		return
	}
	p.line(title)
	for _, i := range items {
		p.item(i)
	}
}

func (p *page) terms(title string, items []hiring.Term) {
	var texts []string
	for _, t := range items {
		texts = append(texts, t.Name+": "+t.Text)
	}
	p.list(title, texts)
}

// wrap prints text in lines of at most showWidth runes; a longer word gets a
// line of its own.
func (p *page) wrap(first, rest, text string) {
	line := first
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > showWidth {
			fmt.Fprintln(p.w, line)
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(p.w, line)
}

func orNotStated(text string) string {
	if text == "" {
		return notStated
	}
	return text
}

func joined(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}
