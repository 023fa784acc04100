-- Scorecards that aren't owed, interviews that didn't take place, reminders
-- that wait, and what became of a scorecard after the others could be read.

-- +goose Up

ALTER TABLE panelists ADD COLUMN excused TEXT NOT NULL DEFAULT '' CHECK (excused IN ('', 'absent', 'handed_over')); -- why their scorecard isn't owed; '': it is, as part says
ALTER TABLE panelists ADD COLUMN excuse TEXT NOT NULL DEFAULT '';   -- the panelist's reason, in their words
ALTER TABLE panelists ADD COLUMN stand_in TEXT NOT NULL DEFAULT ''; -- Slack user id of who was handed the scorecard
ALTER TABLE panelists ADD COLUMN excused_at INTEGER;                -- when

ALTER TABLE interviews ADD COLUMN cause TEXT NOT NULL DEFAULT '' CHECK (cause IN ('', 'no_show', 'withdrew', 'moved', 'other')); -- why it wasn't held, to be counted; reason has the words

ALTER TABLE scorecards ADD COLUMN after_reveal INTEGER NOT NULL DEFAULT 0 CHECK (after_reveal IN (0, 1)); -- 1: reopened when its author could read the others
ALTER TABLE scorecard_versions ADD COLUMN after_reveal INTEGER NOT NULL DEFAULT 0 CHECK (after_reveal IN (0, 1)); -- as it was at this submit

CREATE TABLE snoozes (
  person   TEXT PRIMARY KEY,       -- Slack user id
  until_at INTEGER NOT NULL,       -- before this time no reminder is sent by itself
  set_at   INTEGER NOT NULL        -- when
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_place ON messages (channel, ts) WHERE ts <> '';
