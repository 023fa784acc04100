package fakegoogle

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// MeetMode says how requests for a Meet link go.
type MeetMode string

// How requests for a Meet link go.
const (
	MeetSuccess MeetMode = "success" // the link is in the answer
	MeetPending MeetMode = "pending" // the link comes after some reads
	MeetFailure MeetMode = "failure" // the answer is 200, with status failure and no link
)

// meetMode is the mode in force; pending ends after so many reads, and never when they are negative.
type meetMode struct {
	mode  MeetMode
	reads int
}

// SetMeet changes how requests for a Meet link go from now on. With [MeetPending] the link is there after so many reads
// of the event; a negative number means never.
func (s *Server) SetMeet(mode MeetMode, reads int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meet = meetMode{mode, reads}
}

// setConference decides on the conference of an event that is about to be stored. Without conferenceDataVersion=1
// whatever the client says about it is ignored, without an error.
// https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing
func (s *Server) setConference(who principal, cal *calendar, next *Event, old *ConferenceData, version1 bool) error {
	asked := next.ConferenceData
	next.ConferenceData = old
	if !version1 {
		if old == nil {
			next.HangoutLink = ""
		}
		return nil
	}
	if asked == nil {
		next.ConferenceData, next.HangoutLink = nil, ""
		return nil
	}
	if asked.CreateRequest == nil {
		if old == nil && (len(asked.EntryPoints) > 0 || asked.ConferenceID != "") {
			return errInvalid("Invalid conference data.") // a conference of another event, or made up
		}
		return nil
	}
	r := asked.CreateRequest
	if old != nil && old.CreateRequest != nil && old.CreateRequest.RequestID == r.RequestID {
		return nil // asked before
	}
	if r.RequestID == "" {
		return errRequired("Missing conference request id.")
	}
	if r.ConferenceSolutionKey == nil || r.ConferenceSolutionKey.Type != "hangoutsMeet" {
		return errInvalid("Invalid conference type value.")
	}
	mode := s.meet.mode
	if who.Bare || cal.NoMeet {
		if !s.opt.MeetRefusalInAnswer {
			return errInvalid("Invalid conference type value.")
		}
		mode = MeetFailure
	}
	next.ConferenceData, next.HangoutLink = &ConferenceData{CreateRequest: &ConferenceRequest{
		RequestID: r.RequestID, ConferenceSolutionKey: &ConferenceKey{Type: "hangoutsMeet"},
	}}, ""
	switch mode {
	case MeetPending:
		next.ConferenceData.CreateRequest.Status = &ConferenceStatus{StatusCode: "pending"}
	case MeetFailure:
		next.ConferenceData.CreateRequest.Status = &ConferenceStatus{StatusCode: "failure"}
	default:
		s.openMeeting(next)
	}
	return nil
}

// openMeeting gives an event its link.
func (s *Server) openMeeting(ev *Event) {
	sum := sha256.Sum256(fmt.Appendf(nil, "meet %d", s.next()))
	letters := make([]byte, 10)
	for i := range letters {
		letters[i] = 'a' + sum[i]%26
	}
	code := fmt.Sprintf("%s-%s-%s", letters[:3], letters[3:7], letters[7:])
	link := "https://meet.google.com/" + code
	request := *ev.ConferenceData.CreateRequest
	request.Status = &ConferenceStatus{StatusCode: "success"}
	ev.ConferenceData = &ConferenceData{
		CreateRequest: &request,
		EntryPoints:   []EntryPoint{{EntryPointType: "video", URI: link, Label: "meet.google.com/" + code}},
		ConferenceSolution: &ConferenceSolution{
			Key: &ConferenceKey{Type: "hangoutsMeet"}, Name: "Google Meet",
			IconURI: "https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4_color_2x_web_512dp.png",
		},
		ConferenceID: code,
	}
	ev.HangoutLink = link
}

// countRead counts a read of an event whose link is pending, and opens the meeting when it has waited long enough.
func (s *Server) countRead(cal *calendar, e *entry, now time.Time) {
	conference := e.Event.ConferenceData
	if !e.Main || e.Event.Status == "cancelled" || conference == nil || conference.CreateRequest == nil ||
		conference.CreateRequest.Status == nil || conference.CreateRequest.Status.StatusCode != "pending" || s.meet.reads < 0 {
		return
	}
	e.Reads++
	if e.Reads <= s.meet.reads {
		return
	}
	old := e.Event
	e.Previous = &old
	s.openMeeting(&e.Event)
	s.touch(cal, e, now)
	s.share(e, now)
}
