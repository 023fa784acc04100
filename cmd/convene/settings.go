package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/internal/cron"
	"convene/internal/mail"
)

// A SettingsError lists every problem of the settings, one a line.
type SettingsError []SettingProblem

// A SettingProblem is what is wrong with one setting, and what to do.
type SettingProblem struct{ Name, Problem string }

func (e SettingsError) Error() string {
	var b strings.Builder
	b.WriteString("the settings have problems:")
	for _, p := range e {
		fmt.Fprintf(&b, "\n  %s: %s", p.Name, p.Problem)
	}
	return b.String()
}

// about reports whether a setting has a problem.
func (e SettingsError) about(name string) bool {
	return slices.ContainsFunc(e, func(p SettingProblem) bool { return p.Name == name })
}

// settingsReader reads settings one by one and collects their problems. Each
// method returns the zero value for a setting that has one.
type settingsReader struct {
	getenv   func(name string) (string, bool)
	problems SettingsError
}

func (r *settingsReader) problem(name, format string, args ...any) {
	r.problems = append(r.problems, SettingProblem{name, fmt.Sprintf(format, args...)})
}

// hasProblem reports whether the setting has one already, so that a value that
// could not be read is not reported as missing too.
func (r *settingsReader) hasProblem(name string) bool {
	return r.problems.about(name)
}

// isSet reports whether a setting has a value, itself or by its file.
func (r *settingsReader) isSet(name string) bool {
	value, _ := r.getenv(name)
	file, _ := r.getenv(name + "_FILE")
	return strings.TrimSpace(value) != "" || strings.TrimSpace(file) != ""
}

func (r *settingsReader) require(name, hint string) {
	if !r.isSet(name) && !r.hasProblem(name) {
		r.problem(name, "is not set: %s", hint)
	}
}

// text returns a setting, or its default when it is unset or empty.
func (r *settingsReader) text(name, standard string) string {
	value, _ := r.getenv(name)
	if value = strings.TrimSpace(value); value == "" {
		return standard
	}
	return value
}

// secret returns a setting's own value or that of the file NAME_FILE names.
func (r *settingsReader) secret(name string) string {
	value, file := r.text(name, ""), r.text(name+"_FILE", "")
	if file == "" {
		return value
	}
	if value != "" {
		r.problem(name, "is set, and so is %s_FILE: unset one of them", name)
		return ""
	}
	content, err := os.ReadFile(file)
	if err != nil {
		// The value may be the secret itself, put into the wrong setting.
		r.problem(name+"_FILE", "is not the path of a file that can be read: %v", withoutPath(err))
		return ""
	}
	if value = strings.TrimSpace(string(content)); value == "" {
		r.problem(name+"_FILE", "names an empty file: %s", file)
	}
	return value
}

// token returns a required Slack token, which begins with prefix.
func (r *settingsReader) token(name, prefix, hint string) Secret {
	value := r.secret(name)
	switch {
	case value == "":
		r.require(name, hint)
	case !strings.HasPrefix(value, prefix) || len(value) == len(prefix) || strings.ContainsAny(value, " \t\r\n\"'"):
		r.problem(name, "is not a token that begins with %s: %s", prefix, hint)
	}
	return NewSecret(value)
}

// apiURL returns the base of an API, with a slash at its end.
func (r *settingsReader) apiURL(name, standard string) string {
	value := r.text(name, standard)
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		r.problem(name, "is not a base URL: write one like %s", standard)
		return ""
	}
	if !strings.HasSuffix(value, "/") {
		value += "/"
	}
	return value
}

func (r *settingsReader) calendarURL(name, standard string) string {
	value := r.apiURL(name, standard)
	if value != "" && !strings.HasSuffix(value, "/calendar/v3/") {
		r.problem(name, "must end in /calendar/v3/, as in %s", standard)
	}
	return value
}

// googleCredentials returns the JSON that a setting holds, or that the file
// whose path it holds, holds.
func (r *settingsReader) googleCredentials(name, calendarURL, impersonate string) Secret {
	value := r.secret(name)
	if value == "" {
		if leavesMachine(calendarURL) && !r.hasProblem(name) && !r.hasProblem(name+"_FILE") {
			r.problem(name, "is not set: give the JSON, or the path, of a service-account key or an authorized-user file")
		}
		return Secret{}
	}
	if !strings.HasPrefix(value, "{") {
		content, err := os.ReadFile(value)
		if err != nil {
			// The value may be a key with something before it: it is not repeated.
			r.problem(name, "is neither JSON nor the path of a file that can be read: %v", withoutPath(err))
			return Secret{}
		}
		value = strings.TrimSpace(string(content))
	}
	var c struct {
		Type         string `json:"type"`
		ClientEmail  string `json:"client_email"`
		PrivateKey   string `json:"private_key"`
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
		RefreshToken string `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(value), &c); err != nil {
		r.problem(name, "is not JSON: download the key once more and give the whole file")
		return Secret{}
	}
	switch {
	case c.Type != "service_account" && c.Type != "authorized_user":
		r.problem(name, `has the type %q: it must be "service_account" or "authorized_user"`, c.Type)
	case c.Type == "service_account" && (c.ClientEmail == "" || c.PrivateKey == ""):
		r.problem(name, "is a service-account key without client_email or private_key: download the key once more")
	case c.Type == "service_account" && impersonate == "":
		if !r.hasProblem("GOOGLE_IMPERSONATE") {
			r.problem("GOOGLE_IMPERSONATE", "is not set: with a service account it is required, because Google refuses guests and Meet links without it; name the user whom it acts as, e.g. interviews@example.com")
		}
	case c.Type == "authorized_user" && (c.ClientID == "" || c.ClientSecret == "" || c.RefreshToken == ""):
		r.problem(name, "is an authorized-user file without client_id, client_secret or refresh_token: make it once more")
	case c.Type == "authorized_user" && impersonate != "":
		r.problem("GOOGLE_IMPERSONATE", "only works with a service account, and GOOGLE_CREDENTIALS is an authorized user, who acts as themselves: unset it")
	}
	return NewSecret(value)
}

// withoutPath returns the reason of a file error without the file's name.
func withoutPath(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
}

func (r *settingsReader) address(name string) string {
	value := r.text(name, "")
	if value != "" && !isAddress(value) {
		r.problem(name, "is not an e-mail address: %q", value)
	}
	return value
}

func isAddress(s string) bool {
	a, err := netmail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}

// newFile returns the path of a file that may not exist yet, in a directory
// that does.
func (r *settingsReader) newFile(name, standard string) string {
	value := r.text(name, standard)
	if info, err := os.Stat(value); err == nil && info.IsDir() {
		r.problem(name, "is a directory: name a file in it, e.g. %s", filepath.Join(value, standard))
	}
	if info, err := os.Stat(filepath.Dir(value)); err != nil || !info.IsDir() {
		r.problem(name, "is in a directory that does not exist: make %s first", filepath.Dir(value))
	}
	return value
}

func (r *settingsReader) directory(name string) string {
	value := r.text(name, "")
	if value == "" {
		return ""
	}
	if info, err := os.Stat(value); err != nil || !info.IsDir() {
		r.problem(name, "is not a directory: %s", value)
	}
	return value
}

// slackUser is the shape of Slack's user ids.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

func (r *settingsReader) people(name string) []string {
	var people []string
	for person := range strings.SplitSeq(r.text(name, ""), ",") {
		person = strings.TrimSpace(person)
		switch {
		case person == "" || slices.Contains(people, person):
		case !slackUser.MatchString(person) && !isAddress(person):
			r.problem(name, "has %q, which is neither a Slack user id (like U012AB3CD) nor an e-mail address; separate them by commas", person)
		default:
			people = append(people, person)
		}
	}
	return people
}

// schedule returns the default for a setting that has a problem: there is no
// zero schedule.
func (r *settingsReader) schedule(name, standard string) cron.Schedule {
	s, err := cron.Parse(r.text(name, standard))
	if err != nil {
		r.problem(name, "%v", err)
		s, _ = cron.Parse(standard)
	}
	return s
}

// oneOf returns a setting that must be one of the given words.
func (r *settingsReader) oneOf(name, standard string, words ...string) string {
	value := r.text(name, standard)
	if value != standard && !slices.Contains(words, value) {
		r.problem(name, "is %q: write one of %s", value, strings.Join(words, ", "))
	}
	return value
}

func (r *settingsReader) mailServer(name string) Secret {
	value := r.secret(name)
	if value == "" {
		return Secret{}
	}
	if _, err := mail.ParseURL(value); err != nil {
		r.problem(name, "%v", err)
	}
	return NewSecret(value)
}

func (r *settingsReader) from(name string) string {
	value := r.text(name, "")
	if value == "" {
		return ""
	}
	if _, _, err := mail.ParseFrom(value); err != nil {
		r.problem(name, "%v", err)
	}
	return value
}

// listenAddress is the one setting whose empty value is not its default.
func (r *settingsReader) listenAddress(name, standard string) string {
	value, set := r.getenv(name)
	if value = strings.TrimSpace(value); !set {
		value = standard
	}
	if value == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(value)
	if number, bad := strconv.Atoi(port); err != nil || bad != nil || number < 0 || number > 65535 {
		r.problem(name, "is not host:port, such as %s: %q", standard, value)
	}
	return value
}

func (r *settingsReader) level(name string, standard slog.Level) slog.Level {
	level := standard
	if err := level.UnmarshalText([]byte(r.text(name, standard.String()))); err != nil {
		r.problem(name, "is %q: write one of debug, info, warn, error", r.text(name, ""))
	}
	return level
}

func (r *settingsReader) moment(name string) time.Time {
	value := r.text(name, "")
	if value == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		r.problem(name, "is not an RFC 3339 time such as 2026-11-23T08:00:00-06:00: %q", value)
	}
	return at
}

// maxRate keeps a rehearsal's hour longer than a few milliseconds.
const maxRate = 1_000_000

func (r *settingsReader) rate(name string, standard float64) float64 {
	value := r.text(name, "")
	if value == "" {
		return standard
	}
	rate, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(rate) || rate <= 0 || rate > maxRate {
		r.problem(name, "is %q: write a number above 0 and up to %d, such as 60", value, maxRate)
		return standard
	}
	return rate
}

// leavesMachine reports whether what is sent to a URL's host leaves this
// machine. A URL that has a problem does not.
func leavesMachine(rawURL string) bool {
	u, err := url.Parse(rawURL)
	if err != nil || rawURL == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}
