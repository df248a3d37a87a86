package registry_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// everyFault is each way in which the registry can fail a command.
var everyFault = map[string]sandbox.Fault{
	"dropped before":   {Kind: sandbox.FaultDropBefore},
	"dropped after":    {Kind: sandbox.FaultDropAfter},
	"garbage":          {Kind: sandbox.FaultGarbage},
	"half a frame":     {Kind: sandbox.FaultHalfFrame},
	"another's clTRID": {Kind: sandbox.FaultWrongClTRID},
	"2400":             {Kind: sandbox.FaultCode, Code: epp.CodeFailed},
	"2500":             {Kind: sandbox.FaultCode, Code: epp.CodeFailedClosing},
	"2502":             {Kind: sandbox.FaultCode, Code: epp.CodeSessionLimit},
	"slow":             {Kind: sandbox.FaultSlow, Delay: 10 * time.Second},
	"registry cut off": {Kind: sandbox.FaultCut, Delay: 5 * time.Second, Times: 2},
}

// often has a fault strike several times.
func often(f sandbox.Fault) sandbox.Fault {
	if f.Times == 0 {
		f.Times = 6
	}
	return f
}

// batch orders 25 changes of registrant and 25 new names for one new holder.
func (w *world) batch() (id string, all []string) {
	w.Helper()
	id = w.contactFor("pv_li", "李思远")
	old, fresh := names("old-%02d.cn", 25), names("new-%02d.cn", 25)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		for i := range old {
			if err := w.desk.ChangeRegistrant(ctx, tx, "cn", old[i], id, "", registry.Bulk); err != nil {
				return err
			}
			if err := w.desk.CreateDomain(ctx, tx, "cn", registry.Registration{Name: fresh[i], Years: 1, Registrant: id, HolderType: "individual", AuthInfo: secretOf(fresh[i])}); err != nil {
				return err
			}
		}
		return nil
	})
	return id, append(old, fresh...)
}

func TestEveryCommandIsCarriedOutOnceThroughEveryFault(t *testing.T) {
	t.Parallel()
	for name, fault := range everyFault {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				w := open(t, s, c, setting{sandbox: seeded(names("old-%02d.cn", 25)...)})
				id, all := w.batch()
				fault := often(fault)
				fault.Object, fault.Every = "domain", 9
				if err := w.server.SetFaults(fault); err != nil {
					t.Fatal(err)
				}
				w.run(w.desk)
				w.allDone()
				w.nothingSentBlindly()
				struck := 0
				for _, r := range w.server.Log() {
					if r.Fault != "" {
						struck++
					}
				}
				if struck == 0 {
					t.Error("no fault struck: this test shows nothing")
				}
				w.server.ClearFaults()
				eyes := w.witness(us, ourPassword)
				for _, n := range all {
					if d := w.at(eyes, n); d == nil || d.Registrant != id || d.AuthInfo.PW != secretOf(n) {
						t.Errorf("%s at the registry: %+v, want the registrant %s and the password of the order", n, d, id)
					}
				}
				for _, n := range all {
					w.until("the end of "+n+" to be told", func() bool {
						return slices.ContainsFunc(w.sink.about(n), func(r registry.Result) bool { return r.Outcome == registry.OutcomeDone })
					})
					done := 0
					for _, r := range w.sink.about(n) {
						switch {
						case r.Outcome == registry.OutcomeDone:
							done++
						case r.Outcome == registry.OutcomeNotice, r.Outcome == registry.OutcomeDoubt && done == 0:
						default:
							t.Errorf("%s: told %s (%d %s)", n, r.Outcome, r.Code, r.Message)
						}
					}
					if done != 1 {
						t.Errorf("the end of %s was told %d times, want once", n, done)
					}
				}
			})
		})
	}
}

func TestContactsAndDocumentsSurviveEveryFault(t *testing.T) {
	t.Parallel()
	for name, fault := range everyFault {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			w := open(t, s, c, setting{})
			fault := often(fault)
			fault.Object, fault.Every = "contact", 2
			if err := w.server.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			for _, ref := range names("pv_%d", 5) {
				w.create(ref[3:]+"-name.cn", w.contactFor(ref, "李思远"))
			}
			w.run(w.desk)
			w.allDone()
			w.nothingSentBlindly()
		})
	}
}

func TestLostAnswerIsNotResent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("example.cn")})
		id := w.contactFor("pv_li", "李思远")
		if err := w.server.SetFaults(sandbox.Fault{Object: "domain", Kind: sandbox.FaultDropAfter, Times: 2}); err != nil {
			t.Fatal(err)
		}
		w.change("example.cn", id, registry.Bulk)
		w.create("new.cn", id)
		w.run(w.desk)
		w.allDone()
		for _, n := range []string{"example.cn", "new.cn"} {
			transformed := 0
			for _, v := range w.sent("domain", n) {
				if v == "create" || v == "update" {
					transformed++
				}
			}
			if transformed != 1 {
				t.Errorf("%s: the registry received %v, want one change and then questions", n, w.sent("domain", n))
			}
		}
	})
}

// The registry is away for ten minutes, in each way in which it can be away.
// Nobody is told that anything failed.
func TestTenMinutesWithoutARegistryFailNothing(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]sandbox.Fault{
		"unreachable":            nil,
		"drops what changes it":  {{Kind: sandbox.FaultDropBefore, Verb: "create"}, {Kind: sandbox.FaultDropBefore, Verb: "update"}},
		"takes and drops":        {{Kind: sandbox.FaultDropBefore, Object: "domain"}, {Kind: sandbox.FaultDropBefore, Object: "contact"}},
		"fails every command":    {{Kind: sandbox.FaultCode, Code: epp.CodeFailed, Object: "domain"}, {Kind: sandbox.FaultCode, Code: epp.CodeFailed, Object: "contact"}},
		"says hello and goes":    {{Kind: sandbox.FaultCode, Code: epp.CodeFailedClosing, Object: "domain"}, {Kind: sandbox.FaultCode, Code: epp.CodeFailedClosing, Object: "contact"}},
		"takes no documents":     {{Kind: sandbox.FaultCode, Code: epp.CodeFailed, Verb: "evidence"}},
		"drops documents":        {{Kind: sandbox.FaultDropBefore, Verb: "evidence"}},
		"our balance is used up": {{Kind: sandbox.FaultCode, Code: epp.CodeBilling, Verb: "create", Object: "domain"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			w := open(t, s, c, setting{sandbox: seeded("example.cn")})
			if len(faults) == 0 {
				w.server.Cut(0)
			} else if err := w.server.SetFaults(faults...); err != nil {
				t.Fatal(err)
			}
			id := w.contactFor("pv_li", "李思远")
			w.create("new.cn", id)
			w.change("example.cn", id, registry.Bulk)
			w.run(w.desk)
			back := c.Now().Add(10 * time.Minute)
			w.wait("ten minutes to pass", 10*time.Second, func() bool { return c.Now().After(back) })
			away := func() (n int) {
				if err := s.R.NewRaw("SELECT count(*) FROM registry_finding WHERE code = 'registry_away' AND closed_at IS NULL").Scan(t.Context(), &n); err != nil {
					t.Error(err)
				}
				return n
			}
			if len(faults) == 0 {
				w.wait("an operator to be told that it is away", 10*time.Second, func() bool { return away() == 1 })
			} else if away() != 0 {
				t.Error("an operator is told that a registry is away that gives sessions")
			}
			w.server.ClearFaults()
			w.wait("all commands to end", 30*time.Second, w.ended)
			w.allDone()
			w.nothingSentBlindly()
			if away() != 0 {
				t.Error("an operator is still told that the registry is away")
			}
		})
	}
}
