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
	for _, outcome := range []hiring.Outcome{hiring.Advance, hiring.Hold, hiring.Decline} {
		path, n := "notices."+string(outcome), role.Notices[outcome]
		if !r.has(path) {
			continue
		}
		for _, part := range []struct{ key, text string }{{"subject", n.Subject}, {"body", n.Body}} {
			at, text := r.at(path+"."+part.key), part.text
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				switch {
				case !slices.Contains(Placeholders(), m[1]):
					r.report(at, fmt.Sprintf("nothing fills in {%s}", m[1]), didYouMean(m[1], Placeholders()))
				case m[1] == "new_date" && outcome != hiring.Hold:
					r.report(at, "only the notice of a hold has a {new_date}", "remove it")
				case m[1] == "company" && role.Company == "":
					r.report(at, "{company} stays empty: the role has no company", "add “company”, or remove it here")
				}
			}
			if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
				r.report(at, "a brace belongs to no placeholder", "write placeholders as {first_name}, with one brace on each side")
			}
		}
		if outcome == hiring.Hold && n.Body != "" && !strings.Contains(n.Body, "{new_date}") {
			r.report(r.at(path+".body"), "the notice of a hold has no {new_date}", "a hold's notice names the day by which the candidate will hear from you")
		}
	}
}
