package bot

import (
	"context"
	"sort"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// openSetup opens the setup of a role, or of the person's first.
func (b *Bot) openSetup(ctx context.Context, c *click) error {
	view, err := b.setupView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// pickSetupRole shows another role's setup.
func (b *Bot) pickSetupRole(ctx context.Context, c *click) error {
	c.ack()
	view, err := b.setupView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.update(ctx, c.View.ID, view)
}

// setupView asks who fills the role's titles, who coordinates and decides, and
// for the channel, and shows what was chosen for them to confirm.
func (b *Bot) setupView(ctx context.Context, p hiring.Person, words string) (slack.ModalViewRequest, error) {
	roles, err := b.maySetUp(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if len(roles) == 0 {
		return slack.ModalViewRequest{}, hiring.Refuse("Only the workspace's coordinators can set up a role. They are named in the bot's settings (COORDINATORS), or are the workspace's admins and owners.")
	}
	role := roleCalled(roles, words)
	if role == nil {
		var names []string
		for _, r := range roles {
			names = append(names, r.Key)
		}
		return slack.ModalViewRequest{}, hiring.Invalid("", "I don't know a role “%s”. The roles are: %s.", hiring.Clip(words, 80), strings.Join(names, ", "))
	}
	s := role.Setup
	// The ids of the blocks name the role, so that what was chosen for one role
	// doesn't stay in the fields of the next.
	id := func(field string) string { return field + "#" + role.Key }
	blocks := []slack.Block{menu("role", actSetupRole, "Role", roleOptions(roles), role.Key, true)}
	for _, t := range role.Titles {
		blocks = append(blocks, optional(peopleField(id("title:"+t.Key), t.Text, titleHint(role, t), s.People[t.Key])))
	}
	for _, st := range role.Stages {
		if st.Kind == hiring.StageInterview && len(st.Panelists) == 0 {
			blocks = append(blocks, optional(peopleField(id("title:stage:"+st.ID), "Who holds “"+hiring.Clip(st.Name, 100)+"”?", "The role's document doesn't say.", s.People["stage:"+st.ID])))
		}
	}
	coordinators := s.Coordinators
	if len(coordinators) == 0 {
		coordinators = []string{p.ID}
	}
	channel := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain("A private channel"), "channel")
	channel.Filter = &slack.SelectBlockElementFilter{Include: []string{"private"}, ExcludeExternalSharedChannels: true}
	channel.InitialConversation = s.Channel
	blocks = append(blocks,
		peopleField(id("coordinators"), "Coordinators", "They add candidates, schedule, and see everything that Independence allows.", coordinators),
		peopleField(id("deciders"), "Deciders", "They record decisions.", s.Deciders),
		field(id("channel"), "The role's private channel", "Summaries go there. Type /invite @Convene in it first, and keep everybody out who isn't on the team.", channel),
	)
	confirm := slack.NewCheckboxGroupsBlockElement("confirm", option("yes", "These values are right for us", ""))
	if s.Confirmed == role.Revision && s.SavedBy != "" {
		confirm.InitialOptions = confirm.Options
	}
	blocks = append(blocks, chosenBlocks(role)...)
	blocks = append(blocks, optional(field(id("confirm"), "Confirm what was chosen", "To change one, put it into the role's file.", confirm)))
	v := modal(viewSetup, "Set up a role", "Save", "Close", blocks...)
	v.PrivateMetadata = meta{Role: role.Key}.String()
	return v, nil
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
		if strings.Contains(strings.ToLower(r.Title+" "+r.Company+" "+r.Key), words) {
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

func peopleField(id, label, hint string, chosen []string) *slack.InputBlock {
	el := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("Choose people"), "people")
	el.InitialUsers = chosen
	return field(id, label, hint, el)
}

func titleHint(role *hiring.Role, t hiring.Title) string {
	var parts []string
	if t.Name != "" {
		parts = append(parts, "The document names "+t.Name+".")
	}
	var stages []string
	for _, st := range role.Stages {
		for _, p := range st.Panelists {
			if p.Title == t.Key {
				stages = append(stages, st.Name)
			}
		}
	}
	if len(stages) > 0 {
		parts = append(parts, "Takes part in: "+strings.Join(stages, ", ")+".")
	}
	return hiring.Clip(strings.Join(parts, " "), 2000)
}

// chosenBlocks lists the values that nobody stated and that a person must
// confirm before the role opens.
func chosenBlocks(role *hiring.Role) []slack.Block {
	var items []*rich
	for _, c := range role.Choices {
		items = append(items, say(c.Name+": ").b(c.Text))
	}
	if len(items) == 0 {
		return []slack.Block{section("The role's document states everything that I need.")}
	}
	blocks := []slack.Block{section("The role's document doesn't say the following, so it was chosen for you:")}
	for len(items) > 0 {
		n := min(len(items), 20)
		blocks = append(blocks, list(items[:n]...))
		items = items[n:]
	}
	return blocks
}

func (b *Bot) submitSetup(ctx context.Context, s *submission) (any, error) {
	if s.State["role"].SelectedOption.Value != s.Meta.Role {
		return nil, hiring.Invalid("role", "The fields below belong to another role still. Choose the role again, and wait for them to change.")
	}
	setup := hiring.Setup{
		RoleKey: s.Meta.Role, People: map[string][]string{},
		Coordinators: s.State["coordinators"].SelectedUsers, Deciders: s.State["deciders"].SelectedUsers,
		Channel: s.State["channel"].SelectedConversation,
	}
	for block, in := range s.State {
		if key, ok := strings.CutPrefix(block, "title:"); ok && len(in.SelectedUsers) > 0 {
			setup.People[key] = in.SelectedUsers
		}
	}
	if err := b.Setup.Save(ctx, setup, len(s.State["confirm"].SelectedOptions) > 0, s.Person.ID); err != nil {
		return nil, err
	}
	b.Directory.Forget()
	s.after = func(ctx context.Context) { b.showSetupResult(ctx, s.View.ID, setup.RoleKey) }
	view := loading("Set up a role", "Saved. Looking at the channel…")
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// showSetupResult says what is still missing, the channel's fitness included.
func (b *Bot) showSetupResult(ctx context.Context, viewID, key string) {
	role, err := b.Store.Role(ctx, key)
	if err != nil {
		return
	}
	var items []*rich
	for _, m := range role.Missing() {
		items = append(items, say("Still missing: "+m+"."))
	}
	looked, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if trouble, err := b.Directory.ChannelTrouble(looked, role); err != nil {
		items = append(items, say("I couldn't look at the channel just now; I check it again before each post."))
	} else if trouble != "" {
		items = append(items, say(trouble+" Until then my posts wait."))
	}
	if later := laterPanelists(role); len(later) > 0 {
		items = append(items, say("In the channel and on a later panel: ").users(later).t(". They can read the summary of earlier rounds before they score. “summary: sealed” in the role's file puts the evidence behind a button."))
	}
	blocks := []slack.Block{section("Saved. " + role.Title + " is open: add a candidate with /candidate add.")}
	if !role.Open() {
		blocks = []slack.Block{section("Saved, but " + role.Title + " isn't open yet.")}
	}
	if len(items) > 0 {
		blocks = append(blocks, list(items...))
	}
	if err := b.update(ctx, viewID, modal("", "Set up a role", "", "Close", blocks...)); err != nil {
		b.Log.Warn("setup's result not shown", "role", key, "err", err)
	}
}

// laterPanelists returns who sits on a panel after the first interview.
func laterPanelists(role *hiring.Role) []string {
	if role.Sealed.V {
		return nil
	}
	first, _ := role.FirstInterview()
	seen := map[string]bool{}
	var out []string
	for _, st := range role.Stages {
		if st.Kind != hiring.StageInterview || st.ID == first.ID {
			continue
		}
		for _, p := range role.StagePanel(st) {
			if !seen[p.Person] {
				seen[p.Person] = true
				out = append(out, p.Person)
			}
		}
	}
	sort.Strings(out)
	return out
}
