package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// A scheduling is what one of the schedule commands books of every role.
type scheduling struct {
	command string
	what    string // for people, e.g. "a first interview"
	stage   func(*hiring.Role) (hiring.Stage, bool)
}

// scheduleRound1 is /schedule-round1.
func (b *Bot) scheduleRound1(ctx context.Context, c *call) error {
	return b.scheduleCommand(ctx, c, scheduling{"/schedule-round1", "a first interview", (*hiring.Role).FirstInterview})
}

// schedulePanel is /schedule-panel.
func (b *Bot) schedulePanel(ctx context.Context, c *call) error {
	return b.scheduleCommand(ctx, c, scheduling{"/schedule-panel", "a panel", (*hiring.Role).PanelStage})
}

// scheduleCommand opens the modal at once; it fills when Google has answered.
func (b *Bot) scheduleCommand(ctx context.Context, c *call, what scheduling) error {
	if wantsHelp(c.Text) {
		c.say(ctx, "Type "+what.command+" and part of the candidate's name. I look for times that suit everybody, you pick one, and I book it in Google Calendar. Any other interview is booked from the candidate's card: /candidate and the name.")
		return nil
	}
	roles, err := b.openRolesFor(ctx, c.Person)
	if err != nil {
		return err
	}
	waiting, others, err := b.toSchedule(ctx, c.Person, c.Text, what)
	if err != nil {
		return err
	}
	switch {
	case len(waiting) == 1 && c.Text != "":
		return b.startSearch(ctx, c.reply, c.Person, waiting[0])
	case len(waiting) > 0:
		_, err = c.open(ctx, b.whoView(ctx, waiting))
		return err
	case len(others) > 0 && c.Text != "":
		return b.sayWhyNot(ctx, c, others, what)
	case c.Text != "":
		c.say(ctx, fmt.Sprintf("I don't find a candidate called “%s” among those you may see. Type %s to see who waits for %s, or /candidate add to add somebody.", hiring.Clip(c.Text, 80), what.command, what.what))
	case slices.ContainsFunc(roles, func(r *hiring.Role) bool { _, ok := what.stage(r); return ok }):
		c.say(ctx, "Nobody waits for "+what.what+" right now. /candidate shows everybody, and what can be booked for them.")
	default:
		c.say(ctx, "None of your open roles has a stage marked as the panel. Their interviews are booked from the candidate's card: type /candidate.")
	}
	return nil
}

// toSchedule returns what the command would book, for the candidates whose name
// or e-mail holds the words: those who are at that stage and have no interview
// for it. The others are returned apart.
func (b *Bot) toSchedule(ctx context.Context, p hiring.Person, words string, what scheduling) (waiting []schedule.Request, others []*hiring.Candidate, err error) {
	found, err := b.Candidates.Find(ctx, words, p.ID, 100)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range found {
		role, err := b.Store.Role(ctx, c.RoleKey)
		if err != nil {
			return nil, nil, err
		}
		stage, ok := what.stage(role)
		if ok && c.State == hiring.Active && c.Stage == stage.ID && role.IsCoordinator(p.ID) {
			iv, err := b.liveInterview(ctx, c.ID, stage.ID)
			if err != nil {
				return nil, nil, err
			}
			if iv == nil {
				waiting = append(waiting, schedule.Request{CandidateID: c.ID, Stage: stage.ID, By: p.ID})
				continue
			}
		}
		others = append(others, c)
	}
	return waiting, others, nil
}

// liveInterview returns the candidate's interview for the stage that is booked,
// being booked or held; nil: none.
func (b *Bot) liveInterview(ctx context.Context, candidate, stage string) (*hiring.Interview, error) {
	live, err := b.Store.LiveInterviews(ctx, candidate)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(live, func(iv *hiring.Interview) bool { return iv.Stage == stage })
	if i < 0 {
		return nil, nil
	}
	return live[i], nil
}

// whoView asks for whom, where several wait.
func (b *Bot) whoView(ctx context.Context, waiting []schedule.Request) slack.ModalViewRequest {
	var options []*slack.OptionBlockObject
	for _, req := range waiting[:min(len(waiting), 100)] {
		c, err := b.Store.Candidate(ctx, req.CandidateID)
		if err != nil {
			continue
		}
		about := c.Email
		if role, err := b.Store.Role(ctx, c.RoleKey); err == nil {
			about = hiring.Clip(role.Title, 36) + " · " + c.Email
		}
		options = append(options, option(join(req.CandidateID, req.Stage), c.Name, about))
	}
	// Not an input: Slack wants a submit button wherever there is one.
	return modal("", "Schedule", "", "Close", slack.NewSectionBlock(plain("Who is the interview for?"), nil,
		slack.NewAccessory(slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose a candidate"), actFindFor, options...))))
}

// maxWhyNot is how many candidates a refusal explains.
const maxWhyNot = 5

// sayWhyNot says of each candidate who was asked for why the command doesn't
// book them, and leads to the card.
func (b *Bot) sayWhyNot(ctx context.Context, c *call, others []*hiring.Candidate, what scheduling) error {
	var blocks []slack.Block
	text := ""
	for _, cand := range others[:min(len(others), maxWhyNot)] {
		why, err := b.whyNot(ctx, c.Person, cand, what)
		if err != nil {
			return err
		}
		text += why + "\n"
		blocks = append(blocks, slack.NewSectionBlock(plain(why), nil, slack.NewAccessory(button(actCandidateCard, cand.ID, "Show card"))))
	}
	if left := len(others) - maxWhyNot; left > 0 {
		blocks = append(blocks, note(fmt.Sprintf("%d more: type more of the name.", left)))
	}
	c.say(ctx, strings.TrimSpace(text), blocks...)
	return nil
}

func (b *Bot) whyNot(ctx context.Context, p hiring.Person, c *hiring.Candidate, what scheduling) (string, error) {
	role, err := b.Store.Role(ctx, c.RoleKey)
	if err != nil {
		return "", err
	}
	stage, ok := what.stage(role)
	at, _ := role.Stage(c.Stage)
	switch {
	case !role.IsCoordinator(p.ID):
		return fmt.Sprintf("%s: only a coordinator of %s can schedule its interviews.", c.Name, role.Title), nil
	case c.State != hiring.Active:
		return fmt.Sprintf("%s is no longer in the process (%s).", c.Name, c.State), nil
	case !ok:
		return fmt.Sprintf("%s: %s has no stage marked as the panel, so its interviews are booked from the candidate's card.", c.Name, role.Title), nil
	}
	iv, err := b.liveInterview(ctx, c.ID, stage.ID)
	switch {
	case err != nil:
		return "", err
	case iv != nil && iv.Ended(b.Now()):
		return fmt.Sprintf("%s has had the interview for “%s”: %s.", c.Name, stage.Name, span(iv.Start, iv.End, p.TimeZone(role.TimeZone()))), nil
	case iv != nil:
		return fmt.Sprintf("%s already has an interview for “%s”: %s. Move or cancel it on the card.", c.Name, stage.Name, span(iv.Start, iv.End, p.TimeZone(role.TimeZone()))), nil
	default:
		return fmt.Sprintf("%s is at “%s”, not at “%s”. What can be booked now is on the card.", c.Name, at.Name, stage.Name), nil
	}
}

// requestFor reads a button's value: a candidate, or "candidate|stage".
func requestFor(value, by string) schedule.Request {
	candidate, stage := split(value)
	return schedule.Request{CandidateID: candidate, Stage: stage, By: by}
}

func (b *Bot) pickScheduleCandidate(ctx context.Context, c *click) error {
	return b.searchIn(ctx, c, requestFor(c.Value, c.Person.ID))
}

// openSchedule is the button "Find a time" for a candidate, at the stage that
// they are at or at another.
func (b *Bot) openSchedule(ctx context.Context, c *click) error {
	req := requestFor(c.Value, c.Person.ID)
	if c.View != nil && c.View.Type == slack.VTModal {
		return b.searchIn(ctx, c, req)
	}
	return b.startSearch(ctx, c.reply, c.Person, req)
}

// openReschedule is the button "Move" of an interview.
func (b *Bot) openReschedule(ctx context.Context, c *click) error {
	iv, err := b.Store.Interview(ctx, c.Value)
	if err != nil {
		return err
	}
	req := schedule.Request{CandidateID: iv.CandidateID, Stage: iv.Stage, InterviewID: iv.ID, By: c.Person.ID}
	if c.View != nil && c.View.Type == slack.VTModal {
		return b.searchIn(ctx, c, req)
	}
	return b.startSearch(ctx, c.reply, c.Person, req)
}

const looking = "Looking for times that suit everybody…"

// startSearch opens the modal and fills it.
func (b *Bot) startSearch(ctx context.Context, r *reply, p hiring.Person, req schedule.Request) error {
	search, ask, err := b.prepare(ctx, p, req, "")
	if err != nil {
		return err
	}
	if ask != nil {
		_, err := r.open(ctx, *ask)
		return err
	}
	wait := loading("Schedule", looking)
	wait.ExternalID = search.ID
	view, err := r.open(ctx, wait)
	if err != nil {
		return err
	}
	b.fill(ctx, view, p, search.ID)
	return nil
}

// searchIn uses the modal that is open. A notice's text that was typed there is
// kept.
func (b *Bot) searchIn(ctx context.Context, c *click, req schedule.Request) error {
	search, ask, err := b.prepare(ctx, c.Person, req, c.State["body"].Value)
	if err != nil {
		return err
	}
	c.ack()
	if ask != nil {
		layOn(readMeta(c.View.PrivateMetadata), ask)
		return b.update(ctx, c.View.ID, *ask)
	}
	if err := b.update(ctx, c.View.ID, loading("Schedule", looking)); err != nil {
		return err
	}
	b.fill(ctx, c.View, c.Person, search.ID)
	return nil
}

// prepare checks a request. What a person is to be asked first is returned as a
// modal, with the text for the invitation that was typed before, if any.
func (b *Bot) prepare(ctx context.Context, p hiring.Person, req schedule.Request, typed string) (*schedule.Search, *slack.ModalViewRequest, error) {
	search, err := b.Schedule.Prepare(ctx, req)
	var first *schedule.Before
	if errors.As(err, &first) {
		ask := b.beforeView(ctx, p, first, "", typed)
		return nil, &ask, nil
	}
	return search, nil, err
}

// fill asks Google and shows the offers, or why there are none.
func (b *Bot) fill(ctx context.Context, open *slack.View, p hiring.Person, searchID string) {
	search, err := b.Schedule.Find(ctx, searchID)
	var view slack.ModalViewRequest
	if err == nil {
		view, err = b.offersView(ctx, p, search)
	}
	if err != nil {
		view = *told("Schedule", b.findTrouble(p, err))
	}
	layOn(readMeta(open.PrivateMetadata), &view)
	if err := b.refill(ctx, open, view); err != nil {
		b.Log.Warn("offers not shown", "search", searchID, "err", err)
	}
}

// findTrouble says what kept us from finding times.
func (b *Bot) findTrouble(p hiring.Person, err error) string {
	var classed *outbox.Error
	if errors.As(err, &classed) {
		b.Log.Warn("free/busy not read", "err", err)
		return "Google Calendar doesn't answer right now, so I can't tell who is free. Nothing was booked. Please try again in a minute."
	}
	return b.explain(p, err)
}

// submitSchedule books or moves; the modal follows what Google says. Where
// nothing is offered it looks again.
func (b *Bot) submitSchedule(ctx context.Context, s *submission) (any, error) {
	search, err := b.Schedule.Store.Search(ctx, s.Meta.Search)
	if err != nil {
		return nil, err
	}
	if len(search.Offers) == 0 {
		return b.lookAgain(ctx, s, search)
	}
	if err := sameQuestion(search, s.State); err != nil {
		return nil, err
	}
	offer, err := strconv.Atoi(s.State["slot"].SelectedOption.Value)
	if err != nil {
		return nil, hiring.Invalid("slot", "Choose one of the times.")
	}
	if err := b.moveReason(ctx, s, search); err != nil {
		return nil, err
	}
	if wantsHold(s.State) {
		return b.submitHold(ctx, s, search.ID, offer)
	}
	iv, err := b.Schedule.Book(ctx, search.ID, offer, s.Person.ID)
	var first *schedule.Before
	if errors.As(err, &first) {
		return b.answerWith(s, b.beforeView(ctx, s.Person, first, search.ID, ""))
	}
	if err != nil {
		return nil, err
	}
	return b.showBooking(s, iv), nil
}

// showBooking answers a modal that books or moves; it then follows what Google
// says.
func (b *Bot) showBooking(s *submission, iv *hiring.Interview) any {
	doing, moves, id, revision := "Booking it in Google Calendar…", s.Meta.Interview != "", iv.ID, iv.Revision
	if moves {
		doing = "Moving it in Google Calendar…"
	}
	s.after = func(ctx context.Context) {
		b.watchBooking(ctx, s.View.ID, s.Person, id, revision, moves)
		b.refreshBelow(ctx, s.Person, s.Meta)
	}
	view := loading("Schedule", doing)
	return slack.NewUpdateViewSubmissionResponse(&view)
}

// watchBooking shows in the open modal how the booking ends. It is a courtesy:
// the messages that are owed don't depend on it.
func (b *Bot) watchBooking(ctx context.Context, viewID string, p hiring.Person, id string, revision int, moves bool) {
	ctx, cancel := context.WithTimeout(ctx, 25*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		k, err := b.Store.Case(ctx, id)
		if err != nil {
			return
		}
		if iv := k.Interview; iv.State != hiring.Booking && (iv.State != hiring.Booked || iv.EventStart.Equal(iv.Start) || iv.Revision != revision) {
			if err := b.update(ctx, viewID, b.bookedView(k, p, moves)); err != nil {
				b.Log.Warn("booking not shown", "interview", id, "err", err)
			}
			return
		}
		select {
		case <-ctx.Done():
			view := *told("Schedule", "Google Calendar takes its time. I keep trying, and everybody hears when it is done. You can close this.")
			if err := b.update(context.WithoutCancel(ctx), viewID, view); err != nil {
				b.Log.Warn("booking not shown", "interview", id, "err", err)
			}
			return
		case <-tick.C:
		}
	}
}

// bookedView says how a booking or a move ended.
func (b *Bot) bookedView(k *hiring.Case, p hiring.Person, moves bool) slack.ModalViewRequest {
	iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
	switch {
	case iv.State == hiring.Booked && iv.Problem != "":
		return modal("", "Schedule", "", "Close",
			say("").b("Not moved. ").t(iv.Problem+" The interview stays where it was: "+span(iv.Start, iv.End, zone)+".").block(),
			actions("", primary(button(actReschedule, iv.ID, "Find another time"))))
	case iv.State == hiring.Booked:
		done, invitation := "Booked", "The invitation is on its way to everybody"
		if moves {
			done, invitation = "Moved", "Everybody's invitation is updated"
		}
		r := say("").b(done + ": ").t(k.Candidate.Name + ", " + span(iv.Start, iv.End, zone) + ". " + invitation + ", and the panel hears from me.")
		if iv.Carries != "" && iv.Revision == 1 {
			r.t("\nThe invitation says that " + k.Candidate.FirstName() + " goes on, so they count as told.")
		}
		return modal("", "Schedule", "", "Close", r.block(),
			note("The candidate is promised an answer by "+clockTime(iv.Deadline, zone)+"."),
			actions("", button(actCandidateCard, k.Candidate.ID, "Show card")))
	case iv.State == hiring.Taken:
		return modal("", "Schedule", "", "Close",
			append([]slack.Block{say("").b("Not booked. ").t(iv.Reason).t(" Nobody was invited." + notSaid(k)).block()}, findAnother(k)...)...)
	default:
		return *told("Schedule", fmt.Sprintf("This interview is %s now.", iv.State))
	}
}

// notSaid says, of an invitation that wasn't sent, what it was to say.
func notSaid(k *hiring.Case) string {
	if k.Interview.Carries == "" || k.Candidate.State != hiring.Active {
		return ""
	}
	return " So " + k.Candidate.FirstName() + " hasn't been told yet that they go on."
}

// findAnother offers another time for an interview that isn't booked, while its
// candidate is in the process.
func findAnother(k *hiring.Case) []slack.Block {
	if k.Candidate.State != hiring.Active {
		return nil
	}
	return []slack.Block{actions("", primary(button(actSchedule, join(k.Candidate.ID, k.Interview.Stage), "Find another time")))}
}
