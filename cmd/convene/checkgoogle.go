package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/mail"
	"convene/internal/outbox"
)

func (c *checkup) lookAtGoogle(ctx context.Context, s *section) {
	clock := readClock()
	options := gcal.Options{
		CredentialsJSON: []byte(c.cfg.GoogleCredentials.Reveal()), Impersonate: c.cfg.GoogleImpersonate,
		CalendarID: c.cfg.GoogleCalendarID, BaseURL: c.cfg.GoogleCalendarURL, UserAgent: "convene",
		HTTPTimeout: checkTime, Transport: clock,
	}
	client, err := gcal.New(ctx, options)
	if err == nil {
		err = c.signIn(ctx, s, client)
	} else {
		s.fault("sign-in", err.Error())
	}
	if err != nil {
		clock.report(s, "Google")
		s.unseen("calendars and Meet", "the bot must sign in first")
		return
	}
	calendar := "calendar " + c.cfg.GoogleCalendarID
	access, err := client.Access(ctx)
	clock.report(s, "Google")
	switch {
	case err != nil:
		s.fault(calendar, googleWords(err))
		s.unseen("Meet and the team's calendars", "the calendar of the interviews must answer first")
		return
	case access.Trouble != nil:
		s.fault(calendar, access.Trouble.Error())
	default:
		s.fine("%s (%s): the bot may write to it", calendar, access.Name)
	}
	c.lookAtMeet(ctx, s, options, access)
	c.lookAtBusyTimes(ctx, s, client)
}

func (c *checkup) signIn(ctx context.Context, s *section, client *gcal.Client) error {
	what := "sign-in with GOOGLE_CREDENTIALS"
	if c.cfg.GoogleImpersonate != "" {
		what = "sign-in as " + c.cfg.GoogleImpersonate + serviceAccountName(c.cfg.GoogleCredentials)
	}
	switch signed, err := client.SignIn(ctx); {
	case err != nil:
		s.fault(what, googleWords(err))
		return err
	case !signed:
		s.unseen("sign-in", "GOOGLE_CALENDAR_URL is on this machine, and GOOGLE_CREDENTIALS is not set")
	default:
		s.fine("%s: Google lets the bot in", what)
	}
	return nil
}

// serviceAccountName names the account as the Admin console asks for it: by its
// client id.
func serviceAccountName(credentials Secret) string {
	var key struct {
		Email string `json:"client_email"`
		ID    string `json:"client_id"`
	}
	if err := json.Unmarshal([]byte(credentials.Reveal()), &key); err != nil || key.ID == "" {
		return ""
	}
	return fmt.Sprintf(" by %s (client ID %s)", key.Email, key.ID)
}

// googleWords adds what to do about what may be better by itself soon.
func googleWords(err error) string {
	if outbox.Classify(err).Class == outbox.ClassLater {
		return err.Error() + ": try again in a minute; if it stays, check the network, and GOOGLE_CALENDAR_URL if it is set"
	}
	return err.Error()
}

// lookAtMeet asks whether the calendar makes Meet links, when a stage needs one.
func (c *checkup) lookAtMeet(ctx context.Context, s *section, options gcal.Options, access gcal.Access) {
	roles := c.setUp
	if len(roles) == 0 {
		roles = c.roles
	}
	what := "Meet on calendar " + c.cfg.GoogleCalendarID
	switch {
	case !slices.ContainsFunc(roles, meets):
		s.unseen(what, "no stage of a role meets there")
		return
	case access.Trouble != nil:
		s.unseen(what, "the bot must be allowed to write to the calendar first")
		return
	}
	options.Scopes = []string{gcal.LookScope}
	client, err := gcal.New(ctx, options)
	if err == nil {
		err = client.MeetTrouble(ctx)
	}
	switch {
	case errors.Is(err, gcal.ErrNoLook):
		s.unseen(what, err.Error()+"; the bot works without it")
	case err != nil:
		s.fault(what, googleWords(err))
	default:
		s.fine("%s: it makes links", what)
	}
}

// meets reports whether a stage of the role meets by Meet.
func meets(r *hiring.Role) bool {
	return slices.ContainsFunc(r.Stages, func(s hiring.Stage) bool {
		return s.Kind == hiring.StageInterview && s.Location.V.Kind == "meet"
	})
}

// lookAtBusyTimes asks for the free/busy of everybody on a team.
func (c *checkup) lookAtBusyTimes(ctx context.Context, s *section, client *gcal.Client) {
	const what = "calendars of the team"
	var t colleagues
	select {
	case t = <-c.team:
	case <-ctx.Done():
		return
	}
	if t.why != "" {
		s.unseen(what, t.why)
		return
	}
	var addresses []string
	for _, p := range t.people {
		addresses = append(addresses, p.CalendarID())
	}
	now := time.Now()
	calendars, err := client.Busy(ctx, addresses, now, now.Add(24*time.Hour))
	if err != nil {
		s.fault(what, googleWords(err))
		return
	}
	var readable []string
	for _, p := range t.people {
		id := p.CalendarID()
		switch why := calendars[id].Unreadable; {
		case id == "":
			s.fault("calendar of "+p.Name, "there is no e-mail address in their Slack profile: add one, or name their calendar with /hiring setup")
		case why != "":
			s.fault(fmt.Sprintf("calendar of %s (%s)", p.Name, id), why+": share it inside the company as free/busy, or name their right calendar with /hiring setup")
		default:
			readable = append(readable, p.Name)
		}
	}
	if len(readable) > 0 {
		s.fine("%s: when they are busy can be read: %s", what, strings.Join(readable, ", "))
	}
}

func (c *checkup) lookAtMail(ctx context.Context, s *section) {
	if c.cfg.CandidateEmail != EmailSend {
		s.unseen("mail server", "CANDIDATE_EMAIL="+c.cfg.CandidateEmail+" sends nothing")
		return
	}
	sender, err := mail.New(mail.Options{URL: c.cfg.SMTPURL.Reveal(), From: c.cfg.MailFrom, Timeout: checkTime})
	if err != nil {
		s.fault("mail server", err.Error())
		return
	}
	address, privacy := sender.Where()
	what := fmt.Sprintf("mail server %s (%s)", address, privacy)
	if err := sender.Check(ctx); err != nil {
		s.fault(what, err.Error())
		return
	}
	s.fine("%s: it lets the bot in; nothing was sent", what)
}
