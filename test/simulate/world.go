package simulate

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/verinym/verinym/client"
)

// Config says how large a run is.
type Config struct {
	Days, Profiles, Domains int
	Seed                    uint64
	// Progress is told how far the run is, if it is not nil.
	Progress func(day, of int, doing string)
	Log      *slog.Logger
	// Dir is where verinym keeps its data meanwhile; memory when empty, where that can be.
	Dir string
	// StopAt ends the run when one of these invariants is violated.
	StopAt []string
}

// opening is the Monday on which the registrar opens: ninety days from it hold Spring
// Festival with its make-up days, and Qingming.
var opening = time.Date(2026, 1, 12, 0, 30, 0, 0, shanghai)

// hours of a day at which time stops and everything is looked at.
var hours = []time.Duration{9 * time.Hour, 16 * time.Hour, 24 * time.Hour}

// world is the registrar with its customers, and all that will happen to them.
type world struct {
	*house
	people
	books
	config Config
	rng    *rand.Rand
	agenda agenda
	seq    int
	day    int
	began  time.Time
	// deskAway: no reviewer is at work. mailBack, bureauBack and registryBack are when they were
	// last out of order.
	deskAway                           bool
	mailBack, bureauBack, registryBack time.Time
}

// people are those who want something, and their names.
type people struct {
	customers []*customer
	holders   []*holder
	byNumber  map[string]*holder
	byProfile map[string]*holder
	byAddress map[string]*holder
	names     []*name
	byName    map[string]*name
	serial    int // of people who were made up
}

// books are what was seen and noted on the way.
type books struct {
	reviewers map[string][]deskVerdict // their notes, by profile
	pending   []*holder                // whose cases are not over
	late      map[string]bool          // cases of the desk that were
	wanted    map[string]int           // links that were asked for, by address
	letters   map[string]int           // and those that came
	lost      map[string]bool          // addresses that lack one

	logged  int                 // commands of the registry's record that were read
	touched map[string]bool     // names that they were about, since the clock was moved
	sent    map[string]*command // the latest of each object
	broken  map[uint64]bool     // sessions in which an answer was lost

	found       []Violation
	told        map[[2]string]bool // of which invariant and subject
	figures     Figures
	callsBefore int64

	profileVerdicts, nameVerdicts []time.Duration
	timed, serverHeld             map[string]bool // names whose verdict was timed, and those that were held for want of one
}

func newWorld(h *house, c Config) *world {
	return &world{
		house: h, config: c, rng: rand.New(rand.NewPCG(c.Seed, 0)), began: time.Now(),
		people: people{byNumber: map[string]*holder{}, byProfile: map[string]*holder{}, byAddress: map[string]*holder{}, byName: map[string]*name{}},
		books: books{
			reviewers: map[string][]deskVerdict{}, late: map[string]bool{}, wanted: map[string]int{}, letters: map[string]int{}, lost: map[string]bool{},
			touched: map[string]bool{}, sent: map[string]*command{}, broken: map[uint64]bool{}, told: map[[2]string]bool{}, callsBefore: calls.n.Load(),
			timed: map[string]bool{}, serverHeld: map[string]bool{},
		},
	}
}

// act is something that somebody will do.
type act struct {
	at  time.Time
	seq int
	do  func(ctx context.Context) error
}

type agenda []act

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if a[i].at.Equal(a[j].at) {
		return a[i].seq < a[j].seq
	}
	return a[i].at.Before(a[j].at)
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(act)) }
func (a *agenda) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	*a = (*a)[:last]
	return x
}

// in has something done after a while.
func (w *world) in(d time.Duration, do func(context.Context) error) {
	w.seq++
	heap.Push(&w.agenda, act{w.clock.Now().Add(d), w.seq, do})
}

// chance is true so many times in a hundred.
func (w *world) chance(percent int) bool { return w.rng.IntN(100) < percent }

// between is a time from a to b.
func (w *world) between(a, b time.Duration) time.Duration {
	return a + time.Duration(w.rng.Int64N(int64(b-a)))
}

// again is how long people wait before they try again what did not work.
const again = 5 * time.Hour

// Run simulates a registrar, and returns what was found.
func Run(ctx context.Context, c Config) (r Report, err error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Progress == nil {
		c.Progress = func(int, int, string) {}
	}
	dir, err := tempDir(c.Dir)
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	h, err := openHouse(ctx, dir, c)
	if err != nil {
		return r, fmt.Errorf("simulate: %w", err)
	}
	defer h.close()
	w := newWorld(h, c)
	h.bureau.judge = w.judge
	w.planArrivals()
	w.planTroubles()
	if err := w.live(ctx); err != nil {
		return r, err
	}
	return w.report(ctx)
}

var errStop = errors.New("simulate: stopped at a violation")

// live has the days go by.
func (w *world) live(ctx context.Context) error {
	midnight := opening.Add(-30 * time.Minute)
	for w.day = 1; w.day <= w.config.Days; w.day++ {
		for _, hour := range hours {
			to := midnight.Add(hour)
			w.pass(to.Sub(w.clock.Now()))
			if err := w.step(ctx); errors.Is(err, errStop) {
				return nil
			} else if err != nil {
				return fmt.Errorf("simulate: day %d: %w", w.day, err)
			}
		}
		w.config.Progress(w.day, w.config.Days, fmt.Sprintf("%d profiles, %d names", len(w.holders), len(w.names)))
		midnight = midnight.AddDate(0, 0, 1)
	}
	return nil
}

// step is one stop of the clock: outside parties act, verinym works, people act, verinym
// works, and then everything is looked at.
func (w *world) step(ctx context.Context) error {
	w.touched = map[string]bool{}
	for _, do := range []func(context.Context) error{w.work, w.everybody, w.work, w.look} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(w.found, func(v Violation) bool { return slices.Contains(w.config.StopAt, v.Invariant) }) {
		return errStop
	}
	return nil
}

// work has the authorities decide and verinym do what follows.
func (w *world) work(ctx context.Context) error {
	if err := w.bureau.work(ctx); err != nil {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	w.readMail()
	return w.readLog()
}

// everybody does what they had in mind until now.
func (w *world) everybody(ctx context.Context) error {
	for len(w.agenda) > 0 && !w.agenda[0].at.After(w.clock.Now()) {
		next := heap.Pop(&w.agenda).(act)
		if err := next.do(ctx); err != nil {
			w.surprised(err)
		}
	}
	return w.review(ctx)
}

// refused reports whether err is a refusal with one of the codes.
func refused(err error, codes ...string) bool {
	var e *client.Error
	return errors.As(err, &e) && slices.ContainsFunc(e.Codes(), func(c string) bool { return slices.Contains(codes, c) })
}

// surprised notes a refusal that nobody should have met.
func (w *world) surprised(err error) {
	w.violated(noSurprise, "", "%v", err)
}
