package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/setup"
)

// unknownChannel says that nobody has looked at the role's channel yet.
const unknownChannel = "?"

// lookTime bounds what is asked of Slack and Google for the hub.
const lookTime = 10 * time.Second

// lookFromHub asks whether calendars can be read and the channel is fit, and
// shows it in the hub. again asks for calendars that were read before, too.
func (b *Bot) lookFromHub(ctx context.Context, hub *slack.View, p hiring.Person, role *hiring.Role, again bool) {
	looked, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	var ask []string
	for _, id := range setup.Readers(role) {
		person, err := b.Directory.Person(looked, id)
		if err != nil || !person.Employee() {
			continue
		}
		if t, known := b.Setup.Tried(person.CalendarID()); again || !known || t.Trouble != "" {
			ask = append(ask, id)
		}
	}
	if len(ask) > 0 {
		if _, err := b.Setup.Try(looked, ask); err != nil {
			b.Log.Warn("calendars not tried", "role", role.Key, "err", err)
		}
	}
	trouble := unknownChannel
	if role.Setup.Channel != "" {
		var err error
		if trouble, err = b.Directory.ChannelTrouble(looked, role); err != nil {
			trouble = "I couldn't look at the channel just now; I check it again before each post."
		}
	}
	if len(ask) > 0 || trouble != unknownChannel {
		b.showHub(ctx, hub, p, role, trouble)
	}
}

// showHub fills the hub that is open.
func (b *Bot) showHub(ctx context.Context, hub *slack.View, p hiring.Person, role *hiring.Role, channel string) {
	roles, err := b.maySetUp(ctx, p)
	if err == nil {
		var view slack.ModalViewRequest
		if view, err = b.hubView(ctx, p, roles, role, channel); err == nil {
			err = b.refill(ctx, hub, view)
		}
	}
	if err != nil {
		b.Log.Warn("setup not shown", "role", role.Key, "err", err)
	}
}

// hubView shows how far a role's setup is and what each section holds. channel
// is what is wrong with the role's channel; "": nothing.
func (b *Bot) hubView(ctx context.Context, p hiring.Person, roles []*hiring.Role, role *hiring.Role, channel string) (slack.ModalViewRequest, error) {
	h := hub{bot: b, person: p, role: role, zone: p.TimeZone(role.TimeZone())}
	if len(roles) > 1 {
		el := menu("role", actSetupRole, "Role", roleOptions(roles), role.Key, true).Element
		h.blocks = append(h.blocks, slack.NewSectionBlock(plain("Role"), nil, slack.NewAccessory(el)))
	} else {
		h.blocks = append(h.blocks, header(roleName(role)))
	}
	if err := h.progress(ctx); err != nil {
		return slack.ModalViewRequest{}, err
	}
	if err := h.look(ctx, channel); err != nil {
		return slack.ModalViewRequest{}, err
	}
	h.team()
	if err := h.calendars(ctx); err != nil {
		return slack.ModalViewRequest{}, err
	}
	h.channel(channel)
	h.settings("Working time", "Change times", hiring.TimesSection)
	h.settings("Limits and reminders", "Change limits", hiring.LimitsSection)
	for _, s := range role.Stages {
		if s.Kind == hiring.StageInterview {
			h.settings("Stage: "+s.Name, "Change "+hiring.Clip(s.Name, 60), hiring.StageSection(s.ID))
		}
	}
	h.settings("Notices to candidates", "Change notices", hiring.NoticesSection)
	h.confirm()
	return modal("", "Set up a role", "", "Close", h.blocks...), nil
}

// A hub is the setup's first modal being written.
type hub struct {
	bot    *Bot
	person hiring.Person
	role   *hiring.Role
	zone   *time.Location
	blocks []slack.Block
}

// progress says in words how far the setup is.
func (h *hub) progress(ctx context.Context) error {
	lacks, done := h.role.Lacks()
	line := say("").b(hiring.Clip(h.role.Title, 200))
	if len(lacks) == 0 {
		h.blocks = append(h.blocks, line.t(" is open: add a candidate with /candidate add. ").tf("%d of %d done.", done, hiring.Steps).block())
		return nil
	}
	fillers, err := h.bot.Setup.Fillers(ctx, h.role)
	if err != nil {
		return err
	}
	line.tf(" isn't open yet. %d of %d done. Still missing: %s. You can fill it in here", done, hiring.Steps, strings.Join(h.role.Missing(), "; "))
	others := without(fillers, h.person.ID)
	if len(others) > 0 {
		line.t(", and so can ").users(others[:min(len(others), 5)])
	}
	h.blocks = append(h.blocks, line.t(". It opens by itself once nothing is missing.").block())
	return nil
}

func without(ids []string, id string) []string {
	var out []string
	for _, other := range ids {
		if other != id {
			out = append(out, other)
		}
	}
	return out
}

// look lists what doesn't keep the role closed but wants a look.
func (h *hub) look(ctx context.Context, channel string) error {
	var items []*rich
	gone, err := h.bot.Setup.Gone(ctx, h.role)
	if err != nil {
		return err
	}
	for _, p := range gone {
		items = append(items, say("").b(p.Name).t(" can't be on the team any more (deactivated, or a guest). Choose somebody else."))
	}
	for _, id := range setup.Readers(h.role) {
		p, err := h.bot.Directory.Person(ctx, id)
		if err != nil {
			return err
		}
		if t, known := h.bot.Setup.Tried(p.CalendarID()); known && t.Trouble != "" && p.Employee() && len(items) < 20 {
			items = append(items, say("").b(p.Name).t("'s calendar can't be read, so no slot that needs them is offered."))
		}
	}
	if channel != "" && channel != unknownChannel {
		items = append(items, say(channel+" Until then my posts wait."))
	}
	zone, mine := h.role.Zone.V, h.person.Zone
	if mine != "" && mine != zone && slices.ContainsFunc(h.role.Unconfirmed(), func(c hiring.Choice) bool { return c.Path == "zone" }) {
		items = append(items, say("The time zone "+zone+" was chosen for this role; yours is "+mine+". Deadlines, reminders and the Monday summary follow the role's: “Change times” sets another."))
	}
	for _, m := range h.bot.Setup.Misfits(h.role) {
		items = append(items, say(m.Text))
	}
	first, _ := h.role.FirstInterview()
	for _, s := range h.role.Stages {
		if lacking := h.role.Unstaffed(s); s.Kind == hiring.StageInterview && s.ID != first.ID && len(lacking) > 0 {
			items = append(items, say("“"+s.Name+"” can't be scheduled yet: its panel still needs "+strings.Join(lacking, " and ")+"."))
		}
	}
	if unused := h.role.Unused(); len(unused) > 0 {
		items = append(items, say("Set here before, but the role's document has no place for it any more, so it is ignored: "+hiring.Clip(strings.Join(unused, ", "), 300)+"."))
	}
	if len(items) > 0 {
		h.blocks = append(h.blocks, section("⚠️ To look at:"), list(items...))
	}
	return nil
}

// section adds a section: its name, what is there now, and the button that
// changes it; "" is none.
func (h *hub) section(name, section, change string, now ...slack.Block) {
	h.blocks = append(append(h.blocks, header(name)), now...)
	h.saved(section)
	if change != "" {
		h.blocks = append(h.blocks, actions("", button(actSetupSection, join(h.role.Key, section), change)))
	}
}

// saved says who saved the section last, unless its lines say it.
func (h *hub) saved(section string) {
	if m, ok := h.role.Setup.Sections[section]; ok && len(h.role.SettingPaths(section)) == 0 {
		h.blocks = append(h.blocks, say("").i("Last changed by ").user(m.By).i(", "+clockTime(m.At, h.zone)+".").block())
	}
}

func (h *hub) team() {
	s := h.role.Setup
	people := func(name string, ids []string, hint string) *rich {
		line := say("").b(name).t(": ")
		if len(ids) == 0 {
			return line.t("nobody yet").i(hint)
		}
		return line.users(ids)
	}
	var items []*rich
	for _, t := range h.role.Titles {
		hint := " · not stated"
		if t.Name != "" {
			hint = " · the document names " + t.Name
		}
		items = append(items, people(t.Text, s.People[t.Key], hint))
	}
	for _, st := range h.role.Stages {
		if st.Kind == hiring.StageInterview && len(st.Panelists) == 0 {
			items = append(items, people("Who holds “"+st.Name+"”", s.People["stage:"+st.ID], " · not stated"))
		}
	}
	items = append(items, people("Coordinators", s.Coordinators, ""), people("Deciders", s.Deciders, ""))
	h.section("Team", hiring.TeamSection, "Change team", list(items...))
}

// maxReaders is how many people's calendars the hub and its modal show.
const maxReaders = 30

func (h *hub) calendars(ctx context.Context) error {
	readers := setup.Readers(h.role)
	if len(readers) == 0 {
		h.section("Calendars", hiring.CalendarsSection, "", note("Whose calendars I need shows here once somebody is on the team who interviews."))
		return nil
	}
	var items []*rich
	for _, id := range readers[:min(len(readers), maxReaders)] {
		p, err := h.bot.Directory.Person(ctx, id)
		if err != nil {
			return err
		}
		items = append(items, h.calendar(p))
	}
	h.section("Calendars", hiring.CalendarsSection, "Change calendars", list(items...))
	return nil
}

func (h *hub) calendar(p hiring.Person) *rich {
	line := say("").user(p.ID).t(": ")
	address := p.CalendarID()
	if address == "" {
		return line.t("no address is known").i(" · Slack shows no e-mail address")
	}
	line.t(address)
	if p.Calendar == "" {
		line.i(" · e-mail in Slack")
	} else {
		line.i(" · set by ").user(p.CalendarBy).i(", " + clockTime(p.CalendarAt, h.zone))
	}
	t, known := h.bot.Setup.Tried(address)
	switch {
	case !known:
		line.t(" · not tried yet")
	case t.Trouble != "":
		line.t(" · ✗ can't be read: " + t.Trouble)
	default:
		line.t(" · ✓ can be read")
	}
	return line
}

func (h *hub) channel(trouble string) {
	id := h.role.Setup.Channel
	if id == "" {
		h.section("Channel", hiring.ChannelSection, "Change channel", list(say("").b("Private channel").t(": not chosen yet")))
		return
	}
	line := say("Booked interviews and the Monday summary go to ").channel(id)
	switch trouble {
	case unknownChannel:
	case "":
		line.t(" · ✓ private, and everybody in it is on the team")
	default:
		line.t(" · ✗ not fit yet, see above") // the reason stands under "To look at"
	}
	h.section("Channel", hiring.ChannelSection, "Change channel", list(line))
}

// channel adds a channel's name as Slack shows it.
func (r *rich) channel(id string) *rich {
	r.elements = append(r.elements, slack.NewRichTextSectionChannelElement(id, nil))
	return r
}

// settings shows a section's values, each with where it comes from.
func (h *hub) settings(name, change, section string) {
	var items []*rich
	for _, l := range h.role.Lines(section) {
		line := say("").b(l.Name).t(": " + hiring.Clip(l.Words, 300))
		switch l.Source {
		case hiring.Chosen:
			line.i(" · chosen for you")
		case hiring.Confirmed:
			line.i(" · chosen, confirmed")
		case hiring.SetOver:
			line.i(" · set by ").user(l.By).i(", " + clockTime(l.At, h.zone))
		case hiring.Off:
			line.i(" · unless you turn it on")
		default:
			line.i(" · stated")
		}
		items = append(items, line)
	}
	h.section(name, section, change, list(items...))
}

func (h *hub) confirm() {
	const name = "What was chosen"
	open, all := h.role.Unconfirmed(), h.role.Standing()
	switch {
	case len(all) == 0:
		h.section(name, hiring.ConfirmSection, "", note("Nothing is left that was chosen for you."))
	case len(open) == 0:
		h.section(name, hiring.ConfirmSection, "", note("Everything that was chosen for you is confirmed."))
	default:
		h.section(name, hiring.ConfirmSection, "Confirm what was chosen", note(count(len(open), "value waits", "values wait")+
			" for a yes: what is marked “chosen for you”, which the document doesn't state. Change above what doesn't fit."))
	}
}
