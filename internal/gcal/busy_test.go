package gcal_test

import (
	"testing"
	"time"

	"convene/internal/hiring"
	"convene/internal/sandbox/fakegoogle"

	"github.com/google/go-cmp/cmp"
)

func TestBusyIsClippedMergedAndNeverGuessed(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) { o.UnmergedBusy = true })
	must(t, w.AddUser(fakegoogle.User{Email: "eve@other.example"}))
	for _, b := range [][2]string{
		{"2026-11-19T09:00:00Z", "2026-11-19T10:00:00Z"},
		{"2026-11-19T08:00:00Z", "2026-11-19T09:00:00Z"},
		{"2026-11-19T08:30:00Z", "2026-11-19T08:45:00Z"},
		{"2026-11-18T23:00:00Z", "2026-11-19T01:00:00Z"},
	} {
		_, err := w.AddBusy(ann, "Busy", at(b[0]), at(b[1]), false)
		must(t, err)
	}
	got, err := w.client().Busy(ctx, []string{ann, bob, "eve@other.example", ""}, at("2026-11-19T00:00:00Z"), at("2026-11-20T00:00:00Z"))
	must(t, err)
	want := map[string]hiring.Calendar{
		ann: {Busy: []hiring.Interval{
			{Start: at("2026-11-19T00:00:00Z"), End: at("2026-11-19T01:00:00Z")},
			{Start: at("2026-11-19T08:00:00Z"), End: at("2026-11-19T10:00:00Z")},
		}},
		bob:                 {},
		"eve@other.example": {Unreadable: "there is no such calendar, or its free/busy is not shared with the bot's Google user"},
		"":                  {Unreadable: "there is no e-mail address"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBusyAsksInPortions(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) {
		o.FreeBusyOverflow, o.MaxFreeBusyRange = "refuse", 31*24*time.Hour
	})
	var emails []string
	for i := range 51 {
		email := string(rune('a'+i/26)) + string(rune('a'+i%26)) + "@corp.example"
		must(t, w.AddUser(fakegoogle.User{Email: email}))
		emails = append(emails, email)
	}
	last := emails[50]
	_, err := w.AddBusy(last, "Long", at("2026-12-19T12:00:00Z"), at("2026-12-21T12:00:00Z"), false) // over the edge of a portion
	must(t, err)
	from, to := at("2026-11-19T00:00:00Z"), at("2027-01-19T00:00:00Z")
	got, err := w.client().Busy(ctx, append(emails, last), from, to)
	must(t, err)
	if len(got) != 51 || len(w.Requests("freebusy.query")) != 2+4 { // of two groups: the whole, refused, and its halves
		t.Errorf("%d calendars in %d requests", len(got), len(w.Requests("freebusy.query")))
	}
	want := hiring.Calendar{Busy: []hiring.Interval{{Start: at("2026-12-19T12:00:00Z"), End: at("2026-12-21T12:00:00Z")}}}
	if diff := cmp.Diff(want, got[last]); diff != "" {
		t.Error(diff)
	}

	w.Configure(func(o *fakegoogle.Options) { o.MaxFreeBusyRange = 90 * 24 * time.Hour })
	before := len(w.Requests("freebusy.query"))
	_, err = w.client().Busy(ctx, emails, from, to)
	must(t, err)
	if n := len(w.Requests("freebusy.query")) - before; n != 2 {
		t.Errorf("%d requests for two groups of calendars over two months", n)
	}
}

func TestBusyRowThatIsMissingIsUnknown(t *testing.T) {
	w := start(t)
	w.Configure(func(o *fakegoogle.Options) { o.FreeBusyMissing = []string{bob} })
	got, err := w.client().Busy(ctx, []string{ann, bob}, at("2026-11-19T00:00:00Z"), at("2026-11-20T00:00:00Z"))
	must(t, err)
	if got[ann].Unreadable != "" || got[bob].Unreadable == "" {
		t.Errorf("got %+v", got)
	}
}
