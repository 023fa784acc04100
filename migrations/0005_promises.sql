-- Promises are counted for ever: what was kept or missed once stays so, whatever
-- is decided and told later.

-- +goose Up

ALTER TABLE interviews ADD COLUMN first_told_at INTEGER; -- when the candidate was first told, where they were told another decision later; NULL: told_at is the first
ALTER TABLE interviews ADD COLUMN missed_at INTEGER;     -- the deadline that had passed when a hold moved it; NULL: none had

CREATE INDEX scorecard_versions_first ON scorecard_versions (interview, panelist, submitted_at); -- the report reads no answers
CREATE INDEX interviews_role ON interviews (role, id); -- the report walks along it
