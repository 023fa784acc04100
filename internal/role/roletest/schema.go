package roletest

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
)

// Conforms returns where a decoded document breaks a decoded JSON Schema, or
// nil. It knows the part of JSON Schema that role.Schema uses.
func Conforms(schema map[string]any, doc any) error { return conforms(schema, doc, "role") }

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
