package role

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"

	"convene/internal/hiring"
)

// IsHoliday returns a function that reports whether a day is one of the
// holidays: by its date alone, whatever its hour and zone. A holiday counts on
// its own date and on the date on which it is observed. The function may be
// called from several goroutines.
//
// An unknown country or a malformed extra date is an error that says what to
// write instead.
func IsHoliday(h hiring.Holidays) (func(day time.Time) bool, error) {
	var days []*cal.Holiday
	if h.Country != "" {
		known, ok := calendars()[h.Country]
		if !ok {
			return nil, fmt.Errorf("no holiday calendar is known for “%s”: %s", h.Country, unknownCountryHint(h.Country))
		}
		days = known
	}
	extra := map[string]bool{}
	for _, d := range h.Extra {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return nil, fmt.Errorf("“%s” is not a date: write year-month-day, e.g. 2026-12-24", d)
		}
		extra[d] = true
	}
	calendar := &cal.Calendar{Holidays: days} // not Cacheable: its cache is not safe for several goroutines
	return func(day time.Time) bool {
		actual, observed, _ := calendar.IsHoliday(day)
		return actual || observed || extra[day.Format(time.DateOnly)]
	}, nil
}

// Countries returns the codes of the known holiday calendars, sorted.
func Countries() []string { return slices.Sorted(maps.Keys(calendars())) }

func unknownCountryHint(code string) string {
	if upper := strings.ToUpper(code); upper != code {
		if _, ok := calendars()[upper]; ok {
			return fmt.Sprintf("did you mean “%s”?", upper)
		}
	}
	if code == "UK" {
		return "did you mean “GB”?"
	}
	return "use one of " + strings.Join(Countries(), ", ") + ", or list the days under “extra”"
}

// calendars are the public holidays by ISO 3166 code: the whole country's, or a
// state's where few are common to the country.
func calendars() map[string][]*cal.Holiday {
	return map[string][]*cal.Holiday{
		"AT": at.Holidays, "BE": be.Holidays, "CA": ca.Holidays, "CH": ch.Holidays, "DK": dk.Holidays,
		"ES": es.Holidays, "FR": fr.Holidays, "GB": gb.Holidays, "IE": ie.Holidays, "IT": it.Holidays,
		"JP": jp.Holidays, "NL": nl.Holidays, "NO": no.Holidays, "NZ": nz.Holidays, "PL": pl.Holidays,
		"SE": se.Holidays, "US": us.Holidays, "ZA": za.Holidays,

		"AU":     {au.NewYear, au.AustraliaDay, au.GoodFriday, au.EasterMonday, au.AnzacDay, au.ChristmasDay, au.BoxingDay},
		"AU-ACT": au.HolidaysACT, "AU-NSW": au.HolidaysNSW, "AU-NT": au.HolidaysNT, "AU-QLD": au.HolidaysQLD,
		"AU-SA": au.HolidaysSA, "AU-TAS": au.HolidaysTAS, "AU-VIC": au.HolidaysVIC, "AU-WA": au.HolidaysWA,

		"DE": de.Holidays, "DE-BW": de.HolidaysBW, "DE-BY": de.HolidaysBY, "DE-BE": de.HolidaysBE, "DE-BB": de.HolidaysBB,
		"DE-HB": de.HolidaysHB, "DE-HH": de.HolidaysHH, "DE-HE": de.HolidaysHE, "DE-MV": de.HolidaysMV, "DE-NI": de.HolidaysNI,
		"DE-NW": de.HolidaysNW, "DE-RP": de.HolidaysRP, "DE-SL": de.HolidaysSL, "DE-SN": de.HolidaysSN, "DE-ST": de.HolidaysST,
		"DE-SH": de.HolidaysSH, "DE-TH": de.HolidaysTH,
	}
}
