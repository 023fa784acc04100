package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// The commands of stories by which the world outside the bot changes or goes
// wrong, and which show what has reached it.

// google move start end | delete | decline who [words] | maybe who | accept who | busy who start end
// | forgets | holds address | add who | off who, on the one interview that stands. "holds"
// gives somebody outside a Google account, so that "invitation" shows what they
// see; "add" and "off" are a person who changes the guests by hand.
func (s *story) googleCmd(args []string) (string, error) {
	event := s.event()
	when := func(i int) time.Time {
		t, err := time.Parse(time.RFC3339, args[i])
		if err != nil {
			panic(err)
		}
		return t
	}
	var err error
	switch args[0] {
	case "move":
		err = s.google.HumanMove(event, when(1), when(2))
	case "delete":
		err = s.google.HumanDelete(event, true)
	case "decline":
		err = s.google.RSVP(s.email(args[1]), event, "declined", strings.Join(args[2:], " "))
	case "maybe":
		err = s.google.RSVP(s.email(args[1]), event, "tentative", "")
	case "accept":
		err = s.google.RSVP(s.email(args[1]), event, "accepted", "")
	case "busy":
		_, err = s.google.AddBusy(s.email(args[1]), "busy", when(2), when(3), false)
	case "add", "off":
		guests := slices.DeleteFunc(s.attendees(), func(g fakegoogle.Attendee) bool { return g.Email == s.email(args[1]) })
		if args[0] == "add" {
			guests = append(guests, fakegoogle.Attendee{Email: s.email(args[1])})
		}
		patch, jerr := json.Marshal(map[string]any{"attendees": guests})
		if jerr != nil {
			return "", jerr
		}
		err = s.google.HumanEdit(event, patch)
	case "forgets": // how far the bot has read
		s.google.ExpireSyncTokens("interviews@asymmetric.example")
	case "holds":
		err = s.google.AddUser(fakegoogle.User{Email: args[1], Name: "Guest"})
	default:
		return "", fmt.Errorf("google %s?", args[0])
	}
	if err != nil {
		return "", err
	}
	return "", s.settle()
}

// people deactivate who | leave who | join who | zone who where: changes in Slack's workspace.
// The bot is "convene".
func (s *story) peopleCmd(args []string) (string, error) {
	who, err := person(args[1])
	if args[1] == "convene" {
		who, err = s.slack.App().BotUserID, nil
	}
	if err != nil {
		return "", err
	}
	switch args[0] {
	case "deactivate":
		err = s.slack.UpdateUser(who, func(u *fakeslack.User) { u.Deleted = true })
	case "zone":
		err = s.slack.UpdateUser(who, func(u *fakeslack.User) { u.TZ = args[2] })
	case "join":
		err = s.slack.UpdateChannel(channelAC, func(c *fakeslack.Channel) { c.Members = append(c.Members, who) })
	case "leave":
		err = s.slack.UpdateChannel(channelAC, func(c *fakeslack.Channel) {
			c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return m == who })
		})
	default:
		return "", fmt.Errorf("people %s?", args[0])
	}
	if err != nil {
		return "", err
	}
	return "", s.settle()
}

// room public, room private: what somebody makes of the role's channel. room add
// name, room drop name: who is in it.
func (s *story) roomCmd(args []string) (string, error) {
	change := func(c *fakeslack.Channel) { c.IsPrivate = args[0] == "private" }
	if len(args) > 1 {
		who, err := person(args[1])
		if err != nil {
			return "", err
		}
		change = func(c *fakeslack.Channel) {
			c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { return id == who })
			if args[0] == "add" {
				c.Members = append(c.Members, who)
			}
		}
	}
	if err := s.slack.UpdateChannel(channelAC, change); err != nil {
		return "", err
	}
	return "", s.settle()
}

// fault slack method kind | fault google method kind | fault smtp kind: the next
// call goes wrong. Each must happen before the story ends.
func (s *story) faultCmd(args []string) (string, error) {
	switch args[0] {
	case "google":
		f, err := googleFault(args[2])
		if err != nil {
			return "", err
		}
		f.Method, f.Times = args[1], 1
		s.google.AddFault(f)
	case "slack":
		f, err := slackFault(args[2])
		if err != nil {
			return "", err
		}
		s.pending.Add(1)
		f.Times, f.Match = 1, func(map[string]any) bool { s.pending.Add(-1); return true }
		s.slack.SetFault(args[1], f)
	case "smtp":
		s.mailServer.fault(args[1])
	default:
		return "", fmt.Errorf("fault %s?", args[0])
	}
	return "", nil
}

// slow method (slash person command [words…] | submit person): Google takes its
// time over that call. Shows what the person sees meanwhile, and what in the end.
func (s *story) slowCmd(args []string) (string, error) {
	asked, answer := make(chan struct{}), make(chan struct{})
	s.google.AddFault(fakegoogle.Fault{Method: args[0], Before: func(*fakegoogle.Server) { close(asked); <-answer }})
	who, err := person(args[2])
	if err != nil {
		return "", err
	}
	var r fakeslack.Result
	switch args[1] {
	case "slash":
		r, err = s.slack.Slash(context.Background(), who, channelGe, args[3], strings.Join(args[4:], " "))
	case "submit":
		r, err = s.slack.Submit(context.Background(), who)
	default:
		err = fmt.Errorf("slow %s?", args[1])
	}
	if err != nil {
		close(answer)
		return "", err
	}
	<-asked
	meanwhile := s.before(who, r)
	close(answer)
	if err := s.settle(); err != nil {
		return "", err
	}
	return "meanwhile:\n" + meanwhile + "in the end:\n" + s.before(who, fakeslack.Result{}), nil
}

// before method move start end: a person moves the interview's event just before
// Google carries out the bot's next call of that method.
func (s *story) beforeCmd(args []string) (string, error) {
	start, err := time.Parse(time.RFC3339, args[2])
	if err != nil {
		return "", err
	}
	end, err := time.Parse(time.RFC3339, args[3])
	if err != nil {
		return "", err
	}
	event := s.event()
	s.google.AddFault(fakegoogle.Fault{Method: args[0], Before: func(g *fakegoogle.Server) {
		if err := g.HumanMove(event, start, end); err != nil {
			panic(err)
		}
	}})
	return "", nil
}

// slackFault is a way in which a call to Slack goes wrong. "lost", "late503" and
// "internal_error" are carried out all the same.
func slackFault(kind string) (fakeslack.Fault, error) {
	switch kind {
	case "429":
		return fakeslack.Fault{RetryAfter: time.Second}, nil
	case "503":
		return fakeslack.Fault{HTTPStatus: 503}, nil
	case "drop":
		return fakeslack.Fault{DropBefore: true}, nil
	case "lost":
		return fakeslack.Fault{DropAfter: true}, nil
	case "late503":
		return fakeslack.Fault{AfterStatus: 503}, nil
	case "internal_error":
		return fakeslack.Fault{AfterError: "internal_error"}, nil
	}
	return fakeslack.Fault{}, fmt.Errorf("slack doesn't go wrong by %q", kind)
}

// googleFault is the same for Google; "lost", "late503" and "half" are carried
// out all the same.
func googleFault(kind string) (fakegoogle.Fault, error) {
	switch kind {
	case "429":
		return fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: 429, Reason: "rateLimitExceeded", RetryAfter: 1}, nil
	case "503":
		return fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: 503, Reason: "backendError"}, nil
	case "409":
		return fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: 409, Reason: "duplicate"}, nil
	case "412":
		return fakegoogle.Fault{Action: fakegoogle.FaultStatus, Status: 412, Reason: "conditionNotMet"}, nil
	case "drop":
		return fakegoogle.Fault{Action: fakegoogle.FaultDropBefore}, nil
	case "lost":
		return fakegoogle.Fault{Action: fakegoogle.FaultCommitThenDrop}, nil
	case "late503":
		return fakegoogle.Fault{Action: fakegoogle.FaultCommitThenStatus}, nil
	case "half":
		return fakegoogle.Fault{Action: fakegoogle.FaultTruncatedJSON}, nil
	}
	return fakegoogle.Fault{}, fmt.Errorf("google doesn't go wrong by %q", kind)
}

// pass duration: so much time passes for the dispatchers, who wait by the machine's
// clock before they try again, and for what is remembered of channels.
func (s *story) passCmd(args []string) (string, error) {
	d, err := time.ParseDuration(args[0])
	if err != nil {
		return "", err
	}
	s.wall.skip(d)
	s.app.directory.Forget()
	return "", s.settle()
}

// mail lists what the mail server took.
func (s *story) mailCmd([]string) (string, error) {
	if s.mailServer == nil {
		return "", fmt.Errorf("this story has no mail server")
	}
	return strings.Join(s.mailServer.mails(), "\n---\n") + "\n", nil
}

// invitation address: the event as that guest's own calendar shows it.
func (s *story) invitationCmd(args []string) (string, error) {
	cal, ok := s.google.Calendar(args[0])
	if !ok {
		return "", fmt.Errorf("%s has no calendar: use google holds %s first", args[0], args[0])
	}
	var b strings.Builder
	for _, e := range cal.Events {
		guests := []string{}
		for _, g := range e.Attendees {
			guests = append(guests, g.Email)
		}
		fmt.Fprintf(&b, "%s (%s)\n%s to %s %s\n%s\nvisibility: %s\nmeet link: %t\nguests shown: %s\n",
			e.Summary, e.Status, e.Start.DateTime, e.End.DateTime, e.Start.TimeZone, e.Description, e.Visibility, e.HangoutLink != "", strings.Join(guests, ", "))
		if e.ExtendedProperties != nil {
			raw, err := json.Marshal(e.ExtendedProperties)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "%s\n", raw)
		}
	}
	return b.String(), nil
}

// busy person: what takes the person's time, as free/busy tells it.
func (s *story) busyCmd(args []string) (string, error) {
	cal, ok := s.google.Calendar(s.email(args[0]))
	if !ok {
		return "", fmt.Errorf("%s has no calendar", args[0])
	}
	out := ""
	for _, e := range cal.Events {
		if e.Busy {
			out += fmt.Sprintf("busy %s to %s\n", e.StartsAt.UTC().Format(time.RFC3339), e.EndsAt.UTC().Format(time.RFC3339))
		}
	}
	if out == "" {
		out = "free\n"
	}
	return out, nil
}

// events lists the calendar's events with what their guests see.
func (s *story) eventsCmd([]string) (string, error) {
	var b strings.Builder
	for _, c := range s.google.Dump() {
		for _, e := range c.Events {
			if e.Hidden || e.Summary == "busy" {
				continue
			}
			fmt.Fprintf(&b, "%s: %s %s %s busy=%t meet=%t\n", c.ID, e.Status, e.Summary, e.StartsAt.UTC().Format("2006-01-02T15:04Z"), e.Busy, e.HangoutLink != "")
		}
	}
	return b.String(), nil
}

// attendees returns the guests of the interview that stands.
func (s *story) attendees() []fakegoogle.Attendee {
	ev, _ := s.google.Event(s.event())
	return slices.Clone(ev.Attendees)
}

// guests lists the guests of the interview that stands, with their answers.
func (s *story) guestsCmd([]string) (string, error) {
	var b strings.Builder
	for _, g := range s.attendees() {
		fmt.Fprintf(&b, "%s %s optional=%t\n", g.Email, g.ResponseStatus, g.Optional)
	}
	return b.String(), nil
}

// say person words: a direct message to the bot.
func (s *story) sayCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	r, err := s.slack.Say(context.Background(), who, "", args[1], "")
	return s.after(who, r, err)
}

// event returns the id of the interview that stands in the calendar; of a
// debrief, while there is one.
func (s *story) event() string {
	first := ""
	for _, c := range s.google.Dump() {
		if c.ID != "interviews@asymmetric.example" {
			continue
		}
		for _, e := range c.Events {
			if e.Main && e.Status != "cancelled" && (first == "" || strings.HasPrefix(e.Summary, "Debrief")) {
				first = e.ID
			}
		}
	}
	return first
}

func (s *story) email(name string) string {
	if strings.Contains(name, "@") {
		return name
	}
	return name + "@asymmetric.example"
}
