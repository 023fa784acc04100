package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// goldensOfMessages are the golden files of each kind of message, by the kind
// that the table of renderers calls it.
var goldensOfMessages = map[string][]string{
	"panelist":          {"kit_booked", "kit_cancelled"},
	"kit":               {"kit", "kit_dealt", "kit_dealt_shadow"},
	"score":             {"score_now", "score_thanks", "score_reminded", "score_absent", "score_handed", "score_stand_in", "score_not_held"},
	"nag":               {"nag", "nag_settled", "nag_snoozed", "nag_heads_up"},
	"again":             {"nag_again"},
	"nudge":             {"nudge", "nudge_thanks"},
	"escalation":        {"escalation"},
	"preview":           {"preview"},
	"summary":           {"summary", "summary_told"},
	"deadline":          {"deadline_warn", "deadline_late"},
	"notice":            {"notice_to_send", "notice_told", "notice_unsure", "notice_failed", "notice_moved", "notice_again"},
	"channel-booked":    {"channel_booked", "channel_booked_over", "channel_not_held"},
	"channel-moved":     {"channel_moved", "channel_moved_again"},
	"channel-cancelled": {"channel_cancelled"},
	"google":            {"google_moved", "google_removed", "google_kept", "google_refused", "google_candidate", "google_declined", "google_off", "google_held", "google_collides", "google_comment", "google_comment_unread"},
	"taken":             {"taken"},
	"undelivered":       {"undelivered"},
	"unerased":          {"unerased_calendar", "unerased_file"},
	"channel-trouble":   {"channel_trouble", "channel_trouble_settled"},
	"unseated":          {"unseated"},
	"seated":            {"seated", "seated_required"},
	"left":              {"left", "left_ways"},
	"repair":            {"repair", "repair_two", "repair_optional", "repair_off", "repair_chosen", "repair_gone", "repair_done", "repair_moved_away", "repair_settled", "repair_nothing", "repair_unknown"},
	"":                  {"report_charts"}, // no message of the outbox
	"excused":           {"excused_absent", "excused_nobody_left", "excused_handed", "excused_back"},
	"owed-again":        {"owed_again"},
	"not-held":          {"not_held", "not_held_withdrew", "not_held_back"},
	"debrief":           {"debrief_offer", "debrief_no_time", "debrief_booked", "debrief_over"},
	"debrief-news":      {"debrief_moved", "debrief_taken", "debrief_needless", "debrief_stuck"},
	"debrief-points":    {"debrief_points", "debrief_points_sealed", "debrief_points_reopened"},
	"time-hold":         {"time_hold", "time_hold_confirmed"},
	"time-hold-news":    {"time_hold_moved", "time_hold_expired"},
	"times":             {"times_to_send", "times_sent", "times_failed", "times_unsure", "times_chosen", "times_taken", "times_none"},
	"times-late":        {"times_late"},
}

// goldensOfViews are the golden files of each function that makes a view. Where
// there is none, the function only chooses among others or puts views together.
var goldensOfViews = map[string][]string{
	"home":             {"home_coordinator", "home_decider", "home_panelist", "home_stranger", "home_guest", "home_settings", "home_at_risk"},
	"told":             {"told"},
	"proposedView":     {"proposed"},
	"toldError":        {"told_setup"},
	"loading":          {"loading"},
	"dashboardView":    {"dashboard", "dashboard_decider", "dashboard_panelist"},
	"reportView":       {"report", "report_all", "report_decider", "report_empty", "report_few", "report_panelist"},
	"rolesView":        {"roles"},
	"roleFileView":     {"role_look", "role_look_empty"},
	"addCandidateView": {"candidate_add"},
	"addedView":        {"candidate_added", "candidate_added_no_check"},
	"candidateList":    {"candidate_list"},
	"editForm":         {"candidate_edit"},
	"withdrawView":     {"candidate_withdraw"},
	"cardView":         {"card_over", "card_check", "card_panelist", "card_withdrawn", "card_waiting"},
	"historyView":      {"card_history"},
	"checkForm":        {"check"},
	"exportView":       {"export"},
	"eraseView":        {"erase"},
	"eraseKeptView":    {"erase_kept"},
	"beforeView":       {"before_all", "before_approved", "before_nobody", "before_off", "before_untold"},
	"whoView":          {"schedule_who"},
	"view":             {"schedule_held", "schedule_not_held"},
	"timesView":        {"times_tick"},
	"timesTextView":    {"times_text"},
	"notChosenView":    {"times_gone"},
	"offersView":       {"offers", "offers_none", "offers_hold"},
	"anyTimeView":      {"any_time"},
	"pickedView":       {"any_time_fits", "any_time_against", "any_time_taken"},
	"bookedView":       {"schedule_booked", "schedule_moved", "schedule_not_booked", "schedule_not_moved"},
	"openCancel":       {"cancel"},
	"changePanelView":  {"change_panel"},
	"overbookingView":  {"change_panel_busy"},
	"panelChangedView": {"change_panel_done"},
	"myScorecardsView": {"my_scorecards"},
	"formView":         {"scorecard_form"},
	"guidedFormView":   {"scorecard_form_guided"},
	"guideView":        {"scorecard_guide"},
	"submittedView":    {"scorecard_submitted", "scorecard_revised"},
	"versionView":      {"scorecard_version"},
	"reopenScorecard":  {"scorecard_reopen"},
	"evidenceView":     {"evidence", "evidence_closed", "evidence_of_one", "evidence_decided"},
	"awaitingView":     {"decide", "summary_now"},
	"decisionView":     {"decision", "decision_change", "decision_anew", "decision_news"},
	"noticeView":       {"notice_draft"},
	"draftView":        {"notice_times"},
	"tellView":         {"notice_off"},
	"hubView":          {"setup_hub"},
	"teamView":         {"setup_team"},
	"channelView":      {"setup_channel"},
	"confirmView":      {"setup_confirm"},
	"calendarsView":    {"setup_calendars"},
	"settingsView":     {"setup_times", "setup_limits", "setup_notices", "setup_stages_round1", "setup_stages_panel"},
	"trialBlocks":      {"calendars_tried"},
	"hoursView":        {"hours_role", "hours_own"},
	"ownCalendarView":  {"calendar_own"},
	"snoozeView":       {"snooze", "snooze_set"},
	"absentView":       {"absent", "absent_last", "absent_shadow"},
	"handOverView":     {"hand_over"},
	"notHeldView":      {"not_held_ask"},
	"debriefView":      {"debrief_modal"},
	"notHeldDoneView":  {"not_held_done", "not_held_done_panelist"},

	"modal": nil, "refusedIn": nil, "prepare": nil, "withMissing": nil, "firstHub": nil, "sectionView": nil,
	"viewFor": nil, "decisionModal": nil, "recordView": nil, "searchedList": nil, "editView": nil, "awaitingFor": nil, "scorecardsFor": nil, "readView": nil, "scorecardView": nil,
}

// Every kind of message, every function that makes a view and every modal has a
// golden file, and every golden file is one of these.
func TestEverythingHasAGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var names, all []string
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(raw))
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	var named []string
	for _, table := range []map[string][]string{goldensOfMessages, goldensOfViews} {
		for what, goldens := range table {
			named = append(named, goldens...)
			for _, g := range goldens {
				if !slices.Contains(names, g) {
					t.Errorf("%s: there is no testdata/%s.json", what, g)
				}
			}
		}
	}
	for _, name := range names {
		if !slices.Contains(named, name) {
			t.Errorf("testdata/%s.json: no message or view of the tables in this file; delete it, or name it there", name)
		}
	}

	routes := newWorld(t, "Mon 10:00", testCase(t)).bot.routes
	keys, err := os.ReadFile("../internal/outbox/outbox.go")
	if err != nil {
		t.Fatal(err)
	}
	for kind := range routes.renderers {
		if len(goldensOfMessages[kind]) == 0 {
			t.Errorf("messages of the kind %q have no golden file", kind)
		}
		if kind != "home" && !strings.Contains(string(keys), "//\t  "+kind+":") {
			t.Errorf("the key of messages of the kind %q isn't in the list of internal/outbox/outbox.go", kind)
		}
	}
	for _, f := range viewFuncs(t) {
		if _, known := goldensOfViews[f]; !known {
			t.Errorf("%s makes a view that has no golden file", f)
		}
	}
	callbacks := []string{viewCard, viewAwaiting, viewSummary, viewScorecards}
	for id := range routes.submissions {
		callbacks = append(callbacks, id)
	}
	for _, id := range callbacks {
		if !slices.ContainsFunc(all, func(raw string) bool { return strings.Contains(raw, `"callback_id": "`+id+`"`) }) {
			t.Errorf("no golden file shows the modal %q", id)
		}
	}
}

// viewFuncs returns the names of this package's functions that return a modal.
func viewFuncs(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && returnsView(f) {
				out = append(out, f.Name.Name)
			}
		}
	}
	if len(out) < 30 {
		t.Errorf("only %d functions return a modal: %v", len(out), out)
	}
	return out
}

func returnsView(f *ast.FuncDecl) bool {
	found := false
	if f.Type.Results != nil {
		ast.Inspect(f.Type.Results, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || ok && id.Name == "ModalViewRequest"
			return true
		})
	}
	return found
}
