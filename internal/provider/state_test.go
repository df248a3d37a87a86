package provider_test

import (
	"testing"

	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestStateTablesAreWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, provider.Standings)
	statetest.Walk(t, provider.Circuits)
}
