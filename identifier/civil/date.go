// Package civil holds a calendar day: a birth date, an expiry date. It has no
// hour, no zone and no clock, and two equal days are equal with ==.
package civil

import (
	"errors"
	"time"
)

// Date is a day of the proleptic Gregorian calendar. The zero value means "no
// date", as on a number that carries none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Of is the day that t shows in t's own zone.
func Of(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero tells whether d is "no date". With it the JSON option omitzero works.
func (d Date) IsZero() bool { return d == Date{} }

// Exists tells whether the calendar has this day: 29 February only in leap years.
func (d Date) Exists() bool {
	return d.Year >= 1 && d.Year <= 9999 &&
		d.Month >= time.January && d.Month <= time.December &&
		d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

// Compare is negative when d is before e, zero when they are the same day, and
// positive when d is after e.
func (d Date) Compare(e Date) int {
	if d.Year != e.Year {
		return d.Year - e.Year
	}
	if d.Month != e.Month {
		return int(d.Month - e.Month)
	}
	return d.Day - e.Day
}

// Days counts the days from 1 January 1970 to d, which must exist; it is
// negative before.
func (d Date) Days() int {
	// Years are counted from March, so that the leap day is a year's last day,
	// and from the year 0, so that none is negative.
	year, month := d.Year, int(d.Month)-3
	if month < 0 {
		year, month = year-1, month+12
	}
	leapDays := year/4 - year/100 + year/400
	monthDays := (153*month + 2) / 5
	return 365*year + leapDays + monthDays + d.Day - 1 - daysTo1970
}

// daysTo1970 is how many days after 1 March of the year 0 the epoch lies.
const daysTo1970 = 719468

// FromDays is the day that Days counts as n.
func FromDays(n int) Date {
	const years400 = 146097 // days in 400 years
	n += daysTo1970
	era := n / years400
	if n < 0 {
		era = (n - years400 + 1) / years400
	}
	inEra := n - era*years400
	year := (inEra - inEra/1460 + inEra/36524 - inEra/146096) / 365
	inYear := inEra - (365*year + year/4 - year/100) // from 1 March
	month := (5*inYear + 2) / 153
	d := Date{Year: era*400 + year, Month: time.Month(month + 3), Day: inYear - (153*month+2)/5 + 1}
	if month >= 10 { // January and February end the year that began in March
		d.Year, d.Month = d.Year+1, d.Month-12
	}
	return d
}

// String is the ISO 8601 form, 1949-12-31, and empty for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// MarshalText is String, so that a Date is a plain string in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

var errDate = errors.New("civil: not a date of the form 2006-01-02")

// UnmarshalText reads what MarshalText writes. The error does not repeat the
// text, because the text is somebody's birth date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return errDate
	}
	*d = Of(t)
	return nil
}

func daysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
