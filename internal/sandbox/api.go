package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"convene/internal/sandbox/fakeslack"
)

// routeAPI serves the addresses by which tests act as people. The package
// comment lists them for readers.
func (s *Sandbox) routeAPI(mux *http.ServeMux) {
	get := func(path string, answer func(*http.Request) (any, error)) {
		mux.HandleFunc("GET /sandbox/api/"+path, func(w http.ResponseWriter, r *http.Request) { reply(w, r, answer) })
	}
	post := func(path string, answer func(*http.Request) (any, error)) {
		mux.HandleFunc("POST /sandbox/api/"+path, func(w http.ResponseWriter, r *http.Request) { reply(w, r, answer) })
	}
	mux.HandleFunc("/sandbox/api/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusNotFound, fmt.Errorf("there is no %s %s: GET /sandbox/api/ lists what there is", r.Method, r.URL.Path))
	})
	get("{$}", func(*http.Request) (any, error) { return map[string]any{"addresses": addresses}, nil })

	get("people", s.getPeople)
	post("people/{person}", s.changePerson)
	get("channels", s.getChannels)
	post("channels/{channel}", s.changeChannel)

	mux.HandleFunc("GET /sandbox/api/see", s.serveSee)
	get("wait", s.wait)
	mux.HandleFunc("GET /sandbox/api/stream", s.stream)

	post("command", s.command)
	post("click", s.click)
	post("fill", s.fill)
	post("enter", s.enter)
	post("suggest", s.suggest)
	post("submit", s.submit)
	post("close", s.closeModal)
	post("home", s.home)
	post("shortcut", s.shortcut)
	post("say", s.say)
	post("edit", s.edit)
	post("delete", s.unsay)

	get("calendars", s.getCalendars)
	get("calendars/{email}", s.getCalendar)
	get("events", s.getEvents)
	post("events", s.createEvent)
	post("events/{event}/move", s.moveEvent)
	post("events/{event}/delete", s.deleteEvent)
	post("events/{event}/answer", s.answerEvent)

	get("mails", s.getMails)
	get("clock", s.getClock)
	post("clock/jump", s.jump)
	post("clock/rate", s.setRate)
	post("clock/pause", s.pause)
	post("clock/resume", s.resume)
	post("settle", s.settleNow)

	post("faults", s.setFault)
	mux.HandleFunc("DELETE /sandbox/api/faults", func(w http.ResponseWriter, r *http.Request) { reply(w, r, s.clearFaults) })
	post("faults/clear", s.clearFaults)
	post("trouble", s.setTrouble)
	post("bot/stop", s.power(false))
	post("bot/start", s.power(true))
	post("slack/disconnect", s.disconnect)
	post("slack/rate-limits", s.rateLimits)
	get("ledger", s.ledger)
}

// addresses is what GET /sandbox/api/ answers.
var addresses = []string{
	"GET people", "POST people/{person}", "GET channels", "POST channels/{channel}",
	"GET see", "GET wait", "GET stream",
	"POST command", "POST click", "POST fill", "POST enter", "POST suggest", "POST submit", "POST close", "POST home", "POST shortcut", "POST say",
	"GET calendars", "GET calendars/{email}", "GET events", "POST events", "POST events/{event}/move", "POST events/{event}/delete", "POST events/{event}/answer",
	"GET mails",
	"GET clock", "POST clock/jump", "POST clock/rate", "POST clock/pause", "POST clock/resume", "POST settle",
	"POST faults", "DELETE faults", "POST trouble", "POST bot/stop", "POST bot/start", "POST slack/disconnect", "POST slack/rate-limits",
	"GET ledger",
}

// errNotThere is an error that is answered with 404.
type errNotThere struct{ error }

func notThere(format string, args ...any) error { return errNotThere{fmt.Errorf(format, args...)} }

// maxBody is the largest request that is read, in bytes.
const maxBody = 1 << 20

func reply(w http.ResponseWriter, r *http.Request, answer func(*http.Request) (any, error)) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	v, err := answer(r)
	var missing errNotThere
	switch {
	case errors.As(err, &missing):
		writeError(w, http.StatusNotFound, err)
	case err != nil:
		writeError(w, http.StatusBadRequest, err)
	default:
		writeJSON(w, http.StatusOK, v)
	}
}

func writeError(w http.ResponseWriter, status int, err error) {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "fakeslack: "), "fakegoogle: ")
	writeJSON(w, status, map[string]any{"ok": false, "error": text})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	_ = out.Encode(v) // a caller that has gone is no news
}

// decode reads a JSON object; an empty body is an empty object.
func decode(r *http.Request, into any) error {
	if kind := r.Header.Get("Content-Type"); strings.HasPrefix(kind, "multipart/") {
		return errors.New("send JSON")
	}
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("the body must be a JSON object with this address's fields: %w", err)
	}
	return nil
}

// person finds somebody by id, handle, e-mail address, name, or the only first
// name.
func (s *Sandbox) person(name string) (fakeslack.User, error) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "@")
	if name == "" {
		return fakeslack.User{}, errors.New(`say who acts: "as" is an id, handle, name or e-mail address of GET /sandbox/api/people`)
	}
	users := s.Slack.Users()
	for _, same := range []func(fakeslack.User) bool{
		func(u fakeslack.User) bool { return u.ID == name },
		func(u fakeslack.User) bool {
			return strings.EqualFold(u.Name, name) || strings.EqualFold(u.Email, name) || strings.EqualFold(u.RealName, name)
		},
		func(u fakeslack.User) bool {
			first, _, _ := strings.Cut(u.RealName, " ")
			return strings.EqualFold(first, name)
		},
	} {
		if i := slices.IndexFunc(users, same); i >= 0 {
			return users[i], nil
		}
	}
	return fakeslack.User{}, notThere("nobody is called %q", name)
}

// channel finds a channel by its id or name.
func (s *Sandbox) channel(name string) (fakeslack.Channel, error) {
	for _, c := range s.Slack.Channels() {
		if c.ID == name || c.Name != "" && c.Name == strings.TrimPrefix(name, "#") {
			return c, nil
		}
	}
	return fakeslack.Channel{}, notThere("there is no channel %q", name)
}

// settleNow is for tests that changed something other than through a person.
func (s *Sandbox) settleNow(r *http.Request) (any, error) {
	if err := s.settled(r.Context(), settleAtMost); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	return s.done(), nil
}

// done is the answer where there is nothing to tell.
func (s *Sandbox) done() any {
	version, _ := s.news()
	return map[string]any{"ok": true, "version": version}
}
