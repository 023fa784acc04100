package bot

import (
	"fmt"
	"sort"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"convene/internal/hiring"
)

// field is an input with its label. The block's id is the field's name in
// errors.
func field(id, label, hint string, element slack.BlockElement) *slack.InputBlock {
	var h *slack.TextBlockObject
	if hint != "" {
		h = plain(hint)
	}
	return slack.NewInputBlock(id, plain(label), h, element)
}

func optional(in *slack.InputBlock) *slack.InputBlock {
	in.Optional = true
	return in
}

// textInput takes up to max characters; Slack takes 3,000.
func textInput(action string, max int, initial string, lines bool) *slack.PlainTextInputBlockElement {
	el := slack.NewPlainTextInputBlockElement(nil, action)
	el.Multiline, el.MaxLength, el.InitialValue = lines, min(max, 3000), initial
	return el
}

func urlInput(action string) *slack.URLTextInputBlockElement {
	return &slack.URLTextInputBlockElement{Type: slack.METURLTextInput, ActionID: action}
}

func timePicker(action, initial string) *slack.TimePickerBlockElement {
	el := slack.NewTimePickerBlockElement(action)
	el.InitialTime = initial
	return el
}

func datePicker(action string, initial time.Time) *slack.DatePickerBlockElement {
	el := slack.NewDatePickerBlockElement(action)
	if !initial.IsZero() {
		el.InitialDate = initial.Format(time.DateOnly)
	}
	return el
}

// menu is a select with its label; live ones report each choice at once.
func menu(id, action, label string, options []*slack.OptionBlockObject, chosen string, live bool) *slack.InputBlock {
	el := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, action, options...)
	for _, o := range options {
		if o.Value == chosen {
			el.InitialOption = o
		}
	}
	in := field(id, label, "", el)
	in.DispatchAction = live
	return in
}

// option is a choice; Slack takes 75 characters each of text and description.
func option(value, text, description string) *slack.OptionBlockObject {
	var d *slack.TextBlockObject
	if description != "" {
		d = plain(hiring.Clip(description, 75))
	}
	return slack.NewOptionBlockObject(value, plain(hiring.Clip(text, 75)), d)
}

func roleOptions(roles []*hiring.Role) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, r := range roles[:min(len(roles), 100)] {
		text := r.Title
		if r.Company != "" {
			text += ", " + r.Company
		}
		out = append(out, option(r.Key, text, ""))
	}
	return out
}

// zones are the ones offered for a candidate: one or more for every offset in
// use. Slack takes 100 options.
var zones = [...]string{
	"Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Vancouver", "America/Tijuana", "America/Denver", "America/Phoenix",
	"America/Edmonton", "America/Chicago", "America/Winnipeg", "America/Mexico_City", "America/Costa_Rica", "America/New_York", "America/Toronto",
	"America/Detroit", "America/Indiana/Indianapolis", "America/Bogota", "America/Lima", "America/Jamaica", "America/Puerto_Rico", "America/Halifax",
	"America/Caracas", "America/Santiago", "America/St_Johns", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Montevideo",
	"Atlantic/Azores", "Atlantic/Reykjavik", "Africa/Accra", "Africa/Casablanca", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Africa/Lagos",
	"Europe/Amsterdam", "Europe/Belgrade", "Europe/Berlin", "Europe/Brussels", "Europe/Copenhagen", "Europe/Madrid", "Europe/Oslo", "Europe/Paris",
	"Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Africa/Cairo", "Africa/Johannesburg",
	"Africa/Nairobi", "Asia/Beirut", "Asia/Jerusalem", "Europe/Athens", "Europe/Bucharest", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv",
	"Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Tbilisi", "Asia/Kabul", "Asia/Karachi", "Asia/Tashkent", "Asia/Kolkata", "Asia/Colombo",
	"Asia/Kathmandu", "Asia/Dhaka", "Asia/Almaty", "Asia/Yangon", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Hong_Kong", "Asia/Kuala_Lumpur",
	"Asia/Manila", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Australia/Perth", "Asia/Seoul", "Asia/Tokyo", "Australia/Adelaide",
	"Australia/Darwin", "Australia/Brisbane", "Australia/Hobart", "Australia/Melbourne", "Australia/Sydney", "Pacific/Guam", "Pacific/Auckland",
	"Pacific/Chatham", "Pacific/Fiji", "Pacific/Tongatapu", "UTC",
}

// zoneOptions are the zones by name, the role's own among them.
func zoneOptions(own string) []*slack.OptionBlockObject {
	names := append([]string{}, zones[:]...)
	known := false
	for _, z := range names {
		known = known || z == own
	}
	if !known && own != "" {
		names = append(names, own)
	}
	sort.Strings(names)
	var out []*slack.OptionBlockObject
	for _, z := range names {
		out = append(out, option(z, z, ""))
	}
	return out
}

// clockValue reads a time picker's "09:30".
func clockValue(s string, otherwise time.Duration) time.Duration {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return otherwise
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

func clockWords(d time.Duration) string {
	return time.Date(2000, 1, 1, int(d.Hours()), int(d.Minutes())%60, 0, 0, time.UTC).Format("3:04 pm")
}

// dateValue reads a date picker's "2026-11-30" as that day in zone, at noon.
func dateValue(s string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// escape makes a person's text harmless where Slack reads markup.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func escape(s string) string { return slackutilsx.EscapeMessage(s) }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
