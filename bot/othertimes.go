package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/schedule"
)

// otherTimes lead to times that aren't shown.
func (b *Bot) otherTimes(s *schedule.Search, role *hiring.Role) slack.Block {
	weeks := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Other week"), actWeek, b.weekOptions(s, role)...)
	for _, o := range weeks.Options {
		if !s.Until.IsZero() && o.Value == s.Until.In(role.TimeZone()).AddDate(0, 0, -7).Format(time.DateOnly) {
			weeks.InitialOption = o
		}
	}
	elements := []slack.BlockElement{weeks}
	if s.More {
		elements = append(elements, button(actMoreTimes, s.ID, "More times"))
	}
	elements = append(elements, button(actAnyTime, s.ID, "Pick any time"))
	stage, _ := role.Stage(s.Stage)
	elements = append(elements, b.chooseButton(s, stage)...)
	if len(s.Offers) > 0 {
		elements = append(elements, button(actSearchAgain, s.ID, "Look again"))
	}
	return actions("other#"+s.ID, elements...)
}

// maxWeeks is how many weeks there are to choose from: as many as the furthest
// horizon of a role has.
const maxWeeks = 14

// weekOptions are the weeks within the role's horizon, by their Monday.
func (b *Bot) weekOptions(s *schedule.Search, role *hiring.Role) []*slack.OptionBlockObject {
	zone := role.TimeZone()
	now := b.Now().In(zone)
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 12, 0, 0, 0, zone)
	out := []*slack.OptionBlockObject{option("any", "Any week", "")}
	for i := range maxWeeks {
		week := monday.AddDate(0, 0, 7*i)
		if week.After(now.Add(role.Horizon.V)) && week.After(s.End) {
			break
		}
		text := "Week of " + week.Format("Mon 2 Jan")
		if i == 0 {
			text = "This week"
		}
		out = append(out, option(week.Format(time.DateOnly), text, ""))
	}
	return out
}

// moreTimes looks for times besides those that are shown. For another question
// it begins anew.
func (b *Bot) moreTimes(ctx context.Context, c *click) error {
	old, err := b.Schedule.Store.Search(ctx, c.Value)
	if err != nil {
		return err
	}
	req, err := b.changedRequest(ctx, old, c.State, c.Person.ID)
	if err != nil {
		return err
	}
	if sameQuestion(old, c.State) == nil && req.From.Equal(old.From) {
		req.Wanted, req.Shown = time.Time{}, old.Shown
		for _, o := range old.Offers {
			req.Shown = append(req.Shown, o.Start)
		}
	}
	return b.searchIn(ctx, c, req)
}

// otherWeek looks in one week only, or in any again.
func (b *Bot) otherWeek(ctx context.Context, c *click) error {
	old, err := b.Schedule.Store.Search(ctx, readMeta(c.View.PrivateMetadata).Search)
	if err != nil {
		return err
	}
	req, err := b.changedRequest(ctx, old, c.State, c.Person.ID)
	if err != nil {
		return err
	}
	role, err := b.Store.Role(ctx, old.RoleKey)
	if err != nil {
		return err
	}
	req.From, req.Until, req.Wanted = startOfDay(c.Value, role.TimeZone()), time.Time{}, time.Time{}
	if !req.From.IsZero() {
		req.Until = startOfDay(req.From.AddDate(0, 0, 7).Format(time.DateOnly), role.TimeZone())
	}
	if req.From.Before(b.Now()) {
		req.From = time.Time{}
	}
	return b.searchIn(ctx, c, req)
}
