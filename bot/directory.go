package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// A Directory knows the members of the workspace. It is filled at the start and
// kept current by events, so that asking it is a read of the database.
type Directory struct {
	Slack        *Client
	Store        Members
	Coordinators []string // COORDINATORS: user ids or e-mail addresses; empty: admins and owners

	mu       sync.Mutex
	dms      map[string]string // user id -> DM channel
	channels map[string]channelCheck
}

// Members keeps who is in the workspace.
type Members interface {
	SavePeople(ctx context.Context, people []hiring.Person) error
	Person(ctx context.Context, id string) (hiring.Person, error) // ErrNotFound
	People(ctx context.Context) ([]hiring.Person, error)
}

// Load reads all members from Slack.
func (d *Directory) Load(ctx context.Context) error {
	users, err := d.Slack.GetUsersContext(ctx)
	if err != nil {
		return fmt.Errorf("list the workspace's members: %w", err)
	}
	people := make([]hiring.Person, 0, len(users))
	for i := range users {
		people = append(people, toPerson(&users[i]))
	}
	return d.Store.SavePeople(ctx, people)
}

// Person returns a member, from Slack if they aren't known yet.
func (d *Directory) Person(ctx context.Context, id string) (hiring.Person, error) {
	p, err := d.Store.Person(ctx, id)
	if !errors.Is(err, hiring.ErrNotFound) {
		return p, err
	}
	if err := d.Learn(ctx, id); err != nil {
		return hiring.Person{}, err
	}
	return d.Store.Person(ctx, id)
}

// Learn reads one member from Slack anew.
func (d *Directory) Learn(ctx context.Context, id string) error {
	u, err := d.Slack.GetUserInfoContext(ctx, id)
	if err != nil {
		return fmt.Errorf("read member %s: %w", id, err)
	}
	return d.Store.SavePeople(ctx, []hiring.Person{toPerson(u)})
}

func toPerson(u *slack.User) hiring.Person {
	name := u.Profile.DisplayName
	for _, other := range []string{u.Profile.RealName, u.RealName, u.Name} {
		if name == "" {
			name = other
		}
	}
	return hiring.Person{
		ID: u.ID, Name: hiring.Clip(hiring.CleanLine(name), 80), Email: strings.TrimSpace(u.Profile.Email), Zone: u.TZ,
		Admin: u.IsAdmin || u.IsOwner || u.IsPrimaryOwner, Guest: u.IsRestricted || u.IsUltraRestricted,
		Foreign: u.IsStranger, Bot: u.IsBot || u.ID == "USLACKBOT", Deleted: u.Deleted,
	}
}

// Workspace returns who may set up roles and see everything: COORDINATORS, or
// the workspace's admins and owners.
func (d *Directory) Workspace(ctx context.Context) ([]string, error) {
	people, err := d.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range people {
		if !p.Employee() {
			continue
		}
		named := p.Admin
		if len(d.Coordinators) > 0 {
			named = false
			for _, c := range d.Coordinators {
				named = named || c == p.ID || strings.EqualFold(c, p.Email)
			}
		}
		if named {
			out = append(out, p.ID)
		}
	}
	return out, nil
}

// DM returns the channel of the bot's conversation with a member.
func (d *Directory) DM(ctx context.Context, person string) (string, error) {
	d.mu.Lock()
	channel := d.dms[person]
	d.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	ch, _, _, err := d.Slack.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{person}})
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dms == nil {
		d.dms = map[string]string{}
	}
	d.dms[person] = ch.ID
	return ch.ID, nil
}

// A channelCheck is what was last found about a role's channel.
type channelCheck struct {
	at      time.Time
	trouble string
}

// checkFor is how long a check of a channel stands, in real time.
const checkFor = 20 * time.Second

// ChannelTrouble says, in words, why candidate data may not be posted to the
// role's channel: it isn't private, it is shared with others, or somebody in it
// isn't on the team. "" when it may.
func (d *Directory) ChannelTrouble(ctx context.Context, role *hiring.Role) (string, error) {
	id := role.Setup.Channel
	if id == "" {
		return "No channel is set up for this role. Choose a private one with /hiring setup.", nil
	}
	d.mu.Lock()
	known, ok := d.channels[id+role.Key]
	d.mu.Unlock()
	if ok && time.Since(known.at) < checkFor {
		return known.trouble, nil
	}
	trouble, err := d.lookAtChannel(ctx, id, role)
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.channels == nil {
		d.channels = map[string]channelCheck{}
	}
	d.channels[id+role.Key] = channelCheck{time.Now(), trouble}
	return trouble, nil
}

// Forget drops what is remembered of channels, after a setup.
func (d *Directory) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.channels = nil
}

func (d *Directory) lookAtChannel(ctx context.Context, id string, role *hiring.Role) (string, error) {
	ch, err := d.Slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	switch {
	case isSlackError(err, "channel_not_found", "not_in_channel"):
		return "I'm not a member of the channel. Open it in Slack and type /invite @Convene there.", nil
	case err != nil:
		return "", err
	case ch.IsArchived:
		return "The channel is archived. Choose another one with /hiring setup.", nil
	case !ch.IsPrivate:
		return "The channel is public, so everybody could read about candidates. Make it private, or choose another one with /hiring setup.", nil
	case ch.IsExtShared || ch.IsShared || ch.IsOrgShared || ch.IsPendingExtShared:
		return "The channel is shared with others. Candidate data stays inside: choose another one with /hiring setup.", nil
	}
	members, err := d.members(ctx, id)
	if isSlackError(err, "channel_not_found", "not_in_channel") {
		return "I'm not a member of the channel. Open it in Slack and type /invite @Convene there.", nil
	}
	if err != nil {
		return "", err
	}
	workspace, err := d.Workspace(ctx)
	if err != nil {
		return "", err
	}
	allowed := map[string]bool{}
	for _, p := range append(role.Team(), workspace...) {
		allowed[p] = true
	}
	var strangers []string
	for _, m := range members {
		p, err := d.Person(ctx, m)
		if err != nil {
			return "", err
		}
		if !p.Bot && !p.Deleted && !allowed[m] {
			strangers = append(strangers, p.Name)
		}
	}
	if len(strangers) > 0 {
		return fmt.Sprintf("Not on this role's team: %s. Remove them from the channel, or add them to the team with /hiring setup.", strings.Join(strangers, ", ")), nil
	}
	return "", nil
}

func (d *Directory) members(ctx context.Context, channel string) ([]string, error) {
	var all []string
	cursor := ""
	for {
		ids, next, err := d.Slack.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: 200})
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}
