package calendar_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/verinym/verinym/internal/calendar"
	"github.com/verinym/verinym/policies"
)

func load(t *testing.T) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExpectedDateCountsMakeUpDaysAndHolidays(t *testing.T) {
	t.Parallel()
	c := load(t)
	for name, tt := range map[string]struct {
		from    string
		days    int
		want    string
		certain bool
	}{
		"the working Saturday before Spring Festival": {"2026-02-13T10:00:00+08:00", 1, "2026-02-14", true},
		"over Spring Festival":                        {"2026-02-13T10:00:00+08:00", 2, "2026-02-24", true},
		"a plain week":                                {"2026-06-01T10:00:00+08:00", 3, "2026-06-04", true},
		"over a weekend":                              {"2026-06-05T10:00:00+08:00", 1, "2026-06-08", true},
		"late in the evening in UTC is the next day":  {"2026-06-01T20:00:00Z", 1, "2026-06-03", true},
		"no days at all is today":                     {"2026-06-01T10:00:00+08:00", 0, "2026-06-01", true},
		"into a year without data":                    {"2026-12-31T10:00:00+08:00", 1, "2027-01-01", false},
	} {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, tt.from)
			if err != nil {
				t.Fatal(err)
			}
			got := c.After(from, tt.days)
			if got.Day != tt.want || got.Certain != tt.certain {
				t.Errorf("After(%s, %d) = %s certain %v, want %s certain %v", tt.from, tt.days, got.Day, got.Certain, tt.want, tt.certain)
			}
		})
	}
}

func TestBusinessDaysThatPassedAreCountedAsTheyAreForecast(t *testing.T) {
	t.Parallel()
	c := load(t)
	for name, tt := range map[string]struct {
		from, to string
		want     int
	}{
		"the same day":                           {"2026-06-01T10:00:00+08:00", "2026-06-01T18:00:00+08:00", 0},
		"the next day":                           {"2026-06-01T10:00:00+08:00", "2026-06-02T09:00:00+08:00", 1},
		"a decision at the weekend":              {"2026-06-05T10:00:00+08:00", "2026-06-06T09:00:00+08:00", 1},
		"over a weekend":                         {"2026-06-05T10:00:00+08:00", "2026-06-09T09:00:00+08:00", 2},
		"over Spring Festival and its make-up":   {"2026-02-13T10:00:00+08:00", "2026-02-24T09:00:00+08:00", 2},
		"the last moment of a day belongs to it": {"2026-06-01T10:00:00+08:00", "2026-06-03T00:00:00+08:00", 1},
		"decided before it was asked":            {"2026-06-02T10:00:00+08:00", "2026-06-01T10:00:00+08:00", 0},
	} {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, tt.from)
			if err != nil {
				t.Fatal(err)
			}
			to, err := time.Parse(time.RFC3339, tt.to)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Taken(from, to); got != tt.want {
				t.Errorf("Taken(%s, %s) = %d, want %d", tt.from, tt.to, got, tt.want)
			}
			if c.After(from, tt.want).At.Before(to) {
				t.Errorf("a forecast of %d days would have been too early", tt.want)
			}
		})
	}
}

func TestExpectedDayEndsAtMidnightInShanghai(t *testing.T) {
	t.Parallel()
	got := load(t).After(time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC), 1).At
	if want := time.Date(2026, 6, 2, 16, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the day ends at %s, want %s", got, want)
	}
}

func TestWrongHolidayFilesAreRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no file":               "",
		"not JSON":              "{",
		"a year of no holidays": `{"year":2027,"holidays":[]}`,
		"ends before it begins": `{"year":2027,"holidays":[{"from":"2027-01-03","to":"2027-01-01"}]}`,
		"of another year":       `{"year":2027,"holidays":[{"from":"2026-01-01","to":"2026-01-03"}]}`,
		"working on a holiday":  `{"year":2027,"holidays":[{"from":"2027-01-01","to":"2027-01-03"}],"make_up_days":[{"date":"2027-01-02"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{}
			if body != "" {
				files["holidays-2027.json"] = &fstest.MapFile{Data: []byte(body)}
			}
			if _, err := calendar.Load(files); err == nil {
				t.Error("loaded without an error")
			}
		})
	}
}
