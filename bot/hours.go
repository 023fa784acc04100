package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/setup"
)

// homeSettings shows the person's own working hours and calendar.
func homeSettings(p hiring.Person) []slack.Block {
	hours := say("").b("My working hours: ")
	if len(p.Hours.Days) == 0 {
		hours.t("the role's")
	} else {
		hours.t(p.Hours.Words() + zoneWords(p))
	}
	calendar := say("").b("My calendar: ")
	switch address := p.CalendarID(); {
	case address == "":
		calendar.t("no address is known, so I can't tell when you are free")
	case p.Calendar == "":
		calendar.t(address).i(" · your e-mail address in Slack")
	case p.CalendarBy == p.ID:
		calendar.t(address).i(" · set by you, " + clockTime(p.CalendarAt, p.TimeZone(time.UTC)))
	default:
		calendar.t(address).i(" · set by ").user(p.CalendarBy).i(", " + clockTime(p.CalendarAt, p.TimeZone(time.UTC)))
	}
	return []slack.Block{header("My hours and calendar"), list(hours, calendar),
		actions("", button(actHours, "mine", "Change my hours"), button(actCalendar, "mine", "Change my calendar"))}
}

// zoneWords names the person's zone.
func zoneWords(p hiring.Person) string {
	if p.Zone == "" {
		return " (Slack knows no time zone of yours, so the role's is used)"
	}
	return " (" + p.Zone + ")"
}

// openHours asks for the person's own working hours.
func (b *Bot) openHours(ctx context.Context, c *click) error {
	return b.show(ctx, c, hoursView(c.Person))
}

func hoursView(p hiring.Person) slack.ModalViewRequest {
	h := p.Hours
	if len(h.Days) == 0 {
		h = hiring.Hours{Days: []time.Weekday{1, 2, 3, 4, 5}, Start: 9 * time.Hour, End: 17 * time.Hour}
	}
	where := "They are in your time zone as Slack knows it: " + p.Zone + "."
	if p.Zone == "" {
		where = "Slack knows no time zone of yours: set one in your Slack profile. Until then the role's is used."
	}
	blocks := []slack.Block{
		section("Interviews are only offered, and you are only reminded, inside your working hours. " + where),
		field("days", "My working days", "", dayBoxes(h.Days)),
		field("start", "From", "", timePicker("time", clock24(h.Start))),
		field("end", "To", "", timePicker("time", clock24(h.End))),
	}
	if len(p.Hours.Days) > 0 {
		blocks = append(blocks, actions("", button(actHoursReset, "mine", "Use the role's hours again")))
	} else {
		blocks = append(blocks, note("You use the hours of each role so far."))
	}
	return modal(viewHours, "My working hours", "Save", "Close", blocks...)
}

func (b *Bot) submitHours(ctx context.Context, s *submission) (any, error) {
	var h hiring.Hours
	for _, o := range s.State["days"].SelectedOptions {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if d.String() == o.Value {
				h.Days = append(h.Days, d)
			}
		}
	}
	if len(h.Days) == 0 {
		return nil, hiring.Invalid("days", "Choose at least one day.")
	}
	h.Start, h.End = clockValue(s.State["start"].SelectedTime, 9*time.Hour), clockValue(s.State["end"].SelectedTime, 17*time.Hour)
	if err := b.Setup.SaveHours(ctx, s.Person.ID, h); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("Saved: %s%s. New times are looked for inside them; interviews already booked stay.", h.Words(), zoneWords(s.Person))
	return slack.NewUpdateViewSubmissionResponse(told("My working hours", text)), nil
}

func (b *Bot) resetHours(ctx context.Context, c *click) error {
	if err := b.Setup.SaveHours(ctx, c.Person.ID, hiring.Hours{}); err != nil {
		return err
	}
	return b.afterClick(ctx, c, "My working hours", "Done: the hours of each role count for you again.")
}

// openCalendar asks for the address of the person's calendar.
func (b *Bot) openCalendar(ctx context.Context, c *click) error {
	return b.show(ctx, c, ownCalendarView(c.Person))
}

func ownCalendarView(p hiring.Person) slack.ModalViewRequest {
	return modal(viewCalendar, "My calendar", "Save and try", "Close",
		section("I look for your free time in this Google calendar, and see no more than busy or free. Leave it empty to use your e-mail address in Slack."),
		optional(calendarField("calendar", "Address of my calendar", "", p)))
}

func (b *Bot) submitCalendar(ctx context.Context, s *submission) (any, error) {
	if err := b.Setup.SaveOwnCalendar(ctx, s.Person.ID, strings.TrimSpace(s.State["calendar"].Value)); err != nil {
		return nil, err
	}
	s.after = func(ctx context.Context) {
		looked, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		people := []string{s.Person.ID}
		trials, err := b.Setup.Try(looked, people)
		if err != nil {
			trials = map[string]setup.Trial{s.Person.ID: {Trouble: "I couldn't try it just now"}}
		}
		if err := b.update(ctx, s.View.ID, modal("", "My calendar", "", "Close", trialBlocks(people, trials)...)); err != nil {
			b.Log.Warn("calendar not shown", "user", s.Person.ID, "err", err)
		}
	}
	view := loading("My calendar", "Saved. Trying the calendar…")
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}
