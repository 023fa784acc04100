package fakegoogle

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// User is a person with a Google account and a primary calendar whose id is the e-mail address.
type User struct {
	Email    string `json:"email"`
	Name     string `json:"name"`
	TimeZone string `json:"timeZone"` // IANA name, default UTC
	// InvitePolicy says when invitations appear on the calendar: "everyone" (default), "known" (the sender has the same
	// domain or is in KnownSenders) or "onRespond" (after the guest has answered the mail).
	InvitePolicy string   `json:"invitePolicy,omitempty"`
	KnownSenders []string `json:"knownSenders,omitempty"`
	// Settings are what users/me/settings answers besides timezone and locale.
	Settings  map[string]string `json:"settings,omitempty"`
	Suspended bool              `json:"suspended,omitempty"`
	// NoMeet is set for an account that cannot make Meet links.
	NoMeet bool `json:"noMeet,omitempty"`
}

// Calendar is a primary or secondary calendar.
type Calendar struct {
	ID        string    `json:"id"`
	Summary   string    `json:"summary"`
	TimeZone  string    `json:"timeZone"`
	DataOwner string    `json:"dataOwner"` // the user who owns it
	Primary   bool      `json:"primary,omitempty"`
	NoMeet    bool      `json:"noMeet,omitempty"`
	ACL       []ACLRule `json:"acl,omitempty"`
}

// ACLRule lets somebody see or change a calendar.
type ACLRule struct {
	ScopeType  string `json:"scopeType"`  // default, user, group or domain
	ScopeValue string `json:"scopeValue"` // e-mail address or domain; empty for default
	Role       string `json:"role"`       // none, freeBusyReader, reader, writerWithoutPrivateAccess, writer or owner
}

func (r ACLRule) id() string {
	if r.ScopeType == "default" {
		return "default"
	}
	return r.ScopeType + ":" + r.ScopeValue
}

// calendar is a calendar with its events.
type calendar struct {
	Calendar
	Events map[string]*entry `json:"events"`
	// Seq counts changes; an entry carries the count of its last one, which is how sync tokens work.
	Seq int64 `json:"seq"`
	// SyncGeneration is in every sync token; raising it expires all of them.
	SyncGeneration int64 `json:"syncGeneration"`
}

// entry is one copy of an event on one calendar.
type entry struct {
	Event Event `json:"event"`
	// Main is set for the organizer's copy, which the others follow.
	Main bool `json:"main,omitempty"`
	// Home is the calendar of the main copy; empty when this copy follows none.
	Home   string `json:"home,omitempty"`
	Hidden bool   `json:"hidden,omitempty"` // the guest removed it from their calendar
	// GuestsUntold marks a deletion that guests were not told of: their copies live on.
	GuestsUntold bool   `json:"guestsUntold,omitempty"`
	Stub         bool   `json:"stub,omitempty"` // moved to another calendar: only the id remains
	Seq          int64  `json:"seq"`
	Reads        int    `json:"reads,omitempty"`    // while its conference is pending
	Previous     *Event `json:"previous,omitempty"` // before the last change, for stale reads
}

// state is everything that survives a restart.
type state struct {
	Users           map[string]*User           `json:"users"`
	ServiceAccounts map[string]*ServiceAccount `json:"serviceAccounts"`
	Calendars       map[string]*calendar       `json:"calendars"`
	AccessTokens    map[string]accessToken     `json:"accessTokens"`
	RefreshTokens   map[string]refreshToken    `json:"refreshTokens"`
	OAuthClients    map[string]*OAuthClient    `json:"oauthClients"`
	AuthCodes       map[string]authCode        `json:"authCodes"`
	Consent         Consent                    `json:"consent"`
	Mail            []Mail                     `json:"mail"`
	Declines        []autoDecline              `json:"declines"`
	Counter         int64                      `json:"counter"` // for ids and etags
}

func newState() state {
	return state{
		Users:           map[string]*User{},
		ServiceAccounts: map[string]*ServiceAccount{},
		Calendars:       map[string]*calendar{},
		AccessTokens:    map[string]accessToken{},
		RefreshTokens:   map[string]refreshToken{},
		OAuthClients:    map[string]*OAuthClient{SandboxClient: {ID: SandboxClient, Secret: SandboxSecret}},
		AuthCodes:       map[string]authCode{},
	}
}

// AddUser adds a user and their primary calendar. A user who is there already is replaced; their events stay.
func (s *Server) AddUser(u User) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.Email = fold(u.Email)
	if !validEmail(u.Email) {
		return fmt.Errorf("fakegoogle: %q is not an e-mail address", u.Email)
	}
	if u.TimeZone == "" {
		u.TimeZone = "UTC"
	}
	if _, err := loadZone(u.TimeZone); err != nil {
		return fmt.Errorf("fakegoogle: user %s: %w", u.Email, err)
	}
	s.state.Users[u.Email] = &u
	s.putCalendar(Calendar{ID: u.Email, Summary: u.Email, TimeZone: u.TimeZone, DataOwner: u.Email, Primary: true, NoMeet: u.NoMeet})
	return nil
}

// AddCalendar adds a secondary calendar, e.g. a shared one named Interviews. DataOwner must be a user.
func (s *Server) AddCalendar(c Calendar) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ID, c.DataOwner = fold(c.ID), fold(c.DataOwner)
	if s.state.Users[c.DataOwner] == nil {
		return fmt.Errorf("fakegoogle: calendar %s: its owner %q is no user here", c.ID, c.DataOwner)
	}
	if c.TimeZone == "" {
		c.TimeZone = s.state.Users[c.DataOwner].TimeZone
	}
	if _, err := loadZone(c.TimeZone); err != nil {
		return fmt.Errorf("fakegoogle: calendar %s: %w", c.ID, err)
	}
	s.putCalendar(c)
	return nil
}

func (s *Server) putCalendar(c Calendar) {
	if old := s.state.Calendars[c.ID]; old != nil {
		c.ACL = append(old.ACL, c.ACL...)
		old.Calendar = c
	} else {
		s.state.Calendars[c.ID] = &calendar{Calendar: c, Events: map[string]*entry{}, SyncGeneration: 1}
	}
	s.changed()
}

// SetACL adds or replaces an access rule of a calendar. As with Google, this expires the calendar's sync tokens.
func (s *Server) SetACL(calendarID string, rule ACLRule) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	cal := s.state.Calendars[fold(calendarID)]
	if cal == nil {
		return fmt.Errorf("fakegoogle: no calendar %s", calendarID)
	}
	cal.setRule(rule)
	s.changed()
	return nil
}

func (c *calendar) setRule(rule ACLRule) {
	rule.ScopeValue = fold(rule.ScopeValue)
	c.ACL = slices.DeleteFunc(c.ACL, func(r ACLRule) bool { return r.id() == rule.id() })
	c.ACL = append(c.ACL, rule)
	c.SyncGeneration++
}

// roles orders what access rules allow.
var roles = []string{"none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"}

func atLeast(role, needed string) bool {
	return slices.Index(roles, role) >= slices.Index(roles, needed)
}

// role is what a principal may do with a calendar.
func (s *Server) role(who string, cal *calendar) string {
	if who == cal.ID || who == cal.DataOwner {
		return "owner"
	}
	best := "none"
	domain := domainOf(who)
	_, person := s.state.Users[who]
	if person && cal.Primary && domain == domainOf(cal.ID) && !consumer(domain) && !s.opt.NoDomainFreeBusy {
		best = "freeBusyReader"
	}
	for _, rule := range cal.ACL {
		applies := rule.ScopeType == "default" ||
			rule.ScopeType == "user" && rule.ScopeValue == who ||
			rule.ScopeType == "domain" && rule.ScopeValue == domain
		if applies && atLeast(rule.Role, best) {
			best = rule.Role
		}
		if rule.ScopeType == "user" && rule.ScopeValue == who && rule.Role == "none" {
			return "none"
		}
	}
	return best
}

// calendarFor finds the calendar a call names and requires a role on it. One that the caller can't see at all is "not
// found", as Google has it.
func (s *Server) calendarFor(c *call, id, needed string) (*calendar, error) {
	if id == "primary" {
		id = c.who.Email
	}
	cal := s.state.Calendars[fold(id)]
	if cal == nil {
		return nil, errNotFound()
	}
	role := s.role(c.who.Email, cal)
	switch {
	case role == "none":
		return nil, errNotFound()
	case atLeast(role, needed):
		return cal, nil
	case needed == "reader":
		return nil, errReaderNeeded()
	case needed == "owner":
		return nil, errOwnerNeeded()
	default:
		return nil, errWriterNeeded()
	}
}

// next returns a number that was never returned before.
func (s *Server) next() int64 {
	s.state.Counter++
	return s.state.Counter
}

// newID is an id as Google makes them: 26 characters of a-v and 0-9.
func (s *Server) newID(kind string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, s.next()))
	return strings.ToLower(base32.HexEncoding.EncodeToString(sum[:]))[:26]
}

// touch gives a copy a new etag and makes it part of the next incremental sync.
func (s *Server) touch(cal *calendar, e *entry, now time.Time) {
	cal.Seq++
	e.Seq = cal.Seq
	e.Event.Etag = fmt.Sprintf("%q", fmt.Sprint(3_500_000_000_000_000+2*s.next()))
	e.Event.Updated = now.UTC().Format("2006-01-02T15:04:05.000Z")
	s.changed()
}

// clone copies a value with everything it points to.
func clone[T any](v T) T {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // unreachable: only wire types are cloned
	}
	var c T
	if err := json.Unmarshal(data, &c); err != nil {
		panic(err) // unreachable
	}
	return c
}

func fold(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func domainOf(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return domain
}

// consumer domains are no organization: their users do not see each other's free/busy.
func consumer(domain string) bool { return domain == "gmail.com" || domain == "googlemail.com" }

func validEmail(email string) bool {
	local, domain, ok := strings.Cut(email, "@")
	return ok && local != "" && strings.Contains(domain, ".") && !strings.ContainsAny(email, " \t\r\n<>,;\"") && !strings.Contains(domain, "@")
}

// loadZone is time.LoadLocation for IANA names only.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not an IANA time zone name", name)
	}
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, zone)
	}
	return zone, err
}

// zones are those that were loaded, by name: each is a file that is read and
// parsed, and every event that is listed needs one.
var zones sync.Map
