package profile_test

import (
	"testing"

	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, profile.Table)
}
