package bot

import (
	"context"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// moveFields ask why an interview moves: who asked for it is counted.
func (b *Bot) moveFields(ctx context.Context, s *schedule.Search) []slack.Block {
	cause := s.MovedFor
	if cause == "" {
		if iv, err := b.Store.Interview(ctx, s.InterviewID); err == nil {
			cause = askedBy(iv)
		}
	}
	options := []*slack.OptionBlockObject{
		option(string(hiring.MoveCandidate), "The candidate", ""),
		option(string(hiring.MovePanelist), "A panelist", ""),
		option(string(hiring.MoveCompany), "The company, or somebody else", ""),
	}
	return []slack.Block{
		optional(menu("asked", "asked", "Who asked for it?", options, string(cause), false)),
		optional(field("why", "Why does it move?", "In your words. Only the role's team reads it; who asked is counted.", textInput("why", hiring.MaxMoveWords, s.MovedWords, false))),
	}
}

// askedBy is who declined the invitation, and so most likely asked for another
// time.
func askedBy(iv *hiring.Interview) hiring.MoveCause {
	if iv.CandidateRSVP == "declined" {
		return hiring.MoveCandidate
	}
	for _, p := range iv.Panel {
		if p.RSVP == "declined" {
			return hiring.MovePanelist
		}
	}
	return ""
}

// moveReason keeps what the fields say with the search, before its offer is
// taken.
func (b *Bot) moveReason(ctx context.Context, s *submission, search *schedule.Search) error {
	if search.InterviewID == "" {
		return nil
	}
	return b.Schedule.Because(ctx, search.ID, hiring.MoveCause(s.State["asked"].SelectedOption.Value), s.State["why"].Value)
}
