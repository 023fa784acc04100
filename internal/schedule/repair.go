package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// RepairStore is what repairs need of the database.
type RepairStore interface {
	// Due returns due work of the kinds, oldest first.
	Due(ctx context.Context, kinds []string, now time.Time, limit int) ([]hiring.Due, error)
	// Repairs returns the interview's repairs, oldest first.
	Repairs(ctx context.Context, interview string) ([]*Repair, error)
	// ChangeRepairs saves the repairs that change returns, in one transaction with
	// its batch; the interview and its repairs are there to be looked at. An error
	// of change leaves everything as it was. ErrNotFound: there is no such
	// interview, or its candidate was erased.
	ChangeRepairs(ctx context.Context, interview string, change func(*hiring.Interview, []*Repair) ([]*Repair, outbox.Batch, error)) error
}

// How long ways out are shown before calendars are asked again, and how soon
// Google is asked again that didn't answer.
const (
	waysFresh = 30 * time.Minute
	askAgain  = time.Minute
)

// Repair looks at every interview of which something has changed: whether it can
// be held as it is, and if not, what the smallest repair is. Whoever coordinates
// it is told. It asks Google, which is slow, and returns how many it looked at.
func (s *Service) Repair(ctx context.Context, now time.Time) (int, error) {
	s.repairing.Lock()
	defer s.repairing.Unlock()
	due, err := s.Store.Due(ctx, []string{hiring.DueRepair}, now, 50)
	if err != nil {
		return 0, err
	}
	// After a person's move its own message tells of what came with it.
	slices.SortStableFunc(due, func(a, b hiring.Due) int { return movedAt(b) - movedAt(a) })
	var problems []error
	n := 0
	for _, d := range due {
		if err := s.lookAt(ctx, d); err != nil { // the others are looked at all the same
			problems = append(problems, fmt.Errorf("look at interview %s: %w", d.About, err))
			continue
		}
		n++
	}
	return n, errors.Join(problems...)
}

// errChanged says that the interview changed while Google was being asked.
var errChanged = errors.New("the interview changed meanwhile")

// lookAt does one piece of due work. What a person chose before the program was
// stopped is done first.
func (s *Service) lookAt(ctx context.Context, d hiring.Due) error {
	forget := outbox.Batch{NotDue: []string{d.Key}}
	iv, err := s.Store.Interview(ctx, d.About)
	if errors.Is(err, hiring.ErrNotFound) {
		return s.Store.Owe(ctx, forget)
	}
	if err != nil {
		return err
	}
	if gone, err := s.erased(ctx, iv); err != nil {
		return err
	} else if gone {
		return s.Store.Owe(ctx, forget)
	}
	known, err := s.Store.Repairs(ctx, iv.ID)
	if err != nil {
		return err
	}
	for _, r := range known {
		if r.State == RepairChosen { // what is left to do then is due still
			_, err := s.carryOutWay(ctx, r)
			return err
		}
	}
	found, err := s.examine(ctx, iv, known, movedAt(d))
	if err != nil {
		return err
	}
	err = s.Store.ChangeRepairs(ctx, iv.ID, func(now *hiring.Interview, list []*Repair) ([]*Repair, outbox.Batch, error) {
		if !sameInterview(iv, now) || !slices.EqualFunc(known, list, func(a, b *Repair) bool { return a.Number == b.Number && a.State == b.State }) {
			return nil, outbox.Batch{}, errChanged
		}
		b := found.batch
		b.NotDue = append(b.NotDue, d.Key)
		return found.repairs, b, nil
	})
	switch {
	case errors.Is(err, errChanged):
		return nil // it is due still
	case errors.Is(err, hiring.ErrNotFound):
		return s.Store.Owe(ctx, forget)
	}
	return err
}

// movedAt returns the revision of a move that the work is about; 0: none.
func movedAt(d hiring.Due) int {
	_, n, _ := strings.Cut(d.Key, ":moved:")
	revision, err := strconv.Atoi(n)
	if err != nil {
		return 0
	}
	return revision
}

// sameInterview reports whether nothing has changed that a look depends on.
func sameInterview(a, b *hiring.Interview) bool {
	return a.State == b.State && a.Revision == b.Revision && a.Start.Equal(b.Start) && a.End.Equal(b.End) &&
		a.CandidateRSVP == b.CandidateRSVP && a.CandidateComment == b.CandidateComment && slices.Equal(a.Panel, b.Panel)
}

// A finding is what came of a look at an interview.
type finding struct {
	repairs []*Repair // that changed
	batch   outbox.Batch
}

// examine looks at an interview: its panel's answers and, after a person's move,
// calendars; and the candidate's answer.
func (s *Service) examine(ctx context.Context, iv *hiring.Interview, known []*Repair, moved int) (finding, error) {
	var f finding
	role, err := s.Store.Role(ctx, iv.RoleKey)
	if err != nil {
		return f, err
	}
	to, err := s.whoIsThere(ctx, role, iv)
	if err != nil {
		return f, err
	}
	if moved > 0 { // it is told in any case
		f.batch.Messages = append(f.batch.Messages, googleMessage(iv.ID, "moved", moved, to))
	}
	next := 0
	for _, r := range known {
		next = max(next, r.Number)
	}
	for _, kind := range []RepairKind{RepairPanel, RepairCandidate} {
		r := openOf(known, kind)
		byMove := kind == RepairPanel && moved > 0 && moved == iv.Revision
		if byMove && r != nil && r.Message != googleKey(iv.ID, "moved", moved) { // it was about the time before
			r.State = RepairSettled
			f.repairs, r = append(f.repairs, r), nil
		}
		begun := r != nil
		if r == nil {
			r = &Repair{Interview: iv.ID, Candidate: iv.CandidateID, Kind: kind, State: RepairOpen}
			if byMove {
				r.Kind, r.Message = RepairMoved, googleKey(iv.ID, "moved", moved)
			}
		}
		before := slices.Clone(r.Trouble)
		trouble, err := s.fill(ctx, role, iv, r, begun)
		if err != nil {
			return f, err
		}
		if begun && kind == RepairPanel && worse(before, r.Trouble) {
			old := openOf(known, kind)
			old.State = RepairSettled
			f.repairs, r.Message, begun = append(f.repairs, old), "", false
		}
		switch {
		case !trouble && !begun:
			continue
		case !trouble:
			r.State = RepairSettled
		default:
			if !begun {
				next++
				r.Number = next
			}
			f.batch.Messages = append(f.batch.Messages, s.messageOf(iv, r, known, before, to)...)
			f.batch.Due = append(f.batch.Due, hiring.LookAt(iv.ID, s.nextLook(r)))
			f.batch.NotDue = append(f.batch.NotDue, hiring.LookAt(iv.ID, time.Time{}).Key)
		}
		f.repairs = append(f.repairs, r)
		f.batch.Touch = append(f.batch.Touch, iv.ID)
	}
	return f, nil
}

// openOf returns the interview's repair of that kind that isn't over; nil: none.
// That of a move is about the panel.
func openOf(known []*Repair, kind RepairKind) *Repair {
	i := slices.IndexFunc(known, func(r *Repair) bool { return r.Live() && (r.Kind == RepairCandidate) == (kind == RepairCandidate) })
	if i < 0 {
		return nil
	}
	found := *known[i]
	return &found
}

// worse reports whether somebody required can't come of whom the message doesn't
// tell yet, or tells that they may: that is told anew, as an edit notifies nobody.
func worse(before, now []Trouble) bool {
	return len(before) > 0 && slices.ContainsFunc(now, func(t Trouble) bool {
		return t.Answer() && t.Part == hiring.Required && !slices.ContainsFunc(before, func(b Trouble) bool {
			return b.Person == t.Person && b.Answer() && (b.Why != WhyTentative || t.Why == WhyTentative)
		})
	})
}

func (s *Service) nextLook(r *Repair) time.Time {
	if r.Unknown {
		return s.Now().Add(askAgain)
	}
	return s.Now().Add(waysFresh)
}

func googleKey(interview, what string, revision int) string {
	return fmt.Sprintf("google:%s:%s:%d", interview, what, revision)
}

func googleMessage(interview, what string, revision int, to string) outbox.Message {
	return outbox.Message{Key: googleKey(interview, what, revision), Kind: "google", About: interview, Person: to}
}

// messageOf chooses the message that shows the repair, and returns it where it
// is owed by it. An answer is news, so it is not only added to a message about
// something else: an edit notifies nobody.
func (s *Service) messageOf(iv *hiring.Interview, r *Repair, known []*Repair, before []Trouble, to string) []outbox.Message {
	own := fmt.Sprintf("repair:%s:%d", iv.ID, r.Number)
	left := slices.IndexFunc(r.Trouble, func(t Trouble) bool { return t.Why == WhyLeft })
	news := slices.ContainsFunc(r.Trouble, func(t Trouble) bool {
		known := slices.ContainsFunc(before, func(b Trouble) bool { return b.Person == t.Person && b.Why == t.Why })
		return !known && (t.Why == WhyDeclined || t.Why == WhyTentative || t.Why == WhyOff)
	})
	// A move that was told while Google didn't answer.
	late := r.Kind == RepairMoved && r.Message == googleKey(iv.ID, "moved", iv.Revision) && len(before) == 0 && len(r.Trouble) > 0 && told(known, r)
	switch {
	case r.Kind == RepairCandidate:
		if r.Message != "" { // told already
			return nil
		}
		m := googleMessage(iv.ID, "declined", iv.Revision, to)
		if slices.ContainsFunc(known, func(o *Repair) bool { return o.Message == m.Key }) {
			m.Key += fmt.Sprintf(".%d", r.Number) // they declined before, and accepted since
		}
		r.Message = m.Key
		return []outbox.Message{m}
	case r.Message == "" && left >= 0 && !news:
		r.Message = leftKey(iv.ID, r.Trouble[left].Person) // which tellWhoLeft owes
		return nil
	case r.Message == "", late, news && (r.Kind != RepairMoved || before != nil):
		r.Message = own
		return []outbox.Message{{Key: own, Kind: "repair", About: iv.ID, Person: to}}
	}
	return nil
}

// told reports whether the repair was there before this look.
func told(known []*Repair, r *Repair) bool {
	return slices.ContainsFunc(known, func(o *Repair) bool { return o.Number == r.Number })
}

// fill finds out what troubles the interview, and the ways out. false: nothing.
func (s *Service) fill(ctx context.Context, role *hiring.Role, iv *hiring.Interview, r *Repair, begun bool) (bool, error) {
	if iv.State != hiring.Booked || iv.Ended(s.Now()) {
		return false, nil
	}
	if r.Kind == RepairCandidate {
		return s.fillCandidate(ctx, role, iv, r)
	}
	people := map[string]hiring.Person{}
	for _, p := range iv.Panel {
		person, err := s.People.Person(ctx, p.Person)
		if err != nil {
			return false, err
		}
		people[p.Person] = person
	}
	trouble := answered(iv, people)
	if !begun && r.Kind == RepairPanel && len(trouble) == 0 {
		return false, nil
	}
	if !sameTrouble(trouble, r.Trouble) {
		r.Gone = "" // it was about something else
	}
	r.Revision, r.Ways, r.InWay, r.Unknown = iv.Revision, nil, nil, false
	found, err := s.ways(ctx, role, iv, r, trouble, people)
	var classed *outbox.Error
	switch {
	case errors.As(err, &classed): // it is told all the same; the ways out follow
		r.Unknown = true
		if len(trouble) > 0 {
			r.Trouble = trouble
		}
		return len(trouble) > 0 || r.Kind == RepairMoved, nil
	case err != nil:
		return false, err
	}
	return found, nil
}

func sameTrouble(a, b []Trouble) bool {
	return slices.EqualFunc(a, b, func(a, b Trouble) bool { return a.Person == b.Person && a.Why == b.Why })
}
