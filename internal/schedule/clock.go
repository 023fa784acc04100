package schedule

import (
	"time"

	"convene/internal/hiring"
)

// The search works in whole seconds since 1970 (Unix time). A zone's offsets
// are looked up once per search, not once per slot and person: see wall.

const oneDay = 24 * 60 * 60 // seconds

// A span is a stretch of time in Unix seconds, the end excluded.
type span struct{ from, to int64 }

// A wall is the wall clock of a zone over some weeks: stretches of time with
// one offset from UTC each, in order and without gaps.
type wall []stretch

type stretch struct {
	span
	offset int64 // seconds east of UTC
}

// wallOf reads a zone over a span.
func wallOf(zone *time.Location, over span) wall {
	var c wall
	for at := over.from; at < over.to; {
		t := time.Unix(at, 0).In(zone)
		_, offset := t.Zone()
		to := over.to
		if _, end := t.ZoneBounds(); !end.IsZero() {
			to = min(to, end.Unix())
		}
		c = append(c, stretch{span{at, to}, int64(offset)})
		at = to
	}
	return c
}

// at returns the stretch that an instant is in.
func (c wall) at(u int64) stretch {
	i := 0
	for i+1 < len(c) && u >= c[i].to {
		i++
	}
	return c[i]
}

// local returns what the clock shows, as seconds since 1970 on the wall.
func (c wall) local(u int64) int64 { return u + c.at(u).offset }

// day returns the local date, as days since 1970.
func (c wall) day(u int64) int64 { return floor(c.local(u), oneDay) }

// weekOf returns the number of a date's week, Monday to Sunday; 1 January 1970
// was a Thursday.
func weekOf(date int64) int64 { return floor(date+3, 7) }

// mondayOf returns the first date of a date's week.
func mondayOf(date int64) int64 { return weekOf(date)*7 - 3 }

// repeated calls yes with each stretch of time whose wall clock is shown twice,
// the first time and the second together.
func (c wall) repeated(yes func(span)) {
	for i := 1; i < len(c); i++ {
		if back := c[i-1].offset - c[i].offset; back > 0 {
			yes(span{c[i].from - back, c[i].from + back})
		}
	}
}

// days calls yes with the stretches of time in which the local date is one of
// some that follow each other.
func (c wall) days(first, last int64, yes func(span)) {
	for _, s := range c {
		if d := (span{max(s.from, first*oneDay-s.offset), min(s.to, (last+1)*oneDay-s.offset)}); d.from < d.to {
			yes(d)
		}
	}
}

// windows returns the stretches of time inside the hours, in order: at most one
// a day, but for what lies about a time that the clock shows twice, which is in
// none: nobody could say which of the two is meant. A time that the clock skips
// is in none either, as it never comes; hours that begin in it begin after it.
func (c wall) windows(h hiring.Hours) []span {
	var on [7]bool
	for _, d := range h.Days {
		on[d] = true
	}
	start, end := int64(h.Start/time.Second), int64(h.End/time.Second)
	out := make([]span, 0, 64)
	last := int64(0) // the date of the window before
	for i, s := range c {
		from, to := s.from, s.to
		if i > 0 {
			from += max(0, c[i-1].offset-s.offset)
		}
		if i+1 < len(c) {
			to -= max(0, s.offset-c[i+1].offset)
		}
		date := floor(from+s.offset, oneDay)
		weekday := floorMod(date+4, 7)
		for midnight := date*oneDay - s.offset; midnight < to; midnight += oneDay {
			w := span{max(from, midnight+start), min(to, midnight+end)}
			switch n := len(out); {
			case !on[weekday] || w.from >= w.to:
			case n > 0 && last == date && out[n-1].to == w.from: // one day, whose offset changed
				out[n-1].to = w.to
			default:
				out, last = append(out, w), date
			}
			if date, weekday = date+1, weekday+1; weekday == 7 {
				weekday = 0
			}
		}
	}
	return out
}

// floor divides and rounds down, also below zero.
func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floor(a, b)*b }

// unixUp returns the first whole second at or after t.
func unixUp(t time.Time) int64 {
	u := t.Unix()
	if t.Nanosecond() > 0 {
		u++
	}
	return u
}
