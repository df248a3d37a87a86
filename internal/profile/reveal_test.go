package profile_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// The owner sees the number of their document in clear when they have just proved who they
// are; each look is on record, and nothing else shows it.
func TestOwnerRevealsTheirNumber(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		id := h.create(mainland, person()).Profile.PublicID
		bare := h.create(mainland, person().without("document_number")).Profile.PublicID
		here := func(a actor.Actor, ago time.Duration) actor.Actor {
			a.Session, a.ProvedAt = []byte("session"), s.Now().Add(-ago)
			return a
		}
		for name, tt := range map[string]struct {
			who  actor.Actor
			id   string
			want string
		}{
			"an API key":                {h.li, id, "session_required"},
			"signed in long ago":        {here(h.li, actor.ProofFor), id, "proof_required"},
			"another account":           {here(h.chen, 0), id, "profile_not_found"},
			"another account, long ago": {here(h.chen, time.Hour), id, "profile_not_found"},
			"a reviewer":                {here(h.reviewer, 0), id, "forbidden"},
			"no number":                 {here(h.li, 0), bare, "number_none"},
			"no profile":                {here(h.li, 0), "prf_none", "profile_not_found"},
		} {
			if n, err := h.RevealNumber(t.Context(), tt.who, tt.id); n != "" || fault.Code(err) != tt.want {
				t.Errorf("%s: %q, %v; want %s", name, n, err, tt.want)
			}
		}
		looks := func() (n int) {
			t.Helper()
			if err := s.R.NewRaw("SELECT count(*) FROM audit_entry WHERE action = 'profile.reveal_number' AND actor = ? AND subject = ?", h.li.ID, id).Scan(t.Context(), &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := looks(); n != 0 {
			t.Errorf("%d looks are on record that were refused", n)
		}
		for i := range 2 {
			if n, err := h.RevealNumber(t.Context(), here(h.li, actor.ProofFor-time.Microsecond), id); n != liNumber || err != nil || looks() != i+1 {
				t.Errorf("%q, %v, %d looks on record", n, err, looks())
			}
		}
	})
}
