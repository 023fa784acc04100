package fakeslack

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// spot is a message or view that a person has before them.
type spot struct {
	user   *User
	view   *View
	msg    *Message
	ch     *Channel
	blocks []Block
	values Values
}

// spot finds a place. Only the top modal can be used. The caller holds mu.
func (s *Server) spot(user string, p Place) (*spot, error) {
	u, err := s.active(user)
	if err != nil {
		return nil, err
	}
	if p.TS != "" {
		_, ch, err := s.person(user, p.Channel)
		if err != nil {
			return nil, err
		}
		m := s.message(ch.ID, p.TS)
		if m == nil || m.Deleted || (m.EphemeralTo != "" && m.EphemeralTo != user) {
			return nil, fmt.Errorf("fakeslack: %s sees no message %s in %s", user, p.TS, p.Channel)
		}
		return &spot{user: u, msg: m, ch: ch, blocks: m.Blocks, values: s.chosenIn(m, user)}, nil
	}
	stack := s.modals[user]
	var v *View
	switch {
	case p.ViewID == "" && len(stack) == 0:
		return nil, fmt.Errorf("fakeslack: %s has no modal open", user)
	case p.ViewID == "":
		v = stack[len(stack)-1]
	case s.homes[user] != nil && s.homes[user].ID == p.ViewID:
		v = s.homes[user]
	case len(stack) > 0 && stack[len(stack)-1].ID == p.ViewID:
		v = stack[len(stack)-1]
	default:
		return nil, fmt.Errorf("fakeslack: %s does not have view %s before them", user, p.ViewID)
	}
	return &spot{user: u, view: v, blocks: v.Blocks, values: v.Values}, nil
}

// chosenIn are the values of a message's fields for one person.
func (s *Server) chosenIn(m *Message, user string) Values {
	was := s.chosen[messageViewer{m.Channel, m.TS, user}]
	return s.initialValues(m.Blocks, &View{Values: was}, "")
}

// keepChosen forgets what people chose in fields that an edit takes out of a message.
func (s *Server) keepChosen(m *Message, blocks []Block) {
	for key, values := range s.chosen {
		if key.channel == m.Channel && key.ts == m.TS {
			s.chosen[key] = s.initialValues(blocks, &View{Values: values}, "")
		}
	}
}

func (s *Server) setValue(at *spot, e blockkit.Element, state Block) {
	at.values = at.values.with(e.BlockID, e.ActionID, state)
	if at.view != nil {
		at.view.Values = at.values
	} else {
		s.chosen[messageViewer{at.msg.Channel, at.msg.TS, at.user.ID}] = at.values
	}
	s.bump()
}

// Click uses a button or sets a field, found by its ids; either id may be "" when the other is enough. values are what
// is chosen or typed, as people see it: an option's text (or its value), a person's name (or id), "#hiring",
// "2026-11-23", "14:00". A confirm dialog is answered with yes. Slack tells the app, unless the field is in an input
// block that does not ask for that.
func (s *Server) Click(ctx context.Context, user string, p Place, blockID, actionID string, values ...string) (Result, error) {
	return s.use(ctx, user, p, values, false, func(at *spot) (blockkit.Element, error) {
		var found []blockkit.Element
		for _, e := range blockkit.Elements(at.blocks) {
			if (blockID == "" || e.BlockID == blockID) && (actionID == "" || e.ActionID == actionID) {
				found = append(found, e)
			}
		}
		if len(found) != 1 {
			return blockkit.Element{}, fmt.Errorf("fakeslack: %d elements have block id %q and action id %q; there are: %s", len(found), blockID, actionID, s.names(at))
		}
		return found[0], nil
	})
}

// ClickLabel clicks the button with a label, e.g. "Accept".
func (s *Server) ClickLabel(ctx context.Context, user string, p Place, label string) (Result, error) {
	return s.ClickNear(ctx, user, p, "", label)
}

// ClickNear clicks the first button with a label in or below the first block whose text contains near: one of many
// buttons of the same name.
func (s *Server) ClickNear(ctx context.Context, user string, p Place, near, label string) (Result, error) {
	return s.use(ctx, user, p, nil, false, func(at *spot) (blockkit.Element, error) {
		return s.byLabel(at, near, label, func(e blockkit.Element) bool { return stateKey(e.Type) == "" && e.Type != "overflow" })
	})
}

// Fill sets the field with a label (of its input block, its section's text, or its placeholder). For checkboxes and
// multi-selects values are all that shall be chosen; no value empties a field. Typing counts as one character entered:
// it tells the app when the field has on_character_entered. See Click for how to write values.
func (s *Server) Fill(ctx context.Context, user string, p Place, label string, values ...string) (Result, error) {
	return s.use(ctx, user, p, values, false, func(at *spot) (blockkit.Element, error) {
		return s.byLabel(at, "", label, func(e blockkit.Element) bool { return stateKey(e.Type) != "" || e.Type == "overflow" })
	})
}

// FillNear is Fill for one of many fields with the same label: the first in or below the first block that contains near.
func (s *Server) FillNear(ctx context.Context, user string, p Place, near, label string, values ...string) (Result, error) {
	return s.use(ctx, user, p, values, false, func(at *spot) (blockkit.Element, error) {
		return s.byLabel(at, near, label, func(e blockkit.Element) bool { return stateKey(e.Type) != "" || e.Type == "overflow" })
	})
}

// PressEnter presses Enter in the text field with a label: it tells the app when the field has on_enter_pressed.
func (s *Server) PressEnter(ctx context.Context, user string, p Place, label string) (Result, error) {
	return s.use(ctx, user, p, nil, true, func(at *spot) (blockkit.Element, error) {
		return s.byLabel(at, "", label, func(e blockkit.Element) bool { return isText(e.Type) })
	})
}

// Suggest opens the menu of an external select, found by its label, types query, and returns what the app offers.
func (s *Server) Suggest(ctx context.Context, user string, p Place, label, query string) (Result, error) {
	s.mu.Lock()
	at, err := s.spot(user, p)
	var e blockkit.Element
	if err == nil {
		e, err = s.byLabel(at, "", label, func(e blockkit.Element) bool { return strings.HasSuffix(e.Type, "external_select") })
	}
	s.mu.Unlock()
	if err != nil {
		return Result{}, err
	}
	return s.suggest(ctx, user, p, e, query)
}

func isText(kind string) bool { return stateKey(kind) == "value" || kind == "rich_text_input" }

// use is what clicking, choosing and typing have in common.
func (s *Server) use(ctx context.Context, user string, p Place, values []string, enter bool, find func(*spot) (blockkit.Element, error)) (Result, error) {
	s.mu.Lock()
	at, err := s.spot(user, p)
	var e blockkit.Element
	if err == nil {
		e, err = find(at)
	}
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	offered := blockkit.Options(e.Element)
	if strings.HasSuffix(e.Type, "external_select") && len(values) > 0 {
		s.mu.Unlock() // ask the app what it offers, then look again: the view may have changed meanwhile
		offered = nil
		for _, v := range values {
			r, err := s.suggest(ctx, user, p, e, v)
			if err != nil || r.Failure != "" {
				return r, err
			}
			offered = append(offered, r.Options...)
		}
		s.mu.Lock()
		if at, err = s.spot(user, p); err == nil {
			e, err = find(at)
		}
		if err != nil {
			s.mu.Unlock()
			return Result{}, err
		}
	}
	action, tell, err := s.apply(at, e, values, offered, enter)
	if err != nil || !tell {
		s.mu.Unlock()
		return Result{}, err
	}
	if !s.app.Interactivity {
		s.mu.Unlock()
		return Result{Failure: "This app is not configured to handle interactive responses."}, nil
	}
	payload, trigger := s.blockActions(at, action)
	d, began := s.deliver("interactive", payload, false, 0), len(s.posted)
	s.mu.Unlock()
	return s.outcome(ctx, d, user, trigger, began)
}

// apply sets a field, and gives the action to tell the app, when it is to be told.
func (s *Server) apply(at *spot, e blockkit.Element, values []string, offered []Block, enter bool) (action Block, tell bool, err error) {
	action = Block{"type": e.Type, "action_id": e.ActionID, "block_id": e.BlockID, "action_ts": s.ts()}
	for _, name := range []string{"text", "value", "style", "placeholder"} {
		if v, set := e.Element[name]; set && stateKey(e.Type) == "" {
			action[name] = v
		}
	}
	switch {
	case e.Type == "overflow":
		if len(values) != 1 {
			return nil, false, fmt.Errorf("fakeslack: choose one option of the menu")
		}
		o, err := findOption(offered, values[0])
		if err != nil {
			return nil, false, fmt.Errorf("fakeslack: %w", err)
		}
		action["selected_option"] = o
		return action, true, nil
	case e.Type == "feedback_buttons":
		name := "positive_button"
		if len(values) > 0 && strings.EqualFold(values[0], textOf(e.Element["negative_button"].(map[string]any)["text"])) {
			name = "negative_button"
		}
		button := e.Element[name].(map[string]any)
		action["text"], action["value"] = button["text"], button["value"]
		return action, true, nil
	case stateKey(e.Type) == "":
		return action, true, nil
	}
	state := at.values[e.BlockID][e.ActionID]
	if !enter {
		if state, err = s.state(at.user, e, values, offered); err != nil {
			return nil, false, fmt.Errorf("fakeslack: %s: %w", labels(e)[0], err)
		}
		s.setValue(at, e, state)
	}
	maps.Copy(action, state)
	return action, tells(e, enter), nil
}

// tells says whether a field's change goes to the app at once.
// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
func tells(e blockkit.Element, enter bool) bool {
	if dispatch, _ := e.Block["dispatch_action"].(bool); e.Input && !dispatch {
		return false
	}
	if !isText(e.Type) {
		return !enter
	}
	on := []any{"on_enter_pressed"}
	if config, ok := e.Element["dispatch_action_config"].(map[string]any); ok {
		if list, ok := config["trigger_actions_on"].([]any); ok {
			on = list
		}
	}
	if enter {
		return slices.Contains(on, any("on_enter_pressed"))
	}
	return slices.Contains(on, any("on_character_entered"))
}

// blockActions is the payload of an action. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (s *Server) blockActions(at *spot, action Block) (payload Block, trigger string) {
	payload = s.interaction("block_actions", at.user.ID)
	payload["actions"] = []any{action}
	s.where(at, payload)
	if at.view != nil {
		id := ""
		if at.view.Type == "modal" {
			id = at.view.ID
		}
		trigger = s.newTrigger(at.user.ID, at.view.triggerChannel, id)
	} else {
		trigger = s.newTrigger(at.user.ID, at.ch.ID, "")
		payload["response_url"] = s.newHook(at.user.ID, at.ch.ID, at.msg.TS)
		payload["state"] = Block{"values": at.values}
	}
	payload["trigger_id"] = trigger
	return payload, trigger
}

// where adds the place of an action to its payload.
func (s *Server) where(at *spot, payload Block) {
	if at.view != nil {
		payload["container"] = Block{"type": "view", "view_id": at.view.ID}
		payload["view"] = s.viewJSON(at.view, at.values)
		return
	}
	container := Block{"type": "message", "message_ts": at.msg.TS, "channel_id": at.ch.ID, "is_ephemeral": at.msg.EphemeralTo != ""}
	message := s.messageJSON(at.msg, true)
	if at.msg.EphemeralTo != "" { // what Slack leaves of an ephemeral message is unconfirmed: little
		message = Block{"type": "message", "ts": at.msg.TS, "user": at.msg.User, "bot_id": at.msg.BotID, "text": ""}
	}
	if at.msg.ThreadTS != "" {
		container["thread_ts"], message["thread_ts"] = at.msg.ThreadTS, at.msg.ThreadTS
	}
	payload["container"], payload["message"] = container, message
	payload["channel"] = Block{"id": at.ch.ID, "name": s.payloadName(at.ch)}
}

// suggest asks the app for the options of an external select.
func (s *Server) suggest(ctx context.Context, user string, p Place, e blockkit.Element, query string) (Result, error) {
	least := 3
	if n, ok := e.Element["min_query_length"].(float64); ok {
		least = int(n)
	}
	if len([]rune(query)) < least {
		return Result{}, fmt.Errorf("fakeslack: type at least %d characters into %s", least, labels(e)[0])
	}
	s.mu.Lock()
	at, err := s.spot(user, p)
	if err != nil {
		s.mu.Unlock()
		return Result{}, err
	}
	payload := s.interaction("block_suggestion", user)
	maps.Copy(payload, Block{"block_id": e.BlockID, "action_id": e.ActionID, "value": query})
	s.where(at, payload)
	d, began := s.deliver("interactive", payload, true, 0), len(s.posted)
	s.then(d, func(r *Result) {
		if !r.Acked {
			return
		}
		a, bad := ackArgs(d)
		if bad == nil {
			if problems := blockkit.Suggestions(a, s.opts.Strict); len(problems) > 0 {
				bad = fail(problems[0].String())
			}
		}
		if bad != nil {
			s.violate("bad_payload", d.id, "the options: "+bad.code)
			r.Failure = TroubleConnecting
			return
		}
		r.Options = blockkit.Options(map[string]any(a))
	})
	s.mu.Unlock()
	return s.outcome(ctx, d, user, "", began)
}
