package fakeslack

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"convene/internal/sandbox/fakeslack/blockkit"
)

// Options are fixed for a server's life. The zero value works.
type Options struct {
	Now          func() time.Time // Slack's product clock; nil: time.Now
	ProtocolNow  func() time.Time // nil: real time; else timers wait for RunTimers
	BaseURL      string           // e.g. "http://127.0.0.1:8080"; empty: what the caller put in its Host header
	Strict       bool             // refuse unknown arguments and unknown fields in blocks and views
	Logger       *slog.Logger     // ids and methods only; nil: silent
	TeamID       string           // default T0CONVENE
	TeamName     string           // default Acme
	TeamDomain   string           // default acme
	PingInterval time.Duration    // WebSocket pings, always in real time; default 5 s
	EventRetries []time.Duration  // waits before an event is sent again; default 1 s, 1 min, 5 min

	// Patience is how many times as long as Slack the server waits for an acknowledgement and lets a trigger live;
	// 0 is once. It is for tests of something else, on machines that are busy with more than the app.
	Patience int
}

// Server is one workspace with one app. Its methods may be called by several goroutines.
type Server struct {
	opts    Options
	limits  blockkit.Limits
	timers  *timers
	methods map[string]method

	mu      sync.Mutex // guards everything below
	closed  bool
	version uint64
	changed chan struct{} // closed and replaced at each change
	lastTS  int64         // microseconds of the newest ts
	nextID  map[string]int
	base    string // learned from requests when Options.BaseURL is empty
	skew    time.Duration

	app       App
	users     map[string]*User
	userIDs   []string // in the order they came
	channels  map[string]*Channel
	chanIDs   []string
	tokens    map[string]*Token
	messages  map[string][]*Message    // by channel, oldest first, replies too
	chosen    map[messageViewer]Values // what a person chose in a message
	files     map[string]*File
	scheduled []*scheduledMessage

	homes    map[string]*View   // by user
	modals   map[string][]*View // by user, root first
	triggers map[string]*trigger
	hooks    map[string]*hook // response_urls

	tickets    map[string]string // app id by Socket Mode address that was not used yet
	conns      []*conn
	turn       int // round robin over conns
	deliveries map[string]*delivery
	submitting map[*delivery]bool // submissions that are not acknowledged yet

	faults     map[string][]*Fault
	limited    bool
	buckets    map[string]*bucket
	calls      []Call
	posted     []Message
	violations []Violation
}

type messageViewer struct{ channel, ts, user string }

// New makes an empty workspace: seed it with PutUser, PutChannel, PutToken and SetApp.
func New(opts Options) *Server {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.TeamID == "" {
		opts.TeamID = "T0CONVENE"
	}
	if opts.TeamName == "" {
		opts.TeamName = "Acme"
	}
	if opts.TeamDomain == "" {
		opts.TeamDomain = "acme"
	}
	if opts.PingInterval == 0 {
		opts.PingInterval = 5 * time.Second
	}
	if opts.EventRetries == nil {
		// Almost at once, after 1 minute, after 5 minutes: https://docs.slack.dev/apis/events-api#retries
		opts.EventRetries = []time.Duration{time.Second, time.Minute, 5 * time.Minute}
	}
	return &Server{
		opts:       opts,
		limits:     blockkit.Figures(),
		timers:     newTimers(opts.ProtocolNow),
		methods:    allMethods(),
		changed:    make(chan struct{}),
		nextID:     map[string]int{},
		base:       strings.TrimRight(opts.BaseURL, "/"),
		users:      map[string]*User{},
		channels:   map[string]*Channel{},
		tokens:     map[string]*Token{},
		messages:   map[string][]*Message{},
		chosen:     map[messageViewer]Values{},
		files:      map[string]*File{},
		homes:      map[string]*View{},
		modals:     map[string][]*View{},
		triggers:   map[string]*trigger{},
		hooks:      map[string]*hook{},
		tickets:    map[string]string{},
		deliveries: map[string]*delivery{},
		submitting: map[*delivery]bool{},
		faults:     map[string][]*Fault{},
		buckets:    map[string]*bucket{},
	}
}

// Handler serves everything that the app can reach, below /slack/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/slack/api/{method}", s.serveAPI)
	mux.HandleFunc("/slack/link/", s.serveSocket)
	mux.HandleFunc("/slack/hooks/{id}", s.serveHook)
	mux.HandleFunc("/slack/upload/{id}", s.serveUpload)
	mux.HandleFunc("/slack/files/{id}", s.serveFile)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.learnBase(r)
		s.dateAnswer(w)
		mux.ServeHTTP(w, r)
	})
}

// SetSkew sets how far Slack's clock is ahead of this machine's: its answers' Date headers show it.
func (s *Server) SetSkew(ahead time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew = ahead
}

func (s *Server) dateAnswer(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Date", s.timers.now().Add(s.skew).UTC().Format(http.TimeFormat))
}

// learnBase remembers the address by which the app reached the server, for the addresses that the server hands out.
func (s *Server) learnBase(r *http.Request) {
	if s.opts.BaseURL != "" {
		return
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	s.mu.Lock()
	s.base = scheme + "://" + r.Host
	s.mu.Unlock()
}

// Close ends all connections and timers. The server answers nothing afterwards.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	conns := s.conns
	s.conns = nil
	for _, d := range s.deliveries {
		s.finish(d)
	}
	s.bump()
	s.mu.Unlock()
	s.timers.close()
	for _, c := range conns {
		c.drop()
	}
}

// RunTimers lets happen what is due by Options.ProtocolNow: missed acks, redelivery, the end of refreshed connections.
// Without Options.ProtocolNow it has nothing to do.
func (s *Server) RunTimers() { s.timers.run() }

// patience is how long the server waits where Slack waits so many seconds.
func (s *Server) patience(seconds int) time.Duration {
	return time.Duration(seconds) * time.Duration(max(1, s.opts.Patience)) * time.Second
}

// now is the product clock.
func (s *Server) now() time.Time { return s.opts.Now() }

// bump tells everyone who waits that something has changed. The caller holds mu.
func (s *Server) bump() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// Version counts changes to anything a person could see.
func (s *Server) Version() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// Changed returns a channel that is closed once Version is greater than since.
func (s *Server) Changed(since uint64) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version > since {
		done := make(chan struct{})
		close(done)
		return done
	}
	return s.changed
}

// WaitFor returns nil as soon as cond holds; it looks again at each change. cond may call any method of the server.
// When ctx ends first the error is ctx's.
func (s *Server) WaitFor(ctx context.Context, cond func() bool) error {
	for {
		v := s.Version()
		if cond() {
			return nil
		}
		select {
		case <-s.Changed(v):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// id gives the next id of a kind: U, C, D, V, F, B, Ev ... The caller holds mu.
func (s *Server) id(prefix string) string {
	s.nextID[prefix]++
	return fmt.Sprintf("%s%08d", prefix, s.nextID[prefix])
}

// ts gives a message's ts: the product clock, moved on where needed so that each is unique and later than the last.
func (s *Server) ts() string {
	s.lastTS = max(s.now().UnixMicro(), s.lastTS+1)
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}
