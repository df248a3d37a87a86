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
	"github.com/verinym/verinym/internal/api"
	"github.com/verinym/verinym/internal/console"
	"github.com/verinym/verinym/internal/forwarded"
	"github.com/verinym/verinym/internal/job"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/mailsink"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// App is a running server.
type App struct {
	api.Nouns

	config      Config
	log         *slog.Logger
	owner       string // this process, in leases and claims
	url         string
	sink        *mailsink.Sink
	sinkURL     string
	sandbox     *sandbox.Server
	eppAccounts []EPPAccount
	// round is one of all that runs by itself otherwise; the first after a move of the clock has
	// what is looked at seldom, too.
	round func(ctx context.Context, first bool) (int, error)
	// tasks and asked wake the loops of association tasks and of authorities.
	tasks, asked chan struct{}
	// stops are in the order of starting, and run backwards.
	stops []func()
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
	a := &App{config: c, log: log, owner: ownerName(), tasks: make(chan struct{}, 1), asked: make(chan struct{}, 1)}
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
	if err := a.wire(ctx, c, v, texts); err != nil {
		return err
	}
	if c.Clock == nil {
		a.runLoops(a.loops(c), a.workers())
	} else if err := a.waitForHand(a.loops(c), a.workers()); err != nil {
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
	cn, gtld, codes, vsp := common, common, common, common
	cn.Name, cn.ClientID, cn.Driver, cn.AuditURL = "sandbox-cnnic", sandboxChinese, "cnnic", a.sandbox.AuditURL()
	cn.Suffixes = []string{"cn", "gov.cn", "xn--fiqs8s"}
	gtld.Name, gtld.ClientID, gtld.Driver = "sandbox-gtld", sandboxGeneric, "thin"
	gtld.Suffixes = []string{"com", "net"}
	codes.Name, codes.ClientID, codes.Driver, codes.Contacts, codes.VSP = "sandbox-codes", sandboxCoded, "verificationcode", "none", "sandbox-vsp"
	codes.Suffixes = []string{"xn--ses554g", "xn--czr694b", "xn--imr513n"}
	vsp.Name, vsp.Addr, vsp.ClientID, vsp.Driver = "sandbox-vsp", a.sandbox.VSPAddr(), sandboxCoded, "nv"
	vsp.ProviderID, vsp.IssuersPEM = "1", a.sandbox.VSPIssuersPEM()
	c.Registries = []Registry{cn, gtld, codes, vsp}
	for _, r := range c.Registries {
		a.eppAccounts = append(a.eppAccounts, EPPAccount{Registry: r.Name, Addr: r.Addr, EPPLogin: EPPLogin{r.ClientID, r.Password}, Suffixes: r.Suffixes})
	}
	return nil
}

// runLoops runs jobs, loops and registries until Stop.
func (a *App) runLoops(loops []job.Loop, workers *job.Workers) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { a.Registries.Start(ctx) })
	wg.Go(func() {
		if err := job.Run(ctx, a.Store, workers, loops, a.Backlog, a.log); err != nil {
			a.log.Error("jobs", "error", err)
		}
	})
	a.onStop(func() { cancel(); wg.Wait() })
}

// serve serves h until Stop, which lets requests under way finish.
func (a *App) serve(l net.Listener, h http.Handler) {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
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
