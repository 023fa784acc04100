package hiring

import (
	"fmt"
	"slices"
	"time"
)

// A Debrief is a short talk of a panel and the deciders, before the decision,
// about what the panel sees differently in an interview.
type Debrief struct {
	Interview  string // id
	State      DebriefState
	Start, End time.Time // zero until a time was picked; as Google has it
	Revision   int       // goes up with every booking and every move in Google Calendar
	Generation int       // goes up when the event is made anew; 0: there never was one
	EventID    string
	People     []string    // Slack user ids of its guests
	Points     []string    // ids of the competencies that were contested at any time
	Offers     []time.Time // starts at which all were free
	Closest    time.Time   // where there is no offer: the first such start after the deadline; zero: none was found
	Unreadable []string    // Slack user ids of whose calendars can't be read
	Problem    string      // why it was not booked, in words
	OfferedTo  string      // Slack user id of the coordinator
	ChangedBy  string      // Slack user id of who booked or cancelled it last; empty: nobody did
	Posts      int         // how often the points were put into the role's channel
	Posted     bool        // they are meant to stand there
	OfferedAt  time.Time
}

// DebriefState says where a debrief stands.
type DebriefState string

// The states of a debrief.
const (
	DebriefOffered   DebriefState = "offered"
	DebriefBooking   DebriefState = "booking" // a time was picked; Google is being asked
	DebriefBooked    DebriefState = "booked"
	DebriefTaken     DebriefState = "taken"   // the time was gone, or Google refused
	DebriefRemoved   DebriefState = "removed" // a person deleted the event in Google Calendar
	DebriefCancelled DebriefState = "cancelled"
)

// Live reports whether the debrief has a time.
func (d *Debrief) Live() bool { return d.State == DebriefBooking || d.State == DebriefBooked }

// PointsKey is the key of the message with the contested points.
func (d *Debrief) PointsKey() string {
	return fmt.Sprintf("debrief-points:%s:%d", d.Interview, d.Posts)
}

// DebriefLength is how long a debrief takes, and ContestedSpread the distance
// of two levels from which on a competency is contested.
const (
	DebriefLength   = 15 * time.Minute
	ContestedSpread = 2
)

// A Point is a competency that a debrief is about.
type Point struct {
	Competency Competency
	Spread     int          // highest minus lowest level
	Cards      []*Scorecard // that count, from the highest level to the lowest; not assessed last
	Flagged    bool         // somebody ticked a red flag
}

// Contested returns the competencies on which the submitted scorecards that
// count lie ContestedSpread or more apart, or in which one has a red flag. It
// doesn't ask who may see them: its caller does.
func (c *Case) Contested() []Point {
	var cards []*Scorecard
	for _, s := range c.Cards {
		if part := c.Interview.Part(s.Panelist); s.Submitted() && (part == Required || part == Optional) {
			cards = append(cards, s)
		}
	}
	rubric, stage := c.Scored()
	var out []Point
	for _, comp := range rubric.Rated(stage) {
		p := Point{Competency: comp, Cards: slices.Clone(cards)}
		level := func(s *Scorecard) Level { return s.Answers.Ratings[comp.ID].Level }
		slices.SortStableFunc(p.Cards, func(a, b *Scorecard) int { return int(level(b)) - int(level(a)) })
		lowest, highest := NotAssessed, NotAssessed
		for _, s := range p.Cards {
			l := level(s)
			highest = max(highest, l)
			if l != NotAssessed && (lowest == NotAssessed || l < lowest) {
				lowest = l
			}
			p.Flagged = p.Flagged || slices.ContainsFunc(s.Answers.Ratings[comp.ID].RedFlags, func(id string) bool {
				return slices.ContainsFunc(comp.RedFlags, func(f RedFlag) bool { return f.ID == id })
			})
		}
		p.Spread = int(highest - lowest)
		if p.Spread >= ContestedSpread || p.Flagged {
			out = append(out, p)
		}
	}
	return out
}

// WantsDebrief reports whether there is something to talk about before the
// decision: all required scorecards are in, they contest something, nothing is
// decided, and the deadline lies ahead.
func (c *Case) WantsDebrief(now time.Time) bool {
	return c.Open(now) && c.Decision == nil && c.Panelboard().Complete() && now.Before(c.Interview.Deadline) && len(c.Contested()) > 0
}

// NeedsNoDebrief reports whether nothing is left to talk about before the
// decision: it is recorded, or nobody waits for one any more.
func (c *Case) NeedsNoDebrief(now time.Time) bool { return c.Decision != nil || !c.Open(now) }

// DebriefDue is the look whether a debrief is to be offered, once a scorecard
// is in, or isn't needed any more, once a decision is recorded or the candidate
// has withdrawn.
func DebriefDue(interview string, now time.Time) Due {
	return Due{Key: DueDebrief + ":" + interview, Kind: DueDebrief, About: interview, At: now}
}
