package role

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"convene/internal/hiring"
)

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func checkNotices(role *hiring.Role, r *reader) {
	for _, outcome := range hiring.Outcomes() {
		path := "notices." + string(outcome)
		if !r.has(path) {
			continue
		}
		for _, f := range noticeFaults(role, outcome) {
			r.report(r.at(path+"."+f.part), f.what, f.hint)
		}
	}
}

// NoticeMisfits returns what can't work of the texts of the role's notices, each
// with the setting's path as field. A role's file is checked for the same when
// it is read.
func NoticeMisfits(role *hiring.Role) []*hiring.UserError {
	var out []*hiring.UserError
	for _, outcome := range hiring.Outcomes() {
		for _, f := range noticeFaults(role, outcome) {
			hint := strings.ToUpper(f.hint[:1]) + f.hint[1:]
			if !strings.HasSuffix(hint, "?") {
				hint += "."
			}
			out = append(out, hiring.Invalid(hiring.NoticePath(outcome, f.part), "%s. %s", strings.ToUpper(f.what[:1])+f.what[1:], hint))
		}
	}
	return out
}

// A noticeFault is something wrong with a notice's subject or body.
type noticeFault struct{ part, what, hint string }

func noticeFaults(role *hiring.Role, outcome hiring.Outcome) []noticeFault {
	var out []noticeFault
	n := role.Notices[outcome]
	for _, part := range []struct{ key, text string }{{"subject", n.Subject}, {"body", n.Body}} {
		fault := func(what, hint string) { out = append(out, noticeFault{part.key, what, hint}) }
		for _, m := range placeholder.FindAllStringSubmatch(part.text, -1) {
			switch {
			case !slices.Contains(Placeholders(), m[1]):
				fault(fmt.Sprintf("nothing fills in {%s}", m[1]), didYouMean(m[1], Placeholders()))
			case m[1] == "new_date" && outcome != hiring.Hold:
				fault("only the notice of a hold has a {new_date}", "remove it")
			case m[1] == "company" && role.Company == "":
				fault("{company} stays empty: the role has no company", "add “company”, or remove it here")
			}
		}
		if strings.ContainsAny(placeholder.ReplaceAllString(part.text, ""), "{}") {
			fault("a brace belongs to no placeholder", "write placeholders as {first_name}, with one brace on each side")
		}
	}
	if outcome == hiring.Hold && n.Body != "" && !strings.Contains(n.Body, "{new_date}") {
		out = append(out, noticeFault{"body", "the notice of a hold has no {new_date}", "a hold's notice names the day by which the candidate will hear from you"})
	}
	return out
}
