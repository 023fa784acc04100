package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const smallRole = `key: sales
title: Sales Representative
competencies: [{id: pitch, name: The pitch}]
titles: [{key: lead, text: Sales Lead}]
stages:
  - {id: round1, name: Screening, kind: interview, panelists: [{title: lead}]}
`

// What "role validate" says: what can be used on the standard output, every
// problem of every file on the standard error, and the exit code.
func TestRoleValidate(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"good.yaml":   smallRole,
		"twin.yaml":   smallRole,
		"odd.yaml":    strings.Replace(smallRole, "key: sales", "key: odd\ncontext: [TODO]", 1),
		"broken.yaml": "key: broken\ntitel: Sales\nstages:\n  - {id: round1, name: Screening, kind: interview, panelists: [{title: lead}]}\nzone: Mars\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		files          string
		code           int
		stdout, stderr string
	}{
		{"good.yaml", 0, "good.yaml: ok\n", ""},
		{"odd.yaml", 0, "odd.yaml: ok, with 1 warning\n", "odd.yaml:2:11: warning: “TODO” is left over in an entry of context, write what is meant, or leave it out\n"},
		{"good.yaml good.yaml", 0, "good.yaml: ok\ngood.yaml: ok\n", ""},
		{"good.yaml twin.yaml", 2, "good.yaml: ok\n", "twin.yaml:1:6: the key “sales” is also in good.yaml, give one of them another key\nconvene: 1 of 2 role files can't be used: mend what stands above\n"},
		{"none.yaml", 2, "", "none.yaml: there is no such file or directory, check the path\nconvene: 1 of 1 role file can't be used: mend what stands above\n"},
		{".", 2, "", ".: it is a directory, name its files: convene role validate *.yaml\nconvene: 1 of 1 role file can't be used: mend what stands above\n"},
		{"broken.yaml good.yaml", 2, "good.yaml: ok\n", `broken.yaml:1:1: “title” is missing in a role, add it: the opening, e.g. Account Coordinator
broken.yaml:1:1: warning: the role has no competencies, its scorecards will hold nothing to rate
broken.yaml:2:1: “titel” is not a key of a role, did you mean “title”?
broken.yaml:4:72: no title is called “lead”, there is none to choose from
broken.yaml:5:7: “Mars” is not a time zone, write an IANA name such as America/Chicago or Europe/Berlin
convene: 1 of 2 role files can't be used: mend what stands above
`},
	} {
		args := []string{"role", "validate"}
		for _, f := range strings.Fields(tt.files) {
			args = append(args, filepath.Join(dir, f))
		}
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), args, lookup(nil), &stdout, &stderr)
		short := strings.NewReplacer(dir+"/", "", dir, ".")
		if got := short.Replace(stdout.String()); code != tt.code || got != tt.stdout {
			t.Errorf("%s: exit code %d, and on stdout\n%s\nwant %d and\n%s", tt.files, code, got, tt.code, tt.stdout)
		}
		if got := short.Replace(stderr.String()); got != tt.stderr {
			t.Errorf("%s: on stderr\n%s\nwant\n%s", tt.files, got, tt.stderr)
		}
	}
}
