package bot

import (
	"strings"
	"testing"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// The repair of Ana's interview, which Sebastian has declined.
func sebDeclined(t *testing.T, k *hiring.Case) *schedule.Repair {
	k.Interview.Panel[1].RSVP = "declined"
	iv := k.Interview
	in := schedule.WayOut{
		Key: "a1", Kind: schedule.WayStandIn, Start: iv.Start, End: iv.End, Why: "from the same group; the time stays",
		Swaps: []schedule.Swap{{Out: seb, OutName: "Sebastian", In: mark, InName: "Mark"}},
	}
	later := schedule.WayOut{Key: "b2", Kind: schedule.WayLater, Start: at(t, "Wed 16:00"), End: at(t, "Wed 16:45"), Why: "the soonest that suits everyone"}
	another := schedule.WayOut{Key: "c3", Kind: schedule.WayDay, Start: at(t, "Thu 10:00"), End: at(t, "Thu 10:45"), Why: "keeps longer free stretches whole"}
	return &schedule.Repair{
		Interview: iv.ID, Number: 1, Candidate: iv.CandidateID, Kind: schedule.RepairPanel, State: schedule.RepairOpen, Revision: iv.Revision,
		Message: "repair:iv_ana:1",
		RepairBody: schedule.RepairBody{
			Trouble: []schedule.Trouble{{Person: seb, Name: "Sebastian", Part: hiring.Required, Why: schedule.WhyDeclined}},
			Ways:    []schedule.WayOut{in, later, another},
		},
	}
}

func TestRepairMessages(t *testing.T) {
	for name, change := range map[string]func(*hiring.Case, *schedule.Repair){
		"repair": func(k *hiring.Case, _ *schedule.Repair) {
			k.Interview.Panel[1].Wrote = "<!channel> dentist until 4 🦷"
		},
		"repair_two": func(_ *hiring.Case, r *schedule.Repair) {
			r.Trouble = append(r.Trouble, schedule.Trouble{Person: karly, Name: "Karly", Part: hiring.Required, Why: schedule.WhyTentative})
			r.Ways[0].Swaps = append(r.Ways[0].Swaps, schedule.Swap{Out: karly, OutName: "Karly", In: nia, InName: "Nia"})
		},
		"repair_optional": func(_ *hiring.Case, r *schedule.Repair) {
			r.Trouble[0].Part = hiring.Optional
			r.Ways = []schedule.WayOut{{Key: "d4", Kind: schedule.WayWithout, Swaps: []schedule.Swap{{Out: seb, OutName: "Sebastian"}}}}
		},
		"repair_off": func(k *hiring.Case, r *schedule.Repair) {
			k.Interview.Panel[1].RSVP = hiring.TakenOff
			r.Trouble[0].Why, r.Ways = schedule.WhyOff, r.Ways[:1]
		},
		"repair_chosen": func(_ *hiring.Case, r *schedule.Repair) {
			r.State, r.Chosen, r.ChosenBy = schedule.RepairChosen, r.Ways[0], carla
		},
		"repair_gone": func(_ *hiring.Case, r *schedule.Repair) {
			r.Gone, r.Ways = "Mark is no longer free then.", r.Ways[1:]
		},
		"repair_done": func(_ *hiring.Case, r *schedule.Repair) {
			r.State, r.Chosen, r.ChosenBy, r.ChosenAt = schedule.RepairDone, r.Ways[0], carla, at(t, "Wed 08:30")
		},
		"repair_moved_away": func(k *hiring.Case, r *schedule.Repair) {
			r.State, r.Chosen, r.ChosenBy, r.ChosenAt = schedule.RepairDone, r.Ways[2], carla, at(t, "Wed 08:30")
			k.Interview.Start, k.Interview.End = r.Chosen.Start, r.Chosen.End
		},
		"repair_settled": func(k *hiring.Case, r *schedule.Repair) {
			k.Interview.Panel[1].RSVP, r.State = "accepted", schedule.RepairSettled
		},
		"repair_nothing": func(_ *hiring.Case, r *schedule.Repair) {
			r.Ways, r.InWay = nil, []string{"Karly isn't free at 40 of the 52 possible times."}
		},
		"repair_unknown": func(_ *hiring.Case, r *schedule.Repair) { r.Ways, r.Unknown = nil, true },
	} {
		k := testCase(t)
		w := newWorld(t, "Wed 09:00", k)
		r := sebDeclined(t, k)
		w.repairs = []*schedule.Repair{r}
		change(k, r)
		golden(t, name, checkMessage(t, w.renderKey("repair:iv_ana:1", "iv_ana", carla, "Wed 08:00")))
		k.Interview.State = hiring.Cancelled
		if got := string(checkMessage(t, w.renderKey("repair:iv_ana:1", "iv_ana", carla, "Wed 08:00"))); strings.Contains(got, `"button"`) {
			t.Errorf("%s: a cancelled interview has buttons: %s", name, got)
		}
	}
}

// A move that doesn't suit, and a candidate who declines, have the same buttons.
func TestRepairsInOtherMessages(t *testing.T) {
	k := testCase(t)
	w := newWorld(t, "Wed 09:00", k)
	r := sebDeclined(t, k)
	w.repairs = []*schedule.Repair{r}
	r.Kind, r.Message = schedule.RepairMoved, "google:iv_ana:moved:1"
	r.Trouble = []schedule.Trouble{
		{Person: karly, Name: "Karly", Part: hiring.Required, Why: schedule.WhyBusy, Busy: hiring.Interval{Start: at(t, "Wed 14:15"), End: at(t, "Wed 15:00")}},
		{Person: seb, Name: "Sebastian", Part: hiring.Required, Why: schedule.WhyHours}, {Why: schedule.WhyCandidate}, {Why: schedule.WhyHoliday},
	}
	golden(t, "google_collides", checkMessage(t, w.renderKey(r.Message, "iv_ana", carla, "")))

	r.Kind, r.Message, r.Trouble, r.Ways = schedule.RepairCandidate, "google:iv_ana:declined:1", nil, r.Ways[2:]
	k.Interview.CandidateRSVP, k.Interview.CandidateComment = "declined", "Sorry! <!channel> could do Thursday after 9"
	r.Read = "Thursday after 9:00"
	golden(t, "google_comment", checkMessage(t, w.renderKey(r.Message, "iv_ana", carla, "")))
	r.Read = ""
	golden(t, "google_comment_unread", checkMessage(t, w.renderKey(r.Message, "iv_ana", carla, "")))
	golden(t, "proposed", marshalView(t, proposedView(k, w.now)))

	k = testCase(t)
	w = newWorld(t, "Wed 09:00", k)
	r = sebDeclined(t, k)
	r.Message, r.Trouble[0].Why, r.Ways = "left:iv_ana:"+seb, schedule.WhyLeft, r.Ways[:1]
	w.repairs = []*schedule.Repair{r}
	p := w.people[seb]
	p.Deleted = true
	w.people[seb] = p
	golden(t, "left_ways", checkMessage(t, w.renderKey(r.Message, "iv_ana", carla, "")))

	k.Interview.Panel[0].Part = hiring.Required
	golden(t, "seated_required", checkMessage(t, w.renderKey("seated:iv_ana:2:"+karly+":required", "iv_ana", karly, "")))
}
