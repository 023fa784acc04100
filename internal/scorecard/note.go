package scorecard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"convene/internal/hiring"
)

// A Piece is what a message says about one competency.
type Piece struct {
	Competency hiring.Competency
	Text       string // of one or more lines, at most hiring.MaxMessage runes
}

// ReadNote reads evidence out of a message, such as
//
//	triage + acknowledged all five at once
//
// The first words name a competency: its id, its name, or words of them, which
// may be cut short. A plus or minus after them belongs to the text; a colon,
// comma or dash doesn't. A further line that names a competency is about that
// one, any other goes on with the line above. The error is a sentence that says
// which words work; then nothing of the message was taken.
func ReadNote(text string, rated []hiring.Competency) ([]Piece, error) {
	text = hiring.CleanText(text)
	if len(rated) == 0 {
		return nil, hiring.Invalid("", "Nothing was filed: this scorecard rates nothing that a message could be about. Write into the scorecard itself.")
	}
	terms := termsOf(rated)
	var pieces []Piece
	at := -1 // the piece that a line goes on with
	for i, line := range strings.Split(text, "\n") {
		found, rest, err := readName(line, terms, i == 0)
		switch {
		case err != nil && (i == 0 || deliberate(line, terms)):
			return nil, err
		case err != nil:
			pieces[at].Text += "\n" + line
			continue
		}
		at = slices.IndexFunc(pieces, func(p Piece) bool { return p.Competency.ID == found.ID })
		if at < 0 {
			at = len(pieces)
			pieces = append(pieces, Piece{Competency: found, Text: rest})
		} else {
			pieces[at].Text += "\n" + rest
		}
	}
	for i := range pieces {
		p := &pieces[i]
		p.Text = strings.TrimSpace(p.Text)
		switch n := utf8.RuneCountInString(p.Text); {
		case p.Text == "":
			return nil, hiring.Invalid("", "Nothing was filed: after “%s”, say what they said or did.", ShortName(p.Competency))
		case n > hiring.MaxMessage:
			return nil, hiring.Invalid("", "Nothing was filed: this has %d characters about “%s”, and one message takes %d. Shorten it, or write it into the scorecard itself.", n, p.Competency.Name, hiring.MaxMessage)
		}
	}
	return pieces, nil
}

// ShortName is what a message about the competency can begin with: its id, in
// words.
func ShortName(c hiring.Competency) string { return strings.Join(wordsOf(c.ID), " ") }

// deliberate reports whether a line that names no competency was meant to: it
// has a plus after its first words, or they are nearly a competency's.
func deliberate(line string, terms []term) bool {
	head := headOf(line)
	if len(head.words) == 0 || head.sign == 0 {
		return false
	}
	var known []string
	for _, t := range terms {
		known = append(append(append(known, strings.Join(t.id, " ")), t.id...), t.name...)
	}
	return head.sign == '+' || hiring.Closest(strings.Join(head.words, " "), known) != ""
}

// readName returns the competency that the line's first words name, and the
// text after them. The first line must name one, so a single telling word is
// enough there.
func readName(line string, terms []term, first bool) (hiring.Competency, string, error) {
	head := headOf(line)
	n, found := head.inFull(terms)
	if len(found) == 0 && first {
		n, found = head.inShort(terms)
	}
	if len(found) != 1 {
		return hiring.Competency{}, "", unknown(head, line, found, terms)
	}
	return found[0].Competency, textAfter(line[head.ends[n-1]:]), nil
}

// unknown says why the words name no one competency, and which words would.
func unknown(head head, line string, found, terms []term) error {
	could := found
	if len(could) == 0 {
		could = terms
	}
	var names []string
	for _, t := range could {
		names = append(names, strings.Join(t.id, " "))
	}
	begin := "begin with " + strings.Join(names[:len(names)-1], ", ")
	if len(names) > 1 {
		begin += " or "
	}
	begin += names[len(names)-1] + ", then say what they said or did."
	if len(head.words) == 0 {
		return hiring.Invalid("", "Nothing was filed: %s", begin)
	}
	said := strings.TrimSpace(line[:head.ends[0]])
	if head.sign != 0 {
		said = strings.TrimSpace(line[:head.ends[len(head.ends)-1]])
	}
	said = hiring.Clip(said, 40)
	if len(found) > 0 {
		return hiring.Invalid("", "Nothing was filed, because “%s” could mean several: %s", said, begin)
	}
	return hiring.Invalid("", "Nothing was filed, because I don't know what “%s” is: %s", said, begin)
}

// A term is a competency with the words that it goes by.
type term struct {
	hiring.Competency
	id, name []string
}

func termsOf(rated []hiring.Competency) []term {
	var out []term
	for _, c := range rated {
		out = append(out, term{c, wordsOf(c.ID), wordsOf(c.Name)})
	}
	return out
}

// A head is the beginning of a line, up to a sign: what may name a competency.
type head struct {
	words []string // as wordsOf returns them
	ends  []int    // where each ends in the line, in bytes
	sign  rune     // what follows the last; 0: text
}

// maxHead is how many words a name has at most.
const maxHead = 12

func headOf(line string) head {
	var h head
	for at := 0; ; {
		start := at + strings.IndexFunc(line[at:], isWordRune)
		if start < at {
			h.sign = signIn(line[at:])
			return h
		}
		if len(h.words) > 0 {
			if h.sign = signIn(line[at:start]); h.sign != 0 || len(h.words) == maxHead {
				return h
			}
		}
		at = len(line)
		if n := strings.IndexFunc(line[start:], func(r rune) bool { return !isWordRune(r) }); n >= 0 {
			at = start + n
		}
		h.words, h.ends = append(h.words, fold(line[start:at])), append(h.ends, at)
	}
}

// signIn returns the sign between two words; 0: none. A hyphen without a space
// holds words together.
func signIn(between string) rune {
	for _, r := range between {
		if strings.ContainsRune("+:–—;=", r) {
			return r
		}
	}
	if strings.Contains(between, "-") && between != "-" {
		return '-'
	}
	return 0
}

// inFull returns the competency that all words up to a sign mean, or that the
// first n words name; several when they could mean each of them.
func (h head) inFull(terms []term) (n int, found []term) {
	if all := len(h.words); all > 0 && h.sign != 0 {
		if found = meant(h.words, terms); len(found) > 0 {
			return all, found
		}
	}
	for n = len(h.words); n > 0; n-- {
		if found = named(h.words[:n], terms); len(found) == 1 {
			return h.whole(n, found[0]), found
		}
	}
	return 0, nil
}

// inShort returns the competency that the first words mean, as few as tell it
// from the others.
func (h head) inShort(terms []term) (n int, found []term) {
	var several []term
	for n = 1; n <= len(h.words); n++ {
		switch found = meant(h.words[:n], terms); len(found) {
		case 0:
			return n, several
		case 1:
			return h.whole(n, found[0]), found
		}
		several = found
	}
	return n, several
}

// whole adds the words with which the name goes on: after "triage" also
// "judgment", if the competency is called so.
func (h head) whole(n int, t term) int {
	at := slices.Index(t.name, h.words[n-1])
	if at < 0 {
		return n
	}
	end := n
	for i := 0; n+i < len(h.words) && at+1+i < len(t.name) && h.words[n+i] == t.name[at+1+i]; i++ {
		if utf8.RuneCountInString(h.words[n+i]) >= minPrefix {
			end = n + i + 1
		}
	}
	return end
}

// named returns the competency whose id the words are, else those whose name.
func named(said []string, terms []term) []term {
	if found := keep(terms, func(t term) bool { return slices.Equal(said, t.id) }); len(found) > 0 {
		return found
	}
	return keep(terms, func(t term) bool { return slices.Equal(said, t.name) })
}

// meant returns the competencies that the words can mean: those they name, else
// those whose id or name has the words, else those where they are beginnings.
func meant(said []string, terms []term) []term {
	if found := named(said, terms); len(found) > 0 {
		return found
	}
	equal := func(said, word string) bool { return said == word }
	begins := func(said, word string) bool {
		return said == word || utf8.RuneCountInString(said) >= minPrefix && strings.HasPrefix(word, said)
	}
	if found := keep(terms, func(t term) bool { return inOrder(said, t.id, equal) || inOrder(said, t.name, equal) }); len(found) > 0 {
		return found
	}
	return keep(terms, func(t term) bool { return inOrder(said, t.id, begins) || inOrder(said, t.name, begins) })
}

func keep(terms []term, is func(term) bool) []term {
	var out []term
	for _, t := range terms {
		if is(t) {
			out = append(out, t)
		}
	}
	return out
}

// minPrefix is how many letters tell words apart; shorter ones, such as "of",
// name nothing by themselves.
const minPrefix = 3

// inOrder reports whether the words are found among a name's, in their order.
func inOrder(said, name []string, same func(said, word string) bool) bool {
	telling := false
	for _, w := range said {
		i := slices.IndexFunc(name, func(word string) bool { return same(w, word) })
		if i < 0 {
			return false
		}
		telling = telling || utf8.RuneCountInString(w) >= minPrefix
		name = name[i+1:]
	}
	return telling
}

// textAfter takes a sign that only separates off the text. What closes a bold
// or quoted name goes with it.
func textAfter(rest string) string {
	rest = strings.TrimSpace(strings.TrimLeft(rest, "*_~`\"”’)]"))
	if r, size := utf8.DecodeRuneInString(rest); size > 0 && strings.ContainsRune(":,;=–—", r) {
		rest = strings.TrimSpace(rest[size:])
	}
	return rest
}

// wordsOf returns a text's words without case and accents.
func wordsOf(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !isWordRune(r) })
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// fold makes a text comparable: lower case, and without the accents of Latin
// letters.
func fold(text string) string {
	const accented, plain = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿčďěňřšťůžąćęłńśźżőű", "aaaaaaceeeeiiiinoooooouuuuyycdenrstuzacelnszzou"
	letters := []rune(accented)
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); unicode.Is(unicode.Mn, r) {
			return -1
		}
		if i := slices.Index(letters, r); i >= 0 {
			return rune(plain[i])
		}
		return r
	}, text)
}
