package bot

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
)

// opened is a modal as Slack sends it with a click in it.
func opened(t *testing.T, id string, v slack.ModalViewRequest) *slack.View {
	t.Helper()
	var out slack.View
	if err := json.Unmarshal(marshalView(t, v), &out); err != nil {
		t.Fatal(err)
	}
	out.ID = id
	return &out
}

// The lists of /decide and /scorecard show what was done on top of them.
func TestListsFollowWhatIsDoneOnTop(t *testing.T) {
	k := complete(t)
	w := newWorld(t, "Mon 10:00", k)
	list, err := w.bot.awaitingFor(t.Context(), w.people[dana], listed{Words: "ana"})
	if err != nil {
		t.Fatal(err)
	}
	c := w.click(dana, "iv_ana")
	c.View = opened(t, "VLIST", list)
	if err := w.bot.openEvidence(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var evidence slack.ModalViewRequest
	if err := json.Unmarshal(w.views[0].Raw, &evidence); err != nil {
		t.Fatal(err)
	}
	c.View = opened(t, "VEVIDENCE", evidence)
	c.View.PrivateMetadata = evidence.PrivateMetadata
	if err := w.bot.openDecision(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var asked slack.ModalViewRequest
	if err := json.Unmarshal(w.views[1].Raw, &asked); err != nil {
		t.Fatal(err)
	}
	decided(k, hiring.Decline, w.now)
	w.views = nil
	w.bot.refreshBelow(t.Context(), w.people[dana], readMeta(asked.PrivateMetadata))
	if len(w.views) != 1 || !strings.Contains(string(w.views[0].Raw), "Change decision") {
		t.Errorf("the list of /decide: %+v", w.views)
	}

	mine, err := w.bot.scorecardsFor(t.Context(), w.people[karly], "")
	if err != nil {
		t.Fatal(err)
	}
	w.views = nil
	w.bot.refreshBelow(t.Context(), w.people[karly], below(opened(t, "VMINE", mine)))
	if len(w.views) != 1 || !strings.Contains(string(w.views[0].Raw), "My scorecards") {
		t.Errorf("the list of /scorecard: %+v", w.views)
	}
}

// Slack stacks three modals. A refusal on the third stands at its top, and what
// was typed there stays; a second refusal takes the place of the first.
func TestRefusalOnTheThirdModalIsSeen(t *testing.T) {
	k := complete(t)
	w := newWorld(t, "Mon 10:00", k)
	var shown []json.RawMessage
	full := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var call struct{ View json.RawMessage }
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(raw, &call)
		}
		if err != nil {
			t.Error(err)
		}
		answer := `{"ok":true,"view":{"id":"V3"}}`
		if strings.HasSuffix(r.URL.Path, "views.push") {
			answer = `{"ok":false,"error":"push_limit_reached"}`
		} else {
			checkView(t, call.View)
			shown = append(shown, call.View)
		}
		if _, err := io.WriteString(rw, answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(full.Close)
	w.bot.Slack = NewClient("xoxb-test", "xapp-test", full.URL+"/")
	c := w.click(dana, "iv_ana")
	c.View = opened(t, "V3", decisionView(k, w.people[dana], nil))
	w.bot.answerClick(t.Context(), c, hiring.Refuse("Only a decider can do that."))
	var got slack.View
	if len(shown) != 1 || json.Unmarshal(shown[0], &got) != nil {
		t.Fatalf("shown: %s", shown)
	}
	if s := string(shown[0]); !strings.Contains(s, "Only a decider can do that.") || got.CallbackID != viewDecision || got.PrivateMetadata != c.View.PrivateMetadata || inputBlock(&got, "reason") == "" {
		t.Errorf("the third modal shows %s", s)
	}
	got.ID = "V3"
	c.View = &got
	w.bot.answerClick(t.Context(), c, errors.New("something else"))
	if s := string(shown[1]); strings.Contains(s, "Only a decider") || !strings.Contains(s, "Something went wrong") {
		t.Errorf("then it shows %s", s)
	}
}
