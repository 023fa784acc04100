package sqlite

import (
	"time"

	"convene/internal/candidate"
	"convene/internal/outbox"
)

// addSaid records what a message came to say of candidates, where that isn't
// what it said of them before. It commits with the word that Slack shows it, and
// before it is posted.
// Nothing is added of somebody who was erased while Slack answered.
func addSaid(c *conn, m outbox.Message, at time.Time) error {
	for _, s := range m.Said {
		err := c.do(`INSERT INTO summary_entries (candidate, interview, message, shown_at, text)
			SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM candidates WHERE id = ?1 AND erased_at IS NULL)
			AND ?5 IS NOT (SELECT text FROM summary_entries WHERE candidate = ?1 AND message = ?3 AND interview = ?2 ORDER BY id DESC LIMIT 1)`,
			s.Candidate, s.Interview, m.Key, at.UnixMilli(), s.Text)
		if err != nil {
			return err
		}
	}
	return nil
}

// posted leaves out what a message was about to say that never came to be posted.
const posted = " AND EXISTS (SELECT 1 FROM messages m WHERE m.key = summary_entries.message AND m.ts <> '')"

func scanSaid(r row) (s candidate.Said, err error) {
	return s, r.Scan(&s.InterviewID, &s.Message, toInstant(&s.At), &s.Text)
}
