package schedule

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// googleFake is a calendar with etags and a log of changes.
type googleFake struct {
	w       *world
	events  map[string]hiring.Event
	busy    map[string]hiring.Calendar // other meetings, by address
	etag    int
	changed []string // ids, in order; a token counts them
	fail    map[string][]error
	calls   []string
	before  func(call string) // runs before a call, e.g. to race with it
	resync  bool              // the token is too old
}

// call notes the call and returns its next trouble. "after:" troubles come once it was done.
func (g *googleFake) call(name string) error {
	g.calls = append(g.calls, name)
	if g.before != nil {
		g.before(name)
	}
	return g.next(name)
}

func (g *googleFake) next(name string) error {
	if list := g.fail[name]; len(list) > 0 {
		g.fail[name] = list[1:]
		return list[0]
	}
	return nil
}

func (g *googleFake) Busy(_ context.Context, emails []string, from, to time.Time) (map[string]hiring.Calendar, error) {
	if err := g.call("busy"); err != nil {
		return nil, err
	}
	out := map[string]hiring.Calendar{}
	for _, email := range emails {
		cal := g.busy[email]
		cal.Busy = slices.Clone(cal.Busy)
		for _, ev := range g.events {
			if !ev.Cancelled && slices.ContainsFunc(ev.Guests, func(p hiring.Guest) bool { return p.Email == email }) {
				cal.Busy = append(cal.Busy, hiring.Interval{Start: ev.Start, End: ev.End})
			}
		}
		cal.Busy = slices.DeleteFunc(cal.Busy, func(b hiring.Interval) bool { return !b.Overlaps(hiring.Interval{Start: from, End: to}) })
		out[email] = cal
	}
	return out, nil
}

func (g *googleFake) put(ev hiring.Event) hiring.Event {
	g.etag++
	ev.Etag = fmt.Sprint(g.etag)
	ev.Guests = slices.Clone(ev.Guests)
	g.events[ev.ID] = ev
	g.changed = append(g.changed, ev.ID)
	return ev
}

func (g *googleFake) Insert(_ context.Context, ev hiring.Event) (hiring.Event, error) {
	if err := g.call("insert"); err != nil {
		return hiring.Event{}, err
	}
	if there, ok := g.events[ev.ID]; ok && there.Cancelled {
		return hiring.Event{}, outbox.Never(fmt.Errorf("deleted meanwhile: %w", hiring.ErrConflict))
	} else if ok {
		return there, nil
	}
	ev.Link = "https://meet.example/" + ev.ID[:4]
	for i := range ev.Guests {
		ev.Guests[i].RSVP = "needsAction"
	}
	ev = g.put(ev)
	return ev, g.next("after:insert")
}

func (g *googleFake) Get(_ context.Context, id string) (hiring.Event, error) {
	if err := g.call("get"); err != nil {
		return hiring.Event{}, err
	}
	ev, ok := g.events[id]
	if !ok {
		return hiring.Event{}, hiring.ErrNotFound
	}
	return ev, nil
}

func (g *googleFake) Patch(_ context.Context, id, etag string, change hiring.EventChange) (hiring.Event, error) {
	if err := g.call("patch"); err != nil {
		return hiring.Event{}, err
	}
	ev := g.events[id]
	if etag != ev.Etag {
		return hiring.Event{}, outbox.Later(fmt.Errorf("412: %w", hiring.ErrConflict), 0)
	}
	if change.Start != nil {
		ev.Start, ev.End = *change.Start, *change.End
	}
	if change.Guests != nil {
		had := ev.Guests
		ev.Guests, ev.Invited = nil, change.Invited
		for _, guest := range change.Guests { // the answers of those who stay are kept
			if i := slices.IndexFunc(had, func(o hiring.Guest) bool { return strings.EqualFold(o.Email, guest.Email) }); i >= 0 {
				had[i].Optional = guest.Optional
				guest = had[i]
			} else {
				guest.RSVP = "needsAction"
			}
			ev.Guests = append(ev.Guests, guest)
		}
	}
	ev = g.put(ev)
	return ev, g.next("after:patch")
}

func (g *googleFake) Delete(_ context.Context, id string) error {
	if err := g.call("delete"); err != nil {
		return err
	}
	if ev, ok := g.events[id]; ok {
		ev.Cancelled = true
		g.put(ev)
	}
	return g.next("after:delete")
}

func (g *googleFake) DeleteQuietly(_ context.Context, id string) error {
	if err := g.call("delete quietly"); err != nil {
		return err
	}
	if ev, ok := g.events[id]; ok {
		ev.Cancelled = true
		g.put(ev)
	}
	return nil
}

func (g *googleFake) Changes(_ context.Context, token string) ([]hiring.Event, string, error) {
	if err := g.call("changes"); err != nil {
		return nil, "", err
	}
	if g.resync && token != "" {
		g.resync = false
		return nil, "", fmt.Errorf("410: %w", hiring.ErrResync)
	}
	from := 0
	if token != "" {
		fmt.Sscan(token, &from)
	}
	var out []hiring.Event
	for _, id := range g.changed[from:] {
		if ev, ok := g.events[id]; ok && !slices.ContainsFunc(out, func(o hiring.Event) bool { return o.ID == id }) {
			out = append(out, ev)
		}
	}
	return out, fmt.Sprint(len(g.changed)), nil
}

// person changes an event by hand.
func (g *googleFake) person(id string, change func(*hiring.Event)) {
	ev := g.events[id]
	ev.Guests = slices.Clone(ev.Guests)
	change(&ev)
	g.put(ev)
}

func (g *googleFake) answer(id, email, rsvp string) {
	g.person(id, func(ev *hiring.Event) {
		for i := range ev.Guests {
			if strings.EqualFold(ev.Guests[i].Email, email) {
				ev.Guests[i].RSVP = rsvp
			}
		}
	})
}

// lives returns how many events there are that weren't deleted.
func (g *googleFake) lives() int {
	n := 0
	for _, ev := range g.events {
		if !ev.Cancelled {
			n++
		}
	}
	return n
}
