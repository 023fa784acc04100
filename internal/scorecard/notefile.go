package scorecard

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// A Message is what a panelist wrote in the thread of an interview's message.
type Message struct {
	ID     string    // Slack's ts: the same message is filed once
	At     time.Time // when it was written
	Edited string    // Slack's ts of its newest edit; empty: none
	Text   string    // as it was typed
}

// Filed says what became of a message.
type Filed struct {
	Under  []hiring.Competency // whose evidence it is, or was
	Edited bool                // it had been filed before, and now says something else
	Kept   bool                // it was deleted, but the scorecard that holds it is in
}

// File keeps a message as evidence of the panelist's scorecard. The same
// message, delivered again, changes nothing and gets the same answer; an edit
// changes what was filed. An error says why nothing was.
func (s *Service) File(ctx context.Context, interview, person string, m Message) (*Filed, error) {
	filed := &Filed{}
	err := s.Store.ChangeScorecard(ctx, interview, person, func(c *hiring.Case, card *hiring.Scorecard) (outbox.Batch, error) {
		role, stage := c.Scored()
		rated := role.Rated(stage)
		known, before := noted(card.Answers, m.ID, rated)
		if known != nil && m.Edited <= known.Edited || slices.Contains(card.Answers.Unsaid, m.ID) {
			filed.Under, filed.Edited = before, m.Edited != "" // delivered again, or late
			return outbox.Batch{}, nil
		}
		if err := mayFile(c, card, person); err != nil {
			return outbox.Batch{}, err
		}
		pieces, err := ReadNote(m.Text, rated)
		if err != nil {
			return outbox.Batch{}, stays(err, before)
		}
		answers := withoutNotes(card.Answers, m.ID)
		for _, p := range pieces {
			r := answers.Ratings[p.Competency.ID]
			r.Notes = append(r.Notes, hiring.Note{ID: m.ID, At: m.At, Edited: m.Edited, Text: p.Text})
			slices.SortFunc(r.Notes, func(a, b hiring.Note) int { return strings.Compare(a.ID, b.ID) })
			if n := r.Noted() + utf8.RuneCountInString(r.Evidence); n > hiring.MaxEvidence {
				return outbox.Batch{}, stays(hiring.Invalid("", "Nothing was filed: with it the evidence for “%s” has %d characters, and there is room for %d. Shorten this message, or what the scorecard holds.",
					p.Competency.Name, n, hiring.MaxEvidence), before)
			}
			answers.Ratings[p.Competency.ID] = r
			filed.Under = append(filed.Under, p.Competency)
		}
		filed.Edited = known != nil
		card.Answers, card.SavedAt = answers, s.Now()
		return outbox.Batch{}, nil
	})
	return filed, err
}

// Unfile takes a deleted message out of the panelist's draft. What was
// submitted stays as it is; the message goes when the scorecard is reopened.
func (s *Service) Unfile(ctx context.Context, interview, person, id string) (*Filed, error) {
	filed := &Filed{}
	err := s.Store.ChangeScorecard(ctx, interview, person, func(c *hiring.Case, card *hiring.Scorecard) (outbox.Batch, error) {
		role, stage := c.Scored()
		_, filed.Under = noted(card.Answers, id, role.Rated(stage))
		if !slices.Contains(card.Answers.Unsaid, id) {
			card.Answers.Unsaid = append(slices.Clone(card.Answers.Unsaid), id) // it may be delivered after its deletion
		}
		if filed.Kept = card.Submitted(); filed.Kept || len(filed.Under) == 0 {
			return outbox.Batch{}, nil
		}
		card.Answers, card.SavedAt = withoutNotes(card.Answers, id), s.Now()
		return outbox.Batch{}, nil
	})
	return filed, err
}

// mayFile says why a message can't be filed. The answer stands in the person's
// thread, where an erasure doesn't reach it: it never names the candidate.
func mayFile(c *hiring.Case, card *hiring.Scorecard, person string) error {
	switch {
	case c.Interview.Part(person) == "":
		return hiring.Invalid("", "Nothing was filed: you are no longer on the panel of this interview.")
	case c.Candidate.State == hiring.Withdrawn:
		return hiring.Invalid("", "Nothing was filed: the candidate has withdrawn, so no scorecard is needed.")
	case c.Interview.State == hiring.Cancelled, c.Interview.State == hiring.NotHeld:
		return hiring.Invalid("", "Nothing was filed: this interview is %s.", words(c.Interview.State))
	case c.Interview.State == hiring.Taken:
		return hiring.Invalid("", "Nothing was filed: this interview isn't booked.")
	case card.Submitted():
		return hiring.Invalid("", "Nothing was filed: your scorecard for this interview is in. To add this, open it with /scorecard, press “Reopen scorecard”, and send it again.")
	}
	return nil
}

// stays adds to the refusal of an edit that what was filed is still there.
func stays(err error, before []hiring.Competency) error {
	if len(before) == 0 {
		return err
	}
	return hiring.Invalid("", "%s What you wrote before stays under %s.", err.Error(), Names(before))
}

// Names lists competencies by name, as a sentence goes on.
func Names(list []hiring.Competency) string {
	text := ""
	for i, c := range list {
		switch {
		case i > 0 && i == len(list)-1:
			text += " and "
		case i > 0:
			text += ", "
		}
		text += "“" + c.Name + "”"
	}
	return text
}

// noted returns the message's note and the competencies that it is evidence of;
// nil: it isn't filed.
func noted(a hiring.Answers, id string, rated []hiring.Competency) (note *hiring.Note, under []hiring.Competency) {
	for _, c := range rated {
		for _, n := range a.Ratings[c.ID].Notes {
			if n.ID == id {
				note, under = &n, append(under, c)
			}
		}
	}
	return note, under
}

// withoutNotes returns the answers without the messages' notes.
func withoutNotes(a hiring.Answers, ids ...string) hiring.Answers {
	ratings := make(map[string]hiring.Rating, len(a.Ratings))
	for id, r := range a.Ratings {
		r.Notes = slices.DeleteFunc(slices.Clone(r.Notes), func(n hiring.Note) bool { return slices.Contains(ids, n.ID) })
		ratings[id] = r
	}
	a.Ratings = ratings
	return a
}
