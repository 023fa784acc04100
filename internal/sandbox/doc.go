// Package sandbox is a made-up company on this machine: a Slack workspace, a
// Google Calendar and a mail server that delivers nothing, with a page to click
// through and an address by which tests act as people. The bot that works in it
// is the real one, in the same program or in another.
//
// # Addresses
//
// [Sandbox.Handler] serves all of it on one port:
//
//	/                     the page; /live draws it again whenever something has changed
//	/slack/api/           Slack's Web API and, through apps.connections.open, Socket Mode (package fakeslack)
//	/google/calendar/v3/  Google Calendar; /google/token is its token endpoint (package fakegoogle)
//	/mail/                what was e-mailed, for eyes; as JSON with ?format=json or Accept: application/json
//	/sandbox/api/         acting as people, below
//	/healthz              "ok"
//
// # Acting as people
//
// Bodies and answers are JSON. An error is {"ok": false, "error": "what is
// wrong"} with status 400, or 404 for somebody or something that isn't there;
// an unknown field in a body is an error.
//
// Each action is a POST to /sandbox/api/… with "as": the person's id, handle,
// name, first name or e-mail address.
//
//	command   text "/candidate add", or command and text; in or channel: where it is typed, default the DM with the bot
//	click     label, or action_id and block_id; near: the first such button in or below the block with that text
//	fill      the same for a field, with value or values: text, an option's text or value, a person's name or id,
//	          "#channel", 2026-11-23, 14:00; no values empty it. For a menu with several, values are all that are chosen
//	submit    the open modal; fields: label or block id to value or list of values, which are filled first
//	close     the open modal; all: the whole stack
//	home      opens App Home
//	shortcut  shortcut: its name or callback id; with in and ts, a message shortcut
//	say       text; in or channel: where, default the DM with the bot; thread_ts: as a reply
//	edit      ts, text; in or channel: their message of that ts says this now
//	delete    ts; in or channel: takes their message away
//	enter     presses Enter in the text field with that label
//	suggest   label, query: what a menu that the bot fills offers
//
// in says where a click or fill happens: "modal" (the top one), "home", "dm",
// a channel's name, or the id of a channel or view; ts, or message (a part of
// its text), picks the message. Left out, it is the open modal, or else the
// newest message, or else App Home, that has such a button or field.
//
// An action answers once the bot has carried out what is due; when the bot is
// another program, once the person's view has changed and is still again, or
// after wait (default 1s, "0s": at once). The answer says what the person then
// sees ([Outcome]): modal (null when none is open) with its text, fields,
// buttons and errors; shown, the messages that only they see; failure, what
// Slack says when the bot did not answer.
//
// # Looking
//
//	GET see?as=           everything that a person has before them: channels, DMs, modals, home ([Seen]); in=: one
//	                      conversation; format=text: as lines
//	GET wait?             answers when all that is given holds, with met true, or after timeout (default 30s) with met
//	                      false: since=VERSION (something changed), as= with text= (they read it; in=: there; gone=true: no
//	                      longer) or modal=open|closed, mailed= (an address or a part of a subject)
//	GET stream            the version after each change, as server-sent events
//	GET people, channels  who and what there is
//	GET ledger            every message as it was first posted, all events, all mails, and how often each method was called;
//	                      calls=all lists the calls
//
// # Google, mail, people and time
//
//	GET  calendars, calendars/{email}   with all events on them
//	GET  events?organizer=              organizers' copies; default the bot's account, * for all
//	POST events                         as, summary, start, end, available: makes somebody busy
//	POST events/{id}/move               start, end (default: as long as before)
//	POST events/{id}/delete             silent: guests aren't told; as a guest: from their own calendar
//	POST events/{id}/answer             as (a person or any e-mail address), answer, comment
//	GET  mails?to=                      sent by the bot, and Google's invitations
//	POST people/{person}                zone, deactivated, admin, guest
//	POST channels/{channel}             invite, remove (lists of people), private, shared, archived
//	GET  clock                          what it shows, how it runs, moments with names, and what is due next
//	POST clock/jump                     to (RFC 3339, or a moment's name) or by (90m)
//	POST clock/rate, /pause, /resume    rate: 1, 60 …
//	POST settle                         lets the sandbox's own bot do what is due
//
// A time without an offset is in the zone of as, or in zone. A jump stops where
// something is due, and every hour, until the sandbox's own bot has done it, so
// that everything happens at its time; at_once jumps over all of it, as if the
// bot had been down. The clock of a bot in another program is that program's: jumps
// and rates don't reach it.
//
// # Trouble
//
//	POST   faults               service slack, google or mail; method (default all), times (default 1; -1: until
//	                            cleared), and one of: delay 4s · error CODE · status 503 · retry_after 7 ·
//	                            lost before|after · action (google: fakegoogle's; mail: refuse, busy, drop_after)
//	DELETE faults               ends them all; POST faults/clear does the same
//	POST   trouble              slack: slow, limited, down or "" · google: slow, down or "": until it is changed, instead of
//	                            that service's faults
//	POST   bot/stop, bot/start  the sandbox's own bot, on the same database
//	POST   slack/disconnect     how: refresh, drop, silence, wake
//	POST   slack/rate-limits    on: Slack's limits, off at first
//
// # Where things are
//
// sandbox.go (start here), company.go and busy.go (the sample company), state.go
// (keeping it), mailserver.go; api.go, people.go, act.go, place.go, await.go, see.go, wait.go,
// calendar.go, clockapi.go, trouble.go, own.go (the addresses); page.go, live.go,
// drawslack.go, drawcalendar.go, drawoutside.go, drawtrouble.go, tour.go (the page),
// draw.go and inline.go (blocks and text as HTML), templates/ and static/. The
// browser tests are in cmd/convene, where the bot is.
package sandbox
