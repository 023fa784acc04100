package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/report"
)

// everyRole stands for all of the person's roles in the report's menu; no role
// has this key.
const everyRole = "*"

// maxLines is how many lines of a kind the report shows: of all roles together
// there can be more than a modal holds.
const maxLines = 60

// reportCommand is /hiring report: the numbers of one role, or of all of the
// person's.
func (b *Bot) reportCommand(ctx context.Context, c *call, words string) error {
	roles, err := b.reportRoles(ctx, c.Person)
	if err != nil {
		return err
	}
	choice := everyRole
	if words != "" {
		role := roleCalled(roles, words)
		if role == nil {
			return hiring.Invalid("", "I don't know a role “%s” of yours. Yours are: %s.", hiring.Clip(words, 80), hiring.Clip(keysOf(roles), 1500))
		}
		choice = role.Key
	}
	q, err := askReport(roles, choice, report.Last90)
	if err != nil {
		return err
	}
	view, err := b.reportView(ctx, c.Person, q, "")
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

// pickReport shows the numbers that the two menus ask for, in place.
func (b *Bot) pickReport(ctx context.Context, c *click) error {
	c.ack()
	q, err := b.reportAsked(ctx, c)
	if err != nil {
		return err
	}
	view, err := b.reportView(ctx, c.Person, q, "")
	if err != nil {
		return err
	}
	return b.update(ctx, c.View.ID, view)
}

// A reportQuestion is what somebody wants to see the numbers of.
type reportQuestion struct {
	roles  []*hiring.Role // all of the person's
	chosen []*hiring.Role // of them
	choice string         // key of the chosen one, or everyRole
	span   report.Span
}

// reportAsked reads the question from the modal's menus. The person's roles are
// looked up anew: they may have lost their part meanwhile.
func (b *Bot) reportAsked(ctx context.Context, c *click) (reportQuestion, error) {
	roles, err := b.reportRoles(ctx, c.Person)
	if err != nil {
		return reportQuestion{}, err
	}
	choice, span := everyRole, report.Last90
	if s := c.State["report-span"].SelectedOption.Value; s != "" {
		span = report.Span(s)
	}
	if key := c.State["report-role"].SelectedOption.Value; key != "" {
		choice = key
	}
	return askReport(roles, choice, span)
}

func askReport(roles []*hiring.Role, choice string, span report.Span) (reportQuestion, error) {
	q := reportQuestion{roles: roles, chosen: roles, choice: choice, span: span}
	if choice != everyRole {
		q.chosen = slices.DeleteFunc(slices.Clone(roles), func(r *hiring.Role) bool { return r.Key != choice })
	}
	if len(q.chosen) == 0 {
		return q, hiring.Refuse("You are not on this role's team any more, so I can't show you its numbers.")
	}
	return q, nil
}

func (q reportQuestion) title() string {
	if len(q.chosen) > 1 {
		return fmt.Sprintf("Your %d roles", len(q.chosen))
	}
	return roleName(q.chosen[0])
}

// reportRoles are the roles of which the person may see any numbers.
func (b *Bot) reportRoles(ctx context.Context, p hiring.Person) ([]*hiring.Role, error) {
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	roles = slices.DeleteFunc(roles, func(r *hiring.Role) bool { return report.SightOf(r, p.ID) == report.Nothing })
	if len(roles) == 0 {
		return nil, hiring.Refuse("You are not on the team of any role, so I have no numbers to show you. A role's coordinators and deciders see its report; /hiring roles shows who can change its team.")
	}
	return roles, nil
}

func keysOf(roles []*hiring.Role) string {
	var keys []string
	for _, r := range roles {
		keys = append(keys, r.Key)
	}
	return strings.Join(keys, ", ")
}

// reportView shows the numbers, with what there is to say of their CSV: nothing
// yet, that it is being made, or how it went.
func (b *Bot) reportView(ctx context.Context, p hiring.Person, q reportQuestion, sent string) (slack.ModalViewRequest, error) {
	numbers, err := b.Reports.Of(ctx, q.chosen, p.ID, q.span)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	blocks := []slack.Block{header(q.title())}
	if len(q.roles) > 1 {
		options := append([]*slack.OptionBlockObject{option(everyRole, "All of your roles", "")}, roleOptions(q.roles[:min(len(q.roles), 99)])...)
		blocks = append(blocks, choose("report-role", actReportRole, "Role", options, q.choice))
	}
	blocks = append(blocks, choose("report-span", actReportSpan, "Time", spanOptions(), string(q.span)))
	blocks = append(blocks, note(spanWords(q.span, q.chosen, b.Now())))
	if numbers.Sight > report.Own && slices.ContainsFunc(q.chosen, func(r *hiring.Role) bool { return report.SightOf(r, p.ID) == report.Own }) {
		blocks = append(blocks, note("These are the numbers of the roles that you coordinate or decide; of the others you see your own scorecards only."))
	}
	blocks = append(blocks, b.numberBlocks(ctx, numbers, p, q)...)
	if sent != "" {
		blocks = append(blocks, section(sent))
	}
	if !strings.HasPrefix(sent, hourglass) {
		blocks = append(blocks, actions("", button(actReportCSV, "csv", "Send me the CSV")))
	}
	blocks = append(blocks, divider())
	for _, text := range countingNotes(numbers.Sight, q.chosen) {
		blocks = append(blocks, note(text))
	}
	return modal("", "Report", "", "Close", blocks...), nil
}

// choose is a menu beside its name that reports each choice at once.
func choose(id, action, name string, options []*slack.OptionBlockObject, chosen string) slack.Block {
	el := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose"), action, options...)
	for _, o := range options {
		if o.Value == chosen {
			el.InitialOption = o
		}
	}
	return slack.NewSectionBlock(plain(name), nil, slack.NewAccessory(el), slack.SectionBlockOptionBlockID(id))
}

func spanOptions() []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, s := range [...]report.Span{report.Last90, report.ThisYear, report.All} {
		out = append(out, option(string(s), spanName(s), ""))
	}
	return out
}

func spanName(s report.Span) string {
	switch s {
	case report.Last90:
		return "The last 90 days"
	case report.ThisYear:
		return "This year"
	default:
		return "All"
	}
}

// spanWords says from when to when is counted. Roles in several zones begin at
// their own midnights.
func spanWords(span report.Span, roles []*hiring.Role, now time.Time) string {
	zone := roles[0].TimeZone()
	from := span.From(now, zone)
	if from.IsZero() {
		return fmt.Sprintf("Everything until %s.", clockTime(now, zone))
	}
	text := fmt.Sprintf("From %s, 12:00 am %s, to %s", from.In(zone).Format("Mon 2 Jan 2006"), zoneName(from, zone), clockTime(now, zone))
	if sameZone(roles) {
		return text + "."
	}
	return text + "; each role's days are those of its own zone."
}

func sameZone(roles []*hiring.Role) bool {
	return !slices.ContainsFunc(roles, func(r *hiring.Role) bool { return r.Zone.V != roles[0].Zone.V })
}

// numberBlocks are the numbers: short lists, which a phone shows as well.
func (b *Bot) numberBlocks(ctx context.Context, n report.Report, p hiring.Person, q reportQuestion) []slack.Block {
	var blocks []slack.Block
	add := func(title string, items ...*rich) {
		if left := len(items) - maxLines; left > 0 {
			items = append(items[:maxLines], say(fmt.Sprintf("%d more: choose one role to see them.", left)))
		}
		if len(items) > 0 {
			blocks = append(blocks, richText(say("").b(title).para(), bullets(items...)))
		}
	}
	if n.Sight == report.Own {
		add("Your scorecards", ownLine(n, p.ID))
		return blocks
	}
	if n.Ended+n.Cancelled+n.Removed+n.NotHeld+n.Waits.Count+len(n.Moves) == 0 {
		blocks = append(blocks, section("No interview took place, was moved or was cancelled in this time, and nobody was told a decision."))
		if len(n.CardsBy) == 0 {
			return blocks
		}
	}
	add("Told by the deadline", promiseLines(n, q.span)...)
	add("From added to told", waitLine(n.Waits))
	add("From stage to stage", stageLines(n.Stages, len(q.chosen) > 1)...)
	add("Scorecards", b.cardLines(ctx, n, p)...)
	add("Interviews per panelist", b.interviewLines(ctx, n.InterviewsBy)...)
	add("Moved, cancelled or not held", offLines(n)...)
	return blocks
}

// promiseLines are the promises of the span and, below, all there ever were.
func promiseLines(n report.Report, span report.Span) []*rich {
	line := func(kept string, p report.Promises) *rich {
		line := say(kept+": ").b(strconv.Itoa(p.Kept)).t(" · missed: ").b(strconv.Itoa(p.Missed)).tf(" · open: %d", p.Open)
		if share, ok := report.Percent(p.Kept, p.Settled()); ok {
			line.tf(" (kept: %d%% of %d)", share, p.Settled())
		}
		return line
	}
	if span == report.All {
		return []*rich{line("Kept", n.Promises)}
	}
	return []*rich{line("Kept", n.Promises), line("Ever kept", n.Ever)}
}

func waitLine(w report.Waits) *rich {
	line := say("").b(count(w.Count, "candidate", "candidates")).t(" told a first decision")
	if median, ok := w.Median(); ok {
		least, most, _ := w.Range()
		line.t(", median ").b(strconv.FormatFloat(median, 'f', -1, 64)).tf(" days, from %d to %d", least, most)
	}
	return line
}

func stageLines(stages []report.Stage, several bool) []*rich {
	var out []*rich
	for _, st := range stages {
		name := st.Name
		if several {
			name = hiring.Clip(roleName(st.Role), 80) + " · " + name
		}
		part := func(n int, word string) string {
			text := fmt.Sprintf("%d %s", n, word)
			if share, ok := report.Percent(n, st.Held); ok && n > 0 {
				text += fmt.Sprintf(" (%d%%)", share)
			}
			return text
		}
		parts := []string{part(st.Advanced, "advanced"), part(st.OnHold, "on hold"), part(st.Declined, "declined"), part(st.Undecided, "undecided")}
		if st.Withdrew > 0 {
			parts = append(parts, part(st.Withdrew, "withdrew"))
		}
		out = append(out, say("").b(name).tf(": %d held → %s", st.Held, strings.Join(parts, ", ")))
	}
	return out
}

// cardLines are the scorecards of all, then of each person whom the reader may
// see, by name.
func (b *Bot) cardLines(ctx context.Context, n report.Report, p hiring.Person) []*rich {
	out := []*rich{say("All: " + cardWords(n.Cards))}
	if n.CardsWithheld {
		out = []*rich{say("Of so few panelists only coordinators see whether scorecards were in time.")}
	}
	if n.Sight < report.Everything {
		if len(n.CardsBy) == 0 {
			return out
		}
		return append(out, ownLine(n, p.ID))
	}
	for _, c := range byName(ctx, b, n.CardsBy, func(c report.PersonCards) string { return c.Person }) {
		out = append(out, say("").user(c.Person).t(": "+cardWords(c.Cards)))
	}
	return out
}

func ownLine(n report.Report, person string) *rich {
	var own report.Cards
	for _, c := range n.CardsBy {
		if c.Person == person {
			own = c.Cards
		}
	}
	return say("Yours: " + cardWords(own))
}

func cardWords(c report.Cards) string {
	if c.Due()+c.NotDue == 0 {
		return "none were due"
	}
	text := fmt.Sprintf("%d on time, %d late, %d missing", c.OnTime, c.Late, c.Missing)
	if share, ok := report.Percent(c.OnTime, c.Due()); ok {
		text += fmt.Sprintf(" (on time: %d%% of %d)", share, c.Due())
	}
	if c.NotDue > 0 {
		text += fmt.Sprintf("; %d not due yet", c.NotDue)
	}
	return text
}

func (b *Bot) interviewLines(ctx context.Context, list []report.PersonInterviews) []*rich {
	var out []*rich
	for _, p := range byName(ctx, b, list, func(p report.PersonInterviews) string { return p.Person }) {
		line := say("").user(p.Person).tf(": %d", p.Count)
		if p.Shadow > 0 {
			line.tf(" (%d as a shadow)", p.Shadow)
		}
		out = append(out, line)
	}
	return out
}

// byName puts what belongs to people in the order of their names: one by
// numbers would be a ranking.
func byName[T any](ctx context.Context, b *Bot, list []T, person func(T) string) []T {
	names := map[string]string{}
	for _, v := range list {
		if p, err := b.Store.Person(ctx, person(v)); err == nil {
			names[p.ID] = strings.ToLower(p.Name)
		}
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(x, y T) int { return cmp.Compare(names[person(x)], names[person(y)]) })
	return sorted
}

// countingNotes say how each number is counted.
func countingNotes(sight report.Sight, roles []*hiring.Role) []string {
	few := fmt.Sprintf("Below %d cases there are only counts: a percentage or a median of so few would mislead.", report.Few)
	end := "the end of the next working day after the interview, by the role's hours and zone"
	if len(roles) == 1 {
		end = fmt.Sprintf("the end of the next working day after the interview (%s, %s)", clockWords(roles[0].Hours.V.End), roles[0].Zone.V)
	}
	cards := "Scorecards: the required ones of interviews that took place. On time: first submitted by " + end +
		". Missing: that time has passed, and it never was. One that nobody waited for any more isn't missing: the candidate had withdrawn, or was told before it was due. " +
		"Who wasn't there, or handed the interview over, owes none."
	if sight == report.Own {
		return []string{cards, few}
	}
	return []string{
		"Kept: the candidate was told by the deadline. Missed: told after it, or not yet and it has passed. Open: not told, and there is still time. " +
			"What was kept or missed stays so: what counts is when they were first told, also where the decision changed later. " +
			"An interview that moves, moves its deadline. A hold that the candidate was told in time moves it to the hold's date; one that came too late was missed. " +
			"Who withdrew or was erased before the deadline, and hadn't been told, isn't counted; erased candidates stay in all other numbers.",
		"From added to told: calendar days until the candidate was first told to go on or that it ends here; a hold doesn't count, since they still wait.",
		"From stage to stage: interviews that took place, by the decision that stands now; percentages are of those held. Withdrew: they left, or were erased, before a decision.",
		cards,
		"An interview counts on the day on which it ended, with its promise, its scorecards and its candidate's wait; what was cancelled on the day it was planned for; a move on the day on which it was made, by who asked for it.",
		few,
	}
}
