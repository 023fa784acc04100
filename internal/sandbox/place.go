package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"convene/internal/sandbox/fakeslack"
	"convene/internal/sandbox/fakeslack/blockkit"
)

// place finds where an action happens.
func (s *Sandbox) place(u fakeslack.User, a action) (fakeslack.Place, error) {
	screen, err := s.Slack.See(u.ID)
	if err != nil {
		return fakeslack.Place{}, err
	}
	switch {
	case a.In == "modal":
		return fakeslack.Place{}, nil
	case a.In == "home" && screen.Home == nil:
		return fakeslack.Place{}, fmt.Errorf("%s's App Home is empty: POST home first", u.RealName)
	case a.In == "home":
		return fakeslack.InView(screen.Home.ID), nil
	case strings.HasPrefix(a.In, "V"):
		return fakeslack.InView(a.In), nil
	}
	anywhere := a.In == "" && a.TS == "" && a.Message == ""
	if anywhere && len(screen.Modals) > 0 {
		return fakeslack.Place{}, nil
	}
	r := s.Slack.Renderer(u.ID)
	if m, ok := s.findMessage(r, screen, a, anywhere); ok {
		return fakeslack.InMessage(m.Channel, m.TS), nil
	}
	if anywhere && screen.Home != nil && a.fits(r, screen.Home.Blocks) {
		return fakeslack.InView(screen.Home.ID), nil
	}
	if anywhere {
		return fakeslack.Place{}, fmt.Errorf("%s sees no %q: no modal is open, and no message has it", u.RealName, a.Label+a.ActionID)
	}
	return fakeslack.Place{}, fmt.Errorf("%s sees no such message in %q", u.RealName, a.In)
}

// findMessage finds the newest message that an action means, one with what is
// to be used before one without.
func (s *Sandbox) findMessage(r fakeslack.Renderer, screen fakeslack.Screen, a action, mustFit bool) (best fakeslack.Message, ok bool) {
	fits := false
	for _, c := range screen.Conversations {
		if a.In != "" && a.In != c.ID && strings.TrimPrefix(a.In, "#") != c.Name && !(a.In == "dm" && c.Partner == s.company.Bot) {
			continue
		}
		for _, m := range c.Messages {
			if a.TS != "" && m.TS != a.TS || a.Message != "" && !strings.Contains(seeMessage(r, m).Text, a.Message) {
				continue
			}
			fit := a.fits(r, m.Blocks)
			if fit && !fits || fit == fits && m.TS > best.TS {
				best, ok, fits = m, true, fit
			}
		}
	}
	return best, ok && (fits || !mustFit)
}

// fits reports whether blocks hold what an action uses.
func (a action) fits(r fakeslack.Renderer, blocks []fakeslack.Block) bool {
	return slices.ContainsFunc(blockkit.Elements(blocks), func(e blockkit.Element) bool {
		if a.ActionID != "" || a.BlockID != "" {
			return (a.ActionID == "" || a.ActionID == e.ActionID) && (a.BlockID == "" || a.BlockID == e.BlockID)
		}
		label := fieldLabel(r, e)
		if stateKey(e.Type) == "" {
			label = r.Text(e.Element["text"])
		}
		return strings.Contains(strings.ToLower(label), strings.ToLower(a.Label))
	})
}
