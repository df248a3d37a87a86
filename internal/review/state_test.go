package review_test

import (
	"testing"

	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestStateTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, review.Table)
}
