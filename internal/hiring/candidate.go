package hiring

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
)

// CandidateState says where a candidate stands as a whole.
type CandidateState string

// The states of a candidate. Finished means advanced past the last stage.
const (
	Active    CandidateState = "active"
	Declined  CandidateState = "declined"
	Withdrawn CandidateState = "withdrawn"
	Finished  CandidateState = "finished"
)

// A Candidate is a person applying for one role.
type Candidate struct {
	ID           string
	RoleKey      string
	Name         string
	Email        string
	Phone        string
	Zone         string        // IANA name
	EarliestHour time.Duration // acceptable hours, wall clock in Zone
	LatestHour   time.Duration
	Links        []Link
	Answers      map[string]string // by application item id
	Arrangements string            // accommodation; coordinators and the interview's panelists only
	Stage        string            // id of the current stage
	State        CandidateState
	AddedBy      string
	AddedAt      time.Time
	EndReason    string    // why they withdrew
	EndedAt      time.Time // when they withdrew
	ErasedAt     time.Time // when the person's data was removed; zero: it is here
}

// Erased reports whether the person's data was removed: name, e-mail address
// and everything else about them is empty.
func (c *Candidate) Erased() bool { return !c.ErasedAt.IsZero() }

// A Link is a document of a candidate.
type Link struct{ Name, URL string }

// LinkField names the field of a document's link in errors. "#" has a meaning
// in the ids of fields.
func LinkField(name string) string { return "link:" + strings.ReplaceAll(name, "#", "♯") }

// Link returns the address of the document with that name; "" if there is none.
func (c *Candidate) Link(name string) string {
	i := slices.IndexFunc(c.Links, func(l Link) bool { return strings.EqualFold(l.Name, name) })
	if i < 0 {
		return ""
	}
	return c.Links[i].URL
}

// Document returns the name of an application's document, by which candidates'
// links are found; "" for another kind of item. The item's text is a sentence of
// the role's document, so the name comes from its id: "cover-letter" is "Cover letter".
func (a ApplicationItem) Document() string {
	switch {
	case a.Kind != "document" || a.ID == "":
		return ""
	case a.ID == "resume" || a.ID == "cv":
		return "Résumé"
	}
	words := strings.ReplaceAll(a.ID, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// Lacks returns the required items of the role's application that the candidate
// has neither answered nor handed in. Instructions can't be missing.
func (c *Candidate) Lacks(r *Role) []ApplicationItem {
	var out []ApplicationItem
	for _, item := range r.Application {
		missing := item.Kind == "question" && c.Answers[item.ID] == "" || item.Document() != "" && c.Link(item.Document()) == ""
		if item.Required && missing {
			out = append(out, item)
		}
	}
	return out
}

// FirstName returns the first word of the name.
func (c *Candidate) FirstName() string {
	first, _, _ := strings.Cut(c.Name, " ")
	return first
}

// TimeZone returns the candidate's zone.
func (c *Candidate) TimeZone() *time.Location { return LoadZone(c.Zone) }

// Limits of a candidate's texts, in runes.
const (
	MaxName         = 120
	MaxEmail        = 254
	MaxPhone        = 40
	MaxLink         = 2000
	MaxAnswer       = 3000
	MaxArrangements = 2000
	MaxLinkName     = 60
	MaxEndReason    = 300
)

// MaxLinks is how many documents a candidate can have.
const MaxLinks = 25

// Check returns what is wrong with a candidate's fields, by field name.
func (c *Candidate) Check() []*UserError {
	var out []*UserError
	if c.Name == "" {
		out = append(out, Invalid("name", "Enter the candidate's name."))
	}
	if tooLong(c.Name, MaxName) {
		out = append(out, Invalid("name", "This name is longer than %d characters. Shorten it.", MaxName))
	}
	if !validEmail(c.Email) {
		out = append(out, Invalid("email", "This doesn't look like an e-mail address. Enter one like ana@example.com: the invitation goes there."))
	}
	if tooLong(c.Phone, MaxPhone) {
		out = append(out, Invalid("phone", "This phone number is longer than %d characters.", MaxPhone))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		out = append(out, Invalid("zone", "“%s” isn't a time zone I know. Use a name like America/Chicago or Europe/Berlin.", c.Zone))
	}
	if c.LatestHour <= c.EarliestHour {
		out = append(out, Invalid("latest", "The latest hour must be after the earliest one."))
	}
	if len(c.Links) > MaxLinks {
		out = append(out, Invalid("another", "A candidate can have %d documents. Remove one first.", MaxLinks))
	}
	for i, l := range c.Links {
		switch {
		case l.Name == "":
			out = append(out, Invalid("another", "Say what this link is, for instance Portfolio."))
		case tooLong(l.Name, MaxLinkName):
			out = append(out, Invalid("another", "This is longer than %d characters. Shorten it.", MaxLinkName))
		case slices.ContainsFunc(c.Links[:i], func(o Link) bool { return strings.EqualFold(o.Name, l.Name) }):
			out = append(out, Invalid("another", "There is a link called “%s” already. Change that one, or give this one another name.", l.Name))
		}
		if !validLink(l.URL) {
			out = append(out, Invalid(LinkField(l.Name), "Enter a full link that begins with https://."))
		}
	}
	for id, a := range c.Answers {
		if tooLong(a, MaxAnswer) {
			out = append(out, Invalid("answer:"+id, "This is longer than %d characters.", MaxAnswer))
		}
	}
	if tooLong(c.Arrangements, MaxArrangements) {
		out = append(out, Invalid("arrangements", "This is longer than %d characters.", MaxArrangements))
	}
	return out
}

func validEmail(s string) bool {
	if tooLong(s, MaxEmail) {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
		return false // an invisible character that came along when it was copied
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.HasPrefix(domain, ".")
}

func validLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && !tooLong(s, MaxLink) && !strings.ContainsFunc(s, unicode.IsSpace)
}
