package outbox

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"convene/internal/hiring"
)

// Keys name intents: the same intent has the same key whenever it is formed.
func TestKeysAndLanes(t *testing.T) {
	for _, tt := range []struct {
		got        Effect
		key, about string
		lane       string
	}{
		{CalendarEffect(CalendarInsert, "iv", 2), "calendar:insert:iv:2", "iv", "interview:iv"},
		{CalendarEffect(CalendarDelete, "iv", 2), "calendar:delete:iv:2", "iv", "interview:iv"},
		{MailEffect("note", 1), "mail:note:1", "note", "notice:note"},
		{Message{Key: "score:iv:u", Person: "u"}.Effect(), "message:score:iv:u", "score:iv:u", "dm:u"},
		{Message{Key: "summary:r:d:1", Role: "r"}.Effect(), "message:summary:r:d:1", "summary:r:d:1", "channel:r"},
	} {
		if tt.got.Key != tt.key || tt.got.About != tt.about || tt.got.Lane != tt.lane {
			t.Errorf("%+v, want key %s, about %s, lane %s", tt.got, tt.key, tt.about, tt.lane)
		}
	}
}

func TestClassify(t *testing.T) {
	plain := errors.New("reset")
	for _, tt := range []struct {
		err   error
		class Class
		after time.Duration
		slow  bool
	}{
		{plain, ClassUnknown, 0, false},
		{fmt.Errorf("post: %w", Later(plain, time.Minute)), ClassLater, time.Minute, false},
		{fmt.Errorf("post: %w", Never(plain)), ClassNever, 0, false},
		{Lost(plain), ClassUnknown, 0, false},
		{TimedOut(plain), ClassUnknown, 0, true},
		{Lost(Later(plain, time.Minute)), ClassUnknown, 0, false}, // the outer word counts
	} {
		c := Classify(tt.err)
		if c.Class != tt.class || c.After != tt.after || c.Slow != tt.slow || !errors.Is(c, plain) {
			t.Errorf("%v: %+v", tt.err, c)
		}
	}
}

func TestBatchAdd(t *testing.T) {
	one := Batch{
		Effects: []Effect{{}}, Messages: []Message{{}}, Delete: []string{"a"}, Drop: []string{"b"},
		Due: []hiring.Due{{}}, NotDue: []string{"c"}, Touch: []string{"d"}, Log: []hiring.Entry{{}},
	}
	b := one
	b.Add(one)
	if n := []int{len(b.Effects), len(b.Messages), len(b.Delete), len(b.Drop), len(b.Due), len(b.NotDue), len(b.Touch), len(b.Log)}; fmt.Sprint(n) != "[2 2 2 2 2 2 2 2]" {
		t.Errorf("added: %v", n)
	}
}
