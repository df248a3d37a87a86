package registry

import (
	"testing"
	"time"
)

// TestRateIsOfTheLastHour: minutes that are over an hour ago count no more.
func TestRateIsOfTheLastHour(t *testing.T) {
	t.Parallel()
	var r rate
	at := time.Date(2026, 3, 2, 9, 0, 30, 0, time.UTC)
	r.note(at, 3)
	r.note(at.Add(20*time.Second), 2)
	r.note(at.Add(59*time.Minute), 7)
	got := r.last(at.Add(59 * time.Minute))
	if len(got) != 60 || got[0] != 5 || got[59] != 7 || got[30] != 0 {
		t.Errorf("%v", got)
	}
	r.note(at.Add(time.Hour), 1)
	if got = r.last(at.Add(time.Hour)); got[59] != 1 || got[58] != 7 || got[0] != 0 {
		t.Errorf("a minute later: %v", got)
	}
	if got = r.last(at.Add(5 * time.Hour)); got[59] != 0 || got[0] != 0 {
		t.Errorf("hours later: %v", got)
	}
}
