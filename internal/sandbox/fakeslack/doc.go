// Package fakeslack is a Slack workspace in memory. It speaks Slack's real wire protocols (Web API over HTTP, Socket
// Mode over WebSocket, response_url, upload URLs) to one installed app, and it is as strict as Slack: a block over a
// limit, an unknown method, a missing scope or an expired trigger gets Slack's own error.
//
// Three kinds of callers use it:
//
//   - The app under test knows only addresses and tokens: SLACK_API_URL is <base>/slack/api/.
//   - A test or the sandbox's page seeds the workspace ([Server.PutUser], [Server.PutChannel], [Server.PutToken],
//     [Server.SetApp]) and acts as people ([Server.Slash], [Server.ClickLabel], [Server.Fill], [Server.Submit] ...).
//     An action returns when the app has acknowledged it, or when Slack would have given up.
//   - Both read what a person sees ([Server.See], [Server.DM], [Server.TopModal], [Server.Home]) and wait for it
//     without sleeping ([Server.WaitFor], [Server.Changed]).
//
// Two clocks. The product clock (Options.Now) gives messages their ts and events their time; tests and the sandbox move
// it. The protocol clock (acks and triggers 3 s, response_url 30 min, Retry-After, redelivery) is real time, unless
// Options.ProtocolNow is given: then nothing expires until [Server.RunTimers] is called.
//
// Where things are: server.go (start here), workspace.go (people, channels, tokens, app), manifest.go; api.go, auth.go and
// args.go (every Web API call's way in), then one file per group of methods (chat.go, conversations.go, users.go, views.go,
// files.go, schedule.go, team.go); socket.go, deliver.go and hooks.go (Socket Mode and response_url); person.go, click.go,
// label.go, field.go and modal.go (acting as people); see.go and render*.go (what they see); faults.go (things going
// wrong), ledger.go (what happened), snapshot.go (keeping state). The figures for blocks are in the package blockkit.
//
// Facts about Slack come from https://docs.slack.dev; where Slack says nothing the comment says "unconfirmed".
package fakeslack
