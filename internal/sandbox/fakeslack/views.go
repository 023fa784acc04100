package fakeslack

import (
	"fmt"
	"time"

	"convene/internal/sandbox/fakeslack/blockkit"
)

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {perMin: 100, required: []string{"trigger_id", "view"}, do: (*call).viewsOpen},
		"views.push":    {perMin: 100, required: []string{"trigger_id", "view"}, do: (*call).viewsPush},
		"views.update":  {perMin: 100, required: []string{"view"}, args: []string{"view_id", "external_id", "hash"}, do: (*call).viewsUpdate},
		"views.publish": {perMin: 100, tokens: []string{BotToken}, required: []string{"user_id", "view"}, args: []string{"hash"}, do: (*call).viewsPublish},
	}
}

// trigger is the right to open one modal for one person within 3 s.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
type trigger struct {
	user    string
	at      time.Time // protocol clock
	channel string    // where the person was
	viewID  string    // the modal in which they acted
	used    bool
	opened  string
}

// newTrigger gives a trigger_id. The caller holds mu.
func (s *Server) newTrigger(user, channel, viewID string) string {
	s.nextID["trigger"]++
	id := fmt.Sprintf("%d.%d.%032x", 1000000000+s.nextID["trigger"], 7000000000, s.nextID["trigger"]*2654435761)
	s.triggers[id] = &trigger{user: user, at: s.timers.now(), channel: channel, viewID: viewID}
	return id
}

// useTrigger takes a trigger, which works once.
func (s *Server) useTrigger(id string) (*trigger, *apiError) {
	t := s.triggers[id]
	switch {
	case t == nil:
		e := fail("invalid_trigger_id")
		e.messages = []string{"[ERROR] invalid `trigger_id`"}
		return nil, e
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case s.timers.now().Sub(t.at) > s.patience(s.limits.TriggerSeconds):
		return nil, fail("expired_trigger_id")
	}
	return t, nil
}

// readView reads and checks the view of a call. kind is "modal", "home" or "" for either.
func (s *Server) readView(v any, ok bool, kind string) (*View, *apiError) {
	m, isObject := v.(map[string]any)
	if !ok || !isObject {
		return nil, invalidArguments("must provide an object [json-pointer:/view]")
	}
	report := blockkit.View(m, kind, s.opts.Strict)
	if len(report.Problems) > 0 {
		return nil, invalidArguments(report.Messages()...)
	}
	if report.TooLarge {
		return nil, fail("view_too_large")
	}
	str := func(name string) string { v, _ := m[name].(string); return v }
	object := func(name string) Block { v, _ := m[name].(map[string]any); return v }
	flag := func(name string) bool { v, _ := m[name].(bool); return v }
	blocks, _ := m["blocks"].([]any)
	return &View{
		Type: str("type"), Title: object("title"), Submit: object("submit"), Close: object("close"),
		Blocks:     blockkit.WithBlockIDs(blocks, func() string { return s.id("b") }),
		CallbackID: str("callback_id"), PrivateMetadata: str("private_metadata"), ExternalID: str("external_id"),
		ClearOnClose: flag("clear_on_close"), NotifyOnClose: flag("notify_on_close"),
	}, nil
}

func (c *call) view(kind string) (*View, *apiError) {
	v, _, ok := c.args.json("view")
	return c.s.readView(v, ok, kind)
}

// hash gives a view's next hash: one for each write.
func (s *Server) hash() string {
	s.nextID["hash"]++
	return fmt.Sprintf("%d.h%07d", s.now().Unix(), s.nextID["hash"])
}

// externalIDTaken says whether another live view has the id.
func (s *Server) externalIDTaken(id, notView string) bool {
	if id == "" {
		return false
	}
	v := s.viewByExternalID(id)
	return v != nil && v.ID != notView
}

func (s *Server) viewByExternalID(id string) *View {
	for _, stack := range s.modals {
		for _, v := range stack {
			if v.ExternalID == id {
				return v
			}
		}
	}
	for _, v := range s.homes {
		if v.ExternalID == id {
			return v
		}
	}
	return nil
}

func (s *Server) viewByID(id string) *View {
	for _, stack := range s.modals {
		for _, v := range stack {
			if v.ID == id {
				return v
			}
		}
	}
	for _, v := range s.homes {
		if v.ID == id {
			return v
		}
	}
	return nil
}

func (c *call) viewsOpen() (Block, *apiError) {
	s := c.s
	v, bad := c.view("modal")
	if bad != nil {
		return nil, bad
	}
	t, bad := s.useTrigger(c.args.str("trigger_id"))
	if bad != nil {
		return nil, bad
	}
	if s.externalIDTaken(v.ExternalID, "") {
		return nil, fail("duplicate_external_id")
	}
	t.used = true
	v.User, v.triggerChannel = t.user, t.channel
	s.openRoot(v)
	t.opened = v.ID
	return Block{"view": s.viewJSON(v, Values{})}, nil
}

// openRoot shows a modal in the place of whatever modals the person had open.
func (s *Server) openRoot(v *View) {
	v.ID, v.Hash = s.id("V"), s.hash()
	v.RootViewID = v.ID
	v.Values = s.initialValues(v.Blocks, nil, v.triggerChannel)
	s.modals[v.User] = []*View{v}
	s.bump()
}

func (c *call) viewsPush() (Block, *apiError) {
	s := c.s
	v, bad := c.view("modal")
	if bad != nil {
		return nil, bad
	}
	t, bad := s.useTrigger(c.args.str("trigger_id"))
	if bad != nil {
		return nil, bad
	}
	stack := s.modals[t.user]
	switch {
	case t.viewID == "" || len(stack) == 0:
		return nil, fail("not_found") // the trigger is not from inside an open modal
	case len(stack) >= s.limits.ModalStack:
		return nil, fail("push_limit_reached")
	case s.externalIDTaken(v.ExternalID, ""):
		return nil, fail("duplicate_external_id")
	}
	t.used = true
	v.User, v.triggerChannel = t.user, t.channel
	s.push(v)
	t.opened = v.ID
	return Block{"view": s.viewJSON(v, Values{})}, nil
}

// push puts a modal on top of a person's stack, which is not empty and not full.
func (s *Server) push(v *View) {
	stack := s.modals[v.User]
	top := stack[len(stack)-1]
	v.ID, v.Hash, v.RootViewID, v.PreviousViewID = s.id("V"), s.hash(), top.RootViewID, top.ID
	v.Values = s.initialValues(v.Blocks, nil, v.triggerChannel)
	s.modals[v.User] = append(stack[:len(stack):len(stack)], v)
	s.bump()
}

func (c *call) viewsUpdate() (Block, *apiError) {
	s := c.s
	var old *View
	id, external := c.args.str("view_id"), c.args.str("external_id")
	switch {
	case id != "":
		old = s.viewByID(id)
	case external != "":
		old = s.viewByExternalID(external)
	default:
		return nil, invalidArguments("missing required field: view_id")
	}
	if old == nil {
		return nil, fail("not_found")
	}
	v, bad := c.view(old.Type)
	if bad != nil {
		return nil, bad
	}
	if hash := c.args.str("hash"); hash != "" && hash != old.Hash {
		return nil, fail("hash_conflict")
	}
	if s.externalIDTaken(v.ExternalID, old.ID) {
		return nil, fail("duplicate_external_id")
	}
	s.update(old, v)
	return Block{"view": s.viewJSON(old, Values{})}, nil
}

// update replaces a view's content in place. What the person has typed stays where block_id and action_id stay.
// https://docs.slack.dev/surfaces/modals#updating_views
func (s *Server) update(old, v *View) {
	v.ID, v.User, v.RootViewID, v.PreviousViewID, v.triggerChannel = old.ID, old.User, old.RootViewID, old.PreviousViewID, old.triggerChannel
	v.Hash, v.Updates = s.hash(), old.Updates+1
	v.Values = s.initialValues(v.Blocks, old, v.triggerChannel)
	*old = *v
	s.bump()
}

func (c *call) viewsPublish() (Block, *apiError) {
	s := c.s
	v, bad := c.view("home")
	if bad != nil {
		return nil, bad
	}
	u := s.users[c.args.str("user_id")]
	switch {
	case u == nil:
		return nil, invalidArguments("invalid `user_id`")
	case !s.app.HomeTab:
		return nil, fail("not_enabled")
	}
	old := s.homes[u.ID]
	if hash := c.args.str("hash"); hash != "" && (old == nil || hash != old.Hash) {
		return nil, fail("hash_conflict")
	}
	id := ""
	if old != nil {
		id = old.ID
	}
	if s.externalIDTaken(v.ExternalID, id) {
		return nil, fail("duplicate_external_id")
	}
	if old != nil {
		s.update(old, v)
		return Block{"view": s.viewJSON(old, Values{})}, nil
	}
	v.User, v.ID, v.Hash = u.ID, s.id("V"), s.hash()
	v.RootViewID = v.ID
	v.Values = s.initialValues(v.Blocks, nil, "")
	s.homes[u.ID] = v
	s.bump()
	return Block{"view": s.viewJSON(v, Values{})}, nil
}

// viewJSON is a view as Slack sends it, with the given state.
func (s *Server) viewJSON(v *View, state Values) Block {
	b := Block{"id": v.ID, "team_id": s.opts.TeamID, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "external_id": v.ExternalID, "state": Block{"values": state}, "hash": v.Hash,
		"clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose, "root_view_id": v.RootViewID, "previous_view_id": nil,
		"app_id": s.app.ID, "bot_id": s.app.BotID, "app_installed_team_id": s.opts.TeamID,
		"title": v.Title, "submit": nil, "close": nil}
	if v.PreviousViewID != "" {
		b["previous_view_id"] = v.PreviousViewID
	}
	if v.Submit != nil {
		b["submit"] = v.Submit
	}
	if v.Close != nil {
		b["close"] = v.Close
	}
	if v.Type == "home" { // Slack sends an empty plain_text there
		b["title"] = Block{"type": "plain_text", "text": "View Title", "emoji": true}
	}
	return b
}
