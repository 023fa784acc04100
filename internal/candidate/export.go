package candidate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
)

// Export returns the candidate's record as far as the viewer, a coordinator of
// the role, may read it now.
func (s *Records) Export(ctx context.Context, id, viewer string) (*Record, error) {
	m, err := s.Store.Material(ctx, id)
	if err != nil {
		return nil, err
	}
	if !m.Role.IsCoordinator(viewer) {
		return nil, hiring.Refuse("Only a coordinator of %s can export its candidates.", m.Role.Title)
	}
	if m.Candidate.Erased() {
		by, at, err := s.Store.Erasure(ctx, id)
		if err != nil {
			return nil, err
		}
		return nil, erasedAlready(by, at)
	}
	return NewRecord(m, viewer, s.Now()), nil
}

// NewRecord makes the record from its material. viewer is whose eyes it is for:
// scorecards that they may not read now are left out and named as such; "" reads
// all. Drafts are never in it.
func NewRecord(m *Material, viewer string, now time.Time) *Record {
	w := &recordWriter{Material: m, viewer: viewer, zone: m.Role.TimeZone()}
	r := &Record{
		Schema: RecordSchema, ExportedAt: *w.at(now), LeftOut: []string{},
		Role:      RecordRole{m.Role.Key, m.Role.Title, m.Role.Company, w.zone.String()},
		Candidate: w.candidate(), Checks: []RecordCheck{}, Interviews: []RecordInterview{}, Rubrics: []RecordRubric{}, History: []RecordEvent{},
		Offered: w.offered(),
	}
	if viewer != "" {
		by := w.who(viewer)
		r.ExportedBy = &by
	}
	for _, c := range m.Checks {
		r.Checks = append(r.Checks, RecordCheck{
			ID: c.ID, Stage: c.Stage, StageName: w.stage(c.Stage), Outcome: string(c.Outcome), Note: c.Note, By: w.who(c.By), At: w.at(c.At), Replaced: c.Replaced,
		})
	}
	for _, iv := range m.Interviews {
		in, leftOut := w.interview(iv)
		r.Interviews = append(r.Interviews, in)
		r.LeftOut = append(r.LeftOut, leftOut...)
	}
	for _, revision := range slices.Sorted(maps.Keys(m.Rubrics)) {
		r.Rubrics = append(r.Rubrics, rubricRecord(m.Rubrics[revision]))
	}
	for _, h := range m.History {
		if !w.tells(h) {
			r.History = append(r.History, w.event(h))
		}
	}
	return r
}

// A recordWriter writes a record for one reader.
type recordWriter struct {
	*Material
	viewer string
	zone   *time.Location
}

func (w *recordWriter) at(t time.Time) *Moment {
	if t.IsZero() {
		return nil
	}
	return &Moment{UTC: t.UTC(), Local: t.In(w.zone).Format(time.RFC3339), Zone: w.zone.String()}
}

func (w *recordWriter) who(id string) Someone { return Someone{id, w.name(id)} }

func (w *recordWriter) name(id string) string {
	if p, ok := w.People[id]; ok && p.Name != "" {
		return p.Name
	}
	return id
}

func (w *recordWriter) someone(id string) *Someone {
	if id == "" {
		return nil
	}
	s := w.who(id)
	return &s
}

func (w *recordWriter) stage(id string) string {
	if s, ok := w.Role.Stage(id); ok {
		return s.Name
	}
	return id
}

func (w *recordWriter) candidate() RecordCandidate {
	c := w.Candidate
	out := RecordCandidate{
		ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Zone: c.Zone, Earliest: hoursMinutes(c.EarliestHour), Latest: hoursMinutes(c.LatestHour),
		Documents: []RecordDocument{}, Application: []RecordQuestion{}, Arrangements: c.Arrangements,
		Stage: c.Stage, StageName: w.stage(c.Stage), State: string(c.State), AddedBy: w.who(c.AddedBy), AddedAt: w.at(c.AddedAt),
		EndedAt: w.at(c.EndedAt), EndReason: c.EndReason, Erased: w.at(c.ErasedAt),
	}
	for _, l := range c.Links {
		out.Documents = append(out.Documents, RecordDocument(l))
	}
	left := maps.Clone(c.Answers)
	for _, item := range w.Role.Application {
		if a, ok := left[item.ID]; ok {
			out.Application = append(out.Application, RecordQuestion{item.ID, item.Text, a})
			delete(left, item.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(left)) { // asked by an earlier version of the role
		out.Application = append(out.Application, RecordQuestion{id, id, left[id]})
	}
	return out
}

func hoursMinutes(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

func (w *recordWriter) excuse(e hiring.Excuse) *RecordExcuse {
	if e.Kind == "" {
		return nil
	}
	out := &RecordExcuse{Kind: string(e.Kind), Reason: e.Reason, At: w.at(e.At)}
	if e.StandIn != "" {
		to := w.who(e.StandIn)
		out.StandIn = &to
	}
	return out
}

// tells reports whether a line of the history says that an interview's scorecards
// contest something, to a reader who has yet to hand in theirs.
func (w *recordWriter) tells(h HistoryLine) bool {
	return strings.HasPrefix(h.Action, "debrief.") && slices.ContainsFunc(w.Interviews, func(iv *hiring.Interview) bool {
		return iv.ID == h.Subject && slices.Contains(w.board(iv).Unscored(), w.viewer)
	})
}

// moves returns an interview's moves, first to last.
func (w *recordWriter) moves(iv *hiring.Interview) []RecordMove {
	out := []RecordMove{}
	for _, m := range w.Moves {
		if m.Interview != iv.ID {
			continue
		}
		r := RecordMove{From: w.at(m.From), To: w.at(m.To), Cause: string(m.Cause), Words: m.Words, At: w.at(m.At), Made: !m.Undone}
		if m.By != "" {
			by := w.who(m.By)
			r.By = &by
		}
		out = append(out, r)
	}
	return out
}

// interview returns an interview, and in sentences what of it is left out.
func (w *recordWriter) interview(iv *hiring.Interview) (RecordInterview, []string) {
	board := w.board(iv)
	out := RecordInterview{
		ID: iv.ID, Stage: iv.Stage, StageName: w.stage(iv.Stage), State: string(iv.State), Start: w.at(iv.Start), End: w.at(iv.End), Link: iv.Link,
		Panel: []RecordPanelist{}, CandidateAnswer: iv.CandidateRSVP, CandidateWrote: iv.CandidateComment, BookedBy: w.who(iv.BookedBy), BookedAt: w.at(iv.BookedAt),
		Reason: iv.Reason, Cause: string(iv.Cause), CancelCause: string(iv.CancelCause), Moves: w.moves(iv), Problem: iv.Problem, Deadline: w.at(iv.Deadline), ToldAt: w.at(w.Told[iv.ID]), Rubric: iv.RoleRevision,
		Scorecards: []RecordScorecard{}, Decisions: []RecordDecision{}, Said: []RecordSaid{},
	}
	out.Submitted, out.Required = board.Count()
	for _, p := range iv.Panel {
		out.Panel = append(out.Panel, RecordPanelist{w.who(p.Person), string(p.Part), p.RSVP, p.Wrote, w.excuse(p.Excused)})
	}
	if reveal, ok := w.Reveals[iv.ID]; ok {
		out.Revealed = &RecordReveal{w.who(reveal.By), w.at(reveal.At)}
	}
	closed := map[string]bool{} // authors whose scorecards the reader may not read now
	for i, s := range w.Scorecards {
		if s.InterviewID != iv.ID {
			continue
		}
		if w.viewer != "" && !hiring.MayRead(w.viewer, s.Panelist, w.Role, board) {
			closed[s.Panelist] = true
			continue
		}
		newest := i+1 == len(w.Scorecards) || w.Scorecards[i+1].InterviewID != s.InterviewID || w.Scorecards[i+1].Panelist != s.Panelist
		out.Scorecards = append(out.Scorecards, w.scorecard(iv, s, newest))
	}
	var leftOut []string
	what := fmt.Sprintf("%s on %s", out.StageName, iv.Start.In(w.zone).Format("Monday, 2 January 2006"))
	owes := iv.Part(w.viewer) != "" && !slices.Contains(board.Submitted, w.viewer)
	switch {
	case len(closed) > 0 && owes:
		leftOut = append(leftOut, fmt.Sprintf("%s: the scorecards of others, and any debrief on them. You are on this panel, so they stay closed to you until yours is in.", what))
	case len(closed) > 0:
		leftOut = append(leftOut, fmt.Sprintf("%s: %d of %d scorecards are in, and they aren't opened yet.", what, out.Submitted, out.Required))
	}
	for _, d := range w.Decisions {
		if d.InterviewID == iv.ID {
			out.Decisions = append(out.Decisions, w.decision(d, owes))
		}
	}
	if owes && len(out.Decisions) > 0 {
		leftOut = append(leftOut, fmt.Sprintf("%s: the reasons of its decisions, until your scorecard is in.", what))
	}
	if said := w.said(iv); owes || len(closed) > 0 { // they may tell what the scorecards say
		if len(said) > 0 {
			leftOut = append(leftOut, fmt.Sprintf("%s: what the Monday messages said.", what))
		}
	} else {
		out.Said = append(out.Said, said...)
	}
	return out, leftOut
}

// said returns what the Monday messages said of an interview, first to last.
func (w *recordWriter) said(iv *hiring.Interview) []RecordSaid {
	var out []RecordSaid
	for _, s := range w.Said {
		if s.InterviewID != iv.ID {
			continue
		}
		kind, rest, _ := strings.Cut(s.Message, ":")
		_, day, _ := strings.Cut(rest, ":")
		day, _, _ = strings.Cut(day, ":") // its second part has a number
		out = append(out, RecordSaid{kind, day, w.at(s.At), s.Text})
	}
	return out
}

func (w *recordWriter) scorecard(iv *hiring.Interview, s *hiring.Scorecard, newest bool) RecordScorecard {
	out := RecordScorecard{
		Panelist: w.who(s.Panelist), Part: string(iv.Part(s.Panelist)), Version: s.Version, Newest: newest, SubmittedAt: w.at(s.SubmittedAt), ReopenedFor: s.Reason, AfterReveal: s.AfterReveal,
		Ratings: []RecordRating{}, Gates: []RecordGate{}, Signals: []RecordSignal{}, Recommendation: string(s.Answers.Recommendation), Note: s.Answers.Note,
	}
	rubric := w.Rubrics[s.RoleRevision]
	if rubric == nil {
		rubric = w.Rubrics[iv.RoleRevision]
	}
	names, flags := map[string]string{}, map[string]string{}
	var order []string
	for _, c := range rubric.Competencies {
		order, names[c.ID] = append(order, c.ID), c.Name
		for _, f := range c.RedFlags {
			flags[c.ID+"/"+f.ID] = f.Text
		}
	}
	for _, id := range answered(order, s.Answers.Ratings) {
		r := s.Answers.Ratings[id]
		rating := RecordRating{ID: id, Name: or(names[id], id), Level: int(r.Level), Word: r.Level.String(), Evidence: r.Evidence, Messages: []RecordMessage{}, RedFlags: []string{}}
		for _, n := range r.Notes {
			rating.Messages = append(rating.Messages, RecordMessage{n.Text, w.at(n.At)})
		}
		for _, f := range r.RedFlags {
			rating.RedFlags = append(rating.RedFlags, or(flags[id+"/"+f], f))
		}
		out.Ratings = append(out.Ratings, rating)
	}
	order = nil
	for _, g := range rubric.Gates {
		order, names[g.ID] = append(order, g.ID), g.Text
	}
	for _, id := range answered(order, s.Answers.Gates) {
		g := s.Answers.Gates[id]
		out.Gates = append(out.Gates, RecordGate{id, or(names[id], id), string(g.Answer), g.Evidence})
	}
	order = nil
	for _, x := range rubric.Signals {
		order, names[x.ID] = append(order, x.ID), x.Text
	}
	for _, id := range answered(order, s.Answers.Signals) {
		out.Signals = append(out.Signals, RecordSignal{id, or(names[id], id), s.Answers.Signals[id]})
	}
	return out
}

// answered returns the ids that have an answer, in the rubric's order; what the
// rubric doesn't know comes last.
func answered[T any](order []string, answers map[string]T) []string {
	var out []string
	for _, id := range order {
		if _, ok := answers[id]; ok {
			out = append(out, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if !slices.Contains(order, id) {
			out = append(out, id)
		}
	}
	return out
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// decision returns a decision with its notice. A reason can tell what the
// scorecards say, so who still owes theirs doesn't read it.
func (w *recordWriter) decision(d *hiring.Decision, owes bool) RecordDecision {
	out := RecordDecision{ID: d.ID, Outcome: string(d.Outcome), Reason: d.Reason, By: w.who(d.By), At: w.at(d.At), HoldUntil: w.at(d.HoldUntil), Replaced: d.Replaced, Dissent: d.Dissent}
	if d.Corrects != nil {
		out.Corrects = d.Corrects.ID
	}
	if owes {
		out.Reason, out.Dissent = "", ""
	}
	for _, n := range w.Notices {
		if n.DecisionID == d.ID {
			out.Notice = &RecordNotice{
				ID: n.ID, State: string(n.State), Subject: n.Subject, Body: n.Body, ApprovedBy: w.someone(n.ApprovedBy), ApprovedAt: w.at(n.ApprovedAt),
				ToldBy: w.someone(n.ToldBy), ToldAt: w.at(n.ToldAt), Problem: n.Problem,
			}
		}
	}
	return out
}

func rubricRecord(r *hiring.Role) RecordRubric {
	out := RecordRubric{Revision: r.Revision, Competencies: []RecordCompetency{}, Gates: []RecordAsked{}, Signals: []RecordAsked{}}
	for l := hiring.NotShown; l <= hiring.Beyond; l++ {
		out.Levels = append(out.Levels, l.String())
	}
	for _, c := range r.Competencies {
		rc := RecordCompetency{ID: c.ID, Name: c.Name, Assesses: append([]string{}, c.Assesses...), Strong: c.Strong, RedFlags: []string{}, Questions: []RecordIdeal{}, Expected: []RecordExpected{}}
		for _, f := range c.RedFlags {
			rc.RedFlags = append(rc.RedFlags, f.Text)
		}
		for _, q := range r.QuestionsFor(c.ID) {
			rc.Questions = append(rc.Questions, RecordIdeal{q.Text, q.Ideal})
		}
		for _, row := range c.AnswerKey {
			rc.Expected = append(rc.Expected, RecordExpected(row))
		}
		out.Competencies = append(out.Competencies, rc)
	}
	for _, g := range r.Gates {
		out.Gates = append(out.Gates, RecordAsked{g.ID, g.Text, g.Ask})
	}
	for _, x := range r.Signals {
		out.Signals = append(out.Signals, RecordAsked{ID: x.ID, Text: x.Text})
	}
	return out
}
