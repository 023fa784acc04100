package bot

import (
	"context"
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

// renderRepair tells a coordinator who can't come to an interview, and offers the
// ways out, the smallest repair first; About is the interview's id.
func (b *Bot) renderRepair(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	list, err := b.Store.Repairs(ctx, m.About)
	if err != nil {
		return nil, err
	}
	number := strings.TrimPrefix(m.Key, "repair:"+m.About+":")
	i := slices.IndexFunc(list, func(r *schedule.Repair) bool { return strconv.Itoa(r.Number) == number })
	if i < 0 {
		return nil, hiring.ErrNotFound
	}
	r := list[i]
	if m.TS == "" && !b.needsRepair(k, r) {
		return nil, nil // it was settled before anybody heard of it
	}
	zone := p.TimeZone(k.Role.TimeZone())
	c := &content{Subjects: []string{k.Interview.ID, k.Candidate.ID}}
	if !b.needsRepair(k, r) {
		text, buttons := b.repaired(ctx, k, r, zone)
		c.Text, c.Blocks = fallback("%s", text), []slack.Block{section(text)}
		if len(buttons) > 0 {
			c.Blocks = append(c.Blocks, actions("", buttons...))
		}
		return c, nil
	}
	lead := b.troubleWords(k, r, zone)
	if r.Kind == schedule.RepairMoved && !r.Trouble[0].Answer() {
		lead = whichInterview(k, zone) + ", was moved there in Google Calendar, and that time doesn't suit everybody. " + lead
	}
	words, blocks := b.waysOut(ctx, k, r, zone)
	wrote := theyWrote(k, r)
	c.Text = fallback("%s", strings.Join(append(append([]string{lead}, wrote...), words), " "))
	c.Blocks = append(append([]slack.Block{section(lead)}, sections(wrote)...), blocks...)
	return c, nil
}

// needsRepair reports whether something is left to do.
func (b *Bot) needsRepair(k *hiring.Case, r *schedule.Repair) bool {
	return r.Live() && k.Interview.State == hiring.Booked && !k.Interview.Ended(b.Now())
}

// repairIn returns the repair that the message shows; nil: none.
func (b *Bot) repairIn(ctx context.Context, m outbox.Message) (*schedule.Repair, error) {
	list, err := b.Store.Repairs(ctx, m.About)
	if err != nil {
		return nil, err
	}
	for _, r := range slices.Backward(list) {
		if r.Message == m.Key {
			return r, nil
		}
	}
	return nil, nil
}

// waysOut shows a repair's ways out with their buttons, and says the same in words.
func (b *Bot) waysOut(ctx context.Context, k *hiring.Case, r *schedule.Repair, zone *time.Location) (string, []slack.Block) {
	iv := k.Interview
	if r.State == schedule.RepairChosen {
		text := fmt.Sprintf("%s %s chose: %s. I ask Google Calendar once more, and do it.", hourglass, b.names(ctx, []string{r.ChosenBy}), repairWords(r.Chosen, zone))
		return text, []slack.Block{section(text)}
	}
	var blocks []slack.Block
	words := ""
	add := func(text string) {
		words = strings.TrimSpace(words + " " + text)
		blocks = append(blocks, section(text))
	}
	ways := r.Ways
	if r.Revision != iv.Revision { // they are worked out anew
		ways = nil
	}
	if r.Gone != "" {
		add("Not done: " + r.Gone)
	}
	switch {
	case r.Unknown:
		add("Google Calendar doesn't answer right now, so I can't tell who is free. I keep asking; this message then shows the ways out.")
	case r.Revision != iv.Revision:
		add("The interview was changed since. I look at it anew.")
	case len(ways) == 0 && r.Kind == schedule.RepairCandidate && r.Read != "":
		add("Nothing within that is free for everybody.")
	case len(ways) == 0:
		add(strings.TrimSpace("I find no way out by myself. " + strings.Join(r.InWay, " ")))
	case ways[0].Kind == schedule.WayWithout:
		add("The interview goes on without them, as they " + notRequired(r) + ". Nothing has to be done.")
	case r.Kind == schedule.RepairCandidate:
		add("Free for everybody:")
	case ways[0].Kind != schedule.WayStandIn && slices.ContainsFunc(r.Trouble, func(t schedule.Trouble) bool { return t.Answer() && t.Part == hiring.Required }):
		add("Nobody else on the team of " + k.Role.Title + " can be there then, within their hours and limits. The smallest repair first:")
	default:
		add("The smallest repair first:")
	}
	for i, w := range ways {
		text := repairWords(w, zone)
		if w.Why != "" {
			text += " (" + w.Why + ")"
		}
		words += " " + text + "."
		do := button(actRepair, join(iv.ID, strconv.Itoa(r.Number), w.Key), repairLabel(w, zone))
		if i == 0 && w.Kind != schedule.WayWithout {
			do = primary(do)
		}
		blocks = append(blocks, slack.NewSectionBlock(plain(text), nil, slack.NewAccessory(do)))
	}
	if len(ways) > 0 {
		blocks = append(blocks, note("One click does it; I ask Google Calendar once more first. "+k.Candidate.FirstName()+" hears of it only if the time changes, by Google's e-mail."))
	}
	return words, append(blocks, actions("", otherWays(iv, r)...))
}

// theyWrote quotes what panelists wrote in Google Calendar with the answers that
// are the trouble.
func theyWrote(k *hiring.Case, r *schedule.Repair) []string {
	var out []string
	for _, t := range r.Trouble {
		for _, p := range k.Interview.Panel {
			if p.Person == t.Person && p.Wrote != "" && (t.Why == schedule.WhyDeclined || t.Why == schedule.WhyTentative) {
				out = append(out, t.Name+" wrote: “"+p.Wrote+"”")
			}
		}
	}
	return out
}

func sections(texts []string) []slack.Block {
	var out []slack.Block
	for _, text := range texts {
		out = append(out, section(text))
	}
	return out
}

// notRequired says why the interview can do without those who can't come.
func notRequired(r *schedule.Repair) string {
	if slices.ContainsFunc(r.Trouble, func(t schedule.Trouble) bool { return t.Part != hiring.Optional }) {
		return "aren't required"
	}
	return "are optional"
}

// otherWays are the buttons for what the bot doesn't propose.
func otherWays(iv *hiring.Interview, r *schedule.Repair) []slack.BlockElement {
	var out []slack.BlockElement
	off := slices.IndexFunc(r.Trouble, func(t schedule.Trouble) bool { return t.Why == schedule.WhyOff })
	switch {
	case r.Kind == schedule.RepairCandidate:
		out = append(out, button(actProposed, iv.ID, "Enter a proposed time"))
	case off >= 0:
		person := join(iv.ID, r.Trouble[off].Person)
		out = append(out, button(actInviteAgain, person, "Invite them again"), button(actChangePanel, person, "Take them off"))
	case len(r.Trouble) > 0:
		out = append(out, changePanelButton(iv, r.Trouble[0].Person))
	}
	if len(r.Ways) > 0 && r.Ways[0].Kind == schedule.WayWithout { // nothing has to be done
		return out
	}
	return append(out, button(actReschedule, iv.ID, "Find another time"), button(actCancel, iv.ID, "Cancel interview"))
}

// doRepair is a click on a way out: it is recorded, and done after the
// acknowledgement, since Google is asked once more.
func (b *Bot) doRepair(ctx context.Context, c *click) error {
	interview, rest := split(c.Value)
	n, way := split(rest)
	number, err := strconv.Atoi(n)
	if err != nil {
		number = 0
	}
	if err := b.Schedule.TakeWay(ctx, interview, number, way, c.Person.ID); err != nil {
		return err
	}
	c.ack()
	b.Changed()
	r, err := b.Schedule.CarryOut(ctx, interview, number, way)
	if err != nil {
		return err
	}
	b.Changed()
	switch {
	case r.State == schedule.RepairSettled:
		c.say(ctx, "Nothing is left to do here: my message says how it was settled.")
	case r.State != schedule.RepairDone && r.Gone != "":
		c.say(ctx, "Not done: "+r.Gone+" My message shows what is possible now.")
	}
	return nil
}

// openProposed asks for the time that a candidate proposed.
func (b *Bot) openProposed(ctx context.Context, c *click) error {
	k, err := b.Store.Case(ctx, c.Value)
	if err != nil {
		return err
	}
	if !k.Role.IsCoordinator(c.Person.ID) {
		return hiring.Refuse("Only a coordinator of %s can move its interviews.", k.Role.Title)
	}
	if k.Interview.State != hiring.Booked || k.Interview.Ended(b.Now()) {
		return hiring.Invalid("", "This interview isn't booked any more, or is over, so it can't be moved.")
	}
	return b.show(ctx, c, proposedView(k, b.Now()))
}

// proposedView asks for a time, by the candidate's clock.
func proposedView(k *hiring.Case, now time.Time) slack.ModalViewRequest {
	zone := k.Candidate.TimeZone()
	v := modal(viewProposed, "Proposed time", "Look", "Close",
		section("Google sends a guest's proposal as an e-mail to the calendar's own address, and doesn't tell me. Enter it here: I look whether everybody is free then, and show the times around it."),
		field("date", "Day", "", datePicker("date", now.In(zone))),
		field("time", "Time", "In "+k.Candidate.FirstName()+"'s zone: "+zone.String(), timePicker("time", "")))
	v.PrivateMetadata = meta{Interview: k.Interview.ID}.String()
	return v
}

// submitProposed looks for times, the proposed one before all others.
func (b *Bot) submitProposed(ctx context.Context, s *submission) (any, error) {
	k, err := b.Store.Case(ctx, s.Meta.Interview)
	if err != nil {
		return nil, err
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s.State["date"].SelectedDate+" "+s.State["time"].SelectedTime, k.Candidate.TimeZone())
	switch {
	case err != nil:
		return nil, hiring.Invalid("time", "Choose the day and the time.")
	case !at.After(b.Now()):
		return nil, hiring.Invalid("time", "That time has passed. Choose a later one.")
	}
	search, ask, err := b.prepare(ctx, s.Person, schedule.Request{
		CandidateID: k.Candidate.ID, Stage: k.Interview.Stage, InterviewID: k.Interview.ID,
		From: startOfDay(s.State["date"].SelectedDate, k.Candidate.TimeZone()), Wanted: at.UTC(), By: s.Person.ID,
	}, "")
	if err != nil {
		return nil, err
	}
	if ask != nil {
		return b.answerWith(s, *ask)
	}
	return b.thenFill(s, search), nil
}
