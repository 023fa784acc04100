package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"convene/internal/sandbox/fakeslack"
)

// Person is a member of the workspace.
type Person struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Handle      string `json:"handle"`
	Email       string `json:"email,omitempty"`
	Zone        string `json:"zone,omitempty"`
	About       string `json:"about,omitempty"` // what they are in the sample company
	Admin       bool   `json:"admin,omitempty"`
	Guest       bool   `json:"guest,omitempty"`
	Deactivated bool   `json:"deactivated,omitempty"`
	Bot         bool   `json:"bot,omitempty"`
}

func (s *Sandbox) asPerson(u fakeslack.User) Person {
	p := Person{
		ID: u.ID, Name: u.RealName, Handle: u.Name, Email: u.Email, Zone: u.TZ, Admin: u.IsAdmin || u.IsOwner || u.IsPrimaryOwner,
		Guest: u.IsRestricted || u.IsUltraRestricted, Deactivated: u.Deleted, Bot: u.IsBot,
	}
	c := s.company
	p.About = map[string]string{
		c.Karly: "coordinator and panelist", c.Sebastian: "panelist", c.Mark: "panelist and decider", c.Dana: "second coordinator",
		c.Priya: "admin of the workspace", c.Tom: "a stranger to hiring", c.Gwen: "guest", c.Otto: "deactivated", c.Bot: "the bot",
	}[u.ID]
	return p
}

func (s *Sandbox) getPeople(*http.Request) (any, error) {
	people := []Person{}
	for _, u := range s.Slack.Users() {
		people = append(people, s.asPerson(u))
	}
	return map[string]any{"ok": true, "people": people}, nil
}

// changePerson moves somebody to another zone, or deactivates or guests them.
func (s *Sandbox) changePerson(r *http.Request) (any, error) {
	var in struct {
		Zone        *string `json:"zone"`
		Deactivated *bool   `json:"deactivated"`
		Admin       *bool   `json:"admin"`
		Guest       *bool   `json:"guest"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	u, err := s.person(r.PathValue("person"))
	if err != nil {
		return nil, err
	}
	if in.Zone != nil {
		if _, err := time.LoadLocation(*in.Zone); err != nil || *in.Zone == "" {
			return nil, fmt.Errorf("%q is no time zone: give a name such as America/Chicago", *in.Zone)
		}
	}
	err = s.Slack.UpdateUser(u.ID, func(u *fakeslack.User) {
		if in.Zone != nil {
			u.TZ = *in.Zone
		}
		for flag, value := range map[*bool]*bool{&u.Deleted: in.Deactivated, &u.IsAdmin: in.Admin, &u.IsRestricted: in.Guest} {
			if value != nil {
				*flag = *value
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return s.done(), nil
}

// Channel is a channel of the workspace.
type Channel struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Private  bool     `json:"private"`
	Shared   bool     `json:"shared"` // with another company
	Archived bool     `json:"archived"`
	Topic    string   `json:"topic,omitempty"`
	Members  []string `json:"members"` // ids
}

func (s *Sandbox) getChannels(*http.Request) (any, error) {
	channels := []Channel{}
	for _, c := range s.Slack.Channels() {
		if !c.IsIM {
			channels = append(channels, Channel{ID: c.ID, Name: c.Name, Private: c.IsPrivate, Shared: c.IsExtShared, Archived: c.IsArchived, Topic: c.Topic, Members: c.Members})
		}
	}
	return map[string]any{"ok": true, "channels": channels}, nil
}

// changeChannel invites and removes people, archives a channel, makes it
// private or shares it with another company.
func (s *Sandbox) changeChannel(r *http.Request) (any, error) {
	var in struct {
		Invite   []string `json:"invite"`
		Remove   []string `json:"remove"`
		Private  *bool    `json:"private"`
		Shared   *bool    `json:"shared"`
		Archived *bool    `json:"archived"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	c, err := s.channel(r.PathValue("channel"))
	if err != nil {
		return nil, err
	}
	members := slices.Clone(c.Members)
	for _, name := range in.Invite {
		u, err := s.person(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(members, u.ID) {
			members = append(members, u.ID)
		}
	}
	for _, name := range in.Remove {
		u, err := s.person(name)
		if err != nil {
			return nil, err
		}
		members = slices.DeleteFunc(members, func(id string) bool { return id == u.ID })
	}
	err = s.Slack.UpdateChannel(c.ID, func(c *fakeslack.Channel) {
		c.Members = members
		for flag, value := range map[*bool]*bool{&c.IsPrivate: in.Private, &c.IsExtShared: in.Shared, &c.IsArchived: in.Archived} {
			if value != nil {
				*flag = *value
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return s.done(), nil
}
