-- Whether a notice's text is a person's own, and which interviews were booked
-- when they wrote it: what was moved since is not sent without a word.

-- +goose Up

ALTER TABLE notices ADD COLUMN times TEXT NOT NULL DEFAULT ''; -- JSON: the later interviews, with stage, start and end, that were booked when a person wrote or approved the text; '': it stands as the bot drafted it
