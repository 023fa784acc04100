-- The tables of Convene. Instants (columns that end in _at) are milliseconds
-- since 1970 in UTC; NULL means "not yet". JSON columns hold what is only ever
-- read and written as a whole.

-- +goose Up

CREATE TABLE role_revisions (
  role          TEXT NOT NULL,     -- key of the role
  revision      TEXT NOT NULL,     -- hash of the role file's content
  body          TEXT NOT NULL,     -- the role as JSON, without its setup
  first_seen_at INTEGER NOT NULL,  -- when the program first started with it
  PRIMARY KEY (role, revision)
) STRICT;

CREATE TABLE roles (
  key      TEXT PRIMARY KEY,       -- stable name, e.g. "asymmetric-account-coordinator"
  revision TEXT NOT NULL,          -- the current one
  listed   INTEGER NOT NULL CHECK (listed IN (0, 1)), -- 0: its file is gone; open cases still need it
  position INTEGER NOT NULL,       -- order in lists
  FOREIGN KEY (key, revision) REFERENCES role_revisions (role, revision)
) STRICT;

CREATE TABLE setups (
  role         TEXT PRIMARY KEY REFERENCES roles (key),
  people       TEXT NOT NULL,      -- JSON: title key -> Slack user ids
  coordinators TEXT NOT NULL,      -- JSON list of Slack user ids
  deciders     TEXT NOT NULL,      -- JSON list of Slack user ids
  channel      TEXT NOT NULL,      -- Slack id of the role's private channel; '' until chosen
  confirmed    TEXT NOT NULL,      -- revision whose chosen values were confirmed
  saved_by     TEXT NOT NULL,      -- Slack user id
  saved_at     INTEGER             -- when
) STRICT;

CREATE TABLE people (
  id         TEXT PRIMARY KEY,     -- Slack user id
  name       TEXT NOT NULL,        -- as shown in Slack
  email      TEXT NOT NULL,        -- also the id of their Google calendar; '' when unknown
  zone       TEXT NOT NULL,        -- IANA name from their Slack profile; '' when unknown
  is_admin   INTEGER NOT NULL CHECK (is_admin IN (0, 1)),   -- admin or owner of the workspace
  is_guest   INTEGER NOT NULL CHECK (is_guest IN (0, 1)),   -- single- or multi-channel guest
  is_foreign INTEGER NOT NULL CHECK (is_foreign IN (0, 1)), -- of another workspace
  is_bot     INTEGER NOT NULL CHECK (is_bot IN (0, 1)),     -- an app
  is_deleted INTEGER NOT NULL CHECK (is_deleted IN (0, 1))  -- deactivated
) STRICT;

CREATE TABLE candidates (
  id            TEXT PRIMARY KEY,
  role          TEXT NOT NULL REFERENCES roles (key),
  name          TEXT NOT NULL,
  email         TEXT NOT NULL,     -- as entered; invitations go there
  email_folded  TEXT NOT NULL,     -- in lower case, to find duplicates
  words         TEXT NOT NULL,     -- name and e-mail in lower case, to search in
  phone         TEXT NOT NULL,
  zone          TEXT NOT NULL,     -- IANA name
  earliest      INTEGER NOT NULL,  -- acceptable hours: seconds since midnight, wall clock in zone
  latest        INTEGER NOT NULL,  -- the end of them
  links         TEXT NOT NULL,     -- JSON list of {Name, URL}
  answers       TEXT NOT NULL,     -- JSON: application item id -> answer
  arrangements  TEXT NOT NULL,     -- accommodation asked for; coordinators and panelists only
  stage         TEXT NOT NULL,     -- id of the current stage
  state         TEXT NOT NULL CHECK (state IN ('active', 'declined', 'withdrawn', 'finished')),
  added_by      TEXT NOT NULL,     -- Slack user id
  added_at      INTEGER,           -- when
  erased_at     INTEGER            -- when the person's data was removed; NULL: it is here
) STRICT;
CREATE UNIQUE INDEX candidates_email ON candidates (role, email_folded) WHERE erased_at IS NULL;

CREATE TABLE interviews (
  id             TEXT PRIMARY KEY,
  candidate      TEXT NOT NULL REFERENCES candidates (id),
  role           TEXT NOT NULL REFERENCES roles (key),
  role_revision  TEXT NOT NULL,    -- the rubric that its scorecards are asked with
  stage          TEXT NOT NULL,    -- id of the stage
  state          TEXT NOT NULL CHECK (state IN ('booking', 'booked', 'taken', 'removed', 'cancelled', 'not_held')),
  start_at       INTEGER NOT NULL,
  end_at         INTEGER NOT NULL CHECK (end_at > start_at),
  revision       INTEGER NOT NULL, -- goes up with every change of time or panelists
  generation     INTEGER NOT NULL, -- goes up when the Google event is made anew
  event_id       TEXT NOT NULL,    -- id of the Google event; '' before there is one
  etag           TEXT NOT NULL,    -- Google's version of the event that we know
  event_start_at INTEGER,          -- what Google is known to have
  event_end_at   INTEGER,          -- the same for the end
  link           TEXT NOT NULL,    -- of the video call; '' when there is none
  deadline_at    INTEGER,          -- when the candidate must have been told
  candidate_rsvp TEXT NOT NULL,    -- Google's word: needsAction, accepted, tentative, declined
  booked_by      TEXT NOT NULL,    -- Slack user id
  booked_at      INTEGER,          -- when
  reason         TEXT NOT NULL,    -- why it was cancelled, taken or not held
  problem        TEXT NOT NULL,    -- what a coordinator should know, in words
  told_at        INTEGER,          -- when the candidate was told the decision
  FOREIGN KEY (role, role_revision) REFERENCES role_revisions (role, revision)
) STRICT;
CREATE INDEX interviews_candidate ON interviews (candidate);
CREATE UNIQUE INDEX interviews_event ON interviews (event_id) WHERE event_id <> '';
CREATE UNIQUE INDEX interviews_live ON interviews (candidate, stage) WHERE state IN ('booking', 'booked');
CREATE INDEX interviews_told ON interviews (role, told_at, end_at) WHERE state = 'booked';
CREATE INDEX interviews_end ON interviews (end_at) WHERE state = 'booked';
CREATE INDEX interviews_deadline ON interviews (role, deadline_at);

CREATE TABLE panelists (
  interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
  person    TEXT NOT NULL,         -- Slack user id
  part      TEXT NOT NULL CHECK (part IN ('required', 'optional', 'shadow')),
  rsvp      TEXT NOT NULL,         -- Google's word, as candidate_rsvp
  position  INTEGER NOT NULL,      -- order in the panel
  PRIMARY KEY (interview, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX panelists_person ON panelists (person);

CREATE TABLE searches (
  id         TEXT PRIMARY KEY,
  candidate  TEXT NOT NULL REFERENCES candidates (id),
  body       TEXT NOT NULL,        -- the question and its offers, as JSON
  used       INTEGER NOT NULL CHECK (used IN (0, 1)), -- 1: one of its offers was booked
  created_at INTEGER NOT NULL      -- when it was first saved
) STRICT;
CREATE INDEX searches_candidate ON searches (candidate);

CREATE TABLE scorecards (
  interview     TEXT NOT NULL REFERENCES interviews (id),
  panelist      TEXT NOT NULL,     -- Slack user id
  role_revision TEXT NOT NULL,     -- the rubric that it was asked with
  answers       TEXT NOT NULL,     -- JSON; may be incomplete until it is submitted
  version       INTEGER NOT NULL,  -- submitted versions so far; 0: only a draft
  saved_at      INTEGER,           -- when the answers were last saved
  typed_at      INTEGER,           -- Slack's time of the newest typing that was kept
  submitted_at  INTEGER,           -- NULL: a draft
  reason        TEXT NOT NULL,     -- why it was last reopened; '' for the first version
  PRIMARY KEY (interview, panelist)
) STRICT;

CREATE TABLE scorecard_versions (
  interview    TEXT NOT NULL,
  panelist     TEXT NOT NULL,      -- Slack user id
  version      INTEGER NOT NULL,   -- counts from 1
  answers      TEXT NOT NULL,      -- JSON, as submitted
  submitted_at INTEGER,            -- when
  reason       TEXT NOT NULL,      -- why the version before it was reopened; '' for the first
  PRIMARY KEY (interview, panelist, version),
  FOREIGN KEY (interview, panelist) REFERENCES scorecards (interview, panelist)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER scorecard_versions_stay BEFORE UPDATE ON scorecard_versions
BEGIN
  SELECT RAISE(ABORT, 'a submitted version of a scorecard never changes');
END;
-- +goose StatementEnd

CREATE TABLE reveals (
  interview   TEXT PRIMARY KEY REFERENCES interviews (id),
  revealed_by TEXT NOT NULL,       -- the coordinator who opened the scorecards before all were in
  revealed_at INTEGER              -- when
) STRICT;

CREATE TABLE decisions (
  id         TEXT PRIMARY KEY,
  candidate  TEXT NOT NULL REFERENCES candidates (id),
  interview  TEXT NOT NULL REFERENCES interviews (id),
  role       TEXT NOT NULL REFERENCES roles (key),
  stage      TEXT NOT NULL,        -- id of the stage
  outcome    TEXT NOT NULL CHECK (outcome IN ('advance', 'hold', 'decline')),
  reason     TEXT NOT NULL,
  hold_until INTEGER,              -- for hold: the date that the notice names
  decided_by TEXT NOT NULL,        -- Slack user id
  decided_at INTEGER,              -- when
  replaced   INTEGER NOT NULL CHECK (replaced IN (0, 1)) -- 1: a later decision took its place
) STRICT;
CREATE UNIQUE INDEX decisions_standing ON decisions (interview) WHERE replaced = 0;
CREATE INDEX decisions_interview ON decisions (interview);
CREATE INDEX decisions_candidate ON decisions (candidate);

CREATE TABLE notices (
  id          TEXT PRIMARY KEY,
  decision    TEXT NOT NULL UNIQUE REFERENCES decisions (id),
  candidate   TEXT NOT NULL REFERENCES candidates (id),
  role        TEXT NOT NULL REFERENCES roles (key),
  state       TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'unsure', 'failed', 'told', 'dropped')),
  subject     TEXT NOT NULL,
  body        TEXT NOT NULL,
  attempt     INTEGER NOT NULL,    -- of mailing
  approved_by TEXT NOT NULL,       -- Slack user id; '' until approved
  approved_at INTEGER,             -- when
  told_by     TEXT NOT NULL,       -- Slack user id; '' with told_at: the bot, by mail
  told_at     INTEGER,             -- when
  problem     TEXT NOT NULL        -- of the newest mailing, in words
) STRICT;
CREATE INDEX notices_candidate ON notices (candidate);

CREATE TABLE due (
  key   TEXT PRIMARY KEY,          -- see hiring.Due for the list
  kind  TEXT NOT NULL,             -- the part of the key before the first colon
  about TEXT NOT NULL,             -- id of the interview or person, or the role's key
  at    INTEGER NOT NULL           -- when it falls due
) STRICT, WITHOUT ROWID;
CREATE INDEX due_at ON due (at, key, kind, about);

CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY,  -- order within a lane
  key        TEXT NOT NULL UNIQUE, -- names the intent; see package outbox for the list
  kind       TEXT NOT NULL,        -- which handler
  about      TEXT NOT NULL,        -- id of what it is about
  lane       TEXT NOT NULL,        -- effects of one lane are carried out in order
  state      TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'unknown', 'done', 'dropped', 'failed', 'person')),
  attempt    INTEGER NOT NULL,     -- attempts begun
  started_at INTEGER,              -- wall clock of the newest attempt
  retry_at   INTEGER,              -- wall clock before which it isn't tried; NULL: any time
  looks      INTEGER NOT NULL,     -- times an unknown one was looked up and not found
  result     TEXT NOT NULL,        -- what the handler returned, e.g. a message's ts
  problem    TEXT NOT NULL         -- why it isn't done
) STRICT;
CREATE INDEX outbox_open ON outbox (lane, id) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX outbox_trouble ON outbox (id) WHERE state IN ('failed', 'person');

CREATE TABLE messages (
  id         INTEGER PRIMARY KEY,  -- order in which they were owed
  key        TEXT NOT NULL UNIQUE, -- names the intent; a Home view's is home:<person>
  kind       TEXT NOT NULL,        -- which renderer; "home" for a Home view
  about      TEXT NOT NULL,        -- id of what it is about
  person     TEXT NOT NULL,        -- Slack user id, for a DM or Home view; else ''
  role       TEXT NOT NULL,        -- role key, for the role's channel; else ''
  channel    TEXT NOT NULL,        -- Slack conversation where it stands; '' until posted
  ts         TEXT NOT NULL,        -- Slack's id of it there; '' until posted
  hash       TEXT NOT NULL,        -- of what it shows; '' when that isn't known
  want       INTEGER NOT NULL,     -- the version that is wanted; every touch raises it
  shown      INTEGER NOT NULL,     -- the version that it shows
  unwanted   INTEGER NOT NULL CHECK (unwanted IN (0, 1)), -- 1: to be removed from Slack
  gone       INTEGER NOT NULL CHECK (gone IN (0, 1)),     -- 1: removed, never posted, or can't be edited any more
  owed_at    INTEGER NOT NULL,     -- when it became owed
  posted_at  INTEGER               -- when it was posted
) STRICT;
CREATE INDEX messages_stale ON messages (id) WHERE gone = 0 AND (want > shown OR unwanted = 1);
CREATE INDEX messages_nags ON messages (person, owed_at) WHERE kind = 'nag';

CREATE TABLE message_subjects (
  message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,           -- id of something that the message shows
  PRIMARY KEY (subject, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_subjects_message ON message_subjects (message);

CREATE TABLE inbox (
  key     TEXT PRIMARY KEY,        -- id of an event that was received
  seen_at INTEGER NOT NULL         -- when
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_seen ON inbox (seen_at);

CREATE TABLE secrets (
  name  TEXT PRIMARY KEY,          -- what it is for
  value BLOB NOT NULL              -- random; goes with every copy of the database
) STRICT, WITHOUT ROWID;
INSERT INTO secrets VALUES ('message mark', randomblob(32));

CREATE TABLE sync (
  name  TEXT PRIMARY KEY,          -- what is followed: "calendar"
  token TEXT NOT NULL              -- Google's token for "changes since then"
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY,     -- consecutive from 1
  at      INTEGER NOT NULL,        -- when
  actor   TEXT NOT NULL,           -- Slack user id, "convene" or "google"
  action  TEXT NOT NULL,           -- e.g. "interview.booked"
  subject TEXT NOT NULL,           -- id
  detail  TEXT NOT NULL,           -- ids and codes, never a candidate's data
  hash    BLOB NOT NULL            -- SHA-256 of the row before and this one
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd
