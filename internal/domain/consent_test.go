package domain_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// The addresses of the people who have to agree.
const priorMail, newMail = "holder@registrant.example", "wang@registrant.example"

// questionsGoOut mails the questions that are due, as loop and job would.
func (h *house) questionsGoOut() {
	h.Helper()
	clear(h.questions)
	if _, err := h.domains.SweepConsents(h.Context(), 100); err != nil {
		h.Fatal(err)
	}
	for _, c := range h.consents() {
		if c.State == domain.ConsentAwaited && c.Address != "" && c.MailedAt.Equal(h.clock.Now()) {
			if err := h.domains.SendConsent(h.Context(), domain.SendConsent{ConsentID: c.ID, Request: c.PublicID}); err != nil {
				h.Fatal(err)
			}
		}
	}
	h.goesOn()
}

// goesOn does the jobs of the words that have come, perhaps more than once.
func (h *house) goesOn() {
	h.Helper()
	for range 2 {
		for _, c := range h.consents() {
			if c.State == domain.ConsentAwaited {
				continue
			}
			if err := h.domains.SettleConsent(h.Context(), domain.SettleConsent{ConsentID: c.ID}); err != nil {
				h.Fatal(err)
			}
		}
	}
}

func (h *house) consents() (out []domain.Consent) {
	h.Helper()
	if err := h.store.R.NewSelect().Model(&out).OrderExpr("id").Scan(h.Context()); err != nil {
		h.Fatal(err)
	}
	return out
}

// says has the party behind the last mail to an address answer.
func (h *house) says(address string, agree bool) {
	h.Helper()
	if _, err := h.domains.AnswerConsent(h.Context(), h.questions[address].Token, agree, false); err != nil {
		h.Fatal(err)
	}
	h.goesOn()
	h.settles()
}

// agreed runs a change of holder to which all agree, those whom nobody can mail by
// telephone.
func (h *house) agreed(r domain.Request) domain.Task {
	h.Helper()
	task := h.associate(r)
	for _, c := range h.consents() {
		if c.State != domain.ConsentAwaited {
			continue
		}
		if c.Address == "" {
			if _, err := h.domains.AttestConsent(h.Context(), h.office, c.PublicID, true, domain.ByTelephone, "called back"); err != nil {
				h.Fatal(err)
			}
			continue
		}
		if err := h.domains.SendConsent(h.Context(), domain.SendConsent{ConsentID: c.ID}); err != nil {
			h.Fatal(err)
		}
		h.says(c.Address, true)
	}
	h.goesOn()
	h.settles()
	return task
}

// registersAll has names registered whose review comes first.
func (h *house) registersAll(profile string, names ...string) {
	h.Helper()
	for _, n := range names {
		h.pay(h.place(n, profile))
	}
	h.decides()
	for _, n := range names {
		if d := h.get(n); d.State != domain.Registered {
			h.Fatalf("%s is %s", n, d.State)
		}
	}
}

// decides has the authority review names, and the registries told.
func (h *house) decides() {
	h.Helper()
	h.decide()
	h.settles()
}

// wangsProfile is a verified profile for gTLDs of somebody with another address.
func (h *house) wangsProfile() string {
	h.Helper()
	v := h.submit(h.me, h.draft(h.me, forCOM, wang, wangNumber, "email", newMail))
	if v.Current.State != profile.Verified {
		h.Fatalf("the profile is %s", v.Current.State)
	}
	return v.Profile.PublicID
}

// wantWords compares the words of a task, "role address state means".
func (h *house) wantWords(task domain.Task, want ...string) {
	h.Helper()
	found, err := h.domains.ConsentsOf(h.Context(), h.me, task.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	var got []string
	for _, c := range found {
		got = append(got, string(c.Role)+" "+c.Address+" "+string(c.State)+" "+string(c.Means))
	}
	if !slices.Equal(got, want) {
		h.Errorf("the words of the task are %q, want %q", got, want)
	}
}

// wantHolder checks whose profile a domain has.
func (h *house) wantHolder(name, profile string) {
	h.Helper()
	p, _, err := h.profiles.ByVersion(h.Context(), h.store.R, h.get(name).VersionID)
	if err != nil {
		h.Fatal(err)
	}
	if p.PublicID != profile {
		h.Errorf("%s has the profile %s as its holder, want %s", name, p.PublicID, profile)
	}
}

func TestPriorAndNewRegistrantAgreeToAChangeOfHolder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		old := h.verified(h.me, forCOM, li, liNumber)
		h.registersAll(old, "example.com")
		next := h.wangsProfile()
		task := h.associate(changing(next, "example.com"))
		h.questionsGoOut()
		h.wantWords(task, "prior_registrant "+priorMail+" awaited ", "new_registrant "+newMail+" awaited ")
		for _, address := range []string{priorMail, newMail} {
			q := h.questions[address].Question
			if !slices.Equal(q.Domains, []string{"example.com"}) || q.All != 1 || q.Holder != wang || q.Lock != 60*day {
				t.Errorf("%s is asked %+v", address, q)
			}
		}
		change, err := h.domains.ChangeOf(t.Context(), h.get("example.com"))
		if err != nil || change == nil || change.Profile != next || change.Task != task.PublicID || len(change.Words) != 2 {
			t.Errorf("the domain waits for %+v, %v", change, err)
		}
		h.wantPreview(changing(next, "example.com"), map[string]string{"example.com": "operation_in_progress"})
		h.says(newMail, true)
		h.wantHolder("example.com", old)
		h.says(priorMail, true)
		h.decides()
		h.wantHolder("example.com", next)
		h.wantItems(task, map[string]string{"example.com": "succeeded"})
		h.wantWords(task, "prior_registrant "+priorMail+" given mail_link", "new_registrant "+newMail+" given mail_link")
		if change, err := h.domains.ChangeOf(t.Context(), h.get("example.com")); err != nil || change != nil {
			t.Errorf("the domain still waits for %+v, %v", change, err)
		}
		if n := h.count("holder_change"); n != 0 {
			t.Errorf("%d domains still wait", n)
		}
	})
}

func TestMailedLinkOfAConsentAnswersOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.registersAll(h.verified(h.me, forCOM, li, liNumber), "example.com")
		next := h.wangsProfile()
		task := h.associate(changing(next, "example.com"))
		h.questionsGoOut()
		token := h.questions[priorMail].Token
		for range 3 { // mail scanners look first
			if _, err := h.domains.LookAtConsent(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
		h.wantWords(task, "prior_registrant "+priorMail+" awaited ", "new_registrant "+newMail+" awaited ")
		first := h.questions[newMail].Token
		if _, err := h.domains.RemindConsent(t.Context(), h.me, h.consents()[1].PublicID); fault.Code(err) != "email_resend_too_soon" {
			t.Errorf("asked again at once: %v", err)
		}
		c.Advance(2 * time.Minute)
		if _, err := h.domains.RemindConsent(t.Context(), h.me, h.consents()[1].PublicID); err != nil {
			t.Fatal(err)
		}
		h.questionsGoOut()
		if h.questions[newMail].Token == first || h.questions[newMail].Token == "" {
			t.Error("the mail that was asked for has no link of its own")
		}
		h.says(newMail, false)
		for what, token := range map[string]string{"used again": h.questions[newMail].Token, "another link to what is answered": first, "made up": "nobody-knows"} {
			_, err := h.domains.LookAtConsent(t.Context(), token)
			h.wantFault(what, err, "consent_link_invalid")
			_, err = h.domains.AnswerConsent(t.Context(), token, true, false)
			h.wantFault(what, err, "consent_link_invalid")
		}
		h.wantItems(task, map[string]string{"example.com": "failed consent_declined"})
	})
}

// What ends a change of holder that waits, and leaves the old holder.
func TestHolderStaysWithoutBothWords(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		happens func(h *house, task domain.Task)
		item    string
		words   []string
	}{
		"the prior registrant refuses": {func(h *house, _ domain.Task) { h.says(newMail, true); h.says(priorMail, false) }, "failed consent_declined",
			[]string{"prior_registrant " + priorMail + " declined mail_link", "new_registrant " + newMail + " given mail_link"}},
		"nobody answers in time": {func(h *house, _ domain.Task) {
			h.says(newMail, true)
			h.clock.Advance(14 * day)
			h.questionsGoOut()
		}, "failed consent_expired", []string{"prior_registrant " + priorMail + " expired ", "new_registrant " + newMail + " given mail_link"}},
		"the task is cancelled": {func(h *house, task domain.Task) {
			if _, err := h.domains.Cancel(h.Context(), h.me, task.PublicID); err != nil {
				h.Fatal(err)
			}
			if err := h.works(); err != nil {
				h.Fatal(err)
			}
		}, "cancelled", []string{"prior_registrant " + priorMail + " dropped ", "new_registrant " + newMail + " dropped "}},
		"the domain is locked meanwhile": {func(h *house, _ domain.Task) {
			h.exec(`UPDATE domain SET statuses = '["clientUpdateProhibited"]' WHERE name = 'example.com'`)
			h.says(priorMail, true)
			h.says(newMail, true)
		}, "failed domain_locked", []string{"prior_registrant " + priorMail + " given mail_link", "new_registrant " + newMail + " given mail_link"}},
		"the profile fails meanwhile": {func(h *house, _ domain.Task) {
			h.exec("UPDATE profile_version SET state = 'failed' WHERE id = (SELECT next_version_id FROM domain WHERE name = 'example.com')")
			h.says(priorMail, true)
			h.says(newMail, true)
		}, "failed profile_review_failed", []string{"prior_registrant " + priorMail + " given mail_link", "new_registrant " + newMail + " given mail_link"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c)
				old := h.verified(h.me, forCOM, li, liNumber)
				h.registersAll(old, "example.com")
				task := h.associate(changing(h.wangsProfile(), "example.com"))
				h.questionsGoOut()
				tt.happens(h, task)
				h.wantItems(task, map[string]string{"example.com": tt.item})
				h.wantWords(task, tt.words...)
				h.wantHolder("example.com", old)
				d := h.get("example.com")
				if d.NextVersionID != 0 || !d.LockedUntil.IsZero() || len(h.domains.Locks(d, c.Now())) > 1 || h.count("holder_change") != 0 {
					t.Errorf("after it: %+v", d)
				}
			})
		})
	}
}

// Reminders go out seven days and one day before the end, to those who have not answered.
func TestWhoHasNotAnsweredIsReminded(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.registersAll(h.verified(h.me, forCOM, li, liNumber), "example.com")
	h.associate(changing(h.wangsProfile(), "example.com"))
	got := map[int][]string{}
	for on := range 14 {
		h.questionsGoOut()
		if on == 0 {
			h.says(newMail, true)
		}
		if len(h.questions) > 0 {
			got[on] = slices.Sorted(maps.Keys(h.questions))
		}
		c.Advance(day)
	}
	want := map[int][]string{0: {priorMail, newMail}, 7: {priorMail}, 13: {priorMail}}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("asked on the days %v, want %v", got, want)
	}
}

func TestOneAddressAnswersForBothRegistrants(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.registersAll(h.verified(h.me, forCOM, li, liNumber), "example.com")
		task := h.associate(changing(h.verified(h.me, forCOM, wang, wangNumber), "example.com"))
		h.questionsGoOut()
		h.wantWords(task, "both_registrants "+priorMail+" awaited ")
		h.says(priorMail, true)
		h.decides()
		h.wantItems(task, map[string]string{"example.com": "succeeded"})
	})
}

func TestChangeOfHolderUnderCNNeedsNoMail(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.register("example.cn", h.cnProfile())
	next := h.verified(h.me, forCN, wang, wangNumber)
	task := h.associate(changing(next, "example.cn"))
	h.settles()
	h.reviewed()
	h.wantWords(task)
	h.wantHolder("example.cn", next)
}

// Who has authorised the account is not asked again, until they take it back.
func TestDesignatedAgentAgreesForARegistrant(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		old, next := h.verified(h.me, forCOM, li, liNumber), h.wangsProfile()
		h.registersAll(old, "example.com")
		h.associate(changing(next, "example.com"))
		h.questionsGoOut()
		h.says(newMail, true)
		if _, err := h.domains.AnswerConsent(t.Context(), h.questions[priorMail].Token, true, true); err != nil {
			t.Fatal(err)
		}
		h.goesOn()
		h.decides()
		if _, err := h.domains.Designate(t.Context(), h.office, h.myAccount.PublicID, newMail, "power of attorney of 1 June"); err != nil {
			t.Fatal(err)
		}
		agents, err := h.domains.Agents(t.Context(), h.me)
		if err != nil || len(agents) != 2 || agents[0].Address != newMail || agents[1].Address != priorMail {
			t.Fatalf("the account may agree for %+v, %v", agents, err)
		}
		back := h.associate(changing(old, "example.com"))
		h.decides()
		h.wantWords(back, "prior_registrant "+newMail+" given designated_agent", "new_registrant "+priorMail+" given designated_agent")
		h.wantHolder("example.com", old)
		_, err = h.domains.RevokeAgent(t.Context(), h.other, agents[1].PublicID)
		h.wantFault("another account takes it back", err, "agent_not_found")
		if _, err := h.domains.RevokeAgent(t.Context(), h.me, agents[1].PublicID); err != nil {
			t.Fatal(err)
		}
		again := h.associate(changing(next, "example.com"))
		h.questionsGoOut()
		h.wantWords(again, "prior_registrant "+priorMail+" awaited ", "new_registrant "+newMail+" given designated_agent")
		_, err = h.domains.Designate(t.Context(), h.me, h.myAccount.PublicID, newMail, "my own word")
		h.wantFault("a registrant designates", err, "forbidden")
	})
}

// A thin registry has no contacts: nobody here knows who held a name that was brought in.
func TestStaffAttestsForAPriorRegistrantWhomNobodyKnows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("old.com"))
		h.imports("old.com")
		next := h.wangsProfile()
		task := h.associate(changing(next, "old.com"))
		h.questionsGoOut()
		h.says(newMail, true)
		h.wantWords(task, "prior_registrant  awaited ", "new_registrant "+newMail+" given mail_link")
		if n := h.count("registry_finding WHERE code = 'prior_registrant_unknown'"); n != 1 {
			t.Errorf("%d findings for an operator, want one", n)
		}
		word := h.consents()[0].PublicID
		_, err := h.domains.AttestConsent(t.Context(), h.me, word, true, domain.ByTelephone, "x")
		h.wantFault("a registrant attests", err, "forbidden")
		_, err = h.domains.AttestConsent(t.Context(), h.office, word, true, domain.MailLink, "x")
		h.wantFault("by a link", err, "value_unknown")
		_, err = h.domains.AttestConsent(t.Context(), h.office, word, true, domain.ByTelephone, "")
		h.wantFault("without evidence", err, "field_required")
		if _, err := h.domains.AttestConsent(t.Context(), h.office, word, true, domain.ByTelephone, "called back on the number of the contract"); err != nil {
			t.Fatal(err)
		}
		h.goesOn()
		h.decides()
		h.wantHolder("old.com", next)
		_, err = h.domains.AttestConsent(t.Context(), h.office, word, false, domain.ByTelephone, "x")
		h.wantFault("attested twice", err, "consent_not_awaited")
	})
}

func TestOneTaskAsksEachPartyOnce(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	old := h.verified(h.me, forCOM, li, liNumber)
	var names []string
	want := map[string]string{}
	for i := range 5 {
		name := string(rune('a'+i)) + "-name.com"
		names, want[name] = append(names, name), "succeeded"
	}
	h.registersAll(old, names...)
	task := h.agreed(changing(h.wangsProfile(), names...))
	h.decides()
	h.wantWords(task, "prior_registrant "+priorMail+" given mail_link", "new_registrant "+newMail+" given mail_link")
	h.wantItems(task, want)
}

// Transfers to another registrar are refused for sixty days after a registration, a
// transfer in, and a change of holder.
func TestTransfersAreLockedForSixtyDays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		wish   domain.LockWish
		suffix string
		locked bool
	}{
		"ICANN's rule":                           {domain.LockByRule, "com", true},
		"declined before the change":             {domain.LockDeclined, "com", false},
		".cn asks for none":                      {domain.LockByRule, "cn", false},
		".cn, and the change asks for it":        {domain.LockWanted, "cn", true},
		"wanted where the rule brings it anyway": {domain.LockWanted, "com", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := open(t, s, c)
			kind, domainName := forCOM, "example."+tt.suffix
			if tt.suffix == "cn" {
				kind = forCN
			}
			h.registersAll(h.verified(h.me, kind, li, liNumber), domainName)
			d := h.get(domainName)
			if locks := h.domains.Locks(d, c.Now()); len(locks) != 1 || locks[0].Cause != domain.LockedAfterRegistration || !locks[0].Until.Equal(d.RegisteredAt.Add(60*day)) {
				t.Errorf("after the registration: %+v", locks)
			}
			h.pass(61 * day)
			if locks := h.domains.Locks(h.get(domainName), c.Now()); len(locks) != 0 {
				t.Errorf("after sixty days: %+v", locks)
			}
			r := changing(h.verified(h.me, kind, wang, wangNumber), domainName)
			r.TransferLock = tt.wish
			h.agreed(r)
			h.decides()
			d = h.get(domainName)
			locks := h.domains.Locks(d, c.Now())
			if (len(locks) == 1) != tt.locked {
				t.Errorf("after the change: %+v, want a lock: %v", locks, tt.locked)
			}
			if tt.locked && (locks[0].Cause != domain.LockedAfterChange || !locks[0].Until.Equal(d.HolderChangedAt.Add(60*day))) {
				t.Errorf("after the change: %+v, changed at %s", locks, d.HolderChangedAt)
			}
		})
	}
}

// Another registrar that asks for a locked domain is refused at the registry; the owner
// is told why, and until when.
func TestTransferOfALockedDomainIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("old.com"))
		h.imports("old.com")
		d := h.get("old.com")
		gaining := h.eyes(rival)
		ask := func() {
			t.Helper()
			h.do(gaining, eppdomain.Transfer{Op: epp.TransferOpRequest, Name: "old.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
			h.read()
		}
		ask()
		e := h.event(d.PublicID, "domain.transfer_refused")
		until := d.RegisteredAt.Add(60 * day).In(h.policies.Calendar.Zone()).Format(time.DateOnly)
		if e.Data["Lock"] != "registration" || e.Data["Until"] != until || e.Data["Registrar"] != rival {
			t.Errorf("the owner is told %v, want the lock after the registration, until %s", e.Data, until)
		}
		h.until("the registry to know of the refusal", func() bool {
			return slices.Contains(h.events(d.PublicID), "domain.transfer_ended") && !h.get("old.com").Has(epp.PendingTransfer)
		})
		h.pass(61 * day)
		ask()
		if n := len(slices.DeleteFunc(h.events(d.PublicID), func(e string) bool { return e != "domain.transfer_refused" })); n != 1 || h.at("old.com").ClID == "" {
			t.Errorf("refused %d times, want once: nothing is locked any more", n)
		}
		if !h.get("old.com").Has(epp.PendingTransfer) {
			t.Error("the second request is not pending")
		}
	})
}

// offline are policies under which holders of .cn change on paper only, as under gov.cn.
func offline(t *testing.T) *policy.Policies {
	t.Helper()
	const cnnic = "review_takes: {business_days: [3, 5]}, sources: [AL-5.4], confidence: source}"
	return policytest.ChangedIn(t, "suffixes.yaml", "holder_change: {channel: online, "+cnnic, "holder_change: {channel: offline, "+cnnic)
}

func TestHolderThatChangesOnPaperOnly(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := openUnder(t, s, c, offline(t))
	h.register("example.cn", h.cnProfile())
	h.wantPreview(changing(h.verified(h.me, forCN, wang, wangNumber), "example.cn"), map[string]string{"example.cn": "holder_change_offline"})
}

// Both are told when it is done, once, with all that was done.
func TestBothRegistrantsAreToldWhenTheChangeIsCarriedOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.registersAll(h.verified(h.me, forCOM, li, liNumber), "one.com", "two.com")
		h.read()
		task := h.associate(changing(h.wangsProfile(), "one.com", "two.com"))
		h.questionsGoOut()
		h.says(priorMail, true)
		told := func() (out []string) {
			if _, err := h.domains.SweepConsents(t.Context(), 100); err != nil {
				t.Fatal(err)
			}
			for _, e := range h.eventsOf(task.PublicID) {
				if e.Type == "association.holder_changed" {
					out = append(out, e.Data["Role"]+" "+e.Data["Address"]+" "+e.Data["Holder"]+" "+e.Data["All"]+" "+e.Data["Domains"])
				}
			}
			return out
		}
		h.pass(time.Hour)
		if got := told(); len(got) != 0 {
			t.Errorf("before the other has agreed they are told %q", got)
		}
		h.says(newMail, true)
		h.decides()
		h.pass(10 * time.Minute)
		want := []string{"prior_registrant " + priorMail + " " + wang + " 2 one.com two.com", "new_registrant " + newMail + " " + wang + " 2 one.com two.com"}
		for range 2 {
			if got := told(); !slices.Equal(got, want) {
				t.Errorf("they are told %q, want %q", got, want)
			}
			h.pass(day)
		}
	})
}
