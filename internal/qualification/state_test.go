package qualification_test

import (
	"testing"

	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, qualification.Table)
}
