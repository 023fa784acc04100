package role

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each file under testdata/problems is a story of what can go wrong; its
// comments at the end, "# want: …", are the problems that Parse finds.
func TestProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/problems/*.yaml")
	if err != nil || len(files) < 12 {
		t.Fatalf("found %d files of problems, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			src, _, _ := strings.Cut(string(content), "# want: ")
			role, problems := Parse(name, []byte(src))
			var got strings.Builder
			for _, p := range problems {
				got.WriteString("# want: " + p.String() + "\n")
			}
			if *update {
				if err := os.WriteFile(file, []byte(src+got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.TrimPrefix(string(content), src), got.String()); diff != "" {
				t.Errorf("the problems differ; if that is meant, run the test with -update (-want +got):\n%s", diff)
			}
			if len(problems) == 0 {
				t.Error("nothing was found")
			}
			if broken := Broken(problems); broken != (role == nil) {
				t.Errorf("broken: %v, but there is a role: %v", broken, role != nil)
			}
		})
	}
}
