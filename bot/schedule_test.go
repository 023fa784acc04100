package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/schedule"
)

// before is what stands in the way of Ana's panel.
func before(k *hiring.Case) *schedule.Before {
	stage, _ := k.Role.Stage("panel")
	return &schedule.Before{Request: schedule.Request{CandidateID: k.Candidate.ID, Confirmed: []string{"letter"}}, Candidate: k.Candidate, Role: k.Role, Stage: stage}
}

func TestBeforeYouSchedule(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	w := newWorld(t, "Mon 10:00", k)
	view := func(q *schedule.Before, typed string) slack.ModalViewRequest {
		return w.bot.beforeView(t.Context(), w.people[carla], q, "", typed)
	}
	references := hiring.Stage{ID: "references", Name: "References", Kind: hiring.StageCheck}

	q := before(k)
	q.Untold = k
	golden(t, "before_untold", marshalView(t, view(q, "")))
	if got := string(marshalView(t, view(q, "My own words"))); !strings.Contains(got, "My own words") || strings.Contains(got, "we would like to take") {
		t.Errorf("what was typed is lost: %s", got)
	}
	q.Checks, q.Undecided = []hiring.Stage{references}, k.Role.Stages[:1]
	v := view(q, "")
	golden(t, "before_all", marshalView(t, v))
	if m := readMeta(v.PrivateMetadata); strings.Join(m.Confirm, " ") != "letter references round1" || m.Notice != k.Notice.ID || m.Stage != "panel" {
		t.Errorf("it would confirm %+v", m)
	}

	// Where no text is drafted, nothing is put into anybody's mouth.
	w.bot.Decisions.Mode = decision.MailOff
	q = before(k)
	q.Untold = k
	golden(t, "before_off", marshalView(t, view(q, "")))
	w.bot.Decisions.Mode = decision.MailAsk

	// A notice that has left its draft is settled first.
	k.Notice.State = hiring.NoticeApproved
	golden(t, "before_approved", marshalView(t, view(q, "")))
	k.Notice.State, k.Notice.Carrier = hiring.NoticeDraft, "iv_other"
	if got := string(marshalView(t, view(q, ""))); !strings.Contains(got, "being booked now, says it") || strings.Contains(got, `"submit"`) {
		t.Errorf("while another invitation says it: %s", got)
	}
	if got, err := w.bot.noticeView(t.Context(), k, w.people[dana]); err != nil || got.Submit != nil {
		t.Errorf("the notice can be approved while an invitation says it: %+v, %v", got.Submit, err)
	}

	q = before(k)
	q.Nobody = []string{"somebody as Owner"}
	q.Stage.Panelists = []hiring.StagePanelist{{Title: "owner", Part: hiring.Required}}
	golden(t, "before_nobody", marshalView(t, view(q, "")))
}

// search is an answered one for Ana's panel.
func search(k *hiring.Case, start time.Time) *schedule.Search {
	s := &schedule.Search{
		ID: "search_1", CandidateID: k.Candidate.ID, RoleKey: k.Role.Key, Stage: "panel", By: carla, Duration: time.Hour,
		Panel: []hiring.Panelist{{Person: karly, Part: hiring.Required}, {Person: seb, Part: hiring.Required}, {Person: mark, Part: hiring.Optional}},
	}
	for i := range 3 {
		from := start.Add(time.Duration(i) * 90 * time.Minute)
		s.Offers = append(s.Offers, schedule.Slot{Start: from, End: from.Add(time.Hour), Cost: i, Reasons: []string{"the soonest that suits everyone"}})
	}
	return s
}

func TestOfferedTimes(t *testing.T) {
	k := complete(t)
	w := newCardWorld(t, "Mon 10:00", k)
	view := func(s *schedule.Search) slack.ModalViewRequest {
		t.Helper()
		v, err := w.bot.offersView(t.Context(), w.people[carla], s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	s := search(k, at(t, "Tue 09:00"))
	s.Carries = "note"
	golden(t, "offers", marshalView(t, view(s)))

	moved := search(k, at(t, "Tue 09:00"))
	moved.InterviewID = "iv_ana"
	if got := string(marshalView(t, view(moved))); strings.Contains(got, "multi_users_select") || !strings.Contains(got, `"Move"`) {
		t.Errorf("a move: %s", got)
	}

	none := search(k, at(t, "Tue 09:00"))
	none.Offers = nil
	none.InWay = []string{"Mark isn't free at 12 of the 14 possible times."}
	none.End = at(t, "Tue 17:00")
	none.Unknown = []schedule.Unreadable{{Name: "Mark", Why: "not shared"}}
	opens := []time.Time{at(t, "Tue 09:00"), at(t, "Tue 09:30")}
	none.Ways = []schedule.Way{
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Later, Who: mark, Name: "Mark", Clock: 17*time.Hour + 15*time.Minute, Zone: "America/Chicago"}}},
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Earlier, Clock: 8 * time.Hour, Zone: "America/New_York"}}},
		{Opens: opens[:1], Changes: []schedule.Change{{Kind: schedule.Move, Who: mark, Name: "Mark", Meeting: hiring.Interval{Start: opens[0], End: opens[1]}}}},
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Instead, Who: mark, Name: "Mark", In: dana, InName: "Dana"}}},
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Without, Who: mark, Name: "Mark"}, {Kind: schedule.JoinPool, In: dana, InName: "Dana"}}},
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Shorter, Span: 45 * time.Minute, Was: time.Hour}}},
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Notice, Span: 3 * time.Hour}}},
		{Opens: opens, Changes: []schedule.Change{{Kind: schedule.Further, Until: at(t, "Tue 17:00")}}},
	}
	for _, way := range none.Ways {
		none.Once = append(none.Once, way.Changes...)
	}
	golden(t, "offers_none", marshalView(t, view(none)))
}

// Any time can be picked: what speaks against it is said, and what can't be is
// not offered.
func TestAnyTime(t *testing.T) {
	k := complete(t)
	w := newWorld(t, "Mon 10:00", k)
	s := search(k, at(t, "Tue 09:00"))
	ask, err := w.bot.anyTimeView(t.Context(), w.people[carla], s, s)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "any_time", marshalView(t, ask))
	slot := hiring.Interval{Start: at(t, "Tue 16:30"), End: at(t, "Tue 17:30")}
	late := schedule.Objection{Rule: schedule.RuleLate, Who: karly, Name: "Karly", Part: hiring.Required, Slot: slot, Limit: at(t, "Tue 17:00")}
	optional := schedule.Objection{Rule: schedule.RuleBusy, Who: mark, Name: "Mark", Part: hiring.Optional, Slot: slot, With: slot}
	taken := schedule.Objection{Rule: schedule.RuleTaken, Slot: slot, With: slot}
	for name, against := range map[string][]schedule.Objection{
		"any_time_fits": {optional}, "any_time_against": {late, optional}, "any_time_taken": {taken, late},
	} {
		s.Any = &schedule.AnyTime{Slot: schedule.Slot{Start: slot.Start, End: slot.End}, Against: against}
		v, err := w.bot.pickedView(t.Context(), w.people[carla], s)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, marshalView(t, v))
		if (v.Submit == nil) != (name == "any_time_taken") {
			t.Errorf("%s: it can be booked: %t", name, v.Submit != nil)
		}
	}
}

// How the modal says that it is booked, that it moved, or why not.
func TestBookedModal(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	golden(t, "schedule_who", marshalView(t, w.bot.whoView(t.Context(), []schedule.Request{{CandidateID: "cand_ana", Stage: "round1"}})))
	golden(t, "schedule_booked", marshalView(t, w.bot.bookedView(k, w.people[carla], false)))
	golden(t, "schedule_moved", marshalView(t, w.bot.bookedView(k, w.people[carla], true)))
	k.Interview.Problem = "Sebastian is no longer free then."
	golden(t, "schedule_not_moved", marshalView(t, w.bot.bookedView(k, w.people[carla], true)))
	k.Interview.State, k.Interview.Reason = hiring.Taken, "Mark is no longer free then."
	golden(t, "schedule_not_booked", marshalView(t, w.bot.bookedView(k, w.people[carla], false)))
}

func TestCancelModal(t *testing.T) {
	w := newWorld(t, "Wed 09:00", testCase(t))
	if err := w.bot.openCancel(t.Context(), w.click(carla, "iv_ana")); err != nil {
		t.Fatal(err)
	}
	golden(t, "cancel", checkView(t, w.views[0].Raw))
	if err := w.bot.openCancel(t.Context(), w.click(dana, "iv_ana")); err == nil {
		t.Error("a decider would cancel")
	}
}

// A time that suits one panel isn't booked for another.
func TestOffersAnswerTheFields(t *testing.T) {
	k := complete(t)
	s := search(k, at(t, "Tue 09:00"))
	state := func(minutes string, people ...string) map[string]input {
		return map[string]input{"who": {SelectedUsers: people[1:]}, "optional": {SelectedUsers: people[:1]}, "long": {SelectedOption: slack.OptionBlockObject{Value: minutes}}}
	}
	for _, tt := range []struct {
		state map[string]input
		field string
	}{
		{state("60", mark, karly, seb), ""},
		{map[string]input{}, ""}, // an interview that moves
		{state("60", mark, seb), "who"},
		{state("60", mark, karly, seb, dana), "who"},
		{state("60", dana, karly, seb), "optional"},
		{state("45", mark, karly, seb), "long"},
	} {
		err := sameQuestion(s, tt.state)
		if got := ""; tt.field != "" {
			if p := problems(err); len(p) == 1 {
				got = p[0].Field
			}
			if got != tt.field {
				t.Errorf("%v: %v, want an error under %q", tt.state, err, tt.field)
			}
		} else if err != nil {
			t.Errorf("%v: %v", tt.state, err)
		}
	}
}

// The longest legal role and names leave every modal within Slack's limits.
func TestLongestSchedulingModals(t *testing.T) {
	k := extremeCase(t, 1)
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	k.Notice.Body = longText(hiring.MaxBody)
	w := newCardWorld(t, "Mon 10:00", k)
	q := before(k)
	q.Untold = k
	for range 40 {
		q.Checks = append(q.Checks, hiring.Stage{ID: longText(60), Name: longText(75)})
	}
	marshalView(t, w.bot.beforeView(t.Context(), w.people[carla], q, "search_1", longText(2*hiring.MaxBody)))

	s := search(k, at(t, "Tue 09:00"))
	s.Panel = nil
	for i := range schedule.MaxPanel {
		s.Panel = append(s.Panel, hiring.Panelist{Person: "UPERSON" + string(rune('A'+i)), Part: hiring.Required})
	}
	for i := range s.Offers {
		s.Offers[i].Reasons = []string{longText(300)}
	}
	none := *s
	none.ID = "search_2"
	none.Offers = nil
	for range schedule.MaxPanel {
		none.InWay = append(none.InWay, longText(200))
	}
	long := schedule.Change{Kind: schedule.Instead, Who: mark, Name: longText(80), In: dana, InName: longText(80)}
	for range 8 {
		none.Ways = append(none.Ways, schedule.Way{Opens: []time.Time{at(t, "Tue 09:00")}, Changes: []schedule.Change{long, long}})
		none.Once = append(none.Once, long)
		none.Unknown = append(none.Unknown, schedule.Unreadable{Name: longText(80), Why: longText(200)})
	}
	for _, search := range []*schedule.Search{s, &none} {
		v, err := w.bot.offersView(t.Context(), w.people[carla], search)
		if err != nil {
			t.Fatal(err)
		}
		marshalView(t, v)
	}
}

// After a decision to advance, whoever coordinates is led on; nobody else is,
// and not once the next interview is booked.
func TestNextInterview(t *testing.T) {
	k := complete(t)
	decided(k, hiring.Advance, at(t, "Mon 10:00"))
	w := newWorld(t, "Mon 10:00", k)
	k.Candidate.Stage = "panel"
	if got := w.bot.nextInterview(t.Context(), k, carla); len(got) != 1 {
		t.Errorf("the coordinator is offered %d", len(got))
	}
	for why, change := range map[string]func(){
		"for a decider": func() { k.Role.Setup.Coordinators = []string{karly} },
		"withdrawn":     func() { k.Candidate.State = hiring.Withdrawn },
		"on hold":       func() { k.Decision.Outcome = hiring.Hold },
		"at a check":    func() { k.Role.Stages[1].Kind = hiring.StageCheck },
		"booked": func() {
			w.cases = append(w.cases, another(k, "panel", "Ana Diaz"))
			w.cases[1].Interview.CandidateID, w.cases[1].Interview.Stage = k.Candidate.ID, "panel"
		},
	} {
		k = complete(t)
		decided(k, hiring.Advance, at(t, "Mon 10:00"))
		k.Candidate.Stage = "panel"
		w = newWorld(t, "Mon 10:00", k)
		change()
		if got := w.bot.nextInterview(t.Context(), k, carla); len(got) != 0 {
			t.Errorf("%s: the next interview is offered", why)
		}
	}
}

func TestTakenMessage(t *testing.T) {
	k := complete(t)
	k.Interview.State, k.Interview.Reason = hiring.Taken, "Mark is no longer free then."
	w := newWorld(t, "Wed 10:00", k)
	golden(t, "taken", checkMessage(t, w.render("taken", "iv_ana", carla, "")))
	k.Candidate.State = hiring.Declined
	if got := string(checkMessage(t, w.render("taken", "iv_ana", carla, ""))); strings.Contains(got, "Find another time") {
		t.Error("another time is offered for somebody who was declined")
	}
}

// What an invitation was to say, and didn't, is still to be said.
func TestTakenWithANotice(t *testing.T) {
	k := complete(t)
	k.Interview.State, k.Interview.Reason, k.Interview.Carries = hiring.Taken, "Mark is no longer free then.", "note_1"
	w := newWorld(t, "Wed 10:00", k)
	if got := string(checkMessage(t, w.render("taken", "iv_ana", carla, ""))); !strings.Contains(got, "Ana hasn't been told yet") {
		t.Errorf("it isn't said: %s", got)
	}
	if got := string(marshalView(t, w.bot.bookedView(k, w.people[carla], false))); !strings.Contains(got, "Ana hasn't been told yet") {
		t.Errorf("it isn't said: %s", got)
	}
	k.Interview.State = hiring.Booking
	if got := w.bot.interviewButtons(t.Context(), k, w.people[carla]); len(got) != 1 || got[0].(*slack.ButtonBlockElement).ActionID != actCancel {
		t.Errorf("while Google is down it can't be cancelled: %v", got)
	}
}
