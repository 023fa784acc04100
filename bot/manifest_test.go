package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"convene/internal/sandbox/fakeslack"
)

// installed is the app that Slack makes of our manifest.
func installed(t *testing.T) (fakeslack.App, []string) {
	t.Helper()
	text, err := Manifest()
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	app, scopes, err := fakeslack.AppFromManifest(asJSON)
	if err != nil {
		t.Fatalf("Slack would refuse the manifest: %v", err)
	}
	return app, scopes
}

// What people can type and choose in Slack is what the router serves.
func TestManifestIsTheRouters(t *testing.T) {
	app, _ := installed(t)
	routes := (&Bot{}).table()
	var offered, served []string
	for _, c := range app.Commands {
		offered = append(offered, c.Command)
	}
	for _, c := range routes.commands {
		served = append(served, c.Name)
	}
	if !slices.Equal(offered, served) {
		t.Errorf("the manifest offers %v, the router serves %v", offered, served)
	}
	offered = nil
	for _, s := range app.Shortcuts {
		offered = append(offered, s.CallbackID)
	}
	slices.Sort(offered)
	if served = slices.Sorted(maps.Keys(routes.shortcuts)); !slices.Equal(offered, served) {
		t.Errorf("the manifest offers the shortcuts %v, the router serves %v", offered, served)
	}
	if !app.SocketMode || !app.Interactivity || !app.HomeTab || !app.MessagesTab || app.MessagesTabReadOnly {
		t.Errorf("the app lacks what the bot works with: %+v", app)
	}
}

// What Slack is asked to tell is what serveEvent handles.
func TestManifestEventsAreHandled(t *testing.T) {
	app, _ := installed(t)
	var subscribed []string
	for _, e := range app.BotEvents {
		name, _, _ := strings.Cut(e, ".") // message.im is delivered as a message
		subscribed = append(subscribed, name)
	}
	slices.Sort(subscribed)
	names := map[string]string{}
	for name, event := range slackevents.EventsAPIInnerEventMapping {
		names[reflect.TypeOf(event).Name()] = string(name)
	}
	var handled []string
	for _, f := range ourFiles(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if fn, ok := n.(*ast.FuncDecl); ok {
				return fn.Name.Name == "serveEvent"
			}
			var of ast.Expr // a type that an event is asserted or switched to
			switch n := n.(type) {
			case *ast.CaseClause:
				if len(n.List) == 1 {
					of = n.List[0]
				}
			case *ast.TypeAssertExpr:
				of = n.Type
			}
			if star, ok := of.(*ast.StarExpr); ok {
				if name := names[star.X.(*ast.SelectorExpr).Sel.Name]; name != "" {
					handled = append(handled, name)
				}
			}
			return true
		})
	}
	slices.Sort(handled)
	if !slices.Equal(subscribed, handled) {
		t.Errorf("subscribed to %v, handled are %v", subscribed, handled)
	}
}

// scopesOf says which scopes each of Slack's methods takes for what the bot
// does with it: in DMs and private channels, and to see that one is public.
// https://docs.slack.dev/reference/methods
var scopesOf = map[string][]string{
	"AuthTestContext":               nil,
	"StartSocketModeContext":        nil, // the app-level token's connections:write
	"GetBotInfoContext":             {"users:read"},
	"GetPermalinkContext":           nil,
	"OpenViewContext":               nil,
	"PushViewContext":               nil,
	"UpdateViewContext":             nil,
	"PublishViewContext":            nil,
	"PostMessageContext":            {"chat:write"},
	"UpdateMessageContext":          {"chat:write"},
	"DeleteMessageContext":          {"chat:write"},
	"OpenConversationContext":       {"im:write"},
	"GetConversationHistoryContext": {"im:history", "groups:history"},
	"GetConversationInfoContext":    {"groups:read", "channels:read"},
	"GetUsersInConversationContext": {"groups:read"},
	"GetUploadURLExternalContext":   {"files:write"},
	"CompleteUploadExternalContext": {"files:write"},
	"DeleteFileContext":             {"files:write"},
	"GetUsersContext":               {"users:read", "users:read.email"},
	"GetUserInfoContext":            {"users:read", "users:read.email"},
}

// The bot asks for the scopes that its calls, commands and events take, and for
// no others.
func TestManifestScopesAreNeeded(t *testing.T) {
	app, scopes := installed(t)
	needed := map[string]bool{"commands": true}
	for _, e := range app.BotEvents {
		switch e {
		case "message.im":
			needed["im:history"] = true
		case "team_join", "user_change":
			needed["users:read"] = true
		}
	}
	client := reflect.TypeFor[*slack.Client]()
	called := map[string]bool{}
	for _, f := range ourFiles(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if _, ok := client.MethodByName(sel.Sel.Name); ok && strings.HasSuffix(sel.Sel.Name, "Context") {
				called[sel.Sel.Name] = true
			}
			return true
		})
	}
	for name := range called {
		takes, known := scopesOf[name]
		if !known {
			t.Errorf("%s is called: write into scopesOf what it takes", name)
		}
		for _, s := range takes {
			needed[s] = true
		}
	}
	for name := range scopesOf {
		if !called[name] {
			t.Errorf("%s is never called: take it out of scopesOf", name)
		}
	}
	slices.Sort(scopes)
	if want := slices.Sorted(maps.Keys(needed)); !slices.Equal(scopes, want) {
		t.Errorf("the manifest asks for %v, needed are %v", scopes, want)
	}
}

// ourFiles are this package's files without its tests.
func ourFiles(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}
