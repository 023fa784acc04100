package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"convene/internal/role"
)

// phrases are what the longest texts are made of: scripts that are written from
// right to left, that join letters and marks, that lie outside the first plane,
// and words that would be markup. Every text holds the canary.
var phrases = []string{
	"Zq <!channel> & *bold* _it_ ~no~ `code` ", "نور الهدى Zq ", "สวัสดีครับ Zq ", "👩‍👩‍👧 😀 Zq ", "<https://evil.example|Zq> <@U0MARK> ",
}

// long returns a text of n characters that begins with a name of its own.
func long(n int, name string, i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%d ", name, i)
	for j := i; len([]rune(b.String())) < n; j++ {
		b.WriteString(phrases[j%len(phrases)])
	}
	cut := strings.TrimSpace(string([]rune(b.String())[:n]))
	return cut + strings.Repeat("x", n-len([]rune(cut)))
}

// many returns n entries.
func many[T any](n int, entry func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = entry(i)
	}
	return out
}

// longestRole is a role file with as much of everything as is legal and as fits
// into the largest file.
func longestRole(t testing.TB) string {
	t.Helper()
	type m = yaml.MapSlice
	title := func(i int) string { return fmt.Sprintf("title-%d", i) }
	competency := func(i int) string { return fmt.Sprintf("competency-%d", i) }
	stages := many(12, func(i int) m {
		s := m{
			{Key: "id", Value: fmt.Sprintf("stage-%d", i)}, {Key: "name", Value: long(75, "Stage", i)}, {Key: "kind", Value: "interview"},
			{Key: "when", Value: long(200, "When", i)}, {Key: "covers", Value: []string{long(120, "Covers", i)}}, {Key: "note", Value: long(200, "Note", i)},
		}
		switch {
		case i%4 == 3:
			s[2].Value = "check"
			return s
		case i == 1:
			s = append(s, yaml.MapItem{Key: "panel", Value: true})
		}
		return append(s, yaml.MapItem{Key: "panelists", Value: many(10, func(j int) m { return m{{Key: "title", Value: title(j)}} })},
			yaml.MapItem{Key: "location", Value: m{{Key: "kind", Value: "place"}, {Key: "text", Value: long(500, "Place", i)}}},
			yaml.MapItem{Key: "hold", Value: "24h"}, yaml.MapItem{Key: "candidate_chooses", Value: true})
	})
	raw, err := yaml.Marshal(m{
		{Key: "key", Value: longestKey}, {Key: "title", Value: long(75, "Role", 0)}, {Key: "company", Value: long(75, "Company", 1)},
		{Key: "context", Value: many(3, func(i int) string { return long(800, "Context", i) })},
		{Key: "duties", Value: many(10, func(i int) string { return long(100, "Duty", i) })},
		{Key: "terms", Value: many(10, func(i int) m {
			return m{{Key: "name", Value: long(75, "Term", i)}, {Key: "text", Value: long(150, "Text", i)}}
		})},
		{Key: "notes", Value: []string{long(2500, "Note", 0)}},
		{Key: "application", Value: many(40, func(i int) m {
			kind := []string{"question", "document", "instruction"}[i%3]
			return m{{Key: "id", Value: fmt.Sprintf("item-%d", i)}, {Key: "text", Value: long(300, "Item", i)}, {Key: "kind", Value: kind}, {Key: "required", Value: true}}
		})},
		{Key: "tools", Value: many(5, func(i int) m {
			return m{{Key: "name", Value: long(75, "Tools", i)}, {Key: "need", Value: "expected"}, {Key: "tools", Value: many(5, func(j int) string { return long(40, "Tool", j) })}}
		})},
		{Key: "competencies", Value: many(role.MaxCompetencies, func(i int) m {
			return m{
				{Key: "id", Value: competency(i)}, {Key: "name", Value: long(75, "Competency", i)}, {Key: "primary", Value: i == 0},
				{Key: "assesses", Value: many(2, func(j int) string { return long(120, "Assesses", j) })},
				{Key: "strong", Value: long(700, "Strong", i)},
				{Key: "red_flags", Value: many(10, func(j int) m {
					return m{{Key: "id", Value: fmt.Sprintf("flag-%d-%d", i, j)}, {Key: "text", Value: long(75, fmt.Sprintf("Flag%d-", i), j)}}
				})},
				{Key: "answer_key", Value: many(2, func(j int) m {
					return m{{Key: "case", Value: long(80, "Case", j)}, {Key: "expected", Value: long(120, "Expected", j)}}
				})},
			}
		})},
		{Key: "questions", Value: many(40, func(i int) m {
			q := m{{Key: "id", Value: fmt.Sprintf("question-%d", i)}, {Key: "text", Value: long(200, "Question", i)}, {Key: "competencies", Value: []string{competency(i % role.MaxCompetencies)}}}
			if i == 0 {
				q = append(q, yaml.MapItem{Key: "ideal", Value: long(1500, "Ideal", i)})
			}
			return q
		})},
		{Key: "gates", Value: many(role.MaxGates, func(i int) m {
			return m{{Key: "id", Value: fmt.Sprintf("gate-%d", i)}, {Key: "text", Value: long(300, "Gate", i)}, {Key: "ask", Value: long(200, "Ask", i)}}
		})},
		{Key: "signals", Value: many(10, func(i int) m {
			return m{{Key: "id", Value: fmt.Sprintf("signal-%d", i)}, {Key: "text", Value: long(150, "Signal", i)}, {Key: "about", Value: "culture"}}
		})},
		{Key: "titles", Value: many(12, func(i int) m {
			return m{{Key: "key", Value: title(i)}, {Key: "text", Value: long(75, "Title", i)}, {Key: "name", Value: long(75, "Name", i)}}
		})},
		{Key: "stages", Value: stages},
		{Key: "zone", Value: "America/Chicago"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

const longestKey = "longest-legal-role"

// TestLongestRoleIsLegal holds the role that the next test lives with to the
// rules of role files, and near to their limit of size.
func TestLongestRoleIsLegal(t *testing.T) {
	t.Parallel()
	src := longestRole(t)
	_, problems := role.Parse("longest.yaml", []byte(src))
	for _, p := range problems {
		if !p.Warning {
			t.Error(p)
		}
	}
	if len(src) < 100<<10 {
		t.Errorf("it has only %d bytes", len(src))
	}
}
