package fakegoogle

import "encoding/json"

// Event is Google's event resource, with all fields that clients may send.
// https://developers.google.com/workspace/calendar/api/v3/reference/events
type Event struct {
	Kind        string `json:"kind,omitempty"`
	Etag        string `json:"etag,omitempty"`
	ID          string `json:"id,omitempty"`
	Status      string `json:"status,omitempty"` // confirmed, tentative or cancelled
	HTMLLink    string `json:"htmlLink,omitempty"`
	Created     string `json:"created,omitempty"` // RFC 3339
	Updated     string `json:"updated,omitempty"` // RFC 3339 with milliseconds
	Summary     string `json:"summary,omitempty"`
	Description string `json:"description,omitempty"`
	Location    string `json:"location,omitempty"`
	ColorID     string `json:"colorId,omitempty"`
	LabelID     string `json:"eventLabelId,omitempty"`

	Creator   *Person `json:"creator,omitempty"`
	Organizer *Person `json:"organizer,omitempty"`

	Start              *EventTime `json:"start,omitempty"`
	End                *EventTime `json:"end,omitempty"` // exclusive
	EndTimeUnspecified bool       `json:"endTimeUnspecified,omitempty"`
	Recurrence         []string   `json:"recurrence,omitempty"`
	RecurringEventID   string     `json:"recurringEventId,omitempty"`
	OriginalStartTime  *EventTime `json:"originalStartTime,omitempty"`

	Transparency string `json:"transparency,omitempty"` // empty means opaque, which is busy
	Visibility   string `json:"visibility,omitempty"`   // empty means default
	ICalUID      string `json:"iCalUID,omitempty"`
	Sequence     int64  `json:"sequence"`

	Attendees        []Attendee `json:"attendees,omitempty"`
	AttendeesOmitted bool       `json:"attendeesOmitted,omitempty"`

	ExtendedProperties *ExtendedProperties `json:"extendedProperties,omitempty"`
	HangoutLink        string              `json:"hangoutLink,omitempty"`
	ConferenceData     *ConferenceData     `json:"conferenceData,omitempty"`

	AnyoneCanAddSelf        bool  `json:"anyoneCanAddSelf,omitempty"`
	GuestsCanInviteOthers   *bool `json:"guestsCanInviteOthers,omitempty"`
	GuestsCanModify         bool  `json:"guestsCanModify,omitempty"`
	GuestsCanSeeOtherGuests *bool `json:"guestsCanSeeOtherGuests,omitempty"`
	PrivateCopy             bool  `json:"privateCopy,omitempty"`
	Locked                  bool  `json:"locked,omitempty"`

	Reminders *Reminders `json:"reminders,omitempty"`
	Source    *Source    `json:"source,omitempty"`
	EventType string     `json:"eventType,omitempty"`

	OutOfOfficeProperties *OutOfOffice `json:"outOfOfficeProperties,omitempty"`

	// Kept and returned, but without meaning here.
	FocusTimeProperties       json.RawMessage `json:"focusTimeProperties,omitempty"`
	WorkingLocationProperties json.RawMessage `json:"workingLocationProperties,omitempty"`
	BirthdayProperties        json.RawMessage `json:"birthdayProperties,omitempty"`
	Attachments               json.RawMessage `json:"attachments,omitempty"`
	Gadget                    json.RawMessage `json:"gadget,omitempty"`
}

// Person is an event's creator or organizer.
type Person struct {
	ID          string `json:"id,omitempty"`
	Email       string `json:"email,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	Self        bool   `json:"self,omitempty"`
}

// EventTime is a moment (DateTime) or a day (Date) of an event.
type EventTime struct {
	Date     string `json:"date,omitempty"`     // yyyy-mm-dd
	DateTime string `json:"dateTime,omitempty"` // RFC 3339; without an offset TimeZone is required
	TimeZone string `json:"timeZone,omitempty"` // IANA name
}

// Attendee is a guest of an event.
type Attendee struct {
	ID               string `json:"id,omitempty"`
	Email            string `json:"email,omitempty"`
	DisplayName      string `json:"displayName,omitempty"`
	Organizer        bool   `json:"organizer,omitempty"`
	Self             bool   `json:"self,omitempty"`
	Resource         bool   `json:"resource,omitempty"`
	Optional         bool   `json:"optional,omitempty"`
	ResponseStatus   string `json:"responseStatus,omitempty"` // needsAction, declined, tentative or accepted
	Comment          string `json:"comment,omitempty"`
	AdditionalGuests int64  `json:"additionalGuests,omitempty"`
	AsyncOperation   string `json:"asyncOperation,omitempty"`
}

// ExtendedProperties are a program's own values: Private on this copy only, Shared on all copies.
type ExtendedProperties struct {
	Private map[string]string `json:"private,omitempty"`
	Shared  map[string]string `json:"shared,omitempty"`
}

// Reminders are the calendar owner's own.
type Reminders struct {
	UseDefault bool       `json:"useDefault"`
	Overrides  []Reminder `json:"overrides,omitempty"`
}

// Reminder is one of at most five.
type Reminder struct {
	Method  string `json:"method,omitempty"` // email or popup
	Minutes int64  `json:"minutes"`
}

// Source is a link back to what an event was made from.
type Source struct {
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
}

// OutOfOffice says what becomes of invitations during an absence.
type OutOfOffice struct {
	AutoDeclineMode string `json:"autoDeclineMode,omitempty"`
	DeclineMessage  string `json:"declineMessage,omitempty"`
}

// ConferenceData is an event's video meeting.
type ConferenceData struct {
	CreateRequest      *ConferenceRequest  `json:"createRequest,omitempty"`
	EntryPoints        []EntryPoint        `json:"entryPoints,omitempty"`
	ConferenceSolution *ConferenceSolution `json:"conferenceSolution,omitempty"`
	ConferenceID       string              `json:"conferenceId,omitempty"`
	Signature          string              `json:"signature,omitempty"`
	Notes              string              `json:"notes,omitempty"`
	Parameters         json.RawMessage     `json:"parameters,omitempty"`
}

// ConferenceRequest asks for a new meeting; Status says how far it is.
type ConferenceRequest struct {
	RequestID             string            `json:"requestId,omitempty"`
	ConferenceSolutionKey *ConferenceKey    `json:"conferenceSolutionKey,omitempty"`
	Status                *ConferenceStatus `json:"status,omitempty"`
}

// ConferenceKey names a kind of meeting, e.g. hangoutsMeet.
type ConferenceKey struct {
	Type string `json:"type,omitempty"`
}

// ConferenceStatus has the code pending, success or failure.
type ConferenceStatus struct {
	StatusCode string `json:"statusCode,omitempty"`
}

// ConferenceSolution is the kind of a meeting that exists.
type ConferenceSolution struct {
	Key     *ConferenceKey `json:"key,omitempty"`
	Name    string         `json:"name,omitempty"`
	IconURI string         `json:"iconUri,omitempty"`
}

// EntryPoint is a way into a meeting.
type EntryPoint struct {
	EntryPointType     string   `json:"entryPointType,omitempty"`
	URI                string   `json:"uri,omitempty"`
	Label              string   `json:"label,omitempty"`
	Pin                string   `json:"pin,omitempty"`
	AccessCode         string   `json:"accessCode,omitempty"`
	MeetingCode        string   `json:"meetingCode,omitempty"`
	Passcode           string   `json:"passcode,omitempty"`
	Password           string   `json:"password,omitempty"`
	RegionCode         string   `json:"regionCode,omitempty"`
	EntryPointFeatures []string `json:"entryPointFeatures,omitempty"`
}

// eventList is the answer to events.list and events.instances.
type eventList struct {
	Kind             string     `json:"kind"`
	Etag             string     `json:"etag"`
	Summary          string     `json:"summary"`
	Description      string     `json:"description"`
	Updated          string     `json:"updated"`
	TimeZone         string     `json:"timeZone"`
	AccessRole       string     `json:"accessRole"`
	DefaultReminders []Reminder `json:"defaultReminders"`
	NextPageToken    string     `json:"nextPageToken,omitempty"`
	NextSyncToken    string     `json:"nextSyncToken,omitempty"`
	Items            []any      `json:"items"`
}

// tombstone is what remains of a cancelled event on a guest's calendar.
type tombstone struct {
	Kind   string `json:"kind"`
	Etag   string `json:"etag"`
	ID     string `json:"id"`
	Status string `json:"status"`
}

type freeBusyRequest struct {
	TimeMin              string `json:"timeMin"`
	TimeMax              string `json:"timeMax"`
	TimeZone             string `json:"timeZone"`
	GroupExpansionMax    int64  `json:"groupExpansionMax"`
	CalendarExpansionMax int64  `json:"calendarExpansionMax"`
	Items                []struct {
		ID string `json:"id"`
	} `json:"items"`
}

type freeBusyAnswer struct {
	Kind      string                  `json:"kind"`
	TimeMin   string                  `json:"timeMin"`
	TimeMax   string                  `json:"timeMax"`
	Calendars map[string]freeBusyInfo `json:"calendars"`
}

type freeBusyInfo struct {
	Errors []freeBusyError `json:"errors,omitempty"`
	Busy   []freeBusyTime  `json:"busy"`
}

type freeBusyError struct {
	Domain string `json:"domain"`
	Reason string `json:"reason"`
}

type freeBusyTime struct {
	Start string `json:"start"`
	End   string `json:"end"`
}
