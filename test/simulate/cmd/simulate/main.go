// Simulate runs verinym at a registrar for ninety days of a clock that is moved by hand, and
// looks at every stop whether what it tells people is true (docs/simulation.md).
//
// The last line is the verdict; the exit status is 1 when it falls short.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/test/simulate"
)

func main() {
	app.Prisoner()
	c := simulate.Config{Progress: progress}
	flag.IntVar(&c.Days, "days", 90, "how long the registrar is looked at")
	flag.IntVar(&c.Profiles, "profiles", 500, "holders who come")
	flag.IntVar(&c.Domains, "domains", 5000, "names that they want")
	flag.Uint64Var(&c.Seed, "seed", 1, "of what is left to chance")
	flag.StringVar(&c.Dir, "dir", "", "where verinym keeps its data meanwhile; memory when empty, where that can be")
	bugs := flag.Bool("bugs", false, "put in each bug on purpose, and see that it is caught (needs the tag seededbugs)")
	only := flag.String("bug", "", "--bugs with one bug, by its words")
	clean := flag.String("clean", "", "with --bugs: a program that is shipped, in which none of the bugs may be")
	verbose := flag.Bool("v", false, "show verinym's log")
	flag.Parse()
	if *verbose {
		c.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c, *bugs || *only != "", *only, *clean); err != nil {
		fmt.Printf("simulate: FELL SHORT (seed %d): %v\n", c.Seed, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, c simulate.Config, bugs bool, only, clean string) error {
	if bugs {
		c.Progress = nil
		if err := simulate.Bugs(ctx, c, only, os.Stdout); err != nil {
			return err
		}
		if err := shipped(clean); err != nil {
			return err
		}
		fmt.Printf("simulate: every bug was caught by name (seed %d)\n", c.Seed)
		return nil
	}
	r, err := simulate.Run(ctx, c)
	fmt.Print("\r\033[K")
	if err != nil {
		return err
	}
	r.Print(os.Stdout)
	if n := len(r.Violations); n > 0 {
		return fmt.Errorf("%d violations", n)
	}
	fmt.Println("simulate: kept. " + r.Verdict())
	return nil
}

// shipped wants a program to have none of the bugs: their words are not in it.
func shipped(program string) error {
	if program == "" {
		return nil
	}
	b, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	for _, x := range bug.All {
		if bytes.Contains(b, []byte(x)) {
			return fmt.Errorf("%s has the bug %q in it", program, x)
		}
	}
	fmt.Printf("none of them is in %s\n", program)
	return nil
}

// progress shows how far the days are.
func progress(day, of int, doing string) {
	const width = 30
	full := width * day / of
	fmt.Printf("\r\033[K  day %2d of %d [%-*s] %s", day, of, width, strings.Repeat("#", full), doing)
}
