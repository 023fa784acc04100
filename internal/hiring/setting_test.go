package hiring

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func settingsRole() *Role {
	return &Role{
		Key: "r", Revision: "v1",
		Zone:      Value[string]{V: "America/Chicago", Chosen: true},
		Hours:     Value[Hours]{V: Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}},
		MinNotice: Value[time.Duration]{V: day}, Horizon: Value[time.Duration]{V: 14 * day}, Buffer: Value[time.Duration]{V: 15 * time.Minute, Chosen: true},
		PerDay: Value[int]{V: 3}, PerWeek: Value[int]{V: 10}, NagAfter: Value[time.Duration]{V: 16 * time.Hour}, Escalate: Value[int]{V: 2},
		Stages: []Stage{
			{ID: "letter", Kind: StageCheck},
			{ID: "round1", Name: "Screening", Kind: StageInterview, Duration: Value[time.Duration]{V: 45 * time.Minute}, KitLead: Value[time.Duration]{V: day},
				Location: Value[Location]{V: Location{Kind: "meet"}},
				Deadline: Value[DeadlineRule]{V: DeadlineRule{Kind: WeekdayAfterWeek, Weekday: time.Monday, EOD: 17 * time.Hour, Holiday: HolidayNext}, Chosen: true}},
		},
		Choices: []Choice{{"zone", "Time zone", "America/Chicago"}, {"buffer", "Buffer", "15 minutes"}, {"stages.round1.deadline", "Told", "Monday"}},
	}
}

// What every setting is written as can be read again, and changes nothing.
func TestSettingsComeBackAsWritten(t *testing.T) {
	r := settingsRole()
	r.Stages[1].Deadline.V.Days = 1
	settings := map[string]Setting{}
	for _, k := range r.knobs() {
		settings[k.path] = Setting{Value: k.value.notation()}
	}
	with := r.With(settings)
	for _, k := range with.knobs() {
		if got, want := k.value.notation(), settings[k.path].Value; got != want {
			t.Errorf("%s: %q came back as %q", k.path, want, got)
		}
		if *k.chosen {
			t.Errorf("%s is still marked as chosen", k.path)
		}
	}
}

func TestSettingsStandOverTheFile(t *testing.T) {
	r := settingsRole()
	before := settingsRole()
	with := r.With(map[string]Setting{
		"zone": {Value: "Europe/Berlin"}, "hours.days": {Value: "Monday, Thursday"}, "hours.end": {Value: "18:30"}, "buffer": {Value: "0"},
		"holidays.extra": {Value: "2026-12-24, 2026-12-31"}, "holidays.country": {Value: "DE-BE"}, "per_day": {Value: "2"}, "sealed": {Value: "true"},
		"stages.round1.duration": {Value: "1h15m"}, "stages.round1.location.kind": {Value: "phone"}, "stages.round1.location.text": {Value: "+1 555 0100"},
		"stages.round1.deadline.kind": {Value: BusinessDays}, "stages.round1.deadline.days": {Value: "3"}, "stages.round1.deadline.eod": {Value: "12:00"},
		"stages.gone.duration": {Value: "1h"}, "horizon": {Value: "soon"}, "per_week": {Value: "99"},
	})
	st := with.Stages[1]
	for what, got := range map[string]bool{
		"zone": with.Zone.V == "Europe/Berlin" && !with.Zone.Chosen, "days": with.Hours.V.DayWords() == "Monday, Thursday", "end": with.Hours.V.End == 18*time.Hour+30*time.Minute,
		"start as stated": with.Hours.V.Start == 9*time.Hour, "buffer": with.Buffer.V == 0, "extra": len(with.Holidays.V.Extra) == 2, "country": with.Holidays.V.Country == "DE-BE",
		"per day": with.PerDay.V == 2, "sealed": with.Sealed.V, "duration": st.Duration.V == 75*time.Minute, "phone": st.Location.V.Words() == "by phone: +1 555 0100",
		"rule":                           st.Deadline.V.DayWords() == "3 working days after the interview" && st.Deadline.V.EOD == 12*time.Hour,
		"what can't be read is left out": with.Horizon.V == 14*day && with.PerWeek.V == 10,
	} {
		if !got {
			t.Errorf("%s: %+v", what, with)
		}
	}
	if !reflect.DeepEqual(r, before) {
		t.Error("the file's role was changed")
	}
	if with.AsStated() != r || with.With(nil).AsStated() != r {
		t.Error("what the file says is lost")
	}
	with.Setup.Settings = map[string]Setting{"stages.gone.duration": {}, "buffer": {}}
	if got := with.Unused(); !slices.Equal(got, []string{"stages.gone.duration"}) {
		t.Errorf("unused: %v", got)
	}
}

// What people type is looser than the file's notation; only what differs from
// the file is kept, and a mistake gets a sentence that says what to write.
func TestReadSettings(t *testing.T) {
	r := settingsRole()
	got, problems := r.ReadSettings(LimitsSection, map[string]string{"min_notice": "24 hours", "horizon": "3 days 12 hours", "buffer": "none", "per_day": "3", "zone": "UTC"})
	if want := map[string]string{"horizon": "84h", "buffer": "0"}; len(problems) > 0 || !maps.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, problems, want)
	}
	for _, tt := range []struct{ section, path, typed, words string }{
		{TimesSection, "hours.start", "7:99", "“7:99” isn't a time. Write it on the 24-hour clock"},
		{TimesSection, "zone", "EST", "“EST” isn't a time zone. Write an IANA name such as America/Chicago"},
		{TimesSection, "zone", "Mars/Crater", "isn't a time zone"},
		{TimesSection, "hours.days", "", "Choose at least one day"},
		{TimesSection, "holidays.extra", "24.12.2026", "“24.12.2026” isn't a date. Write year-month-day"},
		{LimitsSection, "buffer", "soon", "“soon” isn't a length of time. Write e.g. 45 minutes"},
		{LimitsSection, "buffer", "3 hours", "Choose a free time between nothing and 2 hours"},
		{LimitsSection, "per_week", "1.5", "Write a whole number from 1 to 40"},
		{"stages.round1", "stages.round1.duration", "5m", "Choose a length between 10 minutes and 8 hours"},
		{"stages.round1", "stages.round1.deadline.days", "", "Write a whole number from 1 to 30"},
		{"stages.round1", "stages.round1.location.kind", "moon", "Choose one of these"},
		{"stages.round1", "stages.round1.location.text", strings.Repeat("x", 501), "at most 500 characters"},
	} {
		_, problems := r.ReadSettings(tt.section, map[string]string{tt.path: tt.typed})
		if len(problems) != 1 || problems[0].Field != tt.path || !strings.Contains(problems[0].Text, tt.words) {
			t.Errorf("%s %q: %v", tt.path, tt.typed, problems)
		}
	}
}

func TestMisfits(t *testing.T) {
	for path, tt := range map[string]map[string]Setting{
		"hours.end":                   {"hours.end": {Value: "8:00"}},
		"min_notice":                  {"min_notice": {Value: "14d"}},
		"per_day":                     {"per_day": {Value: "12"}},
		"stages.round1.duration":      {"stages.round1.duration": {Value: "8h"}, "hours.end": {Value: "16:00"}},
		"stages.round1.location.text": {"stages.round1.location.kind": {Value: "link"}, "stages.round1.location.text": {Value: "our room"}},
		"stages.round1.deadline.days": {"stages.round1.deadline.kind": {Value: BusinessDays}},
	} {
		got := settingsRole().With(tt).Misfits()
		if len(got) != 1 || got[0].Field != path {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := settingsRole().Misfits(); got != nil {
		t.Errorf("%v", got)
	}
}

func TestLinesSayWhereAValueComesFrom(t *testing.T) {
	r := settingsRole()
	r.Setup.Confirmed = Confirmation(r.Choices[:1])
	at := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	r.Setup.Settings = map[string]Setting{"stages.round1.deadline.eod": {Value: "16:00", By: "cai", At: at}}
	with := r.With(r.Setup.Settings)
	var got []string
	for _, section := range []string{TimesSection, LimitsSection, StageSection("round1")} {
		for _, l := range with.Lines(section) {
			if l.Source != Stated && l.Source != Off {
				got = append(got, l.Name+"="+l.Words+" "+string(l.Source)+" "+l.By)
			}
		}
	}
	want := "Time zone=America/Chicago confirmed |Free time on both sides=15 minutes chosen |Candidate told=Monday after the interview's week confirmed |" +
		"End of that day=16:00, America/Chicago set cai|When it is a holiday=the next working day confirmed "
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if open := with.Unconfirmed(); len(open) != 1 || open[0].Path != "buffer" {
		t.Errorf("unconfirmed: %v", open)
	}
}

func TestParseSpan(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"45m": 45 * time.Minute, "1h30m": 90 * time.Minute, "14d": 14 * day, "1 hour 30 minutes": 90 * time.Minute, " 2 Days ": 2 * day, "none": 0, "0": 0, "24 hrs": day,
	} {
		if got, ok := ParseSpan(s); !ok || got != want {
			t.Errorf("%q: %s %t, want %s", s, got, ok, want)
		}
		if got, ok := ParseSpan(SpanWords(want)); !ok || got != want {
			t.Errorf("%q: %s %t, want %s", SpanWords(want), got, ok, want)
		}
	}
	for _, s := range []string{"", "45", "soon", "1 hour and a half", "-5m", "1.5h"} {
		if got, ok := ParseSpan(s); ok {
			t.Errorf("%q was read as %s", s, got)
		}
	}
}
