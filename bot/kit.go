package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// renderPanelist is the "booked" DM. It already holds the kit, and stays
// current until the kit is sent anew.
func (b *Bot) renderPanelist(ctx context.Context, m outbox.Message) (*content, error) {
	return b.renderInterviewDM(ctx, m)
}

// renderKit is the kit sent anew, at the role's lead time.
func (b *Bot) renderKit(ctx context.Context, m outbox.Message) (*content, error) {
	return b.renderInterviewDM(ctx, m)
}

func (b *Bot) renderInterviewDM(ctx context.Context, m outbox.Message) (*content, error) {
	k, p, err := b.caseFor(ctx, m)
	if err != nil {
		return nil, err
	}
	iv, zone, now := k.Interview, p.TimeZone(k.Role.TimeZone()), b.Now()
	subjects := []string{iv.ID, iv.CandidateID}
	if over := kitOver(k, m); over != "" {
		if m.TS == "" {
			return nil, nil
		}
		return &content{
			Text:     fallback("%s, %s: %s", k.Candidate.Name, k.Stage().Name, over),
			Blocks:   []slack.Block{header(k.Candidate.Name + ", " + k.Stage().Name), section(over)},
			Subjects: subjects,
		}, nil
	}
	if m.TS == "" && (iv.Ended(now) || m.Kind == "kit" && !now.Before(iv.Start)) {
		return nil, nil // too late to prepare; "score now" follows
	}
	dealt, err := b.Scorecards.Dealt(ctx, k)
	if err != nil {
		return nil, err
	}
	rubric, _ := k.Scored()
	reader := kitReader{person: m.Person, panel: iv.Panel, dealt: dealt}
	where, lead := place(k), "You interview"
	if iv.Part(m.Person) == hiring.Shadow {
		lead = "You shadow the interview of"
	}
	return &content{
		Text: fallback("%s %s, %s (%s): %s.\n%s\n%sThe kit in this message has the questions and what strong answers show. You can take notes in the scorecard.",
			lead, k.Candidate.Name, k.Stage().Name, k.Role.Title, span(iv.Start, iv.End, zone), where.words(), reader.words(rubric)),
		Blocks:   fit(func(d detail) []slack.Block { return kitBlocks(k, reader, where, zone, now, d) }),
		Subjects: subjects,
	}, nil
}

// kitBlocks is the kit in the order in which it is of use on a phone, minutes
// before the interview. Its rubric is the one that is pinned to the interview.
func kitBlocks(k *hiring.Case, r kitReader, where venue, zone *time.Location, now time.Time, d detail) []slack.Block {
	rubric, stage := k.Scored()
	blocks := slices.Concat(
		kitTop(k, r.person, where, zone, now), documents(k), kitAsk(rubric, stage, r, d),
		kitRubric(rubric, stage, r, d), application(k, d),
	)
	if d > full {
		blocks = append(blocks, note("This is a part. The rest is in the scorecard: press the button above."))
	}
	return blocks
}

// caseFor returns the interview that a DM is about, and who reads it.
func (b *Bot) caseFor(ctx context.Context, m outbox.Message) (*hiring.Case, hiring.Person, error) {
	k, err := b.Store.Case(ctx, m.About)
	if err != nil {
		return nil, hiring.Person{}, err
	}
	p, err := b.Directory.Person(ctx, m.Person)
	return k, p, err
}

// rubric returns the role as it was when the interview was booked: scorecards
// are asked and read with it. Its people are today's.
func (b *Bot) rubric(ctx context.Context, k *hiring.Case) (*hiring.Role, error) {
	if k.Interview.RoleRevision == k.Role.Revision {
		return k.Role, nil
	}
	return b.Scorecards.Store.RoleRevision(ctx, k.Interview.RoleKey, k.Interview.RoleRevision)
}

// kitOver says why a panelist has nothing to prepare any more; "" when they do.
func kitOver(k *hiring.Case, m outbox.Message) string {
	iv := k.Interview
	switch {
	case iv.State == hiring.Cancelled && iv.Reason != "":
		return "This interview is cancelled: " + strings.TrimSuffix(iv.Reason, ".") + ". Nothing is left to do for you."
	case iv.State == hiring.Cancelled:
		return "This interview is cancelled. Nothing is left to do for you."
	case iv.State == hiring.Removed:
		return "The event was deleted in Google Calendar, so please don't prepare for now. A coordinator decides what happens; if it is booked again, you hear from me."
	case iv.State == hiring.NotHeld:
		return "This interview didn't take place. Nothing is left to do for you."
	case !iv.Live():
		return "This interview isn't booked. Nothing is left to do for you."
	case iv.Part(m.Person) == "":
		return "You are no longer on the panel of this interview. Nothing is left to do for you."
	case !strings.HasPrefix(m.Key, fmt.Sprintf("%s:%s:%d:", m.Kind, iv.ID, iv.Generation)):
		return "This interview was booked anew since. My newest message about it has the kit."
	}
	return ""
}

// A venue is where an interview happens.
type venue struct{ URL, Text string }

func (v venue) words() string {
	if v.URL != "" {
		return v.Text + ": " + v.URL
	}
	return v.Text
}

// place returns where the interview happens, in words and, for a call, with its
// link.
func place(k *hiring.Case) venue {
	location := k.Stage().Location.V
	switch {
	case k.Interview.Link != "":
		return venue{k.Interview.Link, "Google Meet"}
	case location.Kind == "link":
		return venue{location.Text, "Video call"}
	case location.Kind == "phone" && location.Text != "":
		return venue{Text: "By phone: " + location.Text}
	case location.Kind == "phone" && k.Candidate.Phone != "":
		return venue{Text: "By phone: " + k.Candidate.Phone}
	case location.Kind == "phone":
		return venue{Text: "By phone."}
	case location.Kind == "place":
		return venue{Text: "At " + location.Text}
	default:
		return venue{Text: "Google is still making the Meet link. It appears here."}
	}
}

// kitTop says who, when, where and with whom, and what must be known before it.
func kitTop(k *hiring.Case, person string, where venue, zone *time.Location, now time.Time) []slack.Block {
	iv, c := k.Interview, k.Candidate
	lead := say("").b(span(iv.Start, iv.End, zone)).t("\n" + k.Role.Title + "\n")
	if where.URL != "" {
		lead.t(where.Text+": ").link(where.URL, where.URL)
	} else {
		lead.t(where.Text)
	}
	blocks := []slack.Block{header("Interview: " + c.Name + ", " + k.Stage().Name), lead.t("\n").panel(iv, person, now).block()}
	if state := kitState(k, person, now); state != "" {
		blocks = append(blocks, note(state))
	}
	var buttons []slack.BlockElement
	if where.URL != "" && now.Before(iv.End) {
		join := primary(button(actLink+":join", iv.ID, "Join the call"))
		join.URL = where.URL
		buttons = append(buttons, join)
	}
	label := "Take notes"
	if !now.Before(iv.End) {
		label = "Open scorecard"
	}
	blocks = append(blocks, actions("", append(buttons, button(actScoreOpen, iv.ID, label))...))
	if hint := replyHint(k); hint != "" {
		blocks = append(blocks, note(hint))
	}
	if c.Arrangements != "" {
		blocks = append(blocks, say("").b("Arrangements asked for").t("\n"+c.Arrangements).block())
	}
	return blocks
}

// panel says who takes part, and how the reader does as long as that is to come.
func (r *rich) panel(iv *hiring.Interview, person string, now time.Time) *rich {
	var others []string
	for _, p := range iv.Panel {
		if p.Person != person {
			others = append(others, p.Person)
		}
	}
	if len(others) > 0 {
		r.t("With ").users(others).t("\n")
	}
	switch part := iv.Part(person); {
	case iv.Ended(now):
		r.t("The interview is over.")
	case part == hiring.Shadow:
		r.t("You shadow this interview: your scorecard is welcome, and its levels don't count.")
	case part == hiring.Optional:
		r.t("You are optional: your scorecard is welcome, nobody waits for it.")
	default:
		r.t("Your scorecard is needed afterwards; I ask for it at the end.")
	}
	return r
}

// kitState says what has happened to the interview since it was booked.
func kitState(k *hiring.Case, person string, now time.Time) string {
	card := k.Card(person)
	switch {
	case card != nil && card.Submitted():
		return "Your scorecard is in. Thank you."
	case k.Interview.Excuse(person).Kind == hiring.Absent:
		return "You said that you weren't there, so no scorecard is asked of you."
	case k.Interview.Excused(person):
		return "You handed your scorecard over, so none is asked of you."
	case !now.Before(k.Interview.End):
		return "Please submit your scorecard."
	case k.Interview.Revision > 1:
		return "Its time or panel was changed since it was booked. What stands here is the newest."
	}
	return ""
}
