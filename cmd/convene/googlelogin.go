package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"convene/internal/gcal/consent"
)

type googleLoginCommand struct {
	Client    string `required:"" placeholder:"FILE" help:"The OAuth client that you downloaded from Google Cloud, of type \"Desktop app\"."`
	Out       string `default:"google-user.json" placeholder:"FILE" help:"The file to write. Default google-user.json."`
	Force     bool   `help:"Replace the --out file if it exists."`
	NoBrowser bool   `help:"Only print the address to open, for a server without a browser, and how to forward the port to it."`
	Port      int    `placeholder:"N" help:"The port of this machine that Google's answer comes to. Default: any that is free."`
}

// Help is shown by the command line's parser.
func (googleLoginCommand) Help() string {
	return "Sign in as the user whose calendar holds the interviews, such as interviews@example.com, and allow what the page asks for. " +
		"The OAuth consent screen should be Internal: of an external app in testing the consent ends after a week."
}

// Validate is called by the command line's parser.
func (c googleLoginCommand) Validate() error {
	if c.Port < 0 || c.Port > 65535 {
		return errors.New("--port must be a number from 1 to 65535, such as 8085")
	}
	return nil
}

func (c googleLoginCommand) Run(p *program) error { return runGoogleLogin(p, c, openBrowser) }

// runGoogleLogin is `convene google-login`, with what opens a browser.
func runGoogleLogin(p *program, c googleLoginCommand, open func(url string) error) error {
	client, err := c.check()
	if err != nil {
		return err
	}
	login, err := consent.Listen(client, c.Port)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Open this address, and sign in as the user whose calendar holds the interviews:\n\n  %s\n\n", login.URL())
	switch {
	case c.NoBrowser:
		fmt.Fprintf(p.stdout, "Your browser must reach port %[1]s of this machine. If it runs on another one, forward the port from there first:\n\n  ssh -L %[1]s:127.0.0.1:%[1]s THIS-SERVER\n\n", login.Port())
	case open(login.URL()) == nil:
		fmt.Fprintln(p.stdout, "Your browser should show it now.")
	}
	fmt.Fprintf(p.stdout, "Waiting for Google's answer, for up to %d minutes. Ctrl-C stops.\n", login.Limit/time.Minute)
	login.Waiting = func(left time.Duration) {
		fmt.Fprintf(p.stdout, "Still waiting; %s left.\n", count(int64(left/time.Minute), "minute"))
	}
	if err := login.Run(p.ctx, func(file []byte) error { return writeSecret(c.Out, file, c.Force) }); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\nDone: %[1]s holds the consent. It is a secret: whoever has it can use that calendar. Next:\n\n"+
		"  export GOOGLE_CREDENTIALS=%[2]s\n  unset GOOGLE_IMPERSONATE\n  convene check\n", c.Out, inShell(c.Out))
	return nil
}

// check finds everything that is wrong with the call before anybody consents.
func (c googleLoginCommand) check() (*consent.Client, error) {
	var problems callError
	raw, err := os.ReadFile(c.Client)
	var client *consent.Client
	if err != nil {
		problems = append(problems, SettingProblem{"--client", fmt.Sprintf("%s can't be read: %v; download the OAuth client from Google Cloud and give its path", c.Client, withoutPath(err))})
	} else if client, err = consent.ParseClient(raw); err != nil {
		problems = append(problems, SettingProblem{"--client", c.Client + " " + err.Error()})
	} else if err := client.CheckPort(c.Port); err != nil {
		problems = append(problems, SettingProblem{"--client", err.Error()})
	}
	if err := checkSecret(c.Out, c.Force); err != nil {
		problems = append(problems, SettingProblem{"--out", err.Error()})
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return client, nil
}

// checkSecret returns why a file can't be written by writeSecret.
func checkSecret(path string, replace bool) error {
	info, err := os.Lstat(path)
	switch {
	case path == "":
		return errors.New("names no file")
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("%s can't be written: %w", path, withoutPath(err))
	case info.IsDir():
		return fmt.Errorf("%s is a folder: name a file in it, e.g. %s", path, filepath.Join(path, "google-user.json"))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a plain file: choose another name", path)
	case !replace:
		return fmt.Errorf("%s exists: choose another name, or add --force to replace it", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-*")
	if err != nil {
		return fmt.Errorf("%s can't be written to its folder: %w; name a file in a folder where this user may make files", path, withoutPath(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// writeSecret writes a file that only its owner can read. It appears complete
// or not at all.
func writeSecret(path string, content []byte, replace bool) (err error) {
	if err := checkSecret(path, replace); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-*") // with mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, withoutPath(err))
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the first error says more
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// openBrowser shows an address in the user's browser, where there is one.
func openBrowser(url string) error {
	var open *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		open = exec.Command("open", url)
	case "windows":
		open = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	default:
		// Without a display it could take over the terminal with a text browser.
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return errors.New("there is no display")
		}
		open = exec.Command("xdg-open", url)
	}
	if err := open.Start(); err != nil {
		return err
	}
	go func() { _ = open.Wait() }() // the address is printed too
	return nil
}

// plainWord is what a shell takes as it is.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+@%:"

// inShell returns a word as it is written in a shell.
func inShell(word string) string {
	if word != "" && strings.Trim(word, plainWord) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
