package decision

import (
	"time"

	"convene/internal/hiring"
)

// A Light says in one of three words how a promise stands.
type Light string

// The lights. A case that is closed, or that nobody waits for, has none.
const (
	Green Light = "green" // on plan
	Amber Light = "amber" // the next act is due within two working hours, or its time has passed
	Red   Light = "red"   // half an hour is left, or the deadline has passed
)

// A Plan is a deadline planned backwards: by when each act is due, so that the
// candidate hears in time. It is a plan, not a promise: only NoticeBy was
// promised.
//
//	NoticeBy      the deadline.
//	DecisionBy    half an hour after the summary on the deadline's day, or half a
//	              working hour before the deadline, whichever is earlier.
//	ScorecardsBy  the preview's hour on the day of DecisionBy; later, where that is
//	              less than a working day after the interview: the hour at which it
//	              ended, on the next working day; never after the summary's hour or
//	              DecisionBy.
//
// Where the interview ends after these, they move to its end, and at most to the
// deadline. A hold that the candidate knows of moved the deadline to its date, so
// its plan is to that date.
//
// The light is red from WarnBefore before the deadline on, whatever is missing;
// amber from two working hours before the next act is due, and, while the
// interview is ahead, when less than that lies between its end and the deadline;
// otherwise green. As time passes it only gets worse: it takes an act, or a
// change of the interview or the role, to make it better.
type Plan struct {
	ScorecardsBy, DecisionBy, NoticeBy time.Time

	Light   Light
	Reason  string    // why it isn't green, in words without a time; empty for green
	NextAct string    // in words, e.g. "a decision"
	By      time.Time // when the next act is due
	Whose   []string  // Slack user ids: whose act it is; of deciders one is enough
}

// The times of a plan.
const (
	amberBefore  = 2 * time.Hour    // working time
	decideAfter  = 30 * time.Minute // the summary, which asks for the decision
	decideBefore = 30 * time.Minute // working time
)

// A Rhythm is what a plan needs to know of its role: when it works, and at which
// hours of a deadline's day the Monday messages come (since midnight, role's zone).
type Rhythm struct {
	Zone             *time.Location
	Hours            hiring.Hours
	Holiday          func(day time.Time) bool // nil: there are none
	Preview, Summary time.Duration
}

// PlanOf plans a case and says how it stands now. A case that nobody waits for
// has the zero Plan: its interview was cancelled, wasn't held or isn't booked yet,
// its candidate left the process or was told.
func PlanOf(c *hiring.Case, r Rhythm, now time.Time) Plan {
	iv := c.Interview
	ahead := iv.State == hiring.Booked && now.Before(iv.End) && c.Candidate.State == hiring.Active && !c.Told()
	if !ahead && !c.Open(now) {
		return Plan{}
	}
	p := r.plan(iv.End, iv.Deadline)
	p.Light = Green
	if ahead {
		p.NextAct, p.By = "the interview", iv.End
		for _, seat := range iv.Panel {
			if seat.Part == hiring.Required {
				p.Whose = append(p.Whose, seat.Person)
			}
		}
		if iv.End.After(r.back(iv.Deadline, amberBefore)) {
			p.Light, p.Reason = Amber, "the interview ends shortly before the deadline"
		}
	} else {
		var need hiring.Need
		need, p.Whose = c.Waiting(now)
		p.NextAct, p.By = p.act(need)
		switch {
		case !now.Before(p.By):
			p.Light, p.Reason = Amber, "the planned time for "+p.NextAct+" has passed"
		case !now.Before(r.back(p.By, amberBefore)):
			p.Light, p.Reason = Amber, "little working time is left for "+p.NextAct
		}
	}
	switch {
	case !now.Before(p.NoticeBy):
		p.Light, p.Reason = Red, "the deadline has passed"
	case !now.Before(p.NoticeBy.Add(-hiring.WarnBefore)):
		p.Light, p.Reason = Red, "at most half an hour is left"
	}
	return p
}

// act returns what a need waits for, in words, and by when it is due.
func (p Plan) act(need hiring.Need) (string, time.Time) {
	switch need {
	case hiring.NeedScorecards:
		return "the scorecards", p.ScorecardsBy
	case hiring.NeedDecision:
		return "a decision", p.DecisionBy
	default:
		return "telling the candidate", p.NoticeBy
	}
}

// plan plans an interview's deadline backwards.
func (r Rhythm) plan(end, deadline time.Time) Plan {
	p := Plan{NoticeBy: deadline}
	summary := hiring.AtClock(deadline.In(r.Zone), r.Summary)
	p.DecisionBy = earlier(summary.Add(decideAfter), r.back(deadline, decideBefore))
	local := end.In(r.Zone)
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	dayLater := hiring.AtClock(r.workdayAfter(local), clock)
	p.ScorecardsBy = earlier(later(hiring.AtClock(p.DecisionBy.In(r.Zone), r.Preview), dayLater), earlier(summary, p.DecisionBy))
	p.ScorecardsBy = earlier(later(p.ScorecardsBy, end), deadline)
	p.DecisionBy = later(p.DecisionBy, p.ScorecardsBy)
	return p
}

// farthest is over how many days working time is looked for: more than the
// longest run of days off that we plan for.
const farthest = 60

// back returns the latest time from which so much working time is left until t;
// where there is none to be found, so much before t.
func (r Rhythm) back(t time.Time, d time.Duration) time.Time {
	left, day := d, t.In(r.Zone)
	for range farthest {
		if r.works(day) {
			from, to := hiring.AtClock(day, r.Hours.Start), earlier(hiring.AtClock(day, r.Hours.End), t)
			if has := to.Sub(from); has >= left {
				return to.Add(-left)
			} else if has > 0 {
				left -= has
			}
		}
		day = noon(day, -1)
	}
	return t.Add(-d)
}

// workdayAfter returns the first working day after the day, at noon.
func (r Rhythm) workdayAfter(day time.Time) time.Time {
	next := noon(day, 1)
	for range farthest {
		if r.works(next) {
			return next
		}
		next = noon(next, 1)
	}
	return noon(day, 1)
}

func (r Rhythm) works(day time.Time) bool {
	return r.Hours.On(day.Weekday()) && (r.Holiday == nil || !r.Holiday(day))
}

// noon returns noon of the day so many days after, in the same zone.
func noon(day time.Time, days int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+days, 12, 0, 0, 0, day.Location())
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Plan plans a case and says how it stands now.
func (s *Service) Plan(c *hiring.Case) Plan {
	return PlanOf(c, s.rhythm(c.Role, c.Interview.Deadline), s.Now())
}

// rhythm returns what plans to this deadline need of the role.
func (s *Service) rhythm(role *hiring.Role, deadline time.Time) Rhythm {
	preview, summary := s.Schedules.clocks(role.TimeZone(), deadline)
	return Rhythm{Zone: role.TimeZone(), Hours: role.Hours.V, Holiday: s.Holidays(role.Holidays.V), Preview: preview, Summary: summary}
}
