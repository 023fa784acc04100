package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/setup"
)

// calendarsView asks for the calendar address of everybody who interviews.
func (b *Bot) calendarsView(ctx context.Context, role *hiring.Role) (slack.ModalViewRequest, error) {
	blocks := []slack.Block{section("I look for free time in these Google calendars. Slack's e-mail address is proposed; leave a field empty to go back to it.")}
	readers := setup.Readers(role)
	for _, id := range readers[:min(len(readers), maxReaders)] {
		p, err := b.Directory.Person(ctx, id)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		hint := ""
		if t, known := b.Setup.Tried(p.CalendarID()); known && t.Trouble != "" {
			hint = hiring.Clip("Can't be read: "+t.Trouble+".", 1000)
		}
		blocks = append(blocks, optional(calendarField("calendar:"+id, p.Name, hint, p)))
	}
	if len(readers) > maxReaders {
		blocks = append(blocks, note(fmt.Sprintf("%d more don't fit here: they can set their own in App Home.", len(readers)-maxReaders)))
	}
	return modal(viewSetup, "Calendars", "Save and try", "Back", blocks...), nil
}

func calendarField(id, label, hint string, p hiring.Person) *slack.InputBlock {
	return field(id, label, hint, textInput("address", 254, p.CalendarID(), false))
}

// typedCalendars returns the addresses in the modal with what was shown first.
func typedCalendars(v *slack.View, state map[string]input) map[string]setup.Address {
	out := map[string]setup.Address{}
	for _, bl := range v.Blocks.BlockSet {
		in, ok := bl.(*slack.InputBlock)
		if !ok {
			continue
		}
		person, ok := strings.CutPrefix(in.BlockID, "calendar:")
		el, isText := in.Element.(*slack.PlainTextInputBlockElement)
		if ok && isText {
			out[person] = setup.Address{Typed: state[in.BlockID].Value, Shown: el.InitialValue}
		}
	}
	return out
}

// showTrials tries the calendars and says for each whether it can be read.
func (b *Bot) showTrials(ctx context.Context, viewID string, role *hiring.Role) {
	readers := setup.Readers(role)
	looked, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	trials, err := b.Setup.Try(looked, readers)
	view := *told("Calendars", "Saved. I couldn't try the calendars just now; the setup shows it when I can.")
	if err == nil {
		view = modal("", "Calendars", "", "Back", trialBlocks(readers, trials)...)
	}
	if err := b.update(ctx, viewID, view); err != nil {
		b.Log.Warn("calendars not shown", "role", role.Key, "err", err)
	}
}

func trialBlocks(people []string, trials map[string]setup.Trial) []slack.Block {
	var items []*rich
	unread := false
	slices.Sort(people)
	for _, id := range people[:min(len(people), maxReaders)] {
		t := trials[id]
		if t.Trouble == "" {
			items = append(items, say("✓ ").user(id).t(": "+t.Address+" can be read"))
			continue
		}
		unread = true
		items = append(items, say("✗ ").user(id).t(": "+t.Address+" can't be read: "+t.Trouble))
	}
	blocks := []slack.Block{section("Saved."), list(items...)}
	if unread {
		blocks = append(blocks, section(calendarMend))
	}
	return blocks
}

// calendarMend says what to do about a calendar that can't be read.
const calendarMend = "To mend it: check the address, or have its owner share it in Google Calendar (Settings, “Share with specific people”, the bot's Google account, “See only free/busy”). Until then its owner's time is unknown, and I offer no slot that needs them."
