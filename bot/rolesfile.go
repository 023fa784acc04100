package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// Slack's limits of a modal, with room for its frame: 100 blocks, and 250 KB as
// JSON. https://docs.slack.dev/reference/views/modal-views and
// https://docs.slack.dev/reference/methods/views.open#errors (view_too_large)
const (
	maxViewBlocks = 100
	maxViewBytes  = 240_000
)

// maxTextBlock is how many characters one block of passages holds: a section's
// limit. https://docs.slack.dev/reference/block-kit/blocks/section-block
const maxTextBlock = 3000

// notStated is said where the role's document says nothing: nothing is invented.
const notStated = "not stated"

// roleFileView shows a role as its file has it, in the fullest version that a
// modal takes.
func roleFileView(role *hiring.Role) slack.ModalViewRequest {
	var blocks []slack.Block
	for _, d := range details {
		blocks = roleFile(role, d)
		raw, err := json.Marshal(blocks)
		if err == nil && len(blocks) <= maxViewBlocks && len(raw) <= maxViewBytes {
			break
		}
	}
	return modal("", "Role", "", "Close", blocks...)
}

func roleFile(role *hiring.Role, d detail) []slack.Block {
	blocks := []slack.Block{
		header(roleName(role)),
		note("This is what the role's file says. What is marked (chosen) the role's document doesn't state: I can't run without it, and setup asks a person to confirm it."),
	}
	blocks = append(blocks, note("Key: "+role.Key+" · zone: "+orNotStated(role.Zone.V)+chosenMark(role.Zone.Chosen)))
	add := func(title string, items []*rich) {
		if len(items) == 0 {
			items = []*rich{say("").i(capital(notStated))}
		}
		blocks = append(blocks, passages(title, items)...)
	}
	var context, terms []*rich
	for _, text := range role.Context {
		context = append(context, say(cut(text, d, 2500, 600, 200, 60)))
	}
	for _, t := range role.Terms {
		terms = append(terms, say("").b(t.Name).t(": "+cut(t.Text, d, 2500, 600, 200, 60)))
	}
	add("Context", context)
	add("Stages", stageItems(role, d))
	add("Competencies", competencyItems(role, d))
	add("Gates", gateItems(role, d))
	add("Terms", terms)
	if standing := role.Standing(); len(standing) > 0 {
		var chosen []*rich
		for _, c := range standing {
			chosen = append(chosen, say(cut(c.Name, d, 150, 150, 100, 80)+": ").b(cut(c.Text, d, 300, 300, 150, 80)))
		}
		title := "Everything that was chosen, not confirmed yet"
		if len(role.Unconfirmed()) == 0 {
			title = "Everything that was chosen, and confirmed in setup"
		}
		add(title, chosen)
	}
	rest := "Duties, questions and all the rest: “convene role show " + role.Key + "” prints the whole role."
	if d > full {
		rest = "Long texts are cut here. " + rest
	}
	return append(blocks, note(rest))
}

// passages are a title with a list below it, in as many blocks as its length
// takes.
func passages(title string, items []*rich) []slack.Block {
	var blocks []slack.Block
	for len(items) > 0 {
		n, length := 0, 0
		for n < len(items) && (n == 0 || length+items[n].length() <= maxTextBlock) {
			length += items[n].length()
			n++
		}
		if len(blocks) == 0 {
			blocks = append(blocks, richText(say("").b(title).para(), bullets(items[:n]...)))
		} else {
			blocks = append(blocks, list(items[:n]...))
		}
		items = items[n:]
	}
	return blocks
}

// length counts the characters of the texts.
func (r *rich) length() int {
	n := 0
	for _, e := range r.elements {
		if t, ok := e.(*slack.RichTextSectionTextElement); ok {
			n += len([]rune(t.Text))
		}
	}
	return n
}

// stageItems say of each stage who takes part, when it is, how long it takes
// and by when the candidate is told.
func stageItems(role *hiring.Role, d detail) []*rich {
	var out []*rich
	for _, st := range role.Stages {
		kind := string(st.Kind)
		if st.Panel {
			kind = "panel interview"
		}
		item := say("").b(st.Name).t(" · " + kind)
		item.t("\nWho: " + cut(stageWho(role, st), d, 3000, 600, 300, 120))
		item.t("\nWhen: " + orNotStated(cut(st.When, d, 500, 300, 120, 60)))
		if st.Kind == hiring.StageInterview {
			item.t("\nLength: " + lengthWords(st.Duration.V) + chosenMark(st.Duration.Chosen))
			item.t("\nCandidate told: " + deadlineWords(role, st, d))
		}
		out = append(out, item)
	}
	return out
}

func stageWho(role *hiring.Role, st hiring.Stage) string {
	var who []string
	for _, p := range st.Panelists {
		t, ok := role.TitleFor(p.Title)
		if !ok {
			continue
		}
		name := t.Text
		if t.Name != "" {
			name += " (" + t.Name + ")"
		}
		switch {
		case p.Any > 0:
			name += fmt.Sprintf(", any %d of them", p.Any)
		case p.Part != hiring.Required:
			name += ", " + string(p.Part)
		}
		who = append(who, name+chosenMark(t.Chosen))
	}
	return orNotStated(strings.Join(who, "; "))
}

// deadlineWords say by when a candidate is told after the stage. A stated day
// can have an hour that was chosen.
func deadlineWords(role *hiring.Role, st hiring.Stage, d detail) string {
	rule := st.Deadline.V
	day := rule.Weekday.String() + " after the interview's week"
	if rule.Kind == hiring.BusinessDays {
		day = count(rule.Days, "working day", "working days") + " after the interview"
	}
	if !st.Deadline.Chosen && rule.RuleText != "" {
		day += " (“" + cut(rule.RuleText, d, 500, 300, 120, 60) + "”)"
	}
	hour := fmt.Sprintf(", by %s %s", clockWords(rule.EOD), role.Zone.V)
	if st.Deadline.Chosen {
		return day + hour + chosenMark(true)
	}
	for _, c := range role.Choices {
		if c.Path == "stages."+st.ID+".deadline.eod" {
			hour += " (this hour is chosen)"
		}
	}
	return day + hour
}

func competencyItems(role *hiring.Role, d detail) []*rich {
	var out []*rich
	for _, c := range role.Competencies {
		item := say("").b(c.Name)
		if c.Primary {
			item.t(" · the primary qualification")
		}
		out = append(out, item.t("\nStrong shows: "+orNotStated(cut(c.Strong, d, 1500, 600, 200, 60))))
	}
	return out
}

func gateItems(role *hiring.Role, d detail) []*rich {
	var out []*rich
	for _, g := range role.Gates {
		out = append(out, say(cut(g.Text, d, 300, 300, 200, 60)).t("\nHow to ask: "+orNotStated(cut(g.Ask, d, 300, 300, 200, 60))))
	}
	return out
}

func orNotStated(text string) string {
	if text == "" {
		return notStated
	}
	return text
}

// lengthWords writes how long an interview takes: "1 hour 30 minutes".
func lengthWords(d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case h == 0:
		return count(m, "minute", "minutes")
	case m == 0:
		return count(h, "hour", "hours")
	}
	return count(h, "hour", "hours") + " " + count(m, "minute", "minutes")
}
