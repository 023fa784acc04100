package candidate

import (
	"context"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// Operator is the actor of what is done with the program, on the server: who
// can do that is trusted.
const Operator = "operator"

// RecordStore is what exports and erasures need of the database.
type RecordStore interface {
	Role(ctx context.Context, key string) (*hiring.Role, error)
	// Material returns everything that is kept about a candidate, or ErrNotFound.
	Material(ctx context.Context, id string) (*Material, error)
	// Erasure returns when the candidate's data was erased and by whom; zero:
	// it wasn't.
	Erasure(ctx context.Context, id string) (by string, at time.Time, err error)
	// EraseCandidate removes what tells anything about the candidate, in one
	// transaction with what plan returns. An error of plan leaves everything as
	// it was.
	EraseCandidate(ctx context.Context, id string, at time.Time, plan func(*Holdings) (outbox.Batch, error)) error
	// AddFile records a file that is about to be sent. ErrNotFound: the
	// candidate was erased, so it must not be.
	AddFile(ctx context.Context, file, candidate, person string) error
	// FileSent records that it was sent. When the candidate was erased meanwhile
	// it is owed that the file goes again, and erased is true.
	FileSent(ctx context.Context, file string, at time.Time) (erased bool, err error)
}

// Records exports and erases candidates' records.
type Records struct {
	Store RecordStore
	Now   func() time.Time
}

// Holdings is what is kept, here and outside, about a candidate: what an
// erasure has to reach. Ids only matter.
type Holdings struct {
	Candidate  *hiring.Candidate
	Interviews []*hiring.Interview // in whatever state
	Notices    []*hiring.Notice    // of all decisions
	Files      []string            // Slack's ids of the files that the bot sent
	Messages   []string            // keys of the messages that are about the candidate alone
}

// Erase removes a candidate's data for good. by is a coordinator of the role,
// or Operator. A tombstone stays, so that counts go on being right. What is
// outside the database goes through the outbox; a coming interview is cancelled
// by it. Who comes second gets a *hiring.AlreadyDone.
func (s *Records) Erase(ctx context.Context, id, by string) error {
	now := s.Now()
	return s.Store.EraseCandidate(ctx, id, now, func(h *Holdings) (outbox.Batch, error) {
		role, err := s.mayErase(ctx, h.Candidate, by)
		if err != nil {
			return outbox.Batch{}, err
		}
		return erasure(h, role, by), nil
	})
}

func (s *Records) mayErase(ctx context.Context, c *hiring.Candidate, by string) (*hiring.Role, error) {
	role, err := s.Store.Role(ctx, c.RoleKey)
	if err != nil {
		return nil, err
	}
	if by != Operator && !role.IsCoordinator(by) {
		return nil, hiring.Refuse("Only a coordinator of %s can erase its candidates.", role.Title)
	}
	if c.Erased() {
		who, at, err := s.Store.Erasure(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		return nil, erasedAlready(who, at)
	}
	return role, nil
}

func erasedAlready(by string, at time.Time) *hiring.AlreadyDone {
	if by == Operator {
		return &hiring.AlreadyDone{What: "erased, with the program on the server", At: at}
	}
	return &hiring.AlreadyDone{What: "erased", By: by, At: at}
}

// erasure is what follows from erasing: events, messages and files go, nothing
// about the candidate is sent any more, and what names others too is rendered
// anew.
func erasure(h *Holdings, role *hiring.Role, by string) outbox.Batch {
	b := outbox.Batch{
		Delete:  h.Messages,
		Touch:   []string{h.Candidate.ID, role.Key},
		Effects: []outbox.Effect{outbox.ScrubEffect(h.Candidate.ID)},
		Log:     []hiring.Entry{{Actor: by, Action: "candidate.erased", Subject: h.Candidate.ID, Detail: role.Key}},
	}
	for _, iv := range h.Interviews {
		b.NotDue = append(b.NotDue, hiring.InterviewNotDue(iv.ID)...)
		b.Touch = append(b.Touch, iv.ID)
		for _, p := range iv.Panel {
			b.Touch = append(b.Touch, p.Person)
		}
		if iv.State == hiring.Booking { // what is under way is looked up first: it is in the same lane
			b.Drop = append(b.Drop, outbox.CalendarKey(outbox.CalendarInsert, iv.ID, iv.Generation))
		}
		b.Drop = append(b.Drop, outbox.CalendarKey(outbox.CalendarMove, iv.ID, iv.Revision))
		if iv.EventID != "" {
			b.Effects = append(b.Effects, outbox.CalendarEffect(outbox.CalendarErase, iv.ID, iv.Generation))
		}
	}
	for _, n := range h.Notices {
		b.Touch = append(b.Touch, n.ID)
	}
	for _, f := range h.Files {
		b.Effects = append(b.Effects, outbox.DeleteFileEffect(f))
	}
	return b
}

// An ErasePreview is what a person should know before they erase.
type ErasePreview struct {
	Candidate  *hiring.Candidate
	Role       *hiring.Role
	Interviews int       // events in Google Calendar
	Coming     int       // of them, those that lie ahead: they are cancelled
	KeepUntil  time.Time // the record should be kept until then; zero: that has passed
}

// PreviewErase returns what erasing the candidate would do. An erased one is a
// *hiring.AlreadyDone.
func (s *Records) PreviewErase(ctx context.Context, id, by string) (*ErasePreview, error) {
	m, err := s.Store.Material(ctx, id)
	if err != nil {
		return nil, err
	}
	role, err := s.mayErase(ctx, m.Candidate, by)
	if err != nil {
		return nil, err
	}
	p := NewErasePreview(m, s.Now())
	p.Role = role
	return p, nil
}

// NewErasePreview returns the same without asking who wants to know.
func NewErasePreview(m *Material, now time.Time) *ErasePreview {
	p := &ErasePreview{Candidate: m.Candidate, Role: m.Role}
	for _, iv := range m.Interviews {
		if !iv.Live() {
			continue
		}
		p.Interviews++
		if iv.End.After(now) {
			p.Coming++
		}
	}
	if keep := KeepUntil(m); keep.After(now) {
		p.KeepUntil = keep
	}
	return p
}

// KeepUntil returns until when an employer in the United States has to keep an
// applicant's record: one year from the decision or from the making of the
// record, whichever is later (29 CFR 1602.14; other rules can ask for longer).
// https://www.ecfr.gov/current/title-29/section-1602.14
func KeepUntil(m *Material) time.Time {
	last := m.Candidate.AddedAt
	later := func(t time.Time) {
		if t.After(last) {
			last = t
		}
	}
	later(m.Candidate.EndedAt)
	for _, d := range m.Decisions {
		later(d.At)
	}
	for _, s := range m.Scorecards {
		later(s.SubmittedAt)
	}
	return last.AddDate(1, 0, 0)
}

// Unreachable says, for people, what an erasure can't reach.
var Unreachable = [...]string{
	"what people wrote themselves: their own messages, notes and files, and copies of an exported record",
	"e-mail that was delivered, invitations included",
	"copies of events in their guests' own calendars, colleagues' too when the event is over",
	"backups and snapshots made before: they go when they are as old as you keep them, and an erasure has to be repeated after restoring one",
}
