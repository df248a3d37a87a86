package domain_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// decidedByProvider submits a profile to the verification service provider and waits for
// what it decides.
func (h *house) decidedByProvider(name string) (profile.View, []review.Reason) {
	h.Helper()
	v := h.draft(h.me, forCodes, name, liNumber)
	if _, err := h.profiles.Submit(h.Context(), h.me, v.PublicID, "vsp"); err != nil {
		h.Fatal(err)
	}
	h.decide()
	h.provided()
	h.clock.Advance(time.Minute)
	h.decide()
	out, err := h.profiles.Get(h.Context(), h.me, v.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	return out, out.Reasons
}

// The provider decides a profile, and the code that it issued for the holder serves the
// name that is ordered afterwards: it is asked about the holder once.
func TestProviderOfCodesDecidesAProfile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		v, _ := h.decidedByProvider(li)
		if v.Current.State != profile.Verified || v.Case == nil || v.Case.Authority != "vsp" || v.Case.DecidedBy != "authority:vsp" {
			t.Fatalf("the profile is %s by %+v", v.Current.State, v.Case)
		}
		const name = "decided" + codedSuffix
		h.pay(h.place(name, v.PublicID))
		h.provided()
		if got := h.codesAt(name); len(got) != 2 {
			t.Errorf("the registry has the codes %v", got)
		}
		if n := h.count("registry_command WHERE registry = 'vsp' AND kind = 'holder_code'"); n != 1 {
			t.Errorf("the provider was asked %d times about the holder", n)
		}
	})
}

func TestProviderOfCodesRefusesAProfile(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	v, reasons := h.decidedByProvider("李思远FAIL-name_mismatch")
	if v.Current.State != profile.Failed || len(reasons) != 1 {
		t.Fatalf("the profile is %s for %+v", v.Current.State, reasons)
	}
	if _, all, err := h.reviews.Find(t.Context(), h.office, v.Case.PublicID); err != nil || all[0].Code != "name_mismatch" || all[0].Raw == "" {
		t.Errorf("the reasons are %+v, %v", all, err)
	}
}
