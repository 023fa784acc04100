package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goccy/go-yaml"

	"convene/bot"
	"convene/internal/clock"
	"convene/internal/cron"
	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
	"convene/internal/sqlite/sqlitetest"
)

// A world is the real wiring on the sandbox's servers, with a clock that the
// story moves. It fails its story when the bot breaks Slack's protocol.
type world struct {
	clock  *clock.Clock
	slack  *fakeslack.Server
	google *fakegoogle.Server
	server *httptest.Server // of the running bot: each start has an address of its own
	gate   *gate
	dir    string
	mode   string // CANDIDATE_EMAIL
	smtp   string
	roles  string // ROLES_DIR; empty: the built-in roles alone
	admins string // COORDINATORS; empty: Karly
	logs   *lockedBuffer
	wall   *fastWall // the machine's clock as the dispatchers see it
	timing outbox.Timing

	mailServer *smtpServer       // nil: none
	channels   map[string]string // of the roles that a story added: id to name

	app  *app
	stop func() error
	db   int // number of the database file: a crash goes on with a copy

	crash *crash // where the bot is to die; nil: nowhere
}

// A gate cuts one run of the bot off from the world, as its death would.
type gate struct {
	next http.Handler
	shut atomic.Bool
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.shut.Load() {
		panic(http.ErrAbortHandler)
	}
	g.next.ServeHTTP(w, r)
	if g.shut.Load() {
		panic(http.ErrAbortHandler)
	}
}

// A crash is a moment at which the bot dies: reached is closed when the call is
// made that it dies at, and release lets that call go on without it.
type crash struct {
	reached chan struct{}
	release chan struct{}
}

// The people of the stories; the built-in role names the first three.
const (
	karly     = "U0KARLY"
	sebastian = "U0SEB"
	mark      = "U0MARK"
	dana      = "U0DANA" // a second coordinator
	rob       = "U0ROB"  // a member without a part in the role
	gus       = "U0GUS"  // a guest
	ada       = "U0ADA"  // the workspace's admin
	channelAC = "C0HIRING"
	channelGe = "C0GENERAL"
)

var everybody = map[string]string{"karly": karly, "sebastian": sebastian, "mark": mark, "dana": dana, "rob": rob, "gus": gus, "ada": ada}

const (
	botToken = "xoxb-story"
	appToken = "xapp-story"
	mainRole = "account-coordinator"
)

// storyTiming makes the dispatchers' waits short: far ends answer at once here.
var storyTiming = outbox.Timing{
	FirstLook: time.Millisecond, SecondLook: 3 * time.Millisecond, SlowLook: 5 * time.Millisecond,
	Backoff: time.Millisecond, MaxBackoff: 5 * time.Millisecond, Call: 20 * time.Second, Grace: time.Second,
}

// patient is how many times as long as in earnest Slack waits for the bot in a
// story, and the bot for itself: many stories share the machine's processors.
// The sandbox, and with it the browser tests, has Slack's own three seconds.
const patient = 10

// A fastWall runs a hundred times as fast as the machine's clock: a dispatcher
// whom Slack asks to wait for a second doesn't keep the story waiting.
type fastWall struct {
	start   time.Time
	skipped atomic.Int64 // nanoseconds
}

func (f *fastWall) now() time.Time {
	return f.start.Add(100*time.Since(f.start) + time.Duration(f.skipped.Load()))
}

func (f *fastWall) skip(d time.Duration) { f.skipped.Add(int64(d)) }

func newWorld(dir string, at time.Time, mode, smtp string) (*world, error) {
	w := &world{clock: clock.Controlled(at), dir: dir, mode: mode, smtp: smtp, logs: &lockedBuffer{}, wall: &fastWall{start: time.Now()}, timing: storyTiming}
	w.slack = fakeslack.New(fakeslack.Options{Now: w.clock.Now, Strict: true, TeamName: "Asymmetric", Patience: patient})
	w.google = fakegoogle.New(fakegoogle.Options{Now: w.clock.Now, Strict: true, AnonymousPrincipal: "interviews@asymmetric.example"})
	if err := w.seed(); err != nil {
		return nil, err
	}
	return w, sqlitetest.Put(w.database())
}

// manifestJSON is the app's manifest, which is the same for all worlds.
var manifestJSON = sync.OnceValues(func() ([]byte, error) {
	manifest, err := bot.Manifest()
	if err != nil {
		return nil, err
	}
	return yaml.YAMLToJSON(manifest)
})

func (w *world) seed() error {
	asJSON, err := manifestJSON()
	if err != nil {
		return err
	}
	installed, scopes, err := fakeslack.AppFromManifest(asJSON)
	if err != nil {
		return err
	}
	// They were here before the app was: nobody tells it that they joined, again and
	// again while it isn't connected, which would undo what a test makes of them.
	for _, u := range []fakeslack.User{
		{ID: karly, Name: "karly", RealName: "Karly Oykhman", Email: "karly@asymmetric.example", TZ: "America/Chicago"},
		{ID: sebastian, Name: "sebastian", RealName: "Sebastian Gant", Email: "sebastian@asymmetric.example", TZ: "America/Denver"},
		{ID: mark, Name: "mark", RealName: "Mark", Email: "mark@asymmetric.example", TZ: "America/Chicago"},
		{ID: dana, Name: "dana", RealName: "Dana Reyes", Email: "dana@asymmetric.example", TZ: "America/New_York"},
		{ID: rob, Name: "rob", RealName: "Rob Stranger", Email: "rob@asymmetric.example", TZ: "America/Chicago"},
		{ID: gus, Name: "gus", RealName: "Gus Guest", Email: "gus@elsewhere.example", TZ: "America/Chicago", IsRestricted: true},
		{ID: ada, Name: "ada", RealName: "Ada Admin", Email: "ada@asymmetric.example", TZ: "America/Chicago", IsAdmin: true},
	} {
		w.slack.PutUser(u)
		if !u.IsRestricted {
			w.google.AddUser(fakegoogle.User{Email: u.Email, Name: u.RealName, TimeZone: u.TZ})
		}
	}
	installed = w.slack.SetApp(installed)
	w.slack.PutToken(fakeslack.Token{Value: botToken, Kind: fakeslack.BotToken, Scopes: scopes})
	w.slack.PutToken(fakeslack.Token{Value: appToken, Kind: fakeslack.AppToken, Scopes: []string{"connections:write"}})
	w.google.AddUser(fakegoogle.User{Email: "interviews@asymmetric.example", Name: "Interviews", TimeZone: "America/Chicago"})
	team := []string{karly, sebastian, mark, dana, installed.BotUserID}
	w.slack.PutChannel(fakeslack.Channel{ID: channelAC, Name: "hiring-ac", IsPrivate: true, Members: team})
	w.slack.PutChannel(fakeslack.Channel{ID: channelGe, Name: "general", IsGeneral: true, Members: append(team, rob, gus, ada)})
	return nil
}

// database is the file of the next run.
func (w *world) database() string { return filepath.Join(w.dir, fmt.Sprintf("convene-%d.db", w.db)) }

// env are the settings of the next run.
func (w *world) env() map[string]string {
	env := map[string]string{
		"SLACK_BOT_TOKEN": botToken, "SLACK_APP_TOKEN": appToken,
		"SLACK_API_URL": w.server.URL + "/slack/api/", "GOOGLE_CALENDAR_URL": w.server.URL + "/google/calendar/v3/",
		"DATABASE_PATH": w.database(), "LISTEN_ADDR": "", "LOG_LEVEL": "debug", "COORDINATORS": "karly@asymmetric.example",
	}
	if w.roles != "" {
		env["ROLES_DIR"] = w.roles
	}
	if w.admins != "" {
		env["COORDINATORS"] = w.admins
	}
	if w.mode != "" {
		env["CANDIDATE_EMAIL"] = w.mode
	}
	if w.smtp != "" {
		env["SMTP_URL"], env["MAIL_FROM"] = w.smtp, "Asymmetric Hiring <hiring@asymmetric.example>"
	}
	return env
}

func (w *world) config() Config {
	cfg, err := LoadConfig(lookup(w.env()))
	if err != nil {
		panic(err)
	}
	return cfg
}

// serve gives Slack and Google an address for one run of the bot.
func (w *world) serve() {
	mux := http.NewServeMux()
	mux.Handle("/slack/", w.slack.Handler())
	mux.Handle("/google/", w.google.Handler())
	w.gate = &gate{next: mux}
	w.server = httptest.NewServer(w.gate)
	w.server.Config.ErrorLog = stdlog.New(io.Discard, "", 0)
}

// start starts the bot, or starts it again on the same database.
func (w *world) start() error {
	w.serve()
	log := slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a, err := newApp(context.Background(), w.config(), w.clock, log)
	if err != nil {
		return err
	}
	for _, d := range a.outboxes {
		d.Timing, d.Wall = w.timing, w.wall.now
	}
	a.bot.Decide *= patient
	// The story itself asks for what is due, each time that it moves the clock.
	a.jobs = cron.NewJobs(w.clock, log)
	read := make(chan struct{}) // closed once the workspace's members are read
	a.started = sync.OnceFunc(func() { close(read) })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx); close(done) }() // whoever asks once more isn't kept waiting
	w.app = a
	w.stop = func() error {
		cancel()
		return errors.Join(<-done, a.Close())
	}
	up := func() bool { return a.bot.Connected() >= 2 }
	wait, end := context.WithTimeout(ctx, 60*time.Second)
	defer end()
	for !up() {
		select {
		case err := <-done:
			return errors.Join(err, a.Close())
		case <-wait.Done():
			return errors.New("the bot did not connect:\n" + w.logs.String())
		case <-time.After(time.Millisecond):
		}
	}
	select {
	case <-read: // not later, over what a story makes of them
	case <-wait.Done():
		return errors.New("the bot did not read the workspace's members:\n" + w.logs.String())
	}
	return w.settle()
}

func (w *world) halt() error {
	if w.app == nil {
		return nil
	}
	if w.crash != nil { // the story ended before it, or in the middle of it: its server waits for the call
		close(w.crash.release)
		w.crash = nil
	}
	err := w.stop()
	w.server.CloseClientConnections()
	w.server.Close()
	w.app, w.stop = nil, nil
	return err
}

// die ends the bot the way kill -9 would: what the database holds at this
// moment is all that is left of it.
func (w *world) die() error {
	// The world first: what is begun after the copy must not reach it.
	w.gate.shut.Store(true)
	path := filepath.Join(w.dir, fmt.Sprintf("convene-%d.db", w.db+1))
	if err := w.app.db.Backup(context.Background(), path); err != nil {
		return err
	}
	w.db++
	close(w.crash.release)
	w.crash = nil
	w.server.CloseClientConnections()
	w.slack.DropConnection(0)
	_ = w.stop() // whatever its last words are
	w.server.Close()
	w.app, w.stop = nil, nil
	return w.start()
}

func (w *world) restart() error {
	if err := w.halt(); err != nil {
		return err
	}
	return w.start()
}

// settle waits until the bot has nothing left to do at this time.
func (w *world) settle() error {
	if w.app == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	if w.crash != nil {
		settled := make(chan error, 1)
		go func() { settled <- w.rest(ctx) }()
		select {
		case <-w.crash.reached:
			cancel()
			if err := w.die(); err != nil {
				return err
			}
			<-settled
			return w.settle()
		case err := <-settled:
			if err != nil {
				return fmt.Errorf("the bot does not come to rest: %w\n%s", err, w.logs.String())
			}
			return nil
		}
	}
	if err := w.rest(ctx); err != nil {
		return fmt.Errorf("the bot does not come to rest: %w\n%s", err, w.logs.String())
	}
	return nil
}

// rest returns once Slack has nothing on its way to the bot, and the bot nothing
// left to do.
func (w *world) rest(ctx context.Context) error {
	if err := w.slack.WaitFor(ctx, func() bool { return w.slack.Pending() == 0 }); err != nil {
		return fmt.Errorf("%d envelopes are on their way: %w", w.slack.Pending(), err)
	}
	return w.app.Settle(ctx)
}

// openRole sets the role up as Karly would with /hiring setup. Who holds the
// first interview is Karly, unless others are named.
func (w *world) openRole(panel ...string) error {
	if len(panel) == 0 {
		panel = []string{karly}
	}
	err := w.app.OpenSampleRole(context.Background(), hiring.Setup{
		RoleKey: mainRole,
		People: map[string][]string{
			"strategist": panel, "director-of-ops": {sebastian}, "owner": {mark},
		},
		Coordinators: []string{karly, dana}, Deciders: []string{mark, karly}, Channel: channelAC,
	}, karly)
	if err != nil {
		return err
	}
	return w.settle()
}

// jump moves the clock in steps, so that everything falls due in its order, as
// it would while time passes.
func (w *world) jump(to time.Time) error {
	for {
		now := w.clock.Now()
		if !now.Before(to) {
			return nil
		}
		next := to
		if w.app != nil {
			if due, err := w.nextDue(now); err != nil {
				return err
			} else if due.After(now) && due.Before(to) {
				next = due
			}
		}
		if err := w.clock.Jump(next); err != nil {
			return err
		}
		if err := w.settle(); err != nil {
			return err
		}
	}
}

// nextDue returns when the next row falls due after now; zero: none.
func (w *world) nextDue(now time.Time) (time.Time, error) {
	rows, err := w.app.db.Due(context.Background(), []string{
		hiring.DueKit, hiring.DueAsk, hiring.DueNag, hiring.DuePreview, hiring.DueSummary, hiring.DueWarn, hiring.DueLate,
	}, now.AddDate(1, 0, 0), 1000)
	for _, d := range rows {
		if d.At.After(now) {
			return d.At, err
		}
	}
	return time.Time{}, err
}

// person returns the Slack id of a name in a story.
func person(name string) (string, error) {
	if id, ok := everybody[name]; ok {
		return id, nil
	}
	return "", fmt.Errorf("there is nobody called %q in the stories", name)
}

// ledger lists everything that left the bot: messages by where and their first
// words, events and mails.
func (w *world) ledger() string {
	var lines []string
	names := map[string]string{channelAC: "#hiring-ac", channelGe: "#general"}
	for id, name := range w.channels {
		names[id] = "#" + name
	}
	for name, id := range everybody {
		if dm := w.slack.DMChannel(id); dm != "" {
			names[dm] = "dm " + name
		}
	}
	for _, m := range w.slack.Posted() {
		if m.BotID == "" || m.EphemeralTo != "" {
			continue
		}
		first, _, _ := strings.Cut(w.slack.MessageText(karly, m), "\n")
		lines = append(lines, fmt.Sprintf("%s: %s", names[m.Channel], first))
	}
	slices.Sort(lines)
	for _, m := range w.google.Mail() {
		lines = append(lines, fmt.Sprintf("google mail %s to %s", m.Kind, m.To))
	}
	return strings.Join(lines, "\n") + "\n"
}

// lockedBuffer collects logs.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
