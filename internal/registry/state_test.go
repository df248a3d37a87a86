package registry_test

import (
	"testing"

	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, registry.Table)
	statetest.Walk(t, registry.Codes)
}
