package role

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

func TestSchemaGolden(t *testing.T) { golden(t, "schema.json", Schema()) }

// An editor must not mark what Parse accepts.
func TestSchemaAcceptsTheBuiltinRoles(t *testing.T) {
	schema := decodeSchema(t)
	for _, file := range builtinFiles() {
		if err := conforms(schema, decodeYAML(t, readFile(t, file)), "role"); err != nil {
			t.Errorf("%s: %v", file, err)
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
	for _, file := range builtinFiles() {
		original := decodeYAML(t, readFile(t, file))
		for range cases {
			doc := copied(t, original)
			change := damage(random, doc)
			err := conforms(schema, doc, "role")
			if err == nil {
				continue
			}
			refused++
			src, marshalErr := yaml.Marshal(doc)
			if marshalErr != nil {
				t.Fatal(marshalErr)
			}
			if _, problems := Parse(file, src); !Broken(problems) {
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
	if err := json.Unmarshal(Schema(), &schema); err != nil {
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

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	src, err := builtin.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// conforms is the part of JSON Schema that Schema uses.
func conforms(schema map[string]any, v any, path string) error {
	if options, ok := schema["anyOf"].([]any); ok {
		var first error
		for _, option := range options {
			err := conforms(option.(map[string]any), v, path)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
		return first
	}
	if words, ok := schema["enum"].([]any); ok && !slices.Contains(words, v) {
		return fmt.Errorf("%s is %v", path, v)
	}
	if want, ok := schema["const"]; ok && want != v {
		return fmt.Errorf("%s is not %v", path, want)
	}
	switch schema["type"] {
	case "string":
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf("%s is no text", path)
		}
		return stringConforms(schema, s, path)
	case "integer":
		n, ok := v.(float64)
		if !ok || n < schema["minimum"].(float64) || n > schema["maximum"].(float64) {
			return fmt.Errorf("%s is %v", path, v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s is no boolean", path)
		}
	case "array":
		return arrayConforms(schema, v, path)
	case "object":
		return objectConforms(schema, v, path)
	}
	return nil
}

func stringConforms(schema map[string]any, s, path string) error {
	n := float64(utf8.RuneCountInString(s))
	if least, ok := schema["minLength"].(float64); ok && n < least {
		return fmt.Errorf("%s is too short", path)
	}
	if most, ok := schema["maxLength"].(float64); ok && n > most {
		return fmt.Errorf("%s is too long", path)
	}
	if form, ok := schema["pattern"].(string); ok && !regexp.MustCompile(form).MatchString(s) {
		return fmt.Errorf("%s is malformed: %s", path, s)
	}
	return nil
}

func arrayConforms(schema map[string]any, v any, path string) error {
	list, ok := v.([]any)
	if !ok {
		return fmt.Errorf("%s is no list", path)
	}
	if n := float64(len(list)); n < schema["minItems"].(float64) || n > schema["maxItems"].(float64) {
		return fmt.Errorf("%s has %v entries", path, n)
	}
	for i, item := range list {
		if err := conforms(schema["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func objectConforms(schema map[string]any, v any, path string) error {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is no object", path)
	}
	properties := schema["properties"].(map[string]any)
	for key, value := range m {
		sub, ok := properties[key].(map[string]any)
		if !ok {
			return fmt.Errorf("%s.%s is not known", path, key)
		}
		if err := conforms(sub, value, path+"."+key); err != nil {
			return err
		}
	}
	required, _ := schema["required"].([]any)
	for _, key := range required {
		if _, ok := m[key.(string)]; !ok {
			return fmt.Errorf("%s.%s is missing", path, key)
		}
	}
	return nil
}
