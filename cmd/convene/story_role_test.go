package main

import (
	"context"
	"fmt"
	"strings"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// role key field=who,who…: sets a role up as Karly would with /hiring setup. A
// field is a title of the role, "coordinators", "deciders", or "channel" with a
// name: #hiring-ac, or another, which is made with everybody in it.
func (s *story) roleCmd(args []string) (string, error) {
	setup := hiring.Setup{RoleKey: args[0], People: map[string][]string{}}
	team := []string{s.slack.App().BotUserID}
	for _, arg := range args[1:] {
		field, names, _ := strings.Cut(arg, "=")
		if names == "hiring-ac" { // is there already
			setup.Channel = channelAC
			continue
		}
		if field == "channel" {
			setup.Channel = "C0" + strings.ToUpper(strings.ReplaceAll(names, "-", ""))
			if s.channels == nil {
				s.channels = map[string]string{}
			}
			s.channels[setup.Channel] = names
			s.slack.PutChannel(fakeslack.Channel{ID: setup.Channel, Name: names, IsPrivate: true, Members: team})
			continue
		}
		var ids []string
		for name := range strings.SplitSeq(names, ",") {
			id, err := person(name)
			if err != nil {
				return "", err
			}
			ids = append(ids, id)
		}
		team = append(team, ids...)
		switch field {
		case "coordinators":
			setup.Coordinators = ids
		case "deciders":
			setup.Deciders = ids
		default:
			setup.People[field] = ids
		}
	}
	if err := s.app.OpenSampleRole(context.Background(), setup, karly); err != nil {
		return "", err
	}
	return "", s.settle()
}

// score person: fills in the scorecard that is open before them, all strong,
// and submits it.
func (s *story) scoreCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	v, ok := s.slack.TopModal(who)
	if !ok {
		return "", fmt.Errorf("%s has no scorecard open", args[0])
	}
	var steps []func(context.Context) (fakeslack.Result, error)
	for _, e := range blockkit.Elements(v.Blocks) {
		for _, o := range blockkit.Options(e.Element) {
			text, _ := o["text"].(map[string]any)
			if label := text["text"]; e.Input && (label == "3 · Strong" || label == "Yes") {
				steps = append(steps, func(ctx context.Context) (fakeslack.Result, error) {
					return s.slack.Click(ctx, who, fakeslack.Place{}, e.BlockID, e.ActionID, fmt.Sprint(o["value"]))
				})
			}
		}
	}
	return s.steps(who, append(steps, s.submits(who))...)
}

// posts person channel: a channel that "role" made, as the person sees it.
func (s *story) postsCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	for id, name := range s.channels {
		if name == args[1] {
			list, err := s.slack.In(who, id)
			return s.texts(who, list), err
		}
	}
	return "", fmt.Errorf("no role of this story has the channel %s", args[1])
}
