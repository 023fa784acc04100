package role

import (
	"strings"
	"testing"
)

// A role's revision names what it says: nothing that only a reader of the file
// sees changes it, and everything that a panelist or candidate could see does.
func TestRevision(t *testing.T) {
	src := smallest + "duties: [Calls, Sells]\nbuffer: 20m\n"
	original := parsed(t, src).Revision
	if len(original) != revisionLen {
		t.Errorf("the revision is %q", original)
	}
	for what, same := range map[string]string{
		"a comment":               "# for Ana\n" + src + "# the end\n",
		"white space":             strings.ReplaceAll(src, "\n", "\n\n") + "\n   \n",
		"line endings":            strings.ReplaceAll(src, "\n", "\r\n"),
		"quotes":                  strings.Replace(src, "title: Sales Representative", "title: \"Sales Representative\"", 1),
		"the order of keys":       "buffer: 20m\n" + strings.Replace(src, "buffer: 20m\n", "", 1),
		"the order inside a list": strings.Replace(src, "{key: lead, text: Sales Lead}", "{text: Sales Lead, key: lead}", 1),
		"another notation":        strings.Replace(src, "duties: [Calls, Sells]", "duties:\n  - Calls\n  - Sells", 1),
		"a default, spelled out":  strings.Replace(src, "[{title: lead}]", "[{title: lead, part: required}]", 1),
	} {
		if got := parsed(t, same).Revision; got != original {
			t.Errorf("%s makes it revision %s instead of %s", what, got, original)
		}
	}
	for what, other := range map[string]string{
		"a word":                         strings.Replace(src, "The pitch", "A pitch", 1),
		"a case":                         strings.Replace(src, "The pitch", "the pitch", 1),
		"the order of a list":            strings.Replace(src, "[Calls, Sells]", "[Sells, Calls]", 1),
		"one key more":                   src + "company: Example\n",
		"a setting":                      strings.Replace(src, "buffer: 20m", "buffer: 25m", 1),
		"stated instead of chosen":       src + "per_day: 3\n",
		"chosen instead of stated":       strings.Replace(src, "buffer: 20m", "buffer: {value: 20m, chosen: true}", 1),
		"a part, chosen":                 src + "hours: {start: \"9:00\", end: \"17:00\"}\n",
		"the same hours, all of it said": src + "hours: {days: [Monday, Tuesday, Wednesday, Thursday, Friday], start: \"9:00\", end: \"17:00\"}\n",
	} {
		if got := parsed(t, other).Revision; got == original {
			t.Errorf("%s does not change the revision", what)
		}
	}
}
