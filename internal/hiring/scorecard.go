package hiring

import (
	"time"
	"unicode/utf8"
)

// A Level is a rating of a competency. NotAssessed is never a low score.
type Level int

// The four levels, and "not assessed". A document's strong response belongs to
// Strong; the wording of the others is never invented.
const (
	NotAssessed Level = 0
	NotShown    Level = 1
	Partly      Level = 2
	Strong      Level = 3
	Beyond      Level = 4
)

// String returns the level's word.
func (l Level) String() string {
	switch l {
	case NotShown:
		return "Not shown"
	case Partly:
		return "Partly"
	case Strong:
		return "Strong"
	case Beyond:
		return "Beyond"
	default:
		return "Not assessed"
	}
}

// A GateAnswer is what a panelist learned about a gate.
type GateAnswer string

// The answers to a gate.
const (
	GateYes     GateAnswer = "yes"
	GateNo      GateAnswer = "no"
	GateUnknown GateAnswer = "unknown"
)

// A Recommendation is a scorecard's overall word, its last field.
type Recommendation string

// The recommendations.
const (
	StrongNo  Recommendation = "strong_no"
	No        Recommendation = "no"
	Yes       Recommendation = "yes"
	StrongYes Recommendation = "strong_yes"
)

// Recommendations in the order in which they are offered.
var Recommendations = []Recommendation{StrongNo, No, Yes, StrongYes}

// String returns the recommendation in words.
func (r Recommendation) String() string {
	switch r {
	case StrongNo:
		return "Strong no"
	case No:
		return "No"
	case Yes:
		return "Yes"
	case StrongYes:
		return "Strong yes"
	default:
		return "None"
	}
}

// Answers are the fields of a scorecard, complete or not.
type Answers struct {
	Ratings        map[string]Rating    `json:"ratings,omitempty"` // by competency id
	Gates          map[string]GateEntry `json:"gates,omitempty"`   // by gate id
	Signals        map[string]string    `json:"signals,omitempty"` // by signal id: what was seen
	Recommendation Recommendation       `json:"recommendation,omitempty"`
	Note           string               `json:"note,omitempty"`   // private, to the coordinator
	Unsaid         []string             `json:"unsaid,omitempty"` // ids of messages that were deleted: none of them becomes a Note any more
}

// A Rating is one competency's part of a scorecard.
type Rating struct {
	Level    Level    `json:"level"`
	Rated    bool     `json:"rated"` // the panelist chose something, "not assessed" included
	Evidence string   `json:"evidence,omitempty"`
	RedFlags []string `json:"red_flags,omitempty"` // ids
	Notes    []Note   `json:"notes,omitempty"`     // evidence that came as messages, oldest first
}

// A Note is a piece of evidence that its panelist sent as a message. It stands
// beside what is typed in the modal, which can't overwrite it.
type Note struct {
	ID   string    `json:"id"` // Slack's ts of the message: the same message counts once
	Text string    `json:"text"`
	At   time.Time `json:"at"` // when the message was written

	Edited string `json:"edited,omitempty"` // Slack's ts of the edit that Text shows; empty: as it was first written
}

// WithNotes returns the answers with kept's notes instead of their own: the
// modal that answers come from doesn't hold notes, and can't change them.
func (a Answers) WithNotes(kept Answers) Answers {
	ratings := make(map[string]Rating, len(a.Ratings))
	for id, r := range a.Ratings {
		r.Notes = nil
		ratings[id] = r
	}
	for id, r := range kept.Ratings {
		if len(r.Notes) > 0 {
			mine := ratings[id]
			mine.Notes = r.Notes
			ratings[id] = mine
		}
	}
	a.Ratings, a.Unsaid = ratings, kept.Unsaid
	return a
}

// Noted returns the length of the rating's notes in runes, with a line break
// after each.
func (r Rating) Noted() int {
	n := 0
	for _, note := range r.Notes {
		n += utf8.RuneCountInString(note.Text) + 1
	}
	return n
}

// A GateEntry is one gate's answer with its evidence.
type GateEntry struct {
	Answer   GateAnswer `json:"answer"`
	Evidence string     `json:"evidence,omitempty"`
}

// A Scorecard is one panelist's evidence and ratings for one interview.
type Scorecard struct {
	ID           string
	InterviewID  string
	Panelist     string // Slack user id
	RoleRevision string
	Answers      Answers
	Version      int // submitted versions so far; 0: only a draft
	SavedAt      time.Time
	TypedAt      time.Time // Slack's time of the newest typing that was kept
	SubmittedAt  time.Time // zero until submitted
	Reason       string    // why it was last reopened; empty for the first version
	AfterReveal  bool      // it was reopened when its author could read the others' scorecards
}

// Submitted reports whether the panelist has handed it in.
func (s *Scorecard) Submitted() bool { return !s.SubmittedAt.IsZero() }

// Limits of a scorecard's texts, in runes.
const (
	MaxEvidence = 3000 // of a competency, its notes included
	MaxMessage  = 1000 // of one Note
	MaxNote     = 3000 // of the private note
)

// Check returns what keeps the answers from being submitted, by field, or nil.
// Field names are "rating:<competency>", "evidence:<competency>",
// "gate:<gate>", "gateev:<gate>", "recommendation" and "note".
func (a *Answers) Check(competencies []Competency, gates []Gate) []*UserError {
	var problems []*UserError
	for _, c := range competencies {
		r := a.Ratings[c.ID]
		if !r.Rated || r.Level < NotAssessed || r.Level > Beyond {
			problems = append(problems, Invalid("rating:"+c.ID, "Choose a level for “%s”, or “Not assessed”.", c.Name))
		}
		switch room := max(0, MaxEvidence-r.Noted()); {
		case r.Evidence != "" && len(r.Notes) > 0 && tooLong(r.Evidence, room):
			problems = append(problems, Invalid("evidence:"+c.ID, "Together with your messages this is longer than %d characters: %d are left here. Shorten it, or delete a message.", MaxEvidence, room))
		case tooLong(r.Evidence, MaxEvidence):
			problems = append(problems, Invalid("evidence:"+c.ID, "This is longer than %d characters. Keep the strongest evidence and shorten the rest.", MaxEvidence))
		}
	}
	for _, g := range gates {
		switch a.Gates[g.ID].Answer {
		case GateYes, GateNo, GateUnknown:
		default:
			problems = append(problems, Invalid("gate:"+g.ID, "Answer yes, no or unknown."))
		}
		if tooLong(a.Gates[g.ID].Evidence, MaxEvidence) {
			problems = append(problems, Invalid("gateev:"+g.ID, "This is longer than %d characters. Keep the strongest evidence and shorten the rest.", MaxEvidence))
		}
	}
	switch a.Recommendation {
	case StrongNo, No, Yes, StrongYes:
	default:
		problems = append(problems, Invalid("recommendation", "Choose your recommendation. It is the last thing to fill in."))
	}
	if tooLong(a.Note, MaxNote) {
		problems = append(problems, Invalid("note", "This is longer than %d characters. Shorten it.", MaxNote))
	}
	return problems
}

func tooLong(s string, max int) bool {
	return len(s) > max && utf8.RuneCountInString(s) > max
}
