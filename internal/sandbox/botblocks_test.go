package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convene/internal/sandbox/fakeslack"
)

// TestEveryBlockOfTheBotIsDrawn lists the blocks and elements in the bot's
// golden files: the page draws each of them.
func TestEveryBlockOfTheBotIsDrawn(t *testing.T) {
	goldens, err := filepath.Glob(filepath.Join("..", "..", "bot", "testdata", "*.json"))
	if err != nil || len(goldens) < 20 {
		t.Fatalf("%d golden files (%v)", len(goldens), err)
	}
	p := testPainter()
	var kinds []string
	for _, path := range goldens {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var golden any
		if err := json.Unmarshal(raw, &golden); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, b := range blocksIn(golden) {
			for _, kind := range unknownIn(p.block(b)) {
				t.Errorf("%s: the page doesn't draw a %s", filepath.Base(path), kind)
			}
			kinds = append(kinds, str(b["type"]))
			for _, el := range append(objects(b["elements"]), object(b["element"]), object(b["accessory"])) {
				if b["type"] != "rich_text" && el != nil {
					kinds = append(kinds, str(b["type"])+" > "+str(el["type"]))
				}
			}
		}
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	t.Logf("the bot sends\n%s", strings.Join(kinds, "\n"))
	if len(kinds) < 10 {
		t.Errorf("the golden files hold only %v", kinds)
	}
}

// blocksIn finds the lists of blocks in a golden file, however deep.
func blocksIn(v any) []fakeslack.Block {
	var out []fakeslack.Block
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, blocksIn(item)...)
		}
	case map[string]any:
		if _, isBlock := v["block_id"]; isBlock || slices.Contains([]string{"header", "section", "context", "actions", "divider", "input", "rich_text", "table", "data_visualization"}, str(v["type"])) {
			return []fakeslack.Block{v}
		}
		for _, item := range v {
			out = append(out, blocksIn(item)...)
		}
	}
	return out
}

func unknownIn(d drawing) []string {
	var out []string
	if d.Kind == "unknown" {
		out = append(out, d.Label)
	}
	for _, e := range d.Elements {
		if e.Kind == "unknown" {
			out = append(out, e.Label)
		}
	}
	return out
}

func object(v any) fakeslack.Block {
	m, _ := v.(map[string]any)
	return m
}
