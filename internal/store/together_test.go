package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// What is gathered is written once for a key, keys in the order of their first rows, and
// what is gathered by that comes after.
func TestGatheredRowsAreWrittenTogetherBeforeTheCommit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		var wrote []string
		note := func(key string) func(context.Context, *store.Tx, []int) error {
			return func(_ context.Context, tx *store.Tx, all []int) error {
				wrote = append(wrote, fmt.Sprint(key, all))
				if key == "first" {
					store.Gather(tx, "last", 9, func(_ context.Context, _ *store.Tx, all []int) error {
						wrote = append(wrote, fmt.Sprint("last", all))
						return nil
					})
				}
				return nil
			}
		}
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range 3 {
				store.Gather(tx, "first", i, note("first"))
				store.Gather(tx, "second", -i, note("second"))
			}
			if err := tx.Flush(ctx, "second"); err != nil {
				return err
			}
			if err := tx.Flush(ctx, "second"); err != nil { // nothing is left
				return err
			}
			store.Gather(tx, "second", 7, note("second"))
			return nil
		})
		if want := []string{"second[0 -1 -2]", "first[0 1 2]", "second[7]", "last[9]"}; err != nil || !slices.Equal(wrote, want) {
			t.Errorf("%v: wrote %q, want %q", err, wrote, want)
		}
	})
}

func TestWhatWasGatheredIsLostWithItsUnitOfWork(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		broken := errors.New("the lamp went out")
		put := func(ctx context.Context, tx *store.Tx, names []string) error {
			for _, n := range names {
				if _, err := tx.NewRaw(insertLease, n).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}
		err := s.InTx(t.Context(), func(_ context.Context, tx *store.Tx) error {
			store.Gather(tx, "rows", "one", put)
			return broken
		})
		if !errors.Is(err, broken) || leases(t, s) != 0 {
			t.Errorf("%v, and %d rows", err, leases(t, s))
		}
		err = s.InTx(t.Context(), func(_ context.Context, tx *store.Tx) error {
			store.Gather(tx, "rows", "one", put)
			store.Gather(tx, "other", "two", func(context.Context, *store.Tx, []string) error { return broken })
			return nil
		})
		if !errors.Is(err, broken) || leases(t, s) != 0 {
			t.Errorf("%v from the second key, and %d rows", err, leases(t, s))
		}
	})
}

func TestUnitOfWorkAsksOnceAndForgetsWhenTold(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	err := s.InTx(t.Context(), func(_ context.Context, tx *store.Tx) error {
		asked := 0
		find := func() (int, error) { asked++; return asked, nil }
		for range 3 {
			if n, _ := store.Remember(tx, "key", find); n != 1 {
				t.Errorf("remembered %d", n)
			}
		}
		tx.Forget("key")
		if n, _ := store.Remember(tx, "key", find); n != 2 {
			t.Errorf("after forgetting: %d", n)
		}
		if _, err := store.Remember(tx, "bad", func() (int, error) { return 0, errors.New("no") }); err == nil {
			t.Error("a failure was remembered as an answer")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// letter stands in a table of another noun: the store has none of its own with an id.
type letter struct {
	bun.BaseModel `bun:"table:poll_inbox"`

	ID         int64 `bun:",pk,autoincrement"`
	Registry   string
	MessageID  string
	Raw        string
	State      string
	ReceivedAt store.Time `bun:",type:bigint"`
	AppliedAt  store.Time `bun:",type:bigint"`
}

func TestManyRowsAreInsertedAndUpdatedEachWithItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		var rows []letter
		for i, state := range []string{"new", "new", "stuck"} {
			rows = append(rows, letter{Registry: "cn", MessageID: fmt.Sprint(i), Raw: "'\\" + state, State: state, ReceivedAt: store.At(c.Now())})
		}
		update := func(columns ...string) (met []int64) {
			t.Helper()
			err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				met, err = store.UpdateEach(ctx, tx, rows, columns, "present.state = ? AND present.message_id = wanted.message_id", "new")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(met)
			return met
		}
		if met := update("raw", "message_id"); met != nil {
			t.Errorf("no rows met %v", met)
		}
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := store.InsertEach(ctx, tx, rows, ""); err != nil {
				return err
			}
			return store.InsertEach(ctx, tx, rows[:1], "ON CONFLICT (registry, message_id) DO NOTHING")
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			rows[i].ID = int64(i + 1)
		}
		rows[0].Raw, rows[0].AppliedAt = "first's \x01", store.At(c.Now())
		rows[1].Raw = "第二"
		rows[2].Raw = "never"
		if met := update("message_id", "raw", "applied_at"); !slices.Equal(met, []int64{rows[0].ID, rows[1].ID}) {
			t.Errorf("met %v", met)
		}
		rows[0].State, rows[1].Raw = "applied", "第三"
		if met := update("message_id", "raw", "state"); len(met) != 2 {
			t.Errorf("once more, met %v", met)
		}
		var got []letter
		if err := s.R.NewSelect().Model(&got).OrderExpr("id").Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows[2].Raw = "'\\stuck"
		if !slices.Equal(got, rows) {
			t.Errorf("got\n%+v\nwant\n%+v", got, rows)
		}
	})
}

func TestTextWithAZeroByteIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return store.InsertEach(ctx, tx, []letter{{Registry: "cn", MessageID: "1", Raw: "a\x00b", State: "new", ReceivedAt: store.At(tx.Now())}}, "")
		})
		if err == nil || !strings.Contains(err.Error(), "raw") {
			t.Errorf("got %v, want an error that names the column", err)
		}
	})
}

func TestChangedNamesTheColumnsThatDiffer(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	was := letter{ID: 1, Registry: "cn", Raw: "first", State: "new", ReceivedAt: store.At(c.Now())}
	is := was
	is.Raw, is.AppliedAt = "second", store.At(c.Now())
	err := s.InTx(t.Context(), func(_ context.Context, tx *store.Tx) error {
		if got := store.Changed(tx, &was, &is); !slices.Equal(got, []string{"raw", "applied_at"}) {
			t.Errorf("changed: %q", got)
		}
		if got := store.Changed(tx, &was, &was); got != nil {
			t.Errorf("nothing has changed but %q", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// SQLite removes its journal with the last connection, unless a statement is still open.
func TestKeptStatementsEndWithTheStore(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "verinym.db")
	s, err := store.Open(t.Context(), store.Config{URL: file})
	if err != nil {
		t.Fatal(err)
	}
	err = s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return store.InsertEach(ctx, tx, []letter{{Registry: "cn", MessageID: "1", State: "new", ReceivedAt: store.At(tx.Now())}}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
}
