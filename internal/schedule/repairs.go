package schedule

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A Repair is what keeps a booked interview from being held as it is, with the
// ways out: the smallest first.
type Repair struct {
	Interview string
	Number    int // counts the interview's problems, from 1
	Candidate string
	Kind      RepairKind
	Message   string // key of the DM that shows it
	State     RepairState
	Revision  int // of the interview that the ways out were computed for
	RepairBody
	ChosenBy   string // Slack user id
	ChosenAt   time.Time
	ComputedAt time.Time // when calendars were last asked for it
}

// A RepairBody is what was found out.
type RepairBody struct {
	Trouble []Trouble
	Ways    []WayOut
	InWay   []string // who and what is in the way of every way out, in words
	Unknown bool     // Google Calendar couldn't be asked
	Gone    string   // why the way out that was chosen last isn't possible any more, in words
	Chosen  WayOut   // what was chosen; zero: nothing
	Read    string   // how the candidate's comment was understood; "" where it wasn't
}

// RepairKind says what a repair came from.
type RepairKind string

// The kinds of repairs.
const (
	RepairPanel     RepairKind = "panel"     // panelists who can't come
	RepairMoved     RepairKind = "moved"     // a person moved it to a time that doesn't suit
	RepairCandidate RepairKind = "candidate" // the candidate declined
)

// RepairState says where a repair stands.
type RepairState string

// The states of a repair.
const (
	RepairOpen    RepairState = "open"
	RepairChosen  RepairState = "chosen"  // somebody clicked a way out, which isn't done yet
	RepairDone    RepairState = "done"    // by a way out
	RepairSettled RepairState = "settled" // otherwise
)

// Live reports whether something is left to do.
func (r *Repair) Live() bool { return r.State == RepairOpen || r.State == RepairChosen }

// A Trouble is one reason why an interview can't be held as it is.
type Trouble struct {
	Person string // Slack user id; empty: it is the time itself
	Name   string
	Part   hiring.Part
	Why    Why
	Busy   hiring.Interval // for WhyBusy and WhyInterview: what takes their time
	Day    string          // for WhyDay: the weekday, in their zone
}

// Answer reports whether it is about a person's answer or absence, and not
// about the time.
func (t Trouble) Answer() bool {
	return t.Why == WhyDeclined || t.Why == WhyTentative || t.Why == WhyOff || t.Why == WhyLeft
}

// Why says what kind of trouble it is.
type Why string

// The kinds of trouble.
const (
	WhyDeclined  Why = "declined"
	WhyTentative Why = "tentative"
	WhyOff       Why = "off"  // a person took them off the event
	WhyLeft      Why = "left" // their account is deactivated
	WhyBusy      Why = "busy"
	WhyInterview Why = "interview" // in another interview of ours
	WhyHours     Why = "hours"     // outside their working hours
	WhyDay       Why = "day"       // on a day on which they don't work
	WhyCandidate Why = "candidate" // outside the candidate's hours
	WhyHoliday   Why = "holiday"
)

// A WayOut is one way to hold the interview all the same, done by one click.
type WayOut struct {
	Key   string // names it in a button
	Kind  WayKind
	Start time.Time
	End   time.Time
	Panel []hiring.Panelist // the whole panel that it brings; nil: it stays
	Swaps []Swap
	Why   string // in words
}

// A Swap is one person in the place of another.
type Swap struct {
	Out, OutName string
	In, InName   string // empty: nobody takes the place
}

// WayKind says what a way out changes.
type WayKind string

// The kinds of ways out, the smallest repair first.
const (
	WayStandIn WayKind = "stand-in"
	WayWithout WayKind = "without" // without optional people
	WayLater   WayKind = "later"   // later that day
	WayDay     WayKind = "day"     // another day
)

// SameTime reports whether the candidate hears nothing of it.
func (w WayOut) SameTime() bool { return w.Kind == WayStandIn || w.Kind == WayWithout }

// named gives the way out its key, which tells it from every other one.
func named(w WayOut) WayOut {
	text := fmt.Sprintf("%s %d %d", w.Kind, w.Start.Unix(), w.End.Unix())
	for _, s := range w.Swaps {
		text += " " + s.Out + ">" + s.In
	}
	sum := sha256.Sum256([]byte(text))
	w.Key = hex.EncodeToString(sum[:6])
	return w
}

// answered returns whose answer, or absence, keeps the interview from being held
// with its panel. Somebody optional who isn't sure is no trouble.
func answered(iv *hiring.Interview, people map[string]hiring.Person) []Trouble {
	var out []Trouble
	for _, p := range iv.Panel {
		t := Trouble{Person: p.Person, Name: people[p.Person].Name, Part: p.Part}
		switch {
		case people[p.Person].Deleted:
			t.Why = WhyLeft
		case p.RSVP == "declined":
			t.Why = WhyDeclined
		case p.RSVP == hiring.TakenOff:
			t.Why = WhyOff
		case p.RSVP == "tentative" && p.Part == hiring.Required:
			t.Why = WhyTentative
		default:
			continue
		}
		out = append(out, t)
	}
	return out
}

// The rules by which it is judged whether somebody could sit on the panel.
type seatRules struct {
	Buffer          time.Duration
	PerDay, PerWeek int // interviews; 0: no limit
}

func seatRulesOf(role *hiring.Role) seatRules {
	return seatRules{Buffer: role.Buffer.V, PerDay: role.PerDay.V, PerWeek: role.PerWeek.V}
}

// weekAround is the time in which interviews count for the limits of a slot.
func weekAround(slot hiring.Interval) hiring.Interval {
	return hiring.Interval{Start: slot.Start.Add(-7 * 24 * time.Hour), End: slot.End.Add(7 * 24 * time.Hour)}
}

// collides says why the slot doesn't suit the person; false: it does, as far as
// is known. Limits don't count: it is about the time. Google merges busy time, so
// of a meeting that overlaps the interview's own event only what sticks out can
// be seen, right beside it; the buffer finds that.
func collides(a Attendee, slot hiring.Interval, buffer time.Duration) (Trouble, bool) {
	t := Trouble{Person: a.ID, Name: a.Name, Part: a.Part}
	padded := hiring.Interval{Start: slot.Start.Add(-buffer), End: slot.End.Add(buffer)}
	overlaps := func(b hiring.Interval) bool { return b.Overlaps(padded) }
	if i := slices.IndexFunc(a.Interviews, overlaps); i >= 0 {
		t.Why, t.Busy = WhyInterview, a.Interviews[i]
		return t, true
	}
	if i := slices.IndexFunc(a.Calendar.Busy, overlaps); i >= 0 {
		t.Why, t.Busy = WhyBusy, a.Calendar.Busy[i]
		return t, true
	}
	switch day := slot.Start.In(a.Zone).Weekday(); {
	case !a.Hours.On(day):
		t.Why, t.Day = WhyDay, day.String()
		return t, true
	case !atWork(a, slot):
		t.Why = WhyHours
		return t, true
	}
	return t, false
}

func atWork(a Attendee, slot hiring.Interval) bool {
	day := slot.Start.In(a.Zone)
	return a.Hours.On(day.Weekday()) && !slot.Start.Before(hiring.AtClock(day, a.Hours.Start)) && !slot.End.After(hiring.AtClock(day, a.Hours.End))
}

// noSeat says why somebody could not take a seat then; "" when they could: free
// with the buffer, at work, within their limits. A calendar that can't be read is
// unknown.
func noSeat(a Attendee, slot hiring.Interval, rules seatRules) string {
	padded := hiring.Interval{Start: slot.Start.Add(-rules.Buffer), End: slot.End.Add(rules.Buffer)}
	within := func(list []hiring.Interval, span hiring.Interval) bool {
		return slices.ContainsFunc(list, func(b hiring.Interval) bool { return b.Overlaps(span) })
	}
	thatDay, thatWeek := seatsTaken(a, slot.Start)
	switch {
	case a.Calendar.Unreadable != "":
		return fmt.Sprintf("I can't tell whether %s is free then (%s).", a.Name, a.Calendar.Unreadable)
	case within(a.Interviews, slot):
		return a.Name + " is in another interview then by now."
	case within(a.Calendar.Busy, slot):
		return a.Name + " is no longer free then."
	case within(a.Interviews, padded), within(a.Calendar.Busy, padded):
		return a.Name + " has something right beside it by now."
	case !atWork(a, slot):
		return "It is outside " + a.Name + "'s working hours by now."
	case rules.PerDay > 0 && thatDay >= rules.PerDay, rules.PerWeek > 0 && thatWeek >= rules.PerWeek:
		return a.Name + " has as many interviews by now as they may have."
	}
	return ""
}

// seatsTaken counts the person's interviews on the day and in the week of a time.
func seatsTaken(a Attendee, at time.Time) (thatDay, thatWeek int) {
	day := at.In(a.Zone)
	year, week := day.ISOWeek()
	for _, iv := range a.Interviews {
		d := iv.Start.In(a.Zone)
		if y, w := d.ISOWeek(); y == year && w == week {
			thatWeek++
		}
		if d.Year() == day.Year() && d.YearDay() == day.YearDay() {
			thatDay++
		}
	}
	return thatDay, thatWeek
}

// maxStandInWays is how many people are offered in one person's place.
const maxStandInWays = 2

// sameTimeWays returns the ways out that leave the time: somebody in the place of
// each required person who can't, else, where only optional people can't, the
// panel without them. near are the people of the same title or pool, by whose
// place it is, and under "" those with any title: in this order they come first.
func sameTimeWays(iv *hiring.Interview, trouble []Trouble, others []Attendee, near map[string][]string, rules seatRules) []WayOut {
	if slices.ContainsFunc(trouble, func(t Trouble) bool { return t.Person == "" }) {
		return nil // it is the time that doesn't suit
	}
	slot := hiring.Interval{Start: iv.Start, End: iv.End}
	way := WayOut{Kind: WayStandIn, Start: iv.Start, End: iv.End}
	need := slices.DeleteFunc(slices.Clone(trouble), func(t Trouble) bool { return t.Part != hiring.Required })
	if len(need) == 0 {
		way.Kind = WayWithout
		for _, t := range trouble {
			way.Swaps = append(way.Swaps, Swap{Out: t.Person, OutName: t.Name})
		}
		way.Panel = swapped(iv.Panel, way.Swaps, trouble)
		way.Why = "nobody required is missing"
		return []WayOut{named(way)}
	}
	free := slices.DeleteFunc(slices.Clone(others), func(a Attendee) bool { return noSeat(a, slot, rules) != "" })
	best := func(out string) []Attendee {
		sorted := slices.Clone(free)
		slices.SortStableFunc(sorted, func(a, b Attendee) int {
			_, la := seatsTaken(a, iv.Start)
			_, lb := seatsTaken(b, iv.Start)
			return cmp.Or(rank(near, out, a.ID)-rank(near, out, b.ID), la-lb, cmp.Compare(a.Name, b.Name))
		})
		return sorted
	}
	fill := func(swaps []Swap) WayOut {
		w := way
		w.Swaps, w.Panel = swaps, swapped(iv.Panel, swaps, trouble)
		w.Why = "free then, within their hours and limits"
		for _, s := range swaps {
			if slices.Contains(near[s.Out], s.In) {
				w.Why = "from the same group, and free then"
			}
			if partIn(iv.Panel, s.In) == hiring.Optional {
				w.Why = s.InName + " is on the panel already, as optional"
			}
		}
		return named(w)
	}
	if len(need) == 1 {
		var out []WayOut
		for _, a := range best(need[0].Person) {
			if len(out) < maxStandInWays {
				out = append(out, fill([]Swap{{Out: need[0].Person, OutName: need[0].Name, In: a.ID, InName: a.Name}}))
			}
		}
		return out
	}
	var swaps []Swap
	for _, t := range need {
		for _, a := range best(t.Person) {
			if !slices.ContainsFunc(swaps, func(s Swap) bool { return s.In == a.ID }) {
				swaps = append(swaps, Swap{Out: t.Person, OutName: t.Name, In: a.ID, InName: a.Name})
				break
			}
		}
	}
	if len(swaps) < len(need) {
		return nil
	}
	return []WayOut{fill(swaps)}
}

func rank(near map[string][]string, out, id string) int {
	switch {
	case slices.Contains(near[out], id):
		return 0
	case slices.Contains(near[""], id):
		return 1
	default:
		return 2
	}
}

// swapped returns the panel with the swaps done, and without the optional people
// who can't come.
func swapped(panel []hiring.Panelist, swaps []Swap, trouble []Trouble) []hiring.Panelist {
	var out []hiring.Panelist
	for _, p := range panel {
		i := slices.IndexFunc(swaps, func(s Swap) bool { return s.Out == p.Person })
		switch {
		case i >= 0 && swaps[i].In != "":
			out = append(out, hiring.Panelist{Person: swaps[i].In, Part: p.Part})
		case i >= 0, slices.ContainsFunc(swaps, func(s Swap) bool { return s.In == p.Person }):
		case p.Part != hiring.Required && slices.ContainsFunc(trouble, func(t Trouble) bool { return t.Person == p.Person }):
		default:
			out = append(out, hiring.Panelist{Person: p.Person, Part: p.Part})
		}
	}
	return out
}

// sayTimes makes ways out of slots, which keep the panel. A slot's own reasons
// compare it with the others of one search, which these are not.
func sayTimes(kind WayKind, slots []Slot, most int) []WayOut {
	var out []WayOut
	for _, s := range slots[:min(len(slots), most)] {
		why := "the whole panel is free"
		if len(s.Without) > 0 {
			why = "everybody required is free; not " + strings.Join(s.Without, ", ") + " (optional)"
		}
		out = append(out, named(WayOut{Kind: kind, Start: s.Start, End: s.End, Why: why}))
	}
	return out
}

// movable reports whether another time would help: it does where people can't
// come at this one, and not where they have left or were taken off the event.
func movable(trouble []Trouble) bool {
	return !slices.ContainsFunc(trouble, func(t Trouble) bool {
		return t.Part == hiring.Required && (t.Why == WhyLeft || t.Why == WhyOff)
	}) && slices.ContainsFunc(trouble, func(t Trouble) bool { return t.Person == "" || t.Part == hiring.Required })
}
