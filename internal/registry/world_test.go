package registry_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// The registry's delays, on its own clock, which only moves when a test moves it.
const (
	namingDelay  = time.Minute
	reviewDelay  = 2 * time.Minute
	releaseDelay = time.Minute
	holdAfter    = 5 * 24 * time.Hour
)

// patience is how long a test waits for a state before it gives up. Nothing here
// is measured: a slow machine only needs longer.
const patience = time.Minute

// us is our registrar account in every test, others is another registrar's.
const (
	us, ourPassword        = "verinym", "verinym-pw"
	others, othersPassword = "gaining", "gaining-pw"
)

// liNumber is the document number of 李思远, who holds the contacts of the tests.
const liNumber = "990000199003071171"

// TestMain runs more stories at once than there are processors: they wait for
// loops more than they compute.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		_ = f.Value.Set("8")
	}
	os.Exit(m.Run())
}

// world is a database, a registry and our registrar account at it.
type world struct {
	*testing.T
	store  *store.Store
	clock  *clock.Fake
	server *sandbox.Server
	sink   *sink
	dir    *directory
	config registry.Config
	log    safeBuffer
	// desk sends commands for the test; its loops run after run.
	desk *registry.Registries
	all  []*registry.Registries
}

type setting struct {
	sandbox func(*sandbox.Config)
	account func(*registry.Account)
}

// open makes a world. Nothing is pumped before run.
func open(t *testing.T, s *store.Store, c *clock.Fake, set setting) *world {
	t.Helper()
	v, err := vault.OpenData(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	conf := sandbox.DefaultConfig()
	conf.Clock = sandbox.NewFrozenClock(c.Now())
	conf.Registrars = []sandbox.Registrar{{ClientID: us, Password: ourPassword}, {ClientID: others, Password: othersPassword}}
	for i := range conf.Zones {
		z := &conf.Zones[i]
		z.NamingDelay, z.ReviewDelay, z.ReleaseDelay = namingDelay, reviewDelay, releaseDelay
		z.HoldAfter, z.HoldAfterHolderChange = holdAfter, holdAfter
	}
	if set.sandbox != nil {
		set.sandbox(&conf)
	}
	server, err := sandbox.Start(context.WithoutCancel(t.Context()), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	w := &world{T: t, store: s, clock: c, server: server, sink: &sink{}, dir: newDirectory()}
	a := registry.Account{
		Name: "cn", Addr: server.Addr(), ClientID: us, Password: ourPassword, CAPEM: server.CAPEM(), Suffixes: []string{"cn"}, Driver: "cnnic",
		AuditURL: server.AuditURL(), Depth: 4, PollEvery: 20 * time.Millisecond,
	}
	if set.account != nil {
		set.account(&a)
	}
	w.config = registry.Config{Store: s, Vault: v, Directory: w.dir, Sink: w.sink, Accounts: []registry.Account{a}, Log: slog.New(slog.NewTextHandler(&w.log, nil))}
	w.desk = w.process("desk")
	return w
}

// process is another process of ours on the same database, at rest.
func (w *world) process(owner string) *registry.Registries {
	w.Helper()
	c := w.config
	c.Owner = owner
	r, err := registry.New(c)
	if err != nil {
		w.Fatal(err)
	}
	w.all = append(w.all, r)
	return r
}

// running is a process of ours at work.
type running struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

// stop ends it as an orderly shutdown does.
func (r running) stop() { r.cancel(); <-r.ended }

// run runs the loops of a process until the end of the test at the latest.
func (w *world) run(r *registry.Registries) running {
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.Context()))
	p := running{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		r.Start(ctx)
	}()
	w.Cleanup(func() {
		cancel()
		_ = w.server.Close() // nobody waits for a registry that stands still
		<-p.ended
	})
	return p
}

// until waits for a state. Time stands still meanwhile.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	w.wait(what, 0, ok)
}

// pass waits for a state while time passes, for us and for the registry.
func (w *world) pass(what string, ok func() bool) {
	w.Helper()
	w.wait(what, time.Second, ok)
}

func (w *world) wait(what string, step time.Duration, ok func() bool) {
	w.Helper()
	for end := time.Now().Add(patience); ; {
		if ok() {
			return
		}
		if time.Now().After(end) {
			w.Fatalf("waited for %s in vain; commands:\n%s", what, w.list())
		}
		if step > 0 {
			w.advance(step)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// advance moves both clocks.
func (w *world) advance(d time.Duration) {
	w.clock.Advance(d)
	w.server.Advance(d)
	for _, r := range w.all {
		r.Wake()
	}
}

func (w *world) tx(f func(ctx context.Context, tx *store.Tx) error) {
	w.Helper()
	if err := w.store.InTx(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

// exec writes rows as no process of ours would.
func (w *world) exec(query string, args ...any) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
}

func (w *world) commands() (out []registry.Command) {
	w.Helper()
	if err := w.store.R.NewSelect().Model(&out).OrderExpr("id").Scan(w.Context()); err != nil {
		w.Fatal(err)
	}
	return out
}

// list is the commands for people.
func (w *world) list() (out string) {
	for _, c := range w.commands() {
		out += fmt.Sprintf("%4d %-18s %-28s %-9s attempt %d, failures %d, code %d %v\n", c.ID, c.Kind, c.Object, c.State, c.Attempt, c.Failures, c.ResultCode, c.Result)
	}
	return out
}

// of returns the commands about an object.
func (w *world) of(object string) []registry.Command {
	w.Helper()
	return slices.DeleteFunc(w.commands(), func(c registry.Command) bool { return c.Object != object })
}

// only returns the one command about an object.
func (w *world) only(object string) registry.Command {
	w.Helper()
	found := w.of(object)
	if len(found) != 1 {
		w.Fatalf("%d commands about %s, want one:\n%s", len(found), object, w.list())
	}
	return found[0]
}

// ended reports whether no command is open any more.
func (w *world) ended() bool {
	w.Helper()
	var open int
	err := w.store.R.NewRaw("SELECT count(*) FROM registry_command WHERE state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting')").Scan(w.Context(), &open)
	if err != nil {
		w.Fatal(err)
	}
	return open == 0
}

// allDone waits, while time passes, until all commands have ended, and wants
// each of them done.
func (w *world) allDone() {
	w.Helper()
	w.pass("all commands to end", w.ended)
	for _, c := range w.commands() {
		if c.State != registry.Done {
			w.Errorf("%s %s is %s: %d %v", c.Kind, c.Object, c.State, c.ResultCode, c.Result)
		}
	}
}

// state of the one command about an object.
func (w *world) state(object string) registry.State { return w.only(object).State }

// holder makes a holder known and orders the contact for it.
func (w *world) contactFor(ref, name string) (id string) {
	w.Helper()
	w.dir.add(ref, name)
	w.tx(func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.desk.Contact(ctx, tx, "cn", ref, w.identity(name))
		return err
	})
	return id
}

func (w *world) identity(name string) registry.Identity {
	hash, err := w.config.Vault.NumberHash(liNumber)
	if err != nil {
		w.Fatal(err)
	}
	return registry.Identity{Type: "individual", Name: name, Hash: hash}
}

// secretOf is the transfer password that a test orders a name with.
func secretOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("auth-%x", sum[:5])
}

func (w *world) create(name, registrant string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return w.desk.CreateDomain(ctx, tx, "cn", registry.Registration{Name: name, Years: 1, Registrant: registrant, HolderType: "individual", AuthInfo: secretOf(name), Subject: "order of " + name})
	})
}

func (w *world) change(name, registrant string, lane int) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return w.desk.ChangeRegistrant(ctx, tx, "cn", name, registrant, "change of "+name, lane)
	})
}

func (w *world) refresh(name string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return w.desk.Refresh(ctx, tx, "cn", name, "look at "+name, registry.Interactive)
	})
}

func (w *world) lookUp(contact string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return w.desk.LookUpContact(ctx, tx, "cn", contact, contact)
	})
}

// witness is an EPP session of the test's own.
func (w *world) witness(client, password string) *epp.Conn {
	w.Helper()
	c, err := epp.Dial(w.Context(), w.server.Addr(), epp.Options{TLS: w.server.TLS(), ClientID: client, Password: password, KeepAlive: -1})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = c.Close() })
	return c
}

func (w *world) do(c *epp.Conn, body epp.Body, extensions ...epp.Extension) *epp.Response {
	w.Helper()
	resp, err := c.Do(w.Context(), epp.Command{Body: body, Extensions: extensions})
	if err != nil {
		w.Fatalf("%T: %v", body, err)
	}
	return resp
}

// at is a domain as the registry has it, nil for none.
func (w *world) at(c *epp.Conn, name string) *domain.InfoData {
	w.Helper()
	resp, err := c.Do(w.Context(), epp.Command{Body: domain.Info{Name: name}})
	if epp.CodeOf(err) == epp.CodeNotExists {
		return nil
	}
	if err != nil {
		w.Fatal(err)
	}
	d, err := domain.ParseInfoData(resp.Data)
	if err != nil {
		w.Fatal(err)
	}
	return d
}

// person is a contact of a natural person, as a registrar makes it.
func person(id, name string) contact.Create {
	return contact.Create{
		ID: id, Email: "holder@registrant.example", Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw"},
		Postal: []contact.PostalInfo{{Type: contact.Loc, Name: name, Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}},
	}
}

func identity() cnnic.Contact {
	return cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: liNumber}
}

// seeded has the registry hold domains of ours, of one old contact, from the start.
func seeded(names ...string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		c.Seed.Contacts = []sandbox.SeedContact{{ClientID: us, Contact: person("old-holder", "赵未名"), Identity: identity()}}
		for _, n := range names {
			c.Seed.Domains = append(c.Seed.Domains, sandbox.SeedDomain{ClientID: us, Domain: domain.Create{Name: n, Registrant: "old-holder", AuthInfo: &epp.AuthInfo{PW: secretOf(n)}}})
		}
	}
}

// names makes n names that look like pattern.
func names(pattern string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(pattern, i)
	}
	return out
}

// sent lists what the registry received about a name: verbs, in order.
func (w *world) sent(object, name string) (out []string) {
	for _, r := range w.server.LogOf(object, name) {
		out = append(out, r.Verb)
	}
	return out
}

// received counts commands of a verb.
func (w *world) received(verb, object string) (n int) {
	for _, r := range w.server.Log() {
		if r.Verb == verb && (object == "" || r.Object == object) {
			n++
		}
	}
	return n
}

var transforms = []string{"create", "update", "delete", "renew", "transfer"}

// nothingSentBlindly reads the registry's record of every command that it
// received: a command that changes an object is only repeated after its answer
// was lost (or was a failure of the registry's own) and an <info> of that object
// was answered in between.
func (w *world) nothingSentBlindly() {
	w.Helper()
	log := w.server.Log()
	broken := map[uint64]bool{} // sessions in which a fault struck
	cut := false
	for _, r := range log {
		if r.Fault != "" {
			broken[r.Session] = true
		}
		cut = cut || r.Fault == sandbox.FaultCut
	}
	type attempt struct {
		sandbox.Received
		looked bool
	}
	last := map[string]*attempt{}
	for _, r := range log {
		if r.Channel != "epp" || r.Name == "" {
			continue
		}
		object := r.Object + " " + r.Name
		before := last[object]
		if r.Verb == "info" && before != nil && r.Fault == "" && (r.Code == epp.CodeOK || r.Code == epp.CodeNotExists) {
			before.looked = true
		}
		if !slices.Contains(transforms, r.Verb) {
			continue
		}
		refused := before != nil && before.Code == epp.CodeBilling // which is an answer: it was not carried out
		if before != nil && before.Verb == r.Verb && !refused {
			if !broken[before.Session] && !cut {
				w.Errorf("%s %s was repeated (%s, then %s) though its answer was not lost", r.Verb, object, before.ClTRID, r.ClTRID)
			}
			if !before.looked {
				w.Errorf("%s %s was repeated (%s, then %s) without an <info> in between", r.Verb, object, before.ClTRID, r.ClTRID)
			}
			if before.ClTRID == r.ClTRID {
				w.Errorf("%s %s was repeated under the same clTRID %s", r.Verb, object, r.ClTRID)
			}
		}
		last[object] = &attempt{Received: r}
	}
}

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// sink records what it is told, once the unit of work is committed.
type sink struct {
	mu      sync.Mutex
	told    []registry.Result
	trouble func(registry.Result) error
}

func (s *sink) Applied(_ context.Context, tx *store.Tx, results []registry.Result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range results {
		if s.trouble != nil {
			if err := s.trouble(r); err != nil {
				return err
			}
		}
	}
	results = slices.Clone(results)
	tx.OnCommit(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told = append(s.told, results...)
	})
	return nil
}

func (s *sink) refuse(f func(registry.Result) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = f
}

// about lists what was told about a domain or contact.
func (s *sink) about(object string) (out []registry.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.told {
		if r.Domain == object || r.Domain == "" && r.Contact == object {
			out = append(out, r)
		}
	}
	return out
}

// notices counts the poll messages told about a domain.
func (s *sink) notices(domain string) (n int) {
	for _, r := range s.about(domain) {
		if r.Outcome == registry.OutcomeNotice {
			n++
		}
	}
	return n
}

// told reports whether something was said about an object.
func (s *sink) heard(object string, ok func(registry.Result) bool) bool {
	return slices.ContainsFunc(s.about(object), ok)
}

// directory knows holders.
type directory struct {
	mu      sync.Mutex
	holders map[string]registry.Holder
}

func newDirectory() *directory { return &directory{holders: map[string]registry.Holder{}} }

func (d *directory) add(ref, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.holders[ref] = registry.Holder{
		Ref: ref, Type: "individual", DocumentKind: "resident_id", DocumentCode: cnnic.SFZ, DocumentNumber: liNumber, NameZh: name, NameEn: "holder",
		Country: "CN", PostalCode: "310000", ProvinceZh: "浙江", ProvinceEn: "zhe jiang", CityZh: "杭州市", CityEn: "hang zhou", AddressZh: "虚构路1号",
		AddressEn: "xu gou lu 1", Phone: "+86.13800000000", Email: "holder@registrant.example",
	}
}

func (d *directory) Holder(_ context.Context, ref string) (registry.Holder, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h, ok := d.holders[ref]
	if !ok {
		return h, fmt.Errorf("no holder %s", ref)
	}
	return h, nil
}

func (d *directory) Details(ctx context.Context, ref string) (registry.Holder, error) {
	h, err := d.Holder(ctx, ref)
	h.DocumentNumber = ""
	return h, err
}

func (d *directory) Evidence(_ context.Context, ref string) ([]registry.Picture, error) {
	picture := []byte("the portrait side of " + path.Base(ref))
	sum := sha256.Sum256(picture)
	return []registry.Picture{{Side: "front", SHA256: sum[:], Bytes: picture}}, nil
}

// write writes a file.
func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
