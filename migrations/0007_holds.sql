-- Times that are held for an interview before it is agreed on, and times that
-- a candidate was sent to choose from.

-- +goose Up

CREATE TABLE time_holds (
  id        TEXT PRIMARY KEY,
  candidate TEXT NOT NULL REFERENCES candidates (id),
  role      TEXT NOT NULL,            -- key
  stage     TEXT NOT NULL,            -- id
  state     TEXT NOT NULL CHECK (state IN ('placing', 'held', 'confirmed', 'let_go', 'expired', 'removed', 'taken')),
  start_at  INTEGER NOT NULL,
  end_at    INTEGER NOT NULL,
  panel     TEXT NOT NULL,            -- JSON: who is to be there, with their answers to the event
  revision  INTEGER NOT NULL,         -- goes up when a person moves the event
  event_id  TEXT NOT NULL UNIQUE,     -- of the tentative Google event, derived from id
  etag      TEXT NOT NULL,            -- of the event as it was last seen
  set_by    TEXT NOT NULL,            -- Slack user id
  set_at    INTEGER NOT NULL,
  until_at  INTEGER NOT NULL,         -- it expires then, or at its start
  confirmed TEXT NOT NULL,            -- JSON: ids of stages before this one whose lack set_by has confirmed
  carries   TEXT NOT NULL,            -- id of the notice that the interview's invitation is to say; '': none
  interview TEXT NOT NULL,            -- id of what it became; '': nothing yet
  ended_by  TEXT NOT NULL,            -- Slack user id of who let it go or confirmed it; '': nobody in Slack
  ended_at  INTEGER,
  reason    TEXT NOT NULL             -- why its event couldn't be made, in words
) STRICT;
CREATE UNIQUE INDEX time_holds_live ON time_holds (candidate, stage) WHERE state IN ('placing', 'held');
CREATE INDEX time_holds_candidate ON time_holds (candidate);

CREATE TABLE offerings (
  id          TEXT PRIMARY KEY,
  candidate   TEXT NOT NULL REFERENCES candidates (id),
  role        TEXT NOT NULL,          -- key
  stage       TEXT NOT NULL,          -- id
  state       TEXT NOT NULL CHECK (state IN ('approved', 'sent', 'failed', 'unsure', 'chosen', 'none', 'over')),
  times       TEXT NOT NULL,          -- JSON: start, end and panel of each, as they are numbered in the text
  subject     TEXT NOT NULL,          -- as approved
  body        TEXT NOT NULL,          -- as approved
  attempt     INTEGER NOT NULL,       -- to e-mail it; 0: a person sends it
  offered_by  TEXT NOT NULL,          -- Slack user id of who approved it
  offered_at  INTEGER NOT NULL,
  sent_by     TEXT NOT NULL,          -- Slack user id of who said that they sent it; '': the bot
  sent_at     INTEGER,
  confirmed   TEXT NOT NULL,          -- JSON: as time_holds.confirmed
  carries     TEXT NOT NULL,          -- as time_holds.carries
  remind_at   INTEGER NOT NULL,       -- when the soonest time is too near to be taken
  reminded_at INTEGER,                -- when that was told
  answer      INTEGER NOT NULL,       -- number of the time that came back; 0: none
  answered_by TEXT NOT NULL,          -- Slack user id of who clicked it
  answered_at INTEGER,
  interview   TEXT NOT NULL,          -- id of what was booked by it; '': nothing
  problem     TEXT NOT NULL           -- of its e-mail, in words
) STRICT;
CREATE UNIQUE INDEX offerings_live ON offerings (candidate, stage) WHERE state IN ('approved', 'sent', 'failed', 'unsure');
CREATE INDEX offerings_candidate ON offerings (candidate);
