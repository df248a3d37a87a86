package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/signedcode"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// Account is our registrar account at one registry.
type Account struct {
	// Name is ours for it; rows refer to it.
	Name string
	// Addr is the EPP server, host:port.
	Addr     string
	ClientID string
	Password string
	// PasswordFile, where there is one, is where Password was read from. It is looked at again
	// all the time: another password in it is that of the next session.
	PasswordFile string
	// CAFile or CAPEM hold the roots that the server's certificate is checked
	// against; empty means the system's.
	CAFile string
	CAPEM  []byte
	// CertFile and KeyFile hold the certificate that we show the registry, and its key (PEM);
	// without KeyFile both stand in CertFile. They are read again for each session.
	CertFile, KeyFile string
	// LocalAddr is the IP address that sessions leave from; "" leaves it to the system.
	LocalAddr string
	// ServerName, when set, is the name in the server's certificate.
	ServerName string
	// Suffixes are the A-labels that this account registers under.
	Suffixes []string
	// Driver is the dialect: "cnnic", "standard", "thin" or "verificationcode" at a
	// registry, "nv" at a verification service provider.
	Driver string
	// Contacts (none, optional, required) and Naming (vsp_before_create,
	// registry_after_create), where they are not "", take the place of what policy
	// declares for the suffixes.
	Contacts, Naming string
	// ContactRoles are those in which a new name's registrant is its contact, too; nil is
	// admin and tech, empty none.
	ContactRoles []string
	// NameServers are those of new names whose order names none, A-labels in lower case.
	NameServers []string
	// HostAttributes says that the registry has name servers as attributes of names
	// (hostAttr), not as objects of their own (hostObj); RFC 5731 section 1.1.
	HostAttributes bool
	// VSP is the name of our account at the provider whose codes names need here.
	VSP string
	// ProviderID is the number in front of a provider's codes; IssuersFile or
	// IssuersPEM hold the certificates that its codes must be signed under.
	ProviderID  string
	IssuersFile string
	IssuersPEM  []byte
	// AuditURL is where a registry takes documents outside EPP; "" for none.
	AuditURL string
	// Purveyor is the registrar's code in CNNIC's extensions.
	Purveyor string
	// Sessions is the most EPP sessions that this process may have with the
	// registry, MinSessions how many of them it keeps open.
	Sessions, MinSessions int
	// Depth is how many commands may be under way on one session.
	Depth int
	// CommandsPerMinute is how many commands the registry takes from us in a minute; zero is
	// without limit.
	CommandsPerMinute int
	// PollEvery is how long an empty poll queue is left alone; negative leaves the queue to
	// another system.
	PollEvery time.Duration
	// PendingFor is how long a command answered "pending" may wait for its poll
	// message before it is looked up by <info>.
	PendingFor time.Duration
}

func (a Account) withDefaults() Account {
	if a.Depth == 0 {
		a.Depth = 1
	}
	if a.Sessions == 0 {
		a.Sessions = 3
	}
	if a.ContactRoles == nil {
		a.ContactRoles = []string{"admin", "tech"}
	}
	if a.PollEvery == 0 {
		a.PollEvery = 30 * time.Second
	}
	if a.PendingFor == 0 {
		a.PendingFor = time.Hour
	}
	if a.Purveyor == "" {
		a.Purveyor = a.ClientID
	}
	return a
}

func (a Account) tls(own *credential) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: a.ServerName}
	pem := a.CAPEM
	if a.CAFile != "" {
		var err error
		if pem, err = os.ReadFile(a.CAFile); err != nil {
			return nil, fmt.Errorf("registry %s: %w", a.Name, err)
		}
	}
	if len(pem) > 0 {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("registry %s: no certificate in its CA file", a.Name)
		}
	}
	if own != nil {
		c.GetClientCertificate = own.show
	}
	return c, nil
}

// Config is what Registries need.
type Config struct {
	Store     *store.Store
	Vault     *vault.Vault
	Directory Directory
	Sink      Sink
	Accounts  []Account
	// Owner names this process in leases.
	Owner string
	Log   *slog.Logger
	// Pool, where it is not nil, has the last word on how sessions are kept: who moves the
	// clock by hand has no time for pauses on the machine's.
	Pool func(*epp.PoolOptions)
	// OnMoment, where it is not nil, is called at every [Moment]: who tests what is left half
	// done has the process die there.
	OnMoment func(Moment)
}

// Registries owns commands, contacts and inboxes of all registry accounts.
type Registries struct {
	store     *store.Store
	vault     *vault.Vault
	directory Directory
	sink      Sink
	owner     string
	log       *slog.Logger
	pool      func(*epp.PoolOptions)
	onMoment  func(Moment)
	accounts  map[string]*link
	bySuffix  map[string]*link
}

// link is an account at work: its configuration, wake-up calls and sessions.
type link struct {
	Account
	tlsConfig *tls.Config
	wakePump  chan struct{}
	wakeAudit chan struct{}
	wakeApply chan struct{}
	wakePoll  chan struct{}
	// wakeUrgent calls the pump of what people wait for; urgent is since when it is at work.
	wakeUrgent chan struct{}
	urgent     since
	// sessions opens the pool of EPP sessions at its first call.
	sessions func() *epp.Pool
	// documents is the client of the channel beside EPP, made at its first call.
	documents func() *http.Client
	stopped   stopped
	pace      pace
	// offline is whether this process has heard that it is to have no session.
	offline atomic.Bool
	// pool is what sessions has opened, nil until it was called.
	pool atomic.Pointer[epp.Pool]
	rate rate
	// ending is held while results are written, of commands and of messages: they
	// change the same rows, and what one means may rest on another, such as a name's
	// holder on what was found of a contact.
	ending turns
	// leaseEnd is when our lease of the account ends, in microseconds of the
	// machine's clock.
	leaseEnd atomic.Int64
	// fence is that lease's, where Once took it.
	fence int64
	// greeting is the registry's latest, codes checks a provider's, trouble is what
	// an operator has been told of lately.
	greeting atomic.Pointer[epp.Greeting]
	codes    *signedcode.Verifier
	trouble  trouble
	touch    touch
	// channel is how this process reaches the channel for documents, queue how the poll queue;
	// pays says that the registry lets us buy.
	channel, queue touch
	pays           atomic.Bool
	// password is what PasswordFile held last, nil while it is Account.Password.
	password atomic.Pointer[string]
	// credential is what we show the registry, nil for nothing; logins are the sessions whose
	// login was heard.
	credential *credential
	dialer     *net.Dialer
	logins     logins
}

// leaseMargin is how long before its end a lease is not relied on any more.
const leaseMargin = 2 * time.Second

// holds reports whether the account is certainly ours still.
func (l *link) holds() bool { return time.Now().Add(leaseMargin).UnixMicro() < l.leaseEnd.Load() }

func leaseName(l *link) string { return "registry:" + l.Name }

// New checks the configuration. Start runs the loops.
func New(c Config) (*Registries, error) {
	r := &Registries{
		store: c.Store, vault: c.Vault, directory: c.Directory, sink: c.Sink, owner: c.Owner, log: c.Log,
		pool: c.Pool, onMoment: c.OnMoment,
		accounts: map[string]*link{}, bySuffix: map[string]*link{},
	}
	for _, a := range c.Accounts {
		l, err := r.newLink(a.withDefaults())
		if err != nil {
			return nil, err
		}
		if r.accounts[l.Name] != nil {
			return nil, fmt.Errorf("registry %s stands twice in the configuration", l.Name)
		}
		r.accounts[l.Name] = l
		for _, s := range l.Suffixes {
			r.bySuffix[s] = l
		}
	}
	for _, l := range r.accounts {
		if v := r.accounts[l.VSP]; l.VSP != "" && (v == nil || v.Driver != DialectProvider) {
			return nil, fmt.Errorf("registry %s: there is no account %q at a verification service provider (vsp)", l.Name, l.VSP)
		}
	}
	return r, nil
}

// newLink checks the configuration of an account and reads what it names.
func (r *Registries) newLink(a Account) (*link, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	codes, err := a.verifier()
	if err != nil {
		return nil, err
	}
	if codes != nil {
		codes.Now = r.store.Now
	}
	own, err := a.credential()
	if err != nil {
		return nil, err
	}
	t, err := a.tls(own)
	if err != nil {
		return nil, err
	}
	from, err := a.dialer()
	if err != nil {
		return nil, err
	}
	l := &link{
		Account: a, tlsConfig: t, credential: own, dialer: from, codes: codes,
		wakePump: make(chan struct{}, 1), wakeUrgent: make(chan struct{}, 1), wakeAudit: make(chan struct{}, 1),
		wakePoll: make(chan struct{}, 1), wakeApply: make(chan struct{}, 1),
	}
	l.sessions = sync.OnceValue(func() *epp.Pool {
		p := epp.NewPool(a.Addr, r.poolOptions(l))
		l.pool.Store(p)
		return p
	})
	l.documents = sync.OnceValue(l.documentClient)
	return l, nil
}

// SetSink says who is told of results; it is called before Start.
func (r *Registries) SetSink(s Sink) { r.sink = s }

// For returns the name of the account that registers under a suffix. Fault:
// suffix_unsupported.
func (r *Registries) For(suffix string) (name string, err error) {
	l := r.bySuffix[suffix]
	if l == nil {
		return "", fault.At("domain", "suffix_unsupported").With("Domain", suffix)
	}
	return l.Name, nil
}

// Suffixes lists those under which some account registers, in A-labels.
func (r *Registries) Suffixes() []string { return slices.Sorted(maps.Keys(r.bySuffix)) }

// Names lists the accounts.
func (r *Registries) Names() []string {
	var out []string
	for n := range r.accounts {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// Start runs pumps, audit pump, poller and applier of every account until ctx
// ends, waits for them, and ends the sessions. It is called once.
func (r *Registries) Start(ctx context.Context) {
	var wg sync.WaitGroup
	for _, l := range r.accounts {
		wg.Go(func() { r.runHeed(ctx, l) })
		wg.Go(func() { r.runAccount(ctx, l) })
	}
	wg.Wait()
	r.Close()
}

// Close ends the sessions.
func (r *Registries) Close() {
	for _, l := range r.accounts {
		_ = l.sessions().Close()
		l.documents().CloseIdleConnections()
	}
}

// How long the lease of an account lasts, and how long before its end it is renewed.
const (
	leaseFor   = 15 * time.Second
	renewAfter = 5 * time.Second
)

// Once does, for each account in turn, one round of what Start does all the time: it sends
// documents and commands, reads the poll queue and applies what it says. It returns how
// much there was to do. It is for programs that move the clock by hand; others call Start.
func (r *Registries) Once(ctx context.Context) (n int, err error) {
	var failed []error
	for _, name := range r.Names() {
		did, err := r.round(ctx, r.accounts[name])
		n += did
		failed = append(failed, err)
	}
	return n, errors.Join(failed...)
}

func (r *Registries) round(ctx context.Context, l *link) (n int, err error) {
	if err := r.heed(ctx, l); err != nil {
		return 0, err
	}
	lease, ok, err := r.hold(ctx, l)
	if err != nil || !ok {
		return 0, err
	}
	if l.AuditURL != "" {
		if n, err = r.auditOnce(ctx, l, l.documents(), lease.Fence); err != nil {
			return n, err
		}
	}
	var sending error
	for _, d := range []duty{{urgent: true}, {settles: true}} {
		worked, err := r.pumpOnce(ctx, l, lease.Fence, d)
		if worked {
			n++
		}
		sending = errors.Join(sending, err)
	}
	read, _, reading := r.pollOnce(ctx, l)
	applied, applying := r.applyOnce(ctx, l, applyBatch)
	if applying != nil {
		applied = r.applyOldest(ctx, l)
	}
	return n + read + applied, errors.Join(sending, reading, applying)
}

// hold takes the lease of an account, or renews one that is about to end.
func (r *Registries) hold(ctx context.Context, l *link) (lease store.Lease, ok bool, err error) {
	if time.Now().Add(leaseFor-renewAfter).UnixMicro() < l.leaseEnd.Load() {
		return store.Lease{Name: leaseName(l), Owner: r.owner, Fence: l.fence}, true, nil
	}
	lease, ok, err = r.store.Acquire(ctx, leaseName(l), r.owner, leaseFor)
	if ok {
		l.fence = lease.Fence
		l.leaseEnd.Store(lease.Until.UnixMicro())
	}
	return lease, ok, err
}

// runAccount holds the account's lease and runs its loops while it does.
func (r *Registries) runAccount(ctx context.Context, l *link) {
	for ctx.Err() == nil {
		lease, ok, err := r.store.Acquire(ctx, leaseName(l), r.owner, leaseFor)
		if err != nil || !ok {
			sleep(ctx, time.Second, nil)
			continue
		}
		l.leaseEnd.Store(lease.Until.UnixMicro())
		held, drop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		for _, loop := range []func(context.Context, *link, int64){r.runPumps, r.runAudit, r.runPoll, r.runApply} {
			wg.Go(func() { loop(held, l, lease.Fence) })
		}
		for held.Err() == nil {
			sleep(held, renewAfter, nil)
			again, ok, err := r.store.Acquire(held, lease.Name, r.owner, leaseFor)
			if err != nil || !ok || again.Fence != lease.Fence {
				break // the loops stop well before another process may start
			}
			l.leaseEnd.Store(again.Until.UnixMicro())
		}
		drop()
		wg.Wait()
		if ctx.Err() != nil {
			_ = r.store.Release(context.WithoutCancel(ctx), lease)
		}
	}
}

// sleep waits for d, a wake-up call or the end of ctx.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// rouse has the loops of an account look again at once.
func (l *link) rouse() {
	for _, c := range []chan struct{}{l.wakeUrgent, l.wakePump, l.wakeAudit, l.wakeApply, l.wakePoll} {
		poke(c)
	}
}

// contactPrefix starts the ids of contacts that we make.
const contactPrefix = "vn"
