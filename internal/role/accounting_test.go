package role

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"convene/internal/hiring"
)

// The documents that the built-in roles are made from, as they were received.
var documents = []struct{ key, file, sha256 string }{
	{"account-coordinator", "000_3927c436e63d4fe3.txt", "0a21f2ef66d290b9c55671caae7831a214acc6b56965527dce48e2c3a5632e0a"},
	{"account-coordinator-general", "003_e72c179095fea754.txt", "aaeeaa6b0d619230c0c58b65ae3585e63c9a5c147a0bae29c0850f48ad439e04"},
	{"pixelspoke-account-coordinator", "004_fb648ad500ddd5dd.txt", "f5b6e2b9266bc4d9637d6f201c82a4e68e8a1f7f697e609d7be5712bb770b471"},
}

// Every line of a document stands in the table beside its role exactly once,
// and the table sends it only to places that the role has.
func TestEveryLineIsAccountedFor(t *testing.T) {
	for _, doc := range documents {
		t.Run(doc.key, func(t *testing.T) {
			lines := documentLines(t, doc.file, doc.sha256)
			rows := accountRows(t, doc.key)
			times := map[int]int{}
			r, role := readBuiltin(t, doc.key)
			for _, row := range rows {
				for n := row.first; n <= row.last; n++ {
					times[n]++
				}
				checkDestination(t, r, role, row)
			}
			for i, line := range lines {
				n := i + 1
				blank := strings.TrimSpace(line) == ""
				switch {
				case blank && times[n] > 0:
					t.Errorf("line %d is blank and in the table", n)
				case !blank && times[n] != 1:
					t.Errorf("line %d is in the table %d times, want once: %.60s", n, times[n], line)
				}
				delete(times, n)
			}
			for n := range times {
				t.Errorf("the table has line %d, which the document has not", n)
			}
		})
	}
}

// A line that the table sends somewhere left words in the role: the table can't
// claim a place for what was dropped.
func TestLinesLeftWordsInTheRole(t *testing.T) {
	for _, doc := range documents {
		t.Run(doc.key, func(t *testing.T) {
			lines := documentLines(t, doc.file, doc.sha256)
			texts := append(quotedTexts(mustBuiltin(t, doc.key)), headings(mustBuiltin(t, doc.key))...)
			for _, row := range accountRows(t, doc.key) {
				heading := strings.HasPrefix(row.what, "Heading")
				if heading || strings.HasPrefix(row.went, "— ") || strings.HasPrefix(row.went, "`notes`") {
					continue
				}
				for n := row.first; n <= row.last; n++ {
					line := folded(lines[n-1])
					left := slices.ContainsFunc(texts, func(text string) bool {
						return len(text) > 5 && strings.Contains(line, folded(text))
					})
					onlyMarked := strings.Contains(row.went, ".primary") // a mark and no words
					if line != "" && !left && !onlyMarked {
						t.Errorf("line %d went to %s, but none of its words did: %s", n, row.went, line)
					}
				}
			}
		})
	}
}

// A row says where some lines of a document went.
type accountRow struct {
	first, last int
	what, went  string
}

func accountRows(t *testing.T, key string) []accountRow {
	t.Helper()
	src, err := os.ReadFile("roles/" + key + ".md")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`(?m)^\| (\d+)(?:-(\d+))? \| (.+) \| (.+) \|$`)
	var rows []accountRow
	for _, m := range form.FindAllStringSubmatch(string(src), -1) {
		row := accountRow{what: m[3], went: m[4]}
		row.first, _ = strconv.Atoi(m[1])
		if row.last = row.first; m[2] != "" {
			row.last, _ = strconv.Atoi(m[2])
		}
		rows = append(rows, row)
	}
	if len(rows) < 10 {
		t.Fatalf("the table has %d rows; is its form right?", len(rows))
	}
	return rows
}

// checkDestination holds a row's destinations to the role: `key`, or
// `list.id`, or `list.id.key`. A line without one needs its reason.
func checkDestination(t *testing.T, r *reader, role *hiring.Role, row accountRow) {
	t.Helper()
	if reason, none := strings.CutPrefix(row.went, "— "); none {
		if len(reason) < 5 {
			t.Errorf("line %d is not in the role and the table does not say why", row.first)
		}
		return
	}
	paths := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row.went, -1)
	if !strings.HasPrefix(row.went, "`") || len(paths) == 0 {
		t.Errorf("line %d went nowhere: %s", row.first, row.went)
	}
	for _, m := range paths {
		path := m[1]
		if path == "case" || path == "expected" || path == "need" {
			continue
		}
		parts := strings.SplitN(path, ".", 3)
		if !r.has(parts[0]) {
			t.Errorf("line %d went to `%s`, and the role has no “%s”", row.first, path, parts[0])
			continue
		}
		if len(parts) == 1 {
			continue
		}
		i := position(role, parts[0], parts[1])
		if i < 0 {
			t.Errorf("line %d went to `%s`, and %s has no “%s”", row.first, path, parts[0], parts[1])
			continue
		}
		if len(parts) == 3 && !r.has(fmt.Sprintf("%s[%d].%s", parts[0], i, parts[2])) {
			t.Errorf("line %d went to `%s`, and “%s” has no “%s”", row.first, path, parts[1], parts[2])
		}
	}
}

func readBuiltin(t *testing.T, key string) (*reader, *hiring.Role) {
	t.Helper()
	src, err := builtin.ReadFile("roles/" + key + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{given: map[string]place{}, chosen: map[string]bool{}}
	var role hiring.Role
	roleFormat(&role).read(r, r.document(src), "")
	return r, &role
}

func position(role *hiring.Role, list, id string) int {
	var ids []string
	switch list {
	case "application":
		ids = names(role.Application, func(a hiring.ApplicationItem) string { return a.ID })
	case "competencies":
		ids = names(role.Competencies, func(c hiring.Competency) string { return c.ID })
	case "questions":
		ids = names(role.Questions, func(q hiring.Question) string { return q.ID })
	case "gates":
		ids = names(role.Gates, func(g hiring.Gate) string { return g.ID })
	case "signals":
		ids = names(role.Signals, func(s hiring.Signal) string { return s.ID })
	case "titles":
		ids = names(role.Titles, func(t hiring.Title) string { return t.Key })
	case "stages":
		ids = names(role.Stages, func(s hiring.Stage) string { return s.ID })
	}
	for i, have := range ids {
		if have == id {
			return i
		}
	}
	return -1
}

// Nothing is invented: every text of a built-in role that panelists, candidates
// or deciders read as the document's is there, word by word, in its document.
// Notes are ours; names are headings, so only their words must be the document's.
func TestTextsAreTheDocumentsOwn(t *testing.T) {
	for _, doc := range documents {
		t.Run(doc.key, func(t *testing.T) {
			document := folded(strings.Join(documentLines(t, doc.file, doc.sha256), "\n"))
			for _, text := range quotedTexts(mustBuiltin(t, doc.key)) {
				if !strings.Contains(document, folded(text)) {
					t.Errorf("the document does not say: %s", text)
				}
			}
			for _, name := range headings(mustBuiltin(t, doc.key)) {
				for _, word := range strings.FieldsFunc(folded(name), func(c rune) bool { return !unicode.IsLetter(c) }) {
					if !strings.Contains(document, word) {
						t.Errorf("the heading “%s” has the word “%s”, which the document has not", name, word)
					}
				}
			}
		})
	}
}

// quotedTexts are all texts of a role that claim to be the document's.
func quotedTexts(r *hiring.Role) []string {
	out := []string{r.Title, r.Company}
	for _, list := range [][]string{r.Context, r.Duties, r.Travel, r.WorkModel, r.Values, r.Culture, r.Process, r.Success, r.Wanted} {
		out = append(out, list...)
	}
	for _, t := range append(r.Terms, r.Background...) {
		out = append(out, t.Text)
	}
	for _, a := range r.Application {
		out = append(out, a.Text)
	}
	for _, g := range r.Tools {
		out = append(append(out, g.Need, g.Note), g.Tools...)
	}
	for _, s := range r.Signals {
		out = append(out, s.Text)
	}
	for _, q := range r.Questions {
		out = append(out, q.Text, q.Ideal)
	}
	for _, c := range r.Competencies {
		out = append(append(out, c.Strong), c.Assesses...)
		for _, f := range c.RedFlags {
			out = append(out, f.Text)
		}
		for _, row := range c.AnswerKey {
			out = append(out, row.Case, row.Expected)
		}
	}
	for _, g := range r.Gates {
		out = append(out, g.Text, g.Ask)
	}
	for _, t := range r.Titles {
		if !t.Chosen {
			out = append(out, t.Text, t.Name)
		}
	}
	for _, s := range r.Stages {
		out = append(append(out, s.When, s.Deadline.V.RuleText), s.Covers...)
	}
	return out
}

// headings are the short names that a role gives to what the document says.
func headings(r *hiring.Role) []string {
	var out []string
	for _, t := range append(r.Terms, r.Background...) {
		out = append(out, t.Name)
	}
	for _, g := range r.Tools {
		out = append(out, g.Name)
	}
	for _, s := range r.Signals {
		out = append(out, s.About)
	}
	for _, c := range r.Competencies {
		out = append(out, c.Name)
	}
	for _, s := range r.Stages {
		out = append(out, s.Name)
	}
	return out
}

// folded makes texts comparable: case, line breaks and special spaces don't count.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func documentLines(t *testing.T, file, sha string) []string {
	t.Helper()
	src, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(src); hex.EncodeToString(sum[:]) != sha {
		t.Fatalf("%s is not the document that the role was made from", file)
	}
	return strings.Split(string(src), "\n")
}
