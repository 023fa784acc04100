package candidate

import (
	"bytes"
	"fmt"
	"html"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// forPrograms are the fields that the page leaves out: ids that tie rows
// together, and words that it puts otherwise.
var forPrograms = []string{
	"role.key", "candidate.stage", "candidate.application.id", "checks.id", "checks.stage", "interviews.id", "interviews.stage", "interviews.decisions.id",
	"interviews.decisions.corrects", "interviews.decisions.notice.id", "interviews.scorecards.ratings.competency", "interviews.scorecards.gates.gate",
	"interviews.scorecards.signals.signal", "rubrics.competencies.id", "rubrics.gates.id", "rubrics.signals.id", "history.action", "history.about",
	"interviews.cause",              // with the state of one that was not held, see became
	"interviews.cancel_cause",       // with the state of one that was cancelled, in words
	"interviews.moves.cause",        // in words
	"interviews.panel.excused.kind", // a stand-in, or none
	"interviews.scorecards.part",    // in the panel; a shadow's is marked
	"interviews.scorecards.recommendation",
	"interviews.monday_messages.message",
	"offered.id", "offered.stage", "offered.interview",
	"offered.answer",      // with the state of one that was chosen, see offeredWords
	"rubrics.signals.ask", // there is nothing to ask
}

// Whatever fact the JSON holds, a person finds on the page: each field is given
// a word or a minute of its own, which must be there.
func TestThePageHoldsEveryFact(t *testing.T) {
	var r Record
	facts := map[string]string{} // by path
	number := 0
	var fill func(path string, v reflect.Value)
	fill = func(path string, v reflect.Value) {
		number++
		switch x := v.Addr().Interface().(type) {
		case *Moment:
			at := time.Date(2026, 12, 3, 15, 0, 0, 0, time.UTC).Add(time.Duration(len(facts)) * time.Minute)
			*x = Moment{UTC: at, Local: "9:00", Zone: "America/Chicago"}
			facts[path] = at.Format("15:04")
			return
		case *Someone:
			x.ID, x.Name = "U1", fmt.Sprintf("name%d.", number)
			facts[path] = x.Name
			return
		}
		switch v.Kind() {
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			fill(path, v.Elem())
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(path, v.Index(0))
		case reflect.Struct:
			for i := range v.NumField() {
				name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
				fill(strings.Trim(path+"."+name, "."), v.Field(i))
			}
		case reflect.String:
			v.SetString(fmt.Sprintf("fact%d.", number))
			facts[path] = v.String()
		case reflect.Int:
			v.SetInt(int64(1000 + number))
			facts[path] = fmt.Sprint(v.Int())
		case reflect.Bool: // false: words that say so would take the place of others
		default:
			t.Fatalf("%s is a %s", path, v.Kind())
		}
	}
	fill("", reflect.ValueOf(&r).Elem())
	delete(facts, "schema")
	var out bytes.Buffer
	if err := r.WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(out.String(), "<body>")
	page := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""))
	for path, fact := range facts {
		if there, left := strings.Contains(page, fact), slices.Contains(forPrograms, path); !there && !left {
			t.Errorf("the page doesn't tell %s", path)
		} else if there && left {
			t.Errorf("the page tells %s", path)
		}
	}
}
