package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// keptState is what a sandbox keeps in its directory, beside the bot's
// database. Open modals, connections, faults and ledgers of calls are not kept.
type keptState struct {
	Now     time.Time                    `json:"now"`
	Company Company                      `json:"company"`
	Slack   json.RawMessage              `json:"slack"`
	Google  json.RawMessage              `json:"google"`
	Mail    []Mail                       `json:"mail"`
	Read    map[string]map[string]string `json:"read"`
}

func stateFile(dir string) string { return filepath.Join(dir, "sandbox.json") }

// KeptTime is what the clock showed when the sandbox of a directory was last
// saved; ok is false when there is none.
func KeptTime(dir string) (now time.Time, ok bool, err error) {
	kept, err := readState(dir)
	if err != nil || kept == nil {
		return time.Time{}, false, err
	}
	return kept.Now, true, nil
}

func readState(dir string) (*keptState, error) {
	if dir == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(stateFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	var kept keptState
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, fmt.Errorf("sandbox: %s can't be read (%w): use another directory, or remove it to start anew", stateFile(dir), err)
	}
	return &kept, nil
}

// load takes up what was kept; nil when there is nothing.
func (s *Sandbox) load() (*keptState, error) {
	kept, err := readState(s.opts.Data)
	if err != nil || kept == nil {
		return nil, err
	}
	if err := s.Slack.Load(bytes.NewReader(kept.Slack)); err != nil {
		return nil, err
	}
	if err := s.Google.Load(kept.Google); err != nil {
		return nil, err
	}
	if kept.Read != nil {
		s.read = kept.Read
	}
	return kept, nil
}

// save writes the state to a new file and puts it in the old one's place.
func (s *Sandbox) save() error {
	if s.opts.Data == "" {
		return nil
	}
	var slack bytes.Buffer
	if err := s.Slack.Save(&slack); err != nil {
		return err
	}
	google, err := s.Google.Save()
	if err != nil {
		return err
	}
	kept := keptState{Now: s.clock.Now(), Company: s.company, Slack: slack.Bytes(), Google: google, Mail: s.mail.all()}
	s.mu.Lock()
	kept.Read = s.read
	raw, err := json.Marshal(kept)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	file := stateFile(s.opts.Data)
	if err := os.WriteFile(file+".new", raw, 0o600); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

// keep saves about once a second while things change, so that a program that
// is killed loses little.
func (s *Sandbox) keep(ctx context.Context) {
	pause := time.NewTicker(time.Second)
	defer pause.Stop()
	var saved uint64
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		version, _ := s.news()
		if version == saved {
			continue
		}
		if err := s.save(); err != nil {
			s.log.Error("state not kept", "err", err)
			continue
		}
		saved = version
	}
}
