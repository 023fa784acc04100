package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"html/template"
	"net/http"
	"sync"
	"time"
)

// leastGap is the least real time between two drawings on one stream: what
// changes in a burst arrives together.
const leastGap = 30 * time.Millisecond

// live draws a page for as long as somebody looks at it: at once, and again
// whenever something has changed. Each server-sent event is one drawing, as a
// JSON string. A message that the browser has already is only named in it, so
// that a new one costs the same beside five messages and beside five hundred.
// https://html.spec.whatwg.org/multipage/server-sent-events.html
func (s *Sandbox) live(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if r.URL.Query().Get("drawer") != "" {
		s.watchers.Add(1)
		defer s.watchers.Add(-1)
	}
	alive := time.NewTicker(beat)
	defer alive.Stop()
	known := s.drawings.take(r.URL.Query().Get("drawing"))
	for {
		_, changed := s.news()
		if err := s.sendDrawing(w, r, &known); err != nil || out.Flush() != nil {
			return
		}
		gap := time.After(leastGap)
		for waiting := true; waiting; {
			select {
			case <-changed:
				waiting = false
			case <-alive.C:
				if _, err := fmt.Fprint(w, ": here\n\n"); err != nil || out.Flush() != nil {
					return
				}
			case <-r.Context().Done():
				return
			}
		}
		select {
		case <-gap:
		case <-r.Context().Done():
			return
		}
	}
}

func (s *Sandbox) sendDrawing(w http.ResponseWriter, r *http.Request, known *sums) error {
	p, err := s.readPage(r)
	if err != nil {
		return err
	}
	if p.Messages != nil {
		*known = s.drawings.shorten(p.Messages, *known)
	}
	var html bytes.Buffer
	if err := s.pages.templates.ExecuteTemplate(&html, "page", p); err != nil {
		s.log.Error("page not drawn", "err", err)
		return err
	}
	line, err := json.Marshal(html.String())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "data: %s\n\n", line)
	return err
}

// sums stand for the HTML of the messages that a browser has, by their ids.
type sums map[string]uint64

// drawings remember which messages the newest pages went out with, so that the
// stream of each can begin where it ended.
type drawings struct {
	seed maphash.Seed

	mu    sync.Mutex
	names []string // oldest first
	of    map[string]sums
}

// mostDrawings is how many pages may be on their way to their stream.
const mostDrawings = 64

func newDrawings() *drawings { return &drawings{seed: maphash.MakeSeed(), of: map[string]sums{}} }

// note remembers a page that goes out, and returns its name.
func (d *drawings) note(v *messagesView) string {
	known := sums{}
	if v != nil {
		for _, day := range v.Days {
			for _, m := range day.Messages {
				known[m.ID] = maphash.String(d.seed, string(m.HTML))
			}
		}
	}
	name := rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.names) >= mostDrawings {
		delete(d.of, d.names[0])
		d.names = d.names[1:]
	}
	d.names = append(d.names, name)
	d.of[name] = known
	return name
}

// take returns what a page went out with, once: a stream that begins again
// begins with everything.
func (d *drawings) take(name string) sums {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := d.of[name]
	delete(d.of, name)
	return known
}

// shorten replaces the messages that the browser has by their names, and
// returns what it has then.
func (d *drawings) shorten(v *messagesView, known sums) sums {
	now := sums{}
	for _, day := range v.Days {
		for i, m := range day.Messages {
			sum := maphash.String(d.seed, string(m.HTML))
			now[m.ID] = sum
			if was, ok := known[m.ID]; ok && was == sum {
				day.Messages[i].HTML = template.HTML(`<article id="` + escape(m.ID) + `" data-same></article>`) // escaped
			}
		}
	}
	return now
}
