package policy

import (
	"strconv"
	"time"
)

// checkHolidays holds the days of a calendar against each other: a wrong one
// would move every forecast.
func (p *Policies) checkHolidays() {
	for _, root := range p.holidays {
		year := value(root, "year").Value
		for _, h := range items(value(root, "holidays")) {
			from, err := time.Parse(time.DateOnly, value(h, "from").Value)
			to, err2 := time.Parse(time.DateOnly, value(h, "to").Value)
			switch days := value(h, "days"); {
			case err != nil || err2 != nil:
				p.src.add(h, CodeValue, "holidays", "from or to is no day of the calendar")
			case to.Before(from):
				p.src.add(h, CodeConflict, "holidays", "ends before it begins")
			case strconv.Itoa(from.Year()) != year:
				p.src.add(h, CodeConflict, "holidays", "begins in %d, the file is of %s", from.Year(), year)
			case days != nil && days.Value != strconv.Itoa(int(to.Sub(from).Hours()/24)+1):
				p.src.add(days, CodeConflict, "holidays", "from %s to %s are not %s days", value(h, "from").Value, value(h, "to").Value, days.Value)
			}
		}
		for _, m := range items(value(root, "make_up_days")) {
			date := value(m, "date")
			day, err := time.Parse(time.DateOnly, date.Value)
			switch weekday := value(m, "weekday"); {
			case err != nil:
				p.src.add(date, CodeValue, "make_up_days", "%s is no day of the calendar", date.Value)
			case weekday != nil && weekday.Value != day.Weekday().String():
				p.src.add(weekday, CodeConflict, "make_up_days", "%s is a %s", date.Value, day.Weekday())
			case day.Weekday() != time.Saturday && day.Weekday() != time.Sunday:
				p.src.add(date, CodeConflict, "make_up_days", "%s is a working day anyway", date.Value)
			}
			for _, h := range items(value(root, "holidays")) {
				if value(h, "from").Value <= date.Value && date.Value <= value(h, "to").Value {
					p.src.add(date, CodeConflict, "make_up_days", "%s is a holiday", date.Value)
				}
			}
		}
	}
}
