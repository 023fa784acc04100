package hiring

import (
	"strings"
	"testing"
)

func TestScorecardIsChecked(t *testing.T) {
	competencies := []Competency{{ID: "triage", Name: "Triage"}, {ID: "gaps", Name: "Gaps"}}
	gates := []Gate{{ID: "visits"}}
	for _, tt := range []struct {
		why    string
		change func(*Answers)
		want   string
	}{
		{"complete", func(*Answers) {}, ""},
		{"“not assessed” is an answer", func(a *Answers) { a.Ratings["gaps"] = Rating{Level: NotAssessed, Rated: true} }, ""},
		{"nothing chosen isn't", func(a *Answers) { a.Ratings["gaps"] = Rating{Level: NotAssessed} }, "rating:gaps"},
		{"evidence without a level", func(a *Answers) { a.Ratings["gaps"] = Rating{Evidence: "said so"} }, "rating:gaps"},
		{"a level that doesn't exist", func(a *Answers) { a.Ratings["gaps"] = Rating{Level: 5, Rated: true} }, "rating:gaps"},
		{"a level below all", func(a *Answers) { a.Ratings["gaps"] = Rating{Level: -1, Rated: true} }, "rating:gaps"},
		{"no evidence is allowed", func(a *Answers) { a.Ratings["gaps"] = Rating{Level: Strong, Rated: true} }, ""},
		{"the longest evidence", func(a *Answers) {
			a.Ratings["gaps"] = Rating{Level: Strong, Rated: true, Evidence: strings.Repeat("ü", MaxEvidence)}
		}, ""},
		{"5,000 characters of evidence", func(a *Answers) {
			a.Ratings["gaps"] = Rating{Level: Strong, Rated: true, Evidence: strings.Repeat("ü", 5000)}
		}, "evidence:gaps"},
		{"unknown is an answer to a gate", func(a *Answers) { a.Gates["visits"] = GateEntry{Answer: GateUnknown} }, ""},
		{"a gate without answer", func(a *Answers) { a.Gates = nil }, "gate:visits"},
		{"a gate's answer that doesn't exist", func(a *Answers) { a.Gates["visits"] = GateEntry{Answer: "maybe"} }, "gate:visits"},
		{"5,000 characters on a gate", func(a *Answers) {
			a.Gates["visits"] = GateEntry{Answer: GateNo, Evidence: strings.Repeat("x", 5000)}
		}, "gateev:visits"},
		{"no recommendation", func(a *Answers) { a.Recommendation = "" }, "recommendation"},
		{"a recommendation that doesn't exist", func(a *Answers) { a.Recommendation = "perhaps" }, "recommendation"},
		{"a 5,000-character note", func(a *Answers) { a.Note = strings.Repeat("👩", 5000) }, "note"},
		{"nothing at all", func(a *Answers) { *a = Answers{} }, "rating:triage rating:gaps gate:visits recommendation"},
		{"a competency that isn't asked is ignored", func(a *Answers) { a.Ratings["old"] = Rating{} }, ""},
	} {
		a := Answers{
			Ratings:        map[string]Rating{"triage": {Level: Strong, Rated: true}, "gaps": {Level: NotShown, Rated: true}},
			Gates:          map[string]GateEntry{"visits": {Answer: GateYes}},
			Recommendation: Yes,
		}
		tt.change(&a)
		if got := fields(a.Check(competencies, gates)); got != tt.want {
			t.Errorf("%s: wrong fields %q, want %q", tt.why, got, tt.want)
		}
	}
}

func TestWhatAStageRatesAndAsks(t *testing.T) {
	r := &Role{
		Competencies: []Competency{{ID: "a"}, {ID: "b"}},
		Gates:        []Gate{{ID: "all"}, {ID: "panel", Stages: []string{"panel"}}},
	}
	for _, tt := range []struct {
		stage        Stage
		rated, asked string
	}{
		{Stage{ID: "round1"}, "a b", "all"},
		{Stage{ID: "panel", Competencies: []string{"b", "gone"}}, "b", "all panel"},
	} {
		var rated, asked []string
		for _, c := range r.Rated(tt.stage) {
			rated = append(rated, c.ID)
		}
		for _, g := range r.Asked(tt.stage) {
			asked = append(asked, g.ID)
		}
		if strings.Join(rated, " ") != tt.rated || strings.Join(asked, " ") != tt.asked {
			t.Errorf("%s rates %v and asks %v", tt.stage.ID, rated, asked)
		}
	}
}

func TestWordsOfLevels(t *testing.T) {
	for level, want := range map[Level]string{0: "Not assessed", 1: "Not shown", 2: "Partly", 3: "Strong", 4: "Beyond", 9: "Not assessed"} {
		if level.String() != want {
			t.Errorf("level %d reads %q", level, level)
		}
	}
	var words []string
	for _, r := range append(Recommendations, "") {
		words = append(words, r.String())
	}
	if got := strings.Join(words, ", "); got != "Strong no, No, Yes, Strong yes, None" {
		t.Errorf("the recommendations read %s", got)
	}
}
