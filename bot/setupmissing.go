package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// openRolesFor returns the roles for which the person may do a coordinator's
// work, or an error that says what is missing and who can mend it.
func (b *Bot) openRolesFor(ctx context.Context, p hiring.Person) ([]*hiring.Role, error) {
	roles, err := b.Candidates.OpenRoles(ctx, p.ID)
	if err != nil || len(roles) > 0 {
		return roles, err
	}
	mine, err := b.maySetUp(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, r := range mine {
		if r.IsCoordinator(p.ID) {
			return nil, notOpen(r)
		}
	}
	if len(mine) > 0 {
		key := ""
		if len(mine) == 1 {
			key = mine[0].Key
		}
		return nil, hiring.NeedsSetup(key, "No role that you coordinate is open yet. Type /hiring setup to say who is on its team and where its messages go.")
	}
	return nil, b.notACoordinator(ctx, p)
}

// notACoordinator says who can do what the person may not, and what their first
// role still lacks.
func (b *Bot) notACoordinator(ctx context.Context, p hiring.Person) error {
	const sorry = "You don't coordinate an open role, so I can't do that for you."
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return err
	}
	if len(roles) == 0 {
		who, err := b.Setup.Workspace(ctx)
		if err != nil {
			return err
		}
		return hiring.Refuse("%s %s can add you with /hiring setup.", sorry, b.orNames(ctx, who))
	}
	r := roles[0]
	who, err := b.Setup.Fillers(ctx, r)
	if err != nil {
		return err
	}
	if missing := r.Missing(); len(missing) > 0 {
		return hiring.Refuse("%s %s isn't set up yet. Still missing: %s. %s can fill it in with /hiring setup.", sorry, roleName(r), strings.Join(missing, "; "), b.orNames(ctx, who))
	}
	return hiring.Refuse("%s For %s, %s can, or can add you with /hiring setup.", sorry, roleName(r), b.orNames(ctx, who))
}

// orNames writes names with "or" before the last; at most five.
func (b *Bot) orNames(ctx context.Context, ids []string) string {
	if len(ids) == 0 {
		return "A coordinator"
	}
	var names []string
	for _, id := range ids[:min(len(ids), 5)] {
		names = append(names, b.names(ctx, []string{id}))
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// notOpen says what a role still lacks.
func notOpen(r *hiring.Role) error {
	return hiring.NeedsSetup(r.Key, "%s isn't open yet. Still missing: %s. Use /hiring setup.", roleName(r), strings.Join(r.Missing(), "; "))
}

// whoCan adds to what is missing in a role's setup who can fill it in.
func (b *Bot) whoCan(ctx context.Context, to hiring.Person, e *hiring.NotSetUp, text string) string {
	if b.canMend(ctx, to, e) {
		return text
	}
	role, err := b.Store.Role(ctx, e.RoleKey)
	if err != nil {
		return text
	}
	who, err := b.Setup.Fillers(ctx, role)
	if err != nil {
		return text
	}
	return text + " " + b.orNames(ctx, who) + " can do that."
}

// canMend reports whether the person may set up what the error is about.
func (b *Bot) canMend(ctx context.Context, p hiring.Person, e *hiring.NotSetUp) bool {
	if e.RoleKey == "" {
		return true
	}
	role, err := b.Store.Role(ctx, e.RoleKey)
	if err != nil {
		return false
	}
	may, err := b.Setup.May(ctx, role, p.ID)
	return err == nil && may
}

// wayOut returns blocks that say the text and offer what mends the error; none
// when there is nothing to click.
func (b *Bot) wayOut(ctx context.Context, p hiring.Person, err error, text string) []slack.Block {
	var e *hiring.NotSetUp
	if !errors.As(err, &e) || !b.canMend(ctx, p, e) {
		return nil
	}
	return []slack.Block{section(text), actions("", primary(button(actSetup, e.RoleKey, "Set up")))}
}

// toldError is a modal that explains an error, with the way out of it.
func (b *Bot) toldError(ctx context.Context, p hiring.Person, err error, logged ...any) slack.ModalViewRequest {
	text := b.explain(p, err, logged...)
	if blocks := b.wayOut(ctx, p, err, text); len(blocks) > 0 {
		return modal("", "Convene", "", "Close", blocks...)
	}
	return *told("Convene", text)
}

// withMissing adds to a list what the person's own roles still lack, so that an
// empty one is understood.
func (b *Bot) withMissing(ctx context.Context, p hiring.Person, view slack.ModalViewRequest) (slack.ModalViewRequest, error) {
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return view, err
	}
	for _, r := range roles {
		if r.Open() || !r.OnTeam(p.ID) || len(view.Blocks.BlockSet) > 90 {
			continue
		}
		lacking := notOpen(r)
		text := b.explain(p, lacking)
		blocks := b.wayOut(ctx, p, lacking, text)
		if len(blocks) == 0 {
			blocks = []slack.Block{section(text)}
		}
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, blocks...)
	}
	return view, nil
}
