package calendar

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/bug"
)

const day = "2006-01-02"

// Calendar knows the business days of one country for the years it was given.
type Calendar struct {
	zone     *time.Location
	years    map[int]bool
	holidays map[string]bool
	makeUp   map[string]bool
}

type file struct {
	Country  string `json:"country"`
	Year     int    `json:"year"`
	TimeZone string `json:"time_zone"`
	Holidays []struct {
		From string `json:"from"`
		To   string `json:"to"`
	} `json:"holidays"`
	MakeUpDays []struct {
		Date string `json:"date"`
	} `json:"make_up_days"`
}

// Load reads every holidays-YYYY.json of files. A make-up day that falls on a
// holiday, an empty year or a file that does not parse is an error: a wrong
// calendar is worse than none.
func Load(files fs.FS) (*Calendar, error) {
	names, err := fs.Glob(files, "holidays-*.json")
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		zone = time.FixedZone("CST", 8*60*60)
	}
	c := &Calendar{zone: zone, years: map[int]bool{}, holidays: map[string]bool{}, makeUp: map[string]bool{}}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("calendar: %w", err)
		}
		var f file
		if err := json.Unmarshal(b, &f); err != nil {
			return nil, fmt.Errorf("calendar: %s: %w", name, err)
		}
		if err := c.add(f); err != nil {
			return nil, fmt.Errorf("calendar: %s: %w", name, err)
		}
	}
	if len(c.years) == 0 {
		return nil, fmt.Errorf("calendar: no holidays-YYYY.json file")
	}
	return c, nil
}

func (c *Calendar) add(f file) error {
	if f.Year == 0 || len(f.Holidays) == 0 {
		return fmt.Errorf("year %d lists no holidays", f.Year)
	}
	for _, h := range f.Holidays {
		from, err := time.Parse(day, h.From)
		if err != nil {
			return err
		}
		to, err := time.Parse(day, h.To)
		if err != nil {
			return err
		}
		if to.Before(from) || !strings.HasPrefix(h.From, fmt.Sprint(f.Year)) {
			return fmt.Errorf("holiday %s to %s", h.From, h.To)
		}
		for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
			c.holidays[d.Format(day)] = true
		}
	}
	for _, m := range f.MakeUpDays {
		if c.holidays[m.Date] {
			return fmt.Errorf("make-up day %s is a holiday", m.Date)
		}
		c.makeUp[m.Date] = true
	}
	c.years[f.Year] = true
	return nil
}

// Zone is the time zone in which the calendar's days begin and end.
func (c *Calendar) Zone() *time.Location { return c.zone }

// BusinessDay reports whether t falls on a business day; known is false when
// there is no data for its year, and the answer then rests on weekdays alone.
func (c *Calendar) BusinessDay(t time.Time) (business, known bool) {
	t = t.In(c.zone)
	d := t.Format(day)
	known = c.years[t.Year()]
	switch {
	case c.holidays[d]:
		return false, known
	case c.makeUp[d] && !bug.Seeded(bug.NoMakeUpDays):
		return true, known
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, known
}

// Expected is a forecast date.
type Expected struct {
	// At is the end of the expected day, in UTC.
	At time.Time
	// Day is that day in the calendar's zone, as YYYY-MM-DD.
	Day string
	// Certain is false when the forecast touches a year without data.
	Certain bool
}

// After returns the end of the n-th business day after the day of t.
func (c *Calendar) After(t time.Time, n int) Expected {
	e := Expected{Certain: true}
	d := t.In(c.zone)
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		business, known := c.BusinessDay(d)
		if !known {
			e.Certain = false
		}
		if business {
			n--
		}
	}
	e.Day = d.Format(day)
	e.At = time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, c.zone).UTC()
	return e
}
