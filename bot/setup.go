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
	if c.View != nil && c.View.Type == slack.VTModal {
		return c.push(ctx, view)
	}
	_, err = c.open(ctx, view)
	return err
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
	role := roles[0]
	for _, r := range roles {
		if words != "" && (r.Key == words || strings.Contains(strings.ToLower(r.Title+" "+r.Company+" "+r.Key), words)) {
			role = r
			break
		}
	}
	s := role.Setup
	blocks := []slack.Block{menu("role", actSetupRole, "Role", roleOptions(roles), role.Key, true)}
	for _, t := range role.Titles {
		blocks = append(blocks, optional(peopleField("title:"+t.Key, t.Text, titleHint(role, t), s.People[t.Key])))
	}
	for _, st := range role.Stages {
		if st.Kind == hiring.StageInterview && len(st.Panelists) == 0 {
			blocks = append(blocks, optional(peopleField("title:stage:"+st.ID, "Who holds “"+hiring.Clip(st.Name, 100)+"”?", "The role's document doesn't say.", s.People["stage:"+st.ID])))
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
		peopleField("coordinators", "Coordinators", "They add candidates, schedule, and see everything that Independence allows.", coordinators),
		peopleField("deciders", "Deciders", "They record decisions.", s.Deciders),
		field("channel", "The role's private channel", "Summaries go there. Type /invite @Convene in it first, and keep everybody out who isn't on the team.", channel),
	)
	confirm := slack.NewCheckboxGroupsBlockElement("confirm", option("yes", "These values are right for us", ""))
	if s.Confirmed == role.Revision && s.SavedBy != "" {
		confirm.InitialOptions = confirm.Options
	}
	blocks = append(blocks, chosenBlocks(role)...)
	blocks = append(blocks, optional(field("confirm", "Confirm what was chosen", "To change one, put it into the role's file.", confirm)))
	v := modal(viewSetup, "Set up a role", "Save", "Close", blocks...)
	v.PrivateMetadata = meta{Role: role.Key}.String()
	return v, nil
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
