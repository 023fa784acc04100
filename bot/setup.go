package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/setup"
)

// setupCommand is /hiring setup: the hub of a role's setup, from which each
// section is changed by itself.
func (b *Bot) setupCommand(ctx context.Context, c *call, words string) error {
	role, view, err := b.firstHub(ctx, c.Person, words)
	if err != nil {
		return err
	}
	view.ExternalID = "setup-" + c.trigger
	open, err := c.open(ctx, view)
	if err != nil {
		return err
	}
	b.lookFromHub(ctx, open, c.Person, role, true)
	return nil
}

// openSetup opens the setup of a role, or of the person's first. In a modal it
// takes that one's place: the sections go on top, and Slack stacks three.
func (b *Bot) openSetup(ctx context.Context, c *click) error {
	role, view, err := b.firstHub(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	open := c.View
	if open != nil && open.Type == slack.VTModal {
		c.ack()
		err = b.update(ctx, open.ID, view)
	} else {
		view.ExternalID = "setup-" + c.trigger
		open, err = c.open(ctx, view)
	}
	if err != nil {
		return err
	}
	b.lookFromHub(ctx, open, c.Person, role, true)
	return nil
}

// pickSetupRole shows another role's setup.
func (b *Bot) pickSetupRole(ctx context.Context, c *click) error {
	c.ack()
	role, view, err := b.firstHub(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	if err := b.update(ctx, c.View.ID, view); err != nil {
		return err
	}
	b.lookFromHub(ctx, c.View, c.Person, role, true)
	return nil
}

// firstHub returns the hub of the role that the words call.
func (b *Bot) firstHub(ctx context.Context, p hiring.Person, words string) (*hiring.Role, slack.ModalViewRequest, error) {
	roles, err := b.maySetUp(ctx, p)
	if err != nil {
		return nil, slack.ModalViewRequest{}, err
	}
	if len(roles) == 0 {
		who, err := b.Setup.Workspace(ctx)
		if err != nil {
			return nil, slack.ModalViewRequest{}, err
		}
		return nil, slack.ModalViewRequest{}, hiring.Refuse("Only the workspace's coordinators can set up a role: %s. They are named in the bot's settings (COORDINATORS), or are the workspace's admins and owners.", b.names(ctx, who))
	}
	role := roleCalled(roles, words)
	if role == nil {
		var names []string
		for _, r := range roles {
			names = append(names, r.Key)
		}
		return nil, slack.ModalViewRequest{}, hiring.Invalid("", "I don't know a role “%s”. The roles are: %s.", hiring.Clip(words, 80), strings.Join(names, ", "))
	}
	view, err := b.hubView(ctx, p, roles, role, unknownChannel)
	return role, view, err
}

// roleCalled returns the role with that key, or the first whose names hold the
// words; nil: there is none.
func roleCalled(roles []*hiring.Role, words string) *hiring.Role {
	for _, r := range roles {
		if r.Key == words {
			return r
		}
	}
	for _, r := range roles {
		if strings.Contains(strings.ToLower(r.Title+" "+r.Company+" "+r.Key), strings.ToLower(words)) {
			return r
		}
	}
	return nil
}

func (b *Bot) maySetUp(ctx context.Context, p hiring.Person) ([]*hiring.Role, error) {
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var out []*hiring.Role
	for _, r := range roles {
		may, err := b.Setup.May(ctx, r, p.ID)
		if err != nil {
			return nil, err
		}
		if may {
			out = append(out, r)
		}
	}
	return out, nil
}

// openSetupSection lays a section's modal over the hub; the button's value is
// "role|section".
func (b *Bot) openSetupSection(ctx context.Context, c *click) error {
	key, section := split(c.Value)
	role, err := b.Setup.Role(ctx, key, c.Person.ID)
	if err != nil {
		return err
	}
	view, err := b.sectionView(ctx, c.Person, role, section, c.View.ID)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// sectionView is the modal of one section. hub is the id of the view below it.
func (b *Bot) sectionView(ctx context.Context, p hiring.Person, role *hiring.Role, section, hub string) (slack.ModalViewRequest, error) {
	seen := role.Setup.Sections[section].N
	m := meta{Role: role.Key, Section: section, Saves: seen, Hub: hub}
	var v slack.ModalViewRequest
	var err error
	switch section {
	case hiring.TeamSection:
		v = teamView(p, role)
	case hiring.ChannelSection:
		v = channelView(role, "")
	case hiring.CalendarsSection:
		v, err = b.calendarsView(ctx, role)
	case hiring.ConfirmSection:
		v, m.Shown = confirmView(role), hiring.Confirmation(role.Unconfirmed())
	default:
		v, err = b.settingsView(role, section)
	}
	v.PrivateMetadata = m.String()
	return v, err
}

// submitSetup saves the section that was filled in.
func (b *Bot) submitSetup(ctx context.Context, s *submission) (any, error) {
	seen := b.replacing.seen(s.View.ID, s.Meta.Saves)
	var err error
	switch key, by := s.Meta.Role, s.Person.ID; s.Meta.Section {
	case hiring.TeamSection:
		err = b.Setup.SaveTeam(ctx, key, typedTeam(s.State), seen, by)
		b.Directory.Forget()
	case hiring.ChannelSection:
		err = b.Setup.SaveChannel(ctx, key, s.State["channel"].SelectedConversation, seen, by)
		b.Directory.Forget()
	case hiring.ConfirmSection:
		err = b.Setup.Confirm(ctx, key, s.Meta.Shown, by)
	case hiring.CalendarsSection:
		err = b.Setup.SaveCalendars(ctx, key, typedCalendars(s.View, s.State), seen > 0, by)
	default:
		err = b.saveSettings(ctx, s, seen)
	}
	var changed *setup.Changed
	if errors.As(err, &changed) {
		return b.changedMeanwhile(ctx, s, changed)
	}
	if err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) { b.afterSection(ctx, s) }
	if s.Meta.Section == hiring.CalendarsSection {
		view := loading("Calendars", "Saved. Trying the calendars…")
		return slack.NewUpdateViewSubmissionResponse(&view), nil
	}
	return nil, nil // the hub shows again
}

// afterSection shows in the hub what was saved.
func (b *Bot) afterSection(ctx context.Context, s *submission) {
	hub := &slack.View{ID: s.Meta.Hub}
	role, err := b.Setup.Role(ctx, s.Meta.Role, s.Person.ID)
	if err != nil { // e.g. who took themselves off the team
		if err := b.update(ctx, hub.ID, *told("Set up a role", "Saved. "+b.explain(s.Person, err))); err != nil {
			b.Log.Warn("setup not shown", "role", s.Meta.Role, "err", err)
		}
		return
	}
	b.showHub(ctx, hub, s.Person, role, unknownChannel)
	if s.Meta.Section == hiring.CalendarsSection {
		b.showTrials(ctx, s.View.ID, role)
	}
	b.lookFromHub(ctx, hub, s.Person, role, false)
}

// changedMeanwhile says who saved the section first. What was typed stays, and
// saving it again replaces what they saved.
func (b *Bot) changedMeanwhile(ctx context.Context, s *submission, c *setup.Changed) (any, error) {
	role, err := b.Store.Role(ctx, s.Meta.Role)
	if err != nil {
		return nil, err
	}
	who := b.names(ctx, []string{c.By})
	when := clockTime(c.At, s.Person.TimeZone(role.TimeZone()))
	if s.Meta.Section == hiring.ConfirmSection {
		view, err := b.sectionView(ctx, s.Person, role, hiring.ConfirmSection, s.Meta.Hub)
		if err != nil {
			return nil, err
		}
		lead := section(fmt.Sprintf("%s changed the setup, %s. This is what stands now:", who, when))
		view.Blocks.BlockSet = append([]slack.Block{lead}, view.Blocks.BlockSet...)
		return b.answerWith(s, view)
	}
	b.replacing.remember(s.View.ID, max(c.Seen, 1))
	return nil, hiring.Invalid("", "%s changed this meanwhile, %s. Save again to replace it, or close this to see it first.", who, when)
}

// resetSection goes back to what the role's document says; the button's value
// is "role|section".
func (b *Bot) resetSection(ctx context.Context, c *click) error {
	key, section := split(c.Value)
	m := readMeta(c.View.PrivateMetadata)
	err := b.Setup.ResetSettings(ctx, key, section, m.Saves, c.Person.ID)
	var changed *setup.Changed
	if errors.As(err, &changed) {
		return hiring.Invalid("", "%s changed this meanwhile. Close this to see it first.", b.names(ctx, []string{changed.By}))
	}
	if err != nil {
		return err
	}
	c.ack()
	return b.reshow(ctx, c, m, "")
}

// reshow fills a section's modal anew, and the hub below it.
func (b *Bot) reshow(ctx context.Context, c *click, m meta, lead string) error {
	role, err := b.Setup.Role(ctx, m.Role, c.Person.ID)
	if err != nil {
		return err
	}
	view, err := b.sectionView(ctx, c.Person, role, m.Section, m.Hub)
	if err != nil {
		return err
	}
	if lead != "" {
		view.Blocks.BlockSet = append([]slack.Block{section(lead)}, view.Blocks.BlockSet...)
	}
	if err := b.update(ctx, c.View.ID, view); err != nil {
		return err
	}
	b.showHub(ctx, &slack.View{ID: m.Hub}, c.Person, role, unknownChannel)
	b.lookFromHub(ctx, &slack.View{ID: m.Hub}, c.Person, role, false)
	return nil
}

// overrides remembers which modals were told that somebody else had saved
// first: Slack can't change a modal's metadata together with its errors. What
// is forgotten at a restart is only told again.
type overrides struct {
	mu    sync.Mutex
	views []string
	by    map[string]int
}

// maxOverrides is how many modals are remembered.
const maxOverrides = 200

func (o *overrides) remember(view string, seen int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.by == nil {
		o.by = map[string]int{}
	}
	if len(o.views) == maxOverrides {
		delete(o.by, o.views[0])
		o.views = slices.Delete(o.views, 0, 1)
	}
	if _, known := o.by[view]; !known {
		o.views = append(o.views, view)
	}
	o.by[view] = seen
}

func (o *overrides) seen(view string, otherwise int) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n, ok := o.by[view]; ok {
		return n
	}
	return otherwise
}
