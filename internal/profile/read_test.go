package profile_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestProfilesAreCountedByKindAndState(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.create(cnnic, person())
		h.submitted(cnnic, person())
		gone := h.create(cnnic, person())
		if err := h.Delete(t.Context(), h.li, gone.PublicID); err != nil {
			t.Fatal(err)
		}
		h.create(overseas, foreigner())
		if _, err := h.Create(t.Context(), h.chen, mainland.accreditation, mainland.kind, mainland.holder, person().draft()); err != nil {
			t.Fatal(err)
		}
		got, err := h.Counts(t.Context(), h.li)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			kind  policy.ProfileKind
			state profile.State
			want  int
		}{
			{"", "", 3}, {policy.CNNIC, "", 2}, {policy.CNNIC, profile.Unverified, 1}, {policy.CNNIC, profile.InReview, 1}, {overseas.kind, "", 1},
			{"", profile.Unverified, 2}, {"", profile.Failed, 0},
		} {
			if n := got.Of(x.kind, x.state); n != x.want {
				t.Errorf("%s %s: %d, want %d of %+v", x.kind, x.state, n, x.want, got)
			}
		}
		_, err = h.Counts(t.Context(), h.reviewer)
		check(t, "a reviewer counts", err, "forbidden")
	})
}

func TestAttemptsAreKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()), review.Reason{Code: "name_mismatch", StaffNote: "not for registrants"})
		v = h.mustEdit(v, form{"city_zh": "宁波市"})
		v = h.submit(v)
		if _, err := h.Withdraw(t.Context(), h.li, v.PublicID); err != nil {
			t.Fatal(err)
		}
		all, err := h.Attempts(t.Context(), h.li, v.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		var states []profile.State
		for _, a := range all {
			states = append(states, a.Version.State)
		}
		if want := []profile.State{profile.Withdrawn, profile.Failed}; !slices.Equal(states, want) {
			t.Fatalf("the attempts are %v, want %v", states, want)
		}
		if r := all[1].Reasons; len(r) != 1 || r[0].Code != "name_mismatch" || r[0].PointsName != "name_zh" || r[0].StaffNote != "" {
			t.Errorf("the registrant is told %+v", r)
		}
		_, err = h.Attempts(t.Context(), h.chen, v.PublicID)
		check(t, "somebody else reads the attempts", err, "profile_not_found")
	})
}
