package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// offerDebriefs offers a debrief where the scorecards of an interview are in and
// contest something. It returns how many looks it settled.
func (s *Service) offerDebriefs(ctx context.Context, now time.Time) (int, error) {
	due, err := s.Store.Due(ctx, []string{hiring.DueDebrief}, now, 50)
	if err != nil {
		return 0, err
	}
	n := 0
	var problems []error
	for _, d := range due {
		err := s.offerDebrief(ctx, d)
		if errors.Is(err, hiring.ErrNotFound) { // erased meanwhile
			err = s.Store.SettleDue(ctx, d, outbox.Batch{})
		}
		if err != nil { // the others are offered all the same
			problems = append(problems, fmt.Errorf("debrief of interview %s: %w", d.About, err))
			continue
		}
		n++
	}
	return n, errors.Join(problems...)
}

// offerDebrief settles one look. A debrief that was offered before is only kept
// current.
func (s *Service) offerDebrief(ctx context.Context, due hiring.Due) error {
	k, err := s.caseOf(ctx, due.About)
	if err != nil {
		return err
	}
	to := ""
	if k.WantsDebrief(s.Now()) {
		if to, err = s.whoMayOffer(ctx, k); err != nil {
			return err
		}
	}
	if k.NeedsNoDebrief(s.Now()) {
		return s.needless(ctx, due)
	}
	if to == "" { // whoever may not know yet hands in a scorecard, after which it is looked at again
		return s.Store.SettleDue(ctx, due, outbox.Batch{})
	}
	found, err := s.debriefTimes(ctx, k)
	if err != nil {
		return err
	}
	return s.Store.ChangeDebrief(ctx, k.Interview.ID, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		b := outbox.Batch{NotDue: []string{due.Key}, Touch: []string{k.Interview.ID}}
		if !k.WantsDebrief(s.Now()) {
			return b, nil
		}
		addPoints(k, d)
		if !d.Live() {
			d.Offers, d.Closest, d.Unreadable = found.offers, found.closest, found.unreadable
		}
		if d.State != "" {
			return b, nil
		}
		d.State, d.OfferedTo, d.OfferedAt = hiring.DebriefOffered, to, s.Now()
		b.Messages = []outbox.Message{{Key: "debrief:" + d.Interview, Kind: "debrief", About: d.Interview, Person: to}}
		b.Log = []hiring.Entry{{Actor: "convene", Action: "debrief.offered", Subject: d.Interview}}
		return b, nil
	})
}

// needless asks once whether a debrief that is booked is still needed, after the
// decision or the candidate's withdrawal.
func (s *Service) needless(ctx context.Context, due hiring.Due) error {
	return s.Store.ChangeDebrief(ctx, due.About, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if !k.NeedsNoDebrief(s.Now()) {
			return outbox.Batch{}, nil // taken back meanwhile: looked at again
		}
		b := outbox.Batch{NotDue: []string{due.Key}}
		if d.Live() && d.End.After(s.Now()) {
			b.Messages = []outbox.Message{debriefNews(d, "needless", debriefOwner(k, d))}
		}
		return b, nil
	})
}

// debriefOwner is who hears what became of a debrief: the coordinator who saw
// to it last, or was offered it, as long as they may know of it.
func debriefOwner(k *hiring.Case, d *hiring.Debrief) string {
	for _, id := range append([]string{d.ChangedBy, d.OfferedTo}, k.Role.Setup.Coordinators...) {
		if mayDebrief(k, id) == nil {
			return id
		}
	}
	return coordinatorOf(k.Role, k.Interview)
}

// whoMayOffer returns the coordinator who is offered the debrief: one who may
// read the scorecards now. "" when nobody may.
func (s *Service) whoMayOffer(ctx context.Context, k *hiring.Case) (string, error) {
	unscored := k.Panelboard().Unscored()
	for _, id := range append([]string{coordinatorOf(k.Role, k.Interview)}, k.Role.Setup.Coordinators...) {
		person, err := s.People.Person(ctx, id)
		if err != nil {
			return "", err
		}
		if k.Role.IsCoordinator(id) && !person.Deleted && !slices.Contains(unscored, id) {
			return id, nil
		}
	}
	return "", nil
}

func addPoints(k *hiring.Case, d *hiring.Debrief) {
	for _, p := range k.Contested() {
		if !slices.Contains(d.Points, p.Competency.ID) {
			d.Points = append(d.Points, p.Competency.ID)
		}
	}
}

// found are the times at which a debrief could be.
type found struct {
	offers     []time.Time
	closest    time.Time
	unreadable []string
}

// How the time of a debrief is looked for.
const (
	debriefOffers = 3
	debriefNotice = 10 * time.Minute
	debriefBeyond = 7 * 24 * time.Hour // how far after the deadline the closest time is looked for
)

// debriefTimes asks Google when everybody of the debrief is free before the
// deadline; where they never are, when they are after it. It is slow.
func (s *Service) debriefTimes(ctx context.Context, k *hiring.Case) (found, error) {
	panel, err := s.debriefPanel(ctx, k)
	if err != nil {
		return found{}, err
	}
	now, deadline := s.Now(), k.Interview.Deadline
	day := 24 * time.Hour
	q := Question{
		Now: now, Until: deadline.Add(debriefBeyond), Duration: hiring.DebriefLength, Notice: debriefNotice,
		CandidateZone: k.Role.TimeZone(), Latest: day, RoleZone: k.Role.TimeZone(), Holiday: s.Holidays(k.Role.Holidays.V),
	}
	if q.Panel, err = s.attendees(ctx, k.Role, panel, hiring.Interval{Start: now.Add(-day), End: q.Until.Add(day)}, ""); err != nil {
		return found{}, err
	}
	var f found
	for _, a := range q.Panel {
		if a.Part == hiring.Required && a.Calendar.Unreadable != "" {
			f.unreadable = append(f.unreadable, a.ID)
		}
	}
	all := quarters(q)
	for _, gap := range [...]time.Duration{apart, hiring.DebriefLength} { // wide apart, or else what there is
		for _, slot := range all {
			near := slices.ContainsFunc(f.offers, func(o time.Time) bool { return o.Sub(slot.Start).Abs() < gap })
			if len(f.offers) < debriefOffers && !near && !slot.End.After(deadline) {
				f.offers = append(f.offers, slot.Start)
			}
		}
	}
	slices.SortFunc(f.offers, time.Time.Compare)
	for _, slot := range all {
		if len(f.offers) == 0 && (f.closest.IsZero() || slot.Start.Before(f.closest)) {
			f.closest = slot.Start
		}
	}
	return f, nil
}

// quarters returns the starts on each quarter hour at which all required can,
// best first: the half hours of interviews are too far apart for a short talk.
func quarters(q Question) []Slot {
	var all []Slot
	for _, q.Shift = range [...]time.Duration{0, step / 2} {
		s := q.sweep()
		s.search()
		for _, r := range s.rank() {
			start := s.instant(r.start)
			all = append(all, Slot{Start: start, End: start.Add(q.Duration), Cost: r.cost})
		}
	}
	slices.SortFunc(all, func(a, b Slot) int { return cmp.Or(cmp.Compare(a.Cost, b.Cost), a.Start.Compare(b.Start)) })
	return all
}

// debriefPanel are who takes part: whoever's scorecard counts and the deciders
// must be free; the others of the panel are asked along.
func (s *Service) debriefPanel(ctx context.Context, k *hiring.Case) ([]hiring.Panelist, error) {
	var out []hiring.Panelist
	add := func(id string, part hiring.Part) error {
		person, err := s.People.Person(ctx, id)
		if err != nil || person.Deleted || slices.ContainsFunc(out, func(p hiring.Panelist) bool { return p.Person == id }) {
			return err
		}
		out = append(out, hiring.Panelist{Person: id, Part: part})
		return nil
	}
	for _, p := range k.Interview.Panel {
		card := k.Card(p.Person)
		if p.Part != hiring.Shadow && card != nil && card.Submitted() {
			if err := add(p.Person, hiring.Required); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range k.Role.Setup.Deciders {
		if err := add(id, hiring.Required); err != nil {
			return nil, err
		}
	}
	for _, p := range k.Interview.Panel {
		if p.Excused.Kind == "" {
			if err := add(p.Person, hiring.Optional); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// LookForDebrief looks anew for times of a debrief that is offered. It is slow.
func (s *Service) LookForDebrief(ctx context.Context, interview, by string) error {
	k, err := s.MayDebrief(ctx, interview, by)
	if err != nil {
		return err
	}
	f, err := s.debriefTimes(ctx, k)
	if err != nil {
		return err
	}
	return s.Store.ChangeDebrief(ctx, interview, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if d.State != "" && !d.Live() {
			d.Offers, d.Closest, d.Unreadable = f.offers, f.closest, f.unreadable
		}
		return outbox.Batch{Touch: []string{interview}}, nil
	})
}

// MayDebrief returns the case if the person may see to its debrief: a
// coordinator of the role, who may read the scorecards.
func (s *Service) MayDebrief(ctx context.Context, interview, by string) (*hiring.Case, error) {
	k, err := s.caseOf(ctx, interview)
	if err != nil {
		return nil, err
	}
	return k, mayDebrief(k, by)
}

func mayDebrief(k *hiring.Case, by string) error {
	switch {
	case !k.Role.IsCoordinator(by):
		return hiring.Refuse("Only a coordinator of %s can see to a debrief.", k.Role.Title)
	case slices.Contains(k.Panelboard().Unscored(), by):
		return hiring.Refuse("You are on this panel, so what it sees differently stays closed to you until your scorecard is in.")
	}
	return nil
}

// wanted says why a debrief makes no sense any more.
func (s *Service) wanted(k *hiring.Case) error {
	switch now := s.Now(); {
	case k.Decision != nil:
		return hiring.Invalid("", "A decision has been recorded, so there is nothing left to talk about before it.")
	case !k.Open(now):
		return hiring.Invalid("", "%s is no longer waited for, so no debrief is needed.", k.Candidate.Name)
	case !k.Panelboard().Complete():
		return hiring.Invalid("", "A scorecard was reopened. Once it is in again, this says what is contested.")
	case len(k.Contested()) == 0:
		return hiring.Invalid("", "The scorecards were corrected, and nothing is contested any more.")
	}
	return nil
}

// BookDebrief takes one of the offered starts. The points go into the role's
// channel first, since the event carries a link to them; both are the outbox's.
func (s *Service) BookDebrief(ctx context.Context, interview, by string, start time.Time) error {
	k, err := s.MayDebrief(ctx, interview, by)
	if err != nil {
		return err
	}
	panel, err := s.debriefPanel(ctx, k)
	if err != nil {
		return err
	}
	return s.Store.ChangeDebrief(ctx, interview, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		switch {
		case d.State == "":
			return outbox.Batch{}, hiring.ErrNotFound
		case d.Live():
			return outbox.Batch{}, &hiring.AlreadyDone{What: "booked", By: d.ChangedBy}
		}
		if err := s.wanted(k); err != nil {
			return outbox.Batch{}, err
		}
		offered := slices.ContainsFunc(d.Offers, start.Equal)
		if end := start.Add(hiring.DebriefLength); !offered || !start.After(s.Now()) || end.After(k.Interview.Deadline) {
			return outbox.Batch{}, hiring.Invalid("", "That time isn't offered any more. Click “Look again” for others.")
		}
		d.State, d.ChangedBy, d.Problem = hiring.DebriefBooking, by, ""
		d.Start, d.End = start, start.Add(hiring.DebriefLength)
		d.Revision++
		d.Generation++
		d.EventID = debriefEvent(d.Interview, d.Generation)
		d.People = nil
		for _, p := range panel {
			d.People = append(d.People, p.Person)
		}
		b := s.post(k, d)
		b.Effects = []outbox.Effect{outbox.CalendarEffect(outbox.DebriefInsert, d.Interview, d.Generation)}
		b.Touch = append(b.Touch, d.Interview)
		b.Log = append(b.Log, hiring.Entry{Actor: by, Action: "debrief.booking", Subject: d.Interview, Detail: fmt.Sprint(d.Generation)})
		return b, nil
	})
}

// PostPoints puts the contested points into the role's channel, without a
// meeting.
func (s *Service) PostPoints(ctx context.Context, interview, by string) error {
	return s.Store.ChangeDebrief(ctx, interview, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if err := mayDebrief(k, by); err != nil {
			return outbox.Batch{}, err
		}
		switch {
		case d.State == "":
			return outbox.Batch{}, hiring.ErrNotFound
		case d.Posted:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "posted to the role's channel", By: d.ChangedBy}
		}
		if err := s.wanted(k); err != nil {
			return outbox.Batch{}, err
		}
		d.ChangedBy = by
		b := s.post(k, d)
		b.Touch = append(b.Touch, interview)
		b.Log = append(b.Log, hiring.Entry{Actor: by, Action: "debrief.posted", Subject: interview})
		return b, nil
	})
}

// post owes the message with the points, unless it stands already.
func (s *Service) post(k *hiring.Case, d *hiring.Debrief) outbox.Batch {
	addPoints(k, d)
	if d.Posted {
		return outbox.Batch{}
	}
	d.Posted = true
	d.Posts++
	return outbox.Batch{Messages: []outbox.Message{{
		Key: d.PointsKey(), Kind: "debrief-points", About: d.Interview, Role: k.Role.Key, Lane: outbox.CalendarLane(d.Interview),
	}}}
}

// CancelDebrief takes a booked debrief back, or, where none is booked, the
// points in the role's channel.
func (s *Service) CancelDebrief(ctx context.Context, interview, by string) error {
	return s.Store.ChangeDebrief(ctx, interview, func(k *hiring.Case, d *hiring.Debrief) (outbox.Batch, error) {
		if err := mayDebrief(k, by); err != nil {
			return outbox.Batch{}, err
		}
		b := outbox.Batch{Touch: []string{interview}, Log: []hiring.Entry{{Actor: by, Action: "debrief.cancelled", Subject: interview}}}
		switch {
		case d.State == "":
			return outbox.Batch{}, hiring.ErrNotFound
		case d.Live() && !d.End.After(s.Now()):
			return outbox.Batch{}, hiring.Invalid("", "This debrief is over, so it can't be cancelled.")
		case d.Live():
			d.State = hiring.DebriefCancelled
			b.Effects = []outbox.Effect{outbox.CalendarEffect(outbox.DebriefDelete, interview, d.Generation)}
		case d.Posted:
			d.Posted = false
			b.Delete = []string{d.PointsKey()}
			b.Log[0].Action = "debrief.unposted"
		default:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "taken back", By: d.ChangedBy}
		}
		d.ChangedBy = by
		return b, nil
	})
}

// caseOf returns an interview's case, or ErrNotFound.
func (s *Service) caseOf(ctx context.Context, interview string) (*hiring.Case, error) {
	iv, err := s.Store.Interview(ctx, interview)
	if err != nil {
		return nil, err
	}
	cases, err := s.Store.CasesOf(ctx, iv.CandidateID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(cases, func(k *hiring.Case) bool { return k.Interview.ID == interview })
	if i < 0 || cases[i].Candidate.Erased() {
		return nil, hiring.ErrNotFound
	}
	return cases[i], nil
}
