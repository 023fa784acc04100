package sandbox

import "testing"

// A fault of the mail server is for as many messages as it was set for.
func TestAMailFaultCounts(t *testing.T) {
	b := &mailbox{}
	b.setFault(mailBusy, 2)
	b.setFault(mailRefuse, -1)
	for i, want := range []bool{true, true, false, false} {
		if got := b.takeFault(mailBusy); got != want {
			t.Errorf("message %d: busy is %t", i+1, got)
		}
	}
	for range 3 {
		if !b.takeFault(mailRefuse) {
			t.Error("a fault until it is cleared ended")
		}
	}
	b.clearFaults()
	if b.takeFault(mailRefuse) {
		t.Error("a fault that was cleared goes on")
	}
}
