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
	"github.com/verinym/verinym/internal/store/storetest"
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

func TestProviderIsAskedAndAnswers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		o.subject.pictures[1] = "the picture"
		opened := o.submit(1)
		o.mustAsk()
		if got, want := o.bureau.requests(), []string{"PUT " + opened.PublicID}; !slices.Equal(got, want) {
			t.Fatalf("the bureau was asked %v, want %v", got, want)
		}
		b := o.bureau.body
		if b["case"] != opened.PublicID || b["attempt"] != 1.0 || b["kind"] != "profile_version" || b["fields"].(map[string]any)["document_number"] != "990000199003071171" ||
			b["verdict_url"] != "https://verify.example/api/v1/authorities/bureau/verdicts" || b["dossier_url"] != "https://verify.example/api/v1/authorities/bureau/cases/"+opened.PublicID {
			t.Errorf("it was put %v", b)
		}
		doc := b["documents"].([]any)[0].(map[string]any)
		if doc["kind"] != "resident_id" || doc["side"] != "front" || doc["sha256"] != "0102" || doc["bytes"] != 11.0 {
			t.Errorf("its document is %v", doc)
		}
		if n := o.count("audit_entry WHERE action = 'review.disclose' AND actor = 'authority:bureau' AND subject = ?", opened.PublicID); n != 1 {
			t.Errorf("%d entries of the disclosure", n)
		}
		c.Advance(time.Hour - time.Second)
		o.mustAsk()
		if n := len(o.bureau.requests()); n != 1 {
			t.Errorf("asked %d times within the hour", n)
		}
		o.bureau.says(opened.PublicID, `{"case":"`+opened.PublicID+`","verdict":"approve"}`)
		c.Advance(time.Hour)
		o.mustAsk()
		if got := o.state(opened); got != review.Passed || !slices.Equal(o.subject.told, []string{"1 passed"}) {
			t.Errorf("the case is %s, its subject was told %v", got, o.subject.told)
		}
		c.Advance(time.Hour)
		o.mustAsk()
		if n := len(o.bureau.requests()); n != 2 {
			t.Errorf("asked %d times, about a decided case too", n)
		}
		if n := o.count("provider_case WHERE state = 'closed' AND reference = 'B-1'"); n != 1 {
			t.Errorf("%d closed cases with the bureau's own number", n)
		}
	})
}

func TestProvidersReasonsArePutInOurWords(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	opened := o.submit(1)
	o.bureau.says(opened.PublicID, `{"verdict":"decline","reasons":[{"code":"glare","points_at":"front"},{"code":"FileSizeLessThanMinLimit"},{"words":"证件号码位数不正确"},{"code":"X-99","words":"the moon is full"}]}`)
	o.mustAsk()
	if got := o.state(opened); got != review.Failed {
		t.Fatalf("the case is %s", got)
	}
	var got []string
	for _, r := range o.subject.reasons {
		got = append(got, strings.Join([]string{r.Code, r.PointsName, r.Raw}, "|"))
	}
	want := []string{"glare|front|glare", "file_too_small||FileSizeLessThanMinLimit", "number_length|document_number|证件号码位数不正确", "authority_rejected_other||the moon is full"}
	if !slices.Equal(got, want) {
		t.Errorf("the reasons are\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestProviderMayAskForMore(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	for i, tt := range []struct{ more, code, points string }{
		{`{"side":"back"}`, "back_required", "back"},
		{`{"document":"the household register","words":"as the name has changed"}`, "more_documents_required", ""},
	} {
		opened := o.submit(int64(i + 1))
		o.bureau.says(opened.PublicID, `{"verdict":"more","more":`+tt.more+`}`)
		o.mustAsk()
		if got := o.state(opened); got != review.Returned {
			t.Errorf("%s: the case is %s", tt.more, got)
		}
		if r := o.subject.reasons[i]; r.Code != tt.code || r.PointsName != tt.points || i == 1 && (r.Note != "as the name has changed" || r.Params["Documents"] != "the household register") {
			t.Errorf("%s: the reason is %+v", tt.more, r)
		}
	}
}

// The answer to the request that opens a case is lost, twice, in different ways. The
// bureau has one case in the end.
func TestLostAnswerOpensNoSecondCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		opened := o.submit(1)
		o.bureau.misbehave(func(http.ResponseWriter, *http.Request) bool {
			panic(http.ErrAbortHandler) // before anything is done
		})
		if err := o.ask(); err == nil {
			t.Error("a broken connection is no error")
		}
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool { // done, and answered to nobody
			w.WriteHeader(http.StatusBadGateway)
			return true
		})
		c.Advance(7 * time.Second)
		if err := o.ask(); err == nil || !strings.Contains(err.Error(), "502") {
			t.Errorf("the operator reads %v", err)
		}
		if got := o.state(opened); got != review.Waiting {
			t.Fatalf("the case is %s", got)
		}
		o.bureau.misbehave(nil)
		c.Advance(time.Minute)
		o.mustAsk()
		if got := o.bureau.known(); !slices.Equal(got, []string{opened.PublicID}) || len(o.bureau.requests()) != 2 {
			t.Errorf("the bureau has %v after %v", got, o.bureau.requests())
		}
		if n := o.count("provider_case WHERE state = 'opened' AND tries = 0 AND failing_at IS NULL"); n != 1 {
			t.Errorf("%d cases stand as if nothing had failed", n)
		}
	})
}

func TestCaseThatTheProviderHasLostIsPutAgain(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	opened := o.submit(1)
	o.mustAsk()
	o.bureau.mu.Lock()
	o.bureau.cases = map[string]string{}
	o.bureau.mu.Unlock()
	c.Advance(2 * time.Hour)
	o.mustAsk()
	id := opened.PublicID
	if got, want := o.bureau.requests(), []string{"PUT " + id, "GET " + id, "PUT " + id}; !slices.Equal(got, want) {
		t.Errorf("the bureau was asked %v, want %v", got, want)
	}
}

// Everything that a provider may answer and that is no answer leaves the case waiting,
// and the next try comes later and later.
func TestWhatIsNoAnswerIsTriedAgainLaterAndLater(t *testing.T) {
	t.Parallel()
	say := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return false
		}
	}
	for name, tt := range map[string]struct {
		wrong func(http.ResponseWriter, *http.Request) bool
		words string
	}{
		"an error":           {say(500, "out of order"), "HTTP 500 out of order"},
		"no JSON":            {say(200, "<html>"), "not the JSON of a verdict"},
		"another case":       {say(200, `{"case":"rev_other","verdict":"approve"}`), "another case"},
		"no verdict":         {say(200, `{}`), "is none of"},
		"an unknown verdict": {say(200, `{"verdict":"maybe"}`), `"maybe"`},
		"no reasons":         {say(200, `{"verdict":"decline"}`), "without reasons"},
		"an empty reason":    {say(200, `{"verdict":"decline","reasons":[{}]}`), "without code and words"},
		"more of nothing":    {say(200, `{"verdict":"more","more":{}}`), "more of what"},
		"two answers":        {say(200, `{"verdict":"approve"}{"verdict":"decline"}`), "more than one"},
		"a flood":            {say(200, `{"reference":"`+strings.Repeat("x", 300<<10)+`"}`), "too long"},
		"a redirect":         {say(302, ""), "HTTP 302"},
		"silence": {func(_ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return false
		}, "timed_out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			o := newOffice(t, s, c)
			opened := o.submit(1)
			o.bureau.misbehave(tt.wrong)
			err := o.ask()
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("the operator reads %v, want %s", err, tt.words)
			}
			if n := o.count("provider_case WHERE tries = 1 AND state = 'unopened' AND words LIKE ?", "%"+tt.words[:5]+"%"); n != 1 {
				t.Error("the failure is not written down")
			}
			for _, pause := range []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute} {
				c.Advance(pause - time.Microsecond)
				if err := o.ask(); err != nil {
					t.Fatalf("tried before %s are over: %v", pause, err)
				}
				c.Advance(pause/4 + time.Second)
				if err := o.ask(); err == nil {
					t.Fatalf("not tried after %s", pause)
				}
			}
			if got := o.state(opened); got != review.Waiting || len(o.subject.told) > 0 {
				t.Errorf("the case is %s, its subject was told %v", got, o.subject.told)
			}
		})
	}
}

func TestCircuitOpensHalfOpensAndCloses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		var asked int
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
			o.bureau.mu.Lock()
			asked++
			o.bureau.mu.Unlock()
			w.WriteHeader(http.StatusServiceUnavailable)
			return false
		})
		circuit := func() provider.Health {
			t.Helper()
			all, err := o.List(t.Context(), operator)
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			return all[0]
		}
		if h := circuit(); h.Circuit.State != provider.Flowing || h.Circuit.Failures != 0 {
			t.Errorf("at first: %+v", h)
		}
		var cases []review.Case
		for i := range 5 {
			cases = append(cases, o.submit(int64(i+1)))
		}
		_ = o.ask()
		h := circuit()
		if h.Circuit.State != provider.Broken || h.Circuit.Failures != 5 || h.Waiting != 5 || h.Failing != 5 || h.Circuit.Words != "HTTP 503" || !h.Circuit.PausedUntil.Equal(c.Now().Add(30*time.Second)) {
			t.Fatalf("after five failures: %+v", h)
		}
		if n := o.count("registry_finding WHERE registry = 'bureau' AND code = 'authority_unreachable' AND closed_at IS NULL"); n != 1 {
			t.Errorf("%d findings tell an operator", n)
		}
		c.Advance(29 * time.Second)
		cases = append(cases, o.submit(6))
		o.mustAsk()
		if asked != 5 {
			t.Errorf("asked %d times over an open circuit", asked)
		}
		c.Advance(time.Minute)
		_ = o.ask()
		if h := circuit(); asked != 6 || h.Circuit.State != provider.Broken || h.Circuit.PausedUntil.Sub(c.Now()) != time.Minute {
			t.Errorf("half open, %d times asked, then %+v", asked, h.Circuit)
		}
		o.bureau.misbehave(nil)
		c.Advance(15 * time.Minute)
		_ = o.ask() // one tries it, the others wait for what comes of that or come after
		c.Advance(15 * time.Minute)
		o.mustAsk()
		if h := circuit(); h.Circuit.State != provider.Flowing || h.Circuit.Failures != 0 || h.Failing != 0 {
			t.Errorf("back again: %+v", h)
		}
		if got := o.bureau.known(); len(got) != len(cases) {
			t.Errorf("the bureau has %d cases of %d", len(got), len(cases))
		}
		if n := o.count("registry_finding WHERE closed_at IS NULL"); n != 0 {
			t.Errorf("%d findings are left open", n)
		}
		if _, err := o.List(t.Context(), registrant); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant sees it: %v", err)
		}
	})
}

// A request that the provider does not take says nothing about how the provider is.
func TestRefusedRequestOpensNoCircuit(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, "no such kind of document")
		return false
	})
	for i := range 6 {
		o.submit(int64(i + 1))
	}
	_ = o.ask()
	if all, err := o.List(t.Context(), operator); err != nil || all[0].Circuit.State != provider.Flowing || all[0].Failing != 6 {
		t.Errorf("%+v, %v", all, err)
	}
	if n := o.count("registry_finding WHERE code = 'authority_refuses_request' AND params LIKE '%no such kind%' AND closed_at IS NULL"); n != 6 {
		t.Errorf("%d findings", n)
	}
	calls, err := o.Calls(t.Context(), operator, "bureau", 10)
	if err != nil || len(calls) != 6 || calls[0].Method != http.MethodPut || calls[0].Status != http.StatusUnprocessableEntity || !strings.Contains(calls[0].Words, "no such kind") {
		t.Errorf("calls: %+v, %v", calls, err)
	}
	o.bureau.misbehave(nil)
	c.Advance(time.Minute)
	o.mustAsk()
	if n := o.count("registry_finding WHERE closed_at IS NULL"); n != 0 {
		t.Errorf("%d findings are left open", n)
	}
	if calls, err = o.Calls(t.Context(), operator, "bureau", 1); err != nil || calls[0].Words != "" || calls[0].Status/100 != 2 {
		t.Errorf("a call that was answered: %+v, %v", calls, err)
	}
	c.Advance(8 * 24 * time.Hour)
	if _, err := o.Sweep(t.Context(), 100); err != nil || o.count("provider_call") != 0 {
		t.Errorf("%d calls are remembered after a week, %v", o.count("provider_call"), err)
	}
	if _, err := o.Calls(t.Context(), registrant, "bureau", 1); fault.Code(err) != "forbidden" {
		t.Errorf("a registrant: %v", err)
	}
}

func TestProviderThatWantsToBeLeftAloneIs(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	o.submit(1)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
		return false
	})
	_ = o.ask()
	o.bureau.misbehave(nil)
	c.Advance(599 * time.Second)
	o.mustAsk()
	if got := o.bureau.requests(); len(got) != 0 {
		t.Errorf("it was asked %v", got)
	}
	c.Advance(3 * time.Minute)
	o.mustAsk()
	if got := o.bureau.requests(); len(got) != 1 {
		t.Errorf("it was asked %v", got)
	}
}

func TestAfterDaysOfFailureTheCaseEndsForNoReasonOfTheRegistrants(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		opened := o.submit(1)
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusBadGateway)
			return true // it has the case all the same
		})
		_ = o.ask()
		for range 27 {
			c.Advance(6 * time.Hour)
			_ = o.ask()
		}
		if got := o.state(opened); got != review.Waiting {
			t.Fatalf("the case is %s before seven days are over", got)
		}
		staff := actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
		if at, err := o.Of(t.Context(), staff, review.Case{ID: opened.ID}); err != nil || at == nil || at.State != provider.Unopened || !at.SentAt.IsZero() || at.Attempts < 9 || at.Failures != at.Attempts || at.Words == "" {
			t.Errorf("the desk is told %+v, %v", at, err)
		}
		c.Advance(10 * time.Hour)
		o.mustAsk()
		if got := o.state(opened); got != review.Failed || len(o.subject.reasons) != 1 || o.subject.reasons[0].Code != "authority_unavailable" || o.subject.reasons[0].Retryable != "system" {
			t.Fatalf("the case is %s for %+v", got, o.subject.reasons)
		}
		o.bureau.misbehave(nil)
		c.Advance(time.Hour)
		if _, err := o.WithdrawDue(t.Context(), 100); err != nil || len(o.bureau.known()) != 0 {
			t.Errorf("the bureau still has %v, %v", o.bureau.known(), err)
		}
	})
}

func TestCallbackDecidesOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		first, second := o.submit(1), o.submit(2)
		o.mustAsk()
		var desks review.Case
		o.tx(func(ctx context.Context, tx *store.Tx) (err error) {
			desks, err = o.reviews.Submit(ctx, tx, registrant, review.Submission{Account: registrant.Account, Kind: review.ProfileVersion, Subject: 3, Authority: review.Desk})
			return err
		})
		m := o.verdict("msg_1", first, `"verdict":"approve"`)
		for i, tt := range []struct {
			name   string
			m      message
			effect provider.Effect
			code   string
		}{
			{"still at it", o.verdict("msg_0", first, `"verdict":"pending"`), provider.Noted, ""},
			{"the verdict", m, provider.Taken, ""},
			{"the same again", m, provider.Repeated, ""},
			{"another that comes after it", o.verdict("msg_2", first, `"verdict":"decline","reasons":[{"code":"glare"}]`), provider.TooLate, ""},
			{"an older one that was overtaken", o.verdict("msg_3", first, `"verdict":"pending"`), provider.Noted, ""},
			{"another under an id that was used", message{"msg_1", secret, c.Now(), o.verdict("", second, `"verdict":"decline","reasons":[{"code":"glare"}]`).body}, provider.Repeated, ""},
			{"of nobody's case", message{"msg_4", secret, c.Now(), `{"case":"rev_none","verdict":"approve"}`}, "", "review_not_found"},
			{"of a case of the desk's", o.verdict("msg_9", desks, `"verdict":"approve"`), "", "review_not_found"},
			{"forged", message{"msg_5", newSecret, c.Now(), o.verdict("", second, `"verdict":"approve"`).body}, "", "signature_wrong"},
			{"replayed much later", message{"msg_6", secret, c.Now().Add(-6 * time.Minute), o.verdict("", second, `"verdict":"approve"`).body}, "", "signature_time"},
			{"garbage", message{"msg_7", secret, c.Now(), `{"case":`}, "", "body_invalid"},
			{"of no meaning", o.verdict("msg_8", second, `"verdict":"yes"`), "", "body_invalid"},
		} {
			effect, err := o.send(tt.m)
			if effect != tt.effect || fault.Code(err) != tt.code {
				t.Errorf("%d %s: %q, %v; want %q, %q", i, tt.name, effect, err, tt.effect, tt.code)
			}
		}
		if got := []review.State{o.state(first), o.state(second)}; !slices.Equal(got, []review.State{review.Passed, review.Waiting}) || len(o.subject.told) != 1 {
			t.Errorf("the cases are %v, their subjects were told %v", got, o.subject.told)
		}
		// What was refused has used up no id.
		if effect, err := o.send(o.verdict("msg_8", second, `"verdict":"approve"`)); effect != provider.Taken || err != nil {
			t.Errorf("%s, %v", effect, err)
		}
		if _, err := o.Take(t.Context(), "nobody", http.Header{}, nil); fault.Code(err) != "authority_unknown" {
			t.Errorf("a provider that there is not: %v", err)
		}
		c.Advance(31 * 24 * time.Hour)
		if n, err := o.Sweep(t.Context(), 100); n != 5 || err != nil {
			t.Errorf("swept %d ids, %v", n, err)
		}
	})
}

func TestVerdictOfACancelledAttemptChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		opened := o.submit(1)
		o.mustAsk()
		o.cancel(1)
		if effect, err := o.send(o.verdict("msg_1", opened, `"verdict":"approve"`)); effect != provider.TooLate || err != nil {
			t.Errorf("%s, %v", effect, err)
		}
		again := o.submit(1)
		if effect, err := o.send(o.verdict("msg_2", opened, `"verdict":"approve"`)); effect != provider.TooLate || err != nil {
			t.Errorf("with another attempt open: %s, %v", effect, err)
		}
		if got := []review.State{o.state(opened), o.state(again)}; !slices.Equal(got, []review.State{review.Cancelled, review.Waiting}) || len(o.subject.told) != 0 {
			t.Errorf("the attempts are %v, their subject was told %v", got, o.subject.told)
		}
		c.Advance(time.Second)
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(500)
			return false
		})
		if n, err := o.WithdrawDue(t.Context(), 100); n != 0 || err == nil {
			t.Errorf("told of %d, %v", n, err)
		}
		o.bureau.misbehave(nil)
		c.Advance(10 * time.Second)
		if n, err := o.WithdrawDue(t.Context(), 100); n != 1 || err != nil || len(o.bureau.known()) != 0 {
			t.Errorf("told of %d, %v; the bureau has %v", n, err, o.bureau.known())
		}
		o.mustAsk()
		if got := o.bureau.known(); !slices.Equal(got, []string{again.PublicID}) {
			t.Errorf("the bureau has %v, want the second attempt", got)
		}
	})
}

// The case is taken back, or decided by a callback, while the request that opens it is
// on its way.
func TestCaseThatEndsWhileItIsPut(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	opened := o.submit(1)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		o.cancel(1)
		_, _ = io.WriteString(w, `{"verdict":"approve"}`)
		return true
	})
	o.mustAsk()
	o.bureau.misbehave(nil)
	if got := o.state(opened); got != review.Cancelled {
		t.Errorf("the case is %s", got)
	}
	if n, err := o.WithdrawDue(t.Context(), 100); n != 0 || err != nil {
		t.Errorf("told at once, %d, %v", n, err)
	}
	c.Advance(time.Second)
	if n, err := o.WithdrawDue(t.Context(), 100); n != 1 || err != nil || len(o.bureau.known()) != 0 {
		t.Errorf("told of %d, %v; the bureau has %v", n, err, o.bureau.known())
	}
	decided := o.submit(2)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		if effect, err := o.send(o.verdict("msg_1", decided, `"verdict":"approve"`)); effect != provider.Taken || err != nil {
			t.Errorf("%s, %v", effect, err)
		}
		w.WriteHeader(http.StatusAccepted)
		return true
	})
	o.mustAsk()
	if got := o.state(decided); got != review.Passed || len(o.subject.told) != 1 {
		t.Errorf("the case is %s, its subject was told %v", got, o.subject.told)
	}
}

func TestSecretIsChangedWithoutAGap(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c, func(c *provider.Config) { c.Secrets = []string{newSecret, secret} })
	first, second := o.submit(1), o.submit(2)
	o.mustAsk() // the bureau knows the old one only
	if got := o.bureau.known(); len(got) != 2 {
		t.Errorf("the bureau believes %v", got)
	}
	for i, m := range []message{o.verdict("msg_1", first, `"verdict":"approve"`), o.verdict("msg_2", second, `"verdict":"approve"`)} {
		m.secret = []string{secret, newSecret}[i]
		if effect, err := o.send(m); effect != provider.Taken || err != nil {
			t.Errorf("under %s: %s, %v", m.secret, effect, err)
		}
	}
}

func TestPicturesAreGivenOutForAShortTimeToOneCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		o.subject.pictures = map[int64]string{1: "of one", 2: "of two"}
		one, two := o.submit(1), o.submit(2)
		link := func(id string) (expires, sum string) {
			t.Helper()
			h := http.Header{}
			if err := signature.Sign(h, []string{secret}, id+".1", c.Now(), nil); err != nil {
				t.Fatal(err)
			}
			b, err := o.Dossier(t.Context(), "bureau", id, h)
			if err != nil {
				t.Fatal(err)
			}
			var d struct {
				Documents []struct{ URL string }
			}
			if err := json.Unmarshal(b, &d); err != nil {
				t.Fatal(err)
			}
			base, query, _ := strings.Cut(d.Documents[0].URL, "?")
			if want := "https://verify.example/api/v1/authorities/bureau/cases/" + id + "/documents/doc_1"; base != want {
				t.Errorf("the address is %s, want %s", base, want)
			}
			req, err := http.NewRequest(http.MethodGet, "/?"+query, nil)
			if err != nil {
				t.Fatal(err)
			}
			return req.URL.Query().Get("expires"), req.URL.Query().Get("signature")
		}
		expires, sum := link(one.PublicID)
		for name, tt := range map[string]struct {
			provider, id, document, expires, sum string
			want                                 string
		}{
			"as it was given":    {"bureau", one.PublicID, "doc_1", expires, sum, ""},
			"for another case":   {"bureau", two.PublicID, "doc_1", expires, sum, "link_wrong"},
			"another document":   {"bureau", one.PublicID, "doc_2", expires, sum, "link_wrong"},
			"for longer":         {"bureau", one.PublicID, "doc_1", expires + "0", sum, "link_wrong"},
			"without a sum":      {"bureau", one.PublicID, "doc_1", expires, "", "link_wrong"},
			"with no hex":        {"bureau", one.PublicID, "doc_1", expires, "zz", "link_wrong"},
			"without an end":     {"bureau", one.PublicID, "doc_1", "", sum, "link_wrong"},
			"of another partner": {"other", one.PublicID, "doc_1", expires, sum, "authority_unknown"},
		} {
			got, err := o.Picture(t.Context(), tt.provider, tt.id, tt.document, tt.expires, tt.sum)
			if fault.Code(err) != tt.want || err == nil && string(got) != "of one" {
				t.Errorf("%s: %q, %v, want %q", name, got, err, tt.want)
			}
		}
		if n := o.count("audit_entry WHERE action = 'review.disclose_picture' AND actor = 'authority:bureau' AND subject = ?", one.PublicID); n != 1 {
			t.Errorf("%d entries of the disclosure, want 1", n)
		}
		c.Advance(15 * time.Minute)
		if _, err := o.Picture(t.Context(), "bureau", one.PublicID, "doc_1", expires, sum); fault.Code(err) != "link_expired" {
			t.Errorf("after a quarter of an hour: %v", err)
		}
		expires, sum = link(one.PublicID)
		o.cancel(1)
		if _, err := o.Picture(t.Context(), "bureau", one.PublicID, "doc_1", expires, sum); fault.Code(err) != "review_not_found" {
			t.Errorf("of a case that was taken back: %v", err)
		}
		h := http.Header{}
		if err := signature.Sign(h, []string{newSecret}, two.PublicID+".1", c.Now(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Dossier(t.Context(), "bureau", two.PublicID, h); fault.Code(err) != "signature_wrong" {
			t.Errorf("a forged question is answered: %v", err)
		}
		if err := signature.Sign(h, []string{secret}, one.PublicID+".1", c.Now(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Dossier(t.Context(), "bureau", two.PublicID, h); fault.Code(err) != "signature_wrong" {
			t.Errorf("a question about another case is answered: %v", err)
		}
	})
}

func TestAddressesInsideAreNotCalled(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	inside, err := provider.New(provider.Shared{Store: s, Policies: policytest.Shipped(), Reviews: o.reviews, Plain: true}, []provider.Config{{Name: "inside", URL: o.bureau.URL, Secrets: []string{secret}}})
	if err != nil || inside == nil {
		t.Fatal(err)
	}
	o.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := o.reviews.Submit(ctx, tx, registrant, review.Submission{Account: registrant.Account, Kind: review.ProfileVersion, Subject: 1, Authority: "inside"})
		return err
	})
	if err := o.ask(); err == nil || !strings.Contains(err.Error(), "address_forbidden") {
		t.Errorf("the operator reads %v", err)
	}
}

func TestConfigurationThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	good := provider.Config{Name: "bureau", URL: "https://bureau.example/cases", Secrets: []string{secret}}
	for name, tt := range map[string]struct {
		change func(*provider.Config)
		want   string
	}{
		"good":                   {func(*provider.Config) {}, ""},
		"without a name":         {func(c *provider.Config) { c.Name = "" }, "name"},
		"with a name for a path": {func(c *provider.Config) { c.Name = "a/b" }, "name"},
		"called as another is":   {func(c *provider.Config) { c.Name = review.Desk }, "already"},
		"without an address":     {func(c *provider.Config) { c.URL = "" }, "url"},
		"in clear":               {func(c *provider.Config) { c.URL = "http://bureau.example" }, "https"},
		"with a password":        {func(c *provider.Config) { c.URL = "https://a:b@bureau.example" }, "url"},
		"without a secret":       {func(c *provider.Config) { c.Secrets = nil }, "secrets"},
		"with a short secret":    {func(c *provider.Config) { c.Secrets = []string{"whsec_AAEC"} }, "secrets"},
		"with three secrets":     {func(c *provider.Config) { c.Secrets = []string{secret, secret, secret} }, "secrets"},
		"in unknown words":       {func(c *provider.Config) { c.Phrases = "martian" }, "martian"},
	} {
		c := good
		tt.change(&c)
		_, err := provider.New(provider.Shared{Store: s, Policies: policytest.Shipped(), Reviews: review.New(s, policytest.Shipped())}, []provider.Config{c})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}
