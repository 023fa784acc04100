package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"
)

// As long as an action, or a jump's step, waits for the sandbox's own bot.
const settleAtMost = 20 * time.Second

// glance is a short sum of what a person sees.
func (s *Sandbox) glance(user string) [32]byte {
	screen, err := s.Slack.See(user)
	if err != nil {
		return [32]byte{}
	}
	screen.Version = 0
	raw, err := json.Marshal(screen)
	if err != nil {
		return [32]byte{}
	}
	return sha256.Sum256(raw)
}

// calm is how long nothing must change for an action to count as carried out,
// in real time, when the bot is another program.
const calm = 100 * time.Millisecond

// await returns once the bot has carried out what is due. When the bot is
// another program, that is when what the person sees has changed and then stays
// as it is for a moment, or when patience ends.
func (s *Sandbox) await(ctx context.Context, user string, before [32]byte, patience time.Duration) error {
	s.mu.Lock()
	own := s.settle != nil
	s.mu.Unlock()
	if own {
		if err := s.settled(ctx, settleAtMost); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return nil
	}
	enough := time.After(patience)
	for {
		version := s.Slack.Version()
		still := make(<-chan time.Time)
		if s.glance(user) != before {
			still = time.After(calm)
		}
		select {
		case <-s.Slack.Changed(version):
		case <-still:
			return nil
		case <-enough:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
