package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"convene/internal/clock"
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// Options say what to build. Clock, Addr and App are required.
type Options struct {
	Clock  *clock.Clock  // the company's time: messages, events, mail. Protocol time stays real
	Addr   string        // host:port that Handler is served on
	App    fakeslack.App // the bot as its manifest describes it; ids are given
	Scopes []string      // of the bot token
	Data   string        // a directory that keeps the state; empty: nothing is kept
	Strict bool          // refuse fields that Slack and Google don't know, instead of ignoring them
	Logger *slog.Logger  // ids and methods only; nil: silent
}

// Sandbox is a made-up company with its Slack workspace, its Google Calendar
// and a mail server that delivers nothing. Its methods may be called by several
// goroutines.
type Sandbox struct {
	Slack  *fakeslack.Server
	Google *fakegoogle.Server

	opts    Options
	clock   *clock.Clock
	log     *slog.Logger
	company Company
	mail    *mailbox
	pages   pages
	begun   func() // called at the first call of a program

	drawings *drawings
	botLog   BotLog
	watchers atomic.Int32 // pages whose drawer shows the bot's calls

	stop    context.CancelFunc
	working sync.WaitGroup

	mu      sync.Mutex
	version uint64                       // counts what somebody could see change
	changed chan struct{}                // closed and replaced at each change
	read    map[string]map[string]string // person: conversation: newest ts that they have seen on the page
	trouble trouble
	due     func(context.Context) ([]Due, error)
	turn    func(context.Context, bool) error
	settle  func(context.Context) error // carries out what is due; nil: the bot is another program
}

// New builds the company, or takes it up as Options.Data kept it. Close it when
// done.
func New(opts Options) (*Sandbox, error) {
	if opts.Clock == nil || opts.Addr == "" || opts.App.Name == "" {
		return nil, errors.New("sandbox: Clock, Addr and App are required")
	}
	s := &Sandbox{
		opts: opts, clock: opts.Clock, log: opts.Logger,
		begun: func() {}, drawings: newDrawings(),
		changed: make(chan struct{}),
		read:    map[string]map[string]string{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.pages, err = readPages(); err != nil {
		return nil, err
	}
	s.Slack = fakeslack.New(fakeslack.Options{
		Now: s.clock.Now, Strict: opts.Strict, Logger: s.log,
		TeamName: "Asymmetric", TeamDomain: "asymmetric",
	})
	s.Google = fakegoogle.New(fakegoogle.Options{Now: s.clock.Now, Strict: opts.Strict, AnonymousPrincipal: InterviewsAccount})
	kept, err := s.load()
	if err != nil {
		return nil, err
	}
	if err := s.seed(kept); err != nil {
		return nil, err
	}
	s.mail, err = listenMail(s.clock.Now, s.bump)
	if err != nil {
		return nil, err
	}
	if kept != nil {
		s.mail.restore(kept.Mail)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.working.Go(func() { s.watch(ctx) })
	s.working.Go(func() { s.mail.run() })
	if opts.Data != "" {
		s.working.Go(func() { s.keep(ctx) })
	}
	return s, nil
}

// Close ends all connections and keeps the state when Options.Data names where.
func (s *Sandbox) Close() error {
	s.stop()
	s.mail.close()
	s.Slack.Close()
	s.working.Wait()
	return s.save()
}

// SetSettle gives the sandbox the way to let its own bot do all that is due and
// return once nothing is left. Actions of people and jumps of the clock then
// wait for it.
func (s *Sandbox) SetSettle(settle func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle = settle
}

// OnFirstCall sets what is called, once, before the first call that a program
// makes to Slack or Google is answered. Set it before Handler serves.
func (s *Sandbox) OnFirstCall(begin func()) {
	s.begun = sync.OnceFunc(begin)
}

// Handler serves everything on one port.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/slack/", s.forPrograms(s.Slack.Handler()))
	mux.Handle("/google/", s.forPrograms(s.Google.Handler()))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s.routeAPI(mux)
	s.routePages(mux)
	// Another site's page in the same browser must not act as these people.
	return http.NewCrossOriginProtection().Handler(mux)
}

func (s *Sandbox) forPrograms(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.begun()
		h.ServeHTTP(w, r)
		if s.watchers.Load() > 0 {
			s.bump()
		}
	})
}

// A Setting is an environment variable.
type Setting struct{ Name, Value string }

// Settings are the environment of a bot that works in this sandbox.
func (s *Sandbox) Settings() []Setting {
	base := "http://" + s.reachable()
	return []Setting{
		{"SLACK_BOT_TOKEN", BotToken},
		{"SLACK_APP_TOKEN", AppToken},
		{"SLACK_API_URL", base + "/slack/api/"},
		{"GOOGLE_CALENDAR_URL", base + "/google/calendar/v3/"},
		{"COORDINATORS", coordinators},
		{"CANDIDATE_EMAIL", "send"},
		{"SMTP_URL", "smtp://" + s.mail.address()},
		{"MAIL_FROM", InterviewsAccount},
	}
}

// URL is the page's address.
func (s *Sandbox) URL() string { return "http://" + s.reachable() + "/" }

// reachable is the host:port by which this machine reaches the sandbox: one
// that listens on every address is reached on the loopback one.
func (s *Sandbox) reachable() string {
	host, port, err := net.SplitHostPort(s.opts.Addr)
	if err != nil {
		return s.opts.Addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// bump tells everyone who waits that something has changed.
func (s *Sandbox) bump() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// news returns the present version and a channel that is closed at the next.
func (s *Sandbox) news() (uint64, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version, s.changed
}

// watch makes one stream of what changes in Slack, in Google and on the clock.
func (s *Sandbox) watch(ctx context.Context) {
	google, unsubscribe := s.Google.Subscribe()
	defer unsubscribe()
	seen := s.Slack.Version()
	for {
		moved := s.clock.Changed()
		select {
		case <-ctx.Done():
			return
		case <-s.Slack.Changed(seen):
			seen = s.Slack.Version()
		case <-google:
		case <-moved:
		}
		s.bump()
	}
}

// settled lets the sandbox's own bot do what is due; without one it does
// nothing.
func (s *Sandbox) settled(ctx context.Context, atMost time.Duration) error {
	s.mu.Lock()
	settle := s.settle
	s.mu.Unlock()
	if settle == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	return settle(ctx)
}
