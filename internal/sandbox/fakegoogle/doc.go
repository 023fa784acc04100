// Package fakegoogle is a stateful Google Calendar v3 server for the sandbox and for tests.
//
// It speaks Google's own wire protocol over HTTP, so that unmodified Google clients work against it, and it is as
// strict as the real service: etags, client-supplied ids, sync tokens, scopes, roles and guests' copies behave, and
// fail, as Google's do. Where Google's behaviour is not known for sure, [Options] has a switch, and its zero value is
// the stricter assumption.
//
// What it serves, below the address it is mounted on:
//
//	/google/calendar/v3/…   the Calendar API (events, freeBusy, calendars, calendarList, settings, colors, acl)
//	/google/token           the OAuth 2.0 token endpoint (service-account assertions, refresh tokens, codes)
//	/google/auth            the consent page, which consents at once
//
// Not served, and answered with 404 like any unknown method: push channels (watch), quickAdd, batch.
//
// # State
//
// An event lives on its organizer's calendar (the main copy) and, under the same id, on the calendar of every guest
// who has one here. What the organizer changes reaches all copies; of what a guest changes only the answer and its
// comment travel back. [Server.Mail] lists the invitations, updates and cancellations that Google would have mailed.
//
// Methods such as [Server.RSVP] and [Server.HumanMove] act as people do in Google's own pages. [Server.AddFault] makes
// calls fail, [Server.Requests] is the ledger of what was asked, and [Server.Dump] shows all events.
//
// All methods may be called from several goroutines: one mutex guards the whole state.
package fakegoogle
