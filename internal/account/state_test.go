package account_test

import (
	"testing"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestIdentityTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, account.Identity)
}
