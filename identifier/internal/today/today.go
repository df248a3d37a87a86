// Package today tells a check what day it is, no more exactly than the check has
// to know.
//
// Reading a clock takes as long as checking a number, and nearly every birth date
// gives the same answer on each day that today can possibly be: who was born in
// 1990 was born before this program started, and will not be too old to be true
// for as long as it runs. So an answer is worked out for the first and the last
// of those days, and the clock read only when the two differ.
package today

import (
	"time"

	"github.com/verinym/verinym/identifier/civil"
)

// Clock says what day it is. The zero value is the running clock, whose day is
// the one in China; At and InChina make clocks that stand still.
type Clock struct {
	day     int // as civil.Date.Days counts
	stopped bool
}

// At stands still at the day that t shows in its own zone.
func At(t time.Time) Clock {
	_, offset := t.Zone()
	return Clock{dayOf(t, offset), true}
}

// InChina stands still at the day in China at the moment t.
func InChina(t time.Time) Clock { return Clock{dayOf(t, china), true} }

const (
	hour = 60 * 60
	// china is the offset of the zone whose day counts; it has had no summer time
	// since 1991.
	china = 8 * hour
	// longest is for how many days a program is taken to run at most: ten years.
	longest = 3653
)

// started is the day on which the program did, and last the last on which it is
// taken to run.
var (
	started = dayOf(time.Now(), china)
	last    = started + longest

	startedOn, lastOn = civil.FromDays(started), civil.FromDays(last)
)

func dayOf(t time.Time, offset int) int {
	seconds := t.Unix() + int64(offset)
	day := seconds / (24 * hour)
	if seconds%(24*hour) < 0 { // division rounds towards 1970
		day--
	}
	return int(day)
}

// read is the day that it is.
func (c Clock) read() int {
	if c.stopped {
		return c.day
	}
	return dayOf(time.Now(), china)
}

// between is the first and the last day that it can be.
func (c Clock) between() (first, latest civil.Date) {
	if c.stopped {
		d := civil.FromDays(c.day)
		return d, d
	}
	return startedOn, lastOn
}

// Stopped is the start of the day that c stands still at, in UTC; ok is false for
// the running clock.
func (c Clock) Stopped() (start time.Time, ok bool) {
	return time.Unix(int64(c.day)*24*hour, 0).UTC(), c.stopped
}

// Past tells whether d, which must exist, lies before today, and whether more
// than days before.
func (c Clock) Past(d civil.Date, days int) (past, longPast bool) {
	day := d.Days()
	if !c.stopped && day < started && last-day <= days {
		return true, false
	}
	ago := c.read() - day
	return ago > 0, ago > days
}

// Latest completes a date whose year has its last two digits only: the latest
// century that puts it at or before today. The day need not exist.
func (c Clock) Latest(d civil.Date) civil.Date {
	from, to := c.between()
	d.Year += from.Year - from.Year%100
	if d.Compare(from) > 0 {
		d.Year -= 100
	}
	next := d
	next.Year += 100
	if next.Compare(to) <= 0 && next.Compare(civil.FromDays(c.read())) <= 0 {
		return next
	}
	return d
}

// Nearest completes a date whose year has its last two digits only: the year that
// lies within fifty years of this one, from fifty before to forty-nine after.
func (c Clock) Nearest(d civil.Date) civil.Date {
	from, to := c.between()
	d.Year += from.Year - from.Year%100
	switch {
	case d.Year > from.Year+49:
		d.Year -= 100
	case d.Year < from.Year-50:
		d.Year += 100
	}
	if d.Year < to.Year-50 && d.Year < civil.FromDays(c.read()).Year-50 {
		d.Year += 100
	}
	return d
}
