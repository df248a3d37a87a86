package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/test/cluster"
	"github.com/verinym/verinym/test/stage"
)

// patience is how long one task, or the registry's messages about it, may take before a
// part is given up: half a million names on a machine that has other work to do.
const patience = 2 * time.Hour

// durable measures an association from the call with all names to the last one
// applied: task, commands, pump, registry, a poll message each, inbox, every commit
// as it is in production. It is compared with Net::EPP's update loop, which keeps
// nothing, on one connection to the same registry, before and after. The verdict is
// applied from the registry's message or from an <info>, whichever comes first; how long
// the queue of messages takes is told beside it.
func (b *bench) durable(ctx context.Context) error {
	if err := b.durably(ctx, "SQLite", ""); err != nil {
		return err
	}
	url, stop, err := cluster.StartDurable(ctx)
	if errors.Is(err, cluster.ErrNoBinaries) {
		fmt.Println("durable association on PostgreSQL: left out,", err)
		return nil
	}
	if err != nil {
		return err
	}
	defer stop()
	return b.durably(ctx, "PostgreSQL", url)
}

// benchNames is how many domains are associated.
func benchNames() (int, error) {
	if typed := os.Getenv("BENCH_NAMES"); typed != "" {
		return strconv.Atoi(typed)
	}
	return 20_000, nil
}

func (b *bench) durably(ctx context.Context, engine, database string) error {
	n, err := benchNames()
	if err != nil {
		return err
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("durable-%07d.cn", i)
	}
	s, err := stage.StartRegistry(ctx, b.binary)
	if err != nil {
		return err
	}
	defer s.Stop()
	if err := s.Yesterday(ctx, names); err != nil {
		return err
	}
	v, err := stage.NewServer(ctx, b.binary, filepath.Join(b.dir, "durable-"+engine), s, stage.Settings{
		Database: database, Depth: 16, Sessions: 4, PollEvery: 100 * time.Millisecond, PendingFor: time.Hour,
	})
	if err != nil {
		return err
	}
	if err := v.Start(ctx); err != nil {
		return err
	}
	defer func() { _ = v.Stop() }()
	if err := v.Open(ctx); err != nil {
		return err
	}
	profile, err := v.Profile(ctx)
	if err != nil {
		return err
	}
	if err := v.Import(ctx, names, func(int) {}); err != nil {
		return err
	}
	// The first name makes the holder known at the registry: of each of the others the
	// holder's verdict is in at once, and that on the name is waited for. Both are messages.
	if _, err := associate(ctx, v, profile, names[:1]); err != nil {
		return err
	}
	quiet, err := orders(ctx, v, profile, "quiet", 20)
	if err != nil {
		return err
	}
	before, err := b.netEPP(ctx, s, names[0], 3000)
	if err != nil {
		return err
	}
	busy := make(chan []float64, 1)
	during, stop := context.WithCancel(ctx)
	go func() {
		waits, _ := orders(during, v, profile, "busy", 1<<20)
		busy <- waits
	}()
	start, cpu := time.Now(), v.CPU()
	took, err := associate(ctx, v, profile, names[1:])
	cpu = v.CPU() - cpu
	stop()
	waits := <-busy
	if err != nil {
		return err
	}
	if err := drained(ctx, s); err != nil {
		return err
	}
	read := time.Since(start)
	after, err := b.netEPP(ctx, s, names[0], 3000)
	if err != nil {
		return err
	}
	rate := float64(n-1) / took.Seconds()
	b.against(fmt.Sprintf("durable association of %d on %s, against Net::EPP's bare updates", n, engine), rate/((before+after)/2), "×", 1)
	b.report("durable association on "+engine, 1e3/rate, "ms a domain")
	b.report("durable association on "+engine+", until its last message is acknowledged", 1e3*read.Seconds()/float64(n-1), "ms a domain")
	b.report("durable association on "+engine+", CPU of the server", 1e3*cpu.Seconds()/float64(n-1), "ms a domain")
	if len(waits) > 0 {
		b.reportTarget(fmt.Sprintf("added wait of an order during it on %s, p95 of %d", engine, len(waits)), 1e3*(percentile(waits, 95)-median(quiet)), "ms", 200)
	}
	b.report("memory after it on "+engine, v.Memory(), "MB")
	return nil
}

// drained waits until the registry's queue of messages is empty, without taking any.
func drained(ctx context.Context, s *stage.Registry) error {
	conn, err := s.Dial(ctx, 1)
	if err != nil {
		return err
	}
	defer conn.Close()
	return stage.Patiently(ctx, "the messages", patience, func() (bool, error) {
		resp, err := conn.Do(ctx, epp.Command{Body: epp.Poll{}})
		return err == nil && resp.Code() != epp.CodeMessage, err
	})
}

// associate runs one task to its end and returns how long it took.
func associate(ctx context.Context, v *stage.Server, profile string, names []string) (time.Duration, error) {
	start := time.Now()
	task, err := v.Registrant.ChangeHolder(ctx, profile, names...)
	if err != nil {
		return 0, err
	}
	err = stage.Patiently(ctx, "the task", patience, func() (bool, error) {
		task, err = v.Registrant.Task(ctx, task.ID, 1<<30)
		if err == nil && task.Failed > 0 {
			err = fmt.Errorf("%d of %d domains failed", task.Failed, task.Total)
		}
		return task.State == "finished", err
	})
	return time.Since(start), err
}

// orders registers new names, one after the other, and returns how many seconds
// each took from the payment until the registry had it.
func orders(ctx context.Context, v *stage.Server, profile, label string, n int) (waits []float64, err error) {
	for i := range n {
		o, err := v.Registrant.PlaceOrder(ctx, fmt.Sprintf("%s-%06d.cn", label, i), profile, 1)
		if err != nil {
			return waits, err
		}
		start := time.Now()
		if o, err = v.Operator.ConfirmPayment(ctx, o.ID); err != nil {
			return waits, err
		}
		for o.State != "completed" {
			if time.Sleep(5 * time.Millisecond); ctx.Err() != nil {
				return waits, ctx.Err()
			}
			if o, err = v.Registrant.Order(ctx, o.ID); err != nil {
				return waits, err
			}
		}
		waits = append(waits, time.Since(start).Seconds())
	}
	return waits, nil
}

// percentile p of a number of values.
func percentile(v []float64, p int) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[min(len(s)*p/100, len(s)-1)]
}
