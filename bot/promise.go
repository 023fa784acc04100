package bot

import (
	"time"

	"convene/internal/decision"
	"convene/internal/hiring"
)

// lightWord says in a word how a promise stands. The symbols differ in shape: no
// meaning lies in a colour alone.
func lightWord(p decision.Plan, now time.Time) string {
	switch {
	case p.Light == decision.Green:
		return "On track ✓"
	case p.Light == decision.Amber:
		return "At risk ⚠"
	case now.Before(p.NoticeBy):
		return "Act now ⏰"
	default:
		return "Late ⏰"
	}
}

// light says how a promise stands: the word, and why where it isn't on track.
func (r *rich) light(p decision.Plan, now time.Time) *rich {
	if p.Light == "" {
		return r
	}
	r.b(lightWord(p, now))
	if p.Reason != "" {
		r.t(" (" + p.Reason + ")")
	}
	return r.t(" · ")
}

// scorecardBy says to a panelist by when their scorecard is wanted.
func (b *Bot) scorecardBy(p decision.Plan, zone *time.Location) string {
	if now := b.Now(); !now.Before(p.NoticeBy) {
		return "The answer was promised by " + clockTime(p.NoticeBy, zone) + "."
	} else if now.Before(p.ScorecardsBy) {
		return "Your scorecard is planned by " + clockTime(p.ScorecardsBy, zone) + "."
	}
	return "Your scorecard is waited for: the candidate hears by " + clockTime(p.NoticeBy, zone) + "."
}

// headsUp is what a reminder says on the last working day before a deadline's
// day: by when the earliest of the missing scorecards is planned. It is empty on
// other days.
func (b *Bot) headsUp(p hiring.Person, owed []*hiring.Case, posted time.Time) string {
	var first decision.Plan
	var zone *time.Location
	for _, k := range owed {
		in := p.TimeZone(k.Role.TimeZone())
		if dayName(b.Scorecards.HeadsUp(p, k), in) != dayName(posted, in) {
			continue
		}
		if plan := b.Decisions.Plan(k); zone == nil || plan.ScorecardsBy.Before(first.ScorecardsBy) {
			first, zone = plan, in
		}
	}
	if zone == nil {
		return ""
	}
	return "Heads-up: " + dayName(posted, zone) + " is the last working day before the candidate is to hear. The plan: scorecards by " +
		clockTime(first.ScorecardsBy, zone) + ", the decision by " + clockTime(first.DecisionBy, zone) + "."
}
