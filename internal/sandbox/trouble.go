package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// fault is the body of POST /sandbox/api/faults.
type fault struct {
	Service string `json:"service"` // slack, google or mail
	Method  string `json:"method"`  // e.g. chat.postMessage, events.insert; "" or "*": every one
	Times   int    `json:"times"`   // how many calls; 0: one; -1: all until cleared
	Skip    int    `json:"skip"`    // google: so many calls pass first

	Delay string `json:"delay"` // real time before the call is carried out, e.g. 4s

	// One of these, or none for a delay alone.
	Error      string `json:"error"`       // slack: "ok":false with this code, e.g. fatal_error; google: the reason, with status
	Status     int    `json:"status"`      // an HTTP status, e.g. 503
	RetryAfter int    `json:"retry_after"` // 429 with so many seconds
	Lost       string `json:"lost"`        // "before": the connection is lost, nothing was done; "after": done, the answer is lost
	Action     string `json:"action"`      // google: hang, commitThenHang, truncatedJSON, html502, empty500, staleRead …; mail: refuse, busy, drop_after
}

func (s *Sandbox) setFault(r *http.Request) (any, error) {
	var f fault
	if err := decode(r, &f); err != nil {
		return nil, err
	}
	var delay time.Duration
	if f.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(f.Delay); err != nil {
			return nil, fmt.Errorf(`"delay" must be a duration such as 4s: %w`, err)
		}
	}
	if f.Lost != "" && f.Lost != "before" && f.Lost != "after" {
		return nil, errors.New(`"lost" is before or after`)
	}
	var err error
	switch f.Service {
	case "slack":
		err = s.slackFault(f, delay)
	case "google":
		s.Google.AddFault(f.google(delay))
	case "mail":
		if !slices.Contains([]string{mailRefuse, mailBusy, mailDropAfter}, f.Action) {
			err = fmt.Errorf(`"action" is %s, %s or %s`, mailRefuse, mailBusy, mailDropAfter)
		} else {
			s.mail.setFault(f.Action, times(f.Times, -1))
		}
	default:
		err = errors.New(`"service" is slack, google or mail`)
	}
	if err != nil {
		return nil, err
	}
	return s.done(), nil
}

func (s *Sandbox) slackFault(f fault, delay time.Duration) error {
	if f.Action != "" || f.Skip != 0 {
		return errors.New(`"action" and "skip" are google's`)
	}
	if f.Method == "" {
		f.Method = "*"
	}
	s.Slack.SetFault(f.Method, fakeslack.Fault{
		Times: times(f.Times, 0), Delay: delay, Error: f.Error, HTTPStatus: f.Status,
		RetryAfter: time.Duration(f.RetryAfter) * time.Second, DropBefore: f.Lost == "before", DropAfter: f.Lost == "after",
	})
	return nil
}

func (f fault) google(delay time.Duration) fakegoogle.Fault {
	out := fakegoogle.Fault{
		Method: f.Method, Skip: f.Skip, Times: times(f.Times, -1), Latency: delay,
		Action: fakegoogle.FaultAction(f.Action), Status: f.Status, Reason: f.Error, RetryAfter: f.RetryAfter,
	}
	if out.Method == "*" {
		out.Method = ""
	}
	switch {
	case f.Action != "":
	case f.Lost == "before":
		out.Action = fakegoogle.FaultDropBefore
	case f.Lost == "after":
		out.Action = fakegoogle.FaultCommitThenDrop
	case f.RetryAfter > 0 && f.Status == 0:
		out.Action, out.Status, out.Reason = fakegoogle.FaultStatus, http.StatusTooManyRequests, "rateLimitExceeded"
	case f.Status != 0 || f.Error != "":
		out.Action = fakegoogle.FaultStatus
	}
	return out
}

// times translates: 0 is one, -1 is all, which the two servers write
// differently.
func times(n, all int) int {
	switch {
	case n < 0:
		return all
	case n == 0:
		return 1
	}
	return n
}

func (s *Sandbox) clearFaults(*http.Request) (any, error) {
	s.Slack.ClearFaults()
	s.Google.ClearFaults()
	s.mail.clearFaults()
	s.mu.Lock()
	s.trouble = trouble{}
	s.mu.Unlock()
	s.bump()
	return s.done(), nil
}

// disconnect ends the bot's sockets: "refresh" as Slack does it every few
// hours, "drop" without a word, "silence" leaves them open but dead, "wake"
// ends that.
func (s *Sandbox) disconnect(r *http.Request) (any, error) {
	var in struct {
		How string `json:"how"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	switch in.How {
	case "refresh":
		s.Slack.SendDisconnect(0, "refresh_requested")
	case "drop":
		s.Slack.DropConnection(0)
	case "silence":
		s.Slack.Silence(0, true)
	case "wake":
		s.Slack.Silence(0, false)
	default:
		return nil, errors.New(`"how" is refresh, drop, silence or wake`)
	}
	return s.done(), nil
}

func (s *Sandbox) rateLimits(r *http.Request) (any, error) {
	var in struct {
		On bool `json:"on"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	s.Slack.SetRateLimits(in.On)
	return s.done(), nil
}

// ledger is everything that ever happened: messages as they were first posted,
// all events, all mails, and how often each method was called. calls=all lists
// the calls.
func (s *Sandbox) ledger(r *http.Request) (any, error) {
	calls, requests := s.Slack.Calls(), s.Google.Requests()
	slackCounts, googleCounts := map[string]int{}, map[string]int{}
	for _, c := range calls {
		slackCounts[c.Method]++
	}
	for _, c := range requests {
		googleCounts[c.Method]++
	}
	slack := map[string]any{"messages": s.ledgerMessages(), "calls": slackCounts, "violations": s.Slack.Violations(), "connections": s.Slack.Connections()}
	google := map[string]any{"events": s.events(), "invitations": s.Google.Mail(), "calls": googleCounts}
	if r.URL.Query().Get("calls") == "all" {
		slack["all_calls"], google["all_calls"] = calls, requests
	}
	return map[string]any{"ok": true, "now": s.clock.Now(), "slack": slack, "google": google, "mails": s.mail.all()}, nil
}

// ledgerMessage is a message as it was first posted.
type ledgerMessage struct {
	SeenMessage
	To      string `json:"to"` // the channel's name, or the person of a DM or ephemeral message
	Deleted bool   `json:"deleted,omitempty"`
}

func (s *Sandbox) ledgerMessages() []ledgerMessage {
	names := map[string]string{}
	r := s.Slack.Renderer(s.company.Bot)
	for _, c := range s.Slack.Channels() {
		names[c.ID] = "#" + c.Name
		if c.IsIM {
			for _, m := range c.Members {
				if m != s.company.Bot {
					names[c.ID] = "@" + r.User(m)
				}
			}
		}
	}
	out := []ledgerMessage{}
	for _, m := range s.Slack.Posted() {
		to := names[m.Channel]
		if m.EphemeralTo != "" {
			to += " (only @" + r.User(m.EphemeralTo) + ")"
		}
		out = append(out, ledgerMessage{SeenMessage: seeMessage(r, m), To: to, Deleted: m.Deleted})
	}
	return out
}
