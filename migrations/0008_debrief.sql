-- Why interviews are moved and cancelled, to be counted, and debriefs: short
-- talks before a decision about what a panel sees differently.

-- +goose Up

ALTER TABLE interviews ADD COLUMN cancel_cause TEXT NOT NULL DEFAULT ''
  CHECK (cancel_cause IN ('', 'withdrew', 'panelist', 'closed', 'google', 'other')); -- why it was cancelled, to be counted; '': nobody said; reason has the words

CREATE TABLE interview_moves (
  interview TEXT NOT NULL REFERENCES interviews (id),
  revision  INTEGER NOT NULL,      -- of the interview, since the move
  from_at   INTEGER NOT NULL,      -- start before it
  to_at     INTEGER NOT NULL,      -- start after it
  moved_by  TEXT NOT NULL,         -- Slack user id; '' in Google Calendar, where nobody's name is known
  cause     TEXT NOT NULL CHECK (cause IN ('', 'candidate', 'panelist', 'company', 'google')), -- who asked for it; '': nobody said
  words     TEXT NOT NULL,         -- more about it, in the words of who moved it
  moved_at  INTEGER NOT NULL,      -- when
  undone    INTEGER NOT NULL CHECK (undone IN (0, 1)), -- 1: it couldn't be made, and isn't counted
  PRIMARY KEY (interview, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE debriefs (
  interview  TEXT PRIMARY KEY REFERENCES interviews (id),
  state      TEXT NOT NULL CHECK (state IN ('offered', 'booking', 'booked', 'taken', 'removed', 'cancelled')),
  start_at   INTEGER,              -- NULL until a time was picked
  end_at     INTEGER,              -- the same
  revision   INTEGER NOT NULL,     -- goes up with every booking and every move in Google Calendar
  generation INTEGER NOT NULL,     -- goes up when the Google event is made anew; 0: never
  event_id   TEXT NOT NULL,        -- id of the Google event; '' before there is one
  people     TEXT NOT NULL,        -- JSON list of Slack user ids: its guests
  points     TEXT NOT NULL,        -- JSON list of ids of the competencies that were contested at any time
  offers     TEXT NOT NULL,        -- JSON list of the starts at which all were free
  closest_at INTEGER,              -- the first start after the deadline at which all were free; NULL: not looked for, or none
  unreadable TEXT NOT NULL,        -- JSON list of Slack user ids whose calendars can't be read
  problem    TEXT NOT NULL,        -- why it was not booked, in words
  offered_to TEXT NOT NULL,        -- Slack user id of the coordinator
  changed_by TEXT NOT NULL,        -- Slack user id of who booked or cancelled it last; '' nobody did
  posts      INTEGER NOT NULL,     -- how often the points were put into the role's channel
  posted     INTEGER NOT NULL CHECK (posted IN (0, 1)), -- 1: they are meant to stand there
  offered_at INTEGER NOT NULL      -- when it was first offered
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX debriefs_event ON debriefs (event_id) WHERE event_id <> '';
