package domain_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/test/pictures/samples"
)

// The registry's delays, on its own clock, which only moves when a test moves it.
const (
	namingDelay  = time.Minute
	reviewDelay  = 2 * time.Minute
	releaseDelay = time.Minute
	// providerDelay is how long the provider of verification codes takes.
	providerDelay = 3 * time.Minute
	day           = 24 * time.Hour
	holdAfter     = 5 * day
)

// patience is how long a test waits for a state before it gives up. Nothing here
// is measured: a slow machine only needs longer.
const patience = time.Minute

// People who do not exist, and their numbers.
const (
	li, liNumber     = "李思远", "990000199003071171"
	wang, wangNumber = "王若溪", "990000198711242467"
	zhao, zhaoNumber = "赵未名", "990000197001010018" // nobody has verified them
)

// Our registrar accounts at the registry, and another registrar's.
const (
	chinese, generic, coded, rival = "verinym", "verinym-gtld", "verinym-codes", "gaining"
	password                       = "sandbox-pw"
)

// TestMain runs more stories at once than there are processors: they wait for
// loops more than they compute.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		_ = f.Value.Set("8")
	}
	os.Exit(m.Run())
}

// letterbox is the courier of the tests: it keeps the links, the last one's token too.
type letterbox struct {
	token   string
	letters []emailcheck.Letter
}

func (l *letterbox) VerificationLink(_ context.Context, x emailcheck.Letter) error {
	l.token = x.Token
	l.letters = append(l.letters, x)
	return nil
}

// pillarBox is the courier of questions about changes of holder: it keeps the last of each
// party.
type pillarBox map[string]domain.ConsentLetter

func (b pillarBox) AskConsent(_ context.Context, l domain.ConsentLetter) error {
	b[l.Address] = l
	return nil
}

// house is an installation with two customers, its staff, and a registry.
type house struct {
	*testing.T
	store      *store.Store
	clock      *clock.Fake
	policies   *policy.Policies
	vault      *vault.Vault
	accounts   *account.Accounts
	emails     *emailcheck.Checks
	reviews    *review.Reviews
	profiles   *profile.Profiles
	registries *registry.Registries
	domains    *domain.All
	documents  *document.Documents
	papers     *qualification.Qualifications
	server     *sandbox.Server
	box        *letterbox
	questions  pillarBox

	// me is the registrant of most stories, other another account's, office the
	// operator and billing system.
	me, other, office actor.Actor
	myAccount         account.Account
}

// open makes an installation whose loops run. change may alter the registry.
func open(t *testing.T, s *store.Store, c *clock.Fake, change ...func(*sandbox.Config)) *house {
	t.Helper()
	return openUnder(t, s, c, policytest.Shipped(), change...)
}

// openUnder makes an installation with policies of its own.
func openUnder(t *testing.T, s *store.Store, c *clock.Fake, p *policy.Policies, change ...func(*sandbox.Config)) *house {
	t.Helper()
	return openServed(t, s, c, p, nil, change...)
}

// openServed makes an installation whose names under .cn have name servers unless their
// orders name others.
func openServed(t *testing.T, s *store.Store, c *clock.Fake, p *policy.Policies, servers []string, change ...func(*sandbox.Config)) *house {
	t.Helper()
	h := &house{T: t, store: s, clock: c, policies: p, box: &letterbox{}, questions: pillarBox{}}
	var err error
	if h.vault, err = vault.OpenData(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.vault.Close() })
	h.startRegistry(change)
	h.accounts = account.New(s, account.Passwords{})
	h.emails = emailcheck.New(s, h.policies, h.box)
	h.reviews = review.New(s, h.policies)
	h.reviews.AddAuthority("sandbox", review.Sandbox{Now: s.Now})
	h.documents = document.New(s, h.vault, h.policies, jail.Here(document.Inside()))
	h.papers = qualification.New(s, h.policies, h.documents, h.reviews)
	h.profiles = profile.New(s, h.vault, h.policies, h.documents, h.reviews, profile.Authorities{Default: "sandbox", Allowed: []string{"vsp"}})
	common := registry.Account{Addr: h.server.Addr(), CAPEM: h.server.CAPEM(), Password: password, Depth: 4, PollEvery: 20 * time.Millisecond}
	cn, gtld := common, common
	cn.Name, cn.ClientID, cn.Driver, cn.AuditURL, cn.Suffixes = "cn", chinese, "cnnic", h.server.AuditURL(), []string{"cn", "gov.cn", "xn--fiqs8s"}
	cn.NameServers = servers
	gtld.Name, gtld.ClientID, gtld.Driver, gtld.Suffixes = "gtld", generic, "thin", []string{"com", "net"}
	codes, vsp := common, common
	codes.Name, codes.ClientID, codes.Driver, codes.Contacts, codes.VSP, codes.Suffixes = "codes", coded, "verificationcode", "none", "vsp", []string{"xn--ses554g", "xn--czr694b", "xn--imr513n"}
	vsp.Name, vsp.Addr, vsp.ClientID, vsp.Driver, vsp.ProviderID, vsp.IssuersPEM = "vsp", h.server.VSPAddr(), coded, "nv", "1", h.server.VSPIssuersPEM()
	h.registries, err = registry.New(registry.Config{Store: s, Vault: h.vault, Directory: h.profiles, Accounts: []registry.Account{cn, gtld, codes, vsp}, Owner: "node-1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h.reviews.AddAuthority("vsp", h.profiles.VSP(h.registries, "vsp"))
	h.domains = domain.New(domain.Config{
		Store: s, Policies: h.policies, Accounts: h.accounts, Profiles: h.profiles,
		Registries: h.registries, Reviews: h.reviews, Emails: h.emails,
		NamingAuthority: "sandbox", Qualifications: h.papers, Courier: h.questions, Log: slog.New(slog.DiscardHandler),
	})
	h.registries.SetSink(h.domains)
	h.makePeople()
	h.run()
	return h
}

func (h *house) startRegistry(change []func(*sandbox.Config)) {
	h.Helper()
	conf := sandbox.DefaultConfig()
	conf.Clock = sandbox.NewFrozenClock(h.clock.Now())
	conf.Registrars, conf.MaxSessions = nil, 64 // a story opens many eyes
	conf.VSP.Listen, conf.VSP.ReviewDelay = "127.0.0.1:0", providerDelay
	for _, id := range []string{chinese, generic, coded, rival} {
		conf.Registrars = append(conf.Registrars, sandbox.Registrar{ClientID: id, Password: password})
	}
	coding := conf.Zones[len(conf.Zones)-1]
	for _, suffix := range []string{"xn--czr694b", "xn--imr513n"} { // .商标, .餐厅
		coding.Suffix = suffix
		conf.Zones = append(conf.Zones, coding)
	}
	government := conf.Zones[slices.IndexFunc(conf.Zones, func(z sandbox.Zone) bool { return z.Suffix == "cn" })]
	government.Suffix = "gov.cn"
	conf.Zones = append(conf.Zones, government)
	for i := range conf.Zones {
		z := &conf.Zones[i]
		z.NamingDelay, z.ReviewDelay, z.ReleaseDelay = namingDelay, reviewDelay, releaseDelay
		z.HoldAfter, z.HoldAfterHolderChange = holdAfter, holdAfter
	}
	for _, f := range change {
		f(&conf)
	}
	var err error
	if h.server, err = sandbox.Start(context.WithoutCancel(h.Context()), conf); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = h.server.Close() })
}

func (h *house) makePeople() {
	h.Helper()
	for name, who := range map[string]*actor.Actor{"me": &h.me, "other": &h.other} {
		acc, err := h.accounts.Create(h.Context(), actor.Verinym, name)
		if err != nil {
			h.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
		if acc, err = h.accounts.AssertIdentity(h.Context(), actor.Verinym, acc.PublicID, account.Assertion{Verified: true, Source: "customer register"}); err != nil {
			h.Fatal(err)
		}
		if name == "me" {
			h.myAccount = acc
		}
	}
	h.office = actor.Actor{ID: "key_office", Account: 1000, Roles: []actor.Role{actor.Operator}}
}

// run runs the registry's loops until the end of the test.
func (h *house) run() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.registries.Start(ctx)
	}()
	h.Cleanup(func() {
		cancel()
		_ = h.server.Close() // nobody waits for a registry that stands still
		<-ended
	})
}

// until waits for a state. Time stands still meanwhile.
func (h *house) until(what string, ok func() bool) {
	h.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			h.Fatalf("waited for %s in vain", what)
		}
	}
}

// pass moves our clock and the registry's.
func (h *house) pass(d time.Duration) {
	h.clock.Advance(d)
	h.server.Advance(d)
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	err := h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) count(query string, args ...any) (n int) {
	h.Helper()
	if err := h.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(h.Context(), &n); err != nil {
		h.Fatal(err)
	}
	return n
}

// lostAnswers are faults after which nobody knows whether a command was carried out, or
// which ask to come again.
var lostAnswers = map[string]sandbox.Fault{
	"dropped before": {Kind: sandbox.FaultDropBefore, Times: 2},
	"dropped after":  {Kind: sandbox.FaultDropAfter, Times: 2},
	"garbage":        {Kind: sandbox.FaultGarbage, Times: 2},
	"2400":           {Kind: sandbox.FaultCode, Code: epp.CodeFailed, Times: 2},
	"2500":           {Kind: sandbox.FaultCode, Code: epp.CodeFailedClosing, Times: 2},
}

// quiet reports whether nothing is to be told or read. What a provider reviews is left
// out: it waits for the clock.
func (h *house) quiet() bool {
	h.Helper()
	var open int
	// One statement: what is read may be what is to be told next.
	err := h.store.R.NewRaw(`SELECT (SELECT count(*) FROM registry_command WHERE state NOT IN ('done', 'failed', 'cancelled')
			AND NOT (registry = 'vsp' AND state = 'waiting' AND not_before > ?))
		+ (SELECT count(*) FROM poll_inbox WHERE state = 'new')`, store.Micros(h.clock.Now())).Scan(h.Context(), &open)
	if err != nil {
		h.Fatal(err)
	}
	return open == 0
}

// settles waits until nothing is to be told to the registries or read from them.
func (h *house) settles() {
	h.Helper()
	h.until("the registries to have been told everything", h.quiet)
}

// events lists the types of the events about a subject, in order.
func (h *house) events(subject string) (out []string) {
	h.Helper()
	for _, e := range h.eventsOf(subject) {
		out = append(out, string(e.Type))
	}
	return out
}

func (h *house) eventsOf(subject string) (out []event.Event) {
	h.Helper()
	err := h.store.R.NewSelect().Model(&out).Column("id", "account_id", "type", "subject", "data", "at", "state").Where("subject = ?", subject).OrderExpr("id").Scan(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// the one event of a type about a subject.
func (h *house) event(subject string, typ event.Type) event.Event {
	h.Helper()
	found := slices.DeleteFunc(h.eventsOf(subject), func(e event.Event) bool { return e.Type != typ })
	if len(found) != 1 {
		h.Fatalf("%d events %s about %s, want one (%v)", len(found), typ, subject, h.events(subject))
	}
	return found[0]
}

// sort says what kind of profile somebody makes.
type sort struct {
	kind   policy.ProfileKind
	holder policy.HolderType
}

var (
	forCN  = sort{policy.CNNIC, policy.Individual}
	forCOM = sort{policy.Common, policy.Individual}

	// forCodes is for the suffixes whose registry takes codes.
	forCodes = forCOM
)

// draft makes a profile of the holder, complete but for its submission.
func (h *house) draft(a actor.Actor, k sort, name, number string, more ...string) profile.View {
	h.Helper()
	fields := map[string]string{
		"name_zh": name, "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "样张区虚构路18号院", "postal_code": "310000", "phone": "13800138000",
		"email": "holder@registrant.example", "document_kind": "resident_id", "document_number": number,
	}
	for i := 0; i < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	d := profile.Draft{Fields: map[string]*string{}}
	for k, v := range fields {
		d.Fields[k] = &v
	}
	v, err := h.profiles.Create(h.Context(), a, policy.Mainland, k.kind, k.holder, d)
	if err != nil {
		h.Fatal(err)
	}
	h.answers(a, v)
	h.show(a, v, samples.Li)
	return v
}

// answers verifies the address of a profile.
func (h *house) answers(a actor.Actor, v profile.View) {
	h.Helper()
	if v.Email == emailcheck.Verified {
		return
	}
	addr, err := h.emails.Request(h.Context(), a, v.Current.Fields.Email)
	if err != nil {
		h.Fatal(err)
	}
	if err := h.emails.Send(h.Context(), emailcheck.SendLink{AddressID: addr.ID}); err != nil {
		h.Fatal(err)
	}
	if _, err := h.emails.Confirm(h.Context(), h.box.token); err != nil {
		h.Fatal(err)
	}
}

// show puts a picture to a profile that was screened before, so that not every
// story screens it again.
func (h *house) show(a actor.Actor, v profile.View, picture []byte) {
	h.Helper()
	stored, err := h.vault.Put(h.Context(), bytes.NewReader(picture))
	if err != nil {
		h.Fatal(err)
	}
	id := store.NewID("doc")
	h.exec(`INSERT INTO document (public_id, account_id, kind, side, state, file_name, format, width, height, bytes, sha256, blob_key, copy_bytes, copy_sha256, copy_key, verdict, findings, created_at)
		VALUES (?0, ?1, ?2, 'front', 'stored', 'card.jpg', 'JPEG', 1920, 1440, ?3, ?4, ?5, ?3, ?4, ?5, 'pass', '[]', 0)`, id, a.Account, v.Current.Fields.DocumentKind, stored.Bytes, stored.SHA256, stored.Key)
	h.exec("DELETE FROM profile_document WHERE version_id = ?", v.Current.ID)
	h.exec("INSERT INTO profile_document (version_id, side, document_id) SELECT ?, 'front', id FROM document WHERE public_id = ?", v.Current.ID, id)
}

// submit has the sandbox authority decide about a profile.
func (h *house) submit(a actor.Actor, v profile.View) profile.View {
	h.Helper()
	if _, err := h.profiles.Submit(h.Context(), a, v.Profile.PublicID, ""); err != nil {
		h.Fatal(err)
	}
	h.decide()
	v, err := h.profiles.Get(h.Context(), a, v.Profile.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	return v
}

// decide has the sandbox authority answer what it was asked.
func (h *house) decide() {
	h.Helper()
	if _, err := h.reviews.AskDue(h.Context(), 100); err != nil {
		h.Fatal(err)
	}
}

// verified is the public id of a verified profile.
func (h *house) verified(a actor.Actor, k sort, name, number string) string {
	h.Helper()
	v := h.submit(a, h.draft(a, k, name, number))
	if v.Current.State != profile.Verified {
		h.Fatalf("the profile of %s is %s", name, v.Current.State)
	}
	return v.Profile.PublicID
}

// cnProfile is the verified profile of li for .cn in my account.
func (h *house) cnProfile() string { return h.verified(h.me, forCN, li, liNumber) }

func (h *house) place(name, profile string) domain.Order {
	h.Helper()
	o, err := h.domains.PlaceOrder(h.Context(), h.me, name, profile, 1)
	if err != nil {
		h.Fatal(err)
	}
	return o
}

func (h *house) pay(o domain.Order) domain.Order {
	h.Helper()
	o, err := h.domains.ConfirmPayment(h.Context(), h.office, o.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	return o
}

func (h *house) order(o domain.Order) domain.Order {
	h.Helper()
	o, err := h.domains.FindOrder(h.Context(), h.me, o.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	return o
}

// get reads a domain of my account.
func (h *house) get(name string) domain.Domain {
	h.Helper()
	d, err := h.domains.Get(h.Context(), h.me, name)
	if err != nil {
		h.Fatal(err)
	}
	return d
}

func (h *house) status(name string) domain.Status {
	h.Helper()
	return h.get(name).Status(h.clock.Now())
}

// register orders and pays a name and waits until the registry has it, with the
// documents of its holder.
func (h *house) register(name, profile string) (domain.Order, domain.Domain) {
	h.Helper()
	o := h.pay(h.place(name, profile))
	h.settles()
	d := h.get(name)
	if d.State != domain.Registered {
		h.Fatalf("%s is %s (%s)", name, d.State, h.order(o).Failure)
	}
	return h.order(o), d
}

// reviewed lets the registry decide about names and holders, and lift its holds.
func (h *house) reviewed() {
	h.Helper()
	for _, d := range []time.Duration{namingDelay, reviewDelay, releaseDelay} {
		h.pass(d)
		h.read()
	}
}

// read waits until every message that the registry has sent has been applied.
func (h *house) read() {
	h.Helper()
	for _, client := range []string{chinese, generic, coded} {
		eyes := h.eyes(client)
		h.until("the poll queue to be read empty", func() bool { return h.do(eyes, epp.Poll{}).Code() == epp.CodeNoMessages })
		_ = eyes.Close()
	}
	provider := h.dial(h.server.VSPAddr(), coded)
	h.until("the provider's queue to be read empty", func() bool { return h.do(provider, epp.Poll{}).Code() == epp.CodeNoMessages })
	_ = provider.Close()
	h.settles()
}

// eyes is an EPP session of the test's own.
func (h *house) eyes(client string) *epp.Conn {
	h.Helper()
	return h.dial(h.server.Addr(), client)
}

func (h *house) dial(addr, client string) *epp.Conn {
	h.Helper()
	c, err := epp.Dial(h.Context(), addr, epp.Options{TLS: h.server.TLS(), ClientID: client, Password: password, KeepAlive: -1})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = c.Close() })
	return c
}

func (h *house) do(c *epp.Conn, body epp.Body, extensions ...epp.Extension) *epp.Response {
	h.Helper()
	resp, err := c.Do(h.Context(), epp.Command{Body: body, Extensions: extensions})
	if err != nil {
		h.Fatalf("%T: %v", body, err)
	}
	return resp
}

// at is a domain as the registry has it.
func (h *house) at(name string) *eppdomain.InfoData {
	h.Helper()
	c := h.eyes(chinese)
	defer c.Close()
	d, err := eppdomain.ParseInfoData(h.do(c, eppdomain.Info{Name: name}).Data)
	if err != nil {
		h.Fatal(err)
	}
	return d
}

// holding has the registry hold domains of ours from the start, of a contact that
// nobody has verified.
func holding(client, holder, number string, names ...string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		id := fmt.Sprintf("old-%d", len(c.Seed.Contacts))
		c.Seed.Contacts = append(c.Seed.Contacts, sandbox.SeedContact{ClientID: client, Identity: cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: number},
			Contact: contact.Create{ID: id, Email: "old@registrant.example", Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw"},
				Postal: []contact.PostalInfo{{Type: contact.Loc, Name: holder, Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}}}})
		for _, n := range names {
			c.Seed.Domains = append(c.Seed.Domains, sandbox.SeedDomain{ClientID: client, Domain: eppdomain.Create{Name: n, Registrant: id, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}})
		}
	}
}

// imports takes domains into my account and waits until their holders are known.
func (h *house) imports(names ...string) {
	h.Helper()
	for _, n := range names {
		if _, err := h.takes(h.office, h.myAccount.PublicID, n); err != nil {
			h.Fatal(err)
		}
	}
	h.settles()
}

// works takes all names of the open tasks, as the loop would.
func (h *house) works() error {
	for {
		if n, err := h.domains.WorkTasks(h.Context()); err != nil || n == 0 {
			return err
		}
	}
}

// tells expands events as the outbox would.
func (h *house) tells() {
	h.Helper()
	var events []event.Event
	err := h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		events, err = event.Outbox{Store: h.store}.Take(ctx, tx, 1000)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	for range 2 { // perhaps more than once
		err = h.store.InTx(h.Context(), func(ctx context.Context, tx *store.Tx) error { return h.domains.Happened(ctx, tx, events) })
		if err != nil {
			h.Fatal(err)
		}
	}
	if err := h.works(); err != nil {
		h.Fatal(err)
	}
}

// associate runs a task until all its names are taken.
func (h *house) associate(r domain.Request) domain.Task {
	h.Helper()
	t, err := h.domains.Associate(h.Context(), h.me, r)
	if err != nil {
		h.Fatal(err)
	}
	if err := h.works(); err != nil {
		h.Fatal(err)
	}
	return t
}

func (h *house) task(t domain.Task) (domain.Task, []domain.Item) {
	h.Helper()
	t, items, err := h.domains.FindTask(h.Context(), h.me, t.PublicID, 0, 2000)
	if err != nil {
		h.Fatal(err)
	}
	return t, items
}

// items are the domains of a task, "state reason" by name.
func (h *house) items(t domain.Task) map[string]string {
	h.Helper()
	_, items := h.task(t)
	out := map[string]string{}
	for _, i := range items {
		out[i.Domain] = strings.TrimSpace(string(i.State) + " " + i.Reason)
	}
	return out
}

func submitting(profile string, names ...string) domain.Request {
	return domain.Request{Operation: domain.SubmitVerification, Profile: profile, Domains: names}
}

func changing(profile string, names ...string) domain.Request {
	return domain.Request{Operation: domain.ChangeHolder, Profile: profile, Domains: names, Consent: true}
}

// wantItems compares the domains of a task.
func (h *house) wantItems(t domain.Task, want map[string]string) {
	h.Helper()
	if got := h.items(t); !maps.Equal(got, want) {
		h.Errorf("the task's domains are %v, want %v", got, want)
	}
}

// wantFault checks the code of an error.
func (h *house) wantFault(what string, err error, code string) {
	h.Helper()
	if got := fault.Code(err); got != code {
		h.Errorf("%s: %q, want %q (%v)", what, got, code, err)
	}
}
