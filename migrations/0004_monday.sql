-- Decisions with another mind beside them, decisions that correct one that the
-- candidate was told, and what the Monday messages said of each candidate.

-- +goose Up

ALTER TABLE decisions ADD COLUMN dissent TEXT NOT NULL DEFAULT '';  -- who was of another mind, and why, in the decider's words
ALTER TABLE decisions ADD COLUMN corrects TEXT NOT NULL DEFAULT ''; -- id of the decision that the candidate had been told; '': it corrects none

ALTER TABLE interviews ADD COLUMN promised_at INTEGER;   -- the deadline that the promise counts by, where a correction set a new one; NULL: deadline_at
ALTER TABLE interviews ADD COLUMN first_told_at INTEGER; -- when the candidate was first told, where that is being corrected; NULL: told_at

CREATE TABLE summary_entries (
  id        INTEGER PRIMARY KEY,   -- order in which they were shown
  candidate TEXT NOT NULL REFERENCES candidates (id),
  interview TEXT NOT NULL REFERENCES interviews (id),
  message   TEXT NOT NULL,         -- key of the preview or summary
  shown_at  INTEGER NOT NULL,      -- when it came to say this
  text      TEXT NOT NULL          -- what it said of the candidate, in words
) STRICT;
CREATE INDEX summary_entries_candidate ON summary_entries (candidate, message, id);
