// Package bot is all of Slack: what people type and click, what they read, and
// the messages that are kept current. It is the only importer of slack-go.
//
// # The life of a payload
//
// Two Socket Mode connections (Slack deals payloads among them) deliver into
// Bot.Run, which reads the client's events itself and only hands over: each
// payload gets a goroutine of its own (Bot.serve), so a slow one never keeps the
// sockets from being read. A handler has about three seconds until Slack gives
// up on it. Slash commands are acknowledged with their answer, or just before their
// modal is opened: nothing slow comes before either, since a trigger dies in
// three seconds too.
// Clicks and submitted modals are committed first and acknowledged then: a
// modal that isn't acknowledged keeps the person's text.
//
// # Concurrency
//
// Handlers run at the same time and share nothing but the database. What orders
// work on one interview is the store: every change of state loads, checks and
// writes in one immediate transaction, so the second of two clicks sees what the
// first did. Outbound messages belong to one goroutine (the dispatcher of kind
// "message", and Messenger.Refresh called by the same), so one message is never
// edited by two. One thing is ordered by arrival (turns): what a person does next
// waits, up to 300 ms, for what they typed before to be kept, so that a scorecard
// opened again shows it; nobody waits for anybody else. The only other state in
// memory is caches: channels' members and DM ids.
//
// # Messages
//
// A message that is owed is a row (outbox.Message) with a kind. Its text isn't
// stored: the kind's renderer makes it from the database, when it is posted and
// again whenever something that it shows was touched. So a message can't go
// stale, and a click on an old one is answered by the state, not by the button.
package bot
