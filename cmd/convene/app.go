package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"convene/bot"
	"convene/internal/candidate"
	"convene/internal/clock"
	"convene/internal/cron"
	"convene/internal/decision"
	"convene/internal/gcal"
	"convene/internal/hiring"
	"convene/internal/mail"
	"convene/internal/outbox"
	"convene/internal/report"
	"convene/internal/role"
	"convene/internal/schedule"
	"convene/internal/scorecard"
	"convene/internal/setup"
	"convene/internal/sqlite"
)

// app is the wired program. Production, the sandbox and the stories start the
// same one.
type app struct {
	cfg       Config
	clock     *clock.Clock
	log       *slog.Logger
	db        *sqlite.DB
	slack     *bot.Client
	directory *bot.Directory
	bot       *bot.Bot
	messenger *bot.Messenger
	setup     *setup.Service
	records   *candidate.Records
	schedule  *schedule.Service
	scores    *scorecard.Service
	decisions *decision.Service
	outboxes  []*outbox.Dispatcher // one per far end, so that none waits for another
	jobs      *cron.Jobs
	started   func() // called when the start is over; nil: nothing to do

	nothingDue atomic.Pointer[stateAndTime] // when Settle last found nothing due; nil: never yet
}

// newApp wires the program; nothing is started, and nothing but the database
// and the role files is touched.
func newApp(ctx context.Context, cfg Config, clk *clock.Clock, log *slog.Logger) (_ *app, err error) {
	a := &app{cfg: cfg, clock: clk, log: log}
	roles, err := configuredRoles(cfg)
	if err != nil {
		return nil, err
	}
	a.db, err = sqlite.Open(ctx, cfg.DatabasePath, sqlite.Options{Now: clk.Now})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.db.Close())
		}
	}()
	if err := a.db.PutRoles(ctx, roles); err != nil {
		return nil, err
	}
	calendar, err := gcal.New(ctx, gcal.Options{
		CredentialsJSON: []byte(cfg.GoogleCredentials.Reveal()), Impersonate: cfg.GoogleImpersonate,
		CalendarID: cfg.GoogleCalendarID, BaseURL: cfg.GoogleCalendarURL, UserAgent: "convene",
	})
	if err != nil {
		return nil, err
	}
	a.slack = bot.NewClient(cfg.SlackBotToken.Reveal(), cfg.SlackAppToken.Reveal(), cfg.SlackAPIURL)
	a.directory = &bot.Directory{Slack: a.slack, Store: a.db, Coordinators: cfg.Coordinators}
	a.wireFeatures(calendar)
	a.bot = bot.New(bot.Options{
		Slack: a.slack, Store: a.db, Directory: a.directory,
		Candidates: &candidate.Service{Store: a.db, Now: clk.Now, NewID: newID, Cancel: schedule.Cancelled}, Records: a.records,
		Schedule: a.schedule, Scorecards: a.scores, Decisions: a.decisions, Setup: a.setup,
		Reports: &report.Service{Store: a.db, Holidays: a.holidays, Now: clk.Now},
		Now:     clk.Now, Changed: a.wake, Log: log,
	})
	a.schedule.LinkTo = a.bot.LinkTo
	secret, err := a.db.MarkSecret(ctx)
	if err != nil {
		return nil, err
	}
	a.messenger = &bot.Messenger{Bot: a.bot, Secret: secret}
	if err := a.wireOutbox(); err != nil {
		return nil, err
	}
	a.jobs = cron.NewJobs(clk, log,
		cron.Job{Name: "scorecards", Every: tickEvery, Run: a.tick(a.scores.Tick)},
		cron.Job{Name: "decisions", Every: tickEvery, Run: a.tick(a.decisions.Tick)},
		cron.Job{Name: "panelists", Every: tickEvery, Run: a.tick(a.schedule.Tick)},
		cron.Job{Name: "calendar", Every: followEvery(), Run: a.follow()},
	)
	return a, nil
}

func (a *app) wireFeatures(calendar *gcal.Client) {
	workspace := a.directory.Workspace
	a.records = &candidate.Records{Store: a.db, Now: a.clock.Now}
	a.setup = &setup.Service{
		Store: a.db, People: a.directory, Calendar: calendar, Workspace: workspace, Check: a.checkSettings, Countries: role.Countries(), Placeholders: role.Placeholders(), Now: a.clock.Now,
	}
	a.schedule = &schedule.Service{Store: a.db, Calendar: calendar, People: a.directory, Holidays: a.holidays, Now: a.clock.Now, NewID: newID, Mode: a.cfg.CandidateEmail}
	a.scores = &scorecard.Service{Store: a.db, People: a.directory, Calendar: calendar, Workspace: workspace, Holidays: a.holidays, Now: a.clock.Now}
	a.decisions = &decision.Service{
		Store: a.db, People: a.directory, Workspace: workspace, Holidays: a.holidays, Mode: a.cfg.CandidateEmail, Now: a.clock.Now, NewID: newID,
		Schedules: decision.Schedules{
			NextPreview: func(after time.Time, zone *time.Location) time.Time { return a.cfg.PreviewCron.Next(zone, after) },
			NextSummary: func(after time.Time, zone *time.Location) time.Time { return a.cfg.SummaryCron.Next(zone, after) },
		},
	}
	a.schedule.Told = a.decisions.ToldByInvitation
}

func (a *app) wireOutbox() error {
	add := func(handlers map[string]outbox.Handler, then func(context.Context) (int, error)) {
		d := &outbox.Dispatcher{Store: a.db, Handlers: handlers, Wall: time.Now, Timing: outbox.DefaultTiming, Log: a.log, Then: then}
		for kind := range handlers {
			d.Kinds = append(d.Kinds, kind)
		}
		a.outboxes = append(a.outboxes, d)
	}
	calendar, debriefs := schedule.CalendarHandler{Service: a.schedule}, schedule.DebriefHandler{Service: a.schedule}
	add(map[string]outbox.Handler{outbox.Post: a.messenger}, a.messenger.Refresh)
	add(map[string]outbox.Handler{outbox.CalendarInsert: calendar, outbox.CalendarMove: calendar, outbox.CalendarDelete: calendar, outbox.CalendarErase: calendar,
		outbox.DebriefInsert: debriefs, outbox.DebriefDelete: debriefs,
		outbox.CalendarHold: schedule.HoldHandler{Service: a.schedule}, outbox.CalendarRelease: schedule.HoldHandler{Service: a.schedule}}, nil)
	add(map[string]outbox.Handler{outbox.DeleteFile: bot.FileHandler{Bot: a.bot}}, nil)
	add(map[string]outbox.Handler{outbox.Scrub: sqlite.Scrubber{DB: a.db}}, nil)
	handler := decision.MailHandler{Service: a.decisions, Mailer: noMailer{}, CaseOf: a.db.CaseOfNotice}
	if a.cfg.CandidateEmail == decision.MailSend {
		sender, err := mail.New(mail.Options{URL: a.cfg.SMTPURL.Reveal(), From: a.cfg.MailFrom})
		if err != nil {
			return err
		}
		handler.Mailer = mailer{sender, a.clock.Now}
	}
	add(map[string]outbox.Handler{outbox.Mail: handler, outbox.MailTimes: schedule.TimesHandler{Service: a.schedule, Mailer: timesMailer{handler.Mailer}}}, nil)
	return nil
}

// tickEvery is how often the database is asked what is due, by the bot's clock.
const tickEvery = 15 * time.Second

// followEvery spreads the readers of Google's calendars a little.
// https://developers.google.com/workspace/calendar/api/guides/quota
func followEvery() time.Duration {
	var b [1]byte
	rand.Read(b[:])
	return schedule.FollowEvery - 10*time.Second + 20*time.Second*time.Duration(b[0])/255
}

// tick makes a job of a feature's Tick, which is repeated while there is more
// to do than it takes at once.
func (a *app) tick(step func(context.Context, time.Time) (int, error)) func(context.Context, time.Time) error {
	return func(ctx context.Context, now time.Time) error {
		for {
			n, err := step(ctx, now)
			if n > 0 {
				a.wake()
			}
			if err != nil || n == 0 {
				return err
			}
		}
	}
}

// followFloor is the least real time between two reads of the calendar: a
// rehearsal's fast clock must not flood Google's.
const followFloor = 250 * time.Millisecond

func (a *app) follow() func(context.Context, time.Time) error {
	var last time.Time
	return func(ctx context.Context, _ time.Time) error {
		if time.Since(last) < followFloor {
			return nil
		}
		last = time.Now()
		n, err := a.schedule.Follow(ctx)
		if n > 0 {
			a.wake()
		}
		return err
	}
}

// wake makes the dispatchers look for work.
func (a *app) wake() {
	for _, d := range a.outboxes {
		d.Wake()
	}
}

func (a *app) holidays(h hiring.Holidays) func(time.Time) bool {
	is, err := role.IsHoliday(h)
	if err != nil {
		a.log.Error("holidays unknown", "country", h.Country, "err", err) // role files are validated, so this is ours
		return nil
	}
	return is
}

// Run serves Slack and does what is due until ctx ends, then stops within
// seconds.
func (a *app) Run(ctx context.Context) error {
	if err := a.greet(ctx); err != nil {
		return err
	}
	n, err := a.db.RecoverEffects(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		a.log.Info("deliveries were cut short and are looked up", "effects", n)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.bot.Run(ctx) })
	g.Go(func() error { a.jobs.Run(ctx); return nil })
	g.Go(func() error { return a.loadDirectory(ctx) })
	g.Go(func() error { return a.db.Broken(ctx) })
	for _, d := range a.outboxes {
		g.Go(func() error { return d.Run(ctx) })
	}
	if a.cfg.ListenAddr != "" {
		g.Go(func() error { return a.serveOps(ctx) })
	}
	return g.Wait()
}

// greet learns who we are in Slack. What only a person can mend ends the
// program; while Slack can't be reached it is asked again.
func (a *app) greet(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		botID, err := a.slack.Greet(ctx)
		if err == nil {
			a.log.Info("in Slack", "bot", botID)
			return nil
		}
		if errors.Is(err, bot.ErrRefused) {
			return err
		}
		a.log.Warn("Slack doesn't answer", "err", err, "retry_in", wait)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// loadDirectory reads the workspace's members, and again once a day for what
// events didn't tell.
func (a *app) loadDirectory(ctx context.Context) error {
	for {
		wait := 24 * time.Hour
		if err := a.directory.Load(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("members not read", "err", err)
			wait = time.Minute
		} else if a.started != nil {
			a.started()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

func (a *app) serveOps(ctx context.Context) error {
	listener, err := net.Listen("tcp", a.cfg.ListenAddr)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	handler, err := ops{alive: a.db.Ping, ready: a.ready, metrics: a.metrics()}.handler()
	if err != nil {
		return err
	}
	return serveHTTP(ctx, listener, handler)
}

// ready reports whether Slack is connected and due work gets done.
func (a *app) ready(context.Context) error {
	if a.bot.Connected() == 0 {
		return errors.New("not connected to Slack")
	}
	rate, _ := a.clock.Rate()
	if idle := a.clock.Now().Sub(a.jobs.Last()); idle > time.Duration(5*max(1, rate)*float64(time.Minute)) {
		return fmt.Errorf("no work was looked for in %s", idle.Round(time.Second))
	}
	return nil
}

// Close closes the database; Run must have returned.
func (a *app) Close() error { return a.db.Close() }

// configuredRoles reads the built-in role files and those of ROLES_DIR, and refuses
// what can't work with the settings.
func configuredRoles(cfg Config) ([]*hiring.Role, error) {
	roles, problems := role.Load(cfg.RolesDir)
	var wrong SettingsError
	for _, p := range problems {
		if !p.Warning {
			wrong = append(wrong, SettingProblem{"ROLES_DIR", p.String()})
		}
	}
	if r, st, at, late := lateSummary(cfg, roles); late {
		wrong = append(wrong, SettingProblem{"SUMMARY_CRON", fmt.Sprintf("the summary at %s leaves less than 60 minutes until %s, when candidates of the role %s (stage %s) must have been told: set it earlier, or the role's end of day later",
			role.ClockWords(at), role.ClockWords(st.Deadline.V.EOD), r.Key, st.ID)})
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return roles, nil
}

// checkSettings returns what can't work of what people set over a role's file.
func (a *app) checkSettings(r *hiring.Role) []*hiring.UserError {
	var out []*hiring.UserError
	if _, err := role.IsHoliday(hiring.Holidays{Country: r.Holidays.V.Country}); err != nil {
		out = append(out, hiring.Invalid("holidays.country", "No holiday calendar is known for %s. Choose another, or list the days one by one.", r.Holidays.V.Country))
	}
	out = append(out, role.NoticeMisfits(r)...)
	at := summaryTime(a.cfg, r)
	for _, st := range r.Stages {
		if tooLate(st, at) {
			out = append(out, hiring.Invalid(hiring.StageSection(st.ID)+".deadline.eod", "This leaves less than 60 minutes after the decision summary at %s. Choose %s or later.",
				hiring.ClockWords(at), hiring.ClockWords(at+time.Hour)))
		}
	}
	return out
}

// lateSummary returns the first stage whose deadline comes less than an hour
// after the summary, which is at the returned time of day.
func lateSummary(cfg Config, roles []*hiring.Role) (*hiring.Role, hiring.Stage, time.Duration, bool) {
	for _, r := range roles {
		at := summaryTime(cfg, r)
		for _, st := range r.Stages {
			if tooLate(st, at) {
				return r, st, at, true
			}
		}
	}
	return nil, hiring.Stage{}, 0, false
}

// summaryTime is the role's time of day of the decision summary.
func summaryTime(cfg Config, r *hiring.Role) time.Duration {
	summary := cfg.SummaryCron.Next(r.TimeZone(), time.Now()).In(r.TimeZone())
	return time.Duration(summary.Hour())*time.Hour + time.Duration(summary.Minute())*time.Minute
}

// tooLate reports whether a summary at that time of day leaves too little time
// before the stage's deadline.
func tooLate(st hiring.Stage, summary time.Duration) bool {
	return st.Kind == hiring.StageInterview && st.Deadline.V.EOD-summary < time.Hour
}

// newID returns an id that is unique and tells nothing, e.g. "iv_4k2m…".
func newID(prefix string) string {
	var b [10]byte
	rand.Read(b[:])
	return prefix + "_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// mailer sends notices.
type mailer struct {
	*mail.Sender
	now func() time.Time
}

func (m mailer) Send(ctx context.Context, n decision.Mail) error {
	return m.Sender.Send(ctx, mail.Message{
		To: n.To, ToName: n.Name, Subject: n.Subject, Text: n.Body, HTML: paragraphs(n.Body), MessageID: n.ID, InReplyTo: n.Answers, Date: m.now(),
	})
}

// timesMailer sends times to choose from, as notices are sent.
type timesMailer struct{ decision.Mailer }

func (m timesMailer) Send(ctx context.Context, to, name, subject, body, messageID string) error {
	return m.Mailer.Send(ctx, decision.Mail{To: to, Name: name, Subject: subject, Body: body, ID: messageID})
}

// noMailer gives a mail that was approved under CANDIDATE_EMAIL=send, and is
// still owed, back to a person: the setting has changed since.
type noMailer struct{}

func (noMailer) Send(context.Context, decision.Mail) error {
	return outbox.Never(errors.New("the bot no longer sends e-mail (CANDIDATE_EMAIL): please send it yourself"))
}

// paragraphs is the HTML part of a plain text.
func paragraphs(text string) string {
	var sb strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		sb.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>\n") + "</p>\n")
	}
	return sb.String()
}
