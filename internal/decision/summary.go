package decision

import (
	"cmp"
	"slices"
	"time"

	"convene/internal/hiring"
)

// A Summary is what the Monday messages show of a role: every candidate who
// awaits a decision or the telling of one, due first.
type Summary struct {
	Role    *hiring.Role
	Day     time.Time // the day that the message is for, role's zone
	Now     time.Time
	Entries []Entry
	Left    []*hiring.Case // whose candidate withdrew on the summary's day or later
}

// An Entry is one candidate of a summary.
type Entry struct {
	Case    *hiring.Case
	Due     bool // the deadline is on the summary's day or has passed
	Need    hiring.Need
	Holders []string // whose turn it is
	In      int      // required scorecards that are in
	Owed    int      // required scorecards
	Owing   []string // who owes one
	Facts   *Facts   // nil while Independence keeps it closed
	Plan    Plan     // how the promise stands; Build leaves it empty
}

// Facts are the figures of an interview's required and optional scorecards;
// shadows don't count. They carry no advice.
type Facts struct {
	Competencies    []CompetencyFacts
	Gates           []GateFacts
	RedFlags        []RedFlagFact
	Recommendations []PanelistWord
	People          int
	Rated           int     // competencies with at least one rating
	Ratings         int     // ratings that count
	Mean            float64 // over all ratings; 0 when there are none
	Spread          int     // the largest of the competencies' spreads
}

// CompetencyFacts are the ratings of one competency.
type CompetencyFacts struct {
	Competency  hiring.Competency
	Levels      []PanelistLevel
	NotAssessed int
	Spread      int // highest minus lowest level
}

// A PanelistLevel is one panelist's level.
type PanelistLevel struct {
	Person string
	Level  hiring.Level
}

// GateFacts are the answers to one gate.
type GateFacts struct {
	Gate    hiring.Gate
	Answers []PanelistAnswer
}

// A PanelistAnswer is one panelist's answer to a gate.
type PanelistAnswer struct {
	Person string
	Answer hiring.GateAnswer
}

// Met reports whether somebody said yes and nobody said no.
func (g GateFacts) Met() bool { return g.said(hiring.GateYes) && !g.Failed() }

// Failed reports whether somebody said no.
func (g GateFacts) Failed() bool { return g.said(hiring.GateNo) }

func (g GateFacts) said(a hiring.GateAnswer) bool {
	return slices.ContainsFunc(g.Answers, func(p PanelistAnswer) bool { return p.Answer == a })
}

// A RedFlagFact is a red flag that a panelist ticked.
type RedFlagFact struct {
	Person     string
	Competency hiring.Competency
	Flag       hiring.RedFlag
}

// A PanelistWord is one panelist's recommendation.
type PanelistWord struct {
	Person      string
	Word        hiring.Recommendation
	AfterReveal bool // the scorecard was revised when its author could read the others'
}

// Build makes the summary from the role's cases. Closed cases are left out, but
// for candidates who were told on the summary's day or later: they stay, so that
// the message tells how the day went; who withdrew then is named. They stand by
// deadline, so that what is due comes first, then by name.
func Build(role *hiring.Role, cases []*hiring.Case, day, now time.Time) Summary {
	s := Summary{Role: role, Day: day, Now: now}
	today := startOfDay(day, role.TimeZone())
	for _, c := range cases {
		if c.Candidate.State == hiring.Withdrawn && !c.Told() {
			if !c.Candidate.EndedAt.Before(today) {
				s.Left = append(s.Left, c)
			}
			continue
		}
		if !c.Open(now) && (!c.Told() || c.ToldAt.Before(today)) {
			continue
		}
		s.Entries = append(s.Entries, entry(c, day, now))
	}
	slices.SortStableFunc(s.Entries, func(a, b Entry) int {
		return cmp.Or(
			a.Case.Interview.Deadline.Compare(b.Case.Interview.Deadline),
			cmp.Compare(a.Case.Candidate.Name, b.Case.Candidate.Name),
			cmp.Compare(a.Case.Interview.ID, b.Case.Interview.ID),
		)
	})
	return s
}

func entry(c *hiring.Case, day, now time.Time) Entry {
	zone := c.Role.TimeZone()
	endOfDay := startOfDay(day.In(zone).AddDate(0, 0, 1), zone)
	board := c.Panelboard()
	e := Entry{Case: c, Due: c.Interview.Deadline.Before(endOfDay), Owing: board.Owing()}
	e.Need, e.Holders = c.Waiting(now)
	e.In, e.Owed = board.Count()
	if board.Complete() || board.Revealed {
		f := Gather(c)
		e.Facts = &f
	}
	return e
}

func startOfDay(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
}

// Gather computes the facts of a case's submitted scorecards. It doesn't ask
// who may see them: its caller does.
func Gather(c *hiring.Case) Facts {
	var f Facts
	rubric, stage := c.Scored()
	var cards []*hiring.Scorecard
	for _, s := range c.Cards {
		part := c.Interview.Part(s.Panelist)
		if s.Submitted() && (part == hiring.Required || part == hiring.Optional) {
			cards = append(cards, s)
		}
	}
	f.People = len(cards)
	sum := 0
	for _, comp := range rubric.Rated(stage) {
		cf := CompetencyFacts{Competency: comp}
		for _, s := range cards {
			r := s.Answers.Ratings[comp.ID]
			if r.Level == hiring.NotAssessed {
				cf.NotAssessed++
			} else {
				cf.Levels = append(cf.Levels, PanelistLevel{s.Panelist, r.Level})
				f.Ratings++
				sum += int(r.Level)
			}
			for _, id := range r.RedFlags {
				if i := slices.IndexFunc(comp.RedFlags, func(x hiring.RedFlag) bool { return x.ID == id }); i >= 0 {
					f.RedFlags = append(f.RedFlags, RedFlagFact{s.Panelist, comp, comp.RedFlags[i]})
				}
			}
		}
		if len(cf.Levels) > 0 {
			f.Rated++
			lo, hi := cf.Levels[0].Level, cf.Levels[0].Level
			for _, l := range cf.Levels {
				lo, hi = min(lo, l.Level), max(hi, l.Level)
			}
			cf.Spread = int(hi - lo)
			f.Spread = max(f.Spread, cf.Spread)
		}
		f.Competencies = append(f.Competencies, cf)
	}
	if f.Ratings > 0 {
		f.Mean = float64(sum) / float64(f.Ratings)
	}
	for _, g := range rubric.Asked(stage) {
		gf := GateFacts{Gate: g}
		for _, s := range cards {
			if a, ok := s.Answers.Gates[g.ID]; ok {
				gf.Answers = append(gf.Answers, PanelistAnswer{s.Panelist, a.Answer})
			}
		}
		f.Gates = append(f.Gates, gf)
	}
	for _, s := range cards {
		f.Recommendations = append(f.Recommendations, PanelistWord{s.Panelist, s.Answers.Recommendation, s.AfterReveal})
	}
	return f
}
