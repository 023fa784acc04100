package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"convene/internal/candidate"
	"convene/internal/hiring"
	"convene/internal/sqlite"
)

type exportCommand struct {
	ID    string `arg:"" help:"The candidate's id, such as cand_4k2m…: /candidate export shows it."`
	Out   string `required:"" placeholder:"DIR" help:"The folder to write into; it is made when missing."`
	Force bool   `help:"Replace an earlier export of the candidate."`
}

// Run writes a candidate's whole record. It reads only, also while the bot
// runs. Who can call it is on the server, and so may read everything.
func (c exportCommand) Run(p *program) error {
	settings := &settingsReader{getenv: p.getenv}
	path := settings.newFile("DATABASE_PATH", "convene.db")
	if len(settings.problems) > 0 {
		return settings.problems
	}
	m, err := readMaterial(p, path, c.ID)
	if err != nil {
		return err
	}
	if m.Candidate.Erased() {
		return fmt.Errorf("the data of %s was erased on %s: there is nothing to export", c.ID, m.Candidate.ErasedAt.Format("2 January 2006, 15:04 UTC"))
	}
	written, err := writeRecord(candidate.NewRecord(m, "", time.Now()), c.Out, c.Force)
	for _, name := range written {
		fmt.Fprintln(p.stdout, name)
	}
	return err
}

func readMaterial(p *program, path, id string) (*candidate.Material, error) {
	view, err := sqlite.OpenView(p.ctx, path)
	if err != nil {
		return nil, err
	}
	m, err := view.Material(p.ctx, id)
	if err = errors.Join(err, view.Close()); errors.Is(err, hiring.ErrNotFound) {
		return nil, fmt.Errorf("there is no candidate with the id %q in %s", id, path)
	}
	return m, err
}

// writeRecord writes the record's two files into the folder and returns their
// names. Each appears complete or not at all, and only its owner can read it.
func writeRecord(r *candidate.Record, dir string, replace bool) (written []string, err error) {
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{filepath.Join(dir, r.Candidate.ID+".json"), r.WriteJSON},
		{filepath.Join(dir, r.Candidate.ID+".html"), r.WriteHTML},
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	for _, f := range files {
		if _, err := os.Lstat(f.name); err == nil && !replace {
			return nil, callError{{"--out", f.name + " exists: choose another folder, or add --force to replace it"}}
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("look at the folder: %w", err)
		}
	}
	for _, f := range files {
		if err := writeWhole(f.name, f.write); err != nil {
			return written, fmt.Errorf("write %s: %w", f.name, err)
		}
		written = append(written, f.name)
	}
	return written, nil
}

// writeWhole writes a file beside its place, with mode 0600, and moves it there
// once it is complete and on the disk.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".partial-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
