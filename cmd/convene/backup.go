package main

import (
	"errors"
	"fmt"
	"strings"

	"convene/internal/sqlite"
)

type backupCommand struct {
	File  string `arg:"" help:"The file to write. Its folder must exist."`
	Force bool   `help:"Replace the file if it exists."`
}

// Help is shown by the command line's parser.
func (backupCommand) Help() string {
	return "The copy is consistent also while the bot runs, is checked before it gets its name, and can be read by its owner only. " +
		"It holds all that the database holds, candidates' data too: guard it in the same way."
}

func (c backupCommand) Run(p *program) error {
	view, err := openView(p)
	if err != nil {
		return err
	}
	defer view.Close()
	made, err := view.Backup(p.ctx, c.File, c.Force)
	var target *sqlite.TargetError
	if errors.As(err, &target) {
		return callError{{"FILE", target.Path + ": " + target.Problem}}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %s, checked.\n", c.File, size(made.Bytes))
	var rows []string
	for _, t := range made.Tables {
		rows = append(rows, fmt.Sprintf("%s %d", t.Table, t.Rows))
	}
	fmt.Fprintf(p.stdout, "Rows: %s.\n", strings.Join(rows, ", "))
	if made.Head.Line > 0 {
		fmt.Fprintf(p.stdout, "Audit trail: head %s (line %d).\n", made.Head.Hash, made.Head.Line)
	}
	_, err = fmt.Fprintln(p.stdout, "Candidates' data is in it: guard it like the database.")
	return err
}

func size(bytes int64) string {
	switch {
	case bytes < 1<<20:
		return fmt.Sprintf("%.0f KiB", float64(bytes)/(1<<10))
	default:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
}
