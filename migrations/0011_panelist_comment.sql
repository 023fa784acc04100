-- What a panelist wrote with their answer, for whoever has to repair the interview.

-- +goose Up

ALTER TABLE panelists ADD COLUMN comment TEXT NOT NULL DEFAULT ''; -- what they wrote with their answer in Google
