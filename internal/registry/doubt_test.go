package registry_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// lostCreate orders example.cn for a contact that is there, and has the answer
// lost. between may do something at the registry before we may send again. What
// was told of the end is returned.
func (w *world) lostCreate(fault sandbox.FaultKind, between func(contact string)) registry.Result {
	w.Helper()
	id := w.contactFor("pv_li", "李思远")
	w.run(w.desk)
	w.allDone()
	if err := w.server.SetFaults(sandbox.Fault{Verb: "create", Object: "domain", Kind: fault, Times: 1}); err != nil {
		w.Fatal(err)
	}
	w.create("example.cn", id)
	w.wait("the create to be settled", 100*time.Millisecond, func() bool { return slices.Contains(w.sent("domain", "example.cn"), "info") })
	if between != nil {
		between(id)
	}
	var told []registry.Result
	w.pass("the end of the create to be told", func() bool {
		told = slices.DeleteFunc(w.sink.about("example.cn"), func(r registry.Result) bool { return r.Kind != registry.DomainCreate })
		return len(told) > 0
	})
	return told[0]
}

func TestCreateCarriedOutWithoutAnAnswerIsOurs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		got := w.lostCreate(sandbox.FaultDropAfter, nil)
		if got.Outcome != registry.OutcomeDone || got.Info == nil || got.Info.Name != "example.cn" || got.Subject != "order of example.cn" {
			t.Errorf("told %+v, want that it is done, with what the registry has", got)
		}
		if sent := w.sent("domain", "example.cn"); !slices.Equal(sent, []string{"create", "info"}) {
			t.Errorf("the registry received %v, want one create and one question", sent)
		}
	})
}

func TestNameTakenMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		rival := w.witness(others, othersPassword)
		w.do(rival, person("rival-holder", "钱旁人"), cnnic.ContactCreate(identity()))
		got := w.lostCreate(sandbox.FaultDropBefore, func(string) {
			w.do(rival, domain.Create{Name: "example.cn", Registrant: "rival-holder", AuthInfo: &epp.AuthInfo{PW: "rival-secret"}})
		})
		if got.Outcome != registry.OutcomeRefused || got.Code != epp.CodeExists {
			t.Errorf("told %+v, want that the name exists", got)
		}
		if d := w.at(rival, "example.cn"); d.ClID != others {
			t.Errorf("the name is %s's, want the rival's", d.ClID)
		}
	})
}

// A name that is there although we never asked for it in this order is not taken
// for the order's.
func TestNameOfAnEarlierOrderIsNotTakenForThisOne(t *testing.T) {
	t.Parallel()
	for name, registered := range map[string]struct {
		client, password, registrant, secret string
	}{
		"another registrar's":  {others, othersPassword, "", secretOf("example.cn")},
		"ours, other password": {us, ourPassword, "", "some-other-pw"},
		"ours, other holder":   {us, ourPassword, "old-holder", secretOf("example.cn")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			w := open(t, s, c, setting{sandbox: seeded()})
			eyes := w.witness(registered.client, registered.password)
			if registered.client != us {
				registered.registrant = "rival-holder"
				w.do(eyes, person("rival-holder", "钱旁人"), cnnic.ContactCreate(identity()))
			}
			id := w.contactFor("pv_li", "李思远")
			first := w.run(w.desk)
			w.allDone()
			first.stop()
			if registered.registrant == "" {
				registered.registrant = id
			}
			w.do(eyes, domain.Create{Name: "example.cn", Registrant: registered.registrant, AuthInfo: &epp.AuthInfo{PW: registered.secret}})
			// Our process died with the create in flight.
			w.create("example.cn", id)
			w.abandon("domain:example.cn")
			w.run(w.process("next"))
			w.pass("the end of the create", w.ended)
			if got := w.only("domain:example.cn"); got.State != registry.Failed || got.ResultCode != epp.CodeExists {
				t.Errorf("the create is %s with %d, want failed with 2302", got.State, got.ResultCode)
			}
		})
	}
}

// abandon leaves a command as a process does that dies after it has written its
// frame: in flight, under a fence of its own.
func (w *world) abandon(object string) registry.Command {
	w.Helper()
	c := w.only(object)
	w.exec("UPDATE registry_command SET state = 'inflight', owner = 'dead', fence = 0, attempt = 1, cltrid = 'vn-' || id || '-1', lease_until = ? WHERE id = ?",
		time.Now().Add(time.Hour).UnixMicro(), c.ID)
	return w.only(object)
}

func TestCommandOfADeadProcessIsSettledByItsSuccessor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("carried-out.cn", "not-carried-out.cn", "lapsed.cn")})
		id := w.contactFor("pv_li", "李思远")
		first := w.run(w.desk)
		w.allDone()
		first.stop()
		eyes := w.witness(us, ourPassword)
		for _, n := range []string{"carried-out.cn", "not-carried-out.cn", "lapsed.cn"} {
			w.change(n, id, registry.Bulk)
			w.abandon("domain:" + n)
		}
		w.do(eyes, domain.Update{Name: "carried-out.cn", Chg: domain.Change{Registrant: id}})
		// Its fence is as new as can be, but its claim has run out.
		w.exec("UPDATE registry_command SET fence = 1000, lease_until = 1 WHERE object = 'domain:lapsed.cn'")
		w.run(w.process("next"))
		w.allDone()
		for n, want := range map[string]int{"carried-out.cn": 1, "not-carried-out.cn": 1, "lapsed.cn": 1} {
			updates := slices.DeleteFunc(w.sent("domain", n), func(v string) bool { return v != "update" })
			if len(updates) != want {
				t.Errorf("%s: the registry received %d updates, want %d", n, len(updates), want)
			}
			if d := w.at(eyes, n); d.Registrant != id {
				t.Errorf("%s has the registrant %s, want %s", n, d.Registrant, id)
			}
			w.until("the end of "+n+" to be told", func() bool {
				return w.sink.heard(n, func(r registry.Result) bool { return r.Outcome == registry.OutcomeDone })
			})
			if told := w.sink.about(n); len(told) != 2 || told[0].Outcome != registry.OutcomeDoubt {
				t.Errorf("%s: told were %+v, want that it is in doubt, then that it is done", n, told)
			}
		}
		if sent := w.sent("domain", "not-carried-out.cn"); sent[0] != "info" {
			t.Errorf("not-carried-out.cn: the registry received %v, want a question before anything is sent again", sent)
		}
	})
}

// The registry may carry a command out after it was asked about it: what exists
// then is looked at before it is called somebody else's.
func TestCreateCarriedOutLateIsStillOurs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		eyes := w.witness(us, ourPassword)
		got := w.lostCreate(sandbox.FaultDropBefore, func(id string) {
			w.do(eyes, domain.Create{Name: "example.cn", Registrant: id, AuthInfo: &epp.AuthInfo{PW: secretOf("example.cn")}})
		})
		if got.Outcome != registry.OutcomeDone {
			t.Errorf("told %+v, want that it is done", got)
		}
	})
}

// pending makes the zone answer changes of registrant with "pending".
func pending(names ...string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		seeded(names...)(c)
		for i := range c.Zones {
			c.Zones[i].AsyncUpdates, c.Zones[i].DeleteOnNamingFailure = !c.Zones[i].Thin, false
		}
	}
}

func TestPendingCommandWaitsForItsMessage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: pending("example.cn", "will-fail.cn")})
		id := w.contactFor("pv_li", "李思远")
		w.change("example.cn", id, registry.Bulk)
		w.change("will-fail.cn", id, registry.Bulk)
		w.refresh("example.cn") // goes after the change, when that has ended
		w.run(w.desk)
		waits := func(n string) bool { return w.of("domain:" + n)[0].State == registry.Waiting }
		w.until("both changes to wait", func() bool { return waits("example.cn") && waits("will-fail.cn") })
		if got := w.of("domain:example.cn")[1]; got.State != registry.Ready {
			t.Errorf("the next command of the domain is %s, want ready", got.State)
		}
		w.server.Advance(namingDelay)
		w.pass("the registry's decision", w.ended)
		w.nothingSentBlindly()
		for n, want := range map[string]registry.Outcome{"example.cn": registry.OutcomeDone, "will-fail.cn": registry.OutcomeRefused} {
			var told []registry.Outcome
			w.until("the end of "+n+" to be told", func() bool {
				told = nil
				for _, r := range w.sink.about(n) {
					if r.Kind == registry.DomainRegistrant {
						told = append(told, r.Outcome)
					}
				}
				return len(told) > 1
			})
			if !slices.Equal(told, []registry.Outcome{registry.OutcomePending, want}) {
				t.Errorf("%s: told %v, want pending, then %s", n, told, want)
			}
			if sent := w.sent("domain", n); sent[0] != "update" || slices.Contains(sent[1:], "update") {
				t.Errorf("%s: the registry received %v, want one update", n, sent)
			}
		}
		if d := w.at(w.witness(us, ourPassword), "will-fail.cn"); d.Registrant != "old-holder" {
			t.Errorf("a refused change made %s the registrant", d.Registrant)
		}
	})
}

// The message that should end a pending command is lost: after a while the
// registry is asked. It is not told again what it has decided about.
func TestPendingCommandWithoutAMessageIsLookedUp(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: pending("example.cn", "will-fail.cn", "is-pending.cn"), account: func(a *registry.Account) {
			a.PollEvery, a.PendingFor = time.Hour, 2*time.Hour
		}})
		id := w.contactFor("pv_li", "李思远")
		all := []string{"example.cn", "will-fail.cn", "is-pending.cn"}
		for _, n := range all {
			w.change(n, id, registry.Bulk)
		}
		w.run(w.desk)
		w.until("all changes to wait", func() bool {
			return !slices.ContainsFunc(all, func(n string) bool { return w.state("domain:"+n) != registry.Waiting })
		})
		// Another client of ours reads the queue empty. Our own poller has looked for
		// the last time in an hour; without that it might still find the messages.
		w.until("our poller to have found nothing", func() bool {
			return slices.ContainsFunc(w.server.Log(), func(r sandbox.Received) bool { return r.Verb == "poll" && r.Code == epp.CodeNoMessages })
		})
		w.server.Advance(namingDelay)
		eyes := w.witness(us, ourPassword)
		for {
			resp := w.do(eyes, epp.Poll{})
			if resp.Code() == epp.CodeNoMessages {
				break
			}
			w.do(eyes, epp.Ack{ID: resp.Queue.ID})
		}
		c.Advance(2*time.Hour - time.Second)
		w.desk.Wake()
		time.Sleep(50 * time.Millisecond) // nothing may happen, so there is nothing to wait for
		for _, n := range all {
			if got := w.state("domain:" + n); got != registry.Waiting {
				t.Errorf("%s is %s before its time, want waiting", n, got)
			}
		}
		w.pass("the changes to be looked up", func() bool {
			return w.state("domain:example.cn") == registry.Done && w.state("domain:will-fail.cn") == registry.Failed && w.only("domain:is-pending.cn").NotBefore > store.Micros(c.Now())
		})
		w.nothingSentBlindly()
		for _, n := range all {
			if sent := w.sent("domain", n); strings.Join(sent, " ") != "update info" {
				t.Errorf("%s: the registry received %v, want an update and, later, a question", n, sent)
			}
			if got := w.only("domain:" + n); got.Svtrid == "" {
				t.Errorf("%s: nobody knows any more what the registry has called the change", n)
			}
		}
		if got := w.only("domain:is-pending.cn"); got.State != registry.Waiting {
			t.Errorf("what is still pending at the registry is %s, want waiting", got.State)
		}
	})
}

// One object that cannot be looked at holds up no other.
func TestDoubtThatCannotBeSettledHoldsUpNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("odd.cn", "plain.cn")})
		err := w.server.SetFaults(sandbox.Fault{Verb: "update", Name: "odd.cn", Kind: sandbox.FaultDropBefore, Times: 1},
			sandbox.Fault{Verb: "info", Name: "odd.cn", Kind: sandbox.FaultCode, Code: epp.CodeFailed})
		if err != nil {
			t.Fatal(err)
		}
		id := w.contactFor("pv_li", "李思远")
		w.change("odd.cn", id, registry.Bulk)
		w.change("plain.cn", id, registry.Bulk)
		w.run(w.desk)
		w.pass("plain.cn to be changed", func() bool { return w.state("domain:plain.cn") == registry.Done })
		w.pass("odd.cn to be asked about in vain", func() bool { return w.only("domain:odd.cn").Failures > 2 })
		if n := len(slices.DeleteFunc(w.sent("domain", "odd.cn"), func(v string) bool { return v != "update" })); n != 1 {
			t.Errorf("odd.cn was changed %d times while nobody knew how it stood, want once", n)
		}
		w.server.ClearFaults()
		w.allDone()
		w.nothingSentBlindly()
	})
}

// A result that cannot be taken holds up neither its batch nor what comes after.
func TestResultThatCannotBeTakenHoldsUpNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded(names("old-%02d.cn", 25)...)})
		w.sink.refuse(func(r registry.Result) error {
			if r.Domain == "old-07.cn" {
				return errors.New("there is no such domain here")
			}
			return nil
		})
		w.batch()
		w.run(w.desk)
		others := func() bool {
			return !slices.ContainsFunc(w.commands(), func(c registry.Command) bool { return c.State != registry.Done && c.Object != "domain:old-07.cn" })
		}
		w.pass("all others to be done", others)
		w.refresh("old-08.cn")
		w.pass("a later command to be done", others)
		w.sink.refuse(nil)
		w.allDone()
		w.nothingSentBlindly()
	})
}

// Two units of work want the same row: one of them simply has to try again.
func TestResultIsTakenAfterAConflict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		left := 2
		w.sink.refuse(func(registry.Result) error {
			if left--; left >= 0 {
				return store.ErrStale
			}
			return nil
		})
		w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.until("contact and documents to be there", w.ended)
	})
}

// A command that waits for a contact is written while the contact arrives: it
// must not be left waiting.
func TestCommandWrittenWhileItsContactArrivesIsNotForgotten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("example.cn")})
		id := w.contactFor("pv_li", "李思远")
		if s.Engine() == "sqlite" {
			w.change("example.cn", id, registry.Bulk) // one writer: nothing can come in between
			w.run(w.desk)
			w.allDone()
			return
		}
		w.tx(func(ctx context.Context, tx *store.Tx) error {
			if err := w.desk.ChangeRegistrant(ctx, tx, "cn", "example.cn", id, "", registry.Bulk); err != nil {
				return err
			}
			w.run(w.desk)
			w.until("the contact to be created", func() bool { return w.received("create", "contact") == 1 })
			// The pump may be writing that the contact is there, or wait for us.
			time.Sleep(100 * time.Millisecond)
			return nil
		})
		w.allDone()
	})
}

// The registry writes about a name whose creation we are not sure of: then it was
// created, and is not created once more, even if it has been deleted since.
func TestMessageShowsThatANameWasCreated(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"example.cn", "will-fail.cn"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				w := open(t, s, c, setting{})
				err := w.server.SetFaults(sandbox.Fault{Verb: "create", Object: "domain", Kind: sandbox.FaultDropAfter, Times: 1},
					sandbox.Fault{Verb: "info", Object: "domain", Kind: sandbox.FaultCode, Code: epp.CodeFailed})
				if err != nil {
					t.Fatal(err)
				}
				id := w.contactFor("pv_li", "李思远")
				w.create(name, id)
				w.run(w.desk)
				w.wait("the question that was not answered", 100*time.Millisecond, func() bool { return w.only("domain:"+name).Failures > 0 })
				w.server.Advance(namingDelay)
				w.until("the end of the create to be told", func() bool {
					return w.sink.heard(name, func(r registry.Result) bool { return r.Kind == registry.DomainCreate })
				})
				w.server.ClearFaults()
				told := w.sink.about(name)
				if told[0].Kind != registry.DomainCreate || told[0].Outcome != registry.OutcomeDone {
					t.Errorf("first was told %+v, want that the name is created", told[0])
				}
				if name == "will-fail.cn" {
					w.until("its deletion to be told", func() bool { return w.sink.heard(name, func(r registry.Result) bool { return r.Deleted }) })
				}
				w.advance(time.Hour)
				w.allDone()
				if n := len(slices.DeleteFunc(w.sent("domain", name), func(v string) bool { return v != "create" })); n != 1 {
					t.Errorf("%d creates were sent, want 1", n)
				}
			})
		})
	}
}

// A message about a former registration of the name says nothing about this one.
func TestOldMessageDoesNotShowThatANameWasCreated(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{})
	id := w.contactFor("pv_li", "李思远")
	first := w.run(w.desk)
	w.allDone()
	first.stop()
	w.create("message.cn", id)
	w.exec("UPDATE registry_command SET fence = 1000 WHERE id = ?", w.abandon("domain:message.cn").ID)
	w.run(w.process("next"))
	info := domain.InfoData{Name: "message.cn", ROID: "D1-X", Statuses: []domain.Status{{Value: epp.StatusOK}}, Registrant: id, ClID: us, CrDate: c.Now().Add(-24 * time.Hour)}
	w.told("message", epp.Reply{Data: &info})
	if got := w.state("domain:message.cn"); got != registry.Inflight {
		t.Errorf("the create is %s by a message about last year's registration, want in flight", got)
	}
}
