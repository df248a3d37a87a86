package domain_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestOrderedNameBecomesNormalWithoutFurtherAction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		o := h.place("Example.CN", h.cnProfile())
		if o.State != domain.AwaitingPayment || o.Name != "example.cn" || !h.quiet() || h.count("registry_command") != 0 {
			t.Fatalf("before it is paid the order is %+v, and %d commands are written", o, h.count("registry_command"))
		}
		o = h.pay(o)
		if got := h.status("example.cn"); got != domain.StatusRegistering {
			t.Errorf("paid: %s, want registering", got)
		}
		h.settles()
		d := h.get("example.cn")
		if h.order(o).State != domain.Completed || d.State != domain.Registered || d.SyncState != domain.SyncDone || d.NamingState != domain.InReview || d.HolderState != domain.InReview {
			t.Errorf("registered: order %s, domain %+v", h.order(o).State, d)
		}
		if d.DueAt.IsZero() || !d.DueAt.Equal(c.Now().Add(holdAfter)) || !d.ExpiresAt.Equal(c.Now().AddDate(1, 0, 0)) {
			t.Errorf("due %v, expires %v", d.DueAt, d.ExpiresAt)
		}
		h.reviewed()
		d = h.get("example.cn")
		if got := d.Status(c.Now()); got != domain.StatusNormal || d.NamingState != domain.Verified || d.HolderState != domain.Verified {
			t.Errorf("reviewed: %s, naming %s, holder %s; want normal", got, d.NamingState, d.HolderState)
		}
		want := []string{"domain.created", "domain.registered", "domain.naming_verified", "domain.real_name_verified"}
		if got := h.events(d.PublicID); !slices.Equal(got, want) {
			t.Errorf("the registrant was told %v, want %v", got, want)
		}
		if got := h.events(o.PublicID); !slices.Equal(got, []string{"order.placed", "order.paid"}) {
			t.Errorf("of the order the registrant was told %v", got)
		}
	})
}

func TestOrderIsRefusedForWhatItLacks(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(rival, zhao, zhaoNumber, "taken.cn"))
	good := h.cnProfile()
	common := h.verified(h.me, forCOM, li, liNumber)
	unverified := h.draft(h.me, forCN, wang, wangNumber).Profile.PublicID
	reviewing := h.submit(h.me, h.draft(h.me, forCN, wang+"PENDING", wangNumber)).Profile.PublicID
	failed := h.submit(h.me, h.draft(h.me, forCN, wang+"FAIL", wangNumber)).Profile.PublicID
	abroad := h.submit(h.me, h.draft(h.me, forCN, li, "X00123456", "country", "DE", "document_kind", "passport", "postal_code", "10115", "phone", "030 901820", "city_en", "Berlin", "address_en", "Musterstr. 1"))
	h.exec("UPDATE profile_version SET state = 'verified' WHERE id = ?", abroad.Current.ID)
	theirs := h.verified(h.other, forCN, wang, wangNumber)
	for what, tt := range map[string]struct {
		name, profile string
		years         int
		want          string
	}{
		"profile not submitted":        {"example.cn", unverified, 1, "profile_not_submitted"},
		"profile in review":            {"example.cn", reviewing, 1, "profile_still_in_review"},
		"profile failed":               {"example.cn", failed, 1, "profile_review_failed"},
		"profile of another kind":      {"example.cn", common, 1, "profile_kind_mismatch"},
		"CNNIC profile for .com":       {"example.com", good, 1, "profile_kind_mismatch"},
		"holder not eligible":          {"example.cn", abroad.Profile.PublicID, 1, "holder_not_eligible"},
		"another account's profile":    {"example.cn", theirs, 1, "profile_not_found"},
		"no such profile":              {"example.cn", "prf_none", 1, "profile_not_found"},
		"name taken":                   {"taken.cn", good, 1, "domain_taken"},
		"no name":                      {"exa mple.cn", good, 1, "domain_name_invalid"},
		"a suffix, not a name":         {"cn", good, 1, "domain_name_invalid"},
		"two labels":                   {"www.example.cn", good, 1, "domain_name_invalid"},
		"suffix that nobody offers":    {"example.invalid", good, 1, "suffix_unsupported"},
		"suffix without a registry":    {"example.xyz", good, 1, "suffix_unsupported"},
		"second level without account": {"example.com.cn", good, 1, "suffix_unsupported"},
		"too many years":               {"example.cn", good, 11, "years_invalid"},
		"years behind us":              {"example.cn", good, -1, "years_invalid"},
	} {
		_, err := h.domains.PlaceOrder(t.Context(), h.me, tt.name, tt.profile, tt.years)
		h.wantFault(what, err, tt.want)
	}
	_, err := h.domains.PlaceOrder(t.Context(), h.office, "example.cn", good, 1)
	h.wantFault("an operator's order", err, "forbidden")
	if _, err := h.accounts.AssertIdentity(t.Context(), actor.Verinym, h.myAccount.PublicID, account.Assertion{Verified: false, Source: "customer register"}); err != nil {
		t.Fatal(err)
	}
	_, err = h.domains.PlaceOrder(t.Context(), h.me, "example.cn", good, 1)
	h.wantFault("account not verified", err, "account_unverified")
	if n := h.count("domain_order") + h.count("domain"); n != 0 {
		t.Errorf("refused orders left %d rows", n)
	}
}

// overseas makes Anna's profile for the overseas accreditation, where nobody reviews it.
func (h *house) overseas() profile.View {
	h.Helper()
	d := saying("name_en", "Anna Maria Schmidt", "country", "DE", "city_en", "Berlin", "address_en", "Musterstr. 1", "postal_code", "10115", "phone", "030 901820", "email", "anna@registrant.example")
	v, err := h.profiles.Create(h.Context(), h.me, policy.Overseas, policy.Common, policy.Individual, d)
	if err != nil {
		h.Fatal(err)
	}
	return v
}

// anna is that profile when its address has answered.
func (h *house) anna() string {
	h.Helper()
	v := h.overseas()
	h.answers(h.me, v)
	return v.Profile.PublicID
}

func TestOverseasNameIsOrderedWithAProfileThatNobodyReviewed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		v := h.overseas()
		anna := v.Profile.PublicID
		_, err := h.domains.PlaceOrder(t.Context(), h.me, "example.com", anna, 1)
		h.wantFault("before the address has answered", err, "email_unverified")
		h.answers(h.me, v)
		o := h.place("example.com", anna)
		if !o.VerdictAt.IsZero() || !o.HoldAt.IsZero() {
			t.Errorf("the order expects a verdict at %v and a hold at %v", o.VerdictAt, o.HoldAt)
		}
		city := "Potsdam"
		_, err = h.profiles.Edit(t.Context(), h.me, anna, profile.Draft{Fields: map[string]*string{"city_en": &city}})
		h.wantFault("an edit under the order", err, "profile_in_use")
		h.pay(o)
		h.settles()
		got := h.get("example.com")
		if got.Status(c.Now()) != domain.StatusNormal || got.HolderState != domain.NotRequired || got.VersionID != v.Current.ID || h.count("review_case") != 0 {
			t.Errorf("the domain is %s, its holder %s, with %d reviews", got.Status(c.Now()), got.HolderState, h.count("review_case"))
		}
	})
}

func TestUnreachableRegistryTakesNoOrder(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	profile := h.cnProfile()
	h.server.Cut(0)
	_, err := h.domains.PlaceOrder(t.Context(), h.me, "example.cn", profile, 1)
	h.wantFault("a registry that is away", err, "registry_unreachable")
	h.server.Restore()
	h.until("the registry to answer again", func() bool {
		_, err := h.domains.PlaceOrder(t.Context(), h.me, "example.cn", profile, 1)
		return err == nil
	})
}

func TestProfilesAreOfferedWithWhyTheyDoNotFit(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	good, common := h.cnProfile(), h.verified(h.me, forCOM, li, liNumber)
	draft := h.draft(h.me, forCN, wang, wangNumber).Profile.PublicID
	h.verified(h.other, forCN, wang, wangNumber)
	for name, want := range map[string]map[string]string{
		"example.cn":      {good: "", common: "profile_kind_mismatch", draft: "profile_not_submitted"},
		"example.com":     {good: "profile_kind_mismatch", common: "", draft: "profile_kind_mismatch"}, // submitting it would not help
		"example.invalid": {good: "suffix_unsupported", common: "suffix_unsupported", draft: "suffix_unsupported"},
		"a.example.cn":    {good: "domain_name_invalid", common: "domain_name_invalid", draft: "domain_name_invalid"},
	} {
		got, _, err := h.domains.Choices(t.Context(), h.me, name, "", "", 10)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %d choices, %v", name, len(got), err)
		}
		for _, choice := range got {
			code := ""
			if choice.Reason != nil {
				code = choice.Reason.Code
			}
			if code != want[choice.Profile] || choice.Holder == "" {
				t.Errorf("%s: the profile of %s: %q, want %q", name, choice.Holder, code, want[choice.Profile])
			}
		}
	}
	if _, err := h.profiles.SetDefault(t.Context(), h.me, draft, true); err != nil {
		t.Fatal(err)
	}
	var pages [][]string
	for after, more := "", true; more; more = after != "" {
		got, next, err := h.domains.Choices(t.Context(), h.me, "example.cn", "", after, 2)
		if err != nil || len(pages) == 3 {
			t.Fatalf("page %d: %v, %v", len(pages), got, err)
		}
		var page []string
		for _, choice := range got {
			if choice.Default != (choice.Profile == draft) {
				t.Errorf("%s is the default: %v", choice.Profile, choice.Default)
			}
			page = append(page, choice.Profile)
		}
		pages, after = append(pages, page), next
	}
	if want := [][]string{{draft, good}, {common}}; !reflect.DeepEqual(pages, want) {
		t.Errorf("the pages are %v, want the default profile first: %v", pages, want)
	}
	for query, want := range map[string][]string{"王": {draft}, "李": {good, common}, "nobody": nil} {
		got, next, err := h.domains.Choices(t.Context(), h.me, "example.cn", query, "", 10)
		var found []string
		for _, choice := range got {
			found = append(found, choice.Profile)
		}
		if err != nil || next != "" || !slices.Equal(found, want) {
			t.Errorf("%s finds %v, %q, %v; want %v", query, found, next, err, want)
		}
	}
	_, _, err := h.domains.Choices(t.Context(), h.me, "not a name", "", "", 10)
	h.wantFault("choices for no name", err, "domain_name_invalid")
}

func TestPaymentConfirmedAgainRegistersOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		o := h.place("example.cn", h.cnProfile())
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = h.domains.ConfirmPayment(context.WithoutCancel(t.Context()), h.office, o.PublicID)
			})
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				t.Errorf("a confirmation was refused: %v", err)
			}
		}
		h.settles()
		h.pay(o)
		h.settles()
		if got := h.order(o).State; got != domain.Completed {
			t.Errorf("the order is %s", got)
		}
		creates := 0
		for _, r := range h.server.LogOf("domain", "example.cn") {
			if r.Verb == "create" {
				creates++
			}
		}
		if n := h.count("domain WHERE name = 'example.cn'"); n != 1 || creates != 1 {
			t.Errorf("%d domains and %d creates, want one of each", n, creates)
		}
		if got := h.events(o.PublicID); !slices.Equal(got, []string{"order.placed", "order.paid"}) {
			t.Errorf("the registrant was told %v", got)
		}
	})
}

// Several orders of one new holder are paid at the same moment: the holder's
// contact is made once.
func TestOrdersOfOneHolderPaidTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		var orders []domain.Order
		for _, n := range []string{"one.cn", "two.cn", "three.cn", "four.cn", "five.cn"} {
			orders = append(orders, h.place(n, profile))
		}
		var wg sync.WaitGroup
		errs := make([]error, len(orders))
		for i, o := range orders {
			wg.Go(func() {
				_, errs[i] = h.domains.ConfirmPayment(context.WithoutCancel(t.Context()), h.office, o.PublicID)
			})
		}
		wg.Wait()
		for i, err := range errs {
			if err != nil {
				t.Errorf("%s: %v", orders[i].Name, err)
			}
		}
		h.settles()
		for _, o := range orders {
			if got := h.order(o).State; got != domain.Completed {
				t.Errorf("%s: the order is %s", o.Name, got)
			}
		}
		if n := h.count("registry_contact"); n != 1 {
			t.Errorf("%d contacts, want one", n)
		}
	})
}

func TestCancelledOrderCannotBePaid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		o := h.place("example.cn", profile)
		_, err := h.domains.CancelOrder(t.Context(), h.other, o.PublicID)
		h.wantFault("another account cancels", err, "order_not_found")
		if o, err = h.domains.CancelOrder(t.Context(), h.me, o.PublicID); err != nil || o.State != domain.OrderCancelled {
			t.Fatalf("cancelled: %s, %v", o.State, err)
		}
		_, err = h.domains.ConfirmPayment(t.Context(), h.office, o.PublicID)
		h.wantFault("a cancelled order is paid", err, "order_state")
		if n := h.count("domain") + h.count("registry_command"); n != 0 {
			t.Errorf("%d rows were written for a cancelled order", n)
		}
		paid := h.pay(h.place("example.cn", profile))
		_, err = h.domains.CancelOrder(t.Context(), h.me, paid.PublicID)
		h.wantFault("a paid order is cancelled", err, "order_state")
		_, err = h.domains.ConfirmPayment(t.Context(), h.me, paid.PublicID)
		h.wantFault("a registrant confirms a payment", err, "forbidden")
	})
}

// The verdict about a profile is taken back, or its document runs out, between an order and
// its payment: nothing is registered with it any more. One that its owner has deleted is as
// good as it was.
func TestOrderOfAProfileThatFailedSinceCannotBePaid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		pay := func(o domain.Order) error {
			_, err := h.domains.ConfirmPayment(t.Context(), h.office, o.PublicID)
			return err
		}
		sound := h.cnProfile()
		ends := h.submit(h.me, h.draft(h.me, forCN, wang, wangNumber, "valid_to", c.Now().Add(2*day).Format("2006-01-02")))
		kept, ending := h.place("example.cn", sound), h.place("ending.cn", ends.Profile.PublicID)
		h.exec("UPDATE profile_version SET state = 'failed' WHERE id <> ?", ends.Current.ID)
		h.wantFault("after the verdict was taken back", pay(kept), "order_profile_unusable")
		h.clock.Advance(4 * day)
		h.wantFault("after the document has run out", pay(ending), "order_profile_unusable")
		if n := h.count("domain") + h.count("registry_command"); n != 0 {
			t.Errorf("%d rows were written for orders that cannot be paid", n)
		}
		h.exec("UPDATE profile_version SET state = 'verified'")
		h.deletes(sound)
		if err := pay(kept); err != nil {
			t.Errorf("after its profile was deleted: %v", err)
		}
	})
}

// Two customers order one name. Who pays first has it.
func TestNamePaidTwiceIsRegisteredForTheFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		mine := h.place("example.cn", h.cnProfile())
		theirs, err := h.domains.PlaceOrder(t.Context(), h.other, "example.cn", h.verified(h.other, forCN, wang, wangNumber), 1)
		if err != nil {
			t.Fatal(err)
		}
		h.pay(mine)
		_, err = h.domains.ConfirmPayment(t.Context(), h.office, theirs.PublicID)
		h.wantFault("the second payment", err, "domain_exists")
		h.settles()
		if got, err := h.domains.FindOrder(t.Context(), h.other, theirs.PublicID); err != nil || got.State != domain.AwaitingPayment {
			t.Errorf("the second order is %s (%v), want awaiting payment, for a refund or another name", got.State, err)
		}
	})
}

func TestNameTakenAfterPaymentFailsTheOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		if err := h.server.SetFaults(sandbox.Fault{Verb: "create", Object: "domain", Kind: sandbox.FaultCode, Code: epp.CodeExists}); err != nil {
			t.Fatal(err)
		}
		profile := h.cnProfile()
		o := h.pay(h.place("example.cn", profile))
		h.settles()
		d := h.get("example.cn")
		if got := h.order(o); got.State != domain.OrderFailed || got.Failure == "" || d.State != domain.Unfulfilled || d.Status(c.Now()) != domain.StatusUnfulfilled || d.SyncState != domain.SyncFailed {
			t.Errorf("order %s (%s), domain %s, sync %s; want both failed, with the registry's words", got.State, got.Failure, d.State, d.SyncState)
		}
		e := h.event(o.PublicID, "order.failed")
		if !strings.Contains(e.Data["Words"], "exists") || e.Data["Domain"] != "example.cn" {
			t.Errorf("the registrant was told %v", e.Data)
		}
		// The name may be ordered again.
		h.server.ClearFaults()
		_, again := h.register("example.cn", profile)
		if again.ID == d.ID || h.get("example.cn").ID != again.ID {
			t.Error("the name does not show its newer registration")
		}
	})
}

// Where the label is reviewed before the name may be created.
func TestNamingReviewComesBeforeTheRegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.verified(h.me, forCOM, li, liNumber)
		good, bad := h.pay(h.place("example.com", profile)), h.pay(h.place("will-fail.com", profile))
		waiting := h.pay(h.place("pending.com", profile))
		for _, o := range []domain.Order{good, bad, waiting} {
			if d := h.get(o.Name); o.State != domain.NamingReview || d.NamingState != domain.InReview || d.State != domain.Registering {
				t.Errorf("%s: order %s, naming %s, domain %s", o.Name, o.State, d.NamingState, d.State)
			}
		}
		if n := h.count("registry_command"); n != 0 {
			t.Errorf("%d commands were written before the names passed", n)
		}
		h.decide()
		h.settles()
		if d := h.get("example.com"); h.order(good).State != domain.Completed || d.Status(c.Now()) != domain.StatusNormal || d.Verification() != domain.Verified {
			t.Errorf("example.com: order %s, %s; want normal", h.order(good).State, d.Status(c.Now()))
		}
		got, d := h.order(bad), h.get("will-fail.com")
		if got.State != domain.OrderFailed || got.Failure != "name_prohibited" || d.State != domain.Unfulfilled || d.NamingState != domain.Failed || d.NamingReason != "name_prohibited" {
			t.Errorf("will-fail.com: order %s (%s), domain %s, naming %s (%s)", got.State, got.Failure, d.State, d.NamingState, d.NamingReason)
		}
		if e := h.event(bad.PublicID, "order.failed"); e.Data["Reason"] != "name_prohibited" {
			t.Errorf("the registrant was told %v", e.Data)
		}
		if got := h.order(waiting); got.State != domain.NamingReview {
			t.Errorf("pending.com: order %s, want in naming review", got.State)
		}
		for _, r := range h.server.Log() {
			if r.Verb == "create" && r.Name != "example.com" {
				t.Errorf("%s %s was created", r.Object, r.Name)
			}
		}
	})
}

// The registry deletes a name that it does not allow, and the money goes back.
func TestProhibitedNameIsDeletedByTheRegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		_, d := h.register("will-fail.cn", profile)
		h.pass(namingDelay)
		h.read()
		d = h.get("will-fail.cn")
		if d.State != domain.Deleted || d.Status(c.Now()) != domain.StatusDeleted || d.NamingState != domain.Failed || d.NamingReason != "name_prohibited" {
			t.Errorf("%s, naming %s (%s); want deleted with its reason", d.State, d.NamingState, d.NamingReason)
		}
		if e := h.event(d.PublicID, "domain.deleted"); e.Data["Refund"] != "true" {
			t.Errorf("the registrant was told %v, want a refund", e.Data)
		}
		if e := h.event(d.PublicID, "domain.naming_failed"); e.Data["Reason"] != "name_prohibited" {
			t.Errorf("the registrant was told %v", e.Data)
		}
	})
}

// A deletion that has nothing to do with the name's review is not paid back.
func TestDeletionForOtherReasonsIsNoRefund(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	_, d := h.register("example.cn", h.cnProfile())
	h.apply(registry.Result{Registry: "cn", Outcome: registry.OutcomeNotice, Domain: "example.cn", Deleted: true, Message: "The registration has expired.", At: c.Now()})
	if got := h.get("example.cn").State; got != domain.Deleted {
		t.Errorf("the domain is %s", got)
	}
	if e := h.event(d.PublicID, "domain.deleted"); e.Data["Refund"] != "" {
		t.Errorf("the registrant was told %v, want no refund", e.Data)
	}
}

// apply tells the domains what a registry said, as the registry's loops do.
func (h *house) apply(results ...registry.Result) {
	h.Helper()
	err := h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) error { return h.domains.Applied(ctx, tx, results) })
	if err != nil {
		h.Fatal(err)
	}
}

func TestHolderWhoFailsAtTheRegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		// Our authority has verified the profile; the registry sees it differently.
		v := h.draft(h.me, forCN, li+"FAIL-number_mismatch", liNumber)
		v = h.submit(h.me, v)
		h.exec("UPDATE profile_version SET state = ? WHERE id = ?", string(profile.Verified), v.Current.ID)
		_, d := h.register("example.cn", v.Profile.PublicID)
		h.reviewed()
		d = h.get("example.cn")
		if d.HolderState != domain.Failed || d.HolderReason != "number_mismatch" || d.NamingState != domain.Verified || d.Status(c.Now()) != domain.StatusFailed {
			t.Errorf("holder %s (%s), naming %s, %s; want failed with the reason", d.HolderState, d.HolderReason, d.NamingState, d.Status(c.Now()))
		}
		if e := h.event(d.PublicID, "domain.real_name_failed"); e.Data["Reason"] != "number_mismatch" {
			t.Errorf("the registrant was told %v", e.Data)
		}
		// Nobody verifies in time: the registry holds the name.
		h.pass(holdAfter)
		h.read()
		if d = h.get("example.cn"); !d.Has(epp.ServerHold) {
			t.Errorf("after five days the statuses are %v, want serverHold", d.Statuses)
		}
	})
}

func TestOrdersOfOneAccountAreNotSeenByAnother(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	o := h.place("example.cn", h.cnProfile())
	_, err := h.domains.FindOrder(t.Context(), h.other, o.PublicID)
	h.wantFault("another account's order", err, "order_not_found")
	if got, err := h.domains.FindOrder(t.Context(), h.office, o.PublicID); err != nil || got.ID != o.ID {
		t.Errorf("the billing system reads %v (%v)", got.ID, err)
	}
	_, err = h.domains.FindOrder(t.Context(), actor.Actor{ID: "rev", Roles: []actor.Role{actor.Reviewer}}, o.PublicID)
	h.wantFault("a reviewer", err, "forbidden")
	_, err = h.domains.ConfirmPayment(t.Context(), h.office, "ord_none")
	h.wantFault("no such order", err, "order_not_found")
}
