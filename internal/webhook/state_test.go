package webhook_test

import (
	"testing"

	"github.com/verinym/verinym/internal/state/statetest"
	"github.com/verinym/verinym/internal/webhook"
)

func TestStateTablesAreWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, webhook.Endpoints)
	statetest.Walk(t, webhook.Deliveries)
}
