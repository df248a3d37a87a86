package webhook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
)

func TestEndpointThatFailsForLongIsDisabledAndSaysSo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, _ := o.endpoint(o.li, "profile.verified")
		o.answers(http.StatusInternalServerError)
		for day := range 6 {
			o.happens(o.li, "profile.verified", fmt.Sprintf("prf_%d", day))
			o.send()
			if now, err := o.Find(t.Context(), o.li, e.PublicID); err != nil || (now.State == webhook.Enabled) != (day < 5) {
				t.Fatalf("after %d days it is %s, %v", day, now.State, err)
			}
			if day == 2 { // what is said about it is no sign that it answers
				about := "the one that fails"
				if _, err := o.Edit(t.Context(), o.li, e.PublicID, webhook.Wish{Description: &about}); err != nil {
					t.Fatal(err)
				}
			}
			c.Advance(24 * time.Hour)
		}
		var told int
		if err := s.R.NewRaw("SELECT count(*) FROM event WHERE type = 'webhook.disabled' AND subject = ? AND account_id = ?", e.PublicID, o.li.Account).Scan(t.Context(), &told); err != nil || told != 1 {
			t.Errorf("its owner is told %d times, %v", told, err)
		}
		o.got()
		o.answers(http.StatusOK)
		o.happens(o.li, "profile.verified", "prf_meanwhile")
		o.send()
		if calls := o.got(); len(calls) != 0 {
			t.Errorf("a disabled endpoint is called: %+v", calls)
		}
		on := true
		if now, err := o.Edit(t.Context(), o.li, e.PublicID, webhook.Wish{Enabled: &on}); err != nil || now.State != webhook.Enabled || now.DisabledFor != "" || !now.FailingAt.IsZero() {
			t.Fatalf("%+v, %v", now, err)
		}
		o.send()
		if calls := o.got(); len(calls) == 0 || !strings.Contains(calls[len(calls)-1].body, "prf_meanwhile") {
			t.Errorf("enabled, it gets %+v", calls)
		}
	})
}

func TestEndpointThatIsGoneIsDisabledAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, _ := o.endpoint(o.li)
		o.answers(http.StatusGone)
		o.happens(o.li, "profile.verified", "prf_1")
		o.send()
		if now, err := o.Find(t.Context(), o.li, e.PublicID); err != nil || now.State != webhook.Disabled || now.DisabledFor != "gone" {
			t.Errorf("%+v, %v", now, err)
		}
		o.got()
		o.answers(http.StatusOK)
		on := true
		if _, err := o.Edit(t.Context(), o.li, e.PublicID, webhook.Wish{Enabled: &on}); err != nil {
			t.Fatal(err)
		}
		o.send()
		if calls := o.got(); len(calls) == 0 || !strings.Contains(calls[0].body, "prf_1") {
			t.Errorf("enabled, it does not hear at once of what waited for its next try: %+v", calls)
		}
	})
}

func TestDeadEndpointIsLeftAloneAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		o.endpoint(o.li)
		dead := "http://127.0.0.1:1/"
		e, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &dead})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			o.happens(o.li, "profile.verified", fmt.Sprintf("prf_%d", i))
		}
		o.send()
		if calls := o.got(); len(calls) != 30 {
			t.Errorf("the other endpoint got %d of 30", len(calls))
		}
		tries := func() (n int) {
			if err := s.R.NewRaw("SELECT count(*) FROM webhook_attempt a JOIN webhook_delivery d ON d.id = a.delivery_id WHERE d.endpoint_id = ?", e.ID).Scan(t.Context(), &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := tries(); n != 1 {
			t.Errorf("the dead one was tried %d times, want once", n)
		}
		c.Advance(time.Minute)
		o.send()
		if n := tries(); n != 2 {
			t.Errorf("the dead one was tried %d times after a minute, want twice", n)
		}
		for _, d := range o.log(o.li, e) {
			if d.State != webhook.Waiting {
				t.Errorf("%s is %s, want it to wait", d.PublicID, d.State)
			}
		}
	})
}

func TestBothSecretsSignForADayAfterARotation(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, old := o.endpoint(o.li)
		_, now, err := o.RotateSecret(t.Context(), o.li, e.PublicID, false)
		if err != nil || now == old {
			t.Fatal(now, err)
		}
		arrives := func(what string, fits, not []string) {
			t.Helper()
			if _, err := o.Test(t.Context(), o.li, e.PublicID); err != nil {
				t.Fatal(err)
			}
			o.send()
			calls := o.got()
			if len(calls) != 1 {
				t.Fatalf("%s: %+v", what, calls)
			}
			for _, secret := range fits {
				if err := verify(secret, calls[0], s.Now()); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			for _, secret := range not {
				if err := verify(secret, calls[0], s.Now()); err == nil {
					t.Errorf("%s: a secret signs that should not", what)
				}
			}
		}
		arrives("rotated", []string{old, now}, nil)
		if err := vault.Rotate(o.keys); err != nil {
			t.Fatal(err)
		}
		if next, looked, err := o.Reseal(t.Context(), 0, 10); err != nil || looked != 1 || next != e.ID {
			t.Fatalf("sealed anew: %d, %d, %v", next, looked, err)
		}
		if err := vault.Retire(o.keys); err != nil {
			t.Fatal(err)
		}
		arrives("under a new key of the vault", []string{old, now}, nil)
		c.Advance(24 * time.Hour)
		arrives("a day later", []string{now}, []string{old})
		_, fresh, err := o.RotateSecret(t.Context(), o.li, e.PublicID, true)
		if err != nil {
			t.Fatal(err)
		}
		arrives("leaked", []string{fresh}, []string{now, old})
		var rows []byte
		if err := s.R.NewRaw("SELECT secret FROM webhook_endpoint").Scan(t.Context(), &rows); err != nil || strings.Contains(string(rows), fresh) {
			t.Errorf("the row has the secret in clear, %v", err)
		}
	})
}

func TestWhatIsNoEndpointIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, webhook.Config{Owner: "node-1"})
	for url, code := range map[string]string{
		"": "webhook_url_invalid", "hooks.registrar.example": "webhook_url_invalid", "http://hooks.registrar.example/": "webhook_url_invalid", "ftp://hooks.registrar.example/": "webhook_url_invalid",
		"https://": "webhook_url_invalid", "https://:443/": "webhook_url_invalid", "https://user:pw@hooks.registrar.example/": "webhook_url_invalid", "https://hooks.registrar.example/#x": "webhook_url_invalid",
		"https://hooks.registrar.example/\r\nX: y": "webhook_url_invalid", "https://hooks.registrar.example/" + strings.Repeat("x", 2000): "webhook_url_invalid", "https://例子.中国/": "webhook_url_invalid",
		"https://127.0.0.1/": "webhook_address_forbidden", "https://[::1]/": "webhook_address_forbidden", "https://169.254.169.254/latest": "webhook_address_forbidden",
	} {
		if _, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &url}); fault.Code(err) != code {
			t.Errorf("%q: %v, want %s", url, err, code)
		}
	}
	good := "https://hooks.registrar.example:8443/in?x=1"
	if _, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &good, Events: []event.Type{"profile.nothing"}}); fault.Code(err) != "webhook_event_unknown" {
		t.Errorf("an unknown type: %v", err)
	}
	for i := range 21 {
		if _, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &good}); (i < 20) != (err == nil) || err != nil && fault.Code(err) != "webhook_too_many" {
			t.Errorf("the %dth: %v", i+1, err)
		}
	}
}

func TestEndpointBelongsToItsAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		ctx := t.Context()
		e, _ := o.endpoint(o.li)
		d, err := o.Test(ctx, o.li, e.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		reviewer := actor.Actor{ID: "per_rui", Account: o.li.Account, Roles: []actor.Role{actor.Reviewer}}
		for code, a := range map[string]actor.Actor{"not_found": o.chen, "forbidden": reviewer} {
			all := []error{o.Remove(ctx, a, e.PublicID)}
			add := func(err error) { all = append(all, err) }
			_, err := o.Find(ctx, a, e.PublicID)
			add(err)
			_, err = o.Edit(ctx, a, e.PublicID, webhook.Wish{})
			add(err)
			_, _, err = o.RotateSecret(ctx, a, e.PublicID, true)
			add(err)
			_, err = o.Test(ctx, a, e.PublicID)
			add(err)
			_, err = o.Log(ctx, a, e.PublicID, "", "", 10)
			add(err)
			_, err = o.ReplayOne(ctx, a, d.PublicID)
			add(err)
			_, err = o.ReplayFailed(ctx, a, e.PublicID, time.Time{})
			add(err)
			_, _, err = o.FindDelivery(ctx, a, d.PublicID)
			add(err)
			if i := slices.IndexFunc(all, func(err error) bool { return !strings.HasSuffix(fault.Code(err), code) }); i >= 0 {
				t.Errorf("call %d: %v, want %s", i, all[i], code)
			}
		}
		if list, err := o.List(ctx, o.chen); err != nil || len(list) != 0 {
			t.Errorf("the other account lists %v, %v", list, err)
		}
		if err := o.Remove(ctx, o.li, e.PublicID); err != nil {
			t.Fatal(err)
		}
		o.happens(o.li, "profile.verified", "prf_1")
		o.send()
		if list, err := o.List(ctx, o.li); err != nil || len(list) != 0 || len(o.got()) != 0 {
			t.Errorf("deleted, it is listed or called: %v, %v", list, err)
		}
	})
}

// An endpoint of the registrar's own systems hears of every account, and is told which. Only
// staff who may have it see it, also within their own account.
func TestRegistrarsOwnSystemHearsOfEveryAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		ctx := t.Context()
		operator := actor.Actor{ID: "per_op", Account: o.chen.Account, Roles: []actor.Role{actor.Operator}}
		at := o.URL + "/registrar"
		if _, _, err := o.Create(ctx, o.chen, webhook.Wish{URL: &at, Everywhere: true}); fault.Code(err) != "forbidden" {
			t.Errorf("made by a registrant: %v", err)
		}
		if _, _, err := o.Create(ctx, operator, webhook.Wish{URL: &at}); fault.Code(err) != "forbidden" {
			t.Errorf("staff makes one for the account alone: %v", err)
		}
		wide, secret, err := o.Create(ctx, operator, webhook.Wish{URL: &at, Everywhere: true, Events: []event.Type{"profile.verified", "profile.failed", "registry.paused"}})
		if err != nil || !wide.Everywhere {
			t.Fatalf("%+v, %v", wide, err)
		}
		own, _ := o.endpoint(o.li)
		o.happens(o.li, "profile.verified", "prf_1")
		o.happens(o.chen, "profile.failed", "prf_2")
		o.happens(o.li, "order.paid", "ord_1")    // not wanted
		o.happens(o.li, "review.opened", "rev_1") // the staff's
		o.happens(actor.Actor{}, "registry.paused", "cn")
		o.send()
		var heard []string
		for _, c := range o.got() {
			if c.path != "/registrar" {
				if strings.Contains(c.body, `"account"`) {
					t.Errorf("an account's own endpoint is told %s", c.body)
				}
				continue
			}
			if err := verify(secret, c, s.Now()); err != nil {
				t.Error(err)
			}
			var b struct {
				Type string
				Data map[string]string
			}
			if err := json.Unmarshal([]byte(c.body), &b); err != nil {
				t.Fatal(err)
			}
			heard = append(heard, b.Type+" "+b.Data["id"]+" "+b.Data["account"])
		}
		slices.Sort(heard)
		if want := []string{"profile.failed prf_2 " + o.name(o.chen), "profile.verified prf_1 " + o.name(o.li), "registry.paused cn "}; !slices.Equal(heard, want) {
			t.Errorf("it heard %q, want %q", heard, want)
		}
		// Registrants of the registrar's own account do not see what others do.
		d := o.log(operator, wide)[0]
		for what, err := range map[string]error{
			"find":          second(o.Find(ctx, o.chen, wide.PublicID)),
			"edit":          second(o.Edit(ctx, o.chen, wide.PublicID, webhook.Wish{URL: &at})),
			"remove":        o.Remove(ctx, o.chen, wide.PublicID),
			"log":           second(o.Log(ctx, o.chen, wide.PublicID, "", "", 10)),
			"replay":        second(o.ReplayOne(ctx, o.chen, d.PublicID)),
			"staff, of its": second(o.Find(ctx, operator, own.PublicID)),
		} {
			if !strings.HasSuffix(fault.Code(err), "not_found") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if list, err := o.List(ctx, operator); err != nil || len(list) != 1 || list[0].PublicID != wide.PublicID {
			t.Errorf("staff lists %v, %v", list, err)
		}
		if list, err := o.List(ctx, o.chen); err != nil || len(list) != 0 {
			t.Errorf("a registrant lists %v, %v", list, err)
		}
	})
}
