-- What a coordinator confirmed when they booked an interview at a time that
-- speaks against the rules.

-- +goose Up

CREATE TABLE overrides (
  interview TEXT PRIMARY KEY REFERENCES interviews (id), -- that was booked or moved there
  made_by   TEXT NOT NULL,    -- Slack user id of who confirmed it
  made_at   INTEGER NOT NULL, -- when
  busy      TEXT NOT NULL,    -- the collisions that they were shown, as JSON: person, start, end
  unknown   TEXT NOT NULL     -- Slack user ids of those whose calendars couldn't be read, as a JSON array
) STRICT;
