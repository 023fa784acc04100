package fakeslack

import (
	"encoding/json"
	"fmt"
	"io"
)

// snapshot is what stays when the workspace is stopped: everything but open modals, connections, and what waits for an
// answer.
type snapshot struct {
	App       App                   `json:"app"`
	Users     []User                `json:"users"`
	Channels  []Channel             `json:"channels"`
	Tokens    []Token               `json:"tokens"`
	Messages  map[string][]*Message `json:"messages"`
	Posted    []Message             `json:"posted"`
	Files     map[string]*File      `json:"files"`
	Homes     map[string]*View      `json:"homes"`
	Scheduled []*scheduledMessage   `json:"scheduled"`
	NextID    map[string]int        `json:"next_id"`
	LastTS    int64                 `json:"last_ts"`
}

// Save writes the workspace as JSON.
func (s *Server) Save(w io.Writer) error {
	s.mu.Lock()
	x := snapshot{App: s.app, Messages: s.messages, Posted: s.posted, Files: s.files, Homes: s.homes, Scheduled: s.scheduled,
		NextID: s.nextID, LastTS: s.lastTS}
	for _, id := range s.userIDs {
		x.Users = append(x.Users, *s.users[id])
	}
	for _, id := range s.chanIDs {
		x.Channels = append(x.Channels, *s.channels[id])
	}
	for _, t := range s.tokens {
		x.Tokens = append(x.Tokens, *t)
	}
	raw, err := json.Marshal(x)
	s.mu.Unlock()
	if err == nil {
		_, err = w.Write(raw)
	}
	if err != nil {
		return fmt.Errorf("fakeslack: save: %w", err)
	}
	return nil
}

// Load puts a saved workspace in the place of this server's. Call it before anybody uses the server.
func (s *Server) Load(r io.Reader) error {
	x := snapshot{Messages: map[string][]*Message{}, Files: map[string]*File{}, Homes: map[string]*View{}, NextID: map[string]int{}}
	if err := json.NewDecoder(r).Decode(&x); err != nil {
		return fmt.Errorf("fakeslack: load: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.app, s.messages, s.posted, s.files, s.homes, s.scheduled = x.App, x.Messages, x.Posted, x.Files, x.Homes, x.Scheduled
	s.nextID, s.lastTS = x.NextID, x.LastTS
	s.users, s.userIDs = map[string]*User{}, nil
	for _, u := range x.Users {
		s.users[u.ID], s.userIDs = &u, append(s.userIDs, u.ID)
	}
	s.channels, s.chanIDs = map[string]*Channel{}, nil
	for _, c := range x.Channels {
		s.channels[c.ID], s.chanIDs = &c, append(s.chanIDs, c.ID)
	}
	s.tokens = map[string]*Token{}
	for _, t := range x.Tokens {
		s.tokens[t.Value] = &t
	}
	s.bump()
	return nil
}
