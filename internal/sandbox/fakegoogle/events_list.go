package fakegoogle

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"
)

// Page sizes of events.list: the default, and the largest.
const (
	defaultPage = 250
	maxPage     = 2500
)

// forbiddenWithSyncToken are the filters of events.list that can't be combined with a sync token.
// https://developers.google.com/workspace/calendar/api/v3/reference/events/list
var forbiddenWithSyncToken = []string{"iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"}

// withoutSyncToken are the filters after which no sync token is given.
var withoutSyncToken = []string{"iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "updatedMin"}

// syncToken is what a client remembers of its last sync.
type syncToken struct {
	Calendar   string `json:"c"`
	Seq        int64  `json:"s"`
	Generation int64  `json:"g"`
	Params     string `json:"p"` // the parameters that must stay the same
}

// listing is a list that is being paged through. What changes meanwhile is in the next sync, not in the list.
type listing struct {
	calendar   string
	generation int64
	query      string
	items      []any
	syncToken  string
	emptyFirst bool
	incr       bool
}

// listings keeps the listings whose pages are still to be read; the oldest are forgotten.
type listings struct {
	byToken map[string]*listing
	order   []string
}

func (s *Server) listEvents(c *call) (any, error) {
	cal, err := s.calendarFor(c, c.PathValue("calendarId"), s.listRole())
	if err != nil {
		return nil, err
	}
	size, err := s.pageSize(c.query)
	if err != nil {
		return nil, err
	}
	if token := c.query.Get("pageToken"); token != "" {
		return s.nextPage(c, cal, token, size)
	}
	f, err := s.parseFilter(c, cal)
	if err != nil {
		return nil, err
	}
	l := &listing{calendar: cal.ID, generation: cal.SyncGeneration, query: listKey(c.query), emptyFirst: s.opt.EmptyPages, incr: f.since >= 0}
	for _, e := range cal.Events {
		s.countRead(cal, e, c.now)
	}
	for _, e := range f.choose(cal) {
		l.items = append(l.items, s.view(c.who.Email, cal, e, f.zone, f.maxAttendees))
	}
	if !slices.ContainsFunc(withoutSyncToken, func(name string) bool { return c.query.Has(name) }) {
		l.syncToken = encodeToken(syncToken{Calendar: cal.ID, Seq: cal.Seq, Generation: cal.SyncGeneration, Params: syncKey(c.query)})
	}
	return s.page(c, cal, l, 0, size), nil
}

func (s *Server) pageSize(q url.Values) (int, error) {
	size, err := positive(q, "maxResults")
	if size == 0 {
		size = defaultPage
	}
	return min(size, maxPage, s.opt.PageSize), err
}

// page renders one page of a listing, from an item on.
func (s *Server) page(c *call, cal *calendar, l *listing, from, size int) eventList {
	answer := eventList{
		Kind: "calendar#events", Etag: fmt.Sprintf("%q", fmt.Sprint("p", cal.Seq)), Summary: cal.Summary,
		Updated: c.now.UTC().Format("2006-01-02T15:04:05.000Z"), TimeZone: cal.TimeZone, AccessRole: s.role(c.who.Email, cal),
		DefaultReminders: []Reminder{}, Items: []any{},
	}
	if l.emptyFirst {
		l.emptyFirst = false
		answer.NextPageToken = s.keepListing(l, from)
		return answer
	}
	to := min(from+size, len(l.items))
	answer.Items = append(answer.Items, l.items[from:to]...)
	if to < len(l.items) {
		answer.NextPageToken = s.keepListing(l, to)
	} else {
		answer.NextSyncToken = l.syncToken
	}
	return answer
}

// keepListing remembers where the next page begins, and returns its token.
func (s *Server) keepListing(l *listing, from int) string {
	token := fmt.Sprintf("page-%s-%d", s.newID("page"), from)
	s.listings.byToken[token] = l
	s.listings.order = append(s.listings.order, token)
	if len(s.listings.order) > 200 {
		delete(s.listings.byToken, s.listings.order[0])
		s.listings.order = s.listings.order[1:]
	}
	return token
}

func (s *Server) nextPage(c *call, cal *calendar, token string, size int) (any, error) {
	l := s.listings.byToken[token]
	if l == nil || l.calendar != cal.ID || l.query != listKey(c.query) {
		return nil, errParameter("pageToken", token)
	}
	if l.incr && l.generation != cal.SyncGeneration {
		return nil, errFullSync()
	}
	var from int
	if _, err := fmt.Sscanf(token[strings.LastIndex(token, "-")+1:], "%d", &from); err != nil {
		return nil, errParameter("pageToken", token)
	}
	return s.page(c, cal, l, from, size), nil
}

// listKey is what must stay the same from page to page.
func listKey(q url.Values) string { return keyWithout(q, "pageToken", "maxResults") }

// syncKey is what must stay the same from sync to sync. The time range of the first read may go.
func syncKey(q url.Values) string {
	return keyWithout(q, "pageToken", "maxResults", "syncToken", "timeMin", "timeMax", "showDeleted", "timeZone")
}

func keyWithout(q url.Values, leave ...string) string {
	var parts []string
	for name, values := range q {
		if !slices.Contains(leave, name) && !slices.Contains(commonQuery, name) {
			parts = append(parts, name+"="+strings.Join(values, ","))
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, "&")
}

func encodeToken(t syncToken) string {
	data, _ := json.Marshal(t) // plain strings and numbers
	return base64.RawURLEncoding.EncodeToString(data)
}

func decodeToken(text string) (syncToken, bool) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	var t syncToken
	return t, err == nil && json.Unmarshal(data, &t) == nil && t.Calendar != ""
}

// ExpireSyncTokens makes every sync token of a calendar invalid: the next use gets 410.
func (s *Server) ExpireSyncTokens(calendarID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cal := s.state.Calendars[fold(calendarID)]; cal != nil {
		cal.SyncGeneration++
	}
}

// filter is what events.list was asked for.
type filter struct {
	since        int64 // for an incremental read, the count of changes seen; else -1
	zone         *time.Location
	maxAttendees int
	deleted      bool
	single       bool
	orderBy      string
	timeMin      time.Time
	timeMax      time.Time
	updatedMin   time.Time
	q            string
	iCalUID      string
	eventTypes   []string
	private      []string
	shared       []string
	anyProperty  bool
}

func (s *Server) parseFilter(c *call, cal *calendar) (*filter, error) {
	q := c.query
	f := &filter{since: -1, orderBy: q.Get("orderBy"), q: strings.ToLower(q.Get("q")), iCalUID: q.Get("iCalUID"), eventTypes: q["eventTypes"],
		private: q["privateExtendedProperty"], shared: q["sharedExtendedProperty"], anyProperty: s.opt.ExtPropOr}
	var err error
	if f.zone, err = c.zone(); err != nil {
		return nil, err
	}
	if f.zone == nil {
		f.zone = cal.zone()
	}
	if f.maxAttendees, err = positive(q, "maxAttendees"); err != nil {
		return nil, err
	}
	if f.deleted, err = boolean(q, "showDeleted"); err != nil {
		return nil, err
	}
	if f.single, err = boolean(q, "singleEvents"); err != nil {
		return nil, err
	}
	if _, err = boolean(q, "showHiddenInvitations"); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		name string
		at   *time.Time
	}{{"timeMin", &f.timeMin}, {"timeMax", &f.timeMax}, {"updatedMin", &f.updatedMin}} {
		if v := q.Get(p.name); v != "" {
			if *p.at, err = time.Parse(time.RFC3339, v); err != nil {
				return nil, errBadRequest("Bad Request")
			}
		}
	}
	for _, property := range slices.Concat(f.private, f.shared) {
		if !strings.Contains(property, "=") {
			return nil, errInvalid("Invalid extended property constraint: it must be propertyName=value.")
		}
	}
	if token := q.Get("syncToken"); token != "" {
		return f, f.useSyncToken(token, q, cal)
	}
	switch f.orderBy {
	case "", "updated":
	case "startTime":
		if !f.single {
			return nil, errBadRequest("The requested ordering is not available for the particular query.")
		}
	default:
		return nil, errParameter("orderBy", f.orderBy)
	}
	if !f.timeMin.IsZero() && !f.timeMax.IsZero() && !f.timeMax.After(f.timeMin) {
		return nil, errRangeEmpty()
	}
	if !f.updatedMin.IsZero() {
		f.deleted = true
		if c.now.Sub(f.updatedMin) > 30*24*time.Hour && !s.opt.OldUpdatedMinAllowed {
			return nil, errUpdatedMin()
		}
	}
	return f, nil
}

func (f *filter) useSyncToken(text string, q url.Values, cal *calendar) error {
	for _, name := range forbiddenWithSyncToken {
		if q.Has(name) {
			return errBadRequest("Sync token cannot be used with " + name + ".")
		}
	}
	if q.Get("showDeleted") == "false" {
		return errBadRequest("Sync token cannot be used with showDeleted=false.")
	}
	token, ok := decodeToken(text)
	if !ok || token.Calendar != cal.ID {
		return errInvalid("Invalid sync token value.")
	}
	if token.Params != syncKey(q) {
		return errBadRequest("The parameters differ from those of the read that gave the sync token.")
	}
	if token.Generation != cal.SyncGeneration || token.Seq > cal.Seq {
		return errFullSync()
	}
	f.since, f.deleted = token.Seq, true
	return nil
}

// choose picks the copies to list, in the order of their last change unless another was asked for.
func (f *filter) choose(cal *calendar) []*entry {
	var chosen []*entry
	for _, e := range cal.Events {
		if !f.matches(cal, e) {
			continue
		}
		if f.single && len(e.Event.Recurrence) > 0 && e.Event.Status != "cancelled" {
			chosen = append(chosen, f.instances(cal, e)...)
			continue
		}
		start, end := e.Event.span(cal.zone())
		if f.inRange(start, end) {
			chosen = append(chosen, e)
		}
	}
	slices.SortFunc(chosen, func(a, b *entry) int {
		aStart, _ := a.Event.span(cal.zone())
		bStart, _ := b.Event.span(cal.zone())
		switch f.orderBy {
		case "startTime":
			return cmp.Or(aStart.Compare(bStart), cmp.Compare(a.Event.ID, b.Event.ID))
		case "updated":
			return cmp.Or(cmp.Compare(a.Event.Updated, b.Event.Updated), cmp.Compare(a.Seq, b.Seq))
		default:
			return cmp.Or(cmp.Compare(a.Seq, b.Seq), aStart.Compare(bStart))
		}
	})
	return chosen
}

func (f *filter) inRange(start, end time.Time) bool {
	return (f.timeMin.IsZero() || end.After(f.timeMin)) && (f.timeMax.IsZero() || start.Before(f.timeMax))
}

func (f *filter) matches(cal *calendar, e *entry) bool {
	ev := &e.Event
	if f.since >= 0 && e.Seq <= f.since {
		return false
	}
	if ev.Status == "cancelled" && !f.deleted {
		return false
	}
	if !f.updatedMin.IsZero() {
		if at, err := time.Parse(time.RFC3339, ev.Updated); err != nil || at.Before(f.updatedMin) {
			return false
		}
	}
	if f.iCalUID != "" && ev.ICalUID != f.iCalUID || len(f.eventTypes) > 0 && !slices.Contains(f.eventTypes, ev.EventType) {
		return false
	}
	if f.q != "" && !strings.Contains(strings.ToLower(searchText(ev)), f.q) {
		return false
	}
	if len(f.private)+len(f.shared) == 0 {
		return true
	}
	matched, wanted := 0, len(f.private)+len(f.shared)
	if ev.ExtendedProperties != nil {
		matched = count(f.private, ev.ExtendedProperties.Private) + count(f.shared, ev.ExtendedProperties.Shared)
	}
	return matched == wanted || f.anyProperty && matched > 0
}

func count(wanted []string, properties map[string]string) int {
	n := 0
	for _, w := range wanted {
		key, value, _ := strings.Cut(w, "=")
		if v, ok := properties[key]; ok && v == value {
			n++
		}
	}
	return n
}

func searchText(ev *Event) string {
	text := []string{ev.Summary, ev.Description, ev.Location}
	if ev.Organizer != nil {
		text = append(text, ev.Organizer.Email, ev.Organizer.DisplayName)
	}
	for _, row := range ev.Attendees {
		text = append(text, row.Email, row.DisplayName)
	}
	return strings.Join(text, "\n")
}
