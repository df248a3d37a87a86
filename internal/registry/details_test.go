package registry_test

import (
	"context"
	"slices"
	"testing"

	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// moves has the holder give another telephone number, in a version of its own, and orders
// the contact to have it; how many orders wait is returned.
func (w *world) moves(id string, times int) (waiting int) {
	w.Helper()
	w.dir.add("pv_li_2", "李思远")
	w.dir.mu.Lock()
	h := w.dir.holders["pv_li_2"]
	h.Phone = "+86.13900139000"
	w.dir.holders["pv_li_2"] = h
	w.dir.mu.Unlock()
	for range times {
		w.tx(func(ctx context.Context, tx *store.Tx) error {
			waits, err := w.desk.UpdateContact(ctx, tx, "cn", id, "pv_li_2")
			if waits {
				waiting++
			}
			return err
		})
	}
	return waiting
}

func (w *world) phoneOf(id string) string {
	w.Helper()
	d, err := contact.ParseInfoData(w.do(w.witness(us, ourPassword), contact.Info{ID: id}).Data)
	if err != nil {
		w.Fatal(err)
	}
	return d.Voice.Number
}

func TestUpdateOfAContactIsCarriedOutOnceThroughLostAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault sandbox.FaultKind
		sent  []string
	}{
		"the registry has carried it out": {sandbox.FaultDropAfter, []string{"create", "evidence", "update", "info"}},
		"it never came":                   {sandbox.FaultDropBefore, []string{"create", "evidence", "update", "info", "update"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				w := open(t, s, c, setting{})
				id := w.contactFor("pv_li", "李思远")
				w.run(w.desk)
				w.allDone()
				if err := w.server.SetFaults(sandbox.Fault{Verb: "update", Object: "contact", Kind: tt.fault, Times: 1}); err != nil {
					t.Fatal(err)
				}
				if n := w.moves(id, 3); n != 3 {
					t.Errorf("%d of three who ask wait, want all", n)
				}
				w.pass("the update to be settled", w.ended)
				w.allDone()
				if sent := w.sent("contact", id); !slices.Equal(sent, tt.sent) {
					t.Errorf("the registry received %v, want %v", sent, tt.sent)
				}
				if got := w.phoneOf(id); got != "+86.13900139000" {
					t.Errorf("the registry has %s", got)
				}
				if n := w.moves(id, 1); n != 0 {
					t.Error("what is done is ordered again")
				}
				// Names ordered for either version have the one contact.
				for _, ref := range []string{"pv_li", "pv_li_2"} {
					if again := w.contactFor(ref, "李思远"); again != id {
						t.Errorf("the contact for %s is %s, want %s", ref, again, id)
					}
				}
			})
		})
	}
}

func TestContactThatOthersHaveMadeIsNotUpdated(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{sandbox: seeded("theirs.cn")})
	w.run(w.desk)
	w.lookUp("old-holder")
	w.allDone()
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := w.desk.UpdateContact(ctx, tx, "cn", "old-holder", "pv_li_2")
		return err
	})
	if err == nil || w.received("update", "contact") != 0 {
		t.Errorf("an update of the contact was taken: %v", err)
	}
}
