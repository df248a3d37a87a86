package simulate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/mailsink"
)

// Our registrar accounts at the registry, and another registrar's.
const (
	chinese, generic, coded, rival = "verinym", "verinym-gtld", "verinym-codes", "gaining"
	password                       = "simulated-pw"
)

// The registry's times, as they are elsewhere.
const (
	day          = 24 * time.Hour
	namingTakes  = 30 * time.Hour
	reviewTakes  = 44 * time.Hour
	slowTakes    = 7 * day // longer than a name goes without its verdicts
	releaseTakes = 36 * time.Hour
	heldAfter    = 5 * day
)

// house is a registrar that runs verinym, and all outside parties that it deals with. Each
// of them is a server of its own and keeps its own books.
type house struct {
	clock    *clock.Fake
	registry *sandbox.Server
	bureau   *bureau
	post     *postOffice
	app      *app.App
	config   app.Config
	log      *slog.Logger

	operator, desk *client.Client // staff
	legacy, rival  *side          // a system of ours that is not verinym, and another registrar's
	// away: the registry is out of reach; flaky: its answers get lost; mailDown: the mail
	// server is out of order.
	away, flaky, mailDown bool
	stops                 []func()
}

func openHouse(ctx context.Context, dir string, c Config) (h *house, err error) {
	start, log := opening.UTC(), c.Log
	h = &house{clock: clock.NewFake(start), log: log}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	conf := sandbox.DefaultConfig()
	conf.Clock, conf.MaxSessions = sandbox.NewFrozenClock(start), 64
	conf.Registrars, conf.LogFrames = nil, 1
	conf.VSP.Listen, conf.VSP.ReviewDelay, conf.VSP.SlowDelay = "127.0.0.1:0", namingTakes, slowTakes
	for _, id := range []string{chinese, generic, coded, rival} {
		conf.Registrars = append(conf.Registrars, sandbox.Registrar{ClientID: id, Password: password})
	}
	for i := range conf.Zones {
		z := &conf.Zones[i]
		z.NamingDelay, z.ReviewDelay, z.SlowDelay, z.ReleaseDelay = namingTakes, reviewTakes, slowTakes, releaseTakes
		z.HoldAfter, z.HoldAfterHolderChange, z.TransferLock = heldAfter, heldAfter, 0
	}
	if h.registry, err = sandbox.Start(ctx, conf); err != nil {
		return h, err
	}
	h.onStop(func() { _ = h.registry.Close() })
	if h.post, err = openPost(h.clock, log); err != nil {
		return h, err
	}
	h.onStop(h.post.close)
	if h.bureau, err = openBureau(h.clock); err != nil {
		return h, err
	}
	h.onStop(h.bureau.close)
	h.config = h.configuration(dir, c.Domains)
	if err := h.start(ctx); err != nil {
		return h, err
	}
	h.legacy, h.rival = &side{house: h, id: chinese}, &side{house: h, id: rival}
	h.onStop(h.legacy.close)
	h.onStop(h.rival.close)
	return h, h.hire(ctx)
}

func (h *house) onStop(f func()) { h.stops = append(h.stops, f) }

func (h *house) close() {
	if h.app != nil {
		h.app.Stop()
	}
	for i := len(h.stops) - 1; i >= 0; i-- {
		h.stops[i]()
	}
}

// configuration is verinym's, as an operator writes it.
func (h *house) configuration(dir string, names int) app.Config {
	common := app.Registry{Addr: h.registry.Addr(), CAFile: h.registry.CAFile(), Password: password, Depth: 16}
	cn, gtld, codes, vsp := common, common, common, common
	cn.Name, cn.ClientID, cn.Driver, cn.AuditURL, cn.Suffixes = "cn", chinese, "cnnic", h.registry.AuditURL(), []string{"cn", "xn--fiqs8s"}
	gtld.Name, gtld.ClientID, gtld.Driver, gtld.Suffixes = "gtld", generic, "thin", []string{"com", "net"}
	codes.Name, codes.ClientID, codes.Driver, codes.Contacts, codes.VSP, codes.Suffixes = "codes", coded, "verificationcode", "none", "vsp", []string{"xn--ses554g"}
	vsp.Name, vsp.Addr, vsp.ClientID, vsp.Driver, vsp.ProviderID, vsp.IssuersPEM = "vsp", h.registry.VSPAddr(), coded, "nv", "1", h.registry.VSPIssuersPEM()
	return app.Config{
		Addr: "127.0.0.1:0", Data: filepath.Join(dir, "data"), Clock: h.clock,
		Mail: app.Mail{SMTP: h.post.sink.Addr(), From: "verinym <no-reply@registrar.example>", Bounces: "bounces@registrar.example"},
		OCR:  app.OCR{Engine: "off"}, DNS: app.DNS{Off: true}, RDAP: app.RDAP{Off: true},
		Review: app.Review{
			Authority: "desk", Allowed: []string{bureauName, "vsp"}, Naming: bureauName, Plain: true, Allow: []string{"127.0.0.0/8"},
			Providers: []app.Provider{{Name: bureauName, URL: h.bureau.url, Secrets: []string{bureauSecret}, PollEvery: 12 * time.Hour, Within: 5 * time.Second}},
		},
		Registries: []app.Registry{cn, gtld, codes, vsp},
		// Of all names the registry is asked once a day, as far as that is not too many.
		Reconcile: app.Reconcile{PerMinute: max(100, min(names, askedDaily)/(len(hours)+1))},
	}
}

func (h *house) start(ctx context.Context) (err error) {
	h.app, err = app.Start(ctx, h.config, "simulate", h.log)
	return err
}

// restart ends verinym, and starts it again on the same data.
func (h *house) restart(ctx context.Context) error {
	addr := h.app.URL()[len("http://"):]
	h.app.Stop()
	h.config.Addr = addr // clients know it there
	return h.start(ctx)
}

// hire gives the staff and the registrar's own systems their keys.
func (h *house) hire(ctx context.Context) error {
	office, err := h.app.Accounts.Create(ctx, actor.Verinym, "Registrar")
	if err != nil {
		return err
	}
	for role, to := range map[actor.Role]**client.Client{actor.Reviewer: &h.desk, actor.Operator: &h.operator} {
		key, err := h.app.Accounts.CreateKey(ctx, actor.Verinym, office.PublicID, string(role), []actor.Role{role})
		if err != nil {
			return err
		}
		*to = client.New(h.app.URL()).As(key).WithHTTP(sharedHTTP)
	}
	return nil
}

// customer opens an account with somebody who reads mail there.
func (h *house) customer(ctx context.Context, name, email string) (account.Account, *client.Client, error) {
	a, err := h.app.Accounts.Create(ctx, actor.Verinym, name)
	if err != nil {
		return a, nil, err
	}
	roles := []actor.Role{actor.Registrant}
	if _, err := h.app.Accounts.AddPerson(ctx, actor.Verinym, account.NewPerson{
		Account: a.PublicID, Email: email, Name: name, Password: "correct-horse-battery", Roles: roles,
	}); err != nil {
		return a, nil, err
	}
	key, err := h.app.Accounts.CreateKey(ctx, actor.Verinym, a.PublicID, "own system", roles)
	if err != nil {
		return a, nil, err
	}
	if _, err := h.operator.AssertIdentity(ctx, a.PublicID, true, "customer register"); err != nil {
		return a, nil, err
	}
	return a, client.New(h.app.URL()).As(key).WithHTTP(sharedHTTP), nil
}

// sharedHTTP keeps its connections: the world makes one call after the other.
var (
	calls      counting
	sharedHTTP = &http.Client{Timeout: time.Minute, Transport: &calls}
)

// counting counts the requests that people make.
type counting struct{ n atomic.Int64 }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

// side is a session with the registry that is not verinym's, opened anew when it was lost.
type side struct {
	house *house
	id    string
	conn  *epp.Conn
}

// open returns the session.
func (s *side) open(ctx context.Context) (c *epp.Conn, err error) {
	if s.conn != nil {
		select {
		case <-s.conn.Done():
		default:
			return s.conn, nil
		}
	}
	r := s.house.registry
	s.conn, err = epp.Dial(ctx, r.Addr(), epp.Options{TLS: r.TLS(), ClientID: s.id, Password: password, Depth: 16, KeepAlive: -1})
	return s.conn, err
}

// Do sends one command.
func (s *side) Do(ctx context.Context, cmd epp.Command) (*epp.Response, error) {
	c, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	return c.Do(ctx, cmd)
}

func (s *side) close() {
	if s.conn != nil {
		_ = s.conn.Close()
	}
}

// pass has time go by for everybody.
func (h *house) pass(d time.Duration) {
	h.clock.Advance(d)
	h.registry.Advance(d)
}

// settle has verinym do all that is due. What fails while an outside party is out of reach
// is left to later; otherwise it is tried again, and an error in the end.
func (h *house) settle(ctx context.Context) error {
	const patience = 20 // the machine may be busy with something else
	var err error
	for range patience {
		if err = h.app.Work(ctx); err == nil || h.away || h.flaky || h.mailDown || ctx.Err() != nil {
			return ctx.Err()
		}
		h.log.Warn("work", "error", err)
	}
	return fmt.Errorf("simulate: work: %w", err)
}

// openPost opens the mail server of all the world.
func openPost(c clock.Clock, log *slog.Logger) (*postOffice, error) {
	sink, err := mailsink.Start("127.0.0.1:0", log)
	if err != nil {
		return nil, err
	}
	p := &postOffice{sink: sink, clock: c, tags: map[string]int{}, nobody: map[string]bool{}}
	sink.Filter(p.take)
	return p, nil
}

// askedDaily is about how many names the registry is asked in a day; of more, some are not
// heard of for so long that verinym does not call them Normal any more.
const askedDaily = 20_000

// tempDir is where a run keeps verinym's data: in memory where there is such a place.
func tempDir(wanted string) (string, error) {
	if wanted != "" {
		return os.MkdirTemp(wanted, "verinym-simulate-")
	}
	for _, dir := range []string{"/dev/shm", ""} {
		if made, err := os.MkdirTemp(dir, "verinym-simulate-"); err == nil {
			return made, nil
		}
	}
	return "", errors.New("simulate: nowhere to keep data")
}
