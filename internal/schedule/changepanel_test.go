package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// settled is an interview that is booked, told to everybody, and whose guests
// Google has shown.
func settled(t *testing.T) (*world, *hiring.Interview) {
	w := newWorld(t)
	iv := w.book("2026-11-19 10:00")
	w.follow()
	w.post()
	w.said()
	w.log = nil
	return w, w.iv(iv.ID)
}

func seats(required string, optional ...string) []hiring.Panelist {
	var out []hiring.Panelist
	for _, id := range strings.Fields(required) {
		out = append(out, hiring.Panelist{Person: id, Part: hiring.Required})
	}
	for _, id := range optional {
		out = append(out, hiring.Panelist{Person: id, Part: hiring.Optional})
	}
	return out
}

func (w *world) change(iv *hiring.Interview, panel []hiring.Panelist) error {
	return w.ChangePanel(w.t.Context(), PanelChange{Interview: iv.ID, Panel: panel, Seen: w.iv(iv.ID).Revision, By: carla})
}

// guests lists the event's guests with their answers, for comparison.
func (w *world) guests(iv *hiring.Interview) string {
	var out []string
	for _, g := range w.cal.events[iv.EventID].Guests {
		name, _, _ := strings.Cut(strings.ToLower(g.Email), "@")
		if g.Optional {
			name += "?"
		}
		if g.RSVP != "needsAction" {
			name += "=" + g.RSVP
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestChangePanelSwapsAPanelist(t *testing.T) {
	w, iv := settled(t)
	w.cal.answer(iv.EventID, "karly@example.com", "accepted")
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Guests = append(ev.Guests, hiring.Guest{Email: "friend@example.net"}) })
	w.follow()
	w.said()
	if err := w.change(iv, seats("karly dana")); err != nil {
		t.Fatal(err)
	}
	if owed := w.said(); owed != "panelist:iv2:1:dana unseated:iv2:2:seb unseated:iv2:2:mark" {
		t.Errorf("owed: %s", owed)
	}
	move := w.effects[len(w.effects)-1]
	if lane := w.lanes["unseated:iv2:2:seb"]; lane == "" || lane != move.Lane || move.Key != "calendar:move:iv2:2" {
		t.Errorf("who leaves hears it in the lane %q, Google in %q (%s)", lane, move.Lane, move.Key)
	}
	w.dispatch()
	if got := w.guests(iv); got != "ana dana friend= karly=accepted" {
		t.Errorf("Google's guests: %s", got)
	}
	got := w.iv(iv.ID)
	if got.Revision != 2 || !got.Deadline.Equal(iv.Deadline) || !got.Start.Equal(iv.Start) || got.Part(seb) != "" || got.Part(dana) != hiring.Required || got.Panel[0].RSVP != "accepted" {
		t.Errorf("%+v", got)
	}
	if log := strings.Join(w.log, ", "); log != "carla interview.panel" {
		t.Errorf("audit: %s", log)
	}
	if last := w.audit[len(w.audit)-1]; last.Detail != "2 +dana -seb -mark" {
		t.Errorf("audit: %q", last.Detail)
	}
	w.follow()
	if owed := w.said(); owed != "" {
		t.Errorf("our own change was taken for a person's: %s", owed)
	}
}

// Who comes back is invited again and told, as their old message is only edited.
func TestChangePanelBackAgain(t *testing.T) {
	w, iv := settled(t)
	for _, step := range []struct{ panel, owed, guests string }{
		{"karly", "unseated:iv2:2:seb unseated:iv2:2:mark", "ana karly"},
		{"karly seb", "seated:iv2:3:seb", "ana karly seb"},
		{"karly", "unseated:iv2:4:seb", "ana karly"},
		{"seb", "seated:iv2:5:seb unseated:iv2:5:karly", "ana seb"},
	} {
		if err := w.change(iv, seats(step.panel)); err != nil {
			t.Fatal(err)
		}
		if owed := w.said(); owed != step.owed {
			t.Errorf("%s: owed %s, want %s", step.panel, owed, step.owed)
		}
		w.dispatch()
		w.follow()
		w.post()
		if got := w.guests(iv); got != step.guests {
			t.Errorf("%s: Google's guests: %s", step.panel, got)
		}
	}
	// Out and back before Slack took the first message: it is owed again by itself.
	w.posted["panelist:iv2:1:dana"] = false
	if err := w.change(iv, seats("dana")); err != nil {
		t.Fatal(err)
	}
	if owed := w.said("seated"); owed != "" {
		t.Errorf("owed %s", owed)
	}
}

func TestChangePanelRefuses(t *testing.T) {
	w, iv := settled(t)
	w.who["gus"] = hiring.Person{ID: "gus", Name: "Gus", Guest: true}
	w.who["app"] = hiring.Person{ID: "app", Name: "App", Bot: true}
	w.who["nia"] = hiring.Person{ID: "nia", Name: "Nia"}
	w.who["old"] = hiring.Person{ID: "old", Name: "Old", Deleted: true}
	var crowd []string
	for i := range 11 {
		id := fmt.Sprintf("p%d", i)
		w.who[id] = hiring.Person{ID: id, Name: id}
		w.role.Setup.People["owner"] = append(w.role.Setup.People["owner"], id)
		crowd = append(crowd, id)
	}
	for _, tt := range []struct {
		panel        []hiring.Panelist
		field, words string
	}{
		{nil, "required", "at least one person"},
		{seats("", mark), "required", "at least one person"},
		{seats(strings.Join(crowd, " ")), "required", "at most 10 people; these are 11"},
		{seats("karly", karly), "optional", "Karly is chosen twice"},
		{seats("karly old"), "required", "Old's account is deactivated"},
		{seats("karly gus"), "required", "Gus is a guest"},
		{seats("karly app"), "required", "App is an app"},
		{seats("karly", "nia"), "optional", "Nia is not on the team of Account Coordinator. Add them with /hiring setup"},
		{seats("nobody"), "required", "can't find one of these people"},
	} {
		refused(t, w.change(iv, tt.panel), tt.field, tt.words)
		refused(t, w.CheckPanel(t.Context(), PanelChange{Interview: iv.ID, Panel: tt.panel, Seen: 1, By: carla}), tt.field, tt.words)
	}
	err := w.ChangePanel(t.Context(), PanelChange{Interview: iv.ID, Panel: seats("karly"), Seen: 1, By: karly})
	if refused(t, err, "", "Only a coordinator"); !errors.Is(err, hiring.ErrNotAllowed) {
		t.Errorf("%v", err)
	}
	for state, words := range map[hiring.InterviewState]string{
		hiring.Booking: "just being booked", hiring.Removed: "deleted in Google Calendar", hiring.Cancelled: "isn't booked any more", hiring.Taken: "isn't booked any more",
	} {
		changed := *iv
		changed.State = state
		w.interviews[iv.ID] = changed
		refused(t, w.change(iv, seats("karly")), "", words)
	}
	w.interviews[iv.ID] = *iv
	w.now = iv.End
	refused(t, w.change(iv, seats("karly")), "", "is over")
	if owed := w.said(); owed != "" || w.iv(iv.ID).Revision != 1 {
		t.Errorf("owed %s", owed)
	}
}

// Who sat there before the team changed may stay; who has left may not.
func TestChangePanelOfATeamThatChanged(t *testing.T) {
	w, iv := settled(t)
	w.role.Setup.People["strategist"] = []string{dana}
	if err := w.change(iv, seats("karly")); err != nil {
		t.Error(err)
	}
	w.dispatch()
	p := w.who[karly]
	p.Deleted = true
	w.who[karly] = p
	refused(t, w.change(iv, seats("karly seb")), "required", "deactivated")
	w.said()
	if err := w.change(iv, seats("seb")); err != nil {
		t.Error(err)
	}
	if owed := w.said(); owed != "seated:iv2:3:seb" {
		t.Errorf("owed: %s; nobody is there to read a farewell", owed)
	}
}

func TestChangePanelTwice(t *testing.T) {
	w, iv := settled(t)
	already(t, w.change(iv, seats("karly seb", mark)), "the panel of this interview")
	if err := w.change(iv, seats("karly")); err != nil {
		t.Fatal(err)
	}
	again := PanelChange{Interview: iv.ID, Panel: seats("karly"), Seen: 1, By: carla}
	err := w.ChangePanel(t.Context(), again)
	already(t, err, "changed to this panel")
	var done *hiring.AlreadyDone
	if errors.As(err, &done) && done.By != carla {
		t.Errorf("by %q", done.By)
	}
	again.Panel = seats("seb")
	refused(t, w.ChangePanel(t.Context(), again), "", "Carla changed this interview meanwhile")
	// A person moved it in Google.
	w.dispatch()
	w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-25 14:00"), w.at("2026-11-25 15:00") })
	w.follow()
	again.Seen = 2
	refused(t, w.ChangePanel(t.Context(), again), "", "changed meanwhile in Google Calendar")
	other := w.interviews[iv.ID]
	other.Revision++ // by something that isn't told in the interview's own trail
	w.interviews[iv.ID] = other
	refused(t, w.ChangePanel(t.Context(), again), "", "This interview was changed meanwhile. Open")
}

// Who is new is asked after; nothing is overbooked in silence.
func TestChangePanelAsksWhoIsBusy(t *testing.T) {
	busy := func(from, to string) func(*world) {
		return func(w *world) {
			w.cal.busy["dana@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at(from), End: w.at(to)}}}
		}
	}
	for _, tt := range []struct {
		why  string
		with func(*world)
		want string
	}{
		{"a meeting", busy("2026-11-19 10:30", "2026-11-19 11:00"), "Dana busy 10:30"},
		{"a meeting right after", busy("2026-11-19 10:45", "2026-11-19 11:00"), ""},
		{"another interview", func(w *world) {
			other := *w.iv("iv2")
			other.ID, other.CandidateID, other.EventID, other.Panel = "other", "ben", "other", seats("dana")
			w.interviews["other"] = other
		}, "Dana interview 10:00"},
		{"an unreadable calendar", func(w *world) { w.cal.busy["dana@example.com"] = hiring.Calendar{Unreadable: "not shared"} }, "Dana unreadable: not shared"},
		{"no calendar", func(w *world) { w.who[dana] = hiring.Person{ID: dana, Name: "Dana"} }, "Dana unreadable: no calendar is known for them"},
		{"Google is down", func(w *world) { w.cal.fail["busy"] = []error{outbox.Later(errors.New("503"), 0)} }, "Dana unreadable: Google Calendar doesn't answer right now"},
		{"booked while Google was asked", func(w *world) {
			w.cal.before = func(string) {
				w.cal.before = nil
				other := *w.iv("iv2")
				other.ID, other.CandidateID, other.EventID, other.Panel = "other", "ben", "other", seats("dana")
				other.Start = other.Start.Add(-1)
				w.cal.fail["after:busy"] = nil
				w.interviews["other"] = other
			}
		}, "Dana interview 9:59"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			w, iv := settled(t)
			tt.with(w)
			err := w.change(iv, seats("karly seb dana", mark))
			var asked *Overbooking
			if errors.As(err, &asked) != (tt.want != "") || err != nil && asked == nil {
				t.Fatalf("got %v", err)
			}
			if asked == nil {
				return
			}
			var got []string
			for _, c := range asked.Conflicts {
				switch at := c.Busy.Start.In(w.role.TimeZone()).Format(" 3:04"); {
				case c.Unreadable != "":
					got = append(got, c.Name+" unreadable: "+c.Unreadable)
				case c.Interview:
					got = append(got, c.Name+" interview"+at)
				default:
					got = append(got, c.Name+" busy"+at)
				}
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if w.iv(iv.ID).Revision != 1 || w.said() != "" {
				t.Error("something was changed before the answer")
			}
			err = w.ChangePanel(t.Context(), PanelChange{Interview: iv.ID, Panel: seats("karly seb dana", mark), Seen: 1, By: carla, Anyway: true})
			if err != nil || w.iv(iv.ID).Part(dana) != hiring.Required {
				t.Errorf("anyway: %v", err)
			}
		})
	}
}

// Who was optional and is to be required has to find the time; the interview's
// own event isn't in their way.
func TestChangePanelFromOptionalToRequired(t *testing.T) {
	w, iv := settled(t)
	if err := w.change(iv, seats("karly seb mark")); err != nil {
		t.Fatal(err)
	}
	if owed := w.said(); owed != "seated:iv2:2:mark:required" { // an edit of the kit notifies nobody
		t.Errorf("owed: %s", owed)
	}
	w.dispatch()
	if got := w.guests(iv); got != "ana karly mark seb" {
		t.Errorf("Google's guests: %s", got)
	}
	if err := w.change(iv, seats("karly seb", mark)); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	w.cal.busy["mark@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-19 09:30"), End: w.at("2026-11-19 10:00")}, {Start: w.at("2026-11-19 10:15"), End: w.at("2026-11-19 11:00")}}}
	var asked *Overbooking
	if err := w.change(iv, seats("karly seb mark")); err != nil && !errors.As(err, &asked) {
		t.Errorf("got %v", err)
	}
}

// Somebody changes the event between our look and our write.
func TestChangePanelRace(t *testing.T) {
	w, iv := settled(t)
	if err := w.change(iv, seats("karly dana")); err != nil {
		t.Fatal(err)
	}
	w.cal.before = func(call string) {
		if call == "patch" {
			w.cal.before = nil
			w.cal.answer(iv.EventID, "karly@example.com", "tentative")
		}
	}
	w.dispatch()
	if got := w.guests(iv); got != "ana dana karly=tentative" {
		t.Errorf("Google's guests: %s", got)
	}
}

// A person moves the event while a change of guests is on its way: their time
// stands, and the guests come.
func TestChangePanelWhileAPersonMovesTheEvent(t *testing.T) {
	for _, followed := range []bool{false, true} {
		w, iv := settled(t)
		if err := w.change(iv, seats("karly dana")); err != nil {
			t.Fatal(err)
		}
		w.cal.person(iv.EventID, func(ev *hiring.Event) { ev.Start, ev.End = w.at("2026-11-25 14:00"), w.at("2026-11-25 15:00") })
		if followed {
			w.follow()
		}
		w.dispatch()
		got := w.iv(iv.ID)
		if !got.Start.Equal(w.at("2026-11-25 14:00")) || w.guests(iv) != "ana dana karly" || !w.cal.events[iv.EventID].Start.Equal(got.Start) {
			t.Errorf("followed %t: %s, Google's guests: %s", followed, got.Start, w.guests(iv))
		}
	}
}

func TestChangePanelIsRefusedByGoogle(t *testing.T) {
	w, iv := settled(t)
	if err := w.change(iv, seats("karly dana")); err != nil {
		t.Fatal(err)
	}
	w.said()
	w.cal.fail["patch"] = []error{outbox.Never(errors.New("no permission"))}
	w.dispatch()
	if owed := w.said(); owed != "google:iv2:refused:2" {
		t.Errorf("told %s", owed)
	}
	if got := w.iv(iv.ID); got.Problem != "no permission" || got.Revision != 2 || got.Part(dana) == "" {
		t.Errorf("%+v", got)
	}
}

// The candidate's address was corrected: the event follows, the old one goes.
func TestCandidatesAddressChanges(t *testing.T) {
	w, iv := settled(t)
	w.cal.answer(iv.EventID, "ana@example.org", "accepted")
	w.follow()
	w.cands["ana"].Email = "anna@example.net"
	if err := w.ChangeInterview(t.Context(), iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.Revision++
		return outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision)}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	if got := w.guests(iv); got != "anna karly mark? seb" {
		t.Errorf("Google's guests: %s", got)
	}
}

// Moving with another panel does for its people what ChangePanel does.
func TestMoveWithAnotherPanel(t *testing.T) {
	w, iv := settled(t)
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, Panel: seats("karly dana"), By: carla})
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	if owed := w.said(); owed != "channel-moved:iv2:2 panelist:iv2:1:dana unseated:iv2:2:seb unseated:iv2:2:mark" {
		t.Errorf("owed: %s", owed)
	}
	w.dispatch()
	if got := w.guests(iv); got != "ana dana karly" {
		t.Errorf("Google's guests: %s", got)
	}
	// At the same time, only the panel changes.
	s = w.search(Request{CandidateID: "ana", InterviewID: iv.ID, Panel: seats("karly"), By: carla})
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	if owed := w.said(); owed != "unseated:iv2:3:dana" {
		t.Errorf("owed: %s", owed)
	}
	w.dispatch()
	if got := w.guests(iv); got != "ana karly" {
		t.Errorf("Google's guests: %s", got)
	}
	s = w.search(Request{CandidateID: "ana", InterviewID: iv.ID, Panel: seats("karly dana"), By: carla})
	p := w.who[dana]
	p.Deleted = true
	w.who[dana] = p
	_, err := w.Book(t.Context(), s.ID, w.offer("2026-11-26 10:30"), carla)
	refused(t, err, "required", "Dana's account is deactivated")
}

// The slot of a move with another panel is gone: the time stays, the new
// panel's guests come, and the coordinator hears of both.
func TestMoveWithAnotherPanelIsKept(t *testing.T) {
	w, iv := settled(t)
	s := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, Panel: seats("karly dana"), By: carla})
	if _, err := w.Book(t.Context(), s.ID, w.offer("2026-11-24 10:30"), carla); err != nil {
		t.Fatal(err)
	}
	w.cal.busy["karly@example.com"] = hiring.Calendar{Busy: []hiring.Interval{{Start: w.at("2026-11-24 10:30"), End: w.at("2026-11-24 12:00")}}}
	w.dispatch()
	got := w.iv(iv.ID)
	if !got.Start.Equal(iv.Start) || w.guests(iv) != "ana dana karly" || !strings.Contains(got.Problem, "The new panel stands all the same") {
		t.Errorf("%s, %q, guests %s", got.Start, got.Problem, w.guests(iv))
	}
}

func TestPersonTakesAPanelistOffTheEvent(t *testing.T) {
	w, iv := settled(t)
	off := func() {
		w.cal.person(iv.EventID, func(ev *hiring.Event) {
			ev.Guests = slices.DeleteFunc(ev.Guests, func(g hiring.Guest) bool { return g.Email == "seb@example.com" })
		})
	}
	off()
	w.follow()
	if owed := w.said(); owed != "repair:iv2:1" || w.iv(iv.ID).Panel[1].RSVP != hiring.TakenOff {
		t.Errorf("told %s", owed)
	}
	w.cal.answer(iv.EventID, "karly@example.com", "accepted")
	w.follow()
	if owed := w.said(); owed != "" {
		t.Errorf("told again: %s", owed)
	}
	// A change of ours doesn't fight that.
	if err := w.change(iv, seats("karly seb")); err != nil {
		t.Fatal(err)
	}
	w.dispatch()
	w.follow()
	if got, owed := w.guests(iv), w.said("google"); got != "ana karly=accepted" || owed != "" {
		t.Errorf("Google's guests: %s, told %s", got, owed)
	}
	// Unless a coordinator says so.
	refused(t, w.InviteAgain(t.Context(), iv.ID, seb, dana), "", "Only a coordinator")
	refused(t, w.InviteAgain(t.Context(), iv.ID, mark, carla), "", "no longer on the panel")
	if err := w.InviteAgain(t.Context(), iv.ID, seb, carla); err != nil {
		t.Fatal(err)
	}
	already(t, w.InviteAgain(t.Context(), iv.ID, seb, carla), "invited again")
	w.dispatch()
	w.follow()
	if got := w.guests(iv); got != "ana karly=accepted seb" {
		t.Errorf("Google's guests: %s", got)
	}
	// Taken off once more: told once more. Taken off and not followed yet: stays off.
	off()
	if err := w.change(iv, seats("karly seb dana")); err != nil {
		t.Fatal(err)
	}
	w.said()
	w.dispatch()
	w.follow()
	if got, owed := w.guests(iv), w.said("repair"); got != "ana dana karly=accepted" || owed != "repair:iv2:2" {
		t.Errorf("Google's guests: %s, told %s", got, owed)
	}
}

// A move that was looked for before the panel was changed keeps the new panel;
// one that changes the panel itself doesn't undo another's change.
func TestMoveAfterThePanelWasChanged(t *testing.T) {
	w, iv := settled(t)
	plain := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, By: carla})
	offer := w.offer("2026-11-24 10:30")
	if err := w.change(iv, seats("karly")); err != nil {
		t.Fatal(err)
	}
	w.said()
	if _, err := w.Book(t.Context(), plain.ID, offer, carla); err != nil {
		t.Fatal(err)
	}
	if got := w.iv(iv.ID); len(got.Panel) != 1 || w.said("panelist", "seated", "unseated") != "" {
		t.Errorf("the move made the panel %v", got.Panel)
	}
	other := w.search(Request{CandidateID: "ana", InterviewID: iv.ID, Panel: seats("karly dana"), By: carla})
	offer = w.offer("2026-11-25 10:30")
	w.dispatch()
	if err := w.change(iv, seats("seb")); err != nil {
		t.Fatal(err)
	}
	_, err := w.Book(t.Context(), other.ID, offer, carla)
	refused(t, err, "slot", "was changed meanwhile")
	if again := other.Again(carla); again.Panel != nil || again.InterviewID != iv.ID {
		t.Errorf("the question is repeated as %+v", again)
	}
}

// Google takes its time; whoever stops coordinating the role meanwhile, or leaves
// its team, changes nothing any more, or isn't seated.
func TestChangePanelAsksAgainAfterGoogle(t *testing.T) {
	for want, change := range map[string]func(*world){
		"Only a coordinator":      func(w *world) { w.role.Setup.Coordinators = []string{mark} },
		"Dana is not on the team": func(w *world) { w.role.Setup.Deciders = []string{mark} },
	} {
		w, iv := settled(t)
		w.cal.before = func(string) { w.cal.before = nil; change(w) }
		if err := w.change(iv, seats("karly dana")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if got := w.iv(iv.ID); got.Revision != iv.Revision {
			t.Errorf("%s: it was changed all the same: %+v", want, got.Panel)
		}
	}
}
