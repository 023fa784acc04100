package fakeslack

import (
	"fmt"
	"slices"
)

// Screen is everything that one person has before them.
type Screen struct {
	User          User           `json:"user"`
	Conversations []Conversation `json:"conversations"`
	Home          *View          `json:"home,omitempty"`
	Modals        []View         `json:"modals"` // the top one last
	Version       uint64         `json:"version"`
}

// Conversation is a channel or DM as one person sees it, ephemeral messages for them included.
type Conversation struct {
	Channel
	Partner  string    `json:"partner,omitempty"` // of a DM: the other one's id
	Messages []Message `json:"messages"`          // oldest first; replies follow in time, with their ThreadTS
}

// See returns what a person sees.
func (s *Server) See(user string) (Screen, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.postDue()
	u := s.users[user]
	if u == nil {
		return Screen{}, fmt.Errorf("fakeslack: there is no user %q", user)
	}
	screen := Screen{User: *u, Conversations: []Conversation{}, Modals: []View{}, Version: s.version}
	for _, id := range s.chanIDs {
		c := s.channels[id]
		if !s.inChannel(c, user) {
			continue
		}
		shown := Conversation{Channel: *c, Messages: s.shownIn(c, user)}
		if c.IsIM {
			shown.Partner = c.partner(user)
		}
		screen.Conversations = append(screen.Conversations, shown)
	}
	if home := s.homes[user]; home != nil {
		copied := *home
		screen.Home = &copied
	}
	for _, v := range s.modals[user] {
		screen.Modals = append(screen.Modals, *v)
	}
	return screen, nil
}

func (s *Server) shownIn(c *Channel, user string) []Message {
	out := []Message{}
	for _, m := range s.messages[c.ID] {
		if m.EphemeralTo != "" && m.EphemeralTo != user {
			continue
		}
		shown := *m
		shown.Values = s.chosenIn(m, user)
		out = append(out, shown)
	}
	return out
}

// In returns the messages that a person sees in a channel (its id or name), oldest first.
func (s *Server) In(user, channel string) ([]Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.postDue()
	for _, id := range s.chanIDs {
		c := s.channels[id]
		if (id == channel || "#"+c.Name == channel || (c.Name != "" && c.Name == channel)) && s.inChannel(c, user) {
			return s.shownIn(c, user), nil
		}
	}
	return nil, fmt.Errorf("fakeslack: %s sees no channel %q", user, channel)
}

// DM returns the messages between a person and the app, oldest first.
func (s *Server) DM(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.postDue()
	if c := s.dm(user); c != nil {
		return s.shownIn(c, user)
	}
	return nil
}

// DMChannel is the id of the DM between a person and the app, "" when nobody has opened it.
func (s *Server) DMChannel(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.dm(user); c != nil {
		return c.ID
	}
	return ""
}

// TopModal returns the modal that a person has before them.
func (s *Server) TopModal(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.modals[user]
	if len(stack) == 0 {
		return View{}, false
	}
	return *stack[len(stack)-1], true
}

// Modals returns a person's stack of modals, the top one last.
func (s *Server) Modals(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []View
	for _, v := range s.modals[user] {
		out = append(out, *v)
	}
	return out
}

// Home returns what a person sees on the app's Home tab, when something was published.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.homes[user]; v != nil {
		return *v, true
	}
	return View{}, false
}

// Files lists the files that were uploaded and shared, with their bytes.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []File
	for _, f := range s.files {
		if f.Complete && !f.Deleted {
			out = append(out, *f)
		}
	}
	slices.SortFunc(out, func(a, b File) int { return slices.Compare([]byte(a.ID), []byte(b.ID)) })
	return out
}
