package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

// candidateCommand is /candidate: add somebody, or show a card.
func (b *Bot) candidateCommand(ctx context.Context, c *call) error {
	word, _, _ := strings.Cut(c.Text, " ")
	switch word = strings.ToLower(word); {
	case wantsHelp(c.Text):
		c.say(ctx, "Type /candidate add to add somebody, or /candidate and part of a name or e-mail address to see a card.")
		return nil
	case word == "add" || word == "new":
		return b.openAddCandidate(ctx, c.reply, c.Person)
	}
	words := c.Text
	if word == "show" || word == "find" {
		_, words, _ = strings.Cut(c.Text, " ")
	}
	found, err := b.Candidates.Find(ctx, words, c.Person.ID, 20)
	if err != nil {
		return err
	}
	switch {
	case len(found) == 1 && words != "":
		return b.openCard(ctx, c.reply, c.Person, found[0].ID)
	case len(found) == 0 && words != "":
		c.say(ctx, fmt.Sprintf("I don't find a candidate called “%s” among those you may see. Type /candidate add to add somebody, or /candidate to see everybody.", hiring.Clip(words, 80)))
		return nil
	}
	_, err = c.open(ctx, candidateList(found, words))
	return err
}

func candidateList(found []*hiring.Candidate, words string) slack.ModalViewRequest {
	var blocks []slack.Block
	switch {
	case len(found) == 0:
		blocks = append(blocks, section("There are no candidates yet that you may see. Add the first one."))
	case words != "":
		blocks = append(blocks, section(fmt.Sprintf("%d candidates match “%s”.", len(found), hiring.Clip(words, 80))))
	}
	for _, c := range found {
		blocks = append(blocks, slack.NewSectionBlock(plain(hiring.Clip(c.Name, 200)+" · "+string(c.State)), nil,
			slack.NewAccessory(button(actCandidateCard, c.ID, "Show card"))))
	}
	blocks = append(blocks, actions("", primary(button(actCandidateAdd, "new", "Add a candidate"))))
	return modal("", "Candidates", "", "Close", blocks...)
}

func (b *Bot) addCandidateClick(ctx context.Context, c *click) error {
	view, err := b.addCandidateView(ctx, c.Person, "")
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

func (b *Bot) addCandidateShortcut(ctx context.Context, c *call) error {
	return b.openAddCandidate(ctx, c.reply, c.Person)
}

func (b *Bot) openAddCandidate(ctx context.Context, r *reply, p hiring.Person) error {
	view, err := b.addCandidateView(ctx, p, "")
	if err != nil {
		return err
	}
	_, err = r.open(ctx, view)
	return err
}

// pickCandidateRole shows the questions of another role; what was typed stays.
func (b *Bot) pickCandidateRole(ctx context.Context, c *click) error {
	c.ack()
	view, err := b.addCandidateView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.update(ctx, c.View.ID, view)
}

// addCandidateView is the modal for a role; "" is the person's first.
func (b *Bot) addCandidateView(ctx context.Context, p hiring.Person, key string) (slack.ModalViewRequest, error) {
	roles, err := b.openRolesFor(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	role := roles[0]
	for _, r := range roles {
		if r.Key == key {
			role = r
		}
	}
	blocks := []slack.Block{
		menu("role", actRolePick, "Role", roleOptions(roles), role.Key, true),
		field("name", "Name", "As they write it themselves", textInput("name", hiring.MaxName, "", false)),
		field("email", "E-mail", "The invitation goes to this address", &slack.EmailTextInputBlockElement{Type: slack.METEmailTextInput, ActionID: "email"}),
		optional(field("phone", "Phone", "", textInput("phone", hiring.MaxPhone, "", false))),
		menu("zone", "zone", "The candidate's time zone", zoneOptions(role.Zone.V), role.Zone.V, false),
		optional(field("earliest", "Not before", "In the candidate's zone", timePicker("earliest", "08:00"))),
		optional(field("latest", "Not after", "In the candidate's zone", timePicker("latest", "18:00"))),
		optional(field("link:Résumé", "Link to the résumé", "", urlInput("resume"))),
		optional(field("link:Cover letter", "Link to the cover letter", "", urlInput("cover"))),
	}
	for i, item := range role.Application {
		if item.Kind != "question" || i >= 20 {
			continue
		}
		blocks = append(blocks, optional(field("answer:"+item.ID, hiring.Clip(item.Text, 2000), "From the application", textInput("answer", hiring.MaxAnswer, "", true))))
	}
	blocks = append(blocks, optional(field("arrangements", "Arrangements asked for", "Accommodation, for instance. Only coordinators and this candidate's panelists see it.",
		textInput("arrangements", hiring.MaxArrangements, "", true))))
	return modal(viewCandidate, "Add a candidate", "Add", "Close", blocks...), nil
}

func (b *Bot) submitCandidate(ctx context.Context, s *submission) (any, error) {
	v := s.State
	c := hiring.Candidate{
		RoleKey: v["role"].SelectedOption.Value, Name: v["name"].Value, Email: v["email"].Value, Phone: v["phone"].Value,
		Zone: v["zone"].SelectedOption.Value, EarliestHour: clockValue(v["earliest"].SelectedTime, 8*time.Hour), LatestHour: clockValue(v["latest"].SelectedTime, 18*time.Hour),
		Arrangements: v["arrangements"].Value, Answers: map[string]string{},
	}
	for _, name := range []string{"Résumé", "Cover letter"} {
		if url := v["link:"+name].Value; url != "" {
			c.Links = append(c.Links, hiring.Link{Name: name, URL: url})
		}
	}
	for block, in := range v {
		if id, ok := strings.CutPrefix(block, "answer:"); ok && in.Value != "" {
			c.Answers[id] = in.Value
		}
	}
	added, err := b.Candidates.Add(ctx, c, s.Person.ID)
	if err != nil {
		return nil, err
	}
	view := modal("", "Candidate added", "", "Close",
		say("").b(added.Name).t(" is in. Next: find a time for the first interview.").block(),
		actions("", primary(button(actSchedule, added.ID, "Find a time")), button(actCandidateCard, added.ID, "Show card")))
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

func (b *Bot) candidateCard(ctx context.Context, c *click) error {
	view, err := b.cardView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

func (b *Bot) openCard(ctx context.Context, r *reply, p hiring.Person, id string) error {
	view, err := b.cardView(ctx, p, id)
	if err != nil {
		return err
	}
	_, err = r.open(ctx, view)
	return err
}

// cardView is the candidate's card: who, documents, interviews, deadline, and
// what can be done next.
func (b *Bot) cardView(ctx context.Context, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	card, err := b.Candidates.Show(ctx, id, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	v := modal("", "Candidate", "", "Close")
	for _, limit := range [...]int{hiring.MaxAnswer, 1000, 300} {
		v.Blocks.BlockSet = b.candidateBlocks(card, p, limit)
		if raw, err := json.Marshal(v); err == nil && len(raw) <= maxView {
			break
		}
	}
	return v, nil
}

// candidateBlocks are what the card shows. Answers are cut to limit characters.
func (b *Bot) candidateBlocks(card *candidate.Card, p hiring.Person, limit int) []slack.Block {
	c, role, zone := card.Candidate, card.Role, p.TimeZone(card.Role.TimeZone())
	stage, _ := role.Stage(c.Stage)
	blocks := []slack.Block{
		header(c.Name),
		say("").t(role.Title).tf(" · %s · %s", stage.Name, c.State).block(),
		list(cardFacts(card)...),
	}
	if c.Arrangements != "" {
		blocks = append(blocks, say("").b("Arrangements: ").t(c.Arrangements).block())
	}
	for _, item := range role.Application {
		if a := c.Answers[item.ID]; a != "" && len(blocks) < 30 {
			blocks = append(blocks, say("").b(hiring.Clip(item.Text, limit)+"\n").t(hiring.Clip(a, limit)).block())
		}
	}
	live := false
	for _, k := range card.Cases {
		if len(blocks) > 80 {
			break
		}
		live = live || k.Interview.Live() && !k.Interview.Ended(b.Now())
		blocks = append(blocks, divider(), interviewFacts(k, zone, b.Now()))
		if buttons := b.interviewButtons(k, p); len(buttons) > 0 {
			blocks = append(blocks, actions("", buttons...))
		}
	}
	if role.IsCoordinator(p.ID) && c.State == hiring.Active && !live && stage.Kind == hiring.StageInterview && !heldAlready(card, stage.ID, b.Now()) {
		blocks = append(blocks, divider(), actions("", primary(button(actSchedule, c.ID, "Find a time"))))
	}
	return blocks
}

func cardFacts(card *candidate.Card) []*rich {
	c := card.Candidate
	facts := []*rich{say("E-mail: " + c.Email)}
	if c.Phone != "" {
		facts = append(facts, say("Phone: "+c.Phone))
	}
	facts = append(facts, say(fmt.Sprintf("Zone: %s, between %s and %s", c.Zone, clockWords(c.EarliestHour), clockWords(c.LatestHour))))
	for _, l := range c.Links {
		facts = append(facts, say("").link(l.URL, l.Name))
	}
	return append(facts, say("Added by ").user(c.AddedBy))
}

// interviewFacts says in a paragraph where an interview stands.
func interviewFacts(k *hiring.Case, zone *time.Location, now time.Time) slack.Block {
	iv := k.Interview
	r := say("").b(k.Stage().Name + " · ").t(span(iv.Start, iv.End, zone)).t("\nWith ")
	var ids []string
	for _, p := range iv.Panel {
		ids = append(ids, p.Person)
	}
	r.users(ids).t("\n")
	in, owed := k.Panelboard().Count()
	switch {
	case iv.State == hiring.Booking:
		r.t("Being booked in Google Calendar.")
	case iv.State == hiring.Removed:
		r.t("The event was deleted in Google Calendar.")
	case iv.State == hiring.Taken:
		r.t("Not booked: " + iv.Reason)
	case iv.State == hiring.Cancelled && iv.Reason != "":
		r.t("Cancelled: " + iv.Reason)
	case iv.State == hiring.Cancelled:
		r.t("Cancelled.")
	case !iv.Ended(now):
		r.tf("Booked. The candidate hears by %s.", clockTime(iv.Deadline, zone))
	case k.Told():
		r.tf("%s. Told %s.", outcomeWord(k.Decision), clockTime(k.ToldAt, zone))
	case k.Decision != nil:
		r.tf("Decided: %s, by ", strings.ToLower(outcomeWord(k.Decision))).user(k.Decision.By).tf(". Not told yet; due %s.", clockTime(iv.Deadline, zone))
	default:
		r.tf("Over. %d of %d scorecards in. The candidate hears by %s.", in, owed, clockTime(iv.Deadline, zone))
	}
	return r.block()
}

func outcomeWord(d *hiring.Decision) string {
	if d == nil {
		return "No decision"
	}
	switch d.Outcome {
	case hiring.Advance:
		return "Advance"
	case hiring.Hold:
		return "Hold"
	default:
		return "Decline"
	}
}

// interviewButtons are what the person can do about an interview now.
func (b *Bot) interviewButtons(k *hiring.Case, p hiring.Person) []slack.BlockElement {
	iv := k.Interview
	var out []slack.BlockElement
	coordinator := k.Role.IsCoordinator(p.ID)
	switch {
	case iv.State == hiring.Booked && !iv.Ended(b.Now()) && coordinator:
		out = append(out, button(actReschedule, iv.ID, "Move"), changePanelButton(iv, ""), button(actCancel, iv.ID, "Cancel interview"))
	case iv.State == hiring.Removed && coordinator:
		out = append(out, primary(button(actRestore, iv.ID, "Book it again")), button(actCancel, iv.ID, "Cancel interview"))
	case k.Open(b.Now()):
		if len(k.Readable(p.ID)) > 0 {
			out = append(out, button(actEvidence, iv.ID, "Evidence"))
		}
		if k.Role.IsDecider(p.ID) {
			out = append(out, button(actDecide, iv.ID, "Decide"))
		}
	}
	if iv.Part(p.ID) != "" && iv.State == hiring.Booked {
		out = append(out, button(actScoreOpen, iv.ID, "My scorecard"))
	}
	return out
}

// heldAlready reports whether the candidate's interview for the stage is over.
func heldAlready(card *candidate.Card, stage string, now time.Time) bool {
	for _, k := range card.Cases {
		if k.Interview.Stage == stage && k.Interview.Ended(now) {
			return true
		}
	}
	return false
}
