package main

import (
	"context"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/sandbox"
)

// sampleRole is the built-in role that the sandbox's company hires for.
const sampleRole = "account-coordinator"

// sampleCandidate is in already; sampleNews tells of two more, far away, who
// are still to be added.
var sampleCandidate = hiring.Candidate{
	RoleKey: sampleRole, Name: "Noah Lindqvist", Email: "noah@mail.example", Zone: "America/Los_Angeles",
	EarliestHour: 8 * time.Hour, LatestHour: 16 * time.Hour,
}

const sampleNews = "Good morning! Noah Lindqvist is in the system, in Los Angeles. Two more applied overnight, please add them:\n" +
	"• Amara Osei, amara@mail.example, in London (Europe/London), free from 2 pm her time\n" +
	"• Kai Nakamura, kai@mail.example, in Honolulu (Pacific/Honolulu), likes mornings"

// openSampleRole sets the sample role up as Karly would with /hiring setup and
// adds the first candidate, unless somebody has.
func openSampleRole(ctx context.Context, a *app, company *sandbox.Sandbox) error {
	role, err := a.db.Role(ctx, sampleRole)
	if err != nil || role.Setup.SavedBy != "" {
		return err
	}
	if err := a.directory.Load(ctx); err != nil {
		return err
	}
	c := company.Company()
	err = a.OpenSampleRole(ctx, hiring.Setup{
		RoleKey:      sampleRole,
		People:       map[string][]string{"strategist": {c.Karly}, "director-of-ops": {c.Sebastian}, "owner": {c.Mark}},
		Coordinators: []string{c.Karly, c.Dana},
		Deciders:     []string{c.Karly, c.Mark},
		Channel:      c.Hiring,
	}, c.Karly)
	if err != nil {
		return err
	}
	candidates := &candidate.Service{Store: a.db, Now: a.clock.Now, NewID: newID}
	if _, err := candidates.Add(ctx, sampleCandidate, c.Dana); err != nil {
		return err
	}
	_, err = company.Slack.Say(ctx, c.Dana, c.Hiring, sampleNews, "")
	return err
}
