package emailcheck_test

import (
	"testing"

	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, emailcheck.Table)
}
