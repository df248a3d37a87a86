package registry

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/store"
)

const (
	// claimBatch bounds how many commands are claimed, and written back, in one
	// unit of work: a foreground write waits no longer than for one of these.
	claimBatch = 100
	// claimFor is how long a claim lasts; it is machine time and longer than any
	// command may take.
	claimFor = 5 * time.Minute
	// idle is how long a pump without a wake-up call waits before it looks again.
	idle = 500 * time.Millisecond
	// quarantineAfter is how often a command may be put off by the registry's own
	// failure (2400) before it is given up: three hours of backing off, so that an
	// outage fails nothing.
	quarantineAfter = 30
)

// pace is how many commands a registry answers, and the database takes, in a moment:
// what one batch takes, so that an urgent command does not wait long behind others.
type pace struct{ batch atomic.Int64 }

const (
	// moment is how long a batch may be under way, and how long its results may be
	// written.
	moment = 50 * time.Millisecond
	// firstBatch is taken while the registry's pace is not known.
	firstBatch = 32
)

func (p *pace) next() int {
	if n := p.batch.Load(); n > 0 {
		return int(n)
	}
	return firstBatch
}

// note takes how long a batch of n was under way. A small one says nothing.
func (p *pace) note(n int, took time.Duration) {
	if n < p.next() || took <= 0 {
		return
	}
	fits := int64(float64(n) * float64(moment) / float64(took))
	p.batch.Store(min(max(fits, 1), claimBatch))
}

// duty is what a pump is there for.
type duty struct {
	// settles says that it settles what is in doubt, too.
	settles bool
	// urgent says that it sends what people wait for, and nothing else.
	urgent bool
	// wake calls it.
	wake <-chan struct{}
}

// runPumps sends the EPP commands of an account until ctx ends. While one pump
// waits for the registry another writes down what it has answered. What people wait for
// has a pump of its own, and the others help when that is at it for longer than a moment.
func (r *Registries) runPumps(ctx context.Context, l *link, fence int64) {
	var wg sync.WaitGroup
	wg.Go(func() { r.runPump(ctx, l, fence, duty{urgent: true, wake: l.wakeUrgent}) })
	for i := range max(2, l.Sessions-sessionsBesidePumps) {
		wg.Go(func() { r.runPump(ctx, l, fence, duty{settles: i == 0, wake: l.wakePump}) })
	}
	wg.Wait()
}

// sessionsBesidePumps are for the poll queue and for what people wait for. With fewer
// sessions everybody takes turns.
const sessionsBesidePumps = 2

// lanes are those that a pump takes commands from.
func (d duty) lanes(l *link) (from, to int) {
	switch {
	case d.urgent:
		return Interactive, Interactive
	case l.urgent.longer(moment):
		return Interactive, Sweep
	}
	return Interactive + 1, Sweep
}

// since is when something began, zero while it does not go on.
type since struct{ at atomic.Int64 }

func (s *since) begin() { s.at.Store(time.Now().UnixMicro()) }
func (s *since) end()   { s.at.Store(0) }

func (s *since) longer(than time.Duration) bool {
	at := s.at.Load()
	return at != 0 && time.Since(time.UnixMicro(at)) > than
}

// turns are taken by those who write results, one after the other. Who is urgent waits for
// the one who has it and at most one more.
type turns struct{ queue, turn sync.Mutex }

// take waits for a turn and returns what ends it.
func (t *turns) take(urgent bool) (end func()) {
	if !urgent {
		t.queue.Lock()
		defer t.queue.Unlock()
	}
	t.turn.Lock()
	return t.turn.Unlock
}

func (r *Registries) runPump(ctx context.Context, l *link, fence int64, d duty) {
	for failures := 0; ctx.Err() == nil; {
		worked, err := r.pumpOnce(ctx, l, fence, d)
		if worked {
			failures = 0
		}
		if err != nil && ctx.Err() == nil {
			r.complain(l, "registry pump", err)
			sleep(ctx, loopPause(failures), nil)
			failures++
			continue
		}
		failures = 0
		if !worked {
			sleep(ctx, idle, d.wake)
		}
	}
}

// loopPause is how long a loop rests after so many failures on end: hardly at all
// after the first, which was a session's end, and longer when it goes on.
func loopPause(failures int) time.Duration {
	return min(5*time.Millisecond<<min(failures, 20), time.Second)
}

// pumpOnce settles what is in doubt, where that is the pump's, then claims and sends one
// batch.
func (r *Registries) pumpOnce(ctx context.Context, l *link, fence int64, d duty) (worked bool, err error) {
	r.resume(l)
	if d.settles {
		if err := r.lapse(ctx, l, fence); err != nil {
			return false, err
		}
	}
	from, to := d.lanes(l)
	open, err := r.openWork(ctx, l, "epp", from, to)
	if err != nil || !open {
		return false, err
	}
	if d.urgent {
		l.urgent.begin()
		defer l.urgent.end()
	}
	session, err := r.borrow(ctx, l)
	if err != nil {
		return false, err
	}
	defer func() { session.Return() }()
	if d.settles {
		if settled, err := r.settle(ctx, l, session.Conn); err != nil {
			return settled > 0, err
		}
	}
	n := l.pace.next()
	if l.CommandsPerMinute > 0 {
		n = min(n, l.CommandsPerMinute) // a claim is for a minute at most
	}
	batch, err := r.claim(ctx, l, "epp", fence, from, to, n)
	if err != nil || len(batch) == 0 {
		return false, err
	}
	if len(batch) == n {
		poke(l.wakePump) // there may be more, for another pump
	}
	began := time.Now()
	replies := r.send(ctx, l, session.Conn, batch)
	sent := time.Since(began)
	l.rate.note(r.store.Now(), len(batch))
	session = r.sendRest(ctx, l, session, batch, replies)
	r.reach(Answered)
	session.Return() // somebody else may have it while we write
	defer l.ending.take(d.urgent)()
	began = time.Now()
	err = r.complete(context.WithoutCancel(ctx), l, batch, replies)
	r.bought(ctx, l, batch, replies)
	l.pace.note(len(batch), max(sent, time.Since(began)))
	return true, err
}

// restarts is on how many other sessions the rest of a batch is tried whose
// session has ended.
const restarts = 20

// sendRest sends what could not be sent any more because the session had ended, on
// another one. It returns the last session.
func (r *Registries) sendRest(ctx context.Context, l *link, session *epp.Lease, batch []Command, replies []reply) *epp.Lease {
	for range restarts {
		var rest []int
		for i, rep := range replies {
			if rep.unsent && rep.blameless {
				rest = append(rest, i)
			}
		}
		if len(rest) == 0 || ctx.Err() != nil || !l.holds() {
			break
		}
		session.Return()
		next, err := r.borrow(ctx, l)
		if err != nil {
			break
		}
		session = next
		again := make([]Command, len(rest))
		for i, at := range rest {
			again[i] = batch[at]
		}
		for i, rep := range r.send(ctx, l, session.Conn, again) {
			replies[rest[i]] = rep
		}
	}
	return session
}

// openWorkSQL takes registry, via, the time and the lanes.
const openWorkSQL = `SELECT count(*) FROM (SELECT 1 FROM registry_command WHERE registry = ?0 AND via = ?1 AND state = 'ready' AND lane BETWEEN ?3 AND ?4 AND not_before <= ?2
	UNION ALL SELECT 1 FROM registry_command WHERE registry = ?0 AND via = ?1 AND state = 'doubt' AND not_before <= ?2 LIMIT 1) w
	WHERE NOT EXISTS (SELECT 1 FROM registry_pause WHERE registry = ?0)`

// openWork reports whether anything waits to be sent or settled, and may be, without
// taking the writer.
func (r *Registries) openWork(ctx context.Context, l *link, via string, from, to int) (bool, error) {
	var n int
	err := r.store.R.NewRaw(openWorkSQL, l.Name, via, store.Micros(r.store.Now()), from, to).Scan(ctx, &n)
	return n > 0, err
}

// abandonedSQL takes registry, the machine's time and the fence; overdueSQL
// registry and the time of the rows.
const (
	abandonedSQL = `registry = ?0 AND state = 'inflight' AND (lease_until < ?1 OR fence < ?2)`
	overdueSQL   = `registry = ?0 AND state = 'waiting' AND not_before < ?1`
)

// lapse turns commands whose sender has died, and commands that waited too long
// for their poll message, into doubts.
func (r *Registries) lapse(ctx context.Context, l *link, fence int64) error {
	now := r.store.Now()
	for _, x := range []struct {
		where string
		args  []any
		look  time.Time
	}{
		{abandonedSQL, []any{l.Name, store.Micros(time.Now()), fence}, now.Add(lookAfter)},
		{overdueSQL, []any{l.Name, store.Micros(now)}, now},
	} {
		var n int
		if err := r.store.R.NewRaw("SELECT count(*) FROM registry_command WHERE "+x.where, x.args...).Scan(ctx, &n); err != nil {
			return fmt.Errorf("registry %s: lapse: %w", l.Name, err)
		}
		if n == 0 {
			continue
		}
		err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			var lost []Command
			err := tx.NewRaw("UPDATE registry_command SET state = 'doubt', owner = '', not_before = ? WHERE ? RETURNING *", store.Micros(x.look), bun.SafeQuery(x.where, x.args...)).Scan(ctx, &lost)
			if err != nil {
				return err
			}
			var results []Result
			for _, c := range lost {
				if c.Kind.ChangesDomain() {
					results = append(results, c.doubted(now))
				}
			}
			return r.tell(ctx, tx, results)
		})
		if err != nil {
			return fmt.Errorf("registry %s: lapse: %w", l.Name, err)
		}
	}
	return nil
}

// claimSQL takes owner, fence, the end of the claim, the time, registry, via, how
// many, the lease that the owner must still hold, and the lanes. The earliest open command of
// an object is asked for by min(id): PostgreSQL would turn NOT EXISTS into a join,
// and, before it has statistics, read all open commands for each.
const claimSQL = `UPDATE registry_command SET state = 'inflight', owner = ?0, fence = ?1, attempt = attempt + 1, lease_until = ?2, sent_at = ?3,
	cltrid = 'vn-' || id || '-' || (attempt + 1)
	WHERE id IN (SELECT c.id FROM registry_command c WHERE c.registry = ?4 AND c.via = ?5 AND c.state = 'ready' AND c.lane BETWEEN ?8 AND ?9 AND c.not_before <= ?3
		AND c.id = (SELECT min(p.id) FROM registry_command p WHERE p.registry = c.registry AND p.object = c.object
			AND p.state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting'))
		AND EXISTS (SELECT 1 FROM lease WHERE name = ?7 AND owner = ?0 AND fence = ?1) AND NOT EXISTS (SELECT 1 FROM registry_pause WHERE registry = ?4)
		ORDER BY c.lane, c.id LIMIT ?6 `

// claim takes commands whose object has no earlier command open, the most
// urgent first. A process that has lost the account's lease takes none, nor does any while
// the account is paused.
func (r *Registries) claim(ctx context.Context, l *link, via string, fence int64, from, to, n int) (out []Command, err error) {
	lock := ""
	if r.store.Engine() == "postgres" {
		lock = "FOR UPDATE OF c SKIP LOCKED"
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.NewRaw(claimSQL+lock+") RETURNING *", r.owner, fence, store.Micros(time.Now().Add(claimFor)), store.Micros(tx.Now()), l.Name, via, n, leaseName(l), from, to).Scan(ctx, &out)
	})
	if err != nil {
		return nil, fmt.Errorf("registry %s: claim: %w", l.Name, err)
	}
	slices.SortFunc(out, func(a, b Command) int {
		if a.Lane != b.Lane {
			return a.Lane - b.Lane
		}
		return int(a.ID - b.ID)
	})
	return out, nil
}

// send writes a batch on one session, as deep as the registry allows, and
// collects the answers.
func (r *Registries) send(ctx context.Context, l *link, conn *epp.Conn, batch []Command) []reply {
	replies := make([]reply, len(batch))
	calls := make([]*epp.Call, len(batch))
	// A command that was written is always waited for, also when we are asked to
	// stop: its answer is on its way. None is written after that, nor when the
	// lease may be over.
	wait := context.WithoutCancel(ctx)
	collect := func(i int) {
		resp, err := calls[i].Wait(wait)
		replies[i] = r.read(l, batch[i], resp, err)
		calls[i] = nil
	}
	read := 0
	for i, c := range batch {
		// Waiting for a place comes before the question whether we may still write.
		for ; read <= i-l.Depth; read++ {
			if calls[read] != nil {
				collect(read)
			}
		}
		if ctx.Err() != nil || !l.holds() {
			replies[i] = reply{unsent: true, blameless: true, message: "stopping"}
			continue
		}
		cmd, err := r.frame(ctx, l, c)
		if err != nil {
			replies[i] = reply{unsent: true, message: err.Error()}
			continue
		}
		if calls[i], err = conn.Start(ctx, cmd); err != nil {
			calls[i], replies[i] = nil, readError(err)
		}
		r.reach(Written)
	}
	for ; read < len(batch); read++ {
		if calls[read] != nil {
			collect(read)
		}
	}
	return replies
}
