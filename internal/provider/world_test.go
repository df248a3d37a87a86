package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

const (
	secret    = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	newSecret = "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
)

var (
	registrant = actor.Actor{ID: "per_li", Account: 7, Roles: []actor.Role{actor.Registrant}}
	operator   = actor.Actor{ID: "per_ola", Account: 1, Roles: []actor.Role{actor.Operator}}
)

// submitted is the noun behind the cases: what each is about, and what it was told.
type submitted struct {
	mu       sync.Mutex
	pictures map[int64]string
	told     []string
	reasons  []review.Reason
}

func (s *submitted) Decided(_ context.Context, _ *store.Tx, subject int64, passed bool, c review.Case, reasons []review.Reason) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, fmt.Sprintf("%d %s", subject, c.State))
	s.reasons = append(s.reasons, reasons...)
	return nil
}

func (s *submitted) Dossier(_ context.Context, subject int64) (review.Dossier, error) {
	d := review.Dossier{Fields: map[string]string{"name_zh": "李思远", "document_number": "990000199003071171"}}
	if p, ok := s.pictures[subject]; ok {
		d.Pictures = []review.Picture{{ID: "doc_1", Kind: "resident_id", Side: "front", MediaType: "image/jpeg", Bytes: int64(len(p)), SHA256: []byte{1, 2}}}
	}
	return d, nil
}

func (s *submitted) Picture(_ context.Context, subject int64, id string) ([]byte, error) {
	p, ok := s.pictures[subject]
	if !ok || id != "doc_1" {
		return nil, fault.New(fault.NotFound, "document_not_found")
	}
	return []byte(p), nil
}

// bureau is a provider: a web server with cases of its own.
type bureau struct {
	*httptest.Server
	t       *testing.T
	clock   *clock.Fake
	secrets []string

	mu    sync.Mutex
	cases map[string]string // what each answers
	log   []string          // method and case of every request that was signed right
	body  map[string]any    // the last that was put
	// wrong, when it is there, answers in the bureau's place; it says whether the request
	// was carried out before.
	wrong func(w http.ResponseWriter, r *http.Request) (carriedOut bool)
}

func newBureau(t *testing.T, c *clock.Fake) *bureau {
	b := &bureau{t: t, clock: c, secrets: []string{secret}, cases: map[string]string{}}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *bureau) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	wrong := b.wrong
	b.mu.Unlock()
	if _, err := signature.Verify(r.Header, b.secrets, b.clock.Now(), body); err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if wrong == nil {
		b.serve(w, r, body)
		return
	}
	if rec := httptest.NewRecorder(); wrong(w, r) {
		b.serve(rec, r, body)
	}
}

func (b *bureau) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, "/cases/")
	b.log = append(b.log, r.Method+" "+id)
	answer, known := b.cases[id]
	if bound := id + "." + strings.ToLower(r.Method) + "_"; r.Method != http.MethodPut && !strings.HasPrefix(r.Header.Get("webhook-id"), bound) {
		b.t.Errorf("%s of %s under the id %s", r.Method, id, r.Header.Get("webhook-id"))
	}
	switch r.Method {
	case http.MethodPut:
		if r.Header.Get("Idempotency-Key") != id || r.Header.Get("Content-Type") != "application/json" {
			b.t.Errorf("put with %v", r.Header)
		}
		b.body = nil
		if err := json.Unmarshal(body, &b.body); err != nil {
			b.t.Errorf("put %s: %v", body, err)
		}
		if !known {
			b.cases[id] = `{"verdict":"pending","reference":"B-1"}`
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, b.cases[id])
	case http.MethodDelete:
		delete(b.cases, id)
		w.WriteHeader(http.StatusNoContent)
	default:
		if !known {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, answer)
	}
}

func (b *bureau) says(id, answer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cases[id] = answer
}

func (b *bureau) misbehave(f func(http.ResponseWriter, *http.Request) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = f
}

func (b *bureau) requests() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.log)
}

func (b *bureau) known() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.cases))
}

// office is an installation that has its cases decided by a bureau.
type office struct {
	*provider.Providers
	t       *testing.T
	store   *store.Store
	clock   *clock.Fake
	reviews *review.Reviews
	subject *submitted
	bureau  *bureau
}

func newOffice(t *testing.T, s *store.Store, c *clock.Fake, change ...func(*provider.Config)) office {
	t.Helper()
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	o := office{t: t, store: s, clock: c, reviews: review.New(s, policytest.Shipped()), subject: &submitted{pictures: map[int64]string{}}, bureau: newBureau(t, c)}
	o.reviews.Register(review.ProfileVersion, o.subject)
	config := provider.Config{Name: "bureau", URL: o.bureau.URL + "/cases/", Secrets: []string{secret}, Phrases: "aliyun", PollEvery: time.Hour, Within: 200 * time.Millisecond}
	for _, f := range change {
		f(&config)
	}
	o.Providers, err = provider.New(provider.Shared{
		Store: s, Vault: v, Policies: policytest.Shipped(), Reviews: o.reviews, PublicURL: "https://verify.example/", Plain: true, Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}, []provider.Config{config})
	if err != nil {
		t.Fatal(err)
	}
	o.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("INSERT INTO account (id, public_id, name, identity_state, created_at, row_version) VALUES (?, 'acc_li', 'Li Siyuan', 'verified', 0, 1) ON CONFLICT DO NOTHING", registrant.Account).Exec(ctx)
		return err
	})
	return o
}

func (o office) tx(f func(context.Context, *store.Tx) error) {
	o.t.Helper()
	if err := o.store.InTx(o.t.Context(), f); err != nil {
		o.t.Fatal(err)
	}
}

func (o office) submit(subject int64) (c review.Case) {
	o.t.Helper()
	o.tx(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = o.reviews.Submit(ctx, tx, registrant, review.Submission{Account: registrant.Account, Kind: review.ProfileVersion, Subject: subject, Authority: "bureau", Title: "李思远"})
		return err
	})
	return c
}

// ask has everything asked about that is due, and returns what went wrong.
func (o office) ask() error {
	_, err := o.reviews.AskDue(o.t.Context(), 100)
	return err
}

func (o office) mustAsk() {
	o.t.Helper()
	if err := o.ask(); err != nil {
		o.t.Fatal(err)
	}
}

func (o office) state(c review.Case) review.State {
	o.t.Helper()
	found, _, err := o.reviews.Find(o.t.Context(), operator, c.PublicID)
	if err != nil {
		o.t.Fatal(err)
	}
	return found.State
}

func (o office) cancel(subject int64) {
	o.t.Helper()
	o.tx(func(ctx context.Context, tx *store.Tx) error {
		return o.reviews.Cancel(ctx, tx, registrant, review.ProfileVersion, subject)
	})
}

func (o office) count(query string, args ...any) (n int) {
	o.t.Helper()
	if err := o.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(o.t.Context(), &n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// message is a callback of the bureau.
type message struct {
	id, secret string
	at         time.Time
	body       string
}

func (o office) send(m message) (provider.Effect, error) {
	o.t.Helper()
	h := http.Header{}
	if err := signature.Sign(h, []string{m.secret}, m.id, m.at, []byte(m.body)); err != nil {
		o.t.Fatal(err)
	}
	return o.Take(o.t.Context(), "bureau", h, []byte(m.body))
}

func (o office) verdict(id string, c review.Case, rest string) message {
	return message{id, secret, o.clock.Now(), fmt.Sprintf(`{"case":%q,%s}`, c.PublicID, rest)}
}
