package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// Submit presses the submit button of a person's top modal. What Slack's client itself refuses (a required field left
// empty, a malformed address) is in Result.Errors with Sent false, and the app hears nothing.
func (s *Server) Submit(ctx context.Context, user string) (Result, error) {
	s.mu.Lock()
	at, err := s.spot(user, Place{})
	if err == nil && at.view.Submit == nil {
		err = fmt.Errorf("fakeslack: this modal has no submit button")
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	v := at.view
	v.Errors, v.Notice = map[string]string{}, ""
	for _, e := range blockkit.Elements(v.Blocks) {
		if e.Input {
			if problem := missing(e, v.Values[e.BlockID][e.ActionID]); problem != "" {
				v.Errors[e.BlockID] = problem
			}
		}
	}
	s.bump()
	if len(v.Errors) > 0 {
		r := Result{Errors: v.Errors}
		s.mu.Unlock()
		return r, nil
	}
	trigger := s.newTrigger(user, v.triggerChannel, v.ID)
	payload := s.interaction("view_submission", user)
	payload["trigger_id"], payload["view"] = trigger, s.viewJSON(v, v.Values)
	payload["response_urls"] = s.responseURLs(v)
	id := v.ID
	d, began := s.deliver("interactive", payload, true, 0), len(s.posted)
	if d.view = id; !d.noConn {
		s.submitting[d] = true
	}
	s.then(d, func(r *Result) { s.submitted(d, user, id, r) })
	s.mu.Unlock()
	return s.outcome(ctx, d, user, trigger, began)
}

// responseURLs are the response_urls of selects with response_url_enabled.
func (s *Server) responseURLs(v *View) []any {
	out := []any{}
	for _, e := range blockkit.Elements(v.Blocks) {
		if on, _ := e.Element["response_url_enabled"].(bool); !on || !e.Input {
			continue
		}
		if ch, ok := v.Values[e.BlockID][e.ActionID][stateKey(e.Type)].(string); ok {
			out = append(out, Block{"block_id": e.BlockID, "action_id": e.ActionID, "channel_id": ch, "response_url": s.newHook(v.User, ch, "")})
		}
	}
	return out
}

// submitted does what the ack of a view_submission says.
// https://docs.slack.dev/surfaces/modals#modifying_submission
func (s *Server) submitted(d *delivery, user, viewID string, r *Result) {
	v := s.viewByID(viewID)
	if !r.Acked {
		if v != nil {
			v.Notice = TroubleConnecting
		}
		return
	}
	var ack struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   any               `json:"view"`
	}
	trouble := func(detail string) {
		s.violate("bad_payload", d.id, "the answer to a submission: "+detail)
		r.Failure = TroubleConnecting
		if v != nil {
			v.Notice = TroubleConnecting
		}
	}
	if len(d.ack) > 0 {
		if err := json.Unmarshal(d.ack, &ack); err != nil {
			trouble(err.Error())
			return
		}
	}
	switch ack.Action {
	case "":
		if text := string(d.ack); text != "" && text != "{}" && text != `""` {
			trouble("it has no response_action")
			return
		}
		s.closeView(user, viewID)
	case "clear":
		delete(s.modals, user)
	case "errors":
		if problem := wrongErrors(v, ack.Errors); problem != "" {
			trouble(problem)
			return
		}
		if v != nil {
			v.Errors = ack.Errors
		}
		r.Errors = ack.Errors
	case "update", "push":
		s.submittedView(v, ack.Action, ack.View, r, trouble)
	default:
		trouble("there is no response_action " + ack.Action)
	}
	s.bump()
}

// wrongErrors says what is wrong with the errors of an ack: each must name an input block.
func wrongErrors(v *View, errors map[string]string) string {
	if len(errors) == 0 {
		return "errors is empty"
	}
	for id := range errors {
		if v != nil && !slices.ContainsFunc(blockkit.Elements(v.Blocks), func(e blockkit.Element) bool { return e.Input && e.BlockID == id }) {
			return id + " is not the block_id of an input block"
		}
	}
	return ""
}

// submittedView updates or pushes a view that came with an ack. An invalid one gets no API error, only trouble.
func (s *Server) submittedView(v *View, action string, raw any, r *Result, trouble func(string)) {
	next, bad := s.readView(raw, raw != nil, "modal")
	switch {
	case bad != nil:
		trouble(fmt.Sprint(bad.code, bad.messages))
	case v == nil: // the person has closed it meanwhile
	case s.externalIDTaken(next.ExternalID, v.ID) && action == "update", action == "push" && s.externalIDTaken(next.ExternalID, ""):
		trouble("duplicate_external_id")
	case action == "update":
		s.update(v, next)
	case len(s.modals[v.User]) >= s.limits.ModalStack:
		trouble("push_limit_reached")
	default:
		next.User, next.triggerChannel = v.User, v.triggerChannel
		s.push(next)
		r.OpenedView = next.ID
	}
}

func (s *Server) closeView(user, id string) {
	s.modals[user] = slices.DeleteFunc(slices.Clone(s.modals[user]), func(v *View) bool { return v.ID == id })
}

// Cancel presses the top modal's close button: the view below shows again, unless the view has clear_on_close.
func (s *Server) Cancel(ctx context.Context, user string) (Result, error) {
	return s.dismiss(ctx, user, false)
}

// Dismiss presses the X in the corner: all modals close.
func (s *Server) Dismiss(ctx context.Context, user string) (Result, error) {
	return s.dismiss(ctx, user, true)
}

// dismiss closes modals and tells the app (view_closed) when the view asks for that. What was typed into input blocks
// is not in it. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_closed
func (s *Server) dismiss(ctx context.Context, user string, all bool) (Result, error) {
	s.mu.Lock()
	at, err := s.spot(user, Place{})
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	v, tell := at.view, at.view.NotifyOnClose
	if all {
		v = s.modals[user][0]
		tell = tell || v.NotifyOnClose
		delete(s.modals, user)
	} else if v.ClearOnClose {
		delete(s.modals, user)
	} else {
		s.closeView(user, v.ID)
	}
	s.bump()
	var d *delivery
	if tell {
		state := Values{}
		for _, e := range blockkit.Elements(v.Blocks) {
			if value := v.Values[e.BlockID][e.ActionID]; value != nil && !e.Input {
				state.put(e.BlockID, e.ActionID, value)
			}
		}
		payload := s.interaction("view_closed", user)
		payload["view"], payload["is_cleared"] = s.viewJSON(v, state), all
		d = s.deliver("interactive", payload, false, 0)
	}
	began := len(s.posted)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, "", began)
}
