package identifier

import (
	"time"

	"github.com/verinym/verinym/identifier/internal/today"
)

// A birth before firstYear is a slip of the pen; GB 11643's own example was born
// in 1880. Somebody older than 120 years (oldest, in days) is possible by the
// standard and no more than that, so it is a warning.
const (
	firstYear = 1800
	oldest    = 121 * 3652425 / 10000
)

// isBirthDate: a day that exists, before today. old tells that the holder would
// be older than anybody is.
func isBirthDate(d Date, c today.Clock) (ok, old bool) {
	if !d.Exists() || d.Year < firstYear {
		return false, false
	}
	return c.Past(d, oldest)
}

// yyyymmdd reads eight digits.
func yyyymmdd(s string) Date {
	return Date{
		Year:  twoDigits(s)*100 + twoDigits(s[2:]),
		Month: time.Month(twoDigits(s[4:])),
		Day:   twoDigits(s[6:]),
	}
}

// yymmdd reads six digits; the century is the latest that puts the day before
// today: nobody has a card on the day of birth.
func yymmdd(s string, c today.Clock) Date {
	d := c.Latest(Date{Year: twoDigits(s), Month: time.Month(twoDigits(s[2:])), Day: twoDigits(s[4:])})
	if d.Exists() {
		if past, _ := c.Past(d, oldest); !past {
			d.Year -= 100
		}
	}
	return d
}

func twoDigits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
