package today_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/identifier/civil"
	"github.com/verinym/verinym/identifier/internal/today"
)

// now is what the running clock shows; read once, so that midnight in the middle
// of a test is the only thing that could disturb it.
var now = time.Now()

// TestTheRunningClockAnswersLikeOneThatStands, on every day of two centuries and
// for both ways to complete a year: that it seldom looks must not show.
func TestTheRunningClockAnswersLikeOneThatStands(t *testing.T) {
	t.Parallel()
	const oldest = 121 * 365
	running, standing := today.Clock{}, today.InChina(now)
	first := civil.Date{Year: now.Year() - 150, Month: time.January, Day: 1}.Days()
	for day := first; day < first+200*365; day++ {
		d := civil.FromDays(day)
		past, old := running.Past(d, oldest)
		if p, o := standing.Past(d, oldest); past != p || old != o {
			t.Fatalf("%v: past %v, long past %v; want %v, %v", d, past, old, p, o)
		}
		d.Year %= 100
		if got, want := running.Latest(d), standing.Latest(d); got != want {
			t.Fatalf("latest %v: %v, want %v", d, got, want)
		}
		if got, want := running.Nearest(d), standing.Nearest(d); got != want {
			t.Fatalf("nearest %v: %v, want %v", d, got, want)
		}
	}
}

func TestTheDayChangesAtMidnightInChina(t *testing.T) {
	t.Parallel()
	day := civil.Date{Year: 2026, Month: time.March, Day: 2}
	for at, past := range map[string]bool{
		"2026-03-02T15:59:59Z": false, // 23:59:59 in China
		"2026-03-02T16:00:00Z": true,
		"1969-12-31T23:00:00Z": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := today.InChina(moment).Past(day, 1); got != past {
			t.Errorf("at %s the second of March is past: %v", at, got)
		}
	}
	// Before 1970 the seconds are negative.
	moment := time.Date(1969, 12, 31, 15, 59, 59, 0, time.UTC)
	if start, ok := today.InChina(moment).Stopped(); !ok || start.Format(time.DateOnly) != "1969-12-31" {
		t.Errorf("stands at %v", start)
	}
	if start, _ := today.At(moment.In(time.FixedZone("", 9*3600))).Stopped(); start.Format(time.DateOnly) != "1970-01-01" {
		t.Errorf("in its own zone it stands at %v", start)
	}
}
