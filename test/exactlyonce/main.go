// Exactlyonce associates domains while the registry fails in every way that it
// can and the server is killed again and again, and then reads, at both ends, that
// everything was done and nothing was done twice.
//
// The server is the real one over its real store, the registry a process of its
// own. The last line is the verdict; the exit status is 1 when it falls short.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// run is one run of all scenarios.
type run struct {
	domains int
	kills   int
	seed    uint64
	dir     string
	binary  string // bin/verinym
	server  string // the server that dies where it is told to
	random  *rand.Rand
}

func main() {
	r := &run{}
	flag.IntVar(&r.domains, "domains", 20000, "domains to associate in the main scenario; the others take a tenth")
	flag.IntVar(&r.kills, "kills", 20, "how often the server is killed in the main scenario")
	flag.Uint64Var(&r.seed, "seed", 1, "of what is left to chance")
	only := flag.String("only", "", "one scenario: faults, pending, away, power")
	flag.StringVar(&r.binary, "binary", "bin/verinym", "the program")
	flag.Parse()
	r.random = rand.New(rand.NewPCG(r.seed, 0))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := r.all(ctx, *only); err != nil {
		fmt.Printf("exactly-once: FELL SHORT (seed %d): %v\n", r.seed, err)
		stop()
		os.Exit(1)
	}
}

func (r *run) all(ctx context.Context, only string) error {
	var err error
	if r.binary, err = filepath.Abs(r.binary); err != nil {
		return err
	}
	if r.dir, err = os.MkdirTemp("", "verinym-exactly-once-"); err != nil {
		return err
	}
	r.server = filepath.Join(r.dir, "server")
	build := exec.CommandContext(ctx, "go", "build", "-tags", "nodynamic", "-o", r.server, "./test/exactlyonce/server")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the server: %w: %s", err, out)
	}
	began := time.Now()
	total := figures{}
	for _, s := range r.scenarios() {
		if only != "" && s.name != only {
			continue
		}
		got, err := r.play(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w (its files are in %s)", s.name, err, r.dir)
		}
		total = total.plus(got)
	}
	if err := os.RemoveAll(r.dir); err != nil {
		return err
	}
	fmt.Printf("exactly-once: kept. %d domains, %d kills, %d of %d commands struck by faults, %d repeats, all after a look, in %s (seed %d)\n",
		total.domains, total.kills, total.struck, total.commands, total.repeats, time.Since(began).Round(time.Second), r.seed)
	return nil
}

// figures are what a scenario was made of.
type figures struct{ domains, kills, commands, struck, repeats, messages int }

func (f figures) plus(g figures) figures {
	return figures{f.domains + g.domains, f.kills + g.kills, f.commands + g.commands, f.struck + g.struck, f.repeats + g.repeats, f.messages + g.messages}
}

// scenarios are the stories. Each takes an installation and a registry of its own.
func (r *run) scenarios() []scenario {
	tenth := max(r.domains/10, 100)
	return []scenario{
		{name: "faults", about: "every fault, and a server that is killed", domains: r.domains, kills: r.kills, faults: true},
		{name: "pending", about: "a registry that takes everything with 1001 and decides by poll, every fault, kills", domains: tenth, kills: min(r.kills, 4), faults: true, pending: true},
		{name: "away", about: "a registry that goes away for ten minutes of its time", domains: tenth, away: true},
		{name: "power", about: "a power cut after relaxed commits", domains: tenth, pending: true, power: true},
	}
}
