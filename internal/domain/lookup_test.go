package domain_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/rdap"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// lookingUp is the domains of the house, with a registration-data server for .cn.
func (h *house) lookingUp(server http.HandlerFunc) *domain.All {
	h.Helper()
	s := httptest.NewServer(server)
	h.Cleanup(s.Close)
	c, err := rdap.New(rdap.Config{Servers: map[string]string{"cn": s.URL}, Plain: true, Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		h.Fatal(err)
	}
	return domain.New(domain.Config{
		Store: h.store, Policies: h.policies, Accounts: h.accounts, Profiles: h.profiles,
		Registries: h.registries, Reviews: h.reviews, Emails: h.emails,
		NamingAuthority: "sandbox", RDAP: c, Log: slog.New(slog.DiscardHandler),
	})
}

func TestLookUpOfAnyDomain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.register("mine.cn", h.cnProfile())
		h.reviewed()
		broken := false
		all := h.lookingUp(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case broken:
				w.WriteHeader(http.StatusBadGateway)
			case r.URL.Path == "/domain/free.cn":
				w.WriteHeader(http.StatusNotFound)
			default:
				_, _ = w.Write([]byte(`{"objectClassName":"domain","ldhName":"` + r.URL.Path[len("/domain/"):] + `","status":["server hold","active"]}`))
			}
		})
		if got, err := all.LookUp(t.Context(), h.me, "Theirs.CN"); err != nil || got.Source != domain.FromRDAP || !got.Registered || !slices.Equal(got.Statuses, []string{"ok", epp.ServerHold}) || got.Server == "" {
			t.Errorf("somebody else's: %+v, %v", got, err)
		}
		if got, err := all.LookUp(t.Context(), h.me, "free.cn"); err != nil || got.Registered || got.Source != domain.FromRDAP {
			t.Errorf("nobody's: %+v, %v", got, err)
		}
		_, err := all.LookUp(t.Context(), h.me, "no name")
		h.wantFault("what is no name", err, "domain_name_invalid")

		broken = true
		got, err := all.LookUp(t.Context(), h.me, "mine.cn")
		if err != nil || got.Source != domain.FromRows || got.Missed != "unreachable" || !got.At.Equal(h.get("mine.cn").InfoAt.Time) || len(got.Statuses) == 0 || got.ExpiresAt.IsZero() {
			t.Errorf("our own while the server is broken: %+v, %v", got, err)
		}
		h.clock.Advance(3 * day)
		if got, err = all.LookUp(t.Context(), h.me, "mine.cn"); err != nil || got.Source != domain.FromRegistry || !got.At.Equal(h.clock.Now()) || len(got.Statuses) == 0 {
			t.Errorf("our own when what we have is old: %+v, %v", got, err)
		}
		for _, name := range []string{"theirs.cn", "theirs.example"} {
			_, err := all.LookUp(t.Context(), h.me, name)
			h.wantFault(name, err, "lookup_unavailable")
		}
		_, err = all.LookUp(t.Context(), h.other, "mine.cn")
		h.wantFault("our own, as another account", err, "lookup_unavailable")
		if got, err := h.domains.LookUp(t.Context(), h.me, "mine.cn"); err != nil || got.Source != domain.FromRegistry || got.Missed != "off" {
			t.Errorf("our own without a server: %+v, %v", got, err)
		}
	})
}

func TestAnAccountLooksUpSoManyAMinute(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	all := h.lookingUp(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	look := func(n int) (refused int) {
		for range n {
			if _, err := all.LookUp(t.Context(), h.me, "free.cn"); err != nil {
				h.wantFault("too many", err, "rate_limited")
				refused++
			}
		}
		return refused
	}
	if refused := look(33); refused != 3 {
		t.Errorf("of 33 look-ups %d were refused", refused)
	}
	if _, err := all.LookUp(t.Context(), h.other, "free.cn"); err != nil {
		t.Errorf("another account: %v", err)
	}
	h.clock.Advance(time.Minute)
	if refused := look(1); refused != 0 {
		t.Error("a minute later it is refused still")
	}
}
