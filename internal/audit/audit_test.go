package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var reviewer = actor.Actor{ID: "per_reviewer", Account: 3, Roles: []actor.Role{actor.Reviewer}}

// record writes n entries in one unit of work.
func record(t *testing.T, s *store.Store, n int) {
	t.Helper()
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range n {
			detail := map[string]string{"case": fmt.Sprintf("rev_%d", i), "authority": "desk <&>", "note": "改“元”为“远”"}
			if err := audit.Record(ctx, tx, reviewer, "review.claim", fmt.Sprintf("pv_%d", i), detail); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sealer(s *store.Store, owner string) *audit.Sealer {
	return &audit.Sealer{Store: s, Owner: owner, TTL: time.Minute}
}

func seal(t *testing.T, s *store.Store, owner string, n int) int {
	t.Helper()
	sealed, err := sealer(s, owner).Seal(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func verify(t *testing.T, s *store.Store) audit.Report {
	t.Helper()
	r, err := audit.Verify(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tamper writes to the record behind verinym's back.
func tamper(t *testing.T, s *store.Store, query string, args ...any) {
	t.Helper()
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func TestRecordIsSealedInOrderAndTheChainIsWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		if r := verify(t, s); !r.OK() || r.Sealed != 0 || r.Unsealed != 0 || r.Head != nil {
			t.Errorf("an empty record verifies as %+v", r)
		}
		record(t, s, 3)
		c.Advance(time.Second)
		record(t, s, 2)
		if r := verify(t, s); !r.OK() || r.Sealed != 0 || r.Unsealed != 5 {
			t.Errorf("before sealing: %+v, want 5 unsealed", r)
		}
		if n := seal(t, s, "node-1", 4); n != 4 {
			t.Errorf("sealed %d, want 4", n)
		}
		before := verify(t, s)
		if !before.OK() || before.Sealed != 4 || before.Unsealed != 1 || len(before.Head) != 32 {
			t.Errorf("after the first four: %+v", before)
		}
		if n := seal(t, s, "node-1", 4); n != 1 {
			t.Errorf("sealed %d, want the last 1", n)
		}
		after := verify(t, s)
		if !after.OK() || after.Sealed != 5 || after.Unsealed != 0 || bytes.Equal(after.Head, before.Head) {
			t.Errorf("after all: %+v", after)
		}
		if n := seal(t, s, "node-1", 4); n != 0 {
			t.Errorf("sealed %d of nothing", n)
		}
	})
}

func TestRefusedActLeavesNoEntry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		refused := errors.New("the act was refused")
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := audit.Record(ctx, tx, reviewer, "review.claim", "rev_1", nil); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if r := verify(t, s); r.Unsealed != 0 {
			t.Errorf("%d entries of an act that never was", r.Unsealed)
		}
	})
}

func TestAlteredEntryIsNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		record(t, s, 5)
		seal(t, s, "node-1", 10)
		for column, value := range map[string]any{
			"at": storetest.Monday.Add(time.Microsecond).UnixMicro(), "actor": "per_other", "account_id": 4, "action": "review.release",
			"subject": "pv_7", "detail": `{"case":"rev_2"}`, "prev": bytes.Repeat([]byte{1}, 32), "hash": bytes.Repeat([]byte{2}, 32),
		} {
			tamper(t, s, "CREATE TABLE kept AS SELECT * FROM audit_entry WHERE seq = 3")
			tamper(t, s, "UPDATE audit_entry SET "+column+" = ? WHERE seq = 3", value)
			if r := verify(t, s); r.OK() || r.BrokenAt != 3 || r.Sealed != 2 {
				t.Errorf("%s of entry 3 was altered: %+v, want it broken at 3", column, r)
			}
			tamper(t, s, "UPDATE audit_entry SET "+column+" = (SELECT "+column+" FROM kept) WHERE seq = 3")
			tamper(t, s, "DROP TABLE kept")
			if r := verify(t, s); !r.OK() || r.Sealed != 5 {
				t.Fatalf("%s was put back: %+v", column, r)
			}
		}
	})
}

func TestRemovedEntryIsNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		record(t, s, 5)
		seal(t, s, "node-1", 10)
		head := verify(t, s).Head
		tamper(t, s, "DELETE FROM audit_entry WHERE seq = 5")
		if r := verify(t, s); bytes.Equal(r.Head, head) || r.Sealed != 4 {
			t.Errorf("the end was cut off: %+v, want another head", r)
		}
		tamper(t, s, "DELETE FROM audit_entry WHERE seq = 2")
		if r := verify(t, s); r.BrokenAt != 2 {
			t.Errorf("entry 2 was removed: %+v", r)
		}
		tamper(t, s, "UPDATE audit_entry SET seq = 2 WHERE seq = 3")
		if r := verify(t, s); r.BrokenAt != 2 {
			t.Errorf("entry 2 was removed and the rest counted anew: %+v", r)
		}
		tamper(t, s, "DELETE FROM audit_entry WHERE seq = 1")
		if r := verify(t, s); r.BrokenAt != 1 {
			t.Errorf("entry 1 was removed: %+v", r)
		}
	})
}

func TestInsertedEntryIsNamed(t *testing.T) {
	t.Parallel()
	const forge = "INSERT INTO audit_entry (at, actor, account_id, action, subject, detail, seq, prev, hash) SELECT at, 'per_other', account_id, action, subject, detail, ?, prev, hash FROM audit_entry WHERE seq = ?"
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		record(t, s, 4)
		seal(t, s, "node-1", 10)
		for _, at := range []int{0, -1} {
			tamper(t, s, forge, at, 1)
			if r := verify(t, s); r.OK() || r.BrokenAt != 1 {
				t.Errorf("an entry was put before the first, as number %d: %+v", at, r)
			}
			tamper(t, s, "DELETE FROM audit_entry WHERE seq = ?", at)
		}
		tamper(t, s, forge, 5, 4)
		if r := verify(t, s); r.BrokenAt != 5 || r.Sealed != 4 {
			t.Errorf("an entry was put behind the last: %+v", r)
		}
		for seq := 5; seq >= 3; seq-- {
			tamper(t, s, "UPDATE audit_entry SET seq = ? WHERE seq = ?", seq+1, seq)
		}
		tamper(t, s, forge, 3, 2)
		if r := verify(t, s); r.BrokenAt != 3 {
			t.Errorf("an entry was put in between: %+v", r)
		}
	})
}

func TestOnlyOneNodeSealsAtATime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		record(t, s, 4)
		if n := seal(t, s, "node-1", 2); n != 2 {
			t.Fatalf("the first node sealed %d, want 2", n)
		}
		if n := seal(t, s, "node-2", 10); n != 0 {
			t.Errorf("a second node sealed %d while the first is the sealer", n)
		}
		if n := seal(t, s, "node-1", 10); n != 2 {
			t.Errorf("the sealer sealed %d, want the other 2", n)
		}
		// The first node dies: its lease ends, and the next one goes on where it stopped.
		record(t, s, 1)
		tamper(t, s, "UPDATE lease SET until_at = 0 WHERE name = 'audit-sealer'")
		if n := seal(t, s, "node-2", 10); n != 1 {
			t.Errorf("the heir sealed %d, want 1", n)
		}
		if r := verify(t, s); !r.OK() || r.Sealed != 5 {
			t.Errorf("the chain over two sealers: %+v", r)
		}
	})
}

func TestSealersAndWritersAtOnceMakeOneChain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		const writers, each = 3, 8
		var writing, sealing sync.WaitGroup
		for range writers {
			writing.Go(func() {
				for range each {
					record(t, s, 1)
				}
			})
		}
		for i := range 3 {
			sealing.Go(func() {
				own := sealer(s, fmt.Sprintf("node-%d", i))
				for range each {
					if _, err := own.Seal(t.Context(), 2); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		sealing.Wait()
		for i := range 3 {
			seal(t, s, fmt.Sprintf("node-%d", i), 100)
		}
		if r := verify(t, s); !r.OK() || r.Sealed != writers*each || r.Unsealed != 0 {
			t.Errorf("the chain: %+v, want %d sealed", r, writers*each)
		}
	})
}

func TestLongChainIsVerifiedToItsEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		record(t, s, 1005) // more than Verify reads at once
		seal(t, s, "node-1", 2000)
		if r := verify(t, s); !r.OK() || r.Sealed != 1005 {
			t.Errorf("%+v, want 1005 sealed", r)
		}
		tamper(t, s, "UPDATE audit_entry SET actor = 'per_other' WHERE seq = 1003")
		if r := verify(t, s); r.BrokenAt != 1003 {
			t.Errorf("entry 1003 was altered: %+v", r)
		}
	})
}

func TestEntriesAreFoundBySubjectAndActor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		record(t, s, 3)
		auditor := actor.Actor{ID: "per_ola", Roles: []actor.Role{actor.Operator}}
		find := func(f audit.Filter, limit int) (out []string, last int64) {
			t.Helper()
			found, err := audit.Search(t.Context(), s, auditor, f, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found {
				out, last = append(out, e.Subject), e.ID
			}
			return out, last
		}
		first, last := find(audit.Filter{Actor: reviewer.ID}, 2)
		rest, _ := find(audit.Filter{Actor: reviewer.ID, Before: last}, 2)
		if !slices.Equal(first, []string{"pv_2", "pv_1"}) || !slices.Equal(rest, []string{"pv_0"}) {
			t.Errorf("by actor: %v, then %v", first, rest)
		}
		if got, _ := find(audit.Filter{Subject: "pv_1"}, 9); !slices.Equal(got, []string{"pv_1"}) {
			t.Errorf("by subject: %v", got)
		}
		if got, _ := find(audit.Filter{Subject: "pv_1", Actor: "per_other"}, 9); len(got) != 0 {
			t.Errorf("by another: %v", got)
		}
		if _, err := audit.Search(t.Context(), s, reviewer, audit.Filter{}, 9); fault.Code(err) != "forbidden" {
			t.Errorf("a reviewer asks: %v", err)
		}
	})
}

// redact takes a person out of the record, as an erasure does.
func redact(t *testing.T, s *store.Store, values ...string) error {
	t.Helper()
	scope := erasure.Scope{Account: reviewer.Account}
	scope.Add(values...)
	return s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return audit.Redact(ctx, tx, actor.Verinym, scope, "dr_1")
	})
}

func TestWhatIsLeftOfARedactedEntryIsVouchedFor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, who := range []string{"李思远", "陈未央", "李思远"} {
				if err := audit.Record(ctx, tx, reviewer, "domain.hold", "dom_1", map[string]string{"cause": "abuse", "evidence": `letter of "` + who + `"`}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := redact(t, s, "李思远"); !errors.Is(err, audit.ErrUnsealed) {
			t.Errorf("before the entries are sealed: %v", err)
		}
		seal(t, s, "node-1", 10)
		whole := verify(t, s)
		if err := redact(t, s, "李思远"); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, s); !r.OK() || r.Redacted != 2 || r.Unsealed != 1 || !bytes.Equal(r.Head, whole.Head) {
			t.Errorf("redacted: %+v", r)
		}
		seal(t, s, "node-1", 10)
		var left []string
		if err := s.R.NewRaw("SELECT detail FROM audit_entry WHERE action = 'domain.hold' ORDER BY id").Scan(t.Context(), &left); err != nil {
			t.Fatal(err)
		}
		gone := `{"cause":"abuse","evidence":"[erased]"}`
		if want := []string{gone, `{"cause":"abuse","evidence":"letter of \"陈未央\""}`, gone}; !slices.Equal(left, want) {
			t.Errorf("left are %v", left)
		}
		// Who erases again, for somebody else in the same entry, vouches for it anew.
		if err := redact(t, s, "abuse"); err != nil {
			t.Fatal(err)
		}
		seal(t, s, "node-1", 10)
		if r := verify(t, s); !r.OK() || r.Redacted != 3 || r.Unsealed != 0 {
			t.Errorf("redacted again: %+v", r)
		}
		tamper(t, s, "UPDATE audit_entry SET actor = 'per_other' WHERE seq = 1")
		if r := verify(t, s); r.BrokenAt != 1 {
			t.Errorf("who did it was altered: %+v", r)
		}
		tamper(t, s, "UPDATE audit_entry SET actor = ? WHERE seq = 1", reviewer.ID)
		tamper(t, s, "DELETE FROM audit_entry WHERE action = 'audit.redact'")
		if r := verify(t, s); r.BrokenAt != 1 {
			t.Errorf("nothing says that entries were redacted: %+v", r)
		}
	})
}

func TestEntriesAreFoundByTheAccountOfWhoActed(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	record(t, s, 2)
	admin := actor.Actor{ID: "per_ada", Account: 7, Roles: []actor.Role{actor.Admin}}
	for account, want := range map[int64]int{0: 2, reviewer.Account: 2, 8: 0} {
		if found, err := audit.Search(t.Context(), s, admin, audit.Filter{Account: account}, 10); err != nil || len(found) != want {
			t.Errorf("of account %d: %d entries, want %d, %v", account, len(found), want, err)
		}
	}
}
