package bot

import (
	"testing"

	"convene/internal/hiring"
	"convene/internal/role"
	"convene/internal/scorecard"
)

// The built-in roles' kits and scorecards fit, whole.
func TestBuiltinRolesFit(t *testing.T) {
	roles, err := role.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		r.Setup = testRole().Setup
		for _, stage := range r.Stages {
			if stage.Kind != hiring.StageInterview {
				continue
			}
			t.Run(r.Key+" "+stage.ID, func(t *testing.T) {
				k := testCase(t)
				k.Role, k.Interview.RoleKey, k.Interview.Stage, k.Interview.RoleRevision = r, r.Key, stage.ID, r.Revision
				w := newWorld(t, "Wed 09:00", k)
				checkMessage(t, w.render("panelist", "iv_ana", karly, ""))
				form := &scorecard.Form{Case: k, Role: r, Card: &hiring.Scorecard{}}
				marshalView(t, formView(form, w.people[karly], w.now))
				for _, c := range form.Competencies() {
					marshalView(t, guideView(form, c))
				}
				if n := chars(kitBlocks(k, kitReader{person: karly}, place(k), r.TimeZone(), w.now, full)); n > maxMessageChars {
					t.Logf("the kit is cut: %d characters in full", n)
				}
			})
		}
	}
}
