package report

import (
	"time"

	"convene/internal/hiring"
)

// An Interview is what is counted of one: ids and times, nothing of what was said.
type Interview struct {
	ID, Candidate, Role, Stage string

	State      hiring.InterviewState
	Cause      hiring.Cause       // of one that was not held
	Cancelled  hiring.CancelCause // of one that was cancelled
	Moves      []Move             // that were made
	Start, End time.Time
	Deadline   time.Time      // that the promise counts by
	ToldAt     time.Time      // for the first time; zero: not yet
	Outcome    hiring.Outcome // of the decision that stands; "": none yet
	AddedAt    time.Time      // when the candidate was added; zero: unknown
	Gone       time.Time      // since when there is nobody to tell: the candidate withdrew or was erased; zero: they are there
	Panel      []Seat
}

// A Move is what is counted of one move.
type Move struct {
	Cause hiring.MoveCause
	At    time.Time // when it was made
}

// A Seat is one panelist's part in an interview.
type Seat struct {
	Person    string
	Part      hiring.Part
	Submitted time.Time // when the scorecard was first in; zero: it never was
	Excused   bool      // they said that they weren't there, or handed it over
}

// Held reports whether the interview took place.
func (iv Interview) Held(now time.Time) bool {
	return iv.State == hiring.Booked && !now.Before(iv.End)
}

// CancelCause says why the interview is off; false: it isn't.
func (iv Interview) CancelCause() (hiring.CancelCause, bool) {
	switch iv.State {
	case hiring.Cancelled:
		return iv.Cancelled, true
	case hiring.Removed:
		return hiring.CancelGoogle, true
	default:
		return "", false
	}
}

// moved counts the moves that were made since a time, by cause.
func (iv Interview) moved(from time.Time) map[hiring.MoveCause]int {
	n := map[hiring.MoveCause]int{}
	for _, m := range iv.Moves {
		if !m.At.Before(from) {
			n[m.Cause]++
		}
	}
	return n
}

// A Standing is what became of a promise.
type Standing string

// The standings.
const (
	None   Standing = "" // nothing was promised, or there was nobody left to tell
	Kept   Standing = "kept"
	Missed Standing = "missed"
	Open   Standing = "open" // not told, and there is still time
)

// Promise says what became of the interview's promise. Nothing is promised
// before an interview took place, nor to who withdrew or was erased while there
// was time; what they were not told by then was missed.
func (iv Interview) Promise(now time.Time) Standing {
	p := hiring.Promise{InterviewID: iv.ID, Deadline: iv.Deadline, ToldAt: iv.ToldAt}
	gone := !iv.Gone.IsZero() && !iv.Gone.After(iv.Deadline)
	switch {
	case iv.Deadline.IsZero() || !iv.Held(now):
		return None
	case gone && iv.ToldAt.IsZero():
		return None
	case p.Kept():
		return Kept
	case p.Missed(now):
		return Missed
	default:
		return Open
	}
}

// card counts one scorecard of an interview that was held; false: it isn't
// owed. One that never came in isn't held against anybody when nobody waited for
// it any more: the candidate was gone, or told, before it was due.
func (iv Interview) card(seat Seat, due, now time.Time) (Cards, bool) {
	before := func(t time.Time) bool { return !t.IsZero() && !t.After(due) }
	switch in := !seat.Submitted.IsZero(); {
	case seat.Part != hiring.Required || seat.Excused:
		return Cards{}, false
	case in && before(seat.Submitted):
		return Cards{OnTime: 1}, true
	case in:
		return Cards{Late: 1}, true
	case before(iv.Gone), before(iv.ToldAt):
		return Cards{}, false
	case now.After(due):
		return Cards{Missing: 1}, true
	default:
		return Cards{NotDue: 1}, true
	}
}

// days counts the midnights of the zone from when the candidate was added until
// they were told.
func (iv Interview) days(zone *time.Location) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(iv.ToldAt).Sub(date(iv.AddedAt)) / (24 * time.Hour))
}

// firstTold returns, of each candidate, the interview after which they were
// first told.
func firstTold(list []Interview, now time.Time) map[string]*Interview {
	first := map[string]*Interview{}
	for i := range list {
		iv := &list[i]
		if iv.ToldAt.IsZero() || iv.AddedAt.IsZero() || !iv.Held(now) {
			continue
		}
		if f := first[iv.Candidate]; f == nil || iv.ToldAt.Before(f.ToldAt) {
			first[iv.Candidate] = iv
		}
	}
	return first
}

// cardDue is the end of the next working day after the interview's. end is in
// the role's zone.
func cardDue(end time.Time, hours hiring.Hours, isHoliday func(time.Time) bool) time.Time {
	day := time.Date(end.Year(), end.Month(), end.Day(), 12, 0, 0, 0, end.Location())
	for range 366 { // a year without a working day isn't a calendar
		day = day.AddDate(0, 0, 1)
		if hours.On(day.Weekday()) && (isHoliday == nil || !isHoliday(day)) {
			break
		}
	}
	return hiring.AtClock(day, hours.End)
}
