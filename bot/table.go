package bot

import (
	"context"
	"strings"
)

// table lists everything that people can do, in one place.
func (b *Bot) table() routes {
	return routes{
		commands: []command{
			{"/candidate", "[add | edit | withdraw | export | erase] [part of a name]", "add a candidate, or show, edit, withdraw, export or erase one", b.candidateCommand},
			{"/schedule-round1", "[part of the candidate's name]", "find a time for the first interview and book it", b.scheduleRound1},
			{"/schedule-panel", "[part of the candidate's name]", "find a time for the whole panel and book it", b.schedulePanel},
			{"/scorecard", "[part of the candidate's name]", "your scorecards: due, drafts, submitted; and what to do if you weren't there", b.scorecardCommand},
			{"/decide", "[part of the candidate's name]", "what awaits a decision", b.decideCommand},
			{"/hiring", "[setup | summary | report | roles | help]", "the dashboard, and all that belongs to a role", b.hiringCommand},
		},
		actions: map[string]func(context.Context, *click) error{
			actScoreOpen:     b.openScorecard,
			actScoreType:     b.typeScorecard,
			actScoreReopen:   b.reopenScorecard,
			actScoreGuide:    b.openGuide,
			actScoreVersion:  b.openVersion,
			actReveal:        b.revealScorecards,
			actNudge:         b.nudge,
			actPage:          b.turnPage,
			actSnooze:        b.openSnooze,
			actUnsnooze:      b.unsnooze,
			actEvidence:      b.openEvidence,
			actDecide:        b.openDecision,
			actNotice:        b.openNotice,
			actNoticeTold:    b.markTold,
			actNoticeAgain:   b.mailAgain,
			actNoticeRedraft: b.redraft,
			actCandidateAdd:  b.addCandidateClick,
			actCandidateCard: b.candidateCard,
			actRolePick:      b.pickCandidateRole,
			actCandidateFind: b.findCandidates,
			actCandidateEdit: b.editCandidate,
			actWithdraw:      b.openWithdraw,
			actTakeBack:      b.takeBack,
			actHistory:       b.openHistory,
			actCheck:         b.openCheck,
			actCheckUndo:     b.undoCheck,
			actExport:        b.openExport,
			actErase:         b.openErase,
			actSchedule:      b.openSchedule,
			actFindFor:       b.pickScheduleCandidate,
			actSearchAgain:   b.searchAgain,
			actMoreTimes:     b.moreTimes,
			actWeek:          b.otherWeek,
			actAnyTime:       b.pickAnyTime,
			actWay:           b.takeWay,
			actTakeBackOnce:  b.takeBackOnce,
			actReschedule:    b.openReschedule,
			actCancel:        b.openCancel,
			actRestore:       b.restoreInterview,
			actChangePanel:   b.openChangePanel,
			actInviteAgain:   b.inviteAgain,
			actRepair:        b.doRepair,
			actProposed:      b.openProposed,
			actSetup:         b.openSetup,
			actSetupRole:     b.pickSetupRole,
			actSetupSection:  b.openSetupSection,
			actSetupReset:    b.resetSection,
			actSetupLook:     b.lookAtChannel,
			actSetupSeal:     b.sealSummary,
			actHours:         b.openHours,
			actHoursReset:    b.resetHours,
			actCalendar:      b.openCalendar,
			actDashboard:     b.openDashboard,
			actReportRole:    b.pickReport,
			actReportSpan:    b.pickReport,
			actReportCSV:     b.sendReport,
			actRoleLook:      b.lookAtRole,

			actAbsent:         b.openAbsent,
			actHandOver:       b.openHandOver,
			actTakeBackExcuse: b.takeBackExcuse,
			actNotHeld:        b.openNotHeld,
			actHeld:           b.recordHeld,

			actDebrief:       b.openDebrief,
			actDebriefBook:   b.bookDebrief,
			actDebriefPost:   b.postDebrief,
			actDebriefCancel: b.cancelDebrief,
			actDebriefLook:   b.lookForDebrief,
			actTimeConfirm:   b.confirmTime,
			actTimeLetGo:     b.letTimeGo,
			actTimes:         b.openTimes,
			actTimesChosen:   b.chooseTime,
			actTimesNone:     b.noneSuits,
			actTimesSent:     b.markOffered,
			actTimesAgain:    b.offerAgain,
		},
		submissions: map[string]func(context.Context, *submission) (any, error){
			viewCandidate:  b.submitCandidate,
			viewCandidates: b.submitCandidates,
			viewEdit:       b.submitEdit,
			viewWithdraw:   b.submitWithdraw,
			viewCheck:      b.submitCheck,
			viewSchedule:   b.submitSchedule,
			viewScorecard:  b.submitScorecard,
			viewReopen:     b.submitReopen,
			viewDecision:   b.submitDecision,
			viewNotice:     b.submitNotice,
			viewCancel:     b.submitCancel,
			viewSetup:      b.submitSetup,
			viewExport:     b.submitExport,
			viewErase:      b.submitErase,
			viewEraseKept:  b.submitEraseKept,
			viewBefore:     b.submitBefore,
			viewHours:      b.submitHours,
			viewCalendar:   b.submitCalendar,
			viewSnooze:     b.submitSnooze,

			viewAnyTime: b.submitAnyTime,
			viewAnyway:  b.submitAnyway,

			viewChangePanel: b.submitChangePanel,
			viewOverbook:    b.submitOverbook,
			viewProposed:    b.submitProposed,

			viewAbsent:   b.submitAbsent,
			viewHandOver: b.submitHandOver,
			viewNotHeld:  b.submitNotHeld,

			viewTimes:     b.submitTimes,
			viewTimesText: b.submitTimesText,
		},
		shortcuts: map[string]func(context.Context, *call) error{
			shortcutAdd:    b.addCandidateShortcut,
			shortcutScores: b.scorecardsShortcut,
		},
		renderers: map[string]renderer{
			"panelist":          b.renderPanelist,
			"kit":               b.renderKit,
			"score":             b.renderScore,
			"nag":               b.renderNag,
			"again":             b.renderNag,
			"nudge":             b.renderNudge,
			"escalation":        b.renderEscalation,
			"preview":           b.renderPreview,
			"summary":           b.renderSummary,
			"deadline":          b.renderDeadline,
			"notice":            b.renderNotice,
			"channel-booked":    b.renderChannelBooked,
			"channel-moved":     b.renderChannelMoved,
			"channel-cancelled": b.renderChannelCancelled,
			"google":            b.renderGoogle,
			"taken":             b.renderTaken,
			"undelivered":       b.renderUndelivered,
			"unerased":          b.renderUnerased,
			"channel-trouble":   b.renderChannelTrouble,
			"unseated":          b.renderUnseated,
			"seated":            b.renderSeated,
			"left":              b.renderLeft,
			"repair":            b.renderRepair,
			"excused":           b.renderExcused,
			"owed-again":        b.renderOwedAgain,
			"not-held":          b.renderNotHeld,
			"debrief":           b.renderDebrief,
			"debrief-news":      b.renderDebriefNews,
			"debrief-points":    b.renderDebriefPoints,
			"time-hold":         b.renderTimeHold,
			"time-hold-news":    b.renderTimeHoldNews,
			"times":             b.renderTimes,
			"times-late":        b.renderTimesLate,
		},
	}
}

// helpText lists the commands, each with the words that it understands.
func (b *Bot) helpText() string {
	words := b.words()
	var sb strings.Builder
	sb.WriteString("Here is what I do:")
	for _, c := range b.routes.commands {
		sb.WriteString("\n• " + strings.TrimSpace(c.Name+" "+c.Usage) + " — " + c.Help)
		for _, w := range words[c.Name] {
			sb.WriteString("\n      " + c.Name + " " + w.Name + " — " + w.Help)
		}
	}
	sb.WriteString("\nYour interviews, your scorecards and your roles are in my App Home as well.")
	return sb.String()
}

// words are what each command understands besides names. Every word of a
// command's usage is here; a test holds the two together.
func (b *Bot) words() map[string][]word {
	return map[string][]word{
		"/candidate": {
			{Name: "add", Help: "add a candidate to a role that you coordinate"},
			{Name: "edit", Help: "change what was entered of a candidate: name, address, documents, answers"},
			{Name: "withdraw", Help: "record that a candidate withdrew; it can be taken back on the card"},
			{Name: "export", Help: "get a candidate's whole record, to read and as JSON"},
			{Name: "erase", Help: "erase a candidate's data; it asks first"},
		},
		"/hiring": b.hiringWords(),
	}
}

// wantsHelp reports whether the words ask for help.
func wantsHelp(text string) bool {
	switch strings.ToLower(strings.Trim(text, " ?!.")) {
	case "help", "usage", "-h", "--help", "h":
		return true
	}
	return text == "?"
}
