package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"convene/internal/sqlite"
)

type auditCommands struct {
	List   auditListCommand   `cmd:"" default:"withargs" help:"Print the audit trail, oldest line first: who did what about which id, and when. It holds ids and no names."`
	Verify auditVerifyCommand `cmd:"" help:"Find changed, missing, inserted and reordered lines, and print the head to note down."`
}

type auditListCommand struct {
	Since auditTime `placeholder:"TIME" help:"Only from then on: a date (2026-11-23, from midnight UTC) or a time (2026-11-23T08:00:00-06:00)."`
	About string    `placeholder:"ID" help:"Only lines about this id."`
	JSON  bool      `help:"Print each line as a JSON object, with its hash."`
}

// auditPage is how many lines are read at once: whoever reads them slowly, in a
// pager, keeps no reading transaction open.
const auditPage = 500

func (c auditListCommand) Run(p *program) error {
	view, err := openView(p)
	if err != nil {
		return err
	}
	defer view.Close()
	q := sqlite.AuditQuery{Since: time.Time(c.Since), About: c.About, Limit: auditPage}
	for {
		lines, err := view.Audit(p.ctx, q)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if err := c.print(p, line); err != nil {
				return err
			}
			q.After = line.ID
		}
		if len(lines) < q.Limit {
			return nil
		}
	}
}

func (c auditListCommand) print(p *program, l sqlite.AuditLine) error {
	at := l.At.Format(time.RFC3339)
	if !c.JSON {
		_, err := fmt.Fprintln(p.stdout, strings.TrimRight(fmt.Sprintf("%6d  %s  %-12s %-22s %-28s %s", l.ID, at, l.Actor, l.Action, l.Subject, l.Detail), " "))
		return err
	}
	return json.NewEncoder(p.stdout).Encode(struct {
		ID      int64  `json:"id"`
		At      string `json:"at"`
		Actor   string `json:"actor"`
		Action  string `json:"action"`
		Subject string `json:"subject"`
		Detail  string `json:"detail"`
		Hash    string `json:"hash"`
	}{l.ID, at, l.Actor, l.Action, l.Subject, l.Detail, l.Hash})
}

// auditTime is a time on the command line: a date means its midnight in UTC.
type auditTime time.Time

func (t *auditTime) UnmarshalText(text []byte) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			*t = auditTime(at)
			return nil
		}
	}
	return fmt.Errorf("%q is neither a date such as 2026-11-23 nor a time such as 2026-11-23T08:00:00-06:00", text)
}

type auditVerifyCommand struct {
	Head string `placeholder:"HASH" help:"The head that an earlier \"audit verify\" or \"backup\" printed. With it, lines that are missing at the end show too, and a trail that was written anew."`
}

// Validate is called by the command line's parser.
func (c auditVerifyCommand) Validate() error {
	if raw, err := hex.DecodeString(c.Head); c.Head != "" && (err != nil || len(raw) != 32) {
		return errors.New("--head must be the 64 characters (0-9, a-f) that \"audit verify\" or \"backup\" printed")
	}
	return nil
}

func (c auditVerifyCommand) Run(p *program) error {
	view, err := openView(p)
	if err != nil {
		return err
	}
	defer view.Close()
	head, known, err := view.VerifyAudit(p.ctx, strings.ToLower(c.Head))
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s in order: none was changed, inserted or moved, and none is missing before the last.\n", count(head.Line, "line"))
	if known > 0 {
		fmt.Fprintf(p.stdout, "The head that you gave is line %d; %s came after it.\n", known, count(head.Line-known, "line"))
	}
	if head.Line > 0 {
		fmt.Fprintf(p.stdout, "head %s (line %d)\n", head.Hash, head.Line)
		fmt.Fprintln(p.stdout, "Note the head down elsewhere: \"convene audit verify --head HASH\" then shows later whether lines are missing at the end.")
	}
	return nil
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// openView opens the database of the settings for reading, also while the bot
// runs.
func openView(p *program) (*sqlite.View, error) {
	settings := &settingsReader{getenv: p.getenv}
	path := settings.newFile("DATABASE_PATH", "convene.db")
	if len(settings.problems) > 0 {
		return nil, settings.problems
	}
	view, err := sqlite.OpenView(p.ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		settings.problem("DATABASE_PATH", "names no file: there is no %s; give the path of the database that the bot runs on", path)
		return nil, settings.problems
	}
	return view, err
}
