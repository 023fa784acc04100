package roletest

import (
	"flag"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"convene/internal/hiring"
	"convene/internal/role"
)

// More of them: go test ./internal/role/roletest -roles 5000
var samples = flag.Int("roles", 60, "how many random roles to make")

// A random role's file is valid, and says what was drawn, to the letter.
func TestSamplesAreValidAndReadBack(t *testing.T) {
	largest := 0
	for seed := range *samples {
		sample := Samples().Example(seed)
		got, problems := role.Parse("sample.yaml", []byte(sample.File))
		for _, p := range problems {
			if !p.Warning {
				t.Errorf("seed %d: %s", seed, p)
			}
		}
		if got == nil {
			t.Fatalf("seed %d:\n%.1500s", seed, sample.File)
		}
		if diff := cmp.Diff(comparable(sample.Role, got), comparable(got, got)); diff != "" {
			t.Fatalf("seed %d: the file says something else (-drawn +read):\n%s", seed, diff)
		}
		largest = max(largest, len(got.Competencies))
	}
	if *samples >= 60 && largest < role.MaxCompetencies {
		t.Errorf("the largest role has %d competencies: the samples are too small", largest)
	}
}

// comparable is a role without what is computed; a setting that it leaves out
// is the read one.
func comparable(r, read *hiring.Role) hiring.Role {
	out := *r
	out.Revision, out.Choices = "", nil
	fill(reflect.ValueOf(&out).Elem(), reflect.ValueOf(read).Elem())
	out.Stages = append([]hiring.Stage(nil), r.Stages...)
	for i := range out.Stages {
		fill(reflect.ValueOf(&out.Stages[i]).Elem(), reflect.ValueOf(&read.Stages[i]).Elem())
	}
	out.Notices = map[hiring.Outcome]hiring.NoticeText{}
	for outcome, n := range read.Notices {
		if own, ok := r.Notices[outcome]; ok {
			n = own
		}
		out.Notices[outcome] = n
	}
	return out
}

// fill takes over each zero hiring.Value.
func fill(to, from reflect.Value) {
	for i := range to.NumField() {
		if f := to.Field(i); f.Kind() == reflect.Struct && f.IsZero() {
			f.Set(from.Field(i))
		}
	}
}
