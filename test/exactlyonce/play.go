package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/test/stage"
)

// scenario is a story with its troubles.
type scenario struct {
	name, about string
	domains     int
	kills       int
	faults      bool // of every kind
	pending     bool // the registry answers 1001
	away        bool // it is out of reach for a while
	power       bool // a relaxed commit is lost
}

// holders is how many profiles, and tasks, share the domains of a scenario.
const holders = 8

// story is a scenario under way.
type story struct {
	run *run
	scenario
	registry *stage.Registry
	server   *stage.Server
	old      []string // domains that change their holder
	fresh    []string // names that are ordered
	profiles []string
	tasks    []string
	died     []time.Time
	deaths   map[registry.Moment]int
	armed    registry.Moment // at which the server is to die, "" for none
	lost     int64           // messages, in power cuts
	step     string
}

func (r *run) play(ctx context.Context, s scenario) (figures, error) {
	t := &story{run: r, scenario: s, deaths: map[registry.Moment]int{}}
	fmt.Printf("%s: %s, %d domains\n", s.name, s.about, s.domains)
	defer func() {
		if t.server != nil {
			_ = t.server.Kill()
		}
		if t.registry != nil {
			t.registry.Stop()
		}
	}()
	for _, part := range []func(context.Context) error{t.prepare, t.trouble, t.finish} {
		if err := part(ctx); err != nil {
			fmt.Println()
			return figures{}, err
		}
	}
	f, err := t.check(ctx)
	if err != nil {
		return f, err
	}
	for _, m := range moments {
		if t.kills >= 2*len(moments) && t.deaths[m] == 0 {
			return f, fmt.Errorf("the server never died %s: nothing is shown of that", m)
		}
	}
	if terminal {
		fmt.Print("\r\033[K")
	}
	fmt.Printf("  %d commands received, %d struck, %d repeated after a look, %d messages applied once, ledger to the cent, killed %d times%s\n",
		f.commands, f.struck, f.repeats, f.messages, f.kills, t.moments())
	return f, nil
}

func (t *story) moments() (out string) {
	for _, m := range append(moments, registry.Acked) {
		if t.deaths[m] > 0 {
			out += fmt.Sprintf(", %s %d×", m, t.deaths[m])
		}
	}
	if t.lost > 0 {
		out += fmt.Sprintf(", %d acknowledged messages lost in power cuts", t.lost)
	}
	return out
}

// terminal says whether somebody looks at standard output. A file gets each step once,
// without the bar.
var terminal = func() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}()

// say shows how far the story is.
func (t *story) say(step string, done, of int) {
	const width = 30
	if !terminal {
		if step != t.step {
			fmt.Printf("  %s: %d\n", step, of)
		}
		t.step = step
		return
	}
	t.step = step
	full := width * done / max(of, 1)
	fmt.Printf("\r\033[K  %-34s [%-*s] %d/%d", step, width, bar[:full], done, of)
}

const bar = "##############################"

// prepare has the domains registered by a registrar of yesterday, and imported.
func (t *story) prepare(ctx context.Context) (err error) {
	args := []string{}
	if t.pending {
		args = append(args, "--pending")
	}
	t.say("starting", 0, 1)
	if t.registry, err = stage.StartRegistry(ctx, t.run.binary, args...); err != nil {
		return err
	}
	for i := range t.domains {
		t.old = append(t.old, fmt.Sprintf("old-%06d.cn", i))
	}
	for i := range t.domains / 50 {
		t.fresh = append(t.fresh, fmt.Sprintf("new-%06d.cn", i))
	}
	t.say("yesterday's registrations", 0, 1)
	if err := t.registry.Yesterday(ctx, t.old); err != nil {
		return err
	}
	t.server, err = stage.NewServer(ctx, t.run.binary, filepath.Join(t.run.dir, t.name), t.registry, stage.Settings{
		Depth: 8, Sessions: 4, PollEvery: 200 * time.Millisecond, PendingFor: 20 * time.Second,
	})
	if err != nil {
		return err
	}
	if err := t.server.Start(ctx, t.server0()...); err != nil {
		return err
	}
	if err := t.server.Open(ctx); err != nil {
		return err
	}
	for i := range holders {
		t.say("profiles", i, holders)
		p, err := t.server.Profile(ctx)
		if err != nil {
			return err
		}
		t.profiles = append(t.profiles, p)
	}
	return t.server.Import(ctx, t.old, func(n int) { t.say("imports", n, len(t.old)) })
}

// server0 is the server's program, which dies at a moment, if one is given, when
// it comes for the nth time.
func (t *story) server0(die ...string) []string { return append([]string{t.run.server}, die...) }

// share is what one task takes on.
func (t *story) share(i int) []string {
	n := (len(t.old) + holders - 1) / holders
	return t.old[min(i*n, len(t.old)):min((i+1)*n, len(t.old))]
}

// everyFault strikes each kind at more than one in a hundred commands.
func everyFault() (out []map[string]any) {
	for i, f := range []map[string]any{
		{"kind": sandbox.FaultCode, "code": epp.CodeFailed},
		{"kind": sandbox.FaultCode, "code": epp.CodeFailedClosing},
		{"kind": sandbox.FaultCode, "code": epp.CodeSessionLimit},
		{"kind": sandbox.FaultDropBefore},
		{"kind": sandbox.FaultDropAfter},
		{"kind": sandbox.FaultSlow, "seconds": 0.2},
		{"kind": sandbox.FaultGarbage},
		{"kind": sandbox.FaultHalfFrame},
		{"kind": sandbox.FaultWrongClTRID},
		{"kind": sandbox.FaultReorder, "seconds": patience.Seconds()},
	} {
		f["every"] = []int{83, 79, 73, 71, 67, 61, 59, 53, 47, 43}[i]
		out = append(out, f)
	}
	return out
}

// trouble orders everything while things go wrong.
func (t *story) trouble(ctx context.Context) error {
	if t.faults {
		if err := t.registry.Admin(ctx, http.MethodPost, "/faults", everyFault(), nil); err != nil {
			return err
		}
	}
	if t.away {
		// a name is ordered from a registry that answers; commands wait for one that does not
		for i := range holders {
			if err := t.orderNames(ctx, i); err != nil {
				return err
			}
		}
		if err := t.registry.Admin(ctx, http.MethodPost, "/faults", []map[string]any{{
			"kind": sandbox.FaultCut, "verb": "update", "seconds": 600, "every": t.domains / 2, "times": 1,
		}}, nil); err != nil {
			return err
		}
	}
	for i := range max(t.kills, holders) {
		t.say("tasks, orders and kills", i, max(t.kills, holders))
		if i < holders {
			if i < t.kills && momentOf(i) == registry.Uploaded { // documents go as soon as there is a task
				if err := t.arm(ctx, registry.Uploaded, 1); err != nil {
					return err
				}
			}
			if err := t.startTask(ctx, i); err != nil {
				return err
			}
			if !t.away {
				if err := t.orderNames(ctx, i); err != nil {
					return err
				}
			}
		}
		if i < t.kills {
			if err := t.kill(ctx, i); err != nil {
				return err
			}
		}
	}
	if t.away {
		return t.comeBack(ctx)
	}
	if t.power {
		return t.powerCut(ctx)
	}
	return nil
}

func (t *story) startTask(ctx context.Context, i int) error {
	return t.insist(ctx, "task-"+strconv.Itoa(i), func(c *client.Client) error {
		task, err := c.ChangeHolder(ctx, t.profiles[i], t.share(i)...)
		if err == nil {
			t.tasks = append(t.tasks, task.ID)
		}
		return err
	}, func(c *client.Client) error {
		all, err := c.Tasks(ctx, "")
		if err == nil {
			t.tasks = append(t.tasks, all[0].ID)
		}
		return err
	})
}

// orderNames orders and pays the new names of the ith holder.
func (t *story) orderNames(ctx context.Context, i int) error {
	for n := i; n < len(t.fresh); n += holders {
		var order client.Order
		err := t.insist(ctx, "order-"+t.fresh[n], func(c *client.Client) (err error) {
			order, err = c.PlaceOrder(ctx, t.fresh[n], t.profiles[i], 1)
			return err
		}, func(c *client.Client) error {
			all, _, err := c.Orders(ctx, "", "")
			if err == nil {
				order = all[0]
			}
			return err
		})
		if err != nil {
			return err
		}
		err = t.insist(ctx, "payment-"+t.fresh[n], func(*client.Client) error {
			_, err := t.server.Operator.WithKey("payment-"+t.fresh[n]).ConfirmPayment(ctx, order.ID)
			return err
		}, func(*client.Client) error { return nil }) // what becomes of the order is waited for later
		if err != nil {
			return err
		}
	}
	return nil
}

// insist asks under an idempotency key until there is an answer, as anybody does
// whose server may die. Where it died between the commit and the answer, lost reads what
// was asked for last: nobody else asks here.
func (t *story) insist(ctx context.Context, key string, ask, lost func(*client.Client) error) error {
	var last error
	err := stage.Patiently(ctx, key, time.Minute, func() (bool, error) {
		if t.server.Dead() {
			t.mourn()
			if err := t.start(ctx); err != nil {
				return false, err
			}
		}
		var refused *client.Error
		if last = ask(t.server.Registrant.WithKey(key)); errors.As(last, &refused) && refused.Code == "idempotency_answer_lost" {
			last = lost(t.server.Registrant)
		}
		return last == nil, nil
	})
	if err != nil && last != nil {
		return fmt.Errorf("%s: %w", key, last)
	}
	return err
}

func (t *story) start(ctx context.Context, die ...string) error {
	return t.server.Start(ctx, t.server0(die...)...)
}

// finish waits until every task has ended, every order too, and every message of
// the registry has been read.
func (t *story) finish(ctx context.Context) error {
	if t.server.Dead() {
		if err := t.start(ctx); err != nil {
			return err
		}
	}
	err := stage.Patiently(ctx, "the tasks to end", time.Hour, func() (bool, error) {
		done, ended := 0, 0
		for _, id := range t.tasks {
			task, err := t.server.Registrant.Task(ctx, id, 1<<30)
			if err != nil {
				return false, err
			}
			done += task.Succeeded
			if task.Failed > 0 {
				return false, fmt.Errorf("%d domains of task %s failed", task.Failed, id)
			}
			if task.State == "finished" {
				ended++
			}
		}
		t.say("domains with their new holder", done, len(t.old))
		return ended == holders, nil
	})
	if err != nil {
		return err
	}
	last := 0
	err = stage.Patiently(ctx, "everything to be quiet", time.Hour, func() (bool, error) {
		open, err := t.open()
		if err != nil {
			return false, err
		}
		state, err := t.registry.State(ctx)
		if err != nil {
			return false, err
		}
		left := open + state.Queues[t.registry.Registrars[0].ClientID] + unverified(state)
		last = max(last, left)
		t.say("what is left", last-left, last)
		return left == 0, nil
	})
	if err != nil {
		return err
	}
	if err := t.server.Stop(); err != nil {
		return fmt.Errorf("the server's end: %w", err)
	}
	return nil
}

func unverified(s stage.State) (n int) {
	for _, d := range s.Domains {
		if d.Naming.State != "verified" || d.RealName.State != "verified" {
			n++
		}
	}
	return n
}

// moments are those at each of which the server dies at least once.
var moments = []registry.Moment{registry.Uploaded, registry.Written, registry.Answered, registry.Kept}

func momentOf(i int) registry.Moment { return moments[i%len(moments)] }

// arm kills the server and has it run until a moment comes for the nth time.
func (t *story) arm(ctx context.Context, m registry.Moment, n int) error {
	if err := t.server.Kill(); err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	t.died = append(t.died, time.Now())
	t.armed = m
	return t.start(ctx, "--die", string(m), "--at", strconv.Itoa(n))
}

// mourn takes down that the server has died by itself.
func (t *story) mourn() {
	t.died = append(t.died, time.Now())
	if t.armed != "" {
		t.deaths[t.armed]++
	}
	t.armed = ""
}

// kill ends the server: the first ones at each moment in turn, the later ones at
// any time. It then runs again.
func (t *story) kill(ctx context.Context, i int) error {
	m := momentOf(i)
	if t.deaths[m] > 0 && (i >= 2*len(moments) || m == registry.Uploaded) {
		time.Sleep(time.Duration(300+t.run.random.IntN(1500)) * time.Millisecond)
	} else {
		if t.armed != m {
			n := 1 // a second chance is not left to luck
			if i < len(moments) {
				n += t.run.random.IntN(60)
			}
			if err := t.arm(ctx, m, n); err != nil {
				return err
			}
		}
		_ = stage.Patiently(ctx, string(m), 20*time.Second, func() (bool, error) { return t.server.Dead(), nil })
		if ctx.Err() != nil { // otherwise it has died, or is killed at another moment
			return ctx.Err()
		}
	}
	if t.server.Dead() {
		t.mourn()
		return t.start(ctx)
	}
	_ = t.server.Kill()
	t.died, t.armed = append(t.died, time.Now()), ""
	return t.start(ctx)
}

// comeBack has ten minutes pass for a registry that is away.
func (t *story) comeBack(ctx context.Context) error {
	err := stage.Patiently(ctx, "the registry to go away", time.Minute, func() (bool, error) {
		var faults []sandbox.FaultCount
		err := t.registry.Admin(ctx, http.MethodGet, "/faults", nil, &faults)
		return slices.ContainsFunc(faults, func(f sandbox.FaultCount) bool { return f.Struck > 0 }), err
	})
	if err != nil {
		return err
	}
	time.Sleep(3 * time.Second) // in which the server finds out
	return t.registry.Admin(ctx, http.MethodPost, "/clock/advance", map[string]int{"seconds": 601}, nil)
}
