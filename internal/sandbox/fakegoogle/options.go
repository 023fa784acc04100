package fakegoogle

import "time"

// Options are the server's clock and its switches. The zero value of each switch is the stricter assumption about
// Google, so that a client which passes here passes there.
type Options struct {
	// Now is the calendar's clock: created, updated, invitations. Default time.Now.
	Now func() time.Time
	// ProtocolNow is the clock of tokens, quotas and Date headers, which live in real time even when Now is moved.
	// Default time.Now.
	ProtocolNow func() time.Time

	// Strict refuses JSON fields and query parameters that Google's API does not have.
	Strict bool
	// AnonymousPrincipal, when set, is the user as whom a call without a token acts.
	AnonymousPrincipal string

	// FreeBusyReaderMayList lets a free/busy reader list events without their details, instead of 403.
	FreeBusyReaderMayList bool
	// NoDomainFreeBusy hides people of one domain from each other unless an access rule shows them.
	NoDomainFreeBusy bool
	// DeclinedBusy counts declined invitations as busy time.
	DeclinedBusy bool
	// NeedsActionFree leaves unanswered invitations out of busy time.
	NeedsActionFree bool
	// UnmergedBusy answers one busy block per event, instead of merging those that touch.
	UnmergedBusy bool
	// MaxFreeBusyRange is the longest range of a free/busy question. Default 90 days.
	MaxFreeBusyRange time.Duration
	// FreeBusyOverflow says what becomes of ids beyond the 50th: "errors" (default: each gets
	// tooManyCalendarsRequested), "refuse" (400), "omit" (no row) or "all" (answered).
	FreeBusyOverflow string

	// FreeBusyMissing are addresses that free/busy answers leave out, without a word.
	FreeBusyMissing []string

	// KeepAnswersOnMove keeps guests' answers when the time changes, instead of asking them anew.
	KeepAnswersOnMove bool
	// NoneReachesGuestCopies lets a deletion with sendUpdates=none remove guests' copies too.
	NoneReachesGuestCopies bool
	// NoopPatchKeepsEtag leaves the etag alone when a patch changes nothing.
	NoopPatchKeepsEtag bool
	// TombstonePatchAllowed accepts a patch of a deleted event that does not revive it, instead of 404.
	TombstonePatchAllowed bool
	// ProposeSetsStatus is the answer that comes with a proposed time: "" (none), "tentative" or "declined".
	ProposeSetsStatus string
	// AutoDeclineDelay is how long after an invitation an absence declines it. At 0 the next call sees it.
	AutoDeclineDelay time.Duration
	// AutoDeclineWithoutComment leaves the absence's message out of the declined answer.
	AutoDeclineWithoutComment bool

	// MeetRefusalInAnswer answers 200 with status "failure" on a calendar without Meet, instead of 400.
	MeetRefusalInAnswer bool

	// PageSize caps the items on a page of events. Default 2500, Google's own limit.
	PageSize int
	// EmptyPages puts an empty page before the first, as Google sometimes does.
	EmptyPages bool
	// ExtPropOr makes repeated extended-property filters match any of them, instead of all.
	ExtPropOr bool
	// OldUpdatedMinAllowed accepts an updatedMin of more than 30 days ago, instead of 410.
	OldUpdatedMinAllowed bool

	// QuotaPerMinute is the number of units each principal may spend in a minute (a patch costs 3, all else 1).
	// 0 means no limit; Google's default is 600.
	QuotaPerMinute int
	// UnauthorizedClientStatus is the token endpoint's status for scopes that were not delegated. Default 401.
	UnauthorizedClientStatus int
}

func (o *Options) setDefaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ProtocolNow == nil {
		o.ProtocolNow = time.Now
	}
	if o.MaxFreeBusyRange == 0 {
		o.MaxFreeBusyRange = 90 * 24 * time.Hour
	}
	if o.FreeBusyOverflow == "" {
		o.FreeBusyOverflow = "errors"
	}
	if o.PageSize == 0 {
		o.PageSize = maxPage
	}
	if o.UnauthorizedClientStatus == 0 {
		o.UnauthorizedClientStatus = 401
	}
}

// Configure changes the switches of a running server.
func (s *Server) Configure(change func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.opt)
	s.opt.setDefaults()
}
