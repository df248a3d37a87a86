package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/api"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/console"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/forwarded"
	"github.com/verinym/verinym/internal/inspection"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/job"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/mailsink"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/timeline"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
)

// App is a running server.
type App struct {
	api.Nouns

	config      Config
	log         *slog.Logger
	url         string
	sink        *mailsink.Sink
	sinkURL     string
	sandbox     *sandbox.Server
	eppAccounts []EPPAccount
	// round is one of all that runs by itself otherwise; the first after a move of the clock has
	// what is looked at seldom, too.
	round func(ctx context.Context, first bool) (int, error)
	stops []func() // in the order of starting; run backwards
}

// URL is where the server answers.
func (a *App) URL() string { return a.url }

// MailURL is where the mail sink shows its mails, "" without one.
func (a *App) MailURL() string { return a.sinkURL }

// Sandbox is the embedded registry, nil when there is none.
func (a *App) Sandbox() *sandbox.Server { return a.sandbox }

// Sink is the embedded mail sink, nil when there is none.
func (a *App) Sink() *mailsink.Sink { return a.sink }

// Start starts a server and returns when it answers. Stop ends it.
func Start(ctx context.Context, c Config, version string, log *slog.Logger) (*App, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	a := &App{config: c, log: log}
	if err := a.start(ctx, version); err != nil {
		a.Stop()
		return nil, fmt.Errorf("app: %w", err)
	}
	return a, nil
}

// Stop ends everything that Start began, the newest first.
func (a *App) Stop() {
	for i := len(a.stops) - 1; i >= 0; i-- {
		a.stops[i]()
	}
	a.stops = nil
}

func (a *App) onStop(f func()) { a.stops = append(a.stops, f) }

func (a *App) start(ctx context.Context, version string) error {
	c := a.config
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	if len(c.Registries) == 0 || !store.IsPostgres(c.Database) { // nodes on one PostgreSQL may share the folder of documents
		unlock, err := lockData(c.Data)
		if err != nil {
			return err
		}
		a.onStop(unlock)
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	a.onStop(func() { _ = listener.Close() })
	a.url = "http://" + listener.Addr().String()
	if c.PublicURL == "" {
		c.PublicURL = a.url
	}
	files := policyFiles(c.PolicyDir)
	if a.Policies, err = policy.Load(files); err != nil {
		return err
	}
	texts, err := locale.Load(files)
	if err != nil {
		return err
	}
	if a.Store, err = store.Open(ctx, store.Config{URL: c.Database, Clock: c.Clock, Log: a.log}); err != nil {
		return err
	}
	a.onStop(func() { _ = a.Store.Close() })
	if !store.IsPostgres(c.Database) { // the lock on the folder says that nobody else is there
		if err := a.Store.Inherit(ctx); err != nil {
			return err
		}
	}
	proxies, err := forwarded.Trust(c.TrustedProxies.Networks, c.TrustedProxies.Header)
	if err != nil {
		return fmt.Errorf("trusted_proxies: %w", err)
	}
	v, err := vault.OpenData(c.Data)
	if err != nil {
		return err
	}
	a.onStop(func() { _ = v.Close() })
	a.PolicyVersions = policy.NewVersions(a.Store, a.Policies)
	if err := a.PolicyVersions.Begin(ctx); err != nil {
		return err
	}
	if err := a.startMail(c); err != nil {
		return err
	}
	if err := a.startSandbox(ctx, &c); err != nil {
		return err
	}
	registries, loops, workers, err := a.wire(c, v, texts)
	if err != nil {
		return err
	}
	if c.Clock == nil {
		a.runLoops(registries, loops, workers)
	} else if err := a.waitForHand(registries, loops, workers); err != nil {
		return err
	}
	mux := http.NewServeMux()
	a.Vault = v
	api.Register(mux, a.Nouns, texts, version, a.log)
	console.Register(mux, console.Nouns{
		Store: a.Store, Vault: a.Vault, Policies: a.Policies, PolicyVersions: a.PolicyVersions, PolicyFiles: files, Accounts: a.Accounts,
		Emails: a.Emails, Documents: a.Documents, Profiles: a.Profiles, Domains: a.Domains, Reviews: a.Reviews,
		Qualifications: a.Qualifications, Registries: a.Registries, Timelines: a.Timelines, Messages: a.Messages,
		Webhooks: a.Webhooks, Enhanced: a.Enhanced, Packs: a.Packs, Backlog: a.Backlog, Post: a.Post,
		Providers: a.Providers, DataRequests: a.DataRequests,
	}, texts, strings.HasPrefix(c.PublicURL, "https://"), a.log)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	a.serve(listener, proxies.Handler(mux))
	return nil
}

// startMail starts the sink unless mail goes to a real server.
func (a *App) startMail(c Config) error {
	if c.Mail.SMTP != "" {
		return nil
	}
	var err error
	if a.sink, err = mailsink.Start("127.0.0.1:0", a.log); err != nil {
		return err
	}
	a.onStop(func() { _ = a.sink.Close() })
	l, err := net.Listen("tcp", c.Mail.SinkAddr)
	if err != nil {
		return err
	}
	a.sinkURL = "http://" + l.Addr().String()
	a.serve(l, a.sink.Handler())
	return nil
}

// startSandbox starts the embedded registry unless real ones are configured, and
// makes it known as three accounts, with a fourth at its provider of codes.
func (a *App) startSandbox(ctx context.Context, c *Config) error {
	if len(c.Registries) > 0 {
		return nil
	}
	conf := c.sandboxConfig()
	conf.Log = a.log
	var err error
	if a.sandbox, err = sandbox.Start(ctx, conf); err != nil {
		return err
	}
	a.onStop(func() { _ = a.sandbox.Close() })
	common := Registry{Addr: a.sandbox.Addr(), CAFile: a.sandbox.CAFile(), Password: sandboxSecret, Depth: 16, PollEvery: 100 * time.Millisecond}
	cn, gtld := common, common
	cn.Name, cn.ClientID, cn.Driver, cn.AuditURL, cn.Suffixes = "sandbox-cnnic", sandboxChinese, "cnnic", a.sandbox.AuditURL(), []string{"cn", "gov.cn", "xn--fiqs8s"}
	gtld.Name, gtld.ClientID, gtld.Driver, gtld.Suffixes = "sandbox-gtld", sandboxGeneric, "thin", []string{"com", "net"}
	codes, vsp := common, common
	codes.Name, codes.ClientID, codes.Driver, codes.Contacts, codes.VSP, codes.Suffixes = "sandbox-codes", sandboxCoded, "verificationcode", "none", "sandbox-vsp", []string{"xn--ses554g", "xn--czr694b", "xn--imr513n"}
	vsp.Name, vsp.Addr, vsp.ClientID, vsp.Driver, vsp.ProviderID, vsp.IssuersPEM = "sandbox-vsp", a.sandbox.VSPAddr(), sandboxCoded, "nv", "1", a.sandbox.VSPIssuersPEM()
	c.Registries = []Registry{cn, gtld, codes, vsp}
	for _, r := range c.Registries {
		a.eppAccounts = append(a.eppAccounts, EPPAccount{Registry: r.Name, Addr: r.Addr, EPPLogin: EPPLogin{r.ClientID, r.Password}, Suffixes: r.Suffixes})
	}
	return nil
}

// wire makes the nouns, from the lower floors to the higher.
func (a *App) wire(c Config, v *vault.Vault, texts *locale.Texts) (*registry.Registries, []job.Loop, *job.Workers, error) {
	owner := ownerName()
	pictures, err := jail.New(jail.Config{Timeout: time.Minute})
	if err != nil {
		return nil, nil, nil, err
	}
	a.onStop(pictures.Close)
	mailer := &notify.Mailer{Addr: c.Mail.SMTP, User: c.Mail.User, Password: c.Mail.Password, From: c.Mail.From, Bounces: c.Mail.Bounces, PublicURL: c.PublicURL, Texts: texts, Zone: a.Policies.Calendar.Zone()}
	if a.sink != nil {
		mailer.Addr, mailer.Sink = a.sink.Addr(), true
	}
	a.Backlog = backlog.New(a.Store)
	a.Accounts = account.New(a.Store, account.Passwords{})
	outside, err := c.SignIn.Provider.outside(c.PublicURL, a.Store.Now)
	if err != nil {
		return nil, nil, nil, err
	}
	a.Accounts.SetOutside(outside)
	if err := a.Accounts.SetPasskeys(c.PublicURL); err != nil {
		return nil, nil, nil, fmt.Errorf("public_url: %w", err)
	}
	a.Post = notify.NewPost(a.Store, mailer, a.log)
	a.Emails = emailcheck.New(a.Store, a.Policies, a.Post)
	a.Documents = document.New(a.Store, v, a.Policies, pictures)
	if err := a.startReader(c, pictures); err != nil {
		return nil, nil, nil, err
	}
	a.Reviews = review.New(a.Store, a.Policies)
	asked := make(chan struct{}, 1)
	a.Reviews.OnHandOut(func() { poke(asked) })
	a.Reviews.AddAuthority("sandbox", review.Sandbox{Delay: c.Review.SandboxDelay, Slow: c.Review.SandboxSlow, Now: a.Store.Now})
	reachable, err := networks("review.allow", c.Review.Allow)
	if err != nil {
		return nil, nil, nil, err
	}
	a.Providers, err = provider.New(provider.Shared{Store: a.Store, Vault: v, Policies: a.Policies, Reviews: a.Reviews, PublicURL: c.PublicURL, Plain: c.Review.Plain, Allowed: reachable}, c.Review.providers())
	if err != nil {
		return nil, nil, nil, err
	}
	a.Profiles = profile.New(a.Store, v, a.Policies, a.Documents, a.Reviews, profile.Authorities{Default: c.Review.Authority, Allowed: c.Review.Allowed})
	a.Post.SetNouns(a.Emails, a.Accounts, a.Profiles)
	a.Accounts.SetCourier(a.Post)
	registries, err := registry.New(registry.Config{Store: a.Store, Vault: v, Directory: a.Profiles, Accounts: accountsOf(c.Registries), Owner: owner, Log: a.log, Pool: c.pool(), OnMoment: c.OnMoment})
	if err != nil {
		return nil, nil, nil, err
	}
	for _, r := range c.Registries {
		if r.Driver != "nv" {
			continue
		}
		if a.Reviews.Known(r.Name) {
			return nil, nil, nil, fmt.Errorf("registries: %q is the name of an authority already", r.Name)
		}
		a.Reviews.AddAuthority(r.Name, a.Profiles.VSP(registries, r.Name))
		if c.Review.Naming == r.Name {
			return nil, nil, nil, fmt.Errorf("review.naming: %q decides profiles only; names under suffixes that take its codes are reviewed by it anyway", r.Name)
		}
	}
	if !a.Reviews.Known(c.Review.Authority) || !a.Reviews.Known(c.Review.Naming) {
		return nil, nil, nil, fmt.Errorf("review authority %q or %q is not known", c.Review.Authority, c.Review.Naming)
	}
	looker, err := c.DNS.checker(a.sandbox != nil)
	if err != nil {
		return nil, nil, nil, err
	}
	asker, err := c.RDAP.client(a.sandbox != nil, c.rdapList())
	if err != nil {
		return nil, nil, nil, err
	}
	a.Qualifications = qualification.New(a.Store, a.Policies, a.Documents, a.Reviews)
	a.Domains = domain.New(a.Store, a.Policies, a.Accounts, a.Profiles, registries, a.Reviews, a.Emails, domain.Config{NamingAuthority: c.Review.Naming, UnpaidFor: c.Orders.UnpaidFor, StaleAfter: c.Reconcile.After, DNS: looker, RDAP: asker, Qualifications: a.Qualifications, Courier: courier{a.Post}, Owner: owner, Log: a.log})
	tasks := make(chan struct{}, 1)
	a.Domains.OnTask(func() { poke(tasks) })
	registries.SetSink(a.Domains)
	a.Registries = registries
	a.Profiles.SetGrounds(a.Domains)
	a.AccountChecks = accountcheck.New(a.Store, a.Policies, a.Accounts, a.Profiles, a.Reviews)
	a.Enhanced = enhanced.New(a.Store, a.Policies, a.Documents, a.Profiles, a.Domains, a.Reviews)
	allowed, err := networks("webhooks.allow", c.Webhooks.Allow)
	if err != nil {
		return nil, nil, nil, err
	}
	key, err := inspection.LoadKey(c.inspectionKey())
	if err != nil {
		return nil, nil, nil, err
	}
	a.Packs = inspection.New(a.Store, a.Policies, key)
	a.Timelines = timeline.New(a.Store, a.Domains, a.Profiles)
	a.DataRequests = datarequest.New(a.Store, v, a.Policies, a.Accounts, a.Profiles, a.Documents, registries)
	a.Webhooks = webhook.New(a.Store, v, webhook.Config{Plain: c.Webhooks.Plain, Allowed: allowed, Owner: owner, Accounts: a.Accounts.PublicIDs})
	a.Messages = notify.NewMessages(a.Store, a.Webhooks, a.Post, a.Domains)

	workers := job.NewWorkers()
	job.Add(workers, a.Emails.Send)
	job.Add(workers, a.Accounts.SendLink)
	job.Add(workers, a.Domains.SettleAnswers)
	job.Add(workers, a.Domains.RestartAnswers)
	job.Add(workers, a.Domains.HolderDecided)
	job.Add(workers, a.Domains.HolderCoded)
	job.Add(workers, a.Domains.DetailsAnswered)
	job.Add(workers, a.Domains.SendConsent)
	job.Add(workers, a.Domains.SettleConsent)
	job.Add(workers, a.Documents.Read)
	job.Add(workers, a.DataRequests.CarryOut)
	sealer := &audit.Sealer{Store: a.Store, Owner: owner, TTL: 10 * time.Second}
	loops := []job.Loop{
		{Name: "audit sealer", Every: 500 * time.Millisecond, Once: func(ctx context.Context) (int, error) { return sealer.Seal(ctx, 500) }},
		{Name: "outbox", Every: 500 * time.Millisecond, Once: func(ctx context.Context) (int, error) { return a.Messages.Expand(ctx, 200) }},
		{Name: "news", Every: 5 * time.Second, Once: func(ctx context.Context) (int, error) { return a.Post.Collect(ctx, 100) }},
		{Name: "mails", Every: time.Second, Once: a.Post.SendDue},
		{Name: "record of mails", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Post.Sweep(ctx, 500) }},
		{Name: "policy version", Every: time.Hour, Once: func(ctx context.Context) (int, error) { return 0, a.PolicyVersions.Seen(ctx) }},
		{Name: "sessions", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Accounts.Sweep(ctx, 500) }},
		{Name: "webhooks", Every: 500 * time.Millisecond, Once: a.Webhooks.SendDue},
		{Name: "webhook log", Every: time.Hour, Once: func(ctx context.Context) (int, error) { return a.Webhooks.Sweep(ctx, 500) }},
		{Name: "retention", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Documents.EraseDue(ctx, 100) }},
		{Name: "data requests", Every: 5 * time.Second, Once: func(ctx context.Context) (int, error) { return a.DataRequests.WorkDue(ctx, 100) }},
		{Name: "orphans", Every: 6 * time.Hour, Once: func(ctx context.Context) (int, error) { _, err := a.Documents.SweepOrphans(ctx); return 0, err }},
		{Name: "unpaid orders", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Domains.ExpireOrders(ctx, 100) }},
		{Name: "associations", Every: 250 * time.Millisecond, Wake: tasks, Once: a.Domains.WorkTasks},
		{Name: "imports", Every: time.Second, Once: a.Domains.WorkImports},
		{Name: "lists of imports", Every: time.Hour, Once: func(ctx context.Context) (int, error) { return a.Domains.SweepImportLists(ctx, 10) }},
		{Name: "transfers", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Domains.SweepTransfers(ctx, 100) }},
		{Name: "figures of names", Every: 5 * time.Second, Once: func(ctx context.Context) (int, error) { return a.Domains.AddUp(ctx, 5000) }},
		{Name: "answers", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Domains.SweepAnswers(ctx, 100) }},
		{Name: "consents", Every: 2 * time.Second, Once: func(ctx context.Context) (int, error) { return a.Domains.SweepConsents(ctx, 100) }},
		{Name: "data reminders", Every: time.Hour, Once: a.Domains.RemindOfData},
		{Name: "reconcile", Every: time.Minute, Once: func(ctx context.Context) (int, error) {
			if c.Reconcile.PerMinute < 0 {
				return 0, nil
			}
			_, err := a.Domains.Reconcile(ctx, c.Reconcile.PerMinute)
			return 0, err // a full budget is no reason to go on at once
		}},
		{Name: "reconciliations", Every: 2 * time.Second, Once: a.Domains.WorkReconciliations},
		{Name: "late reviews", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Reviews.AlarmLate(ctx, 100) }},
		{Name: "public holidays", Every: 24 * time.Hour, Once: func(ctx context.Context) (int, error) { _, err := a.Reviews.AlarmHolidays(ctx); return 0, err }},
		{Name: "ends of our certificates", Every: 24 * time.Hour, Once: func(ctx context.Context) (int, error) { _, err := registries.AlarmCertificates(ctx); return 0, err }},
		{Name: "ends of documents", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Profiles.TellDocumentEnds(ctx, 100) }},
		{Name: "papers due", Every: time.Minute, Once: func(ctx context.Context) (int, error) { return a.Qualifications.RemindDue(ctx, 100) }},
		{Name: "expired enhanced verifications", Every: 5 * time.Second, Once: func(ctx context.Context) (int, error) { return a.Enhanced.ExpireDue(ctx, 100) }},
		{Name: "holds of enhanced verifications", Every: 5 * time.Second, Once: func(ctx context.Context) (int, error) { return a.Enhanced.HoldDue(ctx, 100) }},
		{Name: "later holds of enhanced verifications", Every: 5 * time.Second, Once: func(ctx context.Context) (int, error) { return a.Enhanced.HoldLater(ctx, 100) }},
		{Name: "withdrawn cases", Every: time.Second, Once: func(ctx context.Context) (int, error) { return a.Providers.WithdrawDue(ctx, 100) }},
		{Name: "messages of providers", Every: time.Hour, Once: func(ctx context.Context) (int, error) { return a.Providers.Sweep(ctx, 500) }},
		{Name: "authorities", Every: 250 * time.Millisecond, Wake: asked, Once: func(ctx context.Context) (int, error) { return a.Reviews.AskDue(ctx, 100) }},
	}
	return registries, loops, workers, nil
}

// startReader finds what reads pictures of documents. Without it everything else goes on.
func (a *App) startReader(c Config, pictures *jail.Pool) error {
	engine, err := ocr.Find(context.Background(), c.OCR.Engine, ocr.Limits{})
	if errors.Is(err, ocr.ErrNone) {
		a.log.Info("documents are not read", "why", err)
		return nil
	}
	if err != nil {
		return err
	}
	a.onStop(engine.Close)
	a.log.Info("documents are read", "engine", engine.Name())
	a.Documents.SetReader(&reading.Reader{Jail: pictures, Engine: engine, Now: a.Store.Now})
	return nil
}

func accountsOf(in []Registry) []registry.Account {
	var out []registry.Account
	for _, r := range in {
		out = append(out, registry.Account{Name: r.Name, Addr: r.Addr, ClientID: r.ClientID, Password: r.Password, PasswordFile: r.PasswordFile, CAFile: r.CAFile, ServerName: r.ServerName, CertFile: r.CertFile, KeyFile: r.KeyFile, LocalAddr: r.LocalAddr,
			Suffixes: r.Suffixes, Driver: r.Driver, Contacts: r.Contacts, ContactRoles: r.ContactRoles, Naming: r.Naming, VSP: r.VSP, ProviderID: r.ProviderID, IssuersFile: r.IssuersFile, IssuersPEM: r.IssuersPEM, AuditURL: r.AuditURL, Purveyor: r.Purveyor, Sessions: r.Sessions, MinSessions: r.MinSessions, Depth: r.Depth, CommandsPerMinute: r.CommandsPerMinute, PollEvery: r.PollEvery, PendingFor: r.PendingFor})
	}
	return out
}

// runLoops runs jobs, loops and registries until Stop.
func (a *App) runLoops(registries *registry.Registries, loops []job.Loop, workers *job.Workers) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { registries.Start(ctx) })
	wg.Go(func() {
		if err := job.Run(ctx, a.Store, workers, loops, a.Backlog, a.log); err != nil {
			a.log.Error("jobs", "error", err)
		}
	})
	a.onStop(func() { cancel(); wg.Wait() })
}

// serve serves h until Stop, which lets requests under way finish.
func (a *App) serve(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn)}
	go func() {
		if err := s.Serve(unheard{l}); err != nil && !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("http", "error", err)
		}
	}()
	a.onStop(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if s.Shutdown(ctx) != nil {
			_ = s.Close()
		}
	})
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// ownerName names this process in leases and claims.
func ownerName() string {
	var b [6]byte
	_, _ = rand.Read(b[:])
	host, _ := os.Hostname()
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), hex.EncodeToString(b[:]))
}

// Data is the folder that holds keys, documents and the SQLite file.
func (a *App) Data() string { return a.config.Data }

// EPPLogin is a registrar's login at the embedded registry.
type EPPLogin struct {
	ClientID string `json:"client_id"`
	Password string `json:"password"`
}

// EPPAccount is one of our accounts at the embedded registry, or at its provider of codes.
type EPPAccount struct {
	Registry string `json:"registry"`
	Addr     string `json:"addr"`
	EPPLogin
	Suffixes []string `json:"suffixes,omitempty"`
}

// SandboxAccounts are our accounts at the embedded registry, none where real ones are
// configured.
func (a *App) SandboxAccounts() []EPPAccount { return a.eppAccounts }

// SandboxLogin is our own login at the embedded registry, for the Chinese suffixes.
func (a *App) SandboxLogin() EPPLogin { return EPPLogin{sandboxChinese, sandboxSecret} }

// DialSandbox opens an EPP session with the embedded registry, as the registrar
// account of the Chinese suffixes: for demonstrations that want to see with their
// own eyes.
func (a *App) DialSandbox(ctx context.Context) (*epp.Conn, error) {
	return epp.Dial(ctx, a.sandbox.Addr(), epp.Options{TLS: a.sandbox.TLS(), ClientID: sandboxChinese, Password: sandboxSecret})
}
