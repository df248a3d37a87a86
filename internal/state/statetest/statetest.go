// Package statetest walks state tables in tests.
package statetest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/state"
)

var update = flag.Bool("update", false, "rewrite the golden files of state tables")

// Walk compares a table with testdata/<noun>.states and tries every pair of a
// state and an event: an allowed one must lead where the table says, every other
// must be refused with the coded fault and leave the state as it is.
func Walk[S, E ~string](t *testing.T, table state.Table[S, E]) {
	t.Helper()
	golden := filepath.Join("testdata", table.Noun+".states")
	got := table.Golden()
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v (run the test with -update once)", err)
	}
	if got != string(want) {
		t.Errorf("the table of %s is not the one that was agreed on:\n%s\nwant:\n%s", table.Noun, got, want)
	}
	events := map[E]bool{}
	for _, moves := range table.Moves {
		for e, to := range moves {
			events[e] = true
			if _, known := table.Moves[to]; !known {
				t.Errorf("%s leads to %s, which the table does not list", e, to)
			}
		}
	}
	for s, moves := range table.Moves {
		for e := range events {
			next, err := table.Next(s, e)
			to, allowed := moves[e]
			switch {
			case allowed && (err != nil || next != to):
				t.Errorf("%s on %s: %s, %v; want %s", e, s, next, err, to)
			case !allowed && (next != s || fault.Code(err) != table.Noun+"_state"):
				t.Errorf("%s on %s: %s, %v; want the fault %s_state and no move", e, s, next, err, table.Noun)
			case table.Allows(s, e) != allowed:
				t.Errorf("Allows(%s, %s) is %v", s, e, !allowed)
			}
		}
	}
}
