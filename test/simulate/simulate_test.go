package simulate_test

import (
	"os"
	"testing"

	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/simulate"
)

// TestMain lets the test binary decode pictures in jail, as the program does.
func TestMain(m *testing.M) {
	app.Prisoner()
	os.Exit(m.Run())
}

// Ninety days of a small registrar, in which everything happens that a large one knows.
func TestNinetyDays(t *testing.T) {
	t.Parallel()
	r, err := simulate.Run(t.Context(), simulate.Config{Days: 90, Profiles: 30, Domains: 130, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	r.Print(t.Output())
	for _, v := range r.Violations {
		t.Errorf("day %d: %s: %s: %s", v.Day, v.Invariant, v.Subject, v.Found)
	}
}
