package schedule

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A Way is a smallest set of changes with which there are times.
type Way struct {
	Changes []Change    // one; two where no single one helps
	Opens   []time.Time // the starts that it opens, soonest first
}

// ByHand reports whether a person has to do something for it outside the bot.
func (w Way) ByHand() bool { return slices.ContainsFunc(w.Changes, Change.ByHand) }

func (w Way) code() string {
	var codes []string
	for _, c := range w.Changes {
		codes = append(codes, c.Code())
	}
	return strings.Join(codes, " ")
}

// How far the question is changed.
const (
	widest       = 2 * time.Hour // beyond anybody's hours
	further      = 14 * 24 * time.Hour
	leastNotice  = time.Hour
	longestMove  = 2 * time.Hour // what takes longer isn't one meeting
	maxWays      = 8
	maxInstead   = 3 // stand-ins for one person
	maxMoves     = 2 // meetings of one person
	shorterSteps = 4
)

// Furthest returns until when calendars must be known to explain a question.
func (q Question) Furthest() time.Time { return q.Until.Add(further) }

// Explain returns the ways out of a question that has no slot: true, as the
// question with the changes of a way has the slots that it names, and minimal,
// as no smaller change of the same kind has one, and two are only named where
// no single one helps. others are people who could take a place in it; all
// calendars must be known until q.Furthest.
//
// It looks once at each start of the grid, for the length asked for and at most
// four shorter ones: what objects to a time is grouped by what would have to
// change for it, and times for which more than two things would have to are
// passed over.
func Explain(q Question, others []Attendee) []Way {
	free := slices.DeleteFunc(slices.Clone(others), func(o Attendee) bool { return q.asks(o.ID) })
	var single, double ways
	for _, d := range q.lengths() {
		as := q
		as.Duration = d
		for start := q.onGrid(q.Now.Add(min(q.Notice, leastNotice))); start.Before(q.Furthest()); start = start.Add(step) {
			if start.Before(q.From) {
				continue
			}
			holes, possible := as.holes(hiring.Interval{Start: start, End: start.Add(d)}, free)
			if d != q.Duration {
				holes = append(holes, []Change{{Kind: Shorter, Span: d, Was: q.Duration}})
			}
			switch {
			case !possible || len(holes) > 2:
			case len(holes) == 0:
				return nil
			case len(holes) == 1:
				single.add(q, start, holes[0], nil)
			default:
				double.add(q, start, holes[0], holes[1])
			}
		}
	}
	if len(single.list) > 0 {
		return single.best()
	}
	return double.best()
}

// asks reports whether the person has a part in the question.
func (q *Question) asks(id string) bool {
	for _, list := range append([][]Attendee{q.Panel}, poolLists(q.Pools)...) {
		if slices.ContainsFunc(list, func(a Attendee) bool { return a.ID == id }) {
			return true
		}
	}
	return false
}

// lengths are the one asked for and shorter ones down to half of it.
func (q *Question) lengths() []time.Duration {
	out := []time.Duration{q.Duration}
	const quarter = 15 * time.Minute
	for d := (q.Duration - 1).Truncate(quarter); d >= MinDuration && d >= q.Duration/2 && len(out) <= shorterSteps; d -= quarter {
		out = append(out, d)
	}
	return out
}

// holes returns what would have to change for the slot: for each, the changes
// that do it. A slot for which nothing can be done is not possible.
func (q *Question) holes(slot hiring.Interval, free []Attendee) (holes [][]Change, possible bool) {
	dig := func(options ...Change) bool {
		holes = append(holes, options)
		return len(options) > 0 && len(holes) <= 2
	}
	if q.Holiday != nil && q.Holiday(slot.Start.In(q.RoleZone)) {
		return nil, false
	}
	if shownTwice(slot, q.RoleZone) || shownTwice(slot, q.CandidateZone) || len(q.taken(slot)) > 0 {
		return nil, false
	}
	day := slot.Start.In(q.CandidateZone)
	candidate := Attendee{Zone: q.CandidateZone}
	if from := clockAt(slot.Start, day); from < q.Earliest && !dig(wider(Earlier, candidate, from, q.Earliest-from)...) {
		return nil, false
	}
	if to := clockAt(slot.End, day); to > q.Latest && !dig(wider(Later, candidate, to, to-q.Latest)...) {
		return nil, false
	}
	if slot.Start.Before(q.Now.Add(q.Notice)) && !dig(Change{Kind: Notice, Span: slot.Start.Sub(q.Now).Truncate(step)}) {
		return nil, false
	}
	if !slot.Start.Before(q.Until) && !dig(Change{Kind: Further, Until: nextDay(slot.Start.In(q.RoleZone))}) {
		return nil, false
	}
	for _, a := range q.Panel {
		if a.Part != hiring.Required {
			continue
		}
		if against := againstPerson(*q, a, slot); len(against) > 0 && !dig(q.forPerson(a, against, slot, free)...) {
			return nil, false
		}
	}
	if against, _ := againstPools(*q, slot); len(against) > 0 && !dig(q.forPools(slot, free)...) {
		return nil, false
	}
	return holes, true
}

func nextDay(t time.Time) time.Time {
	return hiring.AtClock(time.Date(t.Year(), t.Month(), t.Day()+1, 12, 0, 0, 0, t.Location()), 0)
}

// wider lets somebody's hours, or the candidate's, reach by so much to a clock.
func wider(kind ChangeKind, a Attendee, clock, by time.Duration) []Change {
	if by > widest || clock < 0 || clock > 24*time.Hour {
		return nil
	}
	return []Change{{Kind: kind, Who: a.ID, Name: a.Name, Clock: clock, Zone: a.Zone.String()}}
}

// forPerson returns what lets the slot take place though it doesn't suit a
// required person: a small change of theirs, somebody else, or nobody.
func (q *Question) forPerson(a Attendee, against []Objection, slot hiring.Interval, free []Attendee) []Change {
	out := ownChange(a, against)
	for _, o := range free {
		o.Part = hiring.Required
		if len(againstPerson(*q, o, slot)) == 0 {
			out = append(out, Change{Kind: Instead, Who: a.ID, Name: a.Name, In: o.ID, InName: o.Name})
		}
	}
	return append(out, Change{Kind: Without, Who: a.ID, Name: a.Name, Seat: a.Part})
}

// ownChange returns the change of a person's own that takes away what objects,
// if one does.
func ownChange(a Attendee, against []Objection) []Change {
	if len(against) != 1 {
		return nil
	}
	o := against[0]
	switch {
	case o.Rule == RuleEarly:
		from := clockAt(o.Slot.Start, o.Slot.Start.In(a.Zone))
		return wider(Earlier, a, from, a.Hours.Start-from)
	case o.Rule == RuleLate:
		to := clockAt(o.Slot.End, o.Slot.Start.In(a.Zone))
		return wider(Later, a, to, to-a.Hours.End)
	case o.Rule == RuleBusy && o.With.End.Sub(o.With.Start) <= longestMove:
		return []Change{{Kind: Move, Who: a.ID, Name: a.Name, Meeting: o.With}}
	}
	return nil
}

// forPools does the same for a pool that lacks one person then.
func (q *Question) forPools(slot hiring.Interval, free []Attendee) []Change {
	var out []Change
	for i := range q.Pools {
		less := *q
		less.Pools = slices.Clone(q.Pools)
		if less.Pools[i].Need--; less.Pools[i].Need < 0 {
			continue
		}
		against, seats := againstPools(less, slot)
		if len(against) > 0 {
			continue
		}
		for _, a := range q.Pools[i].From {
			sits := slices.Contains(seats, a.ID) || slices.ContainsFunc(q.Panel, func(p Attendee) bool { return p.ID == a.ID && p.Part == hiring.Required })
			if !sits {
				a.Part = hiring.Required
				out = append(out, ownChange(a, againstPerson(*q, a, slot))...)
			}
		}
		for _, o := range free {
			o.Part = hiring.Required
			if len(againstPerson(*q, o, slot)) == 0 {
				out = append(out, Change{Kind: JoinPool, Pool: i, In: o.ID, InName: o.Name})
			}
		}
	}
	return out
}

// ways are the ways found, by their codes.
type ways struct {
	list   []*Way
	byCode map[string]*Way
}

// add notes that a start is opened by each combination of the changes.
func (w *ways) add(q Question, start time.Time, first, second []Change) {
	for _, a := range first {
		if second == nil {
			w.note(q, start, a)
		}
		for _, b := range second {
			if a.In == "" || a.In != b.In {
				w.note(q, start, a, b)
			}
		}
	}
}

func (w *ways) note(q Question, start time.Time, changes ...Change) {
	out := 0
	for _, c := range changes {
		if c.Kind == Without {
			out++
		}
	}
	if needed := len(q.required()); out > 0 && out == needed && len(q.Pools) == 0 {
		return // somebody has to be there
	}
	way := &Way{Changes: changes}
	code := way.code()
	if known := w.byCode[code]; known != nil {
		way = known
	} else {
		if w.byCode == nil {
			w.byCode = map[string]*Way{}
		}
		w.byCode[code], w.list = way, append(w.list, way)
	}
	if n := len(way.Opens); n == 0 || !way.Opens[n-1].Equal(start) {
		way.Opens = append(way.Opens, start)
	}
}

func (q *Question) required() []Attendee {
	return slices.DeleteFunc(slices.Clone(q.Panel), func(a Attendee) bool { return a.Part != hiring.Required })
}

// best returns the smallest ways: what asks least of people first, then what
// opens the soonest time; not too many of one kind for one person.
func (w *ways) best() []Way {
	var kinds []*alike
	byKind := map[string]*alike{}
	for _, way := range smallest(w.list) {
		kind := way.kind()
		if byKind[kind] == nil {
			byKind[kind] = &alike{}
			kinds = append(kinds, byKind[kind])
		}
		byKind[kind].ways = append(byKind[kind].ways, way)
	}
	for _, a := range kinds {
		slices.SortFunc(a.ways, func(a, b *Way) int {
			return cmp.Or(cmp.Compare(len(b.Opens), len(a.Opens))*a.choice(), a.Opens[0].Compare(b.Opens[0]), cmp.Compare(a.code(), b.code()))
		})
		a.ways = a.ways[:min(len(a.ways), a.ways[0].most())]
		a.soonest = slices.MinFunc(a.ways, func(a, b *Way) int { return a.Opens[0].Compare(b.Opens[0]) }).Opens[0]
	}
	slices.SortFunc(kinds, func(a, b *alike) int {
		return cmp.Or(cmp.Compare(a.ways[0].rank(), b.ways[0].rank()), a.soonest.Compare(b.soonest), cmp.Compare(a.ways[0].kind(), b.ways[0].kind()))
	})
	var out []Way
	for _, a := range kinds {
		for _, way := range a.ways {
			out = append(out, *way)
		}
	}
	return out[:min(len(out), maxWays)]
}

// alike are ways that ask the same of the same people.
type alike struct {
	ways    []*Way
	soonest time.Time
}

// smallest leaves out what another way does with less.
func smallest(list []*Way) []*Way {
	same := map[string][]*Way{} // but for how far they go
	for _, way := range list {
		same[way.subject()] = append(same[way.subject()], way)
	}
	return slices.DeleteFunc(slices.Clone(list), func(way *Way) bool {
		return slices.ContainsFunc(same[way.subject()], func(o *Way) bool { return o != way && o.atMost(way) })
	})
}

// atMost reports whether each change is at most the other way's.
func (w *Way) atMost(o *Way) bool {
	if len(w.Changes) != len(o.Changes) {
		return false
	}
	for i, c := range w.Changes {
		if !c.atMost(o.Changes[i]) {
			return false
		}
	}
	return true
}

// kind says what is asked of whom; subject also with whom.
func (w *Way) kind() string {
	var sb strings.Builder
	for _, c := range w.Changes {
		sb.WriteString(string(c.Kind) + ":" + c.Who + " ")
	}
	return sb.String()
}

func (w *Way) subject() string {
	sb := w.kind()
	for _, c := range w.Changes {
		sb += c.In + " "
		if c.Kind == Move {
			sb += c.Code()
		}
	}
	return sb
}

// choice is 1 where the people to choose from come first by how many times suit
// them, else 0: the soonest time comes first.
func (w *Way) choice() int {
	if w.Changes[0].In != "" {
		return 1
	}
	return 0
}

// most is how many ways of this kind are worth telling.
func (w *Way) most() int {
	most := 1
	for _, c := range w.Changes {
		switch c.Kind {
		case Instead, JoinPool:
			most = max(most, maxInstead)
		case Move:
			most = max(most, maxMoves)
		}
	}
	return most
}

// rank says how much a way asks of people.
func (w Way) rank() int {
	n := 0
	for _, c := range w.Changes {
		n += map[ChangeKind]int{Earlier: 1, Later: 1, Move: 2, Instead: 3, JoinPool: 3, Without: 4, Shorter: 5, Notice: 5, Further: 5}[c.Kind]
	}
	return n
}
