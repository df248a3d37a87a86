package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
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

func second[T any](_ T, err error) error { return err }

// name is the public id of somebody's account.
func (o office) name(a actor.Actor) (id string) {
	o.t.Helper()
	if err := o.store.R.NewRaw("SELECT public_id FROM account WHERE id = ?", a.Account).Scan(o.t.Context(), &id); err != nil {
		o.t.Fatal(err)
	}
	return id
}
