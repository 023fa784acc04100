package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// What can be wrong with Slack and Google for as long as somebody wants.
const (
	troubleNone    = ""
	troubleSlow    = "slow"
	troubleLimited = "limited"
	troubleDown    = "down"
)

// trouble is what somebody has switched on in the drawer.
type trouble struct {
	Slack  string `json:"slack"`  // "", slow, limited or down
	Google string `json:"google"` // "", slow or down
}

// slowness is the delay of each call while a service is slow, in real time.
const slowness = 2 * time.Second

// setTrouble switches lasting trouble on and off. It takes the place of all
// other faults of that service.
func (s *Sandbox) setTrouble(r *http.Request) (any, error) {
	var in struct{ Slack, Google *string }
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Slack != nil {
		if err := s.troubleSlack(*in.Slack); err != nil {
			return nil, err
		}
	}
	if in.Google != nil {
		if err := s.troubleGoogle(*in.Google); err != nil {
			return nil, err
		}
	}
	s.bump()
	return s.done(), nil
}

func (s *Sandbox) troubleSlack(kind string) error {
	f, ok := map[string]fakeslack.Fault{
		troubleNone: {}, troubleSlow: {Delay: slowness}, troubleLimited: {RetryAfter: slowness}, troubleDown: {HTTPStatus: http.StatusServiceUnavailable},
	}[kind]
	if !ok {
		return fmt.Errorf(`"slack" is slow, limited, down, or empty for none, not %q`, kind)
	}
	s.Slack.ClearFaults()
	if kind != troubleNone {
		s.Slack.SetFault("*", f)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble.Slack = kind
	return nil
}

func (s *Sandbox) troubleGoogle(kind string) error {
	f, ok := map[string]fakegoogle.Fault{
		troubleNone: {}, troubleSlow: {Times: -1, Latency: slowness},
		troubleDown: {Times: -1, Action: fakegoogle.FaultStatus, Status: http.StatusServiceUnavailable, Reason: "backendError"},
	}[kind]
	if !ok {
		return fmt.Errorf(`"google" is slow, down, or empty for none, not %q`, kind)
	}
	s.Google.ClearFaults()
	if kind != troubleNone {
		s.Google.AddFault(f)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble.Google = kind
	return nil
}

type troubleView struct {
	Any         bool
	Stopped     bool // the bot
	OwnBot      bool
	Slack       []troubleChoice
	Google      []troubleChoice
	Connections int
	Waiting     int // faults for the next calls, of Google
	Calls       []callView
	Lines       []string
}

type troubleChoice struct {
	Kind, Words string
	On          bool
}

// callView is a call that the bot made.
type callView struct {
	When, To, Method, Answer string
	Bad                      bool
	at                       time.Time
}

// mostCalls is how many calls the drawer lists.
const mostCalls = 25

func (s *Sandbox) drawTrouble(u fakeslack.User) troubleView {
	s.mu.Lock()
	now, ownBot, running := s.trouble, s.turn != nil, s.settle != nil
	s.mu.Unlock()
	view := troubleView{
		Any: now != trouble{} || ownBot && !running, OwnBot: ownBot, Stopped: ownBot && !running,
		Slack:       []troubleChoice{{troubleNone, "Works", false}, {troubleSlow, "Slow: each call takes 2 s", false}, {troubleLimited, "Too many requests (429)", false}, {troubleDown, "Down (503)", false}},
		Google:      []troubleChoice{{troubleNone, "Works", false}, {troubleSlow, "Slow: each call takes 2 s", false}, {troubleDown, "Down (503)", false}},
		Connections: len(s.Slack.Connections()), Lines: s.botLog.newest(),
	}
	for i, c := range view.Slack {
		view.Slack[i].On = c.Kind == now.Slack
	}
	for i, c := range view.Google {
		view.Google[i].On = c.Kind == now.Google
	}
	if s.watchers.Load() > 0 {
		view.Calls = s.newestCalls(zoneOf(u))
	}
	return view
}

// newestCalls are what the bot last asked of Slack and Google. What it asks
// every two minutes is left out while it goes well.
func (s *Sandbox) newestCalls(zone *time.Location) []callView {
	var all []callView
	calls := s.Slack.Calls()
	for _, c := range calls[max(0, len(calls)-mostCalls):] {
		all = append(all, callView{To: "Slack", Method: c.Method, Answer: slackAnswer(c), Bad: !c.OK, at: c.At})
	}
	requests := slices.DeleteFunc(s.Google.Requests(), func(r fakegoogle.Request) bool { return r.Method == "events.list" && r.Status == http.StatusOK })
	for _, c := range requests[max(0, len(requests)-mostCalls):] {
		all = append(all, callView{To: "Google", Method: c.Method, Answer: strings.TrimSpace(fmt.Sprintf("%d %s", c.Status, http.StatusText(c.Status))), Bad: c.Status >= 300 || c.Status == 0, at: c.At})
	}
	slices.SortStableFunc(all, func(a, b callView) int { return b.at.Compare(a.at) })
	all = all[:min(len(all), mostCalls)]
	for i := range all {
		all[i].When = all[i].at.In(zone).Format("3:04:05 pm")
	}
	return all
}

func slackAnswer(c fakeslack.Call) string {
	switch {
	case c.Outcome != "":
		return c.Outcome
	case c.HTTPStatus >= 300:
		return fmt.Sprintf("%d %s", c.HTTPStatus, http.StatusText(c.HTTPStatus))
	case c.OK:
		return "ok"
	}
	return c.Error
}
