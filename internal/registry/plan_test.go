package registry_test

import (
	"context"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// hot are the queries that a process asks again and again, with the partial
// indexes that keep them from reading commands that ended long ago.
var hot = map[string]struct {
	sql     string
	args    []any
	indexes []string
}{
	"is there work": {registry.OpenWorkSQL, []any{"cn", "epp", int64(1), 0, 20}, []string{"registry_command_ready", "registry_command_doubt"}},
	"claim":         {registry.ClaimSQL, []any{"me", int64(1), int64(2), int64(3), "cn", "epp", 200, "registry:cn", 1, 20}, []string{"registry_command_ready", "registry_command_open"}},
	"lapsed claims": {registry.AbandonedSQL, []any{"cn", int64(1), int64(1)}, []string{"registry_command_lease"}},
	"overdue":       {registry.OverdueSQL, []any{"cn", int64(1)}, []string{"registry_command_waiting"}},
	"doubts": {"SELECT * FROM registry_command WHERE registry = ?0 AND via = 'epp' AND state = 'doubt' AND not_before <= ?1 ORDER BY id LIMIT 200", []any{"cn", int64(1)},
		[]string{"registry_command_doubt"}},
	"unread messages": {"SELECT * FROM poll_inbox WHERE registry = ?0 AND state = 'new' ORDER BY id LIMIT 100", []any{"cn"}, []string{"poll_inbox_new"}},
	"what was told":   {"SELECT * FROM registry_command WHERE subject IN (?0, ?1) AND " + registry.Told + " AND done_at <= ?2", []any{"dom_1", "ord_1", int64(1)}, []string{"registry_command_told"}},
	"unblock": {"UPDATE registry_command SET state = 'ready' WHERE registry = ?0 AND requires = ?1 AND state = 'blocked'", []any{"cn", "vn1"},
		[]string{"registry_command_blocked"}},
}

func TestHotQueriesReadPartialIndexesOnSQLite(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	for name, q := range hot {
		var plan []struct {
			ID, Parent, Notused int
			Detail              string
		}
		if err := s.R.NewRaw("EXPLAIN QUERY PLAN "+q.sql, q.args...).Scan(t.Context(), &plan); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := ""
		for _, step := range plan {
			text += step.Detail + "\n"
			table := strings.HasPrefix(step.Detail, "SCAN ") && step.Detail != "SCAN w" && !strings.HasPrefix(step.Detail, "SCAN (subquery") && step.Detail != "SCAN CONSTANT ROW"
			if table || strings.Contains(step.Detail, "USE TEMP B-TREE FOR ORDER BY") {
				t.Errorf("%s: %s", name, step.Detail)
			}
		}
		for _, index := range q.indexes {
			if !strings.Contains(text, "INDEX "+index+" ") {
				t.Errorf("%s does not read %s:\n%s", name, index, text)
			}
		}
	}
}

// On tables as small as a test's PostgreSQL reads everything; it is asked what it
// would do otherwise.
func TestHotQueriesReadPartialIndexesOnPostgreSQL(t *testing.T) {
	t.Parallel()
	s, _ := storetest.Postgres(t)
	for name, q := range hot {
		var plan []string
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.NewRaw("SET LOCAL enable_seqscan = off").Exec(ctx); err != nil {
				return err
			}
			return tx.NewRaw("EXPLAIN "+q.sql, q.args...).Scan(ctx, &plan)
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := strings.Join(plan, "\n")
		if strings.Contains(text, "Seq Scan on registry_command") || strings.Contains(text, "Seq Scan on poll_inbox") {
			t.Errorf("%s reads a whole table:\n%s", name, text)
		}
		for _, index := range q.indexes {
			if !strings.Contains(text, index) {
				t.Errorf("%s does not read %s:\n%s", name, index, text)
			}
		}
	}
}

// PostgreSQL knows nothing yet of a table that has just been filled. A claim must
// look for earlier commands by object even then, and not through all open commands
// for each that it takes.
func TestClaimLooksByObjectBeforeThereAreStatistics(t *testing.T) {
	t.Parallel()
	s, _ := storetest.Postgres(t)
	var plan []string
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		q := hot["claim"]
		return tx.NewRaw("EXPLAIN "+q.sql, q.args...).Scan(ctx, &plan)
	})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(plan, "\n")
	if !strings.Contains(text, "object = c.object") || strings.Contains(text, "Join Filter") {
		t.Errorf("a claim compares every open command with every other:\n%s", text)
	}
}
