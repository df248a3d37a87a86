package identifier

import "time"

// A birth before firstYear is a slip of the pen; GB 11643's own example was born
// in 1880. Somebody older than 120 years (oldest, in days) is possible by the
// standard and no more than that, so it is a warning.
const (
	firstYear = 1800
	oldest    = 121 * 3652425 / 10000
)

// isBirthDate: a day that exists, before today. old tells that the holder would
// be older than anybody is.
func isBirthDate(d Date, c clock) (ok, old bool) {
	if !d.Exists() || d.Year < firstYear {
		return false, false
	}
	age := c.day() - d.Days()
	return age > 0, age > oldest
}

// yyyymmdd reads eight digits.
func yyyymmdd(s string) Date {
	return Date{
		Year:  twoDigits(s)*100 + twoDigits(s[2:]),
		Month: time.Month(twoDigits(s[4:])),
		Day:   twoDigits(s[6:]),
	}
}

// yymmdd reads six digits; the century is the latest that puts the day before today.
func yymmdd(s string, c clock) Date {
	today := c.today()
	d := Date{
		Year:  today.Year - today.Year%100 + twoDigits(s),
		Month: time.Month(twoDigits(s[2:])),
		Day:   twoDigits(s[4:]),
	}
	if d.Compare(today) >= 0 {
		d.Year -= 100
	}
	return d
}

func twoDigits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
