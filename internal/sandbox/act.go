package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack"
)

// action is the body of every address by which a person acts; each takes some
// of the fields.
type action struct {
	As   string `json:"as"`   // who: id, handle, name or e-mail address
	Wait string `json:"wait"` // how long to wait for what the bot does; default 1s, "0s": not at all

	// Where. In is "modal" (the top one), "home", "dm" (with the bot), a
	// channel's name, or the id of a channel or view. Left out: the top modal
	// if one is open, else the newest message, else App Home, with a button or
	// field that fits. TS or Message (a part of its text) choose a message.
	In      string `json:"in"`
	TS      string `json:"ts"`
	Message string `json:"message"`

	// What. Label is what a person reads; the ids are exact. Near chooses the
	// first that fits in or below the block with that text.
	Label    string `json:"label"`
	BlockID  string `json:"block_id"`
	ActionID string `json:"action_id"`
	Near     string `json:"near"`

	// Value or Values: an option's text or value, a person's name or id,
	// "#channel", 2026-11-23, 14:00, or text.
	Value  *string  `json:"value"`
	Values []string `json:"values"`

	Command  string         `json:"command"`   // command: "/candidate", or all in Text
	Text     string         `json:"text"`      // command, say, edit
	Channel  string         `json:"channel"`   // command, say, edit, delete: where; default the DM with the bot
	ThreadTS string         `json:"thread_ts"` // say
	Shortcut string         `json:"shortcut"`  // shortcut: name or callback id
	Query    string         `json:"query"`     // suggest
	Fields   map[string]any `json:"fields"`    // submit: label or block id to value or values, filled first
	All      bool           `json:"all"`       // close: the whole stack
}

func (a action) values() []string {
	if a.Value != nil {
		return append([]string{*a.Value}, a.Values...)
	}
	return a.Values
}

// Outcome is what a person sees in answer to what they did.
type Outcome struct {
	OK      bool              `json:"ok"`
	Acked   bool              `json:"acked"`             // the bot acknowledged it; false also when there was nothing to send
	Failure string            `json:"failure,omitempty"` // what Slack tells the person when it went wrong
	Errors  map[string]string `json:"errors,omitempty"`  // under the fields, by label
	Modal   *SeenView         `json:"modal"`             // the open one; null when none is
	Modals  int               `json:"modals"`            // how many are open
	Home    *SeenView         `json:"home,omitempty"`    // home only
	Shown   []SeenMessage     `json:"shown"`             // messages that only this person sees
	Message *SeenMessage      `json:"message,omitempty"` // say: what was said
	Options []Option          `json:"options,omitempty"` // suggest
	Version uint64            `json:"version"`
}

func (s *Sandbox) command(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		command, text := a.Command, a.Text
		if command == "" {
			command, text, _ = strings.Cut(strings.TrimSpace(text), " ")
		}
		if command != "" && !strings.HasPrefix(command, "/") {
			command = "/" + command
		}
		return s.Slack.Slash(ctx, u.ID, a.where(), command, text)
	})
}

// where is the conversation in which a person types; "" is the DM with the bot.
func (a action) where() string {
	where := a.Channel
	if where == "" {
		where = a.In
	}
	if where == "dm" {
		return ""
	}
	return where
}

func (s *Sandbox) click(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		place, err := s.place(u, a)
		if err != nil {
			return fakeslack.Result{}, err
		}
		if a.Label == "" && a.ActionID == "" && a.BlockID == "" {
			return fakeslack.Result{}, errors.New(`say what to click: "label", or "action_id"`)
		}
		if a.ActionID != "" || a.Label == "" {
			return s.Slack.Click(ctx, u.ID, place, a.BlockID, a.ActionID, a.values()...)
		}
		return s.Slack.ClickNear(ctx, u.ID, place, a.Near, a.Label)
	})
}

func (s *Sandbox) fill(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		place, err := s.place(u, a)
		if err != nil {
			return fakeslack.Result{}, err
		}
		if a.ActionID != "" || a.Label == "" {
			return s.Slack.Click(ctx, u.ID, place, a.BlockID, a.ActionID, a.values()...)
		}
		return s.Slack.FillNear(ctx, u.ID, place, a.Near, a.Label, a.values()...)
	})
}

func (s *Sandbox) enter(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		place, err := s.place(u, a)
		if err != nil {
			return fakeslack.Result{}, err
		}
		return s.Slack.PressEnter(ctx, u.ID, place, a.called())
	})
}

func (s *Sandbox) suggest(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		place, err := s.place(u, a)
		if err != nil {
			return fakeslack.Result{}, err
		}
		return s.Slack.Suggest(ctx, u.ID, place, a.called(), a.Query)
	})
}

// called is a field's name where the server looks fields up by label only; it
// takes an action id for one.
func (a action) called() string {
	if a.Label != "" {
		return a.Label
	}
	return a.ActionID
}

func (s *Sandbox) submit(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		for _, label := range orderedLabels(s, u, a.Fields) {
			values, err := asValues(a.Fields[label])
			if err != nil {
				return fakeslack.Result{}, fmt.Errorf("the field %q: %w", label, err)
			}
			if r, err := s.Slack.Fill(ctx, u.ID, fakeslack.Place{}, label, values...); err != nil || r.Failure != "" {
				return r, err
			}
		}
		return s.Slack.Submit(ctx, u.ID)
	})
}

// orderedLabels puts the fields to fill into the order of the open modal, so
// that one which changes the modal comes first; unknown ones are last.
func orderedLabels(s *Sandbox, u fakeslack.User, fields map[string]any) []string {
	var labels []string
	if v, ok := s.Slack.TopModal(u.ID); ok {
		for _, f := range seeView(s.Slack.Renderer(u.ID), v).Fields {
			for _, name := range []string{f.Label, f.BlockID, f.ActionID} {
				if _, wanted := fields[name]; wanted && !slices.Contains(labels, name) {
					labels = append(labels, name)
				}
			}
		}
	}
	var rest []string
	for label := range fields {
		if !slices.Contains(labels, label) {
			rest = append(rest, label)
		}
	}
	slices.Sort(rest)
	return append(labels, rest...)
}

func asValues(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case []any:
		out := []string{}
		for _, item := range v {
			text, ok := item.(string)
			if !ok {
				return nil, errors.New("values are strings")
			}
			out = append(out, text)
		}
		return out, nil
	}
	return nil, errors.New("give a string, or a list of strings")
}

func (s *Sandbox) closeModal(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		if a.All {
			return s.Slack.Dismiss(ctx, u.ID)
		}
		return s.Slack.Cancel(ctx, u.ID)
	})
}

func (s *Sandbox) home(r *http.Request) (any, error) {
	answer, err := s.act(r, func(ctx context.Context, u fakeslack.User, _ action) (fakeslack.Result, error) {
		return s.Slack.OpenHome(ctx, u.ID)
	})
	return answer, err
}

func (s *Sandbox) shortcut(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		id := a.Shortcut
		for _, x := range s.Slack.App().Shortcuts {
			if strings.EqualFold(x.Name, a.Shortcut) {
				id = x.CallbackID
			}
		}
		if a.TS != "" {
			return s.Slack.MessageShortcut(ctx, u.ID, a.where(), a.TS, id)
		}
		return s.Slack.Shortcut(ctx, u.ID, id)
	})
}

func (s *Sandbox) say(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		if strings.TrimSpace(a.Text) == "" {
			return fakeslack.Result{}, errors.New(`say what: "text"`)
		}
		return s.Slack.Say(ctx, u.ID, a.where(), a.Text, a.ThreadTS)
	})
}

func (s *Sandbox) edit(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		if strings.TrimSpace(a.Text) == "" {
			return fakeslack.Result{}, errors.New(`say what it says now: "text"`)
		}
		return s.Slack.Edit(ctx, u.ID, a.where(), a.TS, a.Text)
	})
}

func (s *Sandbox) unsay(r *http.Request) (any, error) {
	return s.act(r, func(ctx context.Context, u fakeslack.User, a action) (fakeslack.Result, error) {
		return s.Slack.Delete(ctx, u.ID, a.where(), a.TS)
	})
}

// act reads an action, does it, waits for what the bot makes of it, and says
// what the person then sees.
func (s *Sandbox) act(r *http.Request, do func(context.Context, fakeslack.User, action) (fakeslack.Result, error)) (Outcome, error) {
	var a action
	if err := decode(r, &a); err != nil {
		return Outcome{}, err
	}
	u, err := s.person(a.As)
	if err != nil {
		return Outcome{}, err
	}
	patience := time.Second
	if a.Wait != "" {
		if patience, err = time.ParseDuration(a.Wait); err != nil {
			return Outcome{}, fmt.Errorf(`"wait" must be a duration such as 2s: %w`, err)
		}
	}
	before := s.glance(u.ID)
	began := len(s.Slack.Posted())
	result, err := do(r.Context(), u, a)
	if err != nil {
		return Outcome{}, err
	}
	if patience > 0 && result.Failure == "" {
		if err := s.await(r.Context(), u.ID, before, patience); err != nil {
			return Outcome{}, err
		}
	}
	return s.outcome(u, result, began), nil
}

func (s *Sandbox) outcome(u fakeslack.User, result fakeslack.Result, began int) Outcome {
	version, _ := s.news()
	r := s.Slack.Renderer(u.ID)
	out := Outcome{OK: true, Acked: result.Acked, Failure: result.Failure, Shown: []SeenMessage{}, Version: version}
	modals := s.Slack.Modals(u.ID)
	if out.Modals = len(modals); out.Modals > 0 {
		top := seeView(r, modals[len(modals)-1])
		out.Modal = &top
		out.Errors = top.Errors
	}
	if out.Errors == nil && len(result.Errors) > 0 {
		out.Errors = result.Errors
	}
	if home, ok := s.Slack.Home(u.ID); ok {
		shown := seeView(r, home)
		out.Home = &shown
	}
	if posted := s.Slack.Posted(); began <= len(posted) {
		for _, m := range posted[began:] {
			if m.EphemeralTo == u.ID {
				out.Shown = append(out.Shown, seeMessage(r, m))
			}
		}
	}
	if result.Message != nil {
		said := seeMessage(r, *result.Message)
		out.Message = &said
	}
	for _, o := range result.Options {
		out.Options = append(out.Options, Option{Text: r.Text(o["text"]), Value: str(o["value"]), Description: r.Text(o["description"])})
	}
	return out
}
