package candidate

import (
	"time"

	"convene/internal/hiring"
)

// Material is everything that the database keeps about one candidate.
type Material struct {
	Candidate  *hiring.Candidate
	Role       *hiring.Role            // as it is now, with its setup
	Rubrics    map[string]*hiring.Role // by revision: what scorecards were asked with
	Interviews []*hiring.Interview     // in whatever state, first to last
	Moves      []hiring.Move           // of the interviews, each one's first to last
	Told       map[string]time.Time    // by interview: when its decision was told
	Cards      []*hiring.Scorecard     // as they stand, drafts included
	Scorecards []*hiring.Scorecard     // every submitted version, first to last
	Reveals    map[string]Reveal       // by interview
	Decisions  []*hiring.Decision      // replaced ones too, first to last
	Notices    []*hiring.Notice
	Checks     []*hiring.Check // replaced ones too, first to last
	Said       []Said          // what the Monday messages said, first to last
	History    []HistoryLine   // the audit trail's lines about the candidate
	Offerings  []*hiring.Offering
	People     map[string]hiring.Person
}

// A Reveal says who opened an interview's scorecards before all were in.
type Reveal struct {
	By string // Slack user id
	At time.Time
}

// Said is what a preview or summary came to say of the candidate.
type Said struct {
	InterviewID string
	Message     string // its key: "summary:role:2026-12-07", with ":2" for its second part
	At          time.Time
	Text        string
}

// board returns what Independence needs to know of an interview.
func (m *Material) board(iv *hiring.Interview) hiring.Panelboard {
	_, revealed := m.Reveals[iv.ID]
	b := hiring.Panelboard{Interview: iv, Revealed: revealed}
	for _, s := range m.Cards {
		if s.InterviewID == iv.ID && s.Submitted() {
			b.Submitted = append(b.Submitted, s.Panelist)
		}
	}
	return b
}
