package sqlite_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// What people set stands over the role's file wherever the role is read, with
// who and when, also after a restart and with another file.
func TestSettingsStandOverTheRolesFile(t *testing.T) {
	w := newWorld(t)
	s := testSetup()
	s.Settings = map[string]hiring.Setting{"stages.round1.duration": {Value: "1h", By: "Cora", At: noon}, "stages.gone.duration": {Value: "1h", By: "Cora", At: noon}}
	s.Sections = map[string]hiring.Mark{"stages.round1": {N: 3, By: "Cora", At: noon}}
	w.check(w.saveSetup(s, outbox.Batch{}))
	w.check(w.PutRoles(w.ctx(), []*hiring.Role{testRole("coord", "rev2")}))
	w.reopen()
	for _, read := range []func() (*hiring.Role, error){
		func() (*hiring.Role, error) { return w.Role(w.ctx(), "coord") },
		func() (*hiring.Role, error) { return w.RoleRevision(w.ctx(), "coord", "rev1") },
		func() (*hiring.Role, error) {
			list, err := w.Roles(w.ctx())
			return list[0], err
		},
	} {
		r, err := read()
		w.check(err)
		same(t, "setup", r.Setup, s)
		same(t, "duration", r.Stages[0].Duration.V, time.Hour)
		same(t, "the file's", r.AsStated().Stages[0].Duration.V, 45*time.Minute)
	}
	lines, err := w.Audit(w.ctx(), 0, 100)
	w.check(err)
	if last := lines[len(lines)-2].Detail + lines[len(lines)-1].Detail; !strings.Contains(last, `"stages.round1.duration":"1h"`) {
		t.Errorf("the audit trail ends with %s", last)
	}
}

func TestChangeSetupThatFailsChangesNothing(t *testing.T) {
	w := newWorld(t)
	no := errors.New("no")
	isErr(t, w.ChangeSetup(w.ctx(), "coord", func(r *hiring.Role, s *hiring.Setup) (outbox.Batch, error) {
		s.Channel, s.People["strategist"] = "C2", nil
		return outbox.Batch{}, no
	}), no)
	r, err := w.Role(w.ctx(), "coord")
	w.check(err)
	same(t, "setup", r.Setup, testSetup())
	isErr(t, w.ChangeSetup(w.ctx(), "none", nil), hiring.ErrNotFound)
}

func TestAPersonsCalendarAndHours(t *testing.T) {
	w := newWorld(t)
	pia := hiring.Person{ID: "Pia", Name: "Pia", Email: "pia@example.com"}
	w.check(w.SavePeople(w.ctx(), []hiring.Person{pia}))
	want := pia
	want.Calendar, want.CalendarBy, want.CalendarAt = "p@example.org", "Cora", noon
	want.Hours = hiring.Hours{Days: []time.Weekday{2}, Start: 10 * time.Hour, End: 15 * time.Hour}
	w.check(w.ChangePerson(w.ctx(), "Pia", func(p *hiring.Person, _ []*hiring.Interview) (outbox.Batch, error) {
		*p = want
		return outbox.Batch{Log: []hiring.Entry{{Actor: "Cora", Action: "person.calendar", Subject: "Pia"}}}, nil
	}))
	w.check(w.SavePeople(w.ctx(), []hiring.Person{pia})) // Slack says the same again
	w.reopen()
	got, err := w.Person(w.ctx(), "Pia")
	w.check(err)
	same(t, "person", got, want)
	isErr(t, w.ChangePerson(w.ctx(), "nobody", nil), hiring.ErrNotFound)
}

// With a person come their interviews that are still to be held, whose events
// may have to follow.
func TestChangingAPersonReachesTheirComingInterviews(t *testing.T) {
	w := newWorld(t)
	w.check(w.SavePeople(w.ctx(), []hiring.Person{{ID: "Pia", Name: "Pia"}}))
	for i, id := range []string{"over", "ahead", "others", "off"} {
		w.candidate("c" + id)
		iv := testInterview(id, "c"+id, noon.Add(time.Duration(i)*time.Hour-time.Hour))
		if id == "others" {
			iv.Panel = []hiring.Panelist{{Person: "Quin", Part: hiring.Required}}
		}
		w.check(w.book(iv))
	}
	w.check(w.ChangeInterview(w.ctx(), "off", func(iv *hiring.Interview) (outbox.Batch, error) {
		iv.State = hiring.Cancelled
		return outbox.Batch{}, nil
	}))
	w.check(w.ChangePerson(w.ctx(), "Pia", func(p *hiring.Person, ahead []*hiring.Interview) (outbox.Batch, error) {
		same(t, "coming", keys(ahead, func(iv *hiring.Interview) string { return iv.ID }), "ahead ")
		ahead[0].Revision++
		return outbox.Batch{}, nil
	}))
	iv, err := w.Interview(w.ctx(), "ahead")
	w.check(err)
	same(t, "revision", iv.Revision, 2)
}
