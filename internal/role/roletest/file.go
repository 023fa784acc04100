package roletest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"convene/internal/hiring"
)

// keys are a group of keys in the order in which they are written.
type keys []pair

type pair struct {
	key   string
	value any // string, bool, int, []string, []any or keys
}

// file writes a role as a role file. What is zero is left out.
func file(r *hiring.Role) string {
	var f keys
	add(&f, "key", r.Key)
	add(&f, "title", r.Title)
	add(&f, "company", r.Company)
	for _, p := range []struct {
		key   string
		texts []string
	}{
		{"context", r.Context}, {"duties", r.Duties}, {"travel", r.Travel}, {"work_model", r.WorkModel}, {"values", r.Values},
		{"culture", r.Culture}, {"process", r.Process}, {"success", r.Success}, {"wanted", r.Wanted}, {"notes", r.Notes},
	} {
		addList(&f, p.key, p.texts, func(s string) any { return s })
	}
	addList(&f, "terms", r.Terms, term)
	addList(&f, "background", r.Background, term)
	addList(&f, "application", r.Application, func(a hiring.ApplicationItem) any {
		return pairs("id", a.ID, "text", a.Text, "kind", a.Kind, "required", a.Required)
	})
	addList(&f, "tools", r.Tools, func(g hiring.ToolGroup) any {
		return pairs("name", g.Name, "need", g.Need, "tools", g.Tools, "note", g.Note)
	})
	addList(&f, "competencies", r.Competencies, competency)
	addList(&f, "questions", r.Questions, func(q hiring.Question) any {
		return pairs("id", q.ID, "text", q.Text, "competencies", q.Competencies, "ideal", q.Ideal)
	})
	addList(&f, "gates", r.Gates, func(g hiring.Gate) any { return pairs("id", g.ID, "text", g.Text, "ask", g.Ask, "stages", g.Stages) })
	addList(&f, "signals", r.Signals, func(s hiring.Signal) any { return pairs("id", s.ID, "text", s.Text, "about", s.About) })
	addList(&f, "titles", r.Titles, func(t hiring.Title) any { return pairs("key", t.Key, "text", t.Text, "name", t.Name) })
	addList(&f, "stages", r.Stages, stage)
	settings(&f, r)
	var b strings.Builder
	writeKeys(&b, "", f)
	return b.String()
}

func term(t hiring.Term) any { return pairs("name", t.Name, "text", t.Text) }

func competency(c hiring.Competency) any {
	out := pairs("id", c.ID, "name", c.Name, "primary", c.Primary, "assesses", c.Assesses, "strong", c.Strong)
	addList(&out, "red_flags", c.RedFlags, func(f hiring.RedFlag) any { return pairs("id", f.ID, "text", f.Text) })
	addList(&out, "answer_key", c.AnswerKey, func(row hiring.AnswerKeyRow) any { return pairs("case", row.Case, "expected", row.Expected) })
	return out
}

func stage(s hiring.Stage) any {
	out := pairs("id", s.ID, "name", s.Name, "kind", string(s.Kind), "panel", s.Panel, "when", s.When, "covers", s.Covers, "competencies", s.Competencies, "note", s.Note)
	addList(&out, "panelists", s.Panelists, func(p hiring.StagePanelist) any { return pairs("title", p.Title, "part", string(p.Part), "any", p.Any) })
	addSetting(&out, "duration", s.Duration, span)
	addSetting(&out, "kit_lead", s.KitLead, span)
	addSetting(&out, "location", s.Location, func(l hiring.Location) any {
		out := pairs("kind", l.Kind, "text", l.Text)
		if l.Travel > 0 {
			add(&out, "travel", span(l.Travel))
		}
		return out
	})
	if s.Hold.V > 0 {
		add(&out, "hold", span(s.Hold.V))
	}
	add(&out, "candidate_chooses", s.Chooses.V)
	addSetting(&out, "deadline", s.Deadline, func(d hiring.DeadlineRule) any {
		rule := pairs("kind", d.Kind, "days", d.Days, "eod", clock(d.EOD), "holiday", d.Holiday, "rule", d.RuleText)
		if d.Kind == hiring.WeekdayAfterWeek {
			add(&rule, "weekday", d.Weekday.String())
		}
		return rule
	})
	return out
}

func settings(f *keys, r *hiring.Role) {
	addSetting(f, "zone", r.Zone, func(s string) any { return s })
	addSetting(f, "hours", r.Hours, func(h hiring.Hours) any {
		var days []string
		for _, d := range h.Days {
			days = append(days, d.String())
		}
		return pairs("days", days, "start", clock(h.Start), "end", clock(h.End))
	})
	addSetting(f, "holidays", r.Holidays, func(h hiring.Holidays) any { return pairs("country", h.Country, "extra", h.Extra) })
	addSetting(f, "min_notice", r.MinNotice, span)
	addSetting(f, "horizon", r.Horizon, span)
	addSetting(f, "buffer", r.Buffer, span)
	addSetting(f, "per_day", r.PerDay, func(n int) any { return n })
	addSetting(f, "per_week", r.PerWeek, func(n int) any { return n })
	addSetting(f, "nag_after", r.NagAfter, span)
	addSetting(f, "escalate_after", r.Escalate, func(n int) any { return n })
	addSetting(f, "sealed", r.Sealed, func(v bool) any { return v })
	add(f, "show_guests", r.ShowGuests)
	var notices keys
	for _, outcome := range []hiring.Outcome{hiring.Advance, hiring.Hold, hiring.Decline} {
		n := r.Notices[outcome]
		addSetting(&notices, string(outcome), hiring.Value[hiring.NoticeText]{V: n, Chosen: n.Chosen}, func(n hiring.NoticeText) any { return pairs("subject", n.Subject, "body", n.Body) })
	}
	if len(notices) > 0 {
		*f = append(*f, pair{"notices", notices})
	}
}

// add writes one key, unless its value is zero.
func add(to *keys, key string, v any) {
	switch v := v.(type) {
	case string:
		if v == "" {
			return
		}
	case bool:
		if !v {
			return
		}
	case int:
		if v == 0 {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	}
	*to = append(*to, pair{key, v})
}

func addList[T any](to *keys, key string, list []T, entry func(T) any) {
	if len(list) == 0 {
		return
	}
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = entry(v)
	}
	*to = append(*to, pair{key, out})
}

// addSetting writes a setting plainly or as a chosen one; the zero one is left
// out.
func addSetting[T any](to *keys, key string, v hiring.Value[T], write func(T) any) {
	if isZero(v) {
		return
	}
	written := write(v.V)
	if v.Chosen {
		written = keys{{"value", written}, {"chosen", true}}
	}
	*to = append(*to, pair{key, written})
}

// pairs writes keys and values that follow one another.
func pairs(list ...any) keys {
	var out keys
	for i := 0; i < len(list); i += 2 {
		add(&out, list[i].(string), list[i+1])
	}
	return out
}

func span(d time.Duration) any {
	if d == 0 {
		return "0"
	}
	out := ""
	for _, unit := range []struct {
		length time.Duration
		letter string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if n := d / unit.length; n > 0 {
			out += fmt.Sprintf("%d%s", n, unit.letter)
		}
		d %= unit.length
	}
	return out
}

func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}

// isZero reports whether a setting was left out.
func isZero[T any](v hiring.Value[T]) bool { return reflect.ValueOf(v).IsZero() }
