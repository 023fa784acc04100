package schedule

import (
	"slices"
	"time"

	"convene/internal/hiring"
)

// Again asks the same question once more, of an interview that moves with the
// panel that it has by now.
func (s *Search) Again(by string) Request {
	req := Request{
		CandidateID: s.CandidateID, Stage: s.Stage, InterviewID: s.InterviewID, Duration: s.Duration, From: s.From, Until: s.Until,
		Once: s.Once, Wanted: s.Wanted, By: by,
	}
	if s.InterviewID == "" {
		req.Panel, req.Pools, req.Confirmed, req.Carries = s.Panel, s.Pools, s.Confirmed, s.Carries
	}
	return req
}

// Try asks with the changes of a way, this once. The first time that it opens
// comes before all others.
func (r Request) Try(w Way) (Request, error) {
	if w.ByHand() || len(w.Opens) == 0 {
		return r, hiring.Invalid("", "That takes a person, outside of Slack. Look again when it is done.")
	}
	r.Once, r.Wanted, r.Shown = append(slices.Clone(r.Once), w.Changes...), w.Opens[0], nil
	for _, c := range w.Changes {
		r.Panel, r.Pools = seated(r.Panel, r.Pools, c)
		if c.Kind == Shorter {
			r.Duration = c.Span
		}
	}
	return r, nil
}

// TakeBack asks without one of the changes.
func (r Request) TakeBack(code string) (Request, error) {
	i := slices.IndexFunc(r.Once, func(c Change) bool { return c.Code() == code })
	if i < 0 {
		return r, &hiring.AlreadyDone{What: "taken back"}
	}
	c := r.Once[i]
	r.Once, r.Shown = slices.Delete(slices.Clone(r.Once), i, i+1), nil
	switch c.Kind {
	case Instead:
		r.Panel, _ = seated(r.Panel, nil, Change{Kind: Instead, Who: c.In, In: c.Who})
	case Without:
		r.Panel = withPart(r.Panel, c.Who, hiring.Required)
	case JoinPool:
		r.Pools = slices.Clone(r.Pools)
		if c.Pool < len(r.Pools) {
			r.Pools[c.Pool].People = slices.DeleteFunc(slices.Clone(r.Pools[c.Pool].People), func(id string) bool { return id == c.In })
		}
	case Shorter:
		r.Duration = c.Was
	}
	return r, nil
}

// seated returns a panel and pools with a change of who sits in them.
func seated(panel []hiring.Panelist, pools []hiring.Pool, c Change) ([]hiring.Panelist, []hiring.Pool) {
	switch c.Kind {
	case Instead:
		if partIn(panel, c.In) == "" {
			panel = slices.Clone(panel)
			for i := range panel {
				if panel[i].Person == c.Who {
					panel[i] = hiring.Panelist{Person: c.In, Part: hiring.Required}
				}
			}
		}
	case Without:
		panel, pools = withPart(panel, c.Who, hiring.Optional), slices.Clone(pools)
		for i := range pools {
			pools[i].People = slices.DeleteFunc(slices.Clone(pools[i].People), func(id string) bool { return id == c.Who })
		}
	case JoinPool:
		if c.Pool < len(pools) && !slices.Contains(pools[c.Pool].People, c.In) {
			pools = slices.Clone(pools)
			pools[c.Pool].People = append(slices.Clone(pools[c.Pool].People), c.In)
		}
	}
	return panel, pools
}

func withPart(panel []hiring.Panelist, person string, part hiring.Part) []hiring.Panelist {
	panel = slices.Clone(panel)
	for i := range panel {
		if panel[i].Person == person {
			panel[i].Part = part
		}
	}
	return panel
}

// keepOnce takes over the changes that the request still asks for: what was
// chosen anew meanwhile, e.g. other people, stands over them.
func (s *Search) keepOnce(req Request) {
	for _, c := range req.Once {
		if s.InterviewID != "" { // its panel was read anew
			s.Panel, s.Pools = seated(s.Panel, s.Pools, c)
		}
		if s.stands(c) {
			s.Once = append(s.Once, c)
		}
	}
}

// stands reports whether what is asked is as the change says.
func (s *Search) stands(c Change) bool {
	switch c.Kind {
	case Instead:
		return s.asks(c.In) && !s.asks(c.Who)
	case Without:
		return partIn(s.Panel, c.Who) == hiring.Optional
	case JoinPool:
		return c.Pool < len(s.Pools) && slices.Contains(s.Pools[c.Pool].People, c.In)
	case Shorter:
		return s.Duration == c.Span
	case Earlier, Later:
		return c.Who == "" || s.asks(c.Who)
	}
	return true
}

// once returns the question with a change that isn't in its people and length
// already.
func (q Question) once(c Change) Question {
	switch c.Kind {
	case Earlier, Later, Notice:
		return q.With(c, nil)
	}
	return q
}

// lookUntil is where the search ends, at the role's horizon if nothing else is
// asked.
func (s *Search) lookUntil(horizon time.Time) time.Time {
	until := horizon
	if !s.Until.IsZero() {
		until = s.Until
	}
	for _, c := range s.Once {
		if c.Kind == Further && c.Until.After(until) {
			until = c.Until
		}
	}
	return until
}
