package role_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"convene/internal/role"
	"convene/internal/role/roletest"
)

// An editor must not mark what Parse accepts.
func TestSchemaAcceptsTheBuiltinRoles(t *testing.T) {
	schema := decodeSchema(t)
	for file, src := range builtinFiles(t) {
		if err := roletest.Conforms(schema, decodeYAML(t, src)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for seed := range 20 {
		if err := roletest.Conforms(schema, decodeYAML(t, []byte(roletest.Samples().Example(seed).File))); err != nil {
			t.Errorf("the random role %d: %v", seed, err)
		}
	}
}

// What an editor marks, Parse refuses: built-in roles with a key removed, added,
// renamed or given something else never pass only one of the two.
func TestParserRefusesWhatTheSchemaRefuses(t *testing.T) {
	schema := decodeSchema(t)
	random := rand.New(rand.NewSource(1))
	refused, cases := 0, 40
	if raceDetector {
		cases = 10 // one goroutine works here
	}
	for file, content := range builtinFiles(t) {
		original := decodeYAML(t, content)
		for range cases {
			doc := copied(t, original)
			change := damage(random, doc)
			err := roletest.Conforms(schema, doc)
			if err == nil {
				continue
			}
			refused++
			src, marshalErr := yaml.Marshal(doc)
			if marshalErr != nil {
				t.Fatal(marshalErr)
			}
			if _, problems := role.Parse(file, src); !role.Broken(problems) {
				t.Errorf("%s with %s: the schema says “%v”, and Parse accepts it", file, change, err)
			}
		}
	}
	if refused < cases+cases/4 {
		t.Errorf("only %d of the changes broke the schema; the test is too kind", refused)
	}
}

// Every key of the format is described to editors.
func TestSchemaDescribesEveryKey(t *testing.T) {
	var walk func(path string, s map[string]any)
	walk = func(path string, s map[string]any) {
		if items, ok := s["items"].(map[string]any); ok {
			walk(path+"[]", items)
		}
		properties, _ := s["properties"].(map[string]any)
		for name, p := range properties {
			sub := p.(map[string]any)
			if sub["description"] == nil && name != "chosen" {
				t.Errorf("%s.%s has no description", path, name)
			}
			walk(path+"."+name, sub)
		}
	}
	walk("role", decodeSchema(t))
}

// The schema and the parser know the same keys: what the schema offers is read,
// with a value of any kind, and what it doesn't offer is refused.
func TestSchemaAndParserKnowTheSameKeys(t *testing.T) {
	var walk func(s map[string]any, around func(string) string)
	walk = func(s map[string]any, around func(string) string) {
		if options, ok := s["anyOf"].([]any); ok {
			for _, o := range options {
				walk(o.(map[string]any), around)
			}
			return
		}
		if items, ok := s["items"].(map[string]any); ok {
			walk(items, func(v string) string { return around("[" + v + "]") })
			return
		}
		properties, ok := s["properties"].(map[string]any)
		if !ok {
			return
		}
		for name, p := range properties {
			if file := around("{" + name + ": {}}"); unknownKey(file, name) {
				t.Errorf("the schema has “%s”, which the parser doesn't know: %s", name, file)
			}
			alone := name == "value" || name == "chosen" // these two make a chosen value only together
			if file := around("{" + name + "-not: {}}"); !alone && !unknownKey(file, name+"-not") {
				t.Errorf("the parser says nothing about “%s-not”: %s", name, file)
			}
			walk(p.(map[string]any), func(v string) string { return around("{" + name + ": " + v + "}") })
		}
	}
	walk(decodeSchema(t), func(v string) string { return v })
}

func unknownKey(file, key string) bool {
	_, problems := role.Parse("x.yaml", []byte(file))
	return slices.ContainsFunc(problems, func(p role.Problem) bool { return strings.HasPrefix(p.What, "“"+key+"” is not a key") })
}

// damage changes one thing somewhere in a document, and says what.
func damage(random *rand.Rand, doc any) string {
	node, path := doc, "role"
	for {
		m, isMap := node.(map[string]any)
		if !isMap {
			if list, ok := node.([]any); ok && len(list) > 0 {
				i := random.Intn(len(list))
				if _, scalar := list[i].(string); scalar {
					list[i] = map[string]any{"odd": true}
					return fmt.Sprintf("%s[%d] turned into keys", path, i)
				}
				node, path = list[i], fmt.Sprintf("%s[%d]", path, i)
				continue
			}
			return "nothing changed"
		}
		keys := slices.Sorted(maps.Keys(m))
		key := keys[random.Intn(len(keys))]
		switch m[key].(type) {
		case map[string]any, []any:
			if random.Intn(4) > 0 {
				node, path = m[key], path+"."+key
				continue
			}
		}
		switch random.Intn(5) {
		case 0:
			delete(m, key)
			return path + "." + key + " removed"
		case 1:
			m[key+"s"] = m[key]
			delete(m, key)
			return path + "." + key + " renamed"
		case 2:
			m[key] = 7
			return path + "." + key + " set to 7"
		case 3:
			m[key] = strings.Repeat("long ", 800)
			return path + "." + key + " made long"
		default:
			m[key] = []any{}
			return path + "." + key + " set to an empty list"
		}
	}
}

func decodeSchema(t *testing.T) map[string]any {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal(role.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// decodeYAML reads a document as the plain values that a schema speaks of.
func decodeYAML(t *testing.T, src []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(asJSON, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func copied(t *testing.T, doc any) any {
	t.Helper()
	asJSON, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(asJSON, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// builtinFiles are the built-in roles' files, by name.
func builtinFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("roles/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no role files: %v", err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		if out[f], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
