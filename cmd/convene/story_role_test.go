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
// name, which makes that channel with everybody in it.
func (s *story) roleCmd(args []string) (string, error) {
	setup := hiring.Setup{RoleKey: args[0], People: map[string][]string{}}
	team := []string{s.slack.App().BotUserID}
	for _, arg := range args[1:] {
		field, names, _ := strings.Cut(arg, "=")
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

// grade person: fills in the scorecard of any role that is open before them,
// and submits it.
func (s *story) gradeCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	v, ok := s.slack.TopModal(who)
	if !ok {
		return "", fmt.Errorf("%s has no scorecard open", args[0])
	}
	for _, e := range blockkit.Elements(v.Blocks) {
		options := blockkit.Options(e.Element)
		if !e.Input || len(options) == 0 || e.Type == "checkboxes" {
			continue
		}
		best := fmt.Sprint(options[len(options)-1]["value"])
		for _, o := range options {
			if text := fmt.Sprint(o["text"]); strings.Contains(text, "Strong") || strings.Contains(text, "Yes") {
				best = fmt.Sprint(o["value"])
				break
			}
		}
		if _, err := s.slack.Click(context.Background(), who, fakeslack.Place{}, e.BlockID, e.ActionID, best); err != nil {
			return "", err
		}
	}
	return s.steps(who, s.submits(who))
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
