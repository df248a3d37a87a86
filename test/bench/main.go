// Bench measures what verinym promises about speed, as ratios of things measured
// side by side in the same run, and writes bench/results.json.
//
// Figures of one run belong together; figures of two runs, or of two machines, do
// not compare.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/verinym/verinym/internal/app"
)

// Result is one figure. Target and Met are left out where there is no target.
type Result struct {
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit"`
	Target *float64 `json:"target,omitempty"`
	Met    *bool    `json:"met,omitempty"`
}

// bench is one run.
type bench struct {
	binary  string
	dir     string
	results []Result
}

func (b *bench) report(name string, value float64, unit string) {
	b.results = append(b.results, Result{Name: name, Value: value, Unit: unit})
	fmt.Printf("%-58s %10.3g %s\n", name, value, unit)
}

// reportTarget reports a figure that should be at most target.
func (b *bench) reportTarget(name string, value float64, unit string, target float64) {
	b.report(name, value, unit)
	met := value <= target
	r := &b.results[len(b.results)-1]
	r.Target, r.Met = &target, &met
}

func main() {
	app.Prisoner()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	binary, err := filepath.Abs("bin/verinym")
	if err != nil {
		return err
	}
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("%w (run make bench, which builds it)", err)
	}
	dir, err := os.MkdirTemp("", "verinym-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{binary: binary, dir: dir}
	measures := []struct {
		name string
		run  func(context.Context) error
	}{
		{"numbers", b.numbers}, {"epp", b.epp}, {"eppwide", b.eppWide}, {"creations", b.creations},
		{"console", b.console}, {"process", b.process}, {"screening", b.screening}, {"search", b.search}, {"durable", b.durable}, {"memory", b.memory},
	}
	only := strings.FieldsFunc(os.Getenv("BENCH_ONLY"), func(r rune) bool { return r == ',' })
	for _, measure := range measures {
		if len(only) > 0 && !slices.Contains(only, measure.name) {
			continue
		}
		if err := measure.run(ctx); err != nil {
			return err
		}
	}
	if err := os.MkdirAll("bench", 0o755); err != nil {
		return err
	}
	out, err := json.MarshalIndent(b.results, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile("bench/results.json", append(out, '\n'), 0o644); err != nil {
		return err
	}
	missed := 0
	for _, r := range b.results {
		if r.Met != nil && !*r.Met {
			missed++
		}
	}
	fmt.Printf("bench: %d figures in bench/results.json, %d targets missed\n", len(b.results), missed)
	if missed > 0 {
		return fmt.Errorf("%d targets missed", missed)
	}
	return nil
}

// median of an odd or even number of values.
func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// ratios divides pair by pair, so that a machine whose speed drifts is fair to both.
func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
