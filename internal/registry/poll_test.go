package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// inbox is a row of the inbox.
type inbox struct {
	MessageID, Raw, State string
}

func (w *world) inbox() (out []inbox) {
	w.Helper()
	if err := w.store.R.NewRaw("SELECT message_id, raw, state FROM poll_inbox ORDER BY id").Scan(w.Context(), &out); err != nil {
		w.Fatal(err)
	}
	return out
}

// states counts the messages in each state.
func (w *world) states() map[string]int {
	w.Helper()
	out := map[string]int{}
	for _, m := range w.inbox() {
		out[m.State]++
	}
	return out
}

// acks counts the acknowledgements that the registry received.
func (w *world) acks() (n int) {
	for _, r := range w.server.Log() {
		if strings.Contains(r.Frame, `op="ack"`) {
			n++
		}
	}
	return n
}

// drained reports whether the registry has no message left for us.
func (w *world) drained(eyes *epp.Conn) bool {
	w.Helper()
	return w.do(eyes, epp.Poll{}).Code() == epp.CodeNoMessages
}

// verdicts registers names and lets the registry decide about them: two messages
// a name.
func (w *world) verdicts(all []string) {
	w.Helper()
	id := w.contactFor("pv_li", "李思远")
	for _, n := range all {
		w.create(n, id)
	}
	w.allDone()
	w.server.Advance(reviewDelay + namingDelay)
}

// allNoticed reports whether the sink, which hears of a unit of work just after its
// commit, has heard n messages about each name at least.
func (w *world) allNoticed(all []string, n int) bool {
	return !slices.ContainsFunc(all, func(name string) bool { return w.sink.notices(name) < n })
}

func TestVerdictsComeByPoll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		w.run(w.desk)
		all := names("name-%02d.cn", 10)
		w.verdicts(all)
		w.until("all verdicts", func() bool { return w.states()["applied"] == 2*len(all) && w.allNoticed(all, 2) })
		for _, n := range all {
			var got []registry.Verdict
			for _, r := range w.sink.about(n) {
				if r.Verdict != nil {
					got = append(got, *r.Verdict)
				}
			}
			if len(got) != 2 || !slices.Contains(got, registry.Verdict{Which: registry.Naming, Passed: true}) || !slices.Contains(got, registry.Verdict{Which: registry.RealName, Passed: true}) {
				t.Errorf("%s: told the verdicts %+v, want both", n, got)
			}
		}
	})
}

// To apply messages one by one would take the writer from those that are to be kept.
func TestMessagesThatComeTogetherAreAppliedTogether(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		messages int
		apart    time.Duration
		want     []int
	}{
		"one alone":              {1, time.Minute, []int{1}},
		"a full queue":           {250, 100 * time.Microsecond, []int{100, 200, 250}},
		"from far away":          {7, 20 * time.Millisecond, []int{4, 7}},
		"slower than one's wait": {3, time.Second, []int{2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := registry.CallsOfApplier(tt.messages, tt.apart); !slices.Equal(got, tt.want) {
				t.Errorf("the applier was called after the messages %v, want %v", got, tt.want)
			}
		})
	}
}

// An acknowledgement that is lost brings the message again. It is applied once.
func TestMessageThatComesTwiceIsAppliedOnce(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]sandbox.Fault{
		"acknowledgement lost": {Kind: sandbox.FaultDropBefore, Every: 2},
		"its answer lost":      {Kind: sandbox.FaultDropAfter, Every: 2},
		"refused for now":      {Kind: sandbox.FaultCode, Code: epp.CodeFailed, Every: 2},
		"garbage":              {Kind: sandbox.FaultGarbage, Every: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				w := open(t, s, c, setting{})
				w.run(w.desk)
				all := names("name-%02d.cn", 4)
				kind := kind
				kind.Verb, kind.Times = "poll", 4
				if err := w.server.SetFaults(kind); err != nil {
					t.Fatal(err)
				}
				w.verdicts(all)
				eyes := w.witness(us, ourPassword)
				w.until("the queue to be read empty", func() bool { return w.allNoticed(all, 2) && w.drained(eyes) })
				for _, n := range all {
					if got := w.sink.notices(n); got != 2 {
						t.Errorf("%s: %d messages were applied, want its two verdicts once each", n, got)
					}
				}
			})
		})
	}
}

// refuseInbox makes the database refuse new messages, until the test calls what
// it returns.
func (w *world) refuseInbox() (mend func()) {
	w.Helper()
	if w.store.Engine() == "sqlite" {
		w.exec("CREATE TRIGGER full_disk BEFORE INSERT ON poll_inbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
		return func() { w.Helper(); w.exec("DROP TRIGGER full_disk") }
	}
	w.exec("CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$ LANGUAGE plpgsql")
	w.exec("CREATE TRIGGER full_disk BEFORE INSERT ON poll_inbox FOR EACH ROW EXECUTE FUNCTION full_disk()")
	return func() { w.Helper(); w.exec("DROP TRIGGER full_disk ON poll_inbox") }
}

func TestMessageIsStoredBeforeItIsAcknowledged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		w.run(w.desk)
		mend := w.refuseInbox()
		w.verdicts([]string{"example.cn"})
		before := w.received("poll", "")
		w.until("the message to be fetched again and again", func() bool { return w.received("poll", "") > before+2 })
		if n := w.acks(); n != 0 || len(w.inbox()) != 0 {
			t.Errorf("%d messages were acknowledged and %d are stored, want none", n, len(w.inbox()))
		}
		mend()
		w.until("both messages", func() bool { return w.states()["applied"] == 2 })
		w.until("both acknowledgements", func() bool { return w.acks() == 2 })
	})
}

// Another client of ours has changed a holder under its own clTRID: its end is
// told to us, and means nothing to us.
func TestMessageThatNobodyUnderstandsIsKeptAndBlocksNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: pending("other.cn")})
		id := w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.allDone()
		eyes := w.witness(us, ourPassword)
		w.do(eyes, domain.Update{Name: "other.cn", Chg: domain.Change{Registrant: id}})
		w.server.Advance(namingDelay)
		w.verdicts([]string{"example.cn"})
		w.until("the message after it", func() bool { return w.sink.notices("example.cn") == 2 })
		if got := w.findings(); len(got) != 1 || !strings.HasPrefix(got[0], "message_unknown ") {
			t.Errorf("the operator finds %v", got)
		}
		found := 0
		for _, m := range w.inbox() {
			if m.State == "unknown" {
				found++
				if !strings.Contains(m.Raw, "panData") || !strings.Contains(m.Raw, "other.cn") {
					t.Errorf("the message was not kept as it came: %s", m.Raw)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d messages are marked as unknown, want 1: %v", found, w.states())
		}
		operator := actor.Actor{ID: "per_op", Roles: []actor.Role{actor.Operator}}
		open, err := w.desk.Findings(t.Context(), operator, false, 10)
		if err != nil || len(open) != 1 {
			t.Fatalf("%+v, %v", open, err)
		}
		m, err := w.desk.MessageOf(t.Context(), operator, open[0].PublicID)
		if err != nil || m.State != "unknown" || m.ID != open[0].Subject || !strings.Contains(m.Raw, "panData") || m.ReceivedAt.IsZero() {
			t.Errorf("an operator reads %+v, %v", m, err)
		}
		if _, err := w.desk.MessageOf(t.Context(), actor.Actor{Account: 1, Roles: []actor.Role{actor.Registrant}}, open[0].PublicID); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant reads it: %v", err)
		}
		if _, err := w.desk.MessageOf(t.Context(), operator, "fnd_none"); fault.Code(err) != "finding_not_found" {
			t.Errorf("no such finding: %v", err)
		}
		w.until("every message to be acknowledged", func() bool { return w.drained(eyes) })
		if !strings.Contains(w.log.String(), "nobody understands") {
			t.Error("nobody was alarmed")
		}
	})
}

// An earlier installation numbered its commands as we do: the end of its command
// about another name ends none of ours.
func TestMessageForAnotherInstallationEndsNothingOfOurs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: pending("example.cn", "other.cn")})
		id := w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.allDone()
		w.server.Advance(time.Second)
		eyes := w.witness(us, ourPassword)
		next := w.commands()[len(w.commands())-1].ID + 1
		_, err := eyes.Do(t.Context(), epp.Command{Body: domain.Update{Name: "other.cn", Chg: domain.Change{Registrant: id}}, ClTRID: fmt.Sprintf("vn-%d-1", next)})
		if err != nil {
			t.Fatal(err)
		}
		w.server.Advance(namingDelay / 2)
		w.change("example.cn", id, registry.Bulk)
		if got := w.only("domain:example.cn").ID; got != next {
			t.Fatalf("the command has the number %d, want %d for this test", got, next)
		}
		w.until("the change to wait", func() bool { return w.state("domain:example.cn") == registry.Waiting })
		w.server.Advance(namingDelay / 2)
		w.until("the other's message", func() bool { return w.states()["unknown"] == 1 })
		if got := w.state("domain:example.cn"); got != registry.Waiting {
			t.Errorf("the change of example.cn is %s by a message about other.cn, want waiting", got)
		}
		w.server.Advance(namingDelay / 2)
		w.until("the change to be done", func() bool { return w.state("domain:example.cn") == registry.Done })
	})
}

func TestPoisonMessageIsSetAsideWhileOthersGoOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		w.run(w.desk)
		w.sink.refuse(func(r registry.Result) error {
			if r.Domain == "name-03.cn" && r.Outcome == registry.OutcomeNotice {
				return errors.New("this is more than I can bear")
			}
			return nil
		})
		all := names("name-%02d.cn", 6)
		w.verdicts(all)
		w.until("all others", func() bool { return w.states()["applied"] == 2*(len(all)-1) })
		w.until("the poison to be set aside", func() bool { return w.states()["stuck"] == 2 })
		for _, m := range w.inbox() {
			if strings.Contains(m.Raw, "name-03.cn") != (m.State == "stuck") {
				t.Errorf("message %s is %s: %s", m.MessageID, m.State, m.Raw)
			}
		}
		if !strings.Contains(w.log.String(), "set aside") {
			t.Error("nobody was alarmed")
		}
	})
}

// A conflict with another unit of work is no poison.
func TestMessageIsAppliedAfterAConflict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		w.run(w.desk)
		left := 3
		w.sink.refuse(func(r registry.Result) error {
			if r.Outcome == registry.OutcomeNotice {
				if left--; left >= 0 {
					return store.ErrStale
				}
			}
			return nil
		})
		w.verdicts([]string{"example.cn"})
		w.until("both messages to be applied or set aside", func() bool { return w.states()["applied"]+w.states()["stuck"] == 2 })
		if n := w.states()["stuck"]; n != 0 {
			t.Errorf("%d messages were set aside, want none", n)
		}
	})
}

// The message that ends a command may be read before the answer to it is
// written, or by the successor of a process that never wrote it.
func TestMessageEndsACommandWhoseAnswerWasNotWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: pending("example.cn")})
		id := w.contactFor("pv_li", "李思远")
		first := w.run(w.desk)
		w.allDone()
		first.stop()
		w.change("example.cn", id, registry.Bulk)
		left := w.abandon("domain:example.cn")
		w.exec("UPDATE registry_command SET fence = 1000 WHERE id = ?", left.ID) // in flight as far as anybody knows
		eyes := w.witness(us, ourPassword)
		_, err := eyes.Do(t.Context(), epp.Command{Body: domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: id}}, ClTRID: left.Cltrid})
		if err != nil {
			t.Fatal(err)
		}
		w.server.Advance(namingDelay)
		w.run(w.process("next"))
		w.until("the message to end the command", func() bool { return w.state("domain:example.cn") == registry.Done })
		if n := w.states()["stuck"]; n != 0 {
			t.Errorf("%d messages were set aside", n)
		}
	})
}

// told stores a message as the registry would send it and returns what the sink
// is told of it.
func (w *world) told(id string, reply epp.Reply) registry.Result {
	w.Helper()
	reply.Code, reply.SvTRID = epp.CodeMessage, "sv-"+id
	reply.Queue = &epp.MessageQueue{Count: 1, ID: id, Date: w.clock.Now(), Message: "text of " + id}
	w.exec("INSERT INTO poll_inbox (registry, message_id, raw, state, received_at) VALUES ('cn', ?, ?, 'new', 0)", id, string(reply.AppendXML(nil)))
	w.desk.Wake()
	var got *registry.Result
	w.until("message "+id, func() bool {
		for _, r := range w.sink.about(id + ".cn") {
			got = &r
		}
		return got != nil
	})
	return *got
}

func TestWhatAMessageSays(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{})
	w.run(w.desk)
	due := c.Now().Add(holdAfter)
	verification := vcode.InfoData{Status: vcode.PendingCompliance, Profiles: []vcode.Profile{{Name: "china", Status: vcode.PendingCompliance,
		Set: []vcode.Set{{Type: vcode.TypeDomain, Code: "1-N1", Date: c.Now()}}, Missing: []vcode.Missing{{Type: vcode.TypeRealName, Due: due}}}}}
	change := func(state, operation, op, reason string) changepoll.ChangeData {
		return changepoll.ChangeData{State: state, Operation: operation, Op: op, Reason: reason, Date: c.Now(), SvTRID: "sv-1", Who: "registry"}
	}
	for id, tt := range map[string]struct {
		change   changepoll.ChangeData
		verdict  *registry.Verdict
		deleted  bool
		withInfo bool
	}{
		"naming-passed":    {change("after", "custom", "naming-verification", "verified"), &registry.Verdict{Which: registry.Naming, Passed: true}, false, true},
		"naming-failed":    {change("after", "custom", "naming-verification", "failed: name_prohibited"), &registry.Verdict{Which: registry.Naming, Reason: "name_prohibited"}, false, true},
		"holder-passed":    {change("after", "custom", "real-name-verification", "verified"), &registry.Verdict{Which: registry.RealName, Passed: true}, false, true},
		"holder-long-code": {change("after", "custom", "real-name-verification", "same_image_already_rejected"), &registry.Verdict{Which: registry.RealName, Reason: "same_image_already_rejected"}, false, true},
		"held":             {change("after", "update", "server-hold", "verification_missing"), nil, false, true},
		"deleted":          {change("before", "delete", "", "failed: name_prohibited"), nil, true, false},
		"purged":           {change("before", "autoPurge", "", ""), nil, true, false},
		"before-a-change":  {change("before", "update", "", ""), nil, false, false}, // what follows says how it is now
	} {
		info := &domain.InfoData{Name: id + ".cn", ROID: "D1-X", Statuses: []domain.Status{{Value: epp.ServerHold}}, Registrant: "someone", ClID: us, CrDate: c.Now(), ExDate: due}
		got := w.told(id, epp.Reply{Data: info, Extensions: []epp.Extension{tt.change, verification}})
		if got.Outcome != registry.OutcomeNotice || got.Deleted != tt.deleted || got.Message != "text of "+id {
			t.Errorf("%s: told %+v", id, got)
		}
		if (got.Verdict == nil) != (tt.verdict == nil) || got.Verdict != nil && *got.Verdict != *tt.verdict {
			t.Errorf("%s: told the verdict %+v, want %+v", id, got.Verdict, tt.verdict)
		}
		if !tt.withInfo {
			if got.Info != nil || got.Standing != nil {
				t.Errorf("%s: how the domain was before is told as how it is", id)
			}
			continue
		}
		st := got.Standing
		if got.Info == nil || got.Info.Registrant != "someone" || st == nil || !st.Due.Equal(due) || !slices.Equal(st.Set, []registry.Which{registry.Naming}) || !slices.Equal(st.Missing, []registry.Which{registry.RealName}) {
			t.Errorf("%s: told %+v and %+v", id, got.Info, st)
		}
	}
}
