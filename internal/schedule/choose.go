package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// OfferingStore is what times to choose from need of the database.
type OfferingStore interface {
	Offering(ctx context.Context, id string) (*hiring.Offering, error)
	// AddOffering marks the search used and inserts the offering, in place of one
	// that the candidate still had for the stage. ErrConflict: the search was
	// used before.
	AddOffering(ctx context.Context, search string, o *hiring.Offering, b outbox.Batch) error
	ChangeOffering(ctx context.Context, id string, change func(*hiring.Offering) (outbox.Batch, error)) error
	// BookOffering books the interview that change returns; before is the one
	// that was booked by the offering already, or nil. Its errors are those of
	// change and of BookSearch.
	BookOffering(ctx context.Context, id string, change func(o *hiring.Offering, before *hiring.Interview) (*hiring.Interview, outbox.Batch, error)) error
	// Unanswered returns the offerings that wait for an answer and whose
	// reminder is due.
	Unanswered(ctx context.Context, now time.Time) ([]*hiring.Offering, error)
}

// The values of Service.Mode; they are those of CANDIDATE_EMAIL.
const (
	modeSend = "send" // the bot e-mails what was approved
	modeOff  = "off"  // no text is drafted
)

// CanOffer reports whether the search's times can be sent to the candidate to
// choose from.
func (s *Service) CanOffer(search *Search, stage hiring.Stage) bool {
	return stage.Chooses.V && s.Mode != modeOff && search.InterviewID == "" && len(search.Offers) >= hiring.MinOffered
}

// picked returns the offers with the given numbers, first to last.
func picked(search *Search, picks []int) ([]hiring.OfferedTime, error) {
	picks = slices.Compact(slices.Sorted(slices.Values(picks)))
	if len(picks) < hiring.MinOffered || len(picks) > hiring.MaxOffered {
		return nil, hiring.Invalid("times", "Tick %d to %d times.", hiring.MinOffered, hiring.MaxOffered)
	}
	var out []hiring.OfferedTime
	for _, i := range picks {
		if i < 0 || i >= len(search.Offers) {
			return nil, hiring.Invalid("times", "These times aren't offered any more. Look for times again.")
		}
		slot := search.Offers[i]
		out = append(out, hiring.OfferedTime{Start: slot.Start, End: slot.End, Panel: search.panelAt(slot)})
	}
	slices.SortFunc(out, func(a, b hiring.OfferedTime) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// OfferDraft returns the text that offers the search's times with the given
// numbers: to be edited and approved.
func (s *Service) OfferDraft(ctx context.Context, searchID string, picks []int, by string) (subject, body string, err error) {
	search, err := s.Store.Search(ctx, searchID)
	if err != nil {
		return "", "", err
	}
	role, stage, err := s.stageOf(ctx, search.RoleKey, search.Stage, by)
	if err != nil {
		return "", "", err
	}
	times, err := picked(search, picks)
	if err != nil {
		return "", "", err
	}
	c, err := s.Store.Candidate(ctx, search.CandidateID)
	if err != nil {
		return "", "", err
	}
	sender, err := s.People.Person(ctx, by)
	if err != nil {
		return "", "", err
	}
	subject, body = offerText(role, stage, c, times, sender.Name)
	return hiring.Clip(subject, hiring.MaxSubject), hiring.Clip(body, hiring.MaxBody), nil
}

// offerText is the text in which times are offered unless somebody edits it: we
// chose it, no role's document states one. The times are in the candidate's zone.
func offerText(role *hiring.Role, stage hiring.Stage, c *hiring.Candidate, times []hiring.OfferedTime, sender string) (subject, body string) {
	title := role.Title
	if role.Company != "" {
		title += " at " + role.Company
	}
	how := map[string]string{"phone": " by phone", "place": " at " + stage.Location.V.Text}[stage.Location.V.Kind]
	if stage.Location.V.Kind != "phone" && stage.Location.V.Kind != "place" {
		how = " by video"
	}
	zone := c.TimeZone()
	var lines strings.Builder
	for i, t := range times {
		start, end := t.Start.In(zone), t.End.In(zone)
		fmt.Fprintf(&lines, "%d. %s, %s to %s %s\n", i+1, start.Format("Monday, 2 January 2006"), start.Format("3:04 pm"), end.Format("3:04 pm"), abbreviation(start))
	}
	body = fmt.Sprintf(`Hello %s,

Thank you for your interest in the role of %s. We would like to talk with you for %d minutes%s. Which of these times suits you best?

%s
They are in your time zone, %s. Just answer with the number; the invitation follows. If none of them suits you, please tell us what would.

Kind regards
%s`, c.FirstName(), title, int(times[0].End.Sub(times[0].Start).Minutes()), how, lines.String(), zone, sender)
	return "Times for your interview: " + title, body
}

// abbreviation is what people call the zone then; empty where it has no letters.
func abbreviation(t time.Time) string {
	name, _ := t.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return ""
	}
	return name
}

// Offer approves a text that offers the search's times with the given numbers,
// and lets it go out: to the approver, who sends it (ask), or by mail (send).
func (s *Service) Offer(ctx context.Context, searchID string, picks []int, subject, body, by string) (*hiring.Offering, error) {
	subject, body = hiring.CleanLine(subject), hiring.CleanText(body)
	switch {
	case subject == "":
		return nil, hiring.Invalid("subject", "Enter a subject.")
	case body == "":
		return nil, hiring.Invalid("body", "Enter the text that the candidate will read.")
	case len([]rune(subject)) > hiring.MaxSubject:
		return nil, hiring.Invalid("subject", "This is longer than %d characters. Shorten it.", hiring.MaxSubject)
	case len([]rune(body)) > hiring.MaxBody:
		return nil, hiring.Invalid("body", "This is longer than %d characters. Shorten it.", hiring.MaxBody)
	}
	search, err := s.Store.Search(ctx, searchID)
	if err != nil {
		return nil, err
	}
	role, stage, err := s.stageOf(ctx, search.RoleKey, search.Stage, by)
	if err != nil {
		return nil, err
	}
	if !s.CanOffer(search, stage) {
		return nil, hiring.Invalid("", "Letting the candidate choose is off for “%s” now. Book a time, or turn it on with /hiring setup.", stage.Name)
	}
	times, err := picked(search, picks)
	if err != nil {
		return nil, err
	}
	if !times[0].Start.After(s.Now()) {
		return nil, hiring.Invalid("", "The first of these times has passed meanwhile. Look for times again.")
	}
	if err := s.stillFree(ctx, role, stage, search, search.Panel); err != nil {
		return nil, unaskable(err)
	}
	o := &hiring.Offering{
		ID: s.NewID("times"), CandidateID: search.CandidateID, RoleKey: role.Key, Stage: stage.ID, State: hiring.OfferingApproved,
		Times: times, Subject: subject, Body: body, By: by, At: s.Now(), Confirmed: search.Confirmed, Carries: search.Carries,
		RemindAt: times[0].Start.Add(-role.MinNotice.V),
	}
	b := outbox.Batch{
		Touch: []string{o.CandidateID, role.Key},
		Log:   []hiring.Entry{{Actor: by, Action: "times.offered", Subject: o.ID, Detail: o.CandidateID}},
	}
	if s.Mode == modeSend {
		o.Attempt = 1
		b.Effects = []outbox.Effect{outbox.MailTimesEffect(o.ID, o.Attempt)}
	} else {
		b.Messages = []outbox.Message{offeringMessage(o)}
	}
	err = s.Store.AddOffering(ctx, search.ID, o, b)
	if errors.Is(err, hiring.ErrConflict) {
		return nil, &hiring.AlreadyDone{What: "booked or offered from this list"}
	}
	return o, err
}

func offeringMessage(o *hiring.Offering) outbox.Message {
	return outbox.Message{Key: "times:" + o.ID, Kind: "times", About: o.ID, Person: o.By}
}

// Over is what follows from an offering that nobody waits for any more.
func Over(offering, by string) outbox.Batch {
	return outbox.Batch{Touch: []string{offering}, Log: []hiring.Entry{{Actor: by, Action: "times.over", Subject: offering}}}
}

// changeOffering changes an offering for a coordinator of its role.
func (s *Service) changeOffering(ctx context.Context, id, by string, change func(*hiring.Offering) (outbox.Batch, error)) error {
	o, err := s.Store.Offering(ctx, id)
	if err != nil {
		return err
	}
	if _, _, err := s.stageOf(ctx, o.RoleKey, o.Stage, by); err != nil {
		return err
	}
	return s.Store.ChangeOffering(ctx, id, change)
}

// MarkOffered records that a person sent the text.
func (s *Service) MarkOffered(ctx context.Context, id, by string) error {
	return s.changeOffering(ctx, id, by, func(o *hiring.Offering) (outbox.Batch, error) {
		switch {
		case o.Mailing():
			return outbox.Batch{}, hiring.Invalid("", "The e-mail is being sent right now. Look again in a minute.")
		case o.State == hiring.OfferingSent:
			return outbox.Batch{}, &hiring.AlreadyDone{What: "sent", By: o.SentBy, At: o.SentAt}
		case !o.Waits():
			return outbox.Batch{}, alreadyAnswered(o)
		}
		o.State, o.SentBy, o.SentAt, o.Problem = hiring.OfferingSent, by, s.Now(), ""
		return outbox.Batch{Touch: []string{o.ID}, Log: []hiring.Entry{{Actor: by, Action: "times.sent", Subject: o.ID}}}, nil
	})
}

// OfferAgain e-mails a text once more whose mail certainly failed, or whose
// outcome a person has looked into.
func (s *Service) OfferAgain(ctx context.Context, id, by string) error {
	return s.changeOffering(ctx, id, by, func(o *hiring.Offering) (outbox.Batch, error) {
		if o.State != hiring.OfferingFailed && o.State != hiring.OfferingUnsure {
			if !o.Waits() {
				return outbox.Batch{}, alreadyAnswered(o)
			}
			return outbox.Batch{}, &hiring.AlreadyDone{What: "being sent, or sent"}
		}
		o.State, o.Problem = hiring.OfferingApproved, ""
		o.Attempt++
		return outbox.Batch{
			Effects: []outbox.Effect{outbox.MailTimesEffect(o.ID, o.Attempt)}, Touch: []string{o.ID},
			Log: []hiring.Entry{{Actor: by, Action: "times.again", Subject: o.ID, Detail: fmt.Sprint(o.Attempt)}},
		}, nil
	})
}

// NoneSuits records that none of the times suited the candidate. A number that
// comes back after all can still be clicked.
func (s *Service) NoneSuits(ctx context.Context, id, by string) error {
	return s.changeOffering(ctx, id, by, func(o *hiring.Offering) (outbox.Batch, error) {
		if !o.Waits() {
			return outbox.Batch{}, alreadyAnswered(o)
		}
		o.State, o.AnsweredBy, o.AnsweredAt = hiring.OfferingNone, by, s.Now()
		return outbox.Batch{Touch: []string{o.ID}, Log: []hiring.Entry{{Actor: by, Action: "times.none", Subject: o.ID}}}, nil
	})
}

// alreadyAnswered says what became of an offering that isn't waited for any more.
func alreadyAnswered(o *hiring.Offering) error {
	switch o.State {
	case hiring.OfferingChosen:
		return &hiring.AlreadyDone{What: fmt.Sprintf("booked: number %d was chosen", o.Answer), By: o.AnsweredBy, At: o.AnsweredAt}
	case hiring.OfferingNone:
		return &hiring.AlreadyDone{What: "answered: none of the times suited", By: o.AnsweredBy, At: o.AnsweredAt}
	default:
		return hiring.Invalid("", "Nobody waits for an answer to these times any more: others were booked or offered since, or the candidate is no longer in the process. The candidate's card has the newest.")
	}
}

// A Gone says that an offered time can't be booked any more, and which of the
// others can.
type Gone struct {
	Number int
	Why    string
	Free   []int // numbers of the others that are free
}

func (g *Gone) Error() string { return fmt.Sprintf("number %d is gone: %s", g.Number, g.Why) }

// Choose books the offered time that came back. Free/busy is asked again: a
// *Gone says what was taken meanwhile.
func (s *Service) Choose(ctx context.Context, id string, number int, by string) (*hiring.Interview, error) {
	o, err := s.Store.Offering(ctx, id)
	if err != nil {
		return nil, err
	}
	role, stage, err := s.stageOf(ctx, o.RoleKey, o.Stage, by)
	if err != nil {
		return nil, err
	}
	if number < 1 || number > len(o.Times) {
		return nil, hiring.Invalid("", "There is no such number among these times.")
	}
	chosen := o.Times[number-1]
	if err := s.choosable(ctx, o); err != nil {
		return nil, err
	}
	as := &Search{CandidateID: o.CandidateID, RoleKey: role.Key, Stage: stage.ID, By: by, Panel: chosen.Panel, Confirmed: o.Confirmed, Carries: o.Carries}
	if err := s.stillFree(ctx, role, stage, as, chosen.Panel); err != nil {
		return nil, unaskable(err)
	}
	gone, err := s.goneOf(ctx, role, o)
	if err != nil {
		return nil, err
	}
	if why := gone[number]; why != "" {
		g := &Gone{Number: number, Why: why}
		for n := range o.Times {
			if gone[n+1] == "" {
				g.Free = append(g.Free, n+1)
			}
		}
		return nil, g
	}
	iv := s.interviewAt(role, stage, o.CandidateID, chosen, by)
	iv.Carries = as.Carries
	err = s.Store.BookOffering(ctx, id, func(o *hiring.Offering, before *hiring.Interview) (*hiring.Interview, outbox.Batch, error) {
		if !canChoose(o, before) {
			return nil, outbox.Batch{}, alreadyAnswered(o)
		}
		o.State, o.Answer, o.AnsweredBy, o.AnsweredAt, o.InterviewID = hiring.OfferingChosen, number, by, s.Now(), iv.ID
		b := bookingOf(iv, by)
		b.Touch = append(b.Touch, o.ID)
		b.Log = append(b.Log, hiring.Entry{Actor: by, Action: "times.chosen", Subject: o.ID, Detail: fmt.Sprint(number)})
		return iv, b, nil
	})
	return iv, unaskable(s.bookError(ctx, err))
}

// Choosable returns an offering of whose times one can still be booked. Errors
// are for the person.
func (s *Service) Choosable(ctx context.Context, id, by string) (*hiring.Offering, error) {
	o, err := s.Store.Offering(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, _, err := s.stageOf(ctx, o.RoleKey, o.Stage, by); err != nil {
		return nil, err
	}
	return o, s.choosable(ctx, o)
}

// choosable says early what Choose would be refused for.
func (s *Service) choosable(ctx context.Context, o *hiring.Offering) error {
	var before *hiring.Interview
	if o.InterviewID != "" {
		var err error
		if before, err = s.Store.Interview(ctx, o.InterviewID); err != nil {
			return err
		}
	}
	if !canChoose(o, before) {
		return alreadyAnswered(o)
	}
	return nil
}

// canChoose reports whether one of the times can still be booked: also when none
// suited at first, and when the one that was chosen was gone when Google was
// asked.
func canChoose(o *hiring.Offering, before *hiring.Interview) bool {
	return o.Waits() || o.State == hiring.OfferingNone || o.State == hiring.OfferingChosen && before != nil && before.State == hiring.Taken
}

// remindOfOfferings tells who offered times, once, that no answer came back when
// the soonest of them is too near to be taken.
func (s *Service) remindOfOfferings(ctx context.Context, now time.Time) (int, error) {
	list, err := s.Store.Unanswered(ctx, now)
	if err != nil {
		return 0, err
	}
	n := 0
	var problems []error
	for _, o := range list {
		role, err := s.Store.Role(ctx, o.RoleKey)
		if err == nil {
			err = s.Store.ChangeOffering(ctx, o.ID, func(o *hiring.Offering) (outbox.Batch, error) {
				if !o.Waits() || !o.RemindedAt.IsZero() {
					return outbox.Batch{}, nil
				}
				n++
				o.RemindedAt = now
				return outbox.Batch{Messages: []outbox.Message{{
					Key: "times-late:" + o.ID, Kind: "times-late", About: o.ID, Person: coordinatorOf(role, &hiring.Interview{BookedBy: o.By}),
				}}}, nil
			})
		}
		if err != nil { // the others are reminded of all the same
			problems = append(problems, fmt.Errorf("offered times %s: %w", o.ID, err))
		}
	}
	return n, errors.Join(problems...)
}
