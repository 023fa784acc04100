package bot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every button and live input of every message and modal in testdata has a
// handler.
func TestEveryButtonDoesSomething(t *testing.T) {
	w := newWorld(t, "Wed 09:00", testCase(t))
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d golden files, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var tree any
		if err := json.Unmarshal(raw, &tree); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		eachLive(tree, false, func(id string) {
			name, _, _ := strings.Cut(id, ":")
			if w.bot.routes.actions[name] == nil && name != actLink {
				t.Errorf("%s: nothing handles %q", file, id)
			}
		})
		if view, ok := tree.(map[string]any); ok && view["submit"] != nil {
			if id, _ := view["callback_id"].(string); w.bot.routes.submissions[id] == nil {
				t.Errorf("%s: nothing takes the modal %q", file, id)
			}
		}
	}
}

// eachLive calls do with the action id of every button, and of every input that
// reports its changes.
func eachLive(node any, live bool, do func(string)) {
	switch node := node.(type) {
	case map[string]any:
		if id, ok := node["action_id"].(string); ok && (live || node["type"] == "button") {
			do(id)
		}
		reports, _ := node["dispatch_action"].(bool)
		for _, v := range node {
			eachLive(v, live || reports, do)
		}
	case []any:
		for _, v := range node {
			eachLive(v, live, do)
		}
	}
}
