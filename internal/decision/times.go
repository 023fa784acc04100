package decision

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/internal/hiring"
)

// A notice that says a candidate goes on also says when the next interview is,
// where that is booked already. A draft says it anew each time it is shown; text
// that a person wrote or approved stays as it is, so they are told of what
// doesn't stand in it, or was moved since.

// A Letter is a draft as a person is shown it.
type Letter struct {
	Subject, Body string
	Notes         []string // what the person should know of the interviews that are booked
	Seen          string   // what is booked, for Approve
}

// Letter returns the draft of a case's notice as it reads now.
func (s *Service) Letter(ctx context.Context, c *hiring.Case) (Letter, error) {
	n := c.Notice
	now, err := s.ahead(ctx, c)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{Subject: n.Subject, Body: n.Body, Seen: stamp(now)}
	if !n.Worded {
		l.Body = withTimes(c, n.Body, now)
	}
	l.Notes = notes(c, l.Body, s.coming(n.Times), now)
	return l, nil
}

// coming leaves out interviews that have begun.
func (s *Service) coming(list []hiring.Meeting) []hiring.Meeting {
	return slices.DeleteFunc(slices.Clone(list), func(m hiring.Meeting) bool { return !m.Start.After(s.Now()) })
}

// Outdated says in words which of the interviews that stood when the notice was
// approved are at another time now, or not at all; empty: none.
func (s *Service) Outdated(ctx context.Context, c *hiring.Case) ([]string, error) {
	n := c.Notice
	if n == nil || len(n.Times) == 0 {
		return nil, nil
	}
	live, err := s.Store.LiveInterviews(ctx, c.Candidate.ID)
	if err != nil {
		return nil, err
	}
	return changes(c, n.Times, booked(live)), nil
}

// ahead returns the booked interviews to which a candidate who advances may look
// forward, first to last.
func (s *Service) ahead(ctx context.Context, c *hiring.Case) ([]hiring.Meeting, error) {
	if c.Decision == nil || c.Decision.Outcome != hiring.Advance {
		return nil, nil
	}
	live, err := s.Store.LiveInterviews(ctx, c.Candidate.ID)
	if err != nil {
		return nil, err
	}
	live = slices.DeleteFunc(slices.Clone(live), func(iv *hiring.Interview) bool {
		return !isLater(c, iv) || !iv.Start.After(s.Now())
	})
	return booked(live), nil
}

func booked(live []*hiring.Interview) []hiring.Meeting {
	var out []hiring.Meeting
	for _, iv := range live {
		if iv.State == hiring.Booked {
			out = append(out, hiring.Meeting{Interview: iv.ID, Stage: iv.Stage, Start: iv.Start.UTC(), End: iv.End.UTC()})
		}
	}
	return out
}

// stamp names interviews and their times in a few characters.
func stamp(list []hiring.Meeting) string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprintf("%s:%s:%d:%d", m.Interview, m.Stage, m.Start.Unix(), m.End.Unix()))
	}
	return strings.Join(out, " ")
}

// unstamp reads a stamp; what isn't one is left out.
func unstamp(seen string) []hiring.Meeting {
	var out []hiring.Meeting
	for word := range strings.FieldsSeq(seen) {
		parts := strings.Split(word, ":")
		if len(parts) != 4 {
			continue
		}
		start, err := strconv.ParseInt(parts[2], 10, 64)
		end, err2 := strconv.ParseInt(parts[3], 10, 64)
		if err == nil && err2 == nil {
			out = append(out, hiring.Meeting{Interview: parts[0], Stage: parts[1], Start: time.Unix(start, 0).UTC(), End: time.Unix(end, 0).UTC()})
		}
	}
	return out
}

// withTimes puts the times before the text's last paragraph, which says
// goodbye. Where they don't fit, the text stays as it is.
func withTimes(c *hiring.Case, body string, list []hiring.Meeting) string {
	if len(list) == 0 {
		return body
	}
	say := "The next step is already booked:"
	for _, m := range list {
		say += "\n" + stageName(c, m.Stage) + ", " + candidateTime(c, m)
	}
	out := body + "\n\n" + say
	if i := strings.LastIndex(body, "\n\n"); i >= 0 {
		out = body[:i] + "\n\n" + say + body[i:]
	}
	if len([]rune(out)) > hiring.MaxBody {
		return body
	}
	return out
}

// notes say which interviews the text leaves out, and which it may name that
// aren't as they were when it was written.
func notes(c *hiring.Case, body string, then, now []hiring.Meeting) []string {
	says := func(m hiring.Meeting) bool { return strings.Contains(body, candidateTime(c, m)) }
	then = slices.DeleteFunc(slices.Clone(then), func(m hiring.Meeting) bool { // moved, and put right in the text
		i := find(now, m.Interview)
		return i >= 0 && says(now[i]) && !says(m)
	})
	out := changes(c, then, now)
	for _, m := range now {
		moved := func(o hiring.Meeting) bool { return o.Interview == m.Interview && !o.Is(m) }
		if !says(m) && !slices.ContainsFunc(then, moved) {
			out = append(out, "“"+stageName(c, m.Stage)+"” is booked for "+candidateTime(c, m)+". The text doesn't say so, or names another time.")
		}
	}
	return out
}

// changes say which interviews aren't any more as they were.
func changes(c *hiring.Case, then, now []hiring.Meeting) []string {
	var out []string
	for _, m := range then {
		if slices.ContainsFunc(now, m.Is) {
			continue
		}
		name := "“" + stageName(c, m.Stage) + "”"
		i := find(now, m.Interview)
		if i < 0 {
			out = append(out, name+" is no longer booked for "+candidateTime(c, m)+".")
			continue
		}
		out = append(out, name+" was moved from "+candidateTime(c, m)+" to "+candidateTime(c, now[i])+".")
	}
	return out
}

func find(list []hiring.Meeting, interview string) int {
	return slices.IndexFunc(list, func(m hiring.Meeting) bool { return m.Interview == interview })
}

func stageName(c *hiring.Case, id string) string {
	if st, ok := c.Role.Stage(id); ok {
		return st.Name
	}
	return "The next interview"
}

// candidateTime writes a time as the candidate reads it, in their own zone:
// "Tuesday, 8 December 2026, 10:00–10:45 am EST (America/New_York)".
func candidateTime(c *hiring.Case, m hiring.Meeting) string {
	zone := c.Candidate.TimeZone()
	start, end := m.Start.In(zone), m.End.In(zone)
	from := start.Format("3:04 pm")
	if start.Format("pm") == end.Format("pm") {
		from = start.Format("3:04")
	}
	name, _ := start.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") { // a zone without letters
		name = ""
	} else {
		name += " "
	}
	return start.Format("Monday, 2 January 2006, ") + from + "–" + end.Format("3:04 pm ") + name + "(" + zone.String() + ")"
}

// A TimesChanged error says that something was booked, moved or cancelled since
// a person was shown the draft that they approve: they look at it once more.
type TimesChanged struct {
	Letter Letter // with the text that they wrote
}

func (*TimesChanged) Error() string {
	return "Meanwhile an interview was booked, moved or cancelled. Open the notice anew and check its text."
}
