package main

import (
	"context"
	"fmt"

	"convene/internal/hiring"
	"convene/internal/role"
	"convene/internal/sandbox/fakeslack"
)

const pixelRole = "pixelspoke-account-coordinator"

// pixelspoke sets up the role of seed 004: Sebastian interviews, Mark and Karly
// decide, Karly and Dana coordinate.
func (s *story) pixelspokeCmd([]string) (string, error) {
	err := s.app.OpenSampleRole(context.Background(), hiring.Setup{
		RoleKey: pixelRole, People: map[string][]string{"interviewer": {sebastian}},
		Coordinators: []string{karly, dana}, Deciders: []string{mark, karly}, Channel: channelAC,
	}, karly)
	if err != nil {
		return "", err
	}
	return "", s.settle()
}

// rate person role: fills in the scorecard of that role that is open before
// them, all alike, and submits it.
func (s *story) rateCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	roles, err := role.Builtin()
	if err != nil {
		return "", err
	}
	for _, r := range roles {
		if r.Key != args[1] {
			continue
		}
		var steps []func(context.Context) (fakeslack.Result, error)
		for _, c := range r.Competencies {
			steps = append(steps, s.fills(who, "Level: "+c.Name, "3 · Strong"))
		}
		for _, g := range r.Gates {
			steps = append(steps, s.fills(who, g.Text, "Yes"))
		}
		return s.steps(who, append(steps, s.fills(who, "Your recommendation", "Yes"), s.submits(who))...)
	}
	return "", fmt.Errorf("no built-in role is called %q", args[1])
}
