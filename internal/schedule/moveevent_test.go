package schedule

import (
	"slices"
	"testing"

	"convene/internal/hiring"
	"convene/internal/outbox"
)

// A panelist's calendar address changed: the invitation moves there. Whom a
// person took off the event stays off under the new address, too.
func TestAPanelistsNewAddress(t *testing.T) {
	for _, off := range []bool{false, true} {
		w, iv := settled(t)
		want := "ana karly mark? seb.private"
		if off {
			w.cal.person(iv.EventID, func(ev *hiring.Event) {
				ev.Guests = slices.DeleteFunc(ev.Guests, func(g hiring.Guest) bool { return g.Email == "seb@example.com" })
			})
			w.follow()
			want = "ana karly mark?"
		}
		p := w.who[seb]
		p.Calendar = "seb.private@example.com"
		w.who[seb] = p
		err := w.Store.ChangeInterview(t.Context(), iv.ID, func(iv *hiring.Interview) (outbox.Batch, error) {
			iv.Revision++
			return outbox.Batch{Effects: []outbox.Effect{outbox.CalendarEffect(outbox.CalendarMove, iv.ID, iv.Revision)}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		w.dispatch()
		if got := w.guests(iv); got != want {
			t.Errorf("taken off %t: Google's guests: %s, want %s", off, got, want)
		}
	}
}
