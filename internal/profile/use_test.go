package profile_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// mayUse says why a profile may not be used.
func (h house) mayUse(v profile.View) error {
	_, _, err := h.Usable(h.t.Context(), h.store.R, h.li.Account, v.Profile.PublicID)
	return err
}

// use has something rest on a version as it was read.
func (h house) use(v profile.Version) error {
	return h.store.InTx(h.t.Context(), func(ctx context.Context, tx *store.Tx) error { return h.Use(ctx, tx, v) })
}

func TestOverseasCommonProfileIsUsedWithoutAReview(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		plain := foreigner().without("document_kind", "document_number")
		v, err := h.Create(t.Context(), h.li, overseas.accreditation, overseas.kind, overseas.holder, func() profile.Draft {
			d := plain.without("city_en").draft()
			d.Incomplete = true
			return d
		}())
		if err != nil {
			t.Fatal(err)
		}
		check(t, "not filled in to its end", h.mayUse(v), "profile profile_incomplete")
		v = h.mustEdit(v, plain)
		check(t, "with an address that nobody has answered from", h.mayUse(v), "email email_unverified")
		h.answers(v)
		check(t, "filled in", h.mayUse(v))
		remarks, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, profile.Plan{NoICPFiling: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range remarks {
			if r.Severity == "error" {
				t.Errorf("its pre-flight asks for %s %s", r.Field, r.Code)
			}
		}
		check(t, "as proof of who somebody is", func() error {
			_, _, err := h.Proven(t.Context(), s.R, h.li.Account, v.Profile.PublicID)
			return err
		}(), "profile profile_not_submitted")
		// Who shows a document all the same, and is refused, is not let through.
		failed := h.decided(h.submitted(overseas, foreigner()), review.Reason{Code: "name_mismatch"})
		check(t, "refused by a review", h.mayUse(failed), "profile profile_review_failed")
		check(t, "in review", h.mayUse(h.submitted(overseas, foreigner())))
		check(t, "for a suffix that wants its holders verified", h.Fits(v.Profile, v.Current, policy.Rule{
			Accreditation: policy.Overseas, Suffix: "example", Verification: policy.Verification{Duty: "required"}, Holders: anybody.Holders,
		}), "profile suffix_wants_verified")
	})
}

// anybody may hold names under this rule.
var anybody = func() (r policy.Rule) {
	r.Holders.Individual, r.Holders.Organization = []string{"*"}, []string{"*"}
	return r
}()

func TestWhichProfilesNeedAReviewIsPolicy(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouseUnder(t, s, c, policytest.Changed(t, "overseas: {languages: [en], verified: false", "overseas: {languages: [en], verified: true"))
	v := h.create(overseas, foreigner())
	h.answers(v)
	check(t, "under a policy that wants it verified", h.mayUse(v), "profile profile_not_submitted")
}

func TestVersionThatSomethingRestsOnIsFrozen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(overseas, foreigner())
		h.answers(v)
		before := v.Current
		v = h.mustEdit(v, form{"city_en": "Potsdam"})
		if err := h.use(before); !errors.Is(err, store.ErrStale) {
			t.Errorf("a version that was edited since it was read is used: %v", err)
		}
		for range 2 { // two orders, both of which have read it before
			if err := h.use(v.Current); err != nil {
				t.Fatal(err)
			}
		}
		used := h.get(v).Current
		_, err := h.edit(v, form{"city_en": "Hamburg"})
		check(t, "an edit that does not agree to a new version", err, "profile_in_use")
		d := form{"city_en": "Hamburg"}.draft()
		d.NewVersion = true
		v, err = h.Edit(t.Context(), h.li, v.Profile.PublicID, d)
		if err != nil {
			t.Fatal(err)
		}
		if v.Current.ID == used.ID || v.Current.Number != used.Number+1 || v.Current.Fields.CityEn != "Hamburg" || !v.Current.UsedAt.IsZero() {
			t.Errorf("the edit made %+v of %+v", v.Current, used)
		}
		if _, kept, err := h.ByRef(t.Context(), s.R, used.PublicID); err != nil || kept.Fields.CityEn != "Potsdam" {
			t.Errorf("what the order rests on says %q, %v", kept.Fields.CityEn, err)
		}
		check(t, "the new version", h.mayUse(v))
		h.mustEdit(v, form{"city_en": "Bremen"}) // nothing rests on it yet
		verified := h.decided(h.submitted(mainland, person()))
		if err := h.use(verified.Current); err != nil || !h.get(verified).Current.UsedAt.IsZero() {
			t.Errorf("a verified version is frozen once more: %v", err)
		}
	})
}

func TestProfileWhoseMailComesBackIsNotUsed(t *testing.T) {
	t.Parallel()
	bounces := func(h house) profile.View {
		v := h.decided(h.submitted(mainland, person()))
		check(t, "verified", h.mayUse(v))
		h.clock.Advance(time.Minute)
		ola := actor.Actor{ID: "per_ola", Account: 98, Roles: []actor.Role{actor.Operator}}
		if n, err := h.emails.Report(t.Context(), ola, emailcheck.Bounce{Address: v.Current.Fields.Email, Hard: true, Status: "5.1.1"}); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		return v
	}
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	check(t, "bounced", h.mayUse(bounces(h)), "email email_bounced")
	s, c = storetest.SQLite(t)
	h = newHouseUnder(t, s, c, policytest.Changed(t, "verified_before: {steps: [submission, use]", "verified_before: {steps: [submission]"))
	check(t, "under a policy that does not ask for it", h.mayUse(bounces(h)))
}

func TestDatesThatRulesRestOnAreAskedFor(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	from, _ := h.policies.Limits.AcceptedFrom(c.Now().In(h.policies.Calendar.Zone()).Format("2006-01-02"))
	for what, tt := range map[string]struct {
		form form
		want []string
	}{
		"a licence without its date of issue":     {company().with("document_kind", "business_licence").without("issued_on"), []string{"issued_on issue_date_required"}},
		"a licence with it":                       {company().with("document_kind", "business_licence"), nil},
		"an older certificate without its end":    {company().with("document_kind", "organization_code_certificate"), []string{"valid_to validity_required"}},
		"one that ends":                           {company().with("document_kind", "organization_code_certificate", "valid_to", "2099-12-31"), nil},
		"a certificate that asks for no dates":    {company().with("document_kind", "law_firm_licence").without("issued_on"), nil},
		"a licence that was issued the other day": {company().with("document_kind", "business_licence", "issued_on", c.Now().Format("2006-01-02")), []string{"issued_on issued_under_10_days"}},
	} {
		v := h.create(organization, tt.form)
		h.answers(v)
		for _, side := range h.sides(v) {
			h.shown(v, side)
		}
		_, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		check(t, what, err, tt.want...)
		for _, f := range details(err) {
			if f.Code == "issue_date_required" && f.Params["Date"] != from || f.Code == "issued_under_10_days" && f.Params["Date"] != from {
				t.Errorf("%s: it counts from %s, want %s", what, f.Params["Date"], from)
			}
		}
	}
}

// details are the faults in an error.
func details(err error) fault.List {
	f := fault.From(err)
	if f == nil {
		return nil
	}
	return append(f.Details, f)
}
