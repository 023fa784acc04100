package scorecard

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/internal/hiring"
)

// TestNothingIsLostOrMixed lets two panelists of two interviews type, write
// messages, edit and delete them, submit and reopen, while Slack delivers what
// it likes, in what order and how often it likes. What is kept is compared with
// the books of a plain model; who may read what, with the rule in its own words.
func TestNothingIsLostOrMixed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, rt)
		for range rapid.IntRange(5, 60).Draw(rt, "steps") {
			p.step()
			p.check()
		}
		for _, e := range p.pending { // Slack delivers the rest
			p.deliver(e)
		}
		p.check()
	})
}

// A play is the service, what Slack has yet to deliver, and the books.
type play struct {
	*world
	rt       *rapid.T
	clock    int // Slack's, in seconds
	pending  []event
	books    map[string]*book
	revealed map[string]bool
}

// A book is what one panelist's scorecard of one interview must hold.
type book struct {
	interview, person string
	typed             string         // last in the modal, delivered or not
	text              string         // kept
	textAt            int            // when that was typed
	round             int            // how often it was submitted
	in                bool           // it is submitted now
	notes             map[string]msg // by message
	deleted           map[string]bool
	written           []string // messages that exist
}

type msg struct {
	edit int
	text string
}

// An event is something that Slack delivers: typing, a message, its edit or its
// deletion.
type event struct {
	*book
	kind  string // type, say, delete
	at    int
	round int // type: of the form that was typed in; -1: of a submitted one
	id    string
	edit  int
	text  string
}

func newPlay(t *testing.T, rt *rapid.T) *play {
	w := newWorld(t)
	w.also("bob", "2026-11-18 14:40")
	w.now = w.at("2026-11-18 15:00")
	p := &play{world: w, rt: rt, books: map[string]*book{}, revealed: map[string]bool{}}
	for _, interview := range []string{"ana", "bob"} {
		for _, person := range []string{karly, seb} {
			p.books[interview+person] = &book{interview: interview, person: person, notes: map[string]msg{}, deleted: map[string]bool{}}
		}
	}
	return p
}

func (p *play) step() {
	b := p.books[rapid.SampledFrom([]string{"ana", "bob"}).Draw(p.rt, "interview")+rapid.SampledFrom([]string{karly, seb}).Draw(p.rt, "person")]
	p.clock++
	own := fmt.Sprintf("%s/%s/%d", b.interview, b.person, p.clock) // whose words they are can be seen
	switch do := rapid.SampledFrom([]string{"type", "type", "say", "edit", "delete", "deliver", "deliver", "deliver", "again", "submit", "reopen", "restart", "reveal"}).Draw(p.rt, "do"); do {
	case "type":
		e := event{book: b, kind: "type", at: p.clock, round: b.round, text: own}
		if b.in {
			e.round = -1 // in a form on another device, which is submitted already
		} else {
			b.typed = own
		}
		p.pending = append(p.pending, e)
	case "say":
		id := fmt.Sprintf("%010d.000000", p.clock)
		b.written = append(b.written, id)
		p.pending = append(p.pending, event{book: b, kind: "say", id: id, text: "+ " + own})
	case "edit", "delete":
		if len(b.written) > 0 {
			e := event{book: b, kind: "say", id: rapid.SampledFrom(b.written).Draw(p.rt, "message"), edit: p.clock, text: "- " + own}
			if do == "delete" {
				e.kind = "delete"
				b.written = slices.DeleteFunc(b.written, func(id string) bool { return id == e.id })
			}
			p.pending = append(p.pending, e)
		}
	case "deliver", "again":
		if len(p.pending) > 0 {
			i := rapid.IntRange(0, len(p.pending)-1).Draw(p.rt, "which")
			p.deliver(p.pending[i])
			if do == "deliver" { // else it comes again
				p.pending = slices.Delete(p.pending, i, i+1)
			}
		}
	case "submit":
		p.submit(b)
	case "reopen":
		if b.in {
			p.must(p.Reopen(p.t.Context(), b.interview, b.person, "More to say.", slackSeconds(p.clock)))
			b.in, b.typed, b.textAt = false, b.text, p.clock
			maps.DeleteFunc(b.notes, func(id string, _ msg) bool { return b.deleted[id] })
		}
	case "restart":
		p.restart()
	case "reveal":
		_ = p.Service.Reveal(p.t.Context(), b.interview, carla)
		p.revealed[b.interview] = true
	}
}

func (p *play) deliver(e event) {
	ctx := p.t.Context()
	switch e.kind {
	case "type":
		p.must(p.SaveDraft(ctx, e.interview, e.person, typedText(e.text), slackSeconds(e.at)))
		if !e.in && e.book.round == e.round && e.at >= e.textAt {
			e.book.text = e.text
			e.book.textAt = e.at
		}
	case "say":
		m := Message{ID: e.id, Text: "triage " + e.text}
		if e.edit > 0 {
			m.Edited = fmt.Sprintf("%010d.000000", e.edit)
		}
		_, err := p.File(ctx, e.interview, e.person, m)
		known, filed := e.notes[e.id]
		switch {
		case e.deleted[e.id], filed && e.edit <= known.edit:
			p.must(err)
		case e.in:
			if err == nil {
				p.rt.Fatalf("filed in a submitted scorecard: %+v", e)
			}
		default:
			p.must(err)
			e.notes[e.id] = msg{e.edit, e.text}
		}
	case "delete":
		_, err := p.Unfile(ctx, e.interview, e.person, e.id)
		p.must(err)
		e.deleted[e.id] = true
		if !e.in {
			delete(e.notes, e.id)
		}
	}
}

// submit hands in what the modal shows, the way the bot does.
func (p *play) submit(b *book) {
	ctx := p.t.Context()
	text := b.typed
	if text == "" || b.in {
		text = b.text
	}
	p.must(p.SaveDraft(ctx, b.interview, b.person, typedText(text), time.Time{}))
	err := p.Submit(ctx, b.interview, b.person, typedText(text))
	if b.in {
		if err == nil {
			p.rt.Fatal("submitted twice")
		}
		return
	}
	p.must(err)
	b.text, b.in = text, true
	b.round++
}

// restart leaves only what a file would hold.
func (p *play) restart() {
	for _, k := range p.cases {
		for i, card := range k.Cards {
			raw, err := json.Marshal(card)
			p.must(err)
			k.Cards[i] = &hiring.Scorecard{}
			p.must(json.Unmarshal(raw, k.Cards[i]))
		}
	}
}

func (p *play) check() {
	for _, b := range p.books {
		form, err := p.Open(p.t.Context(), b.interview, b.person)
		p.must(err)
		rating := form.Card.Answers.Ratings["triage"]
		var got, want []string
		for _, n := range rating.Notes {
			got = append(got, n.Text)
		}
		for _, id := range slices.Sorted(maps.Keys(b.notes)) {
			want = append(want, b.notes[id].text)
		}
		if rating.Evidence != b.text || !slices.Equal(got, want) || form.Card.Submitted() != b.in || form.Card.Version != b.round {
			p.rt.Fatalf("%s of %s: %q and %q, submitted %t, version %d;\nwant %q and %q, %t, %d",
				b.person, b.interview, rating.Evidence, got, form.Card.Submitted(), form.Card.Version, b.text, want, b.in, b.round)
		}
	}
	for _, interview := range []string{"ana", "bob"} {
		in := map[string]bool{karly: p.books[interview+karly].in, seb: p.books[interview+seb].in}
		for _, viewer := range []string{karly, seb, mark, carla, dana, wanda, "stranger"} {
			var may []string
			for _, author := range []string{karly, seb} {
				// One's own always. Another's once one's own is in (panelists), or as a
				// coordinator or decider; and only when both are in, or it was revealed.
				theirTurn := in[viewer] || viewer == carla || viewer == dana
				if in[author] && (viewer == author || theirTurn && (in[karly] && in[seb] || p.revealed[interview])) {
					may = append(may, author)
				}
			}
			var got []string
			for _, card := range p.cases[interview].Readable(viewer) {
				got = append(got, card.Panelist)
				if text := fmt.Sprint(card.Answers); !strings.Contains(text, interview+"/"+card.Panelist) && p.books[interview+card.Panelist].text != "" {
					p.rt.Fatalf("the scorecard of %s for %s holds other words: %s", card.Panelist, interview, text)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, may) {
				p.rt.Fatalf("%s reads %q of %s, and may read %q", viewer, got, interview, may)
			}
		}
	}
}

func (p *play) must(err error) {
	if err != nil {
		p.rt.Fatal(err)
	}
}

func slackSeconds(n int) time.Time { return time.Unix(1_790_000_000+int64(n), 0).UTC() }

func typedText(text string) hiring.Answers {
	return hiring.Answers{Ratings: map[string]hiring.Rating{"triage": {Level: hiring.Strong, Rated: true, Evidence: text}}, Recommendation: hiring.Yes}
}
