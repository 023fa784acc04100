package bot

import (
	"encoding/json"
	"strings"
)

// Ids of buttons and menus (action_id). A button's value is the id of what it
// is about; several ids are joined by "|". It never holds anything else.
const (
	actScoreOpen     = "scorecard.open"
	actScoreReopen   = "scorecard.reopen"
	actScoreType     = "scorecard.type" // typing in a scorecard's modal
	actScoreGuide    = "scorecard.guide"
	actScoreVersion  = "scorecard.version"
	actReveal        = "scorecards.reveal"
	actDecide        = "decision.open"
	actNotice        = "notice.open"
	actNoticeTold    = "notice.told"
	actNoticeAgain   = "notice.again"
	actNoticeRedraft = "notice.redraft"
	actEvidence      = "evidence.open"
	actCandidateAdd  = "candidate.add"
	actCandidateCard = "candidate.card"
	actSchedule      = "schedule.open"
	actReschedule    = "interview.move"
	actCancel        = "interview.cancel"
	actRestore       = "interview.restore"
	actChangePanel   = "interview.change_panel"
	actInviteAgain   = "interview.invite_again"
	actRepair        = "repair.do"
	actProposed      = "repair.proposed"
	actFindFor       = "schedule.candidate" // the candidate menu of the schedule modal
	actSearchAgain   = "schedule.again"
	actMoreTimes     = "schedule.more"
	actWeek          = "schedule.week"
	actAnyTime       = "schedule.any"
	actWay           = "schedule.way"
	actTakeBackOnce  = "schedule.once" // takes back what is otherwise this once
	actSetup         = "setup.open"
	actSetupRole     = "setup.role"
	actSetupSection  = "setup.section"
	actSetupReset    = "setup.reset"
	actSetupLook     = "setup.look"
	actSetupSeal     = "setup.seal"
	actHours         = "hours.open"
	actHoursReset    = "hours.reset"
	actCalendar      = "calendar.open"
	actDashboard     = "hiring.open"
	actReportRole    = "report.role"
	actReportSpan    = "report.span"
	actReportCSV     = "report.csv"
	actRoleLook      = "role.look"
	actRolePick      = "candidate.role"
	actCandidateFind = "candidate.find" // the search box of the list
	actCandidateEdit = "candidate.edit"
	actWithdraw      = "candidate.withdraw"
	actTakeBack      = "candidate.back"
	actHistory       = "candidate.history"
	actCheck         = "check.open"
	actCheckUndo     = "check.undo"
	actExport        = "candidate.export"
	actErase         = "candidate.erase"
	actNudge         = "scorecard.nudge"
	actPage          = "list.page"
	actSnooze        = "reminders.later"
	actUnsnooze      = "reminders.usual"
	actLink          = "link" // a button that only opens a link

	actTimeConfirm = "time.confirm"
	actTimeLetGo   = "time.let_go"
	actTimes       = "times.open"
	actTimesChosen = "times.chosen"
	actTimesNone   = "times.none"
	actTimesSent   = "times.sent"
	actTimesAgain  = "times.again"

	actAbsent         = "excuse.absent"
	actHandOver       = "excuse.hand_over"
	actTakeBackExcuse = "excuse.back"
	actNotHeld        = "interview.not_held"
	actHeld           = "interview.held"

	actDebrief       = "debrief.open"
	actDebriefBook   = "debrief.book"
	actDebriefPost   = "debrief.post"
	actDebriefCancel = "debrief.cancel"
	actDebriefLook   = "debrief.look"
)

// Ids of modals (callback_id).
const (
	viewCandidate  = "candidate"
	viewSchedule   = "schedule"
	viewScorecard  = "scorecard"
	viewDecision   = "decision"
	viewNotice     = "notice"
	viewCancel     = "cancel"
	viewSetup      = "setup" // a section of a role's setup
	viewHours      = "hours"
	viewCalendar   = "calendar"
	viewReopen     = "reopen"
	viewCandidates = "candidates"
	viewCard       = "card"     // has nothing to submit
	viewAwaiting   = "awaiting" // nor have these three lists
	viewSummary    = "summary"
	viewScorecards = "scorecards"
	viewEdit       = "candidate.edit"
	viewWithdraw   = "candidate.withdraw"
	viewCheck      = "check"
	viewExport     = "export"
	viewErase      = "erase"
	viewEraseKept  = "erase_kept" // the second question, within a year of the decision
	viewBefore     = "before"
	viewSnooze     = "snooze"

	viewAnyTime = "any_time"
	viewAnyway  = "any_time_anyway" // the question whether to book it anyway

	viewChangePanel = "change_panel"
	viewOverbook    = "change_panel_anyway"
	viewProposed    = "repair.proposed"

	viewAbsent   = "excuse.absent"
	viewHandOver = "excuse.hand_over"
	viewNotHeld  = "interview.not_held"

	viewTimes     = "times"
	viewTimesText = "times.text"
)

// Ids of shortcuts (callback_id).
const (
	shortcutAdd    = "add_candidate"
	shortcutScores = "my_scorecards"
)

// meta is what a modal remembers (private_metadata): ids only. Slack doesn't
// encrypt it. https://docs.slack.dev/reference/views/modal-views
type meta struct {
	Version   int    `json:"v"`
	Interview string `json:"iv,omitempty"`
	Candidate string `json:"cand,omitempty"`
	Decision  string `json:"dec,omitempty"`
	Notice    string `json:"note,omitempty"`
	Search    string `json:"search,omitempty"`
	Role      string `json:"role,omitempty"`
	Section   string `json:"sec,omitempty"`   // of a role's setup
	Saves     int    `json:"saves,omitempty"` // how often that section had been saved
	Shown     string `json:"shown,omitempty"` // which chosen values were shown
	Hub       string `json:"hub,omitempty"`   // view of the setup below this modal
	Stage     string `json:"stage,omitempty"`
	Do        string `json:"do,omitempty"`      // what a list of candidates is for
	Seen      string `json:"seen,omitempty"`    // version of the candidate that a form shows
	Below     string `json:"below,omitempty"`   // view below this modal that shows what is done here
	BelowIs   string `json:"belowis,omitempty"` // its callback id: a candidate's card, or a list
	BelowOf   string `json:"belowof,omitempty"` // whose card that is, or the page and words of the list
	Words     string `json:"words,omitempty"`   // that a list was filtered by
	Page      int    `json:"page,omitempty"`    // of a list
	Asked     string `json:"asked,omitempty"`   // Slack's ts of the click that opened the modal
	// Ids of stages whose lack the modal's submission confirms.
	Confirm  []string `json:"ok,omitempty"`
	Revision int      `json:"rev,omitempty"`    // of the interview, as it was shown
	Cards    string   `json:"cards,omitempty"`  // scorecards that were in when a decision was begun: "U1:1 U2:3"
	Corrects string   `json:"corr,omitempty"`   // the told decision that a decision made anew is to correct
	Times    string   `json:"times,omitempty"`  // interviews that were booked when a notice's draft was shown
	Seats    string   `json:"seats,omitempty"`  // a panel that was chosen: "U1:required U2:optional"
	Ticked   string   `json:"ticked,omitempty"` // numbers of a search's offers: "0 2 3"
}

func (m meta) String() string {
	m.Version = 1
	b, err := json.Marshal(m)
	if err != nil {
		return "" // a struct of strings and numbers always marshals
	}
	return string(b)
}

func readMeta(s string) meta {
	var m meta
	if json.Unmarshal([]byte(s), &m) != nil {
		return meta{}
	}
	return m
}

// join and split pack ids into a button's value.
func join(ids ...string) string { return strings.Join(ids, "|") }

func split(value string) (first, second string) {
	first, second, _ = strings.Cut(value, "|")
	return first, second
}
