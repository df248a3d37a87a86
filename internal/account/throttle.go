package account

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/verinym/verinym/internal/fault"
)

// Failed sign-ins that are let through in a window: by one person from one place,
// by one person from everywhere, by anybody from one place. Many people may share
// a place, and whoever guesses a stranger's password is not to lock them out at
// home.
const (
	window       = 15 * time.Minute
	mostHere     = 10
	mostOfPerson = 100
	mostOfPlace  = 300
	// mostResets is how many links for a new password an address may be asked for,
	// mostResetsHere how many are asked for from one place.
	mostResets      = 3
	mostResetsHere  = 30
	mostRemembered  = 100_000
	mostWaitForHash = 64
)

// gate holds back who guesses passwords, or has others mailed. It is of this process alone: several
// nodes let through several times as many, which is few enough.
type gate struct {
	mu     sync.Mutex
	failed map[string]*failures
	// hashing bounds how many passwords are hashed at once: each needs 19 MiB.
	hashing chan struct{}
	waiting int
}

type failures struct {
	n     int
	until time.Time
}

func newGate() *gate {
	return &gate{failed: map[string]*failures{}, hashing: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// limits are how often something may happen in a window, by what it is counted under.
type limits map[string]int

func signIns(email, place string) limits {
	return limits{"here " + email + " " + place: mostHere, "person " + email: mostOfPerson, "place " + place: mostOfPlace}
}

// check refuses what has happened too often already, with the fault code.
func (g *gate) check(now time.Time, l limits, code string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for key, most := range l {
		if f := g.failed[key]; f != nil && f.n >= most && now.Before(f.until) {
			return fault.New(fault.TooMany, code).With("Minutes", strconv.Itoa(int(f.until.Sub(now)/time.Minute)+1))
		}
	}
	return nil
}

// note counts that it has happened.
func (g *gate) note(now time.Time, l limits) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.failed) >= mostRemembered {
		for k, f := range g.failed {
			if !now.Before(f.until) {
				delete(g.failed, k)
			}
		}
	}
	for key := range l {
		f := g.failed[key]
		if f == nil || !now.Before(f.until) {
			if f == nil && len(g.failed) >= mostRemembered {
				continue
			}
			f = &failures{until: now.Add(window)}
			g.failed[key] = f
		}
		f.n++
	}
}

// hash runs f, which hashes a password, when there is room for it. Fault: busy
// when too many wait already.
func (g *gate) hash(ctx context.Context, f func()) error {
	g.mu.Lock()
	g.waiting++
	full := g.waiting > mostWaitForHash
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.waiting--
		g.mu.Unlock()
	}()
	if full {
		return fault.New(fault.TooMany, "busy")
	}
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
		f()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
