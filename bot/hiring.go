package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/decision"
	"convene/internal/hiring"
	"convene/internal/outbox"
)

// A word is what can be typed after a command, with what it does.
type word struct {
	Name string
	Help string
	also []string // other words for the same
	run  func(ctx context.Context, c *call, rest string) error
}

// hiringWords are what /hiring understands.
func (b *Bot) hiringWords() []word {
	return []word{
		{"dashboard", "what waits in your roles, and whose turn it is; /hiring alone does the same", []string{"status", "overview"}, b.dashboardWord},
		{"setup", "the people, channel and values of a role; a role's name may follow", []string{"set-up", "settings"}, b.setupWord},
		{"summary", "what awaits a decision, at any time; part of a candidate's name may follow", []string{"decide", "decisions"}, b.summaryWord},
		{"report", "promises kept, days until told, scorecards on time; a role's name may follow", []string{"reports", "numbers", "statistics"}, b.reportCommand},
		{"roles", "your roles: what is missing, who is where, and what each role's file says", []string{"role"}, b.rolesCommand},
		{"help", "this list", nil, b.helpWord},
	}
}

// hiringCommand is /hiring and its words.
func (b *Bot) hiringCommand(ctx context.Context, c *call) error {
	first, rest, _ := strings.Cut(strings.ToLower(c.Text), " ")
	if first == "" {
		first = "dashboard"
	}
	if wantsHelp(first) {
		first = "help"
	}
	words := b.hiringWords()
	var known []string
	for _, w := range words {
		if w.Name == first || slices.Contains(w.also, first) {
			return w.run(ctx, c, rest)
		}
		known = append(append(known, w.Name), w.also...)
	}
	text := fmt.Sprintf("I don't know “%s”.", hiring.Clip(first, 40))
	if near := hiring.Closest(first, known); near != "" {
		text += " Did you mean /hiring " + near + "?"
	}
	c.say(ctx, text+" "+b.helpText())
	return nil
}

func (b *Bot) dashboardWord(ctx context.Context, c *call, _ string) error {
	view, err := b.dashboardView(ctx, c.Person)
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

func (b *Bot) setupWord(ctx context.Context, c *call, role string) error {
	return b.setupCommand(ctx, c, role)
}

func (b *Bot) summaryWord(ctx context.Context, c *call, name string) error {
	view, err := b.awaitingFor(ctx, c.Person, listed{Full: true, Words: name})
	if err != nil {
		return err
	}
	_, err = c.open(ctx, view)
	return err
}

func (b *Bot) helpWord(ctx context.Context, c *call, _ string) error {
	c.say(ctx, b.helpText())
	return nil
}

func (b *Bot) openDashboard(ctx context.Context, c *click) error {
	view, err := b.dashboardView(ctx, c.Person)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

// dashboardView shows each of the person's roles: what waits, whose turn it is,
// how the promise stands, and what could not be delivered.
func (b *Bot) dashboardView(ctx context.Context, p hiring.Person) (slack.ModalViewRequest, error) {
	roles, err := b.Setup.Roles(ctx, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if len(roles) == 0 {
		return slack.ModalViewRequest{}, hiring.Refuse("You are not on the team of any role, so there is nothing to show here. Your own scorecards are under /scorecard. Type /hiring help to see what I do.")
	}
	var blocks []slack.Block
	for _, r := range roles {
		if len(blocks) > 70 {
			blocks = append(blocks, note("There are more roles than fit here. The App Home shows what is yours."))
			break
		}
		more, _, err := b.roleBlocks(ctx, r, p)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		blocks = append(blocks, more...)
	}
	troubles, err := b.troubleBlocks(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return modal("", "Hiring", "", "Close", append(blocks, troubles...)...), nil
}

// roleName is the role's title with its company.
func roleName(r *hiring.Role) string {
	if r.Company == "" {
		return r.Title
	}
	return r.Title + ", " + r.Company
}

// roleBlocks show how a role stands for the person: what it lacks, or who waits
// for what, and the interviews ahead. Whose candidates they are is returned.
func (b *Bot) roleBlocks(ctx context.Context, r *hiring.Role, p hiring.Person) (blocks []slack.Block, waiting []string, err error) {
	blocks = []slack.Block{header(roleName(r))}
	may, err := b.Setup.May(ctx, r, p.ID)
	if err != nil {
		return nil, nil, err
	}
	if missing := r.Missing(); len(missing) > 0 {
		text := "Not open yet. Missing: " + strings.Join(missing, ", ") + "."
		if may {
			return append(blocks, section(text), actions("", primary(button(actSetup, r.Key, "Set up")))), nil, nil
		}
		who, err := b.Setup.Fillers(ctx, r)
		if err != nil {
			return nil, nil, err
		}
		return append(blocks, section(text+" "+b.orNames(ctx, who)+" can fill it in.")), nil, nil
	}
	if !r.IsCoordinator(p.ID) && !r.IsDecider(p.ID) {
		return append(blocks, section("You are on this role's team. Your interviews are in the App Home, your scorecards under /scorecard.")), nil, nil
	}
	sum, err := b.Decisions.Summary(ctx, r.Key, b.Now())
	if err != nil {
		return nil, nil, err
	}
	zone, decides := p.TimeZone(r.TimeZone()), false
	var items []*rich
	more := 0
	for _, e := range sum.Entries {
		if e.Need == hiring.NeedNothing {
			continue
		}
		waiting = append(waiting, e.Case.Candidate.ID)
		if len(items) == maxNamed {
			more++
			continue
		}
		items = append(items, entryLine(e, zone, b.Now()))
		decides = decides || e.Need == hiring.NeedDecision && r.IsDecider(p.ID)
	}
	if len(items) == 0 {
		blocks = append(blocks, section("Nobody waits for an answer."))
	} else {
		if more > 0 {
			items = append(items, say(fmt.Sprintf("and %d more: type /hiring summary", more)))
		}
		blocks = append(blocks, list(items...))
	}
	if decides {
		blocks = append(blocks, note("Type /decide to read the evidence and decide."))
	}
	ahead, err := b.Decisions.Ahead(ctx, r.Key)
	if err != nil {
		return nil, nil, err
	}
	if len(ahead) > 0 {
		lines, shown := aheadLines(ahead, zone, b.Now())
		blocks, waiting = append(blocks, section("Interviews ahead:"), list(lines...)), append(waiting, shown...)
	}
	promises, err := b.Reports.Promises(ctx, r.Key)
	if err != nil {
		return nil, nil, err
	}
	if n := promises.Settled(); n > 0 {
		blocks = append(blocks, note(fmt.Sprintf("Told in time: %d of %d.", promises.Kept, n)))
	}
	var buttons []slack.BlockElement
	if r.IsCoordinator(p.ID) {
		buttons = append(buttons, button(actCandidateAdd, "new", "Add a candidate"))
	}
	if may {
		buttons = append(buttons, button(actSetup, r.Key, "Setup"))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, actions("", buttons...))
	}
	return blocks, waiting, nil
}

// maxNamed is how many candidates a list of the dashboard names.
const maxNamed = 15

// aheadLines say of each interview to come how its promise stands. They also
// return whose they are.
func aheadLines(ahead []decision.Entry, zone *time.Location, now time.Time) (lines []*rich, candidates []string) {
	for i, e := range ahead {
		k := e.Case
		candidates = append(candidates, k.Candidate.ID)
		if i < maxNamed {
			lines = append(lines, say("").b(k.Candidate.Name).t(" · "+k.Stage().Name+": ").light(e.Plan, now).
				t(span(k.Interview.Start, k.Interview.End, zone)+" with ").users(e.Plan.Whose).t(". The candidate hears by "+clockTime(k.Interview.Deadline, zone)+"."))
		}
	}
	if more := len(ahead) - maxNamed; more > 0 {
		lines = append(lines, say(fmt.Sprintf("and %d more: type /candidate", more)))
	}
	return lines, candidates
}

// entryLine says in one line what a candidate waits for, and whose turn it is.
func entryLine(e decision.Entry, zone *time.Location, now time.Time) *rich {
	c := e.Case
	line := say("").b(c.Candidate.Name).t(" · "+c.Stage().Name+": ").light(e.Plan, now)
	switch e.Need {
	case hiring.NeedScorecards:
		line.tf("%d of %d scorecards in, waiting for ", e.In, e.Owed).users(e.Holders)
	case hiring.NeedDecision:
		line.t("waiting for a decision by ").anyOf(e.Holders)
	case hiring.NeedNotice:
		line.tf("decided (%s), not told yet; ", strings.ToLower(outcomeWord(c.Decision))).users(e.Holders).t(" tells them")
	}
	due := c.Interview.Deadline
	if !now.Before(due) {
		return line.tf(". The answer was promised by %s.", clockTime(due, zone))
	}
	if e.Plan.By.Before(due) {
		line.tf(", planned by %s", clockTime(e.Plan.By, zone))
	}
	return line.tf(". The candidate hears by %s.", clockTime(due, zone))
}

// troubleBlocks shows coordinators of the workspace what could not be delivered.
func (b *Bot) troubleBlocks(ctx context.Context, p hiring.Person) ([]slack.Block, error) {
	ids, err := b.Directory.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	mine := false
	for _, id := range ids {
		mine = mine || id == p.ID
	}
	if !mine {
		return nil, nil
	}
	troubles, err := b.Store.Troubles(ctx, 5)
	if err != nil || len(troubles) == 0 {
		return nil, err
	}
	blocks := []slack.Block{divider(), section("Not delivered. What can be tried again is, by itself; a coordinator of the role was told of the rest.")}
	for _, e := range troubles {
		blocks = append(blocks, note(hiring.Clip(troubleWords(e), 300)))
	}
	return blocks, nil
}

// troubleWords says what isn't delivered, and why in the far end's own words.
func troubleWords(e outbox.Effect) string {
	what := map[string]string{
		outbox.Post: "A message in Slack", outbox.Mail: "An e-mail to a candidate", outbox.CalendarInsert: "A new event in Google Calendar",
		outbox.CalendarErase: "The removal of an erased candidate's event in Google Calendar", outbox.DeleteFile: "The removal of an erased candidate's file in Slack",
		outbox.Scrub: "Tidying the database after a candidate was erased", outbox.CalendarMove: "A change of an event in Google Calendar", outbox.CalendarDelete: "The removal of an event in Google Calendar",
	}[e.Kind]
	if e.State == outbox.Failed || e.State == outbox.Person {
		return what + " was given up: " + e.Problem
	}
	return what + " waits: " + e.Problem
}
