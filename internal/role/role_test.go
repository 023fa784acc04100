package role

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"convene/internal/hiring"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run the test with -update to write it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; if that is meant, run the test with -update (-want +got):\n%s", file, diff)
	}
}

// mustBuiltin returns a built-in role by its key.
func mustBuiltin(t *testing.T, key string) *hiring.Role {
	t.Helper()
	roles, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		if r.Key == key {
			return r
		}
	}
	t.Fatalf("no built-in role is called %s", key)
	return nil
}
