package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The browser tests use the sandbox's page as people do, in a real Chromium.
// One browser serves them all; each person is a window of their own, as in the
// browser of somebody who tries the sandbox out. Each sandbox is an origin of its own.

// Two lanes run side by side, each one test after the other: Slack gives a bot
// three seconds to answer, also on a busy machine.

func TestBrowserWeek(t *testing.T) {
	t.Parallel()
	t.Run("by mouse", browserWeekByMouse)
	t.Run("by keyboard", browserWeekByKeyboard)
	t.Run("two people", browserTwoPeople)
	t.Run("scorecard on a phone", browserScorecardOnAPhone)
	t.Run("nothing typed is lost", browserKeepsWhatWasTyped)
}

func TestBrowserPage(t *testing.T) {
	t.Parallel()
	t.Run("accessible", browserAccessible)
	t.Run("trouble", browserTrouble)
	t.Run("first steps", browserTour)
	t.Run("hostile text", browserHostileText)
	t.Run("smooth", browserStaysSmooth)
}

// chromium is the browser of all tests, started by the first that needs it and
// ended by TestMain.
var chromium struct {
	once   sync.Once
	ctx    context.Context
	cancel context.CancelFunc
	err    error
}

// errNoChromium is why browser tests are skipped.
var errNoChromium = errors.New("there is no Chromium here (chromium, chromium-browser or google-chrome): install it, as .ci/run does with apt-get")

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoChromium
}

func startChromium() {
	path, err := findChromium()
	if err != nil {
		chromium.err = err
		return
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox}
	for _, flag := range []string{"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "no-default-browser-check", "hide-scrollbars", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	// A page that nobody opens is not prepared beside each one that somebody does,
	// and the process of a window's blank page goes on with the sandbox's: starting
	// one costs as much as all that some tests do.
	options = append(options, chromedp.Flag("disable-features", "SpareRendererForSitePerProcess,IsolateOrigins,site-per-process"),
		chromedp.Flag("disable-site-isolation-trials", true))
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	chromium.ctx, chromium.cancel = ctx, func() { cancel(); end() }
	chromium.err = chromedp.Do(ctx)
}

// endChromium ends the browser, if one was started.
func endChromium() {
	if chromium.cancel != nil {
		chromium.cancel()
	}
}

// A visitor is one person with a window of their own.
type visitor struct {
	t    testing.TB
	ctx  context.Context
	base string
	on   screen
	taps int // on a phone

	mu       sync.Mutex
	problems []string // what the console said, and errors nobody caught
}

// A screen is what a visitor looks through.
type screen struct {
	width, height int64
	dark, phone   bool
}

var (
	desktop = screen{width: 1280, height: 800}
	phone   = screen{width: 390, height: 844, phone: true}
)

// visit opens a window for one person. The test fails in the end when
// the page reported a problem.
func visit(t testing.TB, base string, on screen) *visitor {
	t.Helper()
	chromium.once.Do(startChromium)
	if errors.Is(chromium.err, errNoChromium) && os.Getenv("CI") != "true" {
		t.Skip(chromium.err)
	}
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx)
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(cancelTime)
	v := &visitor{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/"), on: on}
	go v.listen(chromedp.Console(ctx))
	scheme := "light"
	if on.dark {
		scheme = "dark"
	}
	viewport := []chromedp.EmulateViewportOption{}
	if on.phone {
		viewport = append(viewport, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	v.do(chromedp.EmulateViewport(on.width, on.height, viewport...))
	v.scheme(scheme)
	t.Cleanup(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, p := range v.problems {
			t.Errorf("the page reported: %s", p)
		}
	})
	return v
}

// scheme is the colour scheme of the visitor's system: light or dark.
func (v *visitor) scheme(name string) {
	v.t.Helper()
	if _, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}); err != nil {
		v.t.Fatal(err)
	}
}

// listen collects what the page reports.
func (v *visitor) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return // the browser has gone
		}
		if m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning {
			v.mu.Lock()
			v.problems = append(v.problems, m.String()+" "+m.URL)
			v.mu.Unlock()
		}
	}
}

func (v *visitor) do(actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, actions...); err != nil {
		v.t.Fatal(err)
	}
}

// open goes to a place as a person: a conversation's id, dm, home, calendar or
// mail.
func (v *visitor) open(as, at string) {
	v.t.Helper()
	v.do(chromedp.Navigate(v.base + "/?" + url.Values{"as": {as}, "at": {at}}.Encode()))
}

// quiet takes the first steps away.
func (v *visitor) quiet() {
	v.t.Helper()
	v.run(`tour(false)`)
}

// eval returns the value of an expression in the page.
func eval[T any](v *visitor, expression string) T {
	v.t.Helper()
	out, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		v.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// run does something in the page that no person can.
func (v *visitor) run(expression string) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void](expression))
}

// until waits until an expression is true in the page.
func (v *visitor) until(expression string) {
	v.t.Helper()
	over := time.After(10 * time.Second) // what the page says in passing still stands then
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		// A page that is just being replaced has no answer yet.
		if ok, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise)); err == nil && ok {
			return
		} else if v.ctx.Err() != nil {
			v.t.Fatalf("%s: %v", expression, err)
		}
		select {
		case <-again.C:
		case <-over:
			text, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string](`document.body.innerText`))
			v.t.Fatalf("The page shows\n%s\nbut this never holds: %s", text, strings.TrimPrefix(expression, "(() => { "+script))
		}
	}
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

// reads waits until a part of the page, or a field in it, holds a text.
func (v *visitor) reads(part, text string) {
	v.t.Helper()
	v.until(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) =>
		[e.innerText, ...[...e.querySelectorAll("input, textarea")].map((field) => field.value)].join("\n").includes(%s))`, part, quoted(text)))
}

// gone waits until nothing in the page fits a selector.
func (v *visitor) gone(part string) {
	v.t.Helper()
	v.until(fmt.Sprintf(`!document.querySelector(%q)`, part))
}

// script gives the page the helpers below: the accessible name of what one can
// act on, nearly as browsers work it out, and the newest thing with a name.
const script = `
window.nameOf ??= (e) => {
	if (e.getAttribute("aria-label")) return e.getAttribute("aria-label");
	const own = e.id && document.querySelector('label[for="' + CSS.escape(e.id) + '"]');
	const text = (own || e.closest("label") || e).innerText || e.textContent;
	const legend = e.matches("input[type=radio], input[type=checkbox]") && e.closest("fieldset")?.querySelector("legend");
	return ((legend ? legend.innerText + " > " : "") + text).replace(/\s+/g, " ").trim();
};
window.named ??= (name, inside) => {
	const modal = document.querySelector("dialog[open]") || document.getElementById("modal");
	const all = [...document.querySelectorAll("button, a[href], summary, input:not([type=hidden]), select, textarea, [role=option]")]
		.filter((e) => e.checkVisibility({ visibilityProperty: true }) && (!inside || e.closest(inside)) && !e.closest("[inert]"));
	const fits = (test) => all.filter((e) => test(nameOf(e)));
	const [group, option] = name.split(" > "); // the beginning of each
	if (option) return fits((n) => n.startsWith(group) && n.includes(" > " + option)).at(-1);
	const found = [fits((n) => n === name), fits((n) => n.startsWith(name)), fits((n) => n.includes(name))].find((l) => l.length) || [];
	return found.filter((e) => modal?.contains(e)).at(-1) || found.at(-1);
};
`

// point returns the middle of the newest thing with a name, once it stands
// still there and nothing covers it.
func (v *visitor) point(name, inside string) (x, y float64) {
	v.t.Helper()
	v.until(fmt.Sprintf(`(() => { %s
		const find = () => {
			let e = named(%s, %q);
			if (!e) return "";
			if (e.matches("input[type=radio], input[type=checkbox]")) e = e.closest("label");
			e.scrollIntoView({block: "center", behavior: "instant"});
			const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
			const hit = document.elementFromPoint(x, y);
			return hit && (e.contains(hit) || hit.contains(e)) ? x + " " + y : "";
		};
		const frame = () => new Promise(requestAnimationFrame);
		const was = find();
		return frame().then(frame).then(() => (window.spot = find()) !== "" && spot === was);
	})()`, script, quoted(name), inside))
	if _, err := fmt.Sscan(eval[string](v, `window.spot`), &x, &y); err != nil {
		v.t.Fatal(err)
	}
	return x, y
}

// click clicks, or taps on a phone, on the newest button, link, field or choice with a name.
func (v *visitor) click(name string) {
	v.t.Helper()
	v.clickIn("", name)
}

func (v *visitor) clickIn(inside, name string) {
	v.t.Helper()
	if v.on.phone {
		v.taps++
	}
	for range 3 {
		x, y := v.point(name, inside)
		v.run(fmt.Sprintf(`window.hit = false;
			addEventListener("click", (event) => { %s
				const e = named(%s, %q)?.closest("label") ?? named(%s, %q);
				window.hit = !e || e.contains(event.target) || event.target.contains(e);
			}, {capture: true, once: true})`, script, quoted(name), inside, quoted(name), inside))
		if v.on.phone {
			v.do(chromedp.TapXY(x, y))
		} else {
			v.do(chromedp.MouseClickXY(x, y))
		}
		if v.hit() {
			return
		}
		// The page moved under the pointer: a person sees that, and clicks where the thing is now.
	}
}

// hit reports whether the last click reached what it was meant for; a tap
// becomes a click a little later. A page that was left answers nothing.
func (v *visitor) hit() bool {
	hit, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](`new Promise((done) => {
		const look = (left) => window.hit !== false || !left ? done(window.hit !== false) : setTimeout(look, 50, left - 1);
		look(20);
	})`, chromedp.EvalAwaitPromise))
	return err != nil || hit
}

// write types into the field that has the focus.
func (v *visitor) write(text string) {
	v.t.Helper()
	v.do(chromedp.KeyEvent(text))
}

// fill clicks on a field, takes out what it holds and types.
func (v *visitor) fill(name, text string) {
	v.t.Helper()
	v.click(name)
	v.run(`document.activeElement.select?.()`)
	v.do(chromedp.KeyEvent(kb.Backspace), chromedp.KeyEvent(text))
}

// command types a slash command into the message box.
func (v *visitor) command(text string) {
	v.t.Helper()
	v.fill("Message or command to", text)
	v.do(chromedp.KeyEvent(kb.Enter))
}

// photograph saves what the visitor sees.
func (v *visitor) photograph(path string) {
	v.t.Helper()
	png, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		v.t.Fatal(err)
	}
}

// browse starts a sandbox with its bot, on a Wednesday at 8:00 with a clock
// that stands still, and returns its address.
func browse(t testing.TB) (base string) {
	t.Helper()
	if _, err := findChromium(); err != nil && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	out := &firstLine{got: make(chan string, 1)}
	var stderr bytes.Buffer
	ended := make(chan error, 1)
	c := sandboxCommand{Listen: "127.0.0.1:0", Rate: 1, At: time.Date(2026, 12, 2, 14, 0, 0, 0, time.UTC)}
	go func() { ended <- runSandbox(ctx, c, out, &stderr) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the sandbox ended with %v", err)
		}
		if t.Failed() {
			t.Logf("the sandbox said\n%s", &stderr)
		}
	})
	select {
	case line := <-out.got:
		_, base, _ = strings.Cut(line, "ready: ")
	case <-time.After(20 * time.Second):
		t.Fatal("the sandbox doesn't start")
	}
	ask(t, base+"sandbox/api/clock/pause", "{}", nil)
	return base
}

// firstLine passes on the first line that is written to it.
type firstLine struct {
	mu   sync.Mutex
	have []byte
	sent bool
	got  chan string
}

func (f *firstLine) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.have = append(f.have, b...)
	if line, _, ok := strings.Cut(string(f.have), "\n"); ok && !f.sent {
		f.sent = true
		f.got <- line
	}
	return len(b), nil
}
