package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// maxRolesShown keeps the list within a modal's 100 blocks: three for each role.
const maxRolesShown = 32

// rolesCommand is /hiring roles: the roles that the person may set up or has a
// part in.
func (b *Bot) rolesCommand(ctx context.Context, c *call, words string) error {
	view, err := b.rolesView(ctx, c.Person, words)
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

func (b *Bot) rolesView(ctx context.Context, p hiring.Person, words string) (slack.ModalViewRequest, error) {
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if len(roles) == 0 {
		return slack.ModalViewRequest{}, hiring.Refuse("You are not on the team of any role, so there is none to show you. A coordinator adds people with /hiring setup.")
	}
	called := rolesCalled(roles, words)
	if len(called) == 0 {
		return slack.ModalViewRequest{}, hiring.Invalid("", "I don't know a role “%s” of yours. Yours are: %s.", hiring.Clip(words, 80), hiring.Clip(keysOf(roles), 1500))
	}
	active, err := b.Reports.Active(ctx)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	workspace, err := b.Directory.Workspace(ctx)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	var blocks []slack.Block
	for _, r := range called[:min(len(called), maxRolesShown)] {
		blocks = append(blocks, roleEntry(r, p, active[r.Key], workspace)...)
	}
	if left := len(called) - maxRolesShown; left > 0 {
		blocks = append(blocks, note(fmt.Sprintf("%d more: type /hiring roles with part of a role's name.", left)))
	}
	return modal("", "Roles", "", "Close", blocks...), nil
}

// rolesCalled returns the role with that key, or those whose names hold the words.
func rolesCalled(roles []*hiring.Role, words string) []*hiring.Role {
	var out []*hiring.Role
	for _, r := range roles {
		if r.Key == words {
			return []*hiring.Role{r}
		}
		if roleCalled([]*hiring.Role{r}, words) != nil {
			out = append(out, r)
		}
	}
	return out
}

// roleEntry says how a role stands: open or what is missing and who can fill it
// in, and where its candidates are.
func roleEntry(r *hiring.Role, p hiring.Person, active map[string]int, workspace []string) []slack.Block {
	maySetUp := slices.Clone(r.Setup.Coordinators)
	for _, id := range workspace {
		if !slices.Contains(maySetUp, id) {
			maySetUp = append(maySetUp, id)
		}
	}
	state := say("").b("Open")
	if missing := r.Missing(); len(missing) > 0 {
		state = say("").b("Not open yet.").t(" Missing: " + strings.Join(missing, ", ") + ". Who can fill it in: ").anyOf(maySetUp[:min(len(maySetUp), 10)]).t(".")
	}
	if r.FileGone {
		state = say("").b("Its file is gone.").t(" Who is in the process goes on; nobody can be added until the file is back in ROLES_DIR.")
	}
	buttons := []slack.BlockElement{button(actRoleLook, r.Key, "Look at role")}
	if slices.Contains(maySetUp, p.ID) {
		buttons = append([]slack.BlockElement{button(actSetup, r.Key, "Setup")}, buttons...)
	}
	return []slack.Block{
		header(roleName(r)),
		list(state, say("Active candidates: "+activeWords(r, active)), say("Key: "+r.Key), say("Zone: "+r.Zone.V)),
		actions("", buttons...),
	}
}

// activeWords counts a role's active candidates by stage, in the role's order.
func activeWords(r *hiring.Role, active map[string]int) string {
	var parts []string
	for _, st := range r.Stages {
		if n := active[st.ID]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", st.Name, n))
		}
	}
	gone := 0
	for id, n := range active {
		if _, ok := r.Stage(id); !ok {
			gone += n
		}
	}
	if gone > 0 {
		parts = append(parts, fmt.Sprintf("at a stage that the role no longer has %d", gone))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " · ")
}

func chosenMark(chosen bool) string {
	if chosen {
		return " (chosen)"
	}
	return ""
}

// lookAtRole shows a role as its file has it.
func (b *Bot) lookAtRole(ctx context.Context, c *click) error {
	role, err := b.Store.Role(ctx, c.Value)
	if err != nil {
		return err
	}
	may, err := b.Setup.May(ctx, role, c.Person.ID)
	if err != nil {
		return err
	}
	if !may && !role.OnTeam(c.Person.ID) {
		return hiring.Refuse("You are not on the team of this role, so I can't show it to you. A coordinator adds people with /hiring setup.")
	}
	return b.show(ctx, c, roleFileView(role))
}
