package sandbox

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"convene/internal/sandbox/fakeslack"
)

//go:embed templates static
var files embed.FS

type pages struct{ templates *template.Template }

func readPages() (pages, error) {
	t, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return pages{}, fmt.Errorf("sandbox: %w", err)
	}
	return pages{t}, nil
}

func (s *Sandbox) routePages(mux *http.ServeMux) {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // unreachable: "static" is a valid path
	}
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	mux.HandleFunc("GET /{$}", s.servePage)
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /mail/{$}", s.serveMail)
	mux.Handle("GET /mail", http.RedirectHandler("/mail/", http.StatusMovedPermanently))
}

// policy lets the page run its own script and nothing that came with a message.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

func (s *Sandbox) render(w http.ResponseWriter, name string, data any) {
	var out bytes.Buffer
	if err := s.pages.templates.ExecuteTemplate(&out, name, data); err != nil {
		s.log.Error("page not drawn", "page", name, "err", err)
		http.Error(w, "The page could not be drawn: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = out.WriteTo(w) // a reader who has gone is no news
}

// A page is everything that one person has before them in the browser.
type page struct {
	Drawing   string // names what it went out with to its stream
	Me        Person
	People    []personLink
	Nav       []navGroup
	At        string // a conversation's id, dm (with the bot), home, calendar or mail
	Title     string
	Clock     clockView
	Trouble   troubleView
	Tour      tourView
	Messages  *messagesView
	Home      *homeView
	Calendar  *calendarView
	Mail      *mailView
	Modal     *modalView
	Commands  []completion
	Shortcuts []fakeslack.Shortcut
}

type personLink struct {
	ID, Name, About string
	Unread          int
	Me              bool
}

type navGroup struct {
	Name  string
	Links []navLink
}

type navLink struct {
	Href, Name string
	Unread     int
	Here       bool
	Next       bool // the tour's next click
}

type clockView struct {
	Now    time.Time
	Zone   string // the viewer's
	Offset int    // of that zone, in seconds
	Rate   float64
	Paused bool
	Jumps  []jumpView
	Rates  []rateView
	Due    []dueView
	Next   bool // the tour's next click
}

type dueView struct{ When, What, To string }

type jumpView struct{ Name, To, When string }

type rateView struct {
	Rate float64
	Name string
	Now  bool
}

func (s *Sandbox) servePage(w http.ResponseWriter, r *http.Request) {
	p, err := s.readPage(r)
	var missing errNotThere
	switch {
	case errors.As(err, &missing):
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	p.Drawing = s.drawings.note(p.Messages)
	s.render(w, "page.html", p)
}

// readPage draws the page that an address asks for.
func (s *Sandbox) readPage(r *http.Request) (page, error) {
	q := r.URL.Query()
	as := q.Get("as")
	if as == "" {
		as = s.company.Karly
	}
	u, err := s.person(as)
	if err != nil {
		return page{}, err
	}
	if u.IsBot || u.Deleted {
		return page{}, notThere("nobody can be %s", u.RealName)
	}
	return s.drawPage(r.Context(), u, q)
}

func (s *Sandbox) drawPage(ctx context.Context, u fakeslack.User, q url.Values) (page, error) {
	screen, err := s.Slack.See(u.ID)
	if err != nil {
		return page{}, err
	}
	app := s.Slack.App()
	p := page{Me: s.asPerson(u), Commands: completions(app.Commands), Clock: s.drawClock(ctx, u), Trouble: s.drawTrouble(u), At: q.Get("at")}
	for _, x := range app.Shortcuts {
		if x.Type == "global" {
			p.Shortcuts = append(p.Shortcuts, x)
		}
	}
	if err := s.drawPlace(&p, u, screen, q); err != nil {
		return page{}, err
	}
	if n := len(screen.Modals); n > 0 {
		p.Modal = drawModal(s.painter(u), screen.Modals[n-1], n)
	}
	p.Nav = s.drawNav(u, screen, p.At, app)
	p.People = s.drawPeople(u)
	s.drawTour(&p)
	return p, nil
}

// drawPlace draws what the person looks at: a conversation, App Home, the
// calendars or the mail.
func (s *Sandbox) drawPlace(p *page, u fakeslack.User, screen fakeslack.Screen, q url.Values) (err error) {
	app := s.Slack.App()
	paint := s.painter(u)
	switch p.At {
	case "home":
		p.Title = app.Name + " · Home"
		p.Home = &homeView{}
		if screen.Home != nil {
			p.Home = drawHome(paint, *screen.Home)
		}
		return nil
	case "calendar":
		p.Title = "Calendar"
		p.Calendar = s.drawCalendar(u, q)
		return nil
	case "mail":
		p.Title = "Mail"
		p.Mail = s.drawMail(u, zoneOf(u), q.Get("box"))
		return nil
	}
	c, ok := s.conversation(screen, p.At)
	if !ok && p.At != "dm" { // somebody else's place, or none: show the person their own
		p.At = s.firstPlace(screen)
		c, ok = s.conversation(screen, p.At)
	}
	p.Title = app.Name
	p.Messages = &messagesView{In: "dm", DM: true}
	if ok {
		s.markRead(u.ID, c)
		if p.At != "dm" {
			p.Title = s.conversationName(paint.r, c)
		}
		if p.Messages, err = s.drawMessages(paint, c, app); err != nil {
			return err
		}
	}
	p.Messages.answer(q.Get("thread"), u.ID, p.At)
	if p.At == "dm" {
		p.Messages.In = "dm"
	}
	return nil
}

func (s *Sandbox) painter(u fakeslack.User) painter {
	return painter{inliner: inliner{s.Slack.Renderer(u.ID)}, viewer: u.ID, people: s.Slack.Users(), channels: s.Slack.Channels()}
}

// conversation finds one that a person sees; "dm" is the one with the bot.
func (s *Sandbox) conversation(screen fakeslack.Screen, at string) (fakeslack.Conversation, bool) {
	i := slices.IndexFunc(screen.Conversations, func(c fakeslack.Conversation) bool {
		return c.ID == at || at == "dm" && c.Partner == s.company.Bot
	})
	if i < 0 {
		return fakeslack.Conversation{}, false
	}
	return screen.Conversations[i], true
}

// firstPlace is where a person looks when they have chosen nothing: the hiring
// channel, or else the first one that they see.
func (s *Sandbox) firstPlace(screen fakeslack.Screen) string {
	first := ""
	for _, c := range screen.Conversations {
		if c.ID == s.company.Hiring {
			return c.ID
		}
		if first == "" && !c.IsIM {
			first = c.ID
		}
	}
	if first == "" {
		return "dm"
	}
	return first
}

func (s *Sandbox) drawNav(u fakeslack.User, screen fakeslack.Screen, at string, app fakeslack.App) []navGroup {
	link := func(to, name string, unread int) navLink {
		return navLink{Href: address(u.ID, to), Name: name, Unread: unread, Here: at == to}
	}
	r := s.Slack.Renderer(u.ID)
	channels := navGroup{Name: "Channels"}
	direct := 0
	for _, c := range screen.Conversations {
		switch unread := s.unread(u.ID, c); {
		case c.Partner == s.company.Bot:
			direct = unread
		case !c.IsIM:
			channels.Links = append(channels.Links, link(c.ID, s.conversationName(r, c), unread))
		}
	}
	bot := navGroup{Name: app.Name, Links: []navLink{link("home", "Home", 0), link("dm", "Messages", direct)}}
	outside := navGroup{Name: "Outside Slack", Links: []navLink{link("calendar", "Calendar", 0), link("mail", "Mail", 0)}}
	return []navGroup{channels, bot, outside}
}

// address is where a person finds a place; more are further names and values.
func address(as, at string, more ...string) string {
	q := url.Values{"as": {as}, "at": {at}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/?" + q.Encode()
}

// A completion is what the message box offers for a slash.
type completion struct{ Words, Hint, About string }

// completions are the commands, and those with one of the words that their
// usage names: "[add | part of a name]" makes /candidate add.
func completions(commands []fakeslack.Command) []completion {
	var out []completion
	for _, c := range commands {
		out = append(out, completion{c.Command, c.UsageHint, c.Description})
		for word := range strings.SplitSeq(strings.Trim(c.UsageHint, "[]"), "|") {
			if word = strings.TrimSpace(word); word != "" && !strings.ContainsAny(word, " <>…'") {
				out = append(out, completion{c.Command + " " + word, "", ""})
			}
		}
	}
	return out
}

func (s *Sandbox) drawPeople(me fakeslack.User) []personLink {
	var links []personLink
	for _, u := range s.Slack.Users() {
		if u.IsBot || u.Deleted {
			continue
		}
		l := personLink{ID: u.ID, Name: u.RealName, About: s.asPerson(u).About, Me: u.ID == me.ID}
		if screen, err := s.Slack.See(u.ID); err == nil {
			for _, c := range screen.Conversations {
				l.Unread += s.unread(u.ID, c)
			}
		}
		links = append(links, l)
	}
	return links
}

// unread counts the messages of others that a person has not had before them on
// the page.
func (s *Sandbox) unread(user string, c fakeslack.Conversation) int {
	s.mu.Lock()
	seen := s.read[user][c.ID]
	s.mu.Unlock()
	n := 0
	for _, m := range c.Messages {
		if m.TS > seen && m.User != user && !m.Deleted {
			n++
		}
	}
	return n
}

func (s *Sandbox) markRead(user string, c fakeslack.Conversation) {
	if len(c.Messages) == 0 {
		return
	}
	newest := c.Messages[len(c.Messages)-1].TS
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read[user] == nil {
		s.read[user] = map[string]string{}
	}
	s.read[user][c.ID] = max(newest, s.read[user][c.ID])
}

func (s *Sandbox) drawClock(ctx context.Context, u fakeslack.User) clockView {
	state := s.clockState()
	now := state.Now.In(zoneOf(u))
	name, offset := now.Zone()
	view := clockView{Now: now, Zone: name, Offset: offset, Rate: state.Rate, Paused: state.Paused || state.Rate == 0}
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		view.Zone = u.TZ
	}
	for _, j := range state.Jumps {
		view.Jumps = append(view.Jumps, jumpView{Name: j.Name, To: j.To.Format(time.RFC3339), When: j.To.In(zoneOf(u)).Format("Mon 2 Jan, 3:04 pm MST")})
	}
	for _, d := range s.dueNext(ctx, state.Now) {
		view.Due = append(view.Due, dueView{When: d.At.In(zoneOf(u)).Format("Mon 2 Jan, 3:04 pm MST"), What: d.What, To: d.At.Format(time.RFC3339)})
	}
	for _, x := range []rateView{{Rate: 1, Name: "as it is"}, {Rate: 60, Name: "an hour a minute"}, {Rate: 600, Name: "10 hours a minute"}} {
		x.Now = x.Rate == state.Rate
		view.Rates = append(view.Rates, x)
	}
	return view
}
