package registry

import (
	"sync"
	"time"

	"github.com/verinym/verinym/epp"
)

// rateOver is over how many minutes the rate of an account is known.
const rateOver = 60

// rate counts the commands of an account that were answered, by minute. It is of this
// process, for people to look at.
type rate struct {
	mu sync.Mutex
	at [rateOver]int64 // minute of the place
	n  [rateOver]int
}

func (r *rate) note(now time.Time, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	minute := now.Unix() / 60
	place := minute % rateOver
	if r.at[place] != minute {
		r.at[place], r.n[place] = minute, 0
	}
	r.n[place] += n
}

// last returns the counts of the last hour, the oldest minute first.
func (r *rate) last(now time.Time) []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]int, rateOver)
	for i := range out {
		minute := now.Unix()/60 - int64(rateOver-1-i)
		if place := minute % rateOver; r.at[place] == minute {
			out[i] = r.n[place]
		}
	}
	return out
}

// Sessions is how the EPP sessions of this process with a registry stand.
type Sessions struct {
	// Open are there, InUse of them are; Limit is the most for now; Waiting wait for one.
	Open, InUse, Limit, Waiting int
	// NoLogins and NothingBought say that the registry refuses our credentials, or that our
	// balance is used up.
	NoLogins, NothingBought bool
}

// pooled is how the sessions stand, zero while this process has had none.
func (l *link) pooled() Sessions {
	p := l.pool.Load()
	if p == nil {
		return Sessions{}
	}
	return sessionsOf(p.Stats())
}

func sessionsOf(s epp.PoolStats) Sessions {
	return Sessions{Open: s.Open, InUse: s.InUse, Limit: s.Limit, Waiting: s.Waiting, NoLogins: s.Logins != nil, NothingBought: s.Billing != nil}
}
