package accountcheck_test

import (
	"context"
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
)

var (
	rui = actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
	luo = actor.Actor{ID: "per_luo", Account: 99, Roles: []actor.Role{actor.Lead}}
)

// house is an installation with a customer who has two profiles, one of them verified.
type house struct {
	*accountcheck.Checks
	t          *testing.T
	store      *store.Store
	accounts   *account.Accounts
	reviews    *review.Reviews
	li         actor.Actor
	id         string
	good, poor string
}

func newHouse(t *testing.T, s *store.Store) house {
	t.Helper()
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	p := policytest.Shipped()
	h := house{t: t, store: s, accounts: account.New(s, account.Passwords{}), reviews: review.New(s, p)}
	profiles := profile.New(s, v, p, document.New(s, v, p, jail.Here(document.Inside())), h.reviews, profile.Authorities{Default: review.Desk})
	h.Checks = accountcheck.New(s, p, h.accounts, profiles, h.reviews)
	acc, err := h.accounts.Create(t.Context(), actor.Verinym, "li")
	if err != nil {
		t.Fatal(err)
	}
	h.li, h.id = actor.Actor{ID: "per_li", Account: acc.ID, Roles: []actor.Role{actor.Registrant}}, acc.PublicID
	for _, id := range []*string{&h.good, &h.poor} {
		name := "李思远"
		view, err := profiles.Create(t.Context(), h.li, policy.Mainland, policy.Common, policy.Individual, profile.Draft{Fields: map[string]*string{"name_zh": &name}, Incomplete: true})
		if err != nil {
			t.Fatal(err)
		}
		*id = view.PublicID
	}
	h.verify(h.good)
	return h
}

// verify makes a profile verified, as its review would.
func (h house) verify(id string) {
	h.t.Helper()
	err := h.store.InTx(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE profile_version SET state = 'verified' WHERE profile_id = (SELECT id FROM profile WHERE public_id = ?)", id).Exec(ctx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// decide has the desk decide the latest request.
func (h house) decide(d review.Decision) {
	h.t.Helper()
	c, _, err := h.Latest(h.t.Context(), h.li)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.reviews.Claim(h.t.Context(), rui, c.PublicID); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.reviews.Decide(h.t.Context(), rui, c.PublicID, d); err != nil {
		h.t.Fatal(err)
	}
}

func TestAccountIsVerifiedOnTheStrengthOfAProfile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		h := newHouse(t, s)
		if c, _, err := h.Latest(t.Context(), h.li); c != nil || err != nil {
			t.Errorf("before anything was asked: %+v, %v", c, err)
		}
		for what, tt := range map[string]struct {
			a             actor.Actor
			profile, code string
		}{
			"a profile that is not verified": {h.li, h.poor, "profile_not_submitted"},
			"none":                           {h.li, "prf_none", "profile_not_found"},
			"a reviewer":                     {rui, h.good, "forbidden"},
		} {
			if err := h.Submit(t.Context(), tt.a, tt.profile); fault.Code(err) != tt.code {
				t.Errorf("%s: %v, want %s", what, err, tt.code)
			}
		}
		if err := h.Submit(t.Context(), h.li, h.good); err != nil {
			t.Fatal(err)
		}
		if err := h.Submit(t.Context(), h.li, h.good); fault.Code(err) != "review_open" {
			t.Errorf("asked twice: %v", err)
		}
		h.verify(h.poor)
		if err := h.Submit(t.Context(), h.li, h.poor); fault.Code(err) != "review_open" {
			t.Errorf("asked with another profile: %v", err)
		}
		h.decide(review.Decision{Reasons: []review.Reason{{Code: "identity_not_owner"}}})
		if err := h.accounts.RequireVerified(t.Context(), s.R, h.li.Account); fault.Code(err) != "account_unverified" {
			t.Errorf("refused: %v", err)
		}
		if err := h.Submit(t.Context(), h.li, h.good); err != nil {
			t.Fatal(err)
		}
		h.decide(review.Decision{Pass: true})
		c, _, err := h.Latest(t.Context(), h.li)
		if err != nil || c.State != review.Passed || c.Attempt != 2 {
			t.Errorf("%+v, %v", c, err)
		}
		acc, err := h.accounts.Find(t.Context(), actor.Verinym, h.id)
		if err != nil || acc.IdentityState != account.Verified || acc.IdentitySource != review.Desk || acc.IdentityEvidence != c.PublicID {
			t.Errorf("passed: %+v, %v", acc, err)
		}
		if err := h.Submit(t.Context(), h.li, h.good); fault.Code(err) != "account_verified_already" {
			t.Errorf("verified already: %v", err)
		}
	})
}

// The desk's word for an account is taken back, with cause, as long as the account rests
// on it; so is its refusal, as long as nothing else has been asked since.
func TestDesksWordForAnAccountIsTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		h := newHouse(t, s)
		stranger := []review.Reason{{Code: "identity_not_owner"}}
		takeBack := func(given ...review.Reason) error {
			t.Helper()
			c, _, err := h.Latest(t.Context(), h.li)
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.reviews.Reverse(t.Context(), luo, c.PublicID, "looked at again", given)
			return err
		}
		ask := func(id string) {
			t.Helper()
			if err := h.Submit(t.Context(), h.li, id); err != nil {
				t.Fatal(err)
			}
		}
		verified := func() bool { return h.accounts.RequireVerified(t.Context(), s.R, h.li.Account) == nil }
		ask(h.good)
		h.decide(review.Decision{Reasons: stranger})
		if err := takeBack(); err != nil {
			t.Fatal(err)
		}
		h.decide(review.Decision{Pass: true}) // the same case again
		if err := takeBack(stranger...); err != nil || verified() {
			t.Errorf("taken back: %v, verified %v", err, verified())
		}
		var told []string
		if err := s.R.NewRaw("SELECT type FROM event WHERE account_id = ? AND type LIKE 'account.%' ORDER BY id", h.li.Account).Scan(t.Context(), &told); err != nil {
			t.Fatal(err)
		}
		if want := []string{"account.submitted", "account.failed", "account.reopened", "account.verified", "account.unverified", "account.failed"}; !slices.Equal(told, want) {
			t.Errorf("the customer was told %v, want %v", told, want)
		}
		ask(h.good)
		h.decide(review.Decision{Reasons: stranger})
		refused, _, err := h.Latest(t.Context(), h.li)
		if err != nil {
			t.Fatal(err)
		}
		h.verify(h.poor)
		ask(h.poor)
		if _, err := h.reviews.Reverse(t.Context(), luo, refused.PublicID, "misread", nil); fault.Code(err) != "review_superseded" {
			t.Errorf("while another profile is looked at: %v", err)
		}
		h.decide(review.Decision{Pass: true})
		if _, err := h.reviews.Reverse(t.Context(), luo, refused.PublicID, "misread", nil); fault.Code(err) != "account_verified_already" {
			t.Errorf("of a verified account: %v", err)
		}
		if _, err := h.accounts.AssertIdentity(t.Context(), actor.Verinym, h.id, account.Assertion{Verified: true, Source: "crm"}); err != nil {
			t.Fatal(err)
		}
		if err := takeBack(stranger...); fault.Code(err) != "account_verified_elsewhere" || !verified() {
			t.Errorf("while it rests on another's word: %v, verified %v", err, verified())
		}
	})
}

// An outside system has been faster than the desk.
func TestAccountThatIsVerifiedMeanwhileStaysSo(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	h := newHouse(t, s)
	if err := h.Submit(t.Context(), h.li, h.good); err != nil {
		t.Fatal(err)
	}
	if _, err := h.accounts.AssertIdentity(t.Context(), actor.Verinym, h.id, account.Assertion{Verified: true, Source: "crm"}); err != nil {
		t.Fatal(err)
	}
	h.decide(review.Decision{Reasons: []review.Reason{{Code: "identity_not_owner"}}})
	if err := h.accounts.RequireVerified(t.Context(), s.R, h.li.Account); err != nil {
		t.Errorf("the desk's refusal has undone it: %v", err)
	}
}
