package role

import (
	"os"
	"strings"
	"testing"
)

// The file in the recipe is a whole role file, and has no problem.
func TestRecipeInThePackageComment(t *testing.T) {
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(src), "//\t# sales.yaml\n")
	recipe, _, found := strings.Cut(rest, "// To make one:")
	if !found {
		t.Fatal("the recipe is not where it was")
	}
	recipe = strings.ReplaceAll(strings.ReplaceAll(recipe, "//\t", ""), "//\n", "\n")
	role, problems := Parse("sales.yaml", []byte(recipe))
	for _, p := range problems {
		t.Error(p)
	}
	if role != nil && role.Key != "sales-representative" {
		t.Errorf("the key is %s", role.Key)
	}
}
