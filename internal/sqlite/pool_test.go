package sqlite

import "testing"

// One reader serves whoever comes one after the other; the others are for those
// who come at the same time.
func TestTheConnectionUsedLastComesFirst(t *testing.T) {
	p, a, b := newPool(2), &conn{}, &conn{}
	p.put(a)
	p.put(b)
	for range 3 {
		c := p.get()
		if c != b {
			t.Fatal("it isn't the one that was used last")
		}
		p.put(c)
	}
	if p.get() != b || p.get() != a {
		t.Error("two at the same time don't get one each")
	}
}
