package domain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

const holderAddress = "holder@registrant.example"

// work does the jobs that wait, as the queue would, until there are none.
func (h *house) work() {
	h.Helper()
	text := "json(args)"
	if h.store.Engine() == "postgres" {
		text = "args::text"
	}
	for {
		var rows []struct {
			ID   int64
			Kind string
			Args string
		}
		if err := h.store.R.NewRaw("SELECT id, kind, "+text+" AS args FROM river_job WHERE kind IN ('emailcheck_send_link', 'domain_settle_answers', 'domain_restart_answers', 'domain_holder_decided', 'domain_holder_coded') ORDER BY id").Scan(h.Context(), &rows); err != nil {
			h.Fatal(err)
		}
		if len(rows) == 0 {
			return
		}
		for _, r := range rows {
			var err error
			switch r.Kind {
			case "emailcheck_send_link":
				err = do(h, r.Args, h.emails.Send)
			case "domain_settle_answers":
				err = do(h, r.Args, h.domains.SettleAnswers)
			case "domain_restart_answers":
				err = do(h, r.Args, h.domains.RestartAnswers)
			case "domain_holder_decided":
				err = do(h, r.Args, h.domains.HolderDecided)
			case "domain_holder_coded":
				err = do(h, r.Args, h.domains.HolderCoded)
			}
			if err != nil {
				h.Fatal(err)
			}
			h.exec("DELETE FROM river_job WHERE id = ?", r.ID)
		}
	}
}

func do[J any](h *house, args string, f func(context.Context, J) error) error {
	var j J
	if err := json.Unmarshal([]byte(args), &j); err != nil {
		return err
	}
	return f(h.Context(), j)
}

// sweeps lets the clocks of answers be looked at until nothing is due, and the mail go out;
// it returns how many clocks were.
func (h *house) sweeps() (n int) {
	h.Helper()
	for {
		m, err := h.domains.SweepAnswers(h.Context(), 2)
		if err != nil {
			h.Fatal(err)
		}
		if m == 0 {
			break
		}
		n += m
	}
	h.work()
	return n
}

// mailed takes the letters that have gone out since it was last called.
func (h *house) mailed() []emailcheck.Letter {
	h.Helper()
	h.work()
	out := h.box.letters
	h.box.letters = nil
	return out
}

// clicks answers from the last link.
func (h *house) clicks() {
	h.Helper()
	if _, err := h.emails.Confirm(h.Context(), h.box.token); err != nil {
		h.Fatal(err)
	}
	h.work()
}

// clocksOf are the clocks of a domain: "cause state means", the oldest first.
func (h *house) clocksOf(name string) (out []string) {
	h.Helper()
	found, err := h.domains.AnswersOf(h.Context(), h.office, name)
	if err != nil {
		h.Fatal(err)
	}
	for _, a := range found {
		line := string(a.Cause) + " " + string(a.State)
		if a.Party == domain.ByAccountHolder {
			line = "holder: " + line
		}
		if a.Means != "" {
			line += " " + string(a.Means)
		}
		out = append(out, line)
	}
	return out
}

func (h *house) wantClocks(name string, want ...string) {
	h.Helper()
	if got := h.clocksOf(name); !slices.Equal(got, want) {
		h.Errorf("%s: the clocks are %q, want %q", name, got, want)
	}
}

// registers has a name registered whose label is reviewed first.
func (h *house) registers(name, profile string) (domain.Order, domain.Domain) {
	h.Helper()
	o := h.pay(h.place(name, profile))
	h.decide()
	h.settles()
	d := h.get(name)
	if d.State != domain.Registered {
		h.Fatalf("%s is %s (%s)", name, d.State, h.order(o).Failure)
	}
	return h.order(o), d
}

// strict has a registrant answer anew whose name or number differs from who has answered.
func strict(t *testing.T, s *store.Store, c *clock.Fake, change ...func(*sandbox.Config)) *house {
	t.Helper()
	return openUnder(t, s, c, policytest.ChangedIn(t, "suffixes.yaml", "same_data: [email]", "same_data: [holder, email, phone]"), change...)
}

// somebodyElse is the verified profile of wang at the address from which li has answered.
func (h *house) somebodyElse() string {
	h.Helper()
	h.verified(h.me, forCOM, li, liNumber)
	h.work()
	h.pass(time.Hour)
	return h.verified(h.me, forCOM, wang, wangNumber)
}

// A registrant who has answered for the very same data is not asked again.
func TestRegistrantWhoHasAnsweredIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.verified(h.me, forCOM, li, liNumber)
		h.mailed()
		h.pass(30 * day)
		for name, profile := range map[string]string{"example.com": profile, "example.net": h.verified(h.me, forCOM, wang, wangNumber)} { // somebody else at an address that was verified
			o, d := h.registers(name, profile)
			if !o.AnswerBy.IsZero() || d.Answer != nil {
				t.Errorf("%s: an answer is wanted by %s: %+v", name, o.AnswerBy, d.Answer)
			}
			h.wantClocks(name, "registration answered earlier_answer")
		}
		// Not gTLDs: nothing is asked at all.
		h.register("example.cn", h.cnProfile())
		h.wantClocks("example.cn")
		h.pass(20 * day)
		if n := h.sweeps(); n != 0 || len(h.mailed()) != 0 {
			t.Errorf("%d clocks were due", n)
		}
	})
}

// Somebody else at the same address has to answer for themselves: in fifteen days, with
// reminders, and the domain is suspended after them until the answer comes.
func TestFifteenDaysOfARegistrantWhoDoesNotAnswer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := strict(t, s, c)
		profile := h.somebodyElse()
		h.mailed()
		o, d := h.registers("example.com", profile)
		began := c.Now()
		due := began.Add(15 * day)
		if !o.AnswerBy.Equal(due) || d.Answer == nil || !d.Answer.DueAt.Equal(due) || d.Answer.Address != holderAddress {
			t.Fatalf("the order says %s, the domain %+v, want %s", o.AnswerBy, d.Answer, due)
		}
		h.registers("example.net", profile)
		var mails []int // on which day
		for at := range 15 {
			h.sweeps()
			if h.sweeps() != 0 {
				t.Errorf("day %d: clocks were due twice", at)
			}
			for _, l := range h.mailed() {
				mails = append(mails, at)
				if l.Address != holderAddress || l.Stake.All != 2 || !slices.Equal(l.Stake.Domains, []string{"example.com", "example.net"}) || l.Stake.Held != 0 || !l.Stake.Due.Equal(due) {
					t.Errorf("day %d: the mail to %s says %+v", at, l.Address, l.Stake)
				}
			}
			if at == 3 {
				h.golden("answer awaited", h.diagnosis("example.com"))
			}
			h.pass(day)
		}
		if !slices.Equal(mails, []int{0, 5, 10, 14}) { // ten, five and one day before the end
			t.Errorf("mailed on the days %v", mails)
		}
		if h.clock.Advance(-time.Microsecond); h.sweeps() != 0 {
			t.Error("suspended before the end")
		}
		h.clock.Advance(time.Microsecond)
		h.sweeps()
		h.settles()
		if got := h.causes("example.com"); !slices.Equal(got, []string{"email"}) || !h.heldAt("example.com") || !h.heldAt("example.net") {
			t.Errorf("at the end: held for %v", got)
		}
		if l := h.mailed(); len(l) != 1 || l[0].Stake.Held != 2 {
			t.Errorf("told of the suspension by %+v", l)
		}
		h.golden("answer expired", h.diagnosis("example.com"))
		h.wantClocks("example.com", "registration expired")

		// The answer lifts what hung on it, and nothing else.
		h.hold("example.net", domain.HeldForAbuse)
		h.pass(time.Hour)
		h.clicks()
		h.settles()
		if h.heldAt("example.com") || !h.heldAt("example.net") || !slices.Equal(h.causes("example.net"), []string{"abuse"}) {
			t.Errorf("answered: %v and %v are held", h.causes("example.com"), h.causes("example.net"))
		}
		h.wantClocks("example.com", "registration answered mail_link")
		if d := h.get("example.com"); d.Answer != nil {
			t.Errorf("still wanted: %+v", d.Answer)
		}
		told := slices.DeleteFunc(h.events(d.PublicID), func(e string) bool { return !strings.Contains(e, "answer") && !strings.Contains(e, ".hold") })
		if want := []string{"domain.answer_awaited", "domain.answer_overdue", "domain.hold_placed", "domain.hold_lifted", "domain.answer_given"}; !slices.Equal(told, want) {
			t.Errorf("the account was told %v, want %v", told, want)
		}
		h.pass(400 * day)
		if n := h.sweeps(); n != 0 {
			t.Errorf("%d clocks were due after the answer", n)
		}
	})
}

func TestAnswerInTimeStopsTheClock(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	h.registers("example.com", h.somebodyElse())
	h.sweeps()
	h.pass(2 * day)
	h.clicks()
	// Asked for by the registrant once more: there is nothing to answer.
	if _, err := h.emails.Request(t.Context(), h.me, holderAddress); err == nil {
		t.Error("a link for an address that has answered")
	}
	h.pass(14 * day)
	if h.sweeps() != 0 || len(h.causes("example.com")) != 0 {
		t.Errorf("suspended though answered, for %v", h.causes("example.com"))
	}
	h.wantClocks("example.com", "registration answered mail_link")
}

// Deleting a profile never touches domains: their holder and status stay, and so does the
// question that ICANN's rule asks, with a way to answer it.
func TestDomainsOutliveTheirProfile(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	id := h.somebodyElse()
	_, before := h.registers("example.com", id)
	h.deletes(id)
	after := h.get("example.com")
	if after.Status(c.Now()) != before.Status(c.Now()) || after.VersionID != before.VersionID || after.HolderFold != before.HolderFold {
		t.Errorf("after its profile was deleted the domain is %s of %q, was %s of %q", after.Status(c.Now()), after.HolderFold, before.Status(c.Now()), before.HolderFold)
	}
	h.mailed()
	h.pass(15 * day)
	h.sweeps()
	h.settles()
	if l := h.mailed(); len(l) != 1 || !slices.Equal(l[0].Stake.Domains, []string{"example.com"}) || !h.heldAt("example.com") {
		t.Fatalf("after fifteen days without an answer: held %v, told by %+v", h.heldAt("example.com"), l)
	}
	h.clicks()
	h.settles()
	if h.heldAt("example.com") {
		t.Errorf("held after the answer, for %v", h.causes("example.com"))
	}
	h.wantClocks("example.com", "registration answered mail_link")
}

// The link runs out after three days: who was asked may ask for another, though the
// address is verified.
func TestWhoIsAskedMayHaveANewLink(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	h.registers("example.com", h.somebodyElse())
	h.sweeps()
	old := h.box.token
	h.pass(4 * day)
	if _, err := h.emails.Confirm(t.Context(), old); err == nil {
		t.Error("the link works after four days")
	}
	if _, err := h.emails.Request(t.Context(), h.me, holderAddress); err != nil {
		t.Fatal(err)
	}
	h.work()
	h.clicks()
	h.wantClocks("example.com", "registration answered mail_link")
}

func TestBounceStartsTheClocksOfEveryDomainAtTheAddress(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.verified(h.me, forCOM, li, liNumber)
		h.registers("example.com", profile)
		h.registers("example.net", profile)
		h.register("example.cn", h.cnProfile())
		h.pass(100 * day)
		if n, err := h.emails.Report(t.Context(), h.office, emailcheck.Bounce{Address: holderAddress, Hard: true, Status: "5.1.1"}); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		h.work()
		for _, name := range []string{"example.com", "example.net"} {
			h.wantClocks(name, "registration answered earlier_answer", "bounce awaited")
			if d := h.get(name); d.Answer == nil || !d.Answer.DueAt.Equal(c.Now().Add(15*day)) {
				t.Errorf("%s: %+v", name, d.Answer)
			}
		}
		h.wantClocks("example.cn")
		// Reported again, and the job done again: the clocks run on as they were.
		h.pass(day)
		if _, err := h.emails.Report(t.Context(), h.office, emailcheck.Bounce{Address: holderAddress, Hard: true}); err != nil {
			t.Fatal(err)
		}
		if err := h.domains.RestartAnswers(t.Context(), domain.RestartAnswers{AccountID: h.me.Account, Address: holderAddress, Cause: domain.AtBounce}); err != nil {
			t.Fatal(err)
		}
		h.work()
		h.wantClocks("example.com", "registration answered earlier_answer", "bounce awaited")
		// An earlier answer counts no longer, whoever registers.
		h.mailed()
		h.sweeps()
		if l := h.mailed(); len(l) != 1 || l[0].Stake.All != 2 {
			t.Fatalf("mailed %+v", l)
		}
		h.clicks()
		for _, name := range []string{"example.com", "example.net"} {
			h.wantClocks(name, "registration answered earlier_answer", "bounce answered mail_link")
		}
	})
}

func TestComplaintStartsTheClockAndStaffMayVerify(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.verified(h.me, forCOM, li, liNumber)
		h.registers("example.com", profile)
		h.registers("example.net", profile)
		h.pass(day)
		_, err := h.domains.AnswersOf(t.Context(), h.other, "example.com")
		h.wantFault("another account's", err, "domain_not_found")
		_, err = h.domains.Attest(t.Context(), h.office, "example.com", domain.ByTelephone, "called")
		h.wantFault("nothing is asked", err, "answer_not_awaited")
		d, err := h.domains.Complain(t.Context(), h.office, "example.com", "ticket 12: the number is another's")
		if err != nil || d.Answer == nil || d.Answer.Cause != domain.AtComplaint || d.Answer.Evidence != "ticket 12: the number is another's" {
			t.Fatalf("%+v, %v", d.Answer, err)
		}
		h.work()
		h.wantClocks("example.net", "registration answered earlier_answer", "accuracy_complaint awaited")
		h.pass(15 * day)
		h.sweeps()
		h.settles()
		if !h.heldAt("example.com") || !h.heldAt("example.net") {
			t.Error("not suspended")
		}
		for what, err := range map[string]error{
			"forbidden":      second(h.domains.Attest(t.Context(), h.me, "example.com", domain.ByTelephone, "x")),
			"value_unknown":  second(h.domains.Attest(t.Context(), h.office, "example.com", domain.MailLink, "x")),
			"field_required": second(h.domains.Attest(t.Context(), h.office, "example.com", domain.ByTelephone, "")),
		} {
			h.wantFault("attested wrongly", err, what)
		}
		if d, err = h.domains.Attest(t.Context(), h.office, "example.com", domain.ByTelephone, "spoke to the registrant at 10:15"); err != nil || d.Answer != nil {
			t.Fatalf("%+v, %v", d.Answer, err)
		}
		h.work()
		h.settles()
		if h.heldAt("example.com") || h.heldAt("example.net") {
			t.Error("suspended though verified")
		}
		h.wantClocks("example.net", "registration answered earlier_answer", "accuracy_complaint answered telephone")
		found, err := h.domains.AnswersOf(t.Context(), h.office, "example.com")
		if err != nil || found[1].Evidence != "spoke to the registrant at 10:15" || found[1].Author != h.office.ID {
			t.Errorf("%+v, %v", found, err)
		}
		// The address itself has not answered: it is used for no further name before it has.
		_, err = h.domains.PlaceOrder(t.Context(), h.me, "third.com", profile, 1)
		h.wantFault("ordered meanwhile", err, "email_unverified")
		h.clicks()
		h.registers("third.com", profile)
		h.wantClocks("third.com", "registration answered earlier_answer")
	})
}

func second[T any](_ T, err error) error { return err }

func TestComplaintNeedsTheRuleAndItsEvidence(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, thin("old.com"))
	h.imports("old.com")
	h.register("example.cn", h.cnProfile())
	for _, tt := range []struct {
		a                    actor.Actor
		name, evidence, code string
	}{
		{h.me, "example.cn", "x", "forbidden"},
		{h.office, "example.cn", "", "field_required"},
		{h.office, "example.cn", "x", "answer_not_asked"},
		{h.office, "old.com", "x", "answer_not_asked"}, // nobody knows its registrant
		{h.office, "none.com", "x", "domain_not_found"},
	} {
		_, err := h.domains.Complain(t.Context(), tt.a, tt.name, tt.evidence)
		h.wantFault(tt.name, err, tt.code)
	}
}

// A change of holder is a material change, be the address the same or another; a
// verification with the same data is none.
func TestMaterialChangeAsksTheNewRegistrant(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		mine := h.verified(h.me, forCOM, li, liNumber)
		h.registers("example.com", mine)
		h.pass(time.Hour)
		his := h.verified(h.me, forCOM, wang, wangNumber)
		h.associate(submitting(mine, "example.com"))
		h.settles()
		h.wantClocks("example.com", "registration answered earlier_answer")
		change := func(profile string) {
			h.agreed(changing(profile, "example.com"))
			h.decides()
		}
		change(his)
		h.wantClocks("example.com", "registration answered earlier_answer", "material_change awaited")
		h.pass(3 * day)
		change(mine) // back to somebody who has answered
		h.wantClocks("example.com", "registration answered earlier_answer", "material_change dropped", "material_change answered earlier_answer")
		if d := h.get("example.com"); d.Answer != nil {
			t.Errorf("wanted: %+v", d.Answer)
		}
		change(his)
		h.pass(15 * day)
		h.sweeps()
		h.settles()
		if !h.heldAt("example.com") {
			t.Fatal("not suspended")
		}
		// Who is suspended stays so with another registrant who has not answered.
		h.pass(time.Hour)
		change(h.verified(h.me, forCOM, zhao, zhaoNumber))
		h.sweeps()
		if !h.heldAt("example.com") || h.get("example.com").Answer.State != domain.Overdue {
			t.Errorf("another registrant: %v", h.clocksOf("example.com"))
		}
		h.clicks()
		h.settles()
		if h.heldAt("example.com") {
			t.Error("suspended though the new registrant has answered")
		}
	})
}

func TestDomainThatComesInIsAskedFor(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c, fastTransfers, elsewhere("example.com"))
	h.asks("example.com", h.somebodyElse())
	h.settles()
	h.pass(transferDelay)
	h.read()
	h.decide()
	h.read()
	// The new holder is the one who was asked for: the change asks nothing more.
	h.wantClocks("example.com", "transfer_in awaited")
}

// A reseller's account is asked, too, for a registrant that is somebody else; no domain
// is suspended for it.
func TestHolderOfTheAccountIsAskedWithoutSuspension(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		_, err := h.accounts.AddPerson(t.Context(), actor.Verinym, account.NewPerson{Account: h.myAccount.PublicID, Email: "reseller@reseller.example", Name: "Reseller", Password: "long enough for it", Roles: []actor.Role{actor.Registrant}})
		if err != nil {
			t.Fatal(err)
		}
		profile := h.verified(h.me, forCOM, li, liNumber)
		h.registers("example.com", profile)
		h.registers("example.net", profile)
		h.wantClocks("example.com", "registration answered earlier_answer", "holder: registration awaited")
		h.wantClocks("example.net", "registration answered earlier_answer")
		h.mailed()
		h.sweeps()
		if l := h.mailed(); len(l) != 1 || l[0].Address != "reseller@reseller.example" || !l[0].Stake.Holder || l[0].Stake.All != 0 || !l[0].Stake.Due.IsZero() {
			t.Errorf("mailed %+v", l)
		}
		h.pass(15 * day)
		h.sweeps()
		if len(h.causes("example.com")) != 0 {
			t.Errorf("suspended for %v", h.causes("example.com"))
		}
		h.wantClocks("example.com", "registration answered earlier_answer", "holder: registration expired")
		h.event(h.get("example.com").PublicID, "domain.account_holder_overdue")
		h.pass(day)
		if _, err := h.emails.Request(t.Context(), h.me, "reseller@reseller.example"); err != nil {
			t.Fatal(err)
		}
		h.work()
		h.clicks()
		h.wantClocks("example.com", "registration answered earlier_answer", "holder: registration answered mail_link")
		h.registers("third.com", profile)
		h.wantClocks("third.com", "registration answered earlier_answer")
	})
}

// Where policy wants a person to look into it, nothing is suspended by itself.
func TestPolicyMayAskForAPersonInstead(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := openUnder(t, s, c, policytest.ChangedIn(t, "suffixes.yaml", "same_data: [email]\n      no_answer: suspend", "same_data: [holder]\n      no_answer: ask_person"))
	h.registers("example.com", h.somebodyElse())
	h.mailed()
	h.sweeps()
	if l := h.mailed(); len(l) != 1 || !l[0].Stake.Due.IsZero() || l[0].Stake.All != 1 {
		t.Errorf("mailed %+v", l)
	}
	h.pass(15 * day)
	h.sweeps()
	if len(h.causes("example.com")) != 0 || !slices.Equal(h.findings(), []string{"answer_needs_person example.com"}) {
		t.Errorf("held for %v, found %v", h.causes("example.com"), h.findings())
	}
}

// A hold that staff places for the address is lifted by the answer, too.
func TestHoldByStaffForTheAddressIsLiftedByTheAnswer(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.registers("example.com", h.verified(h.me, forCOM, li, liNumber))
	h.hold("example.com", domain.HeldForEmail)
	h.hold("example.com", domain.HeldForEmail)
	h.wantClocks("example.com", "registration answered earlier_answer", "hold expired")
	h.pass(day)
	h.sweeps()
	h.clicks()
	h.settles()
	if h.heldAt("example.com") {
		t.Error("suspended though answered")
	}
	h.wantClocks("example.com", "registration answered earlier_answer", "hold answered mail_link")
}

// The clock of a name that is gone is stopped, and nobody is mailed for it.
func TestClockOfADomainThatIsGoneIsStopped(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	h.registers("example.com", h.somebodyElse())
	h.sweeps()
	h.pass(15 * day)
	h.sweeps() // it is suspended, and then deleted at the registry
	h.settles()
	eyes := h.eyes(generic)
	h.do(eyes, eppdomain.Delete{Name: "example.com"})
	h.pass(36 * day) // the time in which it could be redeemed
	h.read()
	h.wantClocks("example.com", "registration dropped")
	h.mailed()
	h.pass(15 * day)
	h.sweeps()
	if l := h.mailed(); len(l) != 0 {
		t.Errorf("mailed %+v", l)
	}
	if _, err := h.emails.Request(t.Context(), h.me, holderAddress); err == nil {
		t.Error("an answer is still asked for")
	}
}

// A confirmation whose consequences wait in the queue is one all the same.
func TestAnswerAtTheLastMomentCounts(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	h.registers("example.com", h.somebodyElse())
	h.sweeps()
	h.pass(3*day - time.Second)
	if _, err := h.emails.Confirm(t.Context(), h.box.token); err != nil { // its job is not done yet
		t.Fatal(err)
	}
	h.mailed() // does the mails; then the jobs of answers are taken away
	h.exec("DELETE FROM river_job")
	h.exec("UPDATE domain_answer SET state = 'awaited', next_at = due_at, ended_at = NULL")
	h.pass(15 * day)
	h.sweeps()
	if len(h.causes("example.com")) != 0 || len(h.mailed()) != 0 {
		t.Errorf("suspended for %v though answered", h.causes("example.com"))
	}
	h.wantClocks("example.com", "registration answered mail_link")
}

// The same person in two accounts answers for each.
func TestOneAddressInTwoAccountsIsAskedForEach(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	h.registers("example.com", h.somebodyElse())
	mine := h.me
	h.me = h.other
	h.registers("example.net", h.somebodyElse())
	h.me = mine
	h.mailed()
	if n, err := h.domains.SweepAnswers(t.Context(), 100); err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	if l := h.mailed(); len(l) != 2 || l[0].Stake.All != 1 || l[1].Stake.All != 1 {
		t.Errorf("mailed %+v", l)
	}
	h.clicks() // of the last
	h.wantClocks("example.com", "registration awaited")
	h.wantClocks("example.net", "registration answered mail_link")
}

// Staff that lifts the cause without verifying answers for it: nothing is asked any more.
func TestLiftingTheCauseEndsTheWait(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := strict(t, s, c)
	h.registers("example.com", h.somebodyElse())
	h.pass(15 * day)
	h.sweeps()
	h.settles()
	h.lift("example.com", domain.HeldForEmail)
	h.settles()
	if h.heldAt("example.com") || h.get("example.com").Answer != nil {
		t.Errorf("lifted: %+v", h.get("example.com").Answer)
	}
	h.wantClocks("example.com", "registration dropped")
}

// Many domains of one registrant: one mail at a time, that says how many.
func TestManyDomainsOfOneRegistrantAreOneMail(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("name%02d.com", i))
	}
	h := open(t, s, c, thin(names...))
	h.imports(names...)
	h.agreed(changing(h.somebodyElse(), names...))
	h.decides()
	h.mailed()
	h.sweeps()
	if l := h.mailed(); len(l) != 1 {
		t.Errorf("%d mails", len(l))
	}
	h.pass(5 * day)
	h.sweeps()
	if l := h.mailed(); len(l) != 1 || l[0].Stake.All != 30 || len(l[0].Stake.Domains) != 10 {
		t.Errorf("reminded by %+v", l)
	}
	h.clicks()
	if n := h.count("domain_answer WHERE state = 'answered'"); n != 30 {
		t.Errorf("%d have answered, want 30", n)
	}
}
