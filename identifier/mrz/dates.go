package mrz

import (
	"time"

	"github.com/verinym/verinym/identifier/internal/today"
)

// birthDate reads YYMMDD. known is false when any part is left to fillers. The
// century is the latest in which the day is not after today.
func birthDate(field string, c today.Clock) (d Date, known bool) {
	for i := range len(field) {
		if field[i] == filler {
			return Date{}, false
		}
	}
	return c.Latest(yymmdd(field)), true
}

// expiryDate reads YYMMDD. Documents are valid for decades at most, so the year
// is the one that lies within fifty years of today.
func expiryDate(field string, c today.Clock) Date { return c.Nearest(yymmdd(field)) }

// yymmdd reads six digits; the year is still without its century.
func yymmdd(s string) Date {
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	return Date{Year: two(0), Month: time.Month(two(2)), Day: two(4)}
}
