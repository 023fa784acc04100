package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/bot"
	"convene/internal/hiring"
)

// checkTime bounds one step of a check that goes over the network.
const checkTime = 10 * time.Second

// colleagues are everybody with a part in a role that is set up, or why they aren't
// known.
type colleagues struct {
	people []hiring.Person
	why    string
}

func (c *checkup) lookAtSlack(ctx context.Context, s *section) {
	defer close(c.team)
	clock := readClock()
	p := bot.NewProbe(c.cfg.SlackBotToken.Reveal(), c.cfg.SlackAppToken.Reveal(), c.cfg.SlackAPIURL, c.cfg.Coordinators, clock)
	socket := make(chan socketResult, 1)
	go func() {
		hello, err := p.Socket(ctx)
		socket <- socketResult{hello, err}
	}()
	who, err := p.Client.WhoAmI(ctx)
	if err != nil {
		s.fault("bot token", bot.InWords(err))
		c.team <- colleagues{why: "Slack must answer to the bot token first"}
	} else {
		s.fine("bot token: of the bot %s in the workspace %s", who.Bot, who.Workspace)
		c.lookAtScopes(s, p)
	}
	clock.report(s, "Slack")
	c.lookAtSocket(ctx, s, p, who, <-socket, err)
	if err != nil {
		s.unseen("coordinators, teams and channels", "Slack must answer to the bot token first")
		return
	}
	c.lookAtPeople(ctx, s, p)
}

func (c *checkup) lookAtScopes(s *section, p *bot.Probe) {
	switch known, err := p.Scopes(); {
	case !known:
		s.unseen("scopes of the bot token", "Slack did not tell them")
	case err != nil:
		s.fault("scopes of the bot token", bot.InWords(err))
	default:
		s.fine("scopes of the bot token: all %d", len(bot.Scopes()))
	}
}

type socketResult struct {
	hello bot.Hello
	err   error
}

// lookAtSocket says whether Slack opens a socket, and for the same app that the
// bot token is of.
func (c *checkup) lookAtSocket(ctx context.Context, s *section, p *bot.Probe, who bot.Identity, socket socketResult, botErr error) {
	if socket.err != nil {
		if botErr != nil && !errors.Is(botErr, bot.ErrRefused) && !errors.Is(socket.err, bot.ErrRefused) {
			s.unseen("app token and socket", "Slack must be reached first")
			return
		}
		s.fault("app token and socket", bot.InWords(socket.err))
		return
	}
	if botErr == nil {
		ctx, cancel := context.WithTimeout(ctx, checkTime)
		defer cancel()
		app, err := p.AppOf(ctx, who.BotID)
		if err == nil && app != "" && socket.hello.App != "" && app != socket.hello.App {
			s.fault("app token and socket", fmt.Sprintf("SLACK_APP_TOKEN is of the Slack app %s, and SLACK_BOT_TOKEN of %s: take both from the pages of one app", socket.hello.App, app))
			return
		}
	}
	others := ""
	if n := socket.hello.Connections - 1; n > 0 {
		others = fmt.Sprintf(" (others that are open: %d, so the bot is running)", n)
	}
	s.fine("app token and socket: Slack opens one and says hello%s", others)
}

// lookAtPeople looks for the coordinators and the teams among the workspace's
// members, and at the roles' channels.
func (c *checkup) lookAtPeople(ctx context.Context, s *section, p *bot.Probe) {
	listing, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	members, err := p.Members(listing)
	if err != nil {
		const what = "coordinators, teams and channels"
		c.team <- colleagues{why: "the workspace's members can't be read"}
		if bot.LacksScope(err) {
			s.unseen(what, "the bot token lacks the scope users:read")
		} else {
			s.fault(what, bot.InWords(err))
		}
		return
	}
	known := map[string]hiring.Person{}
	for _, m := range members {
		known[m.ID] = m
	}
	c.team <- c.everybody(known, p)
	c.lookAtCoordinators(s, p, members)
	channels := make([]*section, len(c.setUp))
	for i, role := range c.setUp {
		channels[i] = begin("", func(s *section) { lookAtChannel(ctx, s, p, role) })
	}
	for i, role := range c.setUp {
		lookAtTeam(s, role, known)
		for f := range channels[i].found {
			s.found <- f
		}
	}
	if len(c.setUp) == 0 {
		s.unseen("teams and channels", c.noTeam())
	}
}

// noTeam says why there is no team to look for.
func (c *checkup) noTeam() string {
	if !c.setupsRead {
		return "the setup of the roles was not read"
	}
	return "no role is set up"
}

// everybody returns whose calendars matter: all on a team who may be on one.
func (c *checkup) everybody(known map[string]hiring.Person, p *bot.Probe) colleagues {
	if p.Lacks("users:read.email") {
		return colleagues{why: "their addresses are unknown: the bot token lacks the scope users:read.email"}
	}
	stored := map[string]hiring.Person{}
	for _, person := range c.database.People {
		stored[person.ID] = person
	}
	var t colleagues
	seen := map[string]bool{}
	for _, role := range c.setUp {
		for _, id := range role.Team() {
			person, ok := known[id]
			if seen[id] || !ok || !person.Employee() {
				continue // a person who isn't there is the team's fault, not the calendar's
			}
			seen[id] = true
			person.Calendar = stored[id].Calendar
			t.people = append(t.people, person)
		}
	}
	if len(t.people) == 0 {
		t.why = c.noTeam()
	}
	return t
}

func (c *checkup) lookAtCoordinators(s *section, p *bot.Probe, members []hiring.Person) {
	if len(c.cfg.Coordinators) == 0 {
		var admins []string
		for _, m := range members {
			if m.Admin && m.Employee() {
				admins = append(admins, m.Name)
			}
		}
		if len(admins) == 0 {
			s.fault("coordinators", "COORDINATORS is not set, and the workspace has no admin or owner whom the bot can see: set COORDINATORS")
			return
		}
		s.fine("coordinators: COORDINATORS is not set, so the workspace's admins and owners: %s", strings.Join(admins, ", "))
		return
	}
	var found []string
	for _, named := range c.cfg.Coordinators {
		what := "coordinator " + named
		m, ok := findMember(members, named)
		switch {
		case ok && m.Employee():
			found = append(found, m.Name)
		case ok:
			s.fault(what, fmt.Sprintf("%s %s: name somebody else in COORDINATORS", m.Name, outside(m)))
		case strings.Contains(named, "@") && p.Lacks("users:read.email"):
			s.unseen(what, "the bot token lacks the scope users:read.email")
		case strings.Contains(named, "@"):
			s.fault(what, "nobody in the workspace has this e-mail address: correct COORDINATORS, or write their Slack user id there")
		default:
			s.fault(what, "nobody in the workspace has this user id: correct COORDINATORS")
		}
	}
	if len(found) > 0 {
		s.fine("coordinators: found in the workspace: %s", strings.Join(found, ", "))
	}
}

// findMember finds somebody by their user id or e-mail address, as COORDINATORS
// names them.
func findMember(members []hiring.Person, named string) (hiring.Person, bool) {
	var left hiring.Person // who isn't a colleague any more, but may share the address with somebody who is
	for _, m := range members {
		if m.ID != named && !strings.EqualFold(m.Email, named) {
			continue
		}
		if m.Employee() {
			return m, true
		}
		left = m
	}
	return left, left.ID != ""
}

// outside says why somebody can't be on a team.
func outside(p hiring.Person) string {
	switch {
	case p.Deleted:
		return "is deactivated"
	case p.Bot:
		return "is an app"
	case p.Foreign:
		return "belongs to another company"
	}
	return "is a guest"
}

func lookAtTeam(s *section, role *hiring.Role, known map[string]hiring.Person) {
	what := "team of " + role.Key
	var found []string
	for _, id := range role.Team() {
		m, ok := known[id]
		switch {
		case !ok:
			s.fault(what, id+" is not in the workspace: choose somebody else with /hiring setup")
		case !m.Employee():
			s.fault(what, fmt.Sprintf("%s %s: choose somebody else with /hiring setup", m.Name, outside(m)))
		default:
			found = append(found, m.Name)
		}
	}
	if len(found) > 0 {
		s.fine("%s: found in the workspace: %s", what, strings.Join(found, ", "))
	}
}

func lookAtChannel(ctx context.Context, s *section, p *bot.Probe, role *hiring.Role) {
	if role.Setup.Channel == "" {
		return // the setup lacks it, which was said
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	what := fmt.Sprintf("channel %s of %s", p.ChannelName(ctx, role.Setup.Channel), role.Key)
	trouble, err := p.Directory.ChannelTrouble(ctx, role)
	switch {
	case bot.LacksScope(err):
		s.unseen(what, "the bot token lacks a scope")
	case err != nil:
		s.fault(what, bot.InWords(err))
	case trouble != "":
		s.fault(what, trouble)
	default:
		s.fine("%s: private, the bot is in it, and nobody else but the team", what)
	}
}
