package scorecard

import (
	"strings"
	"testing"
	"unicode/utf8"

	"convene/internal/hiring"
)

// rated are competencies like those of the built-in roles.
var rated = []hiring.Competency{
	{ID: "client-communication", Name: "Client Communication & Relationship Management"},
	{ID: "triage", Name: "Communication Triage Judgment"},
	{ID: "expectation-setting", Name: "Expectation Setting & Deadline Management"},
	{ID: "prioritization", Name: "Multi-Client Prioritization"},
	{ID: "knowledge-gaps", Name: "Handling Knowledge Gaps on Live Calls"},
	{ID: "resume", Name: "Résumé (EQ)"},
	{ID: "scope", Name: "Project scope"},
	{ID: "scope-change", Name: "Changes"},
}

func TestReadNote(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{"triage + acknowledged all five at once", "triage: + acknowledged all five at once"},
		{"Triage: acknowledged all five", "triage: acknowledged all five"},
		{"TRIAGE - missed the second e-mail", "triage: - missed the second e-mail"},
		{"triage – calm", "triage: calm"},
		{"triage acknowledged all five - at once", "triage: acknowledged all five - at once"},
		{"*Triage* +12 accounts", "triage: +12 accounts"},
		{"triage: + 3 < 5 & <@U1>", "triage: + 3 < 5 & <@U1>"},
		{"Triage Judgment was good", "triage: was good"},
		{"Communication Triage Judgment: good", "triage: good"},
		{"client comm + ran twelve accounts", "client-communication: + ran twelve accounts"},
		{"client-communication ran twelve", "client-communication: ran twelve"},
		{"Client Communication & Relationship Management – ran twelve", "client-communication: ran twelve"},
		{"relationship + warm", "client-communication: + warm"},
		{"prio said no to a client", "prioritization: said no to a client"},
		{"expectation set them well", "expectation-setting: set them well"},
		{"deadlines", "? I don't know what “deadlines” is"},
		{"deadline + asked first", "expectation-setting: + asked first"},
		{"gaps on the second call he admitted it", "knowledge-gaps: on the second call he admitted it"},
		{"resume + complete", "resume: + complete"},
		{"Résumé (EQ) + complete", "resume: + complete"},
		{"RE\u0301SUME\u0301: complete", "resume: complete"},
		{"scope + asked twice", "scope: + asked twice"},
		{"scope change + asked twice", "scope-change: + asked twice"},
		{"changes asked twice", "scope-change: asked twice"},

		{"communication + calm", "? “communication” could mean several: begin with client communication or triage"},
		{"client was calm", "? “client” could mean several: begin with client communication or prioritization"},
		{"lunch was good", "? I don't know what “lunch” is: begin with client communication, triage, expectation setting, prioritization, knowledge gaps, resume, scope or scope change, then"},
		{"of all five", "? I don't know what “of” is"},
		{"+ acknowledged", "? I don't know what “+ acknowledged” is"},
		{"", "? Nothing was filed: begin with client communication"},
		{"👍", "? Nothing was filed: begin with client communication"},
		{"triage", "? after “triage”, say what they said or did"},
		{"triage :", "? after “triage”, say what they said or did"},

		{"triage + all five\nscope - forgot the budget", "triage: + all five | scope: - forgot the budget"},
		{"triage:\n- all five\n\n- the angriest first", "triage: - all five\n\n- the angriest first"},
		{"triage + all five\nHe was calm - even then.\nClient - loved it", "? “Client” could mean several"},
		{"triage + all five\nclient was happy", "triage: + all five\nclient was happy"},
		{"triage + one\nscope + two\ntriage + three", "triage: + one\n+ three | scope: + two"},
		{"triage + all five\nscoope + forgot", "? I don't know what “scoope” is"},
		{"triage + all five\nlunch + good", "? I don't know what “lunch” is"},
		{"triage + " + strings.Repeat("é", hiring.MaxMessage-2), "triage: + " + strings.Repeat("é", hiring.MaxMessage-2)},
		{"triage + " + strings.Repeat("é", hiring.MaxMessage-1), "? this has 1001 characters about “Communication Triage Judgment”, and one message takes 1000"},
	} {
		pieces, err := ReadNote(c.message, rated)
		var got []string
		for _, p := range pieces {
			got = append(got, p.Competency.ID+": "+p.Text)
		}
		switch want, refusal := strings.CutPrefix(c.want, "? "); {
		case !refusal && (err != nil || strings.Join(got, " | ") != c.want):
			t.Errorf("%q\n gave %q, %v\nwant %q", c.message, got, err, c.want)
		case refusal && (err == nil || pieces != nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q\n gave %q, %v\nwant the refusal %q", c.message, got, err, want)
		}
	}
	if _, err := ReadNote("triage + x", nil); err == nil || !strings.Contains(err.Error(), "rates nothing") {
		t.Errorf("without competencies: %v", err)
	}
}

// What a refusal names works, whatever the role.
func TestShortNamesWork(t *testing.T) {
	for _, c := range rated {
		for _, sign := range []string{" + ", ": ", " "} {
			pieces, err := ReadNote(ShortName(c)+sign+"evidence", rated)
			if err != nil || len(pieces) != 1 || pieces[0].Competency.ID != c.ID || !strings.HasSuffix(pieces[0].Text, "evidence") {
				t.Errorf("%q gave %v, %v", ShortName(c)+sign, pieces, err)
			}
		}
	}
}

// FuzzReadNote: nothing of a message is dropped but the words that name the
// competency and what separates them from the text; nothing is added, and
// limits hold.
func FuzzReadNote(f *testing.F) {
	for _, seed := range []string{
		"triage + acknowledged all five at once", "Client Communication & Relationship Management – ran 12", "*scope*:\n- one\n- two",
		"triage + one\nscope + two\ntriage three", "communication + calm", "résumé\u0301 (EQ)=\u202Eok", "+ - : –", "triage\u00a0—\u2028next", "gaps on \xff the call", "\n\ntriage ",
		strings.Repeat("triage ", 200), "triage + " + strings.Repeat("a", hiring.MaxMessage),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		pieces, err := ReadNote(message, rated)
		if err != nil {
			if pieces != nil || utf8.RuneCountInString(err.Error()) > 400 || strings.Contains(err.Error(), "\n") {
				t.Fatalf("a refusal with %v: %v", pieces, err)
			}
			return
		}
		rest := hiring.CleanText(message)
		kept := 0
		for _, p := range pieces {
			if n := utf8.RuneCountInString(p.Text); n == 0 || n > hiring.MaxMessage || p.Text != hiring.CleanText(p.Text) {
				t.Fatalf("%q is no text to keep", p.Text)
			}
			for _, line := range strings.Split(p.Text, "\n") {
				if !strings.Contains(rest, line) {
					t.Fatalf("%q was never said", line)
				}
				kept += letters(line)
			}
		}
		names := 0 // letters of the names that lines begin with
		for _, line := range strings.Split(rest, "\n") {
			if c, text, err := readName(line, termsOf(rated), strings.HasPrefix(rest, line)); err == nil {
				names += letters(strings.TrimSuffix(line, text))
				if letters(strings.TrimSuffix(line, text)) > letters(c.ID+c.Name) {
					t.Fatalf("%q is more than a name of %s", strings.TrimSuffix(line, text), c.ID)
				}
			}
		}
		if said := letters(rest); kept > said || kept < said-names {
			t.Fatalf("%d of %d letters are kept, and names have %d", kept, said, names)
		}
	})
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if isWordRune(r) {
			n++
		}
	}
	return n
}
