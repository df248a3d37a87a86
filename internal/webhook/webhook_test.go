package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
)

// office is an installation with two accounts, and a system of theirs that listens.
type office struct {
	*webhook.Hooks
	t     *testing.T
	store *store.Store
	vault *vault.Vault
	keys  string
	li    actor.Actor
	chen  actor.Actor
	*listener
}

// listener is an account's own system; it answers with status and keeps what it got.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	calls  []call
}

type call struct {
	path   string
	header http.Header
	body   string
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, call{r.URL.Path, r.Header, string(b)})
	if l.status == http.StatusFound {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(l.status)
	_, _ = io.WriteString(w, strings.Repeat("no\x00", 1000))
}

func (l *listener) answers(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status = status
}

// got takes out what has arrived.
func (l *listener) got() []call {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.calls
	l.calls = nil
	return out
}

var loopback = webhook.Config{Plain: true, Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Owner: "node-1"}

func newOffice(t *testing.T, s *store.Store, c webhook.Config) office {
	t.Helper()
	o := office{t: t, store: s, keys: filepath.Join(t.TempDir(), "keys.json"), listener: &listener{status: http.StatusNoContent}}
	o.listener.Server = httptest.NewServer(o.listener)
	t.Cleanup(o.listener.Close)
	var err error
	if o.vault, err = vault.Open(o.keys, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.vault.Close() })
	accounts := account.New(s, account.Passwords{})
	c.Accounts = accounts.PublicIDs
	o.Hooks = webhook.New(s, o.vault, c)
	for name, who := range map[string]*actor.Actor{"li": &o.li, "chen": &o.chen} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	return o
}

func (o office) endpoint(a actor.Actor, events ...event.Type) (webhook.Endpoint, string) {
	o.t.Helper()
	at := o.URL + "/" + a.ID
	e, secret, err := o.Create(o.t.Context(), a, webhook.Wish{URL: &at, Events: events})
	if err != nil {
		o.t.Fatal(err)
	}
	return e, secret
}

// happens lets something happen and expands it, twice, as after a crash.
func (o office) happens(a actor.Actor, typ event.Type, subject string) {
	o.t.Helper()
	in := func(f func(ctx context.Context, tx *store.Tx) error) {
		if err := o.store.InTx(o.t.Context(), f); err != nil {
			o.t.Fatal(err)
		}
	}
	in(func(ctx context.Context, tx *store.Tx) error {
		return event.Append(ctx, tx, a.Account, typ, subject, map[string]string{"Domain": "例子.中国", "Reason": "name_mismatch", "Words": ""})
	})
	var taken []event.Event
	in(func(ctx context.Context, tx *store.Tx) (err error) {
		taken, err = event.Outbox{Store: o.store}.Take(ctx, tx, 10)
		return err
	})
	for range 2 {
		in(func(ctx context.Context, tx *store.Tx) error { return o.Happened(ctx, tx, taken) })
	}
}

func (o office) send() {
	o.t.Helper()
	for {
		n, err := o.SendDue(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (o office) log(a actor.Actor, e webhook.Endpoint) []webhook.Delivery {
	o.t.Helper()
	out, err := o.Log(o.t.Context(), a, e.PublicID, "", "", 100)
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

// verify is a receiver's check, written after the text of Standard Webhooks 1.0.
func verify(secret string, c call, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	sent, err := strconv.ParseInt(c.header.Get("webhook-timestamp"), 10, 64)
	if err != nil || now.Sub(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return fmt.Errorf("the time is %q: %v", c.header.Get("webhook-timestamp"), err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(c.header.Get("webhook-id") + "." + c.header.Get("webhook-timestamp") + "." + c.body))
	want := mac.Sum(nil)
	for _, s := range strings.Split(c.header.Get("webhook-signature"), " ") {
		version, text, _ := strings.Cut(s, ",")
		if got, err := base64.StdEncoding.DecodeString(text); err == nil && version == "v1" && hmac.Equal(got, want) {
			return nil
		}
	}
	return errors.New("no signature fits")
}

func TestEventReachesTheEndpointsThatWantItSigned(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, secret := o.endpoint(o.li)
		o.endpoint(o.li, "profile.verified")
		o.endpoint(o.chen)
		o.happens(o.li, "domain.real_name_failed", "dom_1")
		o.happens(o.li, "review.failed", "rev_1") // the staff's
		o.send()
		calls := o.got()
		if len(calls) != 1 || calls[0].path != "/per_li" {
			t.Fatalf("arrived: %+v", calls)
		}
		c := calls[0]
		if err := verify(secret, c, s.Now()); err != nil {
			t.Error(err)
		}
		if err := verify(secret, call{header: c.header, body: c.body + " "}, s.Now()); err == nil {
			t.Error("another body has the same signature")
		}
		if want := `{"type":"domain.real_name_failed","timestamp":"2026-06-01T02:00:00Z","data":{"domain":"例子.中国","id":"dom_1","reason":"name_mismatch"}}`; c.body != want {
			t.Errorf("the body is %s, want %s", c.body, want)
		}
		if c.header.Get("Content-Type") != "application/json" || strings.Contains(c.header.Get("webhook-signature"), " ") {
			t.Errorf("the header is %v", c.header)
		}
		got := o.log(o.li, e)
		if len(got) != 1 || got[0].State != webhook.Delivered || got[0].PublicID != c.header.Get("webhook-id") || got[0].DeliveredAt.IsZero() {
			t.Errorf("the log has %+v", got)
		}
	})
}

func TestFailedDeliveryIsRepeatedOverThreeDaysAndReplayed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, secret := o.endpoint(o.li)
		o.answers(http.StatusServiceUnavailable)
		o.happens(o.li, "profile.verified", "prf_1")
		began := s.Now()
		var last time.Time
		var longer time.Duration
		for o.log(o.li, e)[0].State == webhook.Waiting {
			o.send()
			d := o.log(o.li, e)[0]
			if d.State != webhook.Waiting {
				break
			}
			pause := d.NextAt.Sub(s.Now())
			if pause <= longer {
				t.Fatalf("a pause of %v after one of %v", pause, longer)
			}
			longer = pause
			c.Advance(pause)
			last = s.Now()
		}
		if over := last.Sub(began); over < 72*time.Hour || over > 96*time.Hour {
			t.Errorf("the last try came after %v, want about three days", over)
		}
		calls := o.got()
		d, tries, err := o.FindDelivery(t.Context(), o.li, o.log(o.li, e)[0].PublicID)
		if err != nil || d.State != webhook.Failed || len(tries) != 10 || len(calls) != 10 {
			t.Fatalf("%s after %d tries, %d arrived, %v", d.State, len(tries), len(calls), err)
		}
		if a := tries[0]; a.Status != 503 || a.Failure != "" || !strings.HasPrefix(a.Answer, "nono") || len(a.Answer) > 1024 {
			t.Errorf("the first try is %+v", a)
		}
		for _, x := range calls {
			if x.header.Get("webhook-id") != d.PublicID {
				t.Errorf("a try has the id %s, the delivery %s", x.header.Get("webhook-id"), d.PublicID)
			}
		}
		c.Advance(time.Hour)
		o.send()
		if len(o.got()) != 0 {
			t.Error("what was given up is sent again")
		}
		o.answers(http.StatusOK)
		if n, err := o.ReplayFailed(t.Context(), o.li, e.PublicID, began.Add(time.Second)); err != nil || n != 0 {
			t.Errorf("replayed %d that are older than asked for, %v", n, err)
		}
		if n, err := o.ReplayFailed(t.Context(), o.li, e.PublicID, began); err != nil || n != 1 {
			t.Fatalf("replayed %d, %v", n, err)
		}
		o.send()
		if calls = o.got(); len(calls) != 1 || calls[0].header.Get("webhook-id") != d.PublicID || verify(secret, calls[0], s.Now()) != nil {
			t.Errorf("replayed: %+v", calls)
		}
		if _, err := o.ReplayOne(t.Context(), o.li, d.PublicID); err != nil {
			t.Fatal(err)
		}
		o.send()
		if calls = o.got(); len(calls) != 1 || o.log(o.li, e)[0].State != webhook.Delivered {
			t.Errorf("replayed once more: %+v", calls)
		}
	})
}

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

func TestAddressInsideTheNetworkIsNotDialled(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, webhook.Config{Plain: true, Owner: "node-1"})
	_, port, _ := strings.Cut(strings.TrimPrefix(o.URL, "http://"), ":")
	inside := "http://localhost:" + port + "/" // a name: found out when it is dialled
	e, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &inside})
	if err != nil {
		t.Fatal(err)
	}
	d, err := o.Test(t.Context(), o.li, e.PublicID)
	if err != nil {
		t.Fatal(err)
	}
	o.send()
	_, tries, err := o.FindDelivery(t.Context(), o.li, d.PublicID)
	if err != nil || len(tries) != 1 || tries[0].Failure != "address_forbidden" || len(o.got()) != 0 {
		t.Errorf("tried: %+v, %v", tries, err)
	}
}

func TestRedirectIsNotFollowedAndUntrustedCertificateNotBelieved(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, loopback)
	o.answers(http.StatusFound)
	moved, _ := o.endpoint(o.li)
	secure := httptest.NewTLSServer(o.listener)
	defer secure.Close()
	untrusted, _, err := o.Create(t.Context(), o.li, webhook.Wish{URL: &secure.URL})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []webhook.Endpoint{moved, untrusted} {
		if _, err := o.Test(t.Context(), o.li, e.PublicID); err != nil {
			t.Fatal(err)
		}
	}
	o.send()
	for e, want := range map[webhook.State]webhook.Attempt{webhook.State(moved.PublicID): {Status: 302}, webhook.State(untrusted.PublicID): {Failure: "tls_failed"}} {
		log, err := o.Log(t.Context(), o.li, string(e), "", "", 1)
		if err != nil {
			t.Fatal(err)
		}
		_, tries, err := o.FindDelivery(t.Context(), o.li, log[0].PublicID)
		if err != nil || len(tries) != 1 || tries[0].Status != want.Status || tries[0].Failure != want.Failure {
			t.Errorf("tried: %+v, %v; want %+v", tries, err, want)
		}
	}
	if calls := o.got(); len(calls) != 1 || calls[0].path != "/per_li" {
		t.Errorf("arrived: %+v", calls)
	}
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

func second[T any](_ T, err error) error { return err }

// name is the public id of somebody's account.
func (o office) name(a actor.Actor) (id string) {
	o.t.Helper()
	if err := o.store.R.NewRaw("SELECT public_id FROM account WHERE id = ?", a.Account).Scan(o.t.Context(), &id); err != nil {
		o.t.Fatal(err)
	}
	return id
}

func TestDeliveryOfAProcessThatDiedIsSentByAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, _ := o.endpoint(o.li)
		if _, err := o.Test(t.Context(), o.li, e.PublicID); err != nil {
			t.Fatal(err)
		}
		claimed := func(until int64) {
			err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw("UPDATE webhook_delivery SET state = 'sending', owner = 'dead', lease_until = ?", until).Exec(ctx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		claimed(time.Now().Add(time.Hour).UnixMicro())
		o.send()
		if n := len(o.got()); n != 0 {
			t.Errorf("what another process sends is sent %d times", n)
		}
		if _, err := o.ReplayOne(t.Context(), o.li, o.log(o.li, e)[0].PublicID); fault.Code(err) != "webhook_delivery_state" {
			t.Errorf("replayed while it is sent: %v", err)
		}
		claimed(time.Now().Add(-time.Second).UnixMicro())
		o.send()
		if n := len(o.got()); n != 1 {
			t.Errorf("sent %d times, want once", n)
		}
	})
}

func TestLogIsReadInPagesAndKeptThirtyDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, loopback)
		e, _ := o.endpoint(o.li)
		for i := range 5 {
			o.happens(o.li, "profile.verified", fmt.Sprintf("prf_%d", i))
		}
		o.send()
		var subjects []string
		for after := ""; ; {
			page, err := o.Log(t.Context(), o.li, e.PublicID, webhook.Delivered, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, d := range page {
				var b struct{ Data struct{ ID string } }
				if err := json.Unmarshal([]byte(d.Body), &b); err != nil {
					t.Fatal(err)
				}
				subjects = append(subjects, b.Data.ID)
			}
			after = page[len(page)-1].PublicID
		}
		if want := []string{"prf_4", "prf_3", "prf_2", "prf_1", "prf_0"}; !slices.Equal(subjects, want) {
			t.Errorf("read %v, want %v", subjects, want)
		}
		c.Advance(30 * 24 * time.Hour)
		if n, err := o.Sweep(t.Context(), 100); err != nil || n != 0 {
			t.Errorf("forgot %d of thirty days, %v", n, err)
		}
		c.Advance(time.Microsecond)
		if n, err := o.Sweep(t.Context(), 100); err != nil || n != 5 || len(o.log(o.li, e)) != 0 {
			t.Errorf("forgot %d, %v", n, err)
		}
	})
}
