-- What people set in Slack over a role's file and over their Slack profile,
-- checks, candidates who left, and invitations that carry a notice.

-- +goose Up

CREATE TABLE role_settings (
  role   TEXT NOT NULL REFERENCES roles (key),
  path   TEXT NOT NULL,            -- as in hiring.Choice, e.g. "stages.round1.duration"
  value  TEXT NOT NULL,            -- as hiring.Setting writes it; it stands over the file's
  set_by TEXT NOT NULL,            -- Slack user id
  set_at INTEGER,                  -- when
  PRIMARY KEY (role, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_settings (
  person   TEXT PRIMARY KEY,       -- Slack user id
  calendar TEXT NOT NULL,          -- address of their Google calendar; '': their e-mail address in Slack
  hours    TEXT NOT NULL,          -- JSON: own working hours and days, in their zone; no days: the role's
  set_by   TEXT NOT NULL,          -- Slack user id of who changed this last
  set_at   INTEGER                 -- when
) STRICT, WITHOUT ROWID;

CREATE TABLE checks (
  id        TEXT PRIMARY KEY,
  candidate TEXT NOT NULL REFERENCES candidates (id),
  stage     TEXT NOT NULL,         -- id of the stage
  outcome   TEXT NOT NULL CHECK (outcome IN ('fine', 'concern', 'skipped')),
  note      TEXT NOT NULL,
  done_by   TEXT NOT NULL,         -- Slack user id
  done_at   INTEGER,               -- when
  replaced  INTEGER NOT NULL CHECK (replaced IN (0, 1)) -- 1: it was taken back or done anew
) STRICT;
CREATE UNIQUE INDEX checks_standing ON checks (candidate, stage) WHERE replaced = 0;
CREATE INDEX checks_candidate ON checks (candidate);

ALTER TABLE candidates ADD COLUMN end_reason TEXT NOT NULL DEFAULT ''; -- why they withdrew
ALTER TABLE candidates ADD COLUMN ended_at INTEGER; -- when they withdrew

ALTER TABLE interviews ADD COLUMN carries TEXT NOT NULL DEFAULT ''; -- id of the notice that its invitation says; '': none

CREATE TABLE files (
  id        TEXT PRIMARY KEY,      -- Slack's id of a file that the bot sent
  candidate TEXT NOT NULL REFERENCES candidates (id),
  person    TEXT NOT NULL,         -- Slack user id of who asked for it
  sent_at   INTEGER                -- when
) STRICT, WITHOUT ROWID;
CREATE INDEX files_candidate ON files (candidate);

CREATE INDEX audit_subject ON audit (subject);
