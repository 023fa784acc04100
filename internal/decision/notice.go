package decision

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// draft fills the role's text for the outcome. internal/role's Placeholders
// lists the same words in braces; a test holds the two together.
func draft(c *hiring.Case, d *hiring.Decision, id, sender string) *hiring.Notice {
	text := c.Role.Notices[d.Outcome]
	fill := strings.NewReplacer(
		"{first_name}", c.Candidate.FirstName(),
		"{name}", c.Candidate.Name,
		"{role}", c.Role.Title,
		"{company}", c.Role.Company,
		"{stage}", c.Stage().Name,
		"{sender}", sender,
		"{new_date}", d.HoldUntil.In(c.Candidate.TimeZone()).Format("Monday, 2 January 2006"),
	)
	body := fill.Replace(text.Body)
	if d.Corrects != nil {
		body = correctsLine(c, d.Corrects) + body
	}
	return &hiring.Notice{
		ID: id, DecisionID: d.ID, CandidateID: c.Candidate.ID, RoleKey: c.Role.Key, State: hiring.NoticeDraft,
		Subject: hiring.Clip(fill.Replace(text.Subject), hiring.MaxSubject), Body: hiring.Clip(body, hiring.MaxBody),
	}
}

// Approve fixes a notice's text and lets it go out: to the approver, who sends
// it (ask), or by mail (send). Nothing is e-mailed without it. seen is the
// Letter's; where the interviews changed since, the answer is a TimesChanged.
func (s *Service) Approve(ctx context.Context, interview, notice, subject, body, seen, by string) error {
	subject, body = hiring.CleanLine(subject), hiring.CleanText(body)
	switch {
	case subject == "":
		return hiring.Invalid("subject", "Enter a subject.")
	case body == "":
		return hiring.Invalid("body", "Enter the text that the candidate will read.")
	case len([]rune(subject)) > hiring.MaxSubject:
		return hiring.Invalid("subject", "This is longer than %d characters. Shorten it.", hiring.MaxSubject)
	case len([]rune(body)) > hiring.MaxBody:
		return hiring.Invalid("body", "This is longer than %d characters. Shorten it.", hiring.MaxBody)
	}
	return s.changeNotice(ctx, interview, notice, by, func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		if c.Candidate.State == hiring.Withdrawn {
			return Change{}, withdrawn(c)
		}
		switch n.State {
		case hiring.NoticeDraft:
		case hiring.NoticeTold:
			return Change{}, &hiring.AlreadyDone{What: "told", By: n.ToldBy, At: n.ToldAt}
		default:
			return Change{}, &hiring.AlreadyDone{What: "approved", By: n.ApprovedBy, At: n.ApprovedAt}
		}
		now, err := s.ahead(ctx, c)
		if err != nil {
			return Change{}, err
		}
		if stamp(now) != seen {
			return Change{}, &TimesChanged{Letter{Subject: subject, Body: body, Notes: notes(c, body, s.coming(unstamp(seen)), now), Seen: stamp(now)}}
		}
		n.Worded, n.Times = true, now
		n.State, n.Subject, n.Body, n.ApprovedBy, n.ApprovedAt = hiring.NoticeApproved, subject, body, by, s.Now()
		ch := Change{Notice: n, Batch: outbox.Batch{
			Touch: append(touches(c), n.ID),
			Log:   []hiring.Entry{{Actor: by, Action: "notice.approved", Subject: n.ID}},
		}}
		switch {
		case s.Mode == MailSend:
			n.Attempt++
			ch.Batch.Effects = []outbox.Effect{outbox.MailEffect(n.ID, n.Attempt)}
			return ch, nil
		case n.Attempt > 0:
			n.State = hiring.NoticeFailed // the bot tried to e-mail it once, and no longer does
		}
		ch.Batch.Messages = []outbox.Message{noticeMessage(n)}
		return ch, nil
	})
}

// MarkTold records that a person told the candidate.
func (s *Service) MarkTold(ctx context.Context, interview, notice, by string) error {
	return s.changeNotice(ctx, interview, notice, by, func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		switch {
		case n.State == hiring.NoticeTold:
			return Change{}, &hiring.AlreadyDone{What: "told", By: n.ToldBy, At: n.ToldAt}
		case beingMailed(n):
			return Change{}, hiring.Invalid("", "The e-mail is being sent right now. Look again in a minute.")
		}
		return s.told(c, n, by), nil
	})
}

func withdrawn(c *hiring.Case) error {
	return hiring.Invalid("", "%s has withdrawn, so there is nothing to tell. A coordinator can take them back on the card.", c.Candidate.Name)
}

// beingMailed reports whether the outbox is to mail the notice, or is at it.
func beingMailed(n *hiring.Notice) bool { return n.State == hiring.NoticeApproved && n.Attempt > 0 }

// MailAgain sends a notice once more whose mail certainly failed, or whose
// outcome a person has looked into.
func (s *Service) MailAgain(ctx context.Context, interview, notice, by string) error {
	return s.changeNotice(ctx, interview, notice, by, func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		if c.Candidate.State == hiring.Withdrawn {
			return Change{}, withdrawn(c)
		}
		switch {
		case n.State == hiring.NoticeTold:
			return Change{}, &hiring.AlreadyDone{What: "told", By: n.ToldBy, At: n.ToldAt}
		case s.Mode != MailSend:
			return Change{}, hiring.Invalid("", "I don't send e-mail any more (the setting CANDIDATE_EMAIL). Please send the text yourself, then mark the candidate as told.")
		case n.State != hiring.NoticeFailed && n.State != hiring.NoticeUnsure:
			return Change{}, &hiring.AlreadyDone{What: "being sent"}
		}
		now, err := s.ahead(ctx, c)
		if err != nil {
			return Change{}, err
		}
		n.Times = now // who sends it again has read what was moved since
		n.State, n.Problem = hiring.NoticeApproved, ""
		n.Attempt++
		return Change{Notice: n, Batch: outbox.Batch{
			Effects: []outbox.Effect{outbox.MailEffect(n.ID, n.Attempt)},
			Touch:   append(touches(c), n.ID),
			Log:     []hiring.Entry{{Actor: by, Action: "notice.again", Subject: n.ID, Detail: fmt.Sprint(n.Attempt)}},
		}}, nil
	})
}

// Redraft makes an approved notice a draft again, with its text: to correct it
// before it is sent. What the bot is e-mailing, or may have e-mailed, stays.
func (s *Service) Redraft(ctx context.Context, interview, notice, by string) error {
	return s.changeNotice(ctx, interview, notice, by, func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		switch {
		case n.State == hiring.NoticeDraft:
			return Change{}, hiring.Invalid("", "It is a draft already. “Write the notice” opens it, in /decide or on the candidate's card.")
		case n.State == hiring.NoticeTold:
			return Change{}, &hiring.AlreadyDone{What: "told", By: n.ToldBy, At: n.ToldAt}
		case n.State == hiring.NoticeUnsure:
			return Change{}, hiring.Invalid("", "Nobody knows whether %s has this e-mail, so its text stays. Mark it as told, or send it again.", c.Candidate.FirstName())
		case beingMailed(n):
			return Change{}, hiring.Invalid("", "The e-mail is being sent right now. Look again in a minute.")
		}
		n.State, n.Problem = hiring.NoticeDraft, ""
		return Change{Notice: n, Batch: outbox.Batch{
			Touch: append(touches(c), n.ID),
			Log:   []hiring.Entry{{Actor: by, Action: "notice.redrafted", Subject: n.ID}},
		}}, nil
	})
}

// changeNotice changes the notice of the case's standing decision.
func (s *Service) changeNotice(ctx context.Context, interview, notice, by string, change func(*hiring.Case, *hiring.Notice) (Change, error)) error {
	return s.Store.ChangeCase(ctx, interview, func(c *hiring.Case) (Change, error) {
		if by != "" && !c.Role.IsDecider(by) && !c.Role.IsCoordinator(by) {
			return Change{}, hiring.Refuse("Only coordinators and deciders of %s can tell its candidates.", c.Role.Title)
		}
		if c.Notice == nil || c.Notice.ID != notice {
			return Change{}, hiring.Invalid("", "The decision was changed meanwhile, and this notice with it. Open the newest one from the summary or /decide.")
		}
		if by != "" && c.Notice.Carrier != "" && c.Notice.State != hiring.NoticeTold {
			return Change{}, carriedError()
		}
		return change(c, c.Notice)
	})
}

// told ends the promise of a case. A hold moves the deadline to its date
// instead: the candidate has been told when they will hear.
func (s *Service) told(c *hiring.Case, n *hiring.Notice, by string) Change {
	n.State, n.ToldBy, n.ToldAt, n.Problem = hiring.NoticeTold, by, s.Now(), ""
	ch := Change{Notice: n, Batch: outbox.Batch{
		Touch: append(touches(c), n.ID),
		Log:   []hiring.Entry{{Actor: actor(by), Action: "candidate.told", Subject: c.Interview.ID, Detail: n.ID}},
	}}
	if c.Decision.Outcome == hiring.Hold {
		ch.Deadline = s.holdDeadline(c)
		ch.Batch.Due = hiring.DeadlineDue(c.Role.Key, ch.Deadline)
		return ch
	}
	ch.ToldAt = n.ToldAt
	return ch
}

// holdDeadline is the end of the hold's day, in the role's zone.
func (s *Service) holdDeadline(c *hiring.Case) time.Time {
	day := c.Decision.HoldUntil.In(c.Role.TimeZone())
	return hiring.AtClock(day, c.Stage().Deadline.V.EOD)
}

func noticeMessage(n *hiring.Notice) outbox.Message {
	return outbox.Message{Key: "notice:" + n.ID + ":" + n.ApprovedBy, Kind: "notice", About: n.ID, Person: n.ApprovedBy}
}

func actor(person string) string {
	if person == "" {
		return "convene"
	}
	return person
}

// A Mailer sends one e-mail, once. Its errors are classed for the outbox.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// A Mail is a notice as it is e-mailed.
type Mail struct {
	To, Name      string // the candidate's address and name
	Subject, Body string
	ID            string // stable, so that a mail server or client can recognise a repeat
	Answers       string // ID of the mail that this one corrects; empty: none
}

// mailID is the id of a notice's mail.
func mailID(notice string) string { return notice + "@convene.invalid" }

// maxTries is after how many tries in a row, about ten minutes, a person is told
// that the mail server doesn't take a mail: the candidate must hear in time.
const maxTries = 12

// MailHandler carries out the outbox's mail effects: at most once, because a
// mail server can't be asked whether it took a mail.
type MailHandler struct {
	*Service
	Mailer Mailer
	// CaseOf finds a notice's case.
	CaseOf func(ctx context.Context, notice string) (*hiring.Case, error)
}

// Wanted reports whether the notice still waits for this attempt.
func (h MailHandler) Wanted(ctx context.Context, e outbox.Effect) (bool, error) {
	n, err := h.Store.Notice(ctx, e.About)
	if err != nil {
		return false, err
	}
	return n.State == hiring.NoticeApproved && e.Key == outbox.MailEffect(n.ID, n.Attempt).Key, nil
}

// Do sends the mail.
func (h MailHandler) Do(ctx context.Context, e outbox.Effect) (string, error) {
	c, err := h.CaseOf(ctx, e.About)
	if err != nil {
		return "", outbox.Later(err, 0)
	}
	n := c.Notice
	if n == nil || n.ID != e.About || n.State != hiring.NoticeApproved {
		return "not wanted", nil // what nobody approved is never e-mailed
	}
	switch changed, err := h.Outdated(ctx, c); {
	case err != nil:
		return "", outbox.Later(err, 0)
	case len(changed) > 0:
		return "", outbox.Never(errors.New("an interview whose time the text may name was moved or cancelled since it was approved"))
	}
	m := Mail{To: c.Candidate.Email, Name: c.Candidate.Name, Subject: n.Subject, Body: n.Body, ID: mailID(n.ID)}
	if told := c.Decision.Corrects; told != nil && told.Mailed != "" {
		m.Answers = mailID(told.Mailed)
	}
	if err := h.Mailer.Send(ctx, m); err != nil {
		if e.Attempt >= maxTries && outbox.Classify(err).Class == outbox.ClassLater {
			return "", outbox.Never(fmt.Errorf("%w (I tried %d times)", err, e.Attempt))
		}
		return "", err
	}
	return "sent", h.changeNotice(ctx, c.Interview.ID, n.ID, "", func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		if n.State != hiring.NoticeApproved {
			return Change{}, nil
		}
		return h.told(c, n, ""), nil
	})
}

// Look says that nobody can: the outcome goes to a person.
func (h MailHandler) Look(context.Context, outbox.Effect) (string, bool, error) {
	return "", false, outbox.ErrCannotLook
}

// Failed gives the notice to the person who approved it.
func (h MailHandler) Failed(ctx context.Context, e outbox.Effect) error {
	c, err := h.CaseOf(ctx, e.About)
	if errors.Is(err, hiring.ErrNotFound) {
		return nil // its candidate was erased meanwhile
	}
	if err != nil || c.Notice == nil || c.Notice.ID != e.About {
		return err // or its decision was replaced: nobody waits for it
	}
	return h.changeNotice(ctx, c.Interview.ID, e.About, "", func(c *hiring.Case, n *hiring.Notice) (Change, error) {
		if n.State != hiring.NoticeApproved {
			return Change{}, nil
		}
		n.State, n.Problem = hiring.NoticeFailed, e.Problem
		if e.State == outbox.Person {
			n.State = hiring.NoticeUnsure
		}
		return Change{Notice: n, Batch: outbox.Batch{Messages: []outbox.Message{noticeMessage(n)}, Touch: append(touches(c), n.ID)}}, nil
	})
}
