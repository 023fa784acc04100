-- What keeps a booked interview from being held as it is, and the ways out.

-- +goose Up

CREATE TABLE repairs (
  interview   TEXT NOT NULL REFERENCES interviews (id),
  number      INTEGER NOT NULL,    -- counts the interview's problems, from 1
  candidate   TEXT NOT NULL REFERENCES candidates (id),
  kind        TEXT NOT NULL CHECK (kind IN ('panel', 'moved', 'candidate')), -- whose answer or act it came from
  message     TEXT NOT NULL,       -- key of the message that shows it
  state       TEXT NOT NULL CHECK (state IN ('open', 'chosen', 'done', 'settled')), -- chosen: somebody clicked a way out, which isn't done yet
  revision    INTEGER NOT NULL,    -- the interview's revision that the ways out were computed for
  body        TEXT NOT NULL,       -- who and what is in the way, and the ways out, as JSON
  chosen_by   TEXT NOT NULL,       -- Slack user id of who chose a way out; '' until then
  chosen_at   INTEGER,             -- when
  computed_at INTEGER,             -- when calendars were last asked for it
  PRIMARY KEY (interview, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX repairs_candidate ON repairs (candidate);

ALTER TABLE interviews ADD COLUMN candidate_comment TEXT NOT NULL DEFAULT ''; -- what the candidate wrote with their answer in Google
