package role_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"convene/internal/role"
	"convene/internal/role/roletest"
)

// Nothing of a role is lost when it is shown, and no line is wider than a
// terminal, but for single words that are.
func TestShowLosesNothing(t *testing.T) {
	roles, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for seed := range 10 {
		r, problems := role.Parse("any.yaml", []byte(roletest.Samples().Example(seed).File))
		if r == nil {
			t.Fatal(problems)
		}
		roles = append(roles, r)
	}
	for i, r := range roles {
		var out bytes.Buffer
		if err := role.Show(r, &out); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(out.String(), "\n") {
			if words := strings.Fields(strings.TrimLeft(line, " -")); utf8.RuneCountInString(line) > 80 && len(words) > 1 {
				t.Errorf("role %d: wider than 80: %s", i, line)
			}
		}
		shown := folded(out.String())
		for _, text := range texts(reflect.ValueOf(*r), nil) {
			if !strings.Contains(shown, folded(text)) {
				t.Errorf("role %d: not shown: %s", i, text)
			}
		}
	}
}

// texts are all that a role says in words: the fields of the type string, at
// any depth, but those that code alone reads.
func texts(v reflect.Value, found []string) []string {
	switch v.Kind() {
	case reflect.String:
		return append(found, v.String())
	case reflect.Slice:
		for i := range v.Len() {
			found = texts(v.Index(i), found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			found = texts(v.MapIndex(key), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := fmt.Sprintf("%T.%s", v.Interface(), v.Type().Field(i).Name)
			switch name {
			case "hiring.Role.Setup", "hiring.Choice.Path", "hiring.StagePanelist.Title", "hiring.StagePanelist.Part", "hiring.RedFlag.ID",
				"hiring.Signal.ID", "hiring.ApplicationItem.ID", "hiring.Title.Key", "hiring.Location.Kind", "hiring.DeadlineRule.Kind", "hiring.DeadlineRule.Holiday":
				continue
			}
			found = texts(v.Field(i), found)
		}
	}
	return found
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }
