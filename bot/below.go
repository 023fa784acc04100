package bot

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// Modals lie on one another. A candidate's card, and the lists of who awaits a
// decision and of the person's scorecards, follow what is done on top of them:
// each modal above remembers in its metadata what lies below.

// backToCard answers a modal that changed the candidate: the card below it is
// there again, or else the card takes its place.
func (b *Bot) backToCard(ctx context.Context, s *submission, candidate string) (any, error) {
	if s.Meta.BelowIs == viewCard {
		return nil, nil
	}
	view, err := b.cardView(ctx, s.Person, candidate)
	if err != nil { // it is done all the same
		return slack.NewUpdateViewSubmissionResponse(told("Candidate", "Done.")), nil
	}
	return b.answerWith(s, view)
}

// refreshCard shows anew what an open card shows.
func (b *Bot) refreshCard(ctx context.Context, p hiring.Person, viewID, candidate string) {
	b.refreshBelow(ctx, p, meta{Below: viewID, BelowIs: viewCard, BelowOf: candidate})
}

// refreshBelow shows anew what lies below a modal, where that follows. It is a
// courtesy: what was done doesn't depend on it.
func (b *Bot) refreshBelow(ctx context.Context, p hiring.Person, m meta) {
	var view slack.ModalViewRequest
	var err error
	switch {
	case m.Below == "":
		return
	case m.BelowIs == viewAwaiting || m.BelowIs == viewSummary:
		page, words := split(m.BelowOf)
		l := listed{Full: m.BelowIs == viewSummary, Words: words}
		l.Page, _ = strconv.Atoi(page) // the first, where it can't be read
		view, err = b.awaitingFor(ctx, p, l)
	case m.BelowIs == viewScorecards:
		view, err = b.scorecardsFor(ctx, p, m.BelowOf)
	default:
		view, err = b.cardView(ctx, p, m.BelowOf)
	}
	if err != nil {
		view = *told("Convene", b.explain(p, err))
	}
	if err := b.update(ctx, m.Below, view); err != nil {
		b.Log.Warn("modal below not shown anew", "user", p.ID, "err", err)
	}
}

// below says what a modal on top of this one is to remember: this one, or what
// this one remembers itself.
func below(v *slack.View) meta {
	m := readMeta(v.PrivateMetadata)
	switch v.CallbackID {
	case viewCard:
		return meta{Below: v.ID, BelowIs: viewCard, BelowOf: m.Candidate}
	case viewAwaiting, viewSummary:
		return meta{Below: v.ID, BelowIs: v.CallbackID, BelowOf: join(strconv.Itoa(m.Page), m.Words)}
	case viewScorecards:
		return meta{Below: v.ID, BelowIs: v.CallbackID, BelowOf: m.Words}
	}
	return m
}

// layOn makes a modal remember what lies below it.
func layOn(under meta, view *slack.ModalViewRequest) {
	if under.Below == "" {
		return
	}
	m := readMeta(view.PrivateMetadata)
	m.Below, m.BelowIs, m.BelowOf = under.Below, under.BelowIs, under.BelowOf
	view.PrivateMetadata = m.String()
}

// lightened does the same for a modal that takes the place of a submitted one,
// whichever handler made it. One that is too large for an acknowledgement
// follows it.
func (b *Bot) lightened(s *submission, response any) any {
	r, ok := response.(*slack.ViewSubmissionResponse)
	if !ok || r == nil || r.View == nil {
		return response
	}
	light, err := b.answerWith(s, *r.View)
	if err != nil { // it can't be written at all; neither could the acknowledgement
		b.Log.Error("modal not shown", "view", s.View.CallbackID, "err", err)
		return slack.NewUpdateViewSubmissionResponse(told("Convene", "It is done. Its page can't be shown; close this and open it again."))
	}
	return light
}
