package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/scorecard"
)

const scorecardHelp = "/scorecard shows your scorecards: due, coming up and submitted. With part of a candidate's name it opens that scorecard. What you type is kept as a draft, so you can take notes during the interview; a reply in the thread of my message about the interview is kept too. There you also say that you weren't there, hand it over, or that the interview didn't take place."

// scorecardCommand opens the scorecard that is due, if it is the only one, or
// lists the person's.
func (b *Bot) scorecardCommand(ctx context.Context, c *call) error {
	if wantsHelp(c.Text) {
		c.say(ctx, scorecardHelp)
		return nil
	}
	return b.myScorecards(ctx, c)
}

// scorecardsShortcut does the same from anywhere.
func (b *Bot) scorecardsShortcut(ctx context.Context, c *call) error { return b.myScorecards(ctx, c) }

func (b *Bot) myScorecards(ctx context.Context, c *call) error {
	only, err := b.onlyScorecard(ctx, c.Person, c.Text)
	if err != nil {
		return err
	}
	view := slack.ModalViewRequest{}
	if only != "" {
		view, err = b.scorecardView(ctx, only, c.Person)
	} else {
		view, err = b.scorecardsFor(ctx, c.Person, c.Text)
	}
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

// onlyScorecard returns the interview whose scorecard alone can be meant: the
// one that is due, or the one whose candidate is called by the words; "": none.
func (b *Bot) onlyScorecard(ctx context.Context, p hiring.Person, words string) (string, error) {
	var found []*hiring.Case
	var err error
	if words == "" {
		found, err = b.Scorecards.Owed(ctx, p.ID)
	} else {
		found, err = b.scorecardsCalled(ctx, p, words)
	}
	if err != nil || len(found) != 1 {
		return "", err
	}
	return found[0].Interview.ID, nil
}

func (b *Bot) scorecardsCalled(ctx context.Context, p hiring.Person, words string) ([]*hiring.Case, error) {
	mine, err := b.Scorecards.MyScorecards(ctx, p.ID)
	return slices.DeleteFunc(slices.Clone(mine), func(k *hiring.Case) bool { return !holdsWords(k.Candidate.Name, words) }), err
}

// scorecardsFor is the list of the person's scorecards whose candidates are
// called by the words, or of all when there is none.
func (b *Bot) scorecardsFor(ctx context.Context, p hiring.Person, words string) (slack.ModalViewRequest, error) {
	found, err := b.scorecardsCalled(ctx, p, words)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	var lead []slack.Block
	if len(found) == 0 && words != "" {
		lead = append(lead, note(fmt.Sprintf("None of your interviews is with “%s”. Here are all of them.", hiring.Clip(words, 80))))
		if found, err = b.Scorecards.MyScorecards(ctx, p.ID); err != nil {
			return slack.ModalViewRequest{}, err
		}
	}
	view := myScorecardsView(p, found, b.Now())
	view.PrivateMetadata = meta{Words: hiring.Clip(words, 80)}.String()
	view.Blocks.BlockSet = append(lead, view.Blocks.BlockSet...)
	if len(found) == 0 {
		return b.withMissing(ctx, p, view)
	}
	return view, nil
}

// holdsWords reports whether the name holds all the words, whatever their case.
func holdsWords(name, words string) bool {
	for _, w := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(strings.ToLower(name), w) {
			return false
		}
	}
	return true
}

// maxRows leaves room for a list's headings and words.
const maxRows = 90

// myScorecardsView lists a person's interviews by what their scorecards wait for.
func myScorecardsView(p hiring.Person, mine []*hiring.Case, now time.Time) slack.ModalViewRequest {
	groups := [...]struct {
		title string
		rows  []slack.Block
	}{{title: "Due"}, {title: "Coming up"}, {title: "Submitted"}, {title: "Not asked for"}}
	for _, k := range mine {
		iv, zone := k.Interview, p.TimeZone(k.Role.TimeZone())
		card := k.Card(p.ID)
		text, label, group := k.Candidate.Name+" · "+k.Stage().Name+"\n"+span(iv.Start, iv.End, zone), "Open scorecard", 0
		switch {
		case card != nil && card.Submitted():
			text, label, group = text+"\nSubmitted "+clockTime(card.SubmittedAt, zone), "Read scorecard", 2
		case card != nil && scorecard.Closed(k, card):
			text, label, group = text+"\nReopened, and not submitted again", "Read scorecard", 2
		case iv.State != hiring.Booked:
			continue
		case iv.Excused(p.ID):
			text, label, group = text+"\nYou said that you weren't there.", "Read my notes", 3
			if iv.Excuse(p.ID).Kind == hiring.HandedOver {
				text = strings.Replace(text, "You said that you weren't there.", "You handed it over.", 1)
			}
		case now.Before(iv.End):
			label, group = "Take notes", 1
		case !iv.Owes(p.ID):
			text += "\nIt is over. Yours is optional."
		default:
			text += "\nIt is over. Yours is missing."
		}
		if group != 2 && card != nil && !card.SavedAt.IsZero() {
			text += "\nDraft kept " + clockTime(card.SavedAt, zone)
		}
		row := slack.NewSectionBlock(plain(text), nil, slack.NewAccessory(button(actScoreOpen, iv.ID, label)))
		groups[group].rows = append(groups[group].rows, row)
		if ways := wayOutButtons(k, p.ID, now); len(ways) > 0 {
			groups[group].rows = append(groups[group].rows, actions("", ways...))
		}
	}
	v := modal(viewScorecards, "My scorecards", "", "Close")
	room := maxRows
	for _, g := range groups {
		if len(g.rows) > 0 && room > 0 {
			v.Blocks.BlockSet = append(append(v.Blocks.BlockSet, header(g.title)), g.rows[:min(len(g.rows), room)]...)
		}
		if len(g.rows) > room {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, note("Older ones: type /scorecard with part of the candidate's name."))
		}
		room = max(0, room-len(g.rows))
	}
	if len(v.Blocks.BlockSet) == 0 {
		v.Blocks.BlockSet = []slack.Block{section("You have no scorecards yet. When you are on an interview's panel, I send you a message, and its scorecard is here.")}
	}
	return v
}

// show opens a modal for a click, on top of the open one if there is one.
func (b *Bot) show(ctx context.Context, c *click, view slack.ModalViewRequest) error {
	if c.View == nil || c.View.Type != slack.VTModal {
		_, err := c.open(ctx, view)
		return err
	}
	layOn(below(c.View), &view)
	err := c.push(ctx, view)
	if isSlackError(err, "push_limit_reached") { // three lie on one another already
		return b.update(ctx, c.View.ID, view)
	}
	return err
}

// maxAck is what an acknowledgement may hold: slack-go refuses 20,480 bytes,
// which Slack drops without a word. https://github.com/slack-go/slack/issues/1196
const maxAck = 19_000

// answerWith replaces a submitted modal. A view that is too large for an
// acknowledgement follows it.
func (b *Bot) answerWith(s *submission, view slack.ModalViewRequest) (any, error) {
	layOn(s.Meta, &view)
	raw, err := json.Marshal(view)
	if err != nil {
		return nil, err
	}
	if len(raw) <= maxAck {
		return slack.NewUpdateViewSubmissionResponse(&view), nil
	}
	then := s.after
	s.after = func(ctx context.Context) {
		if err := b.update(ctx, s.View.ID, view); err != nil {
			b.Log.Warn("modal not filled", "view", s.View.CallbackID, "user", s.Person.ID, "err", err)
		}
		if then != nil {
			then(ctx)
		}
	}
	wait := loading(view.Title.Text, "One moment …")
	return slack.NewUpdateViewSubmissionResponse(&wait), nil
}

// openScorecard opens the person's form, or what they submitted.
func (b *Bot) openScorecard(ctx context.Context, c *click) error {
	view, err := b.scorecardView(ctx, c.Value, c.Person)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

func (b *Bot) scorecardView(ctx context.Context, interview string, p hiring.Person) (slack.ModalViewRequest, error) {
	form, err := b.Scorecards.Open(ctx, interview, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if form.Closed() {
		return submittedView(form, p), nil
	}
	return formView(form, p, b.Now()), nil
}

// typeScorecard keeps what was typed so far. It never changes the modal: the
// person is typing in it.
func (b *Bot) typeScorecard(ctx context.Context, c *click) error {
	if c.View == nil {
		return nil
	}
	m := readMeta(c.View.PrivateMetadata)
	return b.Scorecards.SaveDraft(ctx, m.Interview, c.Person.ID, readAnswers(c.State), c.At)
}

// submitScorecard takes the scorecard in. What was typed is kept first, so that
// a refusal loses nothing.
func (b *Bot) submitScorecard(ctx context.Context, s *submission) (any, error) {
	answers := readAnswers(s.State)
	if err := b.Scorecards.SaveDraft(ctx, s.Meta.Interview, s.Person.ID, answers, time.Time{}); err != nil {
		return nil, err
	}
	if err := b.Scorecards.Submit(ctx, s.Meta.Interview, s.Person.ID, answers); err != nil {
		return nil, err
	}
	k, err := b.Store.Case(ctx, s.Meta.Interview)
	if err != nil {
		b.Log.Warn("submitted scorecard not read back", "interview", s.Meta.Interview, "err", err)
		return nil, nil // it is in; the modal closes
	}
	return slack.NewUpdateViewSubmissionResponse(told("Scorecard", "Thank you, it is in. "+inWords(k)+"\n\nUntil a decision is recorded you can reopen it: /scorecard.")), nil
}

// inWords says how many of a case's scorecards are in, and what that means.
func inWords(k *hiring.Case) string {
	in, owed := k.Panelboard().Count()
	switch {
	case owed <= 1 && in == owed:
		return fmt.Sprintf("No other one is needed, so the deciders of %s can read it now.", k.Role.Title)
	case in == owed:
		return fmt.Sprintf("All %d that are needed are in, so the deciders of %s can read them now.", owed, k.Role.Title)
	default:
		return fmt.Sprintf("%d of %d are in. The others stay closed to everybody until all are.", in, owed)
	}
}

// reopenScorecard asks why a submitted scorecard is to be changed.
func (b *Bot) reopenScorecard(ctx context.Context, c *click) error {
	form, err := b.Scorecards.Open(ctx, c.Value, c.Person.ID)
	if err != nil {
		return err
	}
	if err := scorecard.MayReopen(form.Case, form.Card); err != nil {
		return err
	}
	v := modal(viewReopen, "Reopen scorecard", "Reopen", "Keep it",
		section("Your scorecard for "+form.Case.Candidate.Name+" becomes a draft again. What you submitted is kept beside it, and the scorecard counts as missing until you submit it anew."),
		field("reason", "Why do you reopen it?", "Kept with the scorecard's history.", textInput("reason", scorecard.MaxReopenReason, "", true)))
	v.PrivateMetadata = meta{Interview: c.Value, Asked: c.Action.ActionTs}.String()
	return b.show(ctx, c, v)
}

// submitReopen makes the scorecard a draft again and shows the form.
func (b *Bot) submitReopen(ctx context.Context, s *submission) (any, error) {
	if err := b.Scorecards.Reopen(ctx, s.Meta.Interview, s.Person.ID, s.State["reason"].Value, slackTime(s.Meta.Asked)); err != nil {
		return nil, err
	}
	view, err := b.scorecardView(ctx, s.Meta.Interview, s.Person)
	if err != nil {
		return nil, err
	}
	return b.answerWith(s, view)
}

// revealScorecards opens an interview's scorecards before all are in. The
// message that holds the button says who did it.
func (b *Bot) revealScorecards(ctx context.Context, c *click) error {
	if err := b.Scorecards.Reveal(ctx, c.Value, c.Person.ID); err != nil {
		return err
	}
	if c.View != nil {
		defer b.refreshBelow(ctx, c.Person, below(c.View))
		return b.show(ctx, c, *told("Scorecards", "The scorecards that are in can be read now by coordinators, deciders and those panelists whose own is in. The summary says that you opened them."))
	}
	return nil
}

// revealButton opens an interview's scorecards early, after asking.
func revealButton(k *hiring.Case) *slack.ButtonBlockElement {
	in, owed := k.Panelboard().Count()
	return danger(button(actReveal, k.Interview.ID, "Open scorecards early"), "Open the scorecards early?",
		fmt.Sprintf("%d of %d are in. Whoever still owes one can't read the others, but the deciders can. It is recorded and said in the summary. This can't be closed again.", in, owed),
		"Open them", "Wait")
}
