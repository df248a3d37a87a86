package mrz

import (
	"time"

	"github.com/verinym/verinym/identifier/civil"
)

// birthDate reads YYMMDD. known is false when any part is left to fillers. The
// century is the latest in which the day is not after today.
func birthDate(field string, now time.Time) (d Date, known bool) {
	for i := range len(field) {
		if field[i] == filler {
			return Date{}, false
		}
	}
	d = yymmdd(field)
	today := civil.Of(now)
	d.Year += today.Year - today.Year%100
	if d.Compare(today) > 0 {
		d.Year -= 100
	}
	return d, true
}

// expiryDate reads YYMMDD. Documents are valid for decades at most, so the year
// is the one that lies within fifty years of today.
func expiryDate(field string, now time.Time) Date {
	d := yymmdd(field)
	year := now.Year()
	d.Year += year - year%100
	switch {
	case d.Year > year+49:
		d.Year -= 100
	case d.Year < year-50:
		d.Year += 100
	}
	return d
}

// yymmdd reads six digits; the year is still without its century.
func yymmdd(s string) Date {
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	return Date{Year: two(0), Month: time.Month(two(2)), Day: two(4)}
}
