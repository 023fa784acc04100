package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

const candidateHelp = "Type /candidate add to add somebody, and /candidate with part of a name or e-mail address to see a card: " +
	"stages, checks, gates, documents and what comes next. /candidate edit and /candidate withdraw, each with a name, do that; /candidate alone lists everybody."

// candidateCommand is /candidate: add somebody, or show, edit or withdraw who
// is named.
func (b *Bot) candidateCommand(ctx context.Context, c *call) error {
	word, rest, _ := strings.Cut(c.Text, " ")
	switch word = strings.ToLower(word); {
	case wantsHelp(c.Text):
		c.say(ctx, candidateHelp)
		return nil
	case word == "add" || word == "new":
		return b.openAddCandidate(ctx, c.reply, c.Person)
	case word == "show" || word == "find":
		return b.pickCandidate(ctx, c, doShow, rest)
	case word == "edit":
		return b.pickCandidate(ctx, c, doEdit, rest)
	case word == "withdraw":
		return b.pickCandidate(ctx, c, doWithdraw, rest)
	case word == "export" || word == "erase":
		return b.recordCommand(ctx, c, word, rest)
	}
	return b.pickCandidate(ctx, c, doShow, c.Text)
}

// What the list of candidates is for.
const (
	doShow     = ""
	doEdit     = "edit"
	doWithdraw = "withdraw"
)

// maxListed is how many candidates a list shows; a search narrows it.
const maxListed = 20

// pickCandidate does it for the only candidate whom the words fit, or lists
// those whom they fit.
func (b *Bot) pickCandidate(ctx context.Context, c *call, do, words string) error {
	found, err := b.findFor(ctx, c.Person, do, words)
	if err != nil {
		return err
	}
	switch {
	case len(found) == 1 && words != "":
		view, err := b.viewFor(ctx, do, c.Person, found[0].ID)
		if err != nil {
			return err
		}
		_, err = c.open(ctx, view)
		return err
	case len(found) == 0 && words != "":
		c.say(ctx, fmt.Sprintf("I don't find a candidate called “%s” among those you may see. /candidate shows everybody.", hiring.Clip(words, 80)))
		return nil
	}
	view, err := b.candidateList(ctx, c.Person, found, do, words)
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

// findFor finds those for whom the person may do it. Where there is none, those
// whom they may see are found by name: what is refused then says why.
func (b *Bot) findFor(ctx context.Context, p hiring.Person, do, words string) ([]*hiring.Candidate, error) {
	if do != doShow {
		found, err := b.coordinated(ctx, p, words)
		if err != nil || len(found) > 0 || words == "" {
			return found, err
		}
	}
	return b.Candidates.Find(ctx, words, p.ID, maxListed+1)
}

func (b *Bot) viewFor(ctx context.Context, do string, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	switch do {
	case doEdit:
		return b.editView(ctx, p, id)
	case doWithdraw:
		return b.withdrawView(ctx, p, id)
	default:
		return b.cardView(ctx, p, id)
	}
}

// candidateList is a list with a search box that filters it in place.
func (b *Bot) candidateList(ctx context.Context, p hiring.Person, found []*hiring.Candidate, do, words string) (slack.ModalViewRequest, error) {
	search := textInput(actCandidateFind, 80, words, false)
	search.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_enter_pressed", "on_character_entered"}}
	box := optional(field("words", "Search", "Part of a name or e-mail address", search))
	box.DispatchAction = true
	blocks := []slack.Block{box}
	shown := found[:min(len(found), maxListed)]
	switch {
	case len(found) == 0 && words == "":
		blocks = append(blocks, section("There are no candidates yet that you may see."))
	case len(found) == 0:
		blocks = append(blocks, section(fmt.Sprintf("Nobody whom you may see matches “%s”.", hiring.Clip(words, 80))))
	case words != "":
		blocks = append(blocks, note(fmt.Sprintf("%s “%s”.", count(len(shown), "candidate matches", "candidates match"), hiring.Clip(words, 80))))
	}
	for _, c := range shown {
		role, err := b.Store.Role(ctx, c.RoleKey)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		text := hiring.Clip(c.Name, 200) + "\n" + standing(c, role) + " · " + role.Title
		blocks = append(blocks, slack.NewSectionBlock(plain(text), nil, slack.NewAccessory(listButton(do, c.ID))))
	}
	if len(found) > maxListed {
		blocks = append(blocks, note("There are more: type more of the name."))
	}
	mine, err := b.Candidates.OpenRoles(ctx, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if len(mine) > 0 {
		blocks = append(blocks, actions("", primary(button(actCandidateAdd, "new", "Add a candidate"))))
	}
	v := modal(viewCandidates, "Candidates", "Search", "Close", blocks...)
	v.PrivateMetadata = meta{Do: do}.String()
	return v, nil
}

func listButton(do, id string) *slack.ButtonBlockElement {
	switch do {
	case doEdit:
		return button(actCandidateEdit, id, "Edit")
	case doWithdraw:
		return button(actWithdraw, id, "Withdraw")
	default:
		return button(actCandidateCard, id, "Show card")
	}
}

// standing says in a word or two where a candidate is.
func standing(c *hiring.Candidate, role *hiring.Role) string {
	stage, _ := role.Stage(c.Stage)
	if c.State == hiring.Active {
		return stage.Name
	}
	return capital(string(c.State))
}

// findCandidates filters the list in which somebody types.
func (b *Bot) findCandidates(ctx context.Context, c *click) error {
	if c.View == nil {
		return nil
	}
	view, err := b.searchedList(ctx, c.Person, readMeta(c.View.PrivateMetadata).Do, c.Value)
	if err != nil {
		return err
	}
	c.ack()
	return b.update(ctx, c.View.ID, view)
}

// submitCandidates is the list's button "Search": Slack wants one where there
// is an input.
func (b *Bot) submitCandidates(ctx context.Context, s *submission) (any, error) {
	view, err := b.searchedList(ctx, s.Person, s.Meta.Do, s.State["words"].Value)
	if err != nil {
		return nil, err
	}
	return b.answerWith(s, view)
}

func (b *Bot) searchedList(ctx context.Context, p hiring.Person, do, words string) (slack.ModalViewRequest, error) {
	words = strings.Join(strings.Fields(words), " ")
	found, err := b.findFor(ctx, p, do, words)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return b.candidateList(ctx, p, found, do, words)
}
