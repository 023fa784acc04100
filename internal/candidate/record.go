package candidate

import "time"

// RecordSchema is the version of Record's fields. Fields may be added to a
// version; a new one renames or drops some.
const RecordSchema = 1

// A Record is a candidate's whole record, as it is exported. The names of its
// JSON fields are stable; an empty text means that nothing is known.
type Record struct {
	Schema     int               `json:"schema"`      // RecordSchema
	ExportedAt Moment            `json:"exported_at"` // in the role's zone
	ExportedBy *Someone          `json:"exported_by"` // null: with the program, on the server
	LeftOut    []string          `json:"left_out"`    // what the reader may not read now, in sentences
	Candidate  RecordCandidate   `json:"candidate"`
	Role       RecordRole        `json:"role"`
	Checks     []RecordCheck     `json:"checks"`     // steps that aren't interviews, first to last, replaced ones too
	Interviews []RecordInterview `json:"interviews"` // in whatever state, first to last
	Rubrics    []RecordRubric    `json:"rubrics"`    // what the scorecards were asked with
	History    []RecordEvent     `json:"history"`    // what was done and by whom, from the audit trail
	Offered    []RecordOffered   `json:"offered"`    // times that they were sent to choose from, first to last
}

// A RecordOffered is a choice of times that the candidate was sent.
type RecordOffered struct {
	ID         string        `json:"id"`
	Stage      string        `json:"stage"`
	StageName  string        `json:"stage_name"`
	State      string        `json:"state"` // approved, sent, failed, unsure, chosen, none or over
	Times      []RecordTimes `json:"times"` // as they are numbered in the text, from 1
	Subject    string        `json:"subject"`
	Body       string        `json:"body"`
	OfferedBy  Someone       `json:"offered_by"`
	OfferedAt  *Moment       `json:"offered_at"`
	SentBy     *Someone      `json:"sent_by"` // null with sent_at: the bot, by e-mail
	SentAt     *Moment       `json:"sent_at"`
	Answer     int           `json:"answer"`      // the number that came back; 0: none
	AnsweredBy *Someone      `json:"answered_by"` // who recorded it
	AnsweredAt *Moment       `json:"answered_at"`
	Interview  string        `json:"interview"` // id of what was booked by it
	Problem    string        `json:"problem"`   // of its e-mail
}

// RecordTimes are the start and end of an offered time.
type RecordTimes struct {
	Start *Moment `json:"start"`
	End   *Moment `json:"end"`
}

// A Moment is an instant with a zone in which people think of it.
type Moment struct {
	UTC   time.Time `json:"utc"`
	Local string    `json:"local"` // RFC 3339 with the zone's offset
	Zone  string    `json:"zone"`  // IANA name
}

// Someone is an employee.
type Someone struct {
	ID   string `json:"id"` // Slack user id
	Name string `json:"name"`
}

// A RecordCandidate is who applied.
type RecordCandidate struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Email        string           `json:"email"`
	Phone        string           `json:"phone"`
	Zone         string           `json:"zone"`     // IANA name
	Earliest     string           `json:"earliest"` // acceptable hours, hh:mm in Zone
	Latest       string           `json:"latest"`
	Documents    []RecordDocument `json:"documents"`    // links; the documents themselves aren't here
	Application  []RecordQuestion `json:"application"`  // what was asked and answered
	Arrangements string           `json:"arrangements"` // accommodation asked for
	Stage        string           `json:"stage"`        // id of the current stage
	StageName    string           `json:"stage_name"`
	State        string           `json:"state"` // active, declined, withdrawn or finished
	AddedBy      Someone          `json:"added_by"`
	AddedAt      *Moment          `json:"added_at"`
	EndedAt      *Moment          `json:"ended_at"`   // when they withdrew
	EndReason    string           `json:"end_reason"` // why
	Erased       *Moment          `json:"erased_at"`  // null: the data is here
}

// A RecordDocument is a link.
type RecordDocument struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// A RecordQuestion is an item of the application.
type RecordQuestion struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// A RecordRole is what was applied for.
type RecordRole struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Company string `json:"company"`
	Zone    string `json:"zone"` // IANA name; the record's times are told in it
}

// A RecordCheck is a step that isn't an interview.
type RecordCheck struct {
	ID        string  `json:"id"`
	Stage     string  `json:"stage"`
	StageName string  `json:"stage_name"`
	Outcome   string  `json:"outcome"` // fine, concern or skipped
	Note      string  `json:"note"`
	By        Someone `json:"by"`
	At        *Moment `json:"at"`
	Replaced  bool    `json:"replaced"` // it was taken back or done anew
}

// A RecordInterview is one meeting with all that came of it.
type RecordInterview struct {
	ID              string            `json:"id"`
	Stage           string            `json:"stage"`
	StageName       string            `json:"stage_name"`
	State           string            `json:"state"` // booking, booked, taken, removed, cancelled or not_held
	Start           *Moment           `json:"start"`
	End             *Moment           `json:"end"`
	Link            string            `json:"link"` // of the video call
	Panel           []RecordPanelist  `json:"panel"`
	CandidateAnswer string            `json:"candidate_answer"`          // to the invitation: needsAction, accepted, tentative, declined; "… before the move": to an earlier time
	CandidateWrote  string            `json:"candidate_wrote,omitempty"` // with the answer
	BookedBy        Someone           `json:"booked_by"`
	BookedAt        *Moment           `json:"booked_at"`
	Reason          string            `json:"reason"`       // why it was cancelled, taken or not held
	Cause           string            `json:"cause"`        // of one that was not held: no_show, withdrew, moved or other
	CancelCause     string            `json:"cancel_cause"` // of one that was cancelled: withdrew, panelist, closed, google or other
	Moves           []RecordMove      `json:"moves"`        // changes of its time, first to last
	Problem         string            `json:"problem"`
	Deadline        *Moment           `json:"deadline"` // when the candidate was to be told
	ToldAt          *Moment           `json:"told_at"`
	Rubric          string            `json:"rubric"`          // revision, as in rubrics
	Submitted       int               `json:"submitted"`       // required scorecards that are in
	Required        int               `json:"required"`        // required scorecards
	Revealed        *RecordReveal     `json:"revealed"`        // null: nobody opened them early
	Scorecards      []RecordScorecard `json:"scorecards"`      // every submitted version
	Decisions       []RecordDecision  `json:"decisions"`       // replaced ones too, first to last
	Said            []RecordSaid      `json:"monday_messages"` // what they said of the candidate, whenever that changed
}

// A RecordMove is one change of an interview's time.
type RecordMove struct {
	From  *Moment  `json:"from"`  // start before it
	To    *Moment  `json:"to"`    // start after it
	By    *Someone `json:"by"`    // null: in Google Calendar
	Cause string   `json:"cause"` // who asked for it: candidate, panelist, company, or google; empty: nobody said
	Words string   `json:"words"` // why
	At    *Moment  `json:"at"`
	Made  bool     `json:"made"` // false: it couldn't be made
}

// A RecordPanelist is who took part.
type RecordPanelist struct {
	Someone
	Part   string `json:"part"`            // required, optional or shadow
	Answer string `json:"answer"`          // to the invitation
	Wrote  string `json:"wrote,omitempty"` // with the answer

	Excused *RecordExcuse `json:"excused"` // null: their scorecard was owed, as their part says
}

// A RecordExcuse is why a panelist's scorecard wasn't owed.
type RecordExcuse struct {
	Kind    string   `json:"kind"` // absent or handed_over
	Reason  string   `json:"reason"`
	StandIn *Someone `json:"stand_in"` // who was handed the scorecard
	At      *Moment  `json:"at"`
}

// A RecordReveal says who opened the scorecards before all were in.
type RecordReveal struct {
	By Someone `json:"by"`
	At *Moment `json:"at"`
}

// A RecordScorecard is one submitted version of a panelist's scorecard.
type RecordScorecard struct {
	Panelist       Someone        `json:"panelist"`
	Part           string         `json:"part"`    // a shadow's score doesn't count
	Version        int            `json:"version"` // counts from 1
	Newest         bool           `json:"newest"`  // the version that stands
	SubmittedAt    *Moment        `json:"submitted_at"`
	ReopenedFor    string         `json:"reopened_for"` // why the version before was reopened
	AfterReveal    bool           `json:"after_reveal"` // it was reopened when its author could read the others' scorecards
	Ratings        []RecordRating `json:"ratings"`
	Gates          []RecordGate   `json:"gates"`
	Signals        []RecordSignal `json:"signals"`
	Recommendation string         `json:"recommendation"` // strong_no, no, yes or strong_yes
	Note           string         `json:"note"`           // private, to the coordinator
}

// A RecordRating is a rating of one competency.
type RecordRating struct {
	ID       string          `json:"competency"`
	Name     string          `json:"name"`
	Level    int             `json:"level"` // 1 to 4; 0: not assessed, which is never a low score
	Word     string          `json:"word"`
	Evidence string          `json:"evidence"`
	Messages []RecordMessage `json:"messages"`  // evidence that the panelist sent as messages, oldest first
	RedFlags []string        `json:"red_flags"` // in words
}

// A RecordMessage is evidence that came as a message.
type RecordMessage struct {
	Text string  `json:"text"`
	At   *Moment `json:"at"`
}

// A RecordGate is the answer to a must-have.
type RecordGate struct {
	ID       string `json:"gate"`
	Text     string `json:"text"`
	Answer   string `json:"answer"` // yes, no or unknown
	Evidence string `json:"evidence"`
}

// A RecordSignal is a sign of fit that was seen.
type RecordSignal struct {
	ID   string `json:"signal"`
	Text string `json:"text"`
	Seen string `json:"seen"`
}

// A RecordDecision is a decider's word, with how the candidate was told.
type RecordDecision struct {
	ID        string        `json:"id"`
	Outcome   string        `json:"outcome"` // advance, hold or decline
	Reason    string        `json:"reason"`
	By        Someone       `json:"by"`
	At        *Moment       `json:"at"`
	HoldUntil *Moment       `json:"hold_until"`
	Replaced  bool          `json:"replaced"` // a later decision took its place
	Dissent   string        `json:"dissent"`  // who was of another mind, and why
	Corrects  string        `json:"corrects"` // id of the decision that the candidate had been told; empty: none
	Notice    *RecordNotice `json:"notice"`
}

// A RecordSaid is what a Monday message said of the candidate from a moment on.
type RecordSaid struct {
	Message string  `json:"message"` // preview or summary
	Day     string  `json:"day"`     // that it was for, yyyy-mm-dd in the role's zone
	At      *Moment `json:"at"`
	Text    string  `json:"text"`
}

// A RecordNotice is the message that tells the decision.
type RecordNotice struct {
	ID         string   `json:"id"`
	State      string   `json:"state"` // draft, approved, unsure, failed, told or dropped
	Subject    string   `json:"subject"`
	Body       string   `json:"body"`
	ApprovedBy *Someone `json:"approved_by"`
	ApprovedAt *Moment  `json:"approved_at"`
	ToldBy     *Someone `json:"told_by"` // null with told_at: the bot, by e-mail or invitation
	ToldAt     *Moment  `json:"told_at"`
	Problem    string   `json:"problem"`
}

// A RecordRubric is what scorecards were asked with.
type RecordRubric struct {
	Revision     string             `json:"revision"`
	Competencies []RecordCompetency `json:"competencies"`
	Gates        []RecordAsked      `json:"gates"`
	Signals      []RecordAsked      `json:"signals"`
	Levels       []string           `json:"levels"` // words of the levels 1 to 4
}

// A RecordCompetency is what was rated.
type RecordCompetency struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Assesses  []string         `json:"assesses"`
	Strong    string           `json:"strong"` // the strong response
	RedFlags  []string         `json:"red_flags"`
	Questions []RecordIdeal    `json:"questions"`
	Expected  []RecordExpected `json:"answer_key"`
}

// A RecordIdeal is a question with its ideal answer.
type RecordIdeal struct {
	Question string `json:"question"`
	Ideal    string `json:"ideal"`
}

// A RecordExpected is a row of an answer key.
type RecordExpected struct {
	Case     string `json:"case"`
	Expected string `json:"expected"`
}

// A RecordAsked is a gate or a signal.
type RecordAsked struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Ask  string `json:"ask,omitempty"` // how to ask it
}

// A RecordEvent is a line of the history.
type RecordEvent struct {
	At     Moment `json:"at"`
	By     string `json:"by"` // a name, "Convene", "Google Calendar" or "the program on the server"
	Words  string `json:"words"`
	Action string `json:"action"` // of the audit trail
	About  string `json:"about"`  // id
}
