-- The report reads all interviews of a role, and when their scorecards were
-- first in: it walks along these, and reads no answers.

-- +goose Up

CREATE INDEX interviews_role ON interviews (role, id);
CREATE INDEX scorecard_versions_first ON scorecard_versions (interview, panelist, submitted_at);
