package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/schedule"
)

// holdField asks, where the stage lets a time be held, whether the chosen one is
// booked or held; nothing where it doesn't.
func holdField(s *schedule.Search, stage hiring.Stage) []slack.Block {
	if stage.Hold.V == 0 || s.InterviewID != "" || len(s.Offers) == 0 {
		return nil
	}
	return []slack.Block{field("hold#"+s.ID, "Book the time, or hold it?", "", choice("hold", []*slack.OptionBlockObject{
		option("book", "Book it", "The candidate and the panel are invited now"),
		option("hold", "Hold it for "+hiring.SpanWords(stage.Hold.V), "The panel gets a tentative event; the candidate hears nothing yet"),
	}, "book"))}
}

// wantsHold reports whether the chosen time is to be held only.
func wantsHold(state map[string]input) bool { return state["hold"].SelectedOption.Value == "hold" }

// submitHold holds the chosen time; the modal follows what Google says.
func (b *Bot) submitHold(ctx context.Context, s *submission, search string, offer int) (any, error) {
	h, err := b.Schedule.HoldTime(ctx, search, offer, s.Person.ID)
	var first *schedule.Before
	if errors.As(err, &first) {
		return b.answerWith(s, b.beforeView(ctx, s.Person, first, search, ""))
	}
	if err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) {
		b.watchHold(ctx, s.View.ID, s.Person, h.ID)
		b.refreshBelow(ctx, s.Person, s.Meta)
	}
	view := loading("Schedule", "Holding it in Google Calendar…")
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// watchHold shows in the open modal how the holding ends. It is a courtesy: the
// message that is owed doesn't depend on it.
func (b *Bot) watchHold(ctx context.Context, viewID string, p hiring.Person, id string) {
	ctx, cancel := context.WithTimeout(ctx, 25*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	view := *told("Schedule", "Google Calendar takes its time. I keep trying, and you hear when the time is held. You can close this.")
	for waiting := true; waiting; {
		t, err := b.held(ctx, id)
		if err != nil {
			return
		}
		if t.hold.State != hiring.TimePlacing {
			view = t.view(p)
			break
		}
		select {
		case <-ctx.Done():
			waiting = false
		case <-tick.C:
		}
	}
	if err := b.update(context.WithoutCancel(ctx), viewID, view); err != nil {
		b.Log.Warn("time hold not shown", "hold", id, "err", err)
	}
}

// A heldTime is a time hold with what is said of it.
type heldTime struct {
	hold      *hiring.TimeHold
	candidate *hiring.Candidate
	role      *hiring.Role
}

func (b *Bot) held(ctx context.Context, id string) (heldTime, error) {
	h, err := b.Schedule.Store.TimeHold(ctx, id)
	if err != nil {
		return heldTime{}, err
	}
	c, err := b.Store.Candidate(ctx, h.CandidateID)
	if err != nil {
		return heldTime{}, err
	}
	role, err := b.Store.Role(ctx, h.RoleKey)
	return heldTime{h, c, role}, err
}

// what names the interview that the time is held for.
func (t heldTime) what() string {
	stage, _ := t.role.Stage(t.hold.Stage)
	return t.candidate.Name + "'s interview (" + stage.Name + ")"
}

// buttons confirm a time that is held, or let it go.
func (t heldTime) buttons() slack.Block {
	if t.hold.State == hiring.TimePlacing {
		return actions("", button(actTimeLetGo, t.hold.ID, "Let it go"))
	}
	return actions("", primary(button(actTimeConfirm, t.hold.ID, "Confirm and invite")), button(actTimeLetGo, t.hold.ID, "Let it go"))
}

// again looks for another time, while the candidate is in the process.
func (t heldTime) again() []slack.Block {
	if t.candidate.State != hiring.Active {
		return nil
	}
	return []slack.Block{actions("", primary(button(actSchedule, join(t.candidate.ID, t.hold.Stage), "Find a time")))}
}

// text says where a time hold stands. who writes somebody's name.
func (t heldTime) text(who func(string) string, zone *time.Location) string {
	h, at := t.hold, span(t.hold.Start, t.hold.End, zone)
	switch h.State {
	case hiring.TimePlacing:
		return at + " is being held in Google Calendar, for " + t.what() + "."
	case hiring.TimeHeld:
		text := at + " is held for " + t.what() + ", until " + clockTime(h.Expires(), zone) + ". The panel has a tentative event; " +
			t.candidate.FirstName() + " hears nothing until you confirm."
		for _, p := range h.Panel {
			switch p.RSVP {
			case "declined":
				text += " " + who(p.Person) + " has declined it."
			case hiring.TakenOff:
				text += " " + who(p.Person) + " was taken off the event."
			}
		}
		return text
	case hiring.TimeConfirmed:
		return at + " was held for " + t.what() + ". Confirmed by " + who(h.EndedBy) + ", " + clockTime(h.EndedAt, zone) + "."
	case hiring.TimeLetGo:
		text := at + " is no longer held for " + t.what() + ": it was let go"
		if h.EndedBy != "" {
			text += " by " + who(h.EndedBy)
		}
		return text + ", " + clockTime(h.EndedAt, zone) + "."
	case hiring.TimeExpired:
		return at + " is no longer held for " + t.what() + ": the hold has expired, " + clockTime(h.EndedAt, zone) + ". Its event is gone from the panel's calendars, and " + t.candidate.FirstName() + " has heard nothing."
	case hiring.TimeRemoved:
		return at + " is no longer held for " + t.what() + ": its event was deleted in Google Calendar."
	default:
		return at + " was not held for " + t.what() + ". " + h.Reason
	}
}

// view says how the holding of a time ended, in the modal where it was begun.
func (t heldTime) view(p hiring.Person) slack.ModalViewRequest {
	text := t.text(func(string) string { return "somebody" }, p.TimeZone(t.role.TimeZone()))
	if t.hold.State == hiring.TimeHeld {
		return modal("", "Schedule", "", "Close", say("").b("Held. ").t(text).block(), t.buttons(), note("The same buttons are in a message to you, and on the candidate's card."))
	}
	return modal("", "Schedule", "", "Close", append([]slack.Block{section(text)}, t.again()...)...)
}

// confirmTime books the interview of a held time.
func (b *Bot) confirmTime(ctx context.Context, c *click) error {
	if _, err := b.Schedule.ConfirmTime(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Schedule", "Confirmed. The event becomes the interview's in Google Calendar, the candidate is invited, and the panel hears from me when that is done.")
}

// letTimeGo ends a time hold.
func (b *Bot) letTimeGo(ctx context.Context, c *click) error {
	if err := b.Schedule.LetGo(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "Schedule", "Let go. Its event goes from the panel's calendars; the candidate has heard nothing.")
}

// renderTimeHold is the DM to who holds a time, kept current.
func (b *Bot) renderTimeHold(ctx context.Context, m outbox.Message) (*content, error) {
	t, zone, err := b.heldFor(ctx, m)
	if err != nil || m.TS == "" && !t.hold.Live() || t.candidate.Erased() {
		return nil, err
	}
	text := t.text(b.nameOf(ctx), zone)
	if t.hold.State == hiring.TimeExpired || t.hold.State == hiring.TimeRemoved {
		text = span(t.hold.Start, t.hold.End, zone) + " was held for " + t.what() + ". It no longer is: a newer message says why."
	}
	c := &content{Text: fallback("%s", text), Blocks: []slack.Block{section(text)}, Subjects: t.subjects()}
	if t.hold.Live() {
		c.Blocks = append(c.Blocks, t.buttons())
	}
	return c, nil
}

// renderTimeHoldNews tells them once what became of it without a click.
func (b *Bot) renderTimeHoldNews(ctx context.Context, m outbox.Message) (*content, error) {
	t, zone, err := b.heldFor(ctx, m)
	if err != nil || t.candidate.Erased() {
		return nil, err
	}
	h, text := t.hold, t.text(b.nameOf(ctx), zone)
	c := &content{Subjects: t.subjects()}
	switch what := strings.TrimPrefix(m.Key, "time-hold-news:"+h.ID+":"); {
	case strings.HasPrefix(what, "moved:") && h.Live():
		text = "The tentative event was moved in Google Calendar. I follow: " + text
		c.Blocks = []slack.Block{section(text), t.buttons()}
	case strings.HasPrefix(what, "moved:"):
		text = "The tentative event for " + t.what() + " was moved in Google Calendar. Nothing is left to do about that."
		c.Blocks = []slack.Block{section(text)}
	case strings.HasPrefix(what, "stuck:"):
		text += " " + h.Reason + " Please delete it there."
		c.Blocks = []slack.Block{section(text)}
	default:
		c.Blocks = append([]slack.Block{section(text)}, t.again()...)
	}
	c.Text = fallback("%s", text)
	return c, nil
}

func (b *Bot) heldFor(ctx context.Context, m outbox.Message) (heldTime, *time.Location, error) {
	t, err := b.held(ctx, m.About)
	if err != nil {
		return t, nil, err
	}
	p, err := b.Directory.Person(ctx, m.Person)
	return t, p.TimeZone(t.role.TimeZone()), err
}

func (t heldTime) subjects() []string { return []string{t.hold.ID, t.candidate.ID} }

func (b *Bot) nameOf(ctx context.Context) func(string) string {
	return func(id string) string { return b.names(ctx, []string{id}) }
}

// waitingBlocks show on the candidate's card what waits for a stage's interview:
// a time that is held, times that were offered.
func (b *Bot) waitingBlocks(ctx context.Context, card *candidate.Card, stage string, p hiring.Person) []slack.Block {
	var blocks []slack.Block
	zone := p.TimeZone(card.Role.TimeZone())
	for _, h := range card.Holds {
		if h.Stage == stage && h.Live() {
			t := heldTime{h, card.Candidate, card.Role}
			blocks = append(blocks, section(t.text(b.nameOf(ctx), zone)), t.buttons())
		}
	}
	for _, o := range card.Offerings {
		if o.Stage == stage && o.Waits() {
			blocks = append(blocks, b.offeredBlocks(ctx, o, card.Candidate, zone)...)
		}
	}
	return blocks
}

// waitingWords says what an active candidate's interview waits for, where a time
// is held or offered; "" where none is.
func waitingWords(card *candidate.Card, stage string, zone *time.Location) string {
	for _, h := range card.Holds {
		if h.Stage == stage && h.Live() {
			return fmt.Sprintf("A time is held, %s, until %s: to be confirmed or let go below.", span(h.Start, h.End, zone), clockTime(h.Expires(), zone))
		}
	}
	for _, o := range card.Offerings {
		if o.Stage == stage && o.Waits() {
			return fmt.Sprintf("%d times were offered; the candidate's answer is waited for.", len(o.Times))
		}
	}
	return ""
}

// instead says, of an interview that is to be booked, which time is held for it
// already and which were offered: what becomes of them is not to be a surprise.
func (b *Bot) instead(ctx context.Context, s *schedule.Search, zone *time.Location) ([]slack.Block, error) {
	if s.InterviewID != "" {
		return nil, nil
	}
	holds, err := b.Candidates.Store.TimeHolds(ctx, s.CandidateID)
	if err != nil {
		return nil, err
	}
	var blocks []slack.Block
	for _, h := range holds {
		if h.Stage == s.Stage && h.Live() {
			blocks = append(blocks, note(span(h.Start, h.End, zone)+" is held for this already, until "+clockTime(h.Expires(), zone)+". Booking another time lets it go."))
		}
	}
	offerings, err := b.Candidates.Store.Offerings(ctx, s.CandidateID)
	if err != nil {
		return nil, err
	}
	for _, o := range offerings {
		if o.Stage == s.Stage && o.Waits() {
			blocks = append(blocks, note(fmt.Sprintf("%d times were offered already, and the candidate hasn't answered. Booking a time ends that; other times to choose from replace them.", len(o.Times))))
		}
	}
	return blocks, nil
}
