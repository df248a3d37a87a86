package profile_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// Whoever could read the old address must not answer for the profile any more.
func TestChangedAddressMakesItsLinksVoid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		link := func(address string) string {
			t.Helper()
			addr, err := h.emails.Request(t.Context(), h.li, address)
			if err != nil {
				t.Fatal(err)
			}
			if err := h.emails.Send(t.Context(), emailcheck.SendLink{AddressID: addr.ID}); err != nil {
				t.Fatal(err)
			}
			return h.box.token
		}
		works := func(token string) bool {
			_, err := h.emails.Look(t.Context(), token)
			return err == nil
		}
		v := h.create(mainland, person().with("email", "old@registrant.example"))
		twin := h.create(mainland, person().with("email", "shared@registrant.example"))
		other := h.create(mainland, person().with("email", "shared@registrant.example"))
		old, shared := link("old@registrant.example"), link("shared@registrant.example")
		h.mustEdit(v, form{"city_zh": "宁波市"})
		if !works(old) {
			t.Error("another field has made the link void")
		}
		h.mustEdit(v, form{"email": "new@registrant.example"})
		if works(old) {
			t.Error("the link to the old address works")
		}
		if _, err := h.emails.Confirm(t.Context(), old); fault.Code(err) != "email_link_invalid" {
			t.Errorf("confirmed by the old link: %v", err)
		}
		h.mustEdit(twin, form{"email": "new@registrant.example"})
		if !works(shared) {
			t.Error("the link to an address that another profile gives is void")
		}
		if err := h.Delete(t.Context(), h.li, other.Profile.PublicID); err != nil {
			t.Fatal(err)
		}
		if works(shared) {
			t.Error("the link works though its last profile was deleted")
		}
		// Changed back, it is asked for again.
		c.Advance(time.Minute)
		h.mustEdit(v, form{"email": "old@registrant.example"})
		if !works(link("old@registrant.example")) || works(old) {
			t.Error("a new link does not work, or the old one does again")
		}
	})
}

// How long an account has given the same data, whichever profile says so.
func TestSinceWhenAnAccountGivesTheSameData(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		began := c.Now()
		first := h.create(mainland, person())
		c.Advance(time.Hour)
		twin := h.create(cnnic, person())
		moved := h.create(mainland, person().with("name_zh", "王若溪"))
		parts := []string{"holder", "email", "phone"}
		since := func(v profile.View) time.Time {
			t.Helper()
			at, err := h.Since(t.Context(), s.R, v.Current, parts)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		if !bytes.Equal(first.Current.Reach(parts), twin.Current.Reach(parts)) || bytes.Equal(first.Current.Reach(parts), moved.Current.Reach(parts)) {
			t.Error("who is the same differs, or who differs is the same")
		}
		if !bytes.Equal(first.Current.Reach([]string{"email"}), moved.Current.Reach([]string{"email"})) {
			t.Error("the address alone differs")
		}
		if got := since(twin); !got.Equal(began) {
			t.Errorf("the twin gives it since %s", got)
		}
		if got := since(moved); !got.Equal(began.Add(time.Hour)) {
			t.Errorf("another holder gives it since %s", got)
		}
		ids, err := h.VersionsAt(t.Context(), s.R, h.li.Account, "li@registrant.example")
		if err != nil || !slices.Equal(ids, []int64{first.Current.ID, twin.Current.ID, moved.Current.ID}) {
			t.Errorf("the versions at the address are %v, %v", ids, err)
		}
		for _, address := range []string{"i@registrant.example", "li@registrant.exampl", "l%@registrant.example"} {
			if ids, err := h.VersionsAt(t.Context(), s.R, h.li.Account, address); err != nil || len(ids) != 0 {
				t.Errorf("%s: %v, %v", address, ids, err)
			}
		}
	})
}
