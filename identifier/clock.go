package identifier

import (
	"time"

	"github.com/verinym/verinym/identifier/civil"
)

// clock is where a check asks for the day, if it has to: most numbers have no
// birth date, and asking costs as much as checking them.
type clock struct {
	at      time.Time
	stopped bool
}

var running clock

func stoppedAt(at time.Time) clock { return clock{at: at, stopped: true} }

func (c clock) now() time.Time {
	if c.stopped {
		return c.at
	}
	return time.Now()
}

// china is the zone whose day counts; it has had no summer time since 1991.
var china = time.FixedZone("CST", 8*60*60)

func (c clock) today() Date { return civil.Of(c.now().In(china)) }

// day is today as civil.Date.Days counts it.
func (c clock) day() int {
	const hour = 60 * 60
	seconds := c.now().Unix() + 8*hour
	day := seconds / (24 * hour)
	if seconds%(24*hour) < 0 { // division rounds towards 1970
		day--
	}
	return int(day)
}
