package schedule

import (
	"context"
	"slices"

	"convene/internal/hiring"
)

// Because keeps with a search who asked for the move that one of its offers will
// make, and why; both may be empty. Fields of errors: "asked", "why".
func (s *Service) Because(ctx context.Context, searchID string, cause hiring.MoveCause, words string) error {
	search, err := s.Store.Search(ctx, searchID)
	if err != nil {
		return err
	}
	words = hiring.CleanText(words)
	switch {
	case cause != "" && !slices.Contains(hiring.MoveCauses, cause):
		return hiring.Invalid("asked", "Choose who asked for it.")
	case len([]rune(words)) > hiring.MaxMoveWords:
		return hiring.Invalid("why", "This is longer than %d characters. Shorten it.", hiring.MaxMoveWords)
	case search.InterviewID == "" || search.MovedFor == cause && search.MovedWords == words:
		return nil
	}
	search.MovedFor, search.MovedWords = cause, words
	return s.Store.SaveSearch(ctx, search)
}

// because says of moves who made them and who asked for them.
func because(moves []hiring.Move, by string, cause hiring.MoveCause, words string) {
	for i := range moves {
		moves[i].By, moves[i].Cause, moves[i].Words = by, cause, words
	}
}
