package domain_test

import (
	"testing"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/state/statetest"
)

func TestVerdictsTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Verdicts)
}

func TestDomainsTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Domains)
}

func TestOrdersTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Orders)
}

func TestImportsTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Imports)
	statetest.Walk(t, domain.ImportLists)
	statetest.Walk(t, domain.ImportRows)
	statetest.Walk(t, domain.Transfers)
}

func TestItemsTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Items)
	statetest.Walk(t, domain.Tasks)
}

func TestAnswersTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Answers)
}

func TestConsentsTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, domain.Consents)
}
