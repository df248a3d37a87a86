package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/sample"
)

// numberTarget is how many checks a core makes in a second, in millions.
const numberTarget = 5

// numbers measures checking document numbers: every kind, a thousand valid
// numbers each, by the running clock. Rounds of the kinds take turns, the time is
// the thread's own on its core, and the best round counts: whatever else runs on
// the machine can only slow one down.
func (b *bench) numbers(context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	kinds := identifier.Kinds()
	rnd := rand.New(rand.NewPCG(11643, 32100)) //nolint:gosec // the same numbers in every run
	samples := make([][]string, len(kinds))
	for i, kind := range kinds {
		for range 1000 {
			samples[i] = append(samples[i], sample.Number(kind, rnd))
		}
	}
	perSecond := make([]float64, len(kinds))
	for range 21 {
		for i, kind := range kinds {
			rate, err := checkRate(kind, samples[i])
			if err != nil {
				return err
			}
			perSecond[i] = max(perSecond[i], rate)
		}
	}
	for i, kind := range kinds {
		b.atLeast("checks a second and core, "+string(kind), perSecond[i]/1e6, "million", numberTarget)
	}
	return nil
}

// checkRate is how many checks this thread makes in a second.
func checkRate(kind identifier.Kind, typed []string) (float64, error) {
	const rounds = 20
	start, err := threadTime()
	if err != nil {
		return 0, err
	}
	for range rounds {
		for _, t := range typed {
			if _, err := identifier.Parse(kind, t); err != nil {
				return 0, fmt.Errorf("a sample is refused: %w", err)
			}
		}
	}
	end, err := threadTime()
	return float64(rounds*len(typed)) / (end - start).Seconds(), err
}

// threadTime is how long the calling thread has run on a core.
func threadTime() (time.Duration, error) {
	var t unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano()), err
}

// atLeast reports a figure that should not be below its target.
func (b *bench) atLeast(name string, value float64, unit string, target float64) {
	b.report(name, value, unit)
	met := value >= target
	last := &b.results[len(b.results)-1]
	last.Target, last.Met = &target, &met
}
