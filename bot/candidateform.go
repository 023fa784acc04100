package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/candidate"
	"convene/internal/hiring"
)

func (b *Bot) addCandidateClick(ctx context.Context, c *click) error {
	view, err := b.addCandidateView(ctx, c.Person, "")
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

func (b *Bot) addCandidateShortcut(ctx context.Context, c *call) error {
	return b.openAddCandidate(ctx, c.reply, c.Person)
}

func (b *Bot) openAddCandidate(ctx context.Context, r *reply, p hiring.Person) error {
	view, err := b.addCandidateView(ctx, p, "")
	if err != nil {
		return err
	}
	_, err = r.open(ctx, view)
	return err
}

// pickCandidateRole shows the questions of another role; what was typed stays.
func (b *Bot) pickCandidateRole(ctx context.Context, c *click) error {
	c.ack()
	view, err := b.addCandidateView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.update(ctx, c.View.ID, view)
}

// addCandidateView is the modal for a role; "" is the person's first.
func (b *Bot) addCandidateView(ctx context.Context, p hiring.Person, key string) (slack.ModalViewRequest, error) {
	roles, err := b.openRolesFor(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if roles = slices.DeleteFunc(roles, func(r *hiring.Role) bool { return r.FileGone }); len(roles) == 0 {
		return slack.ModalViewRequest{}, hiring.Invalid("", "The files of the roles that you coordinate are gone from ROLES_DIR, so nobody can be added to them. Who is in the process goes on.")
	}
	role := roles[0]
	for _, r := range roles {
		if r.Key == key {
			role = r
		}
	}
	blank := &hiring.Candidate{Zone: role.Zone.V, EarliestHour: 8 * time.Hour, LatestHour: 18 * time.Hour}
	blocks := append([]slack.Block{menu("role", actRolePick, "Role", roleOptions(roles), role.Key, true)}, candidateFields(role, blank, "", "", hiring.MaxAnswer)...)
	return modal(viewCandidate, "Add a candidate", "Add", "Close", blocks...), nil
}

// candidateFields are the fields of a candidate, filled in. Answers longer than
// maxAnswer are left out. With another round the fields of another document are
// empty again: what was typed there has a field of its own then.
func candidateFields(role *hiring.Role, c *hiring.Candidate, emailHint, round string, maxAnswer int) []slack.Block {
	if emailHint == "" {
		emailHint = "The invitation goes to this address"
	}
	blocks := []slack.Block{
		field("name", "Name", "As they write it themselves", textInput("name", hiring.MaxName, c.Name, false)),
		field("email", "E-mail", emailHint, &slack.EmailTextInputBlockElement{Type: slack.METEmailTextInput, ActionID: "email", InitialValue: c.Email}),
		optional(field("phone", "Phone", "", textInput("phone", hiring.MaxPhone, c.Phone, false))),
		menu("zone", "zone", "The candidate's time zone", zoneOptions(c.Zone), c.Zone, false),
		optional(field("earliest", "Not before", "In the candidate's zone", timePicker("earliest", pickerTime(c.EarliestHour)))),
		optional(field("latest", "Not after", "In the candidate's zone", timePicker("latest", pickerTime(c.LatestHour)))),
	}
	for _, name := range documentNames(role, c) {
		url := urlInput("link")
		url.InitialValue = c.Link(name)
		blocks = append(blocks, optional(field(hiring.LinkField(name), linkLabel(name), requiredHint(role, name), url)))
	}
	blocks = append(blocks,
		optional(field("another#"+round, "Another document: what it is", "For instance Portfolio", textInput("another", hiring.MaxLinkName, "", false))),
		optional(field("anotherlink#"+round, "Another document: its link", "", urlInput("anotherlink"))))
	for _, item := range questions(role) {
		if a := c.Answers[item.ID]; len([]rune(a)) <= maxAnswer {
			blocks = append(blocks, optional(field("answer:"+item.ID, hiring.Clip(item.Text, 2000), "From the application", textInput("answer", hiring.MaxAnswer, a, true))))
		}
	}
	return append(blocks, optional(field("arrangements", "Arrangements asked for", "Accommodation, for instance. Only coordinators and this candidate's panelists see it.",
		textInput("arrangements", hiring.MaxArrangements, c.Arrangements, true))))
}

// maxQuestions is how many questions of an application the form asks: with the
// other fields, what fits a modal of 100 blocks.
const maxQuestions = 40

func questions(role *hiring.Role) []hiring.ApplicationItem {
	list := slices.DeleteFunc(slices.Clone(role.Application), func(i hiring.ApplicationItem) bool { return i.Kind != "question" })
	return list[:min(len(list), maxQuestions)]
}

// documentNames are the documents that the form asks for: the usual ones, those
// of the role's application, and what the candidate has besides.
func documentNames(role *hiring.Role, c *hiring.Candidate) []string {
	names := []string{"Résumé", "Cover letter"}
	add := func(name string) {
		known := slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		if name != "" && !known && len(names) < hiring.MaxLinks {
			names = append(names, name)
		}
	}
	for _, l := range c.Links {
		add(l.Name)
	}
	for _, item := range role.Application {
		add(hiring.Clip(item.Document(), hiring.MaxLinkName))
	}
	return names
}

func linkLabel(name string) string {
	switch name {
	case "Résumé":
		return "Link to the résumé"
	case "Cover letter":
		return "Link to the cover letter"
	default:
		return "Link: " + hiring.Clip(name, 200)
	}
}

func requiredHint(role *hiring.Role, document string) string {
	for _, item := range role.Application {
		if item.Required && item.Document() == document {
			return "Required: “" + hiring.Clip(item.Text, 300) + "”"
		}
	}
	return ""
}

func pickerTime(d time.Duration) string {
	return time.Date(2000, 1, 1, int(d.Hours()), int(d.Minutes())%60, 0, 0, time.UTC).Format("15:04")
}

// typedCandidate reads the form.
func typedCandidate(s *submission) (hiring.Candidate, error) {
	v := s.State
	c := hiring.Candidate{
		ID: s.Meta.Candidate, RoleKey: v["role"].SelectedOption.Value, Name: v["name"].Value, Email: v["email"].Value, Phone: v["phone"].Value,
		Zone: v["zone"].SelectedOption.Value, EarliestHour: clockValue(v["earliest"].SelectedTime, 8*time.Hour), LatestHour: clockValue(v["latest"].SelectedTime, 18*time.Hour),
		Arrangements: v["arrangements"].Value, Answers: map[string]string{},
	}
	for _, bl := range s.View.Blocks.BlockSet {
		in, ok := bl.(*slack.InputBlock)
		if !ok {
			continue
		}
		if id, ok := strings.CutPrefix(in.BlockID, "answer:"); ok {
			c.Answers[id] = v[in.BlockID].Value
		}
		if name, ok := strings.CutPrefix(in.BlockID, "link:"); ok && v[in.BlockID].Value != "" {
			c.Links = append(c.Links, hiring.Link{Name: name, URL: v[in.BlockID].Value})
		}
	}
	name, url := hiring.CleanLine(v["another"].Value), v["anotherlink"].Value
	switch {
	case name == "" && url != "":
		return c, hiring.Invalid("another", "Say what this link is, for instance Portfolio.")
	case name != "" && url == "":
		return c, hiring.Invalid("anotherlink", "Enter the link of “%s”, or leave both empty.", name)
	case name != "":
		c.Links = append(c.Links, hiring.Link{Name: name, URL: url})
	}
	return c, nil
}

// besideIt moves a problem with another document's link to its own field.
func besideIt(err error, s *submission) error {
	var problems *candidate.Problems
	if errors.As(err, &problems) {
		for _, p := range problems.List {
			if p.Field == hiring.LinkField(hiring.CleanLine(s.State["another"].Value)) {
				p.Field = "anotherlink"
			}
		}
	}
	return err
}

func (b *Bot) submitCandidate(ctx context.Context, s *submission) (any, error) {
	c, err := typedCandidate(s)
	if err != nil {
		return nil, err
	}
	for id, a := range c.Answers {
		if a == "" {
			delete(c.Answers, id)
		}
	}
	added, err := b.Candidates.Add(ctx, c, s.Person.ID)
	if err != nil {
		return nil, besideIt(err, s)
	}
	view := b.addedView(ctx, added, s.Person)
	return slack.NewUpdateViewSubmissionResponse(&view), nil
}

// addedView says what comes next for a new candidate: a check that stands before
// the first interview, or the interview itself.
func (b *Bot) addedView(ctx context.Context, c *hiring.Candidate, p hiring.Person) slack.ModalViewRequest {
	find, card := button(actSchedule, c.ID, "Find a time"), button(actCandidateCard, c.ID, "Show card")
	said := say("").b(c.Name).t(" is in. Next: ")
	role, err := b.Store.Role(ctx, c.RoleKey)
	if err != nil { // they are in all the same
		role = &hiring.Role{}
	}
	before := role.OpenChecks(c.Stage, nil)
	if len(before) == 0 {
		return modal("", "Candidate added", "", "Close", said.t("find a time for the first interview.").block(), actions("", primary(find), card))
	}
	blocks := []slack.Block{said.t("“" + before[0].Name + "”, which is done on the card; then find a time for the first interview.").block()}
	if missing := lacking(&candidate.Card{Role: role, Candidate: c}, p); missing != nil {
		blocks = append(blocks, missing)
	}
	return modal("", "Candidate added", "", "Close", append(blocks, actions("", primary(card), find))...)
}

func (b *Bot) editCandidate(ctx context.Context, c *click) error {
	view, err := b.editView(ctx, c.Person, c.Value)
	if err != nil {
		return err
	}
	return b.show(ctx, c, view)
}

func (b *Bot) editView(ctx context.Context, p hiring.Person, id string) (slack.ModalViewRequest, error) {
	card, err := b.Candidates.MayEdit(ctx, id, p.ID)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return b.editForm(card, card.Candidate), nil
}

// editForm shows values to edit. Answers that are too long for the form as a
// whole are left out of it, and stay as they are.
func (b *Bot) editForm(card *candidate.Card, values *hiring.Candidate, lead ...slack.Block) slack.ModalViewRequest {
	hint := ""
	for _, k := range card.Coming(b.Now()) {
		if k.Interview.State == hiring.Booked {
			hint = "If you change it, the invitation of “" + k.Stage().Name + "” follows: Google invites the new address and takes the old one off"
		}
	}
	v := modal(viewEdit, "Edit candidate", "Save", "Close")
	v.PrivateMetadata = meta{Candidate: card.Candidate.ID, Seen: candidate.Version(card.Candidate)}.String()
	for _, most := range [...]int{hiring.MaxAnswer, 2000, 1000, 300, 0} {
		v.Blocks.BlockSet = append(append(slices.Clone(lead), note(card.Role.Title)), candidateFields(card.Role, values, hint, candidate.Version(card.Candidate), most)...)
		if most < hiring.MaxAnswer {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, note("Some answers of the application are too long to be edited here together with the rest. They stay as they are."))
		}
		if raw, err := json.Marshal(v); err == nil && len(raw) <= maxView {
			break
		}
	}
	return v
}

// submitEdit saves. When somebody else was faster, the form stays with all that
// was typed, and says what the other changed.
func (b *Bot) submitEdit(ctx context.Context, s *submission) (any, error) {
	typed, err := typedCandidate(s)
	if err != nil {
		return nil, err
	}
	err = b.Candidates.Edit(ctx, typed, s.Meta.Seen, s.Person.ID)
	var changed *candidate.Changed
	if !errors.As(err, &changed) {
		if err != nil {
			return nil, besideIt(err, s)
		}
		return b.backToCard(ctx, s, typed.ID)
	}
	card, err := b.Candidates.MayEdit(ctx, typed.ID, s.Person.ID)
	if err != nil {
		return nil, err
	}
	card.Candidate = changed.Now // the version that the differences are told of
	lines := []*rich{}
	for _, d := range differences(changed.Now, changed.Mine) {
		lines = append(lines, say(d))
	}
	said := say("").b("Not saved yet. ").user(changed.By).tf(" edited this candidate meanwhile, %s.", clockTime(changed.At, s.Person.TimeZone(card.Role.TimeZone())))
	lead := []slack.Block{}
	if len(lines) == 0 {
		lead = append(lead, said.t(" It is all as you typed it.").block())
	} else {
		lead = append(lead, said.t(" What you typed stands below. Where it differs, this is kept now:").block(), list(lines...), note("Save puts yours in its place."))
	}
	return b.answerWith(s, b.editForm(card, changed.Mine, lead...))
}

// differences says what is kept where the two differ.
func differences(kept, mine *hiring.Candidate) []string {
	var out []string
	add := func(name, is, typed string) {
		if is == typed {
			return
		}
		if is == "" {
			is = "nothing"
		}
		out = append(out, hiring.Clip(name, 100)+": "+hiring.Clip(is, 200))
	}
	add("Name", kept.Name, mine.Name)
	add("E-mail", kept.Email, mine.Email)
	add("Phone", kept.Phone, mine.Phone)
	add("Time zone", kept.Zone, mine.Zone)
	add("Not before", clockWords(kept.EarliestHour), clockWords(mine.EarliestHour))
	add("Not after", clockWords(kept.LatestHour), clockWords(mine.LatestHour))
	for _, l := range kept.Links {
		add(linkLabel(l.Name), l.URL, mine.Link(l.Name))
	}
	for _, l := range mine.Links {
		if kept.Link(l.Name) == "" {
			add(linkLabel(l.Name), "", l.URL)
		}
	}
	answers := 0
	for id := range kept.Answers {
		if kept.Answers[id] != mine.Answers[id] {
			answers++
		}
	}
	for id := range mine.Answers {
		if kept.Answers[id] == "" {
			answers++
		}
	}
	if answers > 0 {
		out = append(out, count(answers, "answer", "answers")+" of the application")
	}
	add("Arrangements", kept.Arrangements, mine.Arrangements)
	return out
}
