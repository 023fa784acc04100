package fakegoogle

import "slices"

type aclScope struct {
	Type  string `json:"type"`
	Value string `json:"value,omitempty"`
}

type aclRule struct {
	Kind  string   `json:"kind"`
	Etag  string   `json:"etag"`
	ID    string   `json:"id"`
	Scope aclScope `json:"scope"`
	Role  string   `json:"role"`
}

func wireRule(cal *calendar, r ACLRule) aclRule {
	return aclRule{Kind: "calendar#aclRule", Etag: calendarEtag(cal), ID: r.id(), Scope: aclScope{r.ScopeType, r.ScopeValue}, Role: r.Role}
}

func (s *Server) listACL(c *call) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), "owner")
	if err != nil {
		return nil, err
	}
	items := []any{wireRule(cal, ACLRule{"user", cal.DataOwner, "owner"})}
	for _, r := range cal.ACL {
		items = append(items, wireRule(cal, r))
	}
	return map[string]any{"kind": "calendar#acl", "etag": calendarEtag(cal), "nextSyncToken": "acl", "items": items}, nil
}

func (s *Server) getACL(c *call) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), "owner")
	if err != nil {
		return nil, err
	}
	for _, r := range append([]ACLRule{{"user", cal.DataOwner, "owner"}}, cal.ACL...) {
		if r.id() == c.PathValue("ruleId") {
			return wireRule(cal, r), nil
		}
	}
	return nil, errNotFound()
}

func (s *Server) insertACL(c *call) (any, error) {
	var rule aclRule
	if err := s.decode(c.body, &rule); err != nil {
		return nil, err
	}
	return s.storeRule(c, ACLRule{rule.Scope.Type, fold(rule.Scope.Value), rule.Role})
}

func (s *Server) changeACL(c *call) (any, error) {
	var rule aclRule
	if err := s.decode(c.body, &rule); err != nil {
		return nil, err
	}
	old, err := s.getACL(c)
	if err != nil {
		return nil, err
	}
	scope := old.(aclRule).Scope // the id names it; only the role can change
	return s.storeRule(c, ACLRule{scope.Type, scope.Value, rule.Role})
}

func (s *Server) storeRule(c *call, rule ACLRule) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), "owner")
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"default", "user", "group", "domain"}, rule.ScopeType) {
		return nil, errInvalid("Invalid scope type.")
	}
	if !slices.Contains(roles, rule.Role) {
		return nil, errInvalid("Invalid access role.")
	}
	if rule.ScopeType != "default" && rule.ScopeValue == "" {
		return nil, errRequired("Missing scope value.")
	}
	cal.setRule(rule)
	s.changed()
	return wireRule(cal, rule), nil
}

func (s *Server) deleteACL(c *call) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), "owner")
	if err != nil {
		return nil, err
	}
	before := len(cal.ACL)
	cal.ACL = slices.DeleteFunc(cal.ACL, func(r ACLRule) bool { return r.id() == c.PathValue("ruleId") })
	if len(cal.ACL) == before {
		return nil, errNotFound()
	}
	cal.SyncGeneration++
	s.changed()
	return nil, nil
}
