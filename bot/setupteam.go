package bot

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/setup"
)

// teamView asks who fills the role's titles, who coordinates and who decides.
// Who sets the role up first is proposed as coordinator.
func teamView(p hiring.Person, role *hiring.Role) slack.ModalViewRequest {
	s := role.Setup
	blocks := []slack.Block{section("Leave open what you don't know yet: whatever you save is kept, and anybody who may set this role up can go on.")}
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
	blocks = append(blocks,
		optional(peopleField("coordinators", "Coordinators", "They add candidates, schedule, and see everything that Independence allows.", coordinators)),
		optional(peopleField("deciders", "Deciders", "They record decisions.", s.Deciders)))
	return modal(viewSetup, "Team", "Save", "Back", blocks...)
}

func peopleField(id, label, hint string, chosen []string) *slack.InputBlock {
	el := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("Choose people"), "people")
	el.InitialUsers = chosen
	return field(id, label, hint, el)
}

func titleHint(role *hiring.Role, t hiring.Title) string {
	var parts []string
	switch {
	case t.Name != "":
		parts = append(parts, "The document names "+t.Name+".")
	case t.Chosen:
		parts = append(parts, "The document names no such title; a stage needs somebody.")
	}
	var stages []string
	for _, st := range role.Stages {
		for _, p := range st.Panelists {
			if p.Title == t.Key {
				part := ""
				switch {
				case p.Any > 0:
					part = fmt.Sprintf(" (any %d of them)", p.Any)
				case p.Part != hiring.Required:
					part = " (" + string(p.Part) + ")"
				}
				stages = append(stages, st.Name+part)
			}
		}
	}
	if len(stages) > 0 {
		parts = append(parts, "Takes part in: "+strings.Join(stages, ", ")+".")
	}
	return hiring.Clip(strings.Join(parts, " "), 2000)
}

func typedTeam(state map[string]input) setup.Team {
	t := setup.Team{People: map[string][]string{}, Coordinators: state["coordinators"].SelectedUsers, Deciders: state["deciders"].SelectedUsers}
	for block, in := range state {
		if key, ok := strings.CutPrefix(block, "title:"); ok && len(in.SelectedUsers) > 0 {
			t.People[key] = in.SelectedUsers
		}
	}
	return t
}

// channelView asks for the role's channel. found is what a look at it found.
func channelView(role *hiring.Role, found string) slack.ModalViewRequest {
	el := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain("A private channel"), "channel")
	el.Filter = &slack.SelectBlockElementFilter{Include: []string{"private"}, ExcludeExternalSharedChannels: true}
	el.InitialConversation = role.Setup.Channel
	blocks := []slack.Block{
		section("Booked interviews, the Monday summary and its buttons go to one private channel, where only this role's team may be."),
		field("channel", "The role's private channel", "Slack lists those that you are in.", el),
		list(
			say("Make a private channel in Slack if there is none, and invite the team."),
			say("Type ").b("/invite @Convene").t(" in it, so that I can post there."),
			say("Keep everybody out who isn't on the team: I look before each post, and wait otherwise."),
		),
	}
	if found != "" {
		blocks = append(blocks, section(found))
	}
	blocks = append(blocks, actions("", button(actSetupLook, role.Key, "Look again")))
	if later := laterPanelists(role); len(later) > 0 && role.Setup.Channel != "" {
		blocks = append(blocks, divider(),
			say("On a later panel: ").users(later).t(". In the channel they can read the summary of earlier rounds before they score. Sealed, its evidence is behind a button for those who may see it.").block(),
			actions("", button(actSetupSeal, role.Key, "Seal the evidence")))
	}
	return modal(viewSetup, "Channel", "Save", "Back", blocks...)
}

// lookAtChannel tells what is wrong with the channel that is chosen in the modal.
func (b *Bot) lookAtChannel(ctx context.Context, c *click) error {
	c.ack()
	m := readMeta(c.View.PrivateMetadata)
	role, err := b.Setup.Role(ctx, m.Role, c.Person.ID)
	if err != nil {
		return err
	}
	chosen := *role
	if id := c.State["channel"].SelectedConversation; id != "" {
		chosen.Setup.Channel = id
	}
	found := "Choose a channel first, then I look at it."
	if chosen.Setup.Channel != "" {
		b.Directory.Forget()
		looked, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		trouble, err := b.Directory.ChannelTrouble(looked, &chosen)
		switch {
		case err != nil:
			found = "I couldn't look at the channel just now. Please try again."
		case trouble != "":
			found = "✗ " + trouble
		default:
			found = "✓ This channel is fit: it is private, I am in it, and everybody else in it is on the team."
		}
	}
	view := channelView(role, found)
	view.PrivateMetadata = c.View.PrivateMetadata
	return b.update(ctx, c.View.ID, view)
}

// sealSummary puts the evidence behind a button.
func (b *Bot) sealSummary(ctx context.Context, c *click) error {
	if err := b.Setup.Seal(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	c.ack()
	return b.reshow(ctx, c, readMeta(c.View.PrivateMetadata), "Sealed: the summary shows evidence behind a button from now on. “Change limits” takes it back.")
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
		people := panelIDs(role.StagePanel(st))
		for _, pool := range role.StagePools(st) {
			people = append(people, pool.People...)
		}
		for _, id := range people {
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	sort.Strings(out)
	return out
}

// confirmView lists the values that nobody stated and that wait for a yes.
func confirmView(role *hiring.Role) slack.ModalViewRequest {
	open := role.Unconfirmed()
	if len(open) == 0 {
		return modal("", "Confirm", "", "Back", section("Nothing waits for a yes: all that was chosen for you is confirmed or set."))
	}
	blocks := []slack.Block{section("The role's document doesn't say the following, so it was chosen for you. Go back and change what doesn't fit; then say yes to the rest. Deadlines are in the role's zone, " + role.Zone.V + "; working hours in each person's own.")}
	for items := open; len(items) > 0; {
		n := min(len(items), 20)
		var lines []*rich
		for _, c := range items[:n] {
			lines = append(lines, say("").b(c.Name).t(": "+hiring.Clip(c.Text, 300)))
		}
		blocks, items = append(blocks, list(lines...)), items[n:]
	}
	return modal(viewSetup, "Confirm", "Yes, this fits us", "Back", blocks...)
}
