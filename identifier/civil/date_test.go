package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/verinym/verinym/identifier/civil"
)

func TestTheCalendarDecidesWhichDaysExist(t *testing.T) {
	for year := 1600; year <= 2400; year++ {
		for month := time.Month(0); month <= 13; month++ {
			for d := 0; d <= 32; d++ {
				date := civil.Date{Year: year, Month: month, Day: d}
				want := civil.Of(time.Date(year, month, d, 0, 0, 0, 0, time.UTC)) == date
				if date.Exists() != want {
					t.Fatalf("%04d-%02d-%02d: Exists() = %v", year, month, d, !want)
				}
			}
		}
	}
	if (civil.Date{}).Exists() {
		t.Error("no date must not exist")
	}
}

func TestDaysCompareInOrder(t *testing.T) {
	days := []civil.Date{{1999, 12, 31}, {2000, 1, 1}, {2000, 1, 2}, {2000, 2, 1}, {2001, 1, 1}}
	for i, a := range days {
		for j, b := range days {
			if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%v.Compare(%v) = %d", a, b, got)
			}
		}
	}
}

func TestDaysAreCountedWithoutGaps(t *testing.T) {
	first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	for day, n := first, int(first.Unix()/86400); !day.After(last); day, n = day.AddDate(0, 0, 1), n+1 {
		if got := civil.Of(day).Days(); got != n {
			t.Fatalf("%v is day %d, want %d", civil.Of(day), got, n)
		}
		if got := civil.FromDays(n); got != civil.Of(day) {
			t.Fatalf("day %d is %v, want %v", n, got, civil.Of(day))
		}
	}
}

func TestDateTravelsThroughJSON(t *testing.T) {
	type row struct {
		Birth civil.Date `json:"birth,omitzero"`
	}
	for _, c := range []struct{ text string }{{`{"birth":"1949-12-31"}`}, {`{}`}} {
		var r row
		if err := json.Unmarshal([]byte(c.text), &r); err != nil {
			t.Fatal(err)
		}
		back, err := json.Marshal(r)
		if err != nil || string(back) != c.text {
			t.Errorf("%s came back as %s, %v", c.text, back, err)
		}
	}
	var d civil.Date
	if err := d.UnmarshalText([]byte("31.12.1949")); err == nil {
		t.Error("a date in another form was accepted")
	}
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Errorf("empty text gave %v, %v", d, err)
	}
}
