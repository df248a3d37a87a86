package app

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"time"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/delegation"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/rdap"
	"github.com/verinym/verinym/internal/registry"
)

// Config is the configuration of a server. Its zero value, with Data set, runs
// everything embedded.
type Config struct {
	// Addr is where HTTP is served, host:port.
	Addr string `koanf:"addr"`
	// PublicURL is what people type; made from Addr when empty.
	PublicURL string `koanf:"public_url"`
	// TrustedProxies are the reverse proxies before the server; nobody is believed where it is
	// left out.
	TrustedProxies TrustedProxies `koanf:"trusted_proxies"`
	// Data is the folder for keys, documents and the SQLite file.
	Data string `koanf:"data"`
	// Database is "postgres://…" or a SQLite path; Data/verinym.db when empty.
	Database string `koanf:"database"`
	// PolicyDir holds files that take the place of shipped policy files, or add to them.
	PolicyDir string    `koanf:"policy_dir"`
	Mail      Mail      `koanf:"mail"`
	Review    Review    `koanf:"review"`
	Orders    Orders    `koanf:"orders"`
	Reconcile Reconcile `koanf:"reconcile"`
	DNS       DNS       `koanf:"dns"`
	RDAP      RDAP      `koanf:"rdap"`
	OCR       OCR       `koanf:"ocr"`
	Webhooks  Webhooks  `koanf:"webhooks"`
	// Registries are our registrar accounts. Empty starts the embedded sandbox.
	Registries []Registry `koanf:"registries"`
	Sandbox    Sandbox    `koanf:"sandbox"`
	// Clock, where it is not nil, is the time that rows see, moved by hand: jobs, loops and
	// registries then do nothing but when Work is called. For tests and simulations.
	Clock clock.Clock `koanf:"-"`
	// OnMoment, where it is not nil, is called whenever the death of the process would leave
	// something half done at a registry. For tests that die there.
	OnMoment func(registry.Moment) `koanf:"-"`
	SignIn   SignIn                `koanf:"sign_in"`
}

// TrustedProxies are believed when they say where a request came from.
type TrustedProxies struct {
	// Networks are addresses or networks such as 10.0.0.0/8.
	Networks []string `koanf:"networks"`
	// Header is the one that they write, X-Forwarded-For ("") or Forwarded.
	Header string `koanf:"header"`
}

// Mail says where mail goes. Without an SMTP server it goes to the embedded sink.
type Mail struct {
	SMTP     string `koanf:"smtp"`
	User     string `koanf:"user"`
	Password string `koanf:"password"`
	// PasswordFile holds the password, in the place of Password.
	PasswordFile string `koanf:"password_file"`
	From         string `koanf:"from"`
	// Bounces is where mail comes back to; mail servers put "+" and a tag behind its local
	// part. Empty: to From.
	Bounces string `koanf:"bounces"`
	// SinkAddr is where the sink's page is served; any free port when empty.
	SinkAddr string `koanf:"sink_addr"`
}

// Webhooks says where the endpoints of accounts may be.
type Webhooks struct {
	// Plain allows http:// beside https://, for development.
	Plain bool `koanf:"plain"`
	// Allow are networks that may be dialled though they are not public, as 10.1.0.0/16.
	Allow []string `koanf:"allow"`
}

// networks reads the networks of a setting.
func networks(setting string, in []string) (out []netip.Prefix, err error) {
	for _, s := range in {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", setting, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// DNS says how the delegation of domains is looked into. With the embedded registry,
// whose names are not in the real DNS, nobody is asked unless roots are given.
type DNS struct {
	// Off asks nobody.
	Off bool `koanf:"off"`
	// Roots are the addresses of root servers; those of the internet when empty.
	Roots []string `koanf:"roots"`
	// Resolvers, as 192.0.2.53:53, are asked for the addresses of name servers, and
	// whether they believe what those say (DNSSEC).
	Resolvers []string `koanf:"resolvers"`
	// Port is where name servers listen, 53.
	Port uint16 `koanf:"port"`
	// Allow are networks that may be asked though they are not public, as 10.1.0.0/16.
	Allow []string `koanf:"allow"`
	// Within is how long a diagnosis waits for the DNS; 6 seconds when zero.
	Within time.Duration `koanf:"within"`
	// Parking are domains of further parking services' name servers.
	Parking []string `koanf:"parking"`
}

// checker makes what looks into the DNS, nil where nobody is to be asked.
func (d DNS) checker(embedded bool) (*delegation.Checker, error) {
	if d.Off || embedded && len(d.Roots) == 0 {
		return nil, nil
	}
	c := delegation.Config{Port: d.Port, Within: d.Within, Parking: d.Parking}
	var err error
	if c.Allowed, err = networks("dns.allow", d.Allow); err != nil {
		return nil, err
	}
	for _, s := range d.Roots {
		ip, err := netip.ParseAddr(s)
		if err != nil {
			return nil, fmt.Errorf("dns.roots: %w", err)
		}
		c.Roots = append(c.Roots, ip)
	}
	for _, s := range d.Resolvers {
		at, err := netip.ParseAddrPort(s)
		if err != nil {
			return nil, fmt.Errorf("dns.resolvers: %w", err)
		}
		c.Resolvers = append(c.Resolvers, at)
	}
	return delegation.New(c), nil
}

// RDAP says how the registration data of any domain is looked up. With the embedded
// registry nobody is asked unless servers are given.
type RDAP struct {
	// Off asks nobody.
	Off bool `koanf:"off"`
	// Servers are base addresses by suffix, in the place of IANA's list.
	Servers map[string]string `koanf:"servers"`
	// Plain allows http:// beside https://, for development.
	Plain bool `koanf:"plain"`
	// Allow are networks that may be dialled though they are not public.
	Allow []string `koanf:"allow"`
	// Within is how long a look-up may take; 8 seconds when zero.
	Within time.Duration `koanf:"within"`
}

// client makes what asks registries, nil where nobody is to be asked. file is a newer list
// of servers, where there is one.
func (r RDAP) client(embedded bool, file string) (*rdap.Client, error) {
	if r.Off || embedded && len(r.Servers) == 0 {
		return nil, nil
	}
	allowed, err := networks("rdap.allow", r.Allow)
	if err != nil {
		return nil, err
	}
	return rdap.New(rdap.Config{Bootstrap: file, Servers: r.Servers, Plain: r.Plain, Allowed: allowed, Within: r.Within})
}

const rdapListFile = "rdap-dns.json"

// rdapList is where an installation keeps a newer list of registration-data servers.
func (c Config) rdapList() string { return filepath.Join(c.Data, rdapListFile) }

// RefreshRDAP fetches the list of registration-data servers for an installation, from
// IANA where from is "". It returns of when the list is and where it was put.
func RefreshRDAP(ctx context.Context, c Config, from string) (published, file string, err error) {
	allowed, err := networks("rdap.allow", c.RDAP.Allow)
	if err != nil {
		return "", "", err
	}
	client, err := rdap.New(rdap.Config{Plain: c.RDAP.Plain, Allowed: allowed, Within: c.RDAP.Within})
	if err != nil {
		return "", "", err
	}
	published, err = client.Refresh(ctx, from, c.rdapList())
	return published, c.rdapList(), err
}

// OCR says what reads the pictures of documents.
type OCR struct {
	// Engine is the path of a program, "tesseract" or "off". Empty looks for verinym-ocr beside this program, then for an
	// installed tesseract, and does without where there is neither.
	Engine string `koanf:"engine"`
}

// Review says who decides.
type Review struct {
	// Authority decides profiles: "desk" (the default), "sandbox", a provider's name,
	// or that of an entry of registries whose driver is nv.
	Authority string `koanf:"authority"`
	// Allowed are the authorities that a submission may name.
	Allowed []string `koanf:"allowed"`
	// Naming reviews labels where the registry does not.
	Naming string `koanf:"naming"`
	// SandboxDelay and SandboxSlow are how long the sandbox authority takes.
	SandboxDelay time.Duration `koanf:"sandbox_delay"`
	SandboxSlow  time.Duration `koanf:"sandbox_slow"`
	// Providers are outside authorities that are spoken to by HTTP.
	Providers []Provider `koanf:"providers"`
	// Plain allows providers at http:// addresses, for development; Allow are networks that
	// may be dialled though they are not public, as 10.1.0.0/16.
	Plain bool     `koanf:"plain"`
	Allow []string `koanf:"allow"`
}

// Provider is an outside provider of verification (docs/authority-http.md).
type Provider struct {
	Name string `koanf:"name"`
	URL  string `koanf:"url"`
	// Secrets sign and check messages, the newest first; two while one is being changed.
	Secrets []string `koanf:"secrets"`
	// Phrases names the registrar whose published reasons the provider uses.
	Phrases     string        `koanf:"phrases"`
	PollEvery   time.Duration `koanf:"poll_every"`
	Within      time.Duration `koanf:"within"`
	LinksFor    time.Duration `koanf:"links_for"`
	GiveUpAfter time.Duration `koanf:"give_up_after"`
}

func (r Review) providers() (out []provider.Config) {
	for _, p := range r.Providers {
		out = append(out, provider.Config(p))
	}
	return out
}

// Orders says how orders are kept.
type Orders struct {
	// UnpaidFor is how long an order may wait for its payment; seven days when zero.
	UnpaidFor time.Duration `koanf:"unpaid_for"`
}

// Reconcile says how the registries are asked about domains of which nothing was heard.
type Reconcile struct {
	// After is how long nothing may be heard of a domain; a day when zero.
	After time.Duration `koanf:"after"`
	// PerMinute is how many domains are asked about in a minute; 100 when zero, none
	// when negative.
	PerMinute int `koanf:"per_minute"`
}

// Registry is one registrar account, at a registry or at a verification service
// provider.
type Registry struct {
	Name       string   `koanf:"name"`
	Addr       string   `koanf:"addr"`
	ClientID   string   `koanf:"client_id"`
	Password   string   `koanf:"password"`
	CAFile     string   `koanf:"ca_file"`
	ServerName string   `koanf:"server_name"`
	Suffixes   []string `koanf:"suffixes"`
	// PasswordFile holds the password, in the place of Password.
	PasswordFile string `koanf:"password_file"`
	// CertFile and KeyFile are the certificate that we show, and its key; both may stand in
	// CertFile. They are read again for each session.
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
	// LocalAddr is the IP address that we come from, where the registry knows us by it.
	LocalAddr string `koanf:"local_addr"`
	// Driver is the dialect: cnnic, standard, thin, verificationcode, or nv for a
	// verification service provider.
	Driver string `koanf:"driver"`
	// Contacts and Naming, where they are given, take the place of what policy
	// declares for the suffixes.
	Contacts string `koanf:"contacts"`
	Naming   string `koanf:"naming"`
	// ContactRoles are those in which a new name's registrant is its contact, too: admin and
	// tech when left out, none when empty.
	ContactRoles []string `koanf:"contact_roles"`
	// NameServers are those of new names whose order names none.
	NameServers []string `koanf:"name_servers"`
	// HostAttributes says that the registry has name servers as attributes of names, not as
	// objects of their own.
	HostAttributes bool `koanf:"host_attributes"`
	// VSP names the entry of the provider whose codes names need here.
	VSP string `koanf:"vsp"`
	// ProviderID is a provider's number, IssuersFile the certificates that its codes
	// must be signed under.
	ProviderID  string `koanf:"provider_id"`
	IssuersFile string `koanf:"issuers_file"`
	// IssuersPEM takes the place of IssuersFile.
	IssuersPEM []byte `koanf:"-"`
	AuditURL   string `koanf:"audit_url"`
	Purveyor   string `koanf:"purveyor"`
	// Sessions is the most EPP sessions of a node, MinSessions how many it keeps open.
	Sessions    int `koanf:"sessions"`
	MinSessions int `koanf:"min_sessions"`
	// Depth is how many commands may be under way on one session.
	Depth int `koanf:"depth"`
	// CommandsPerMinute is how many commands the registry takes in a minute; zero is without
	// limit.
	CommandsPerMinute int `koanf:"commands_per_minute"`
	// PollEvery is how often an empty queue is asked again; negative leaves the queue to
	// another system.
	PollEvery  time.Duration `koanf:"poll_every"`
	PendingFor time.Duration `koanf:"pending_for"`
}

// Sandbox configures the embedded registry.
type Sandbox struct {
	// Listen is its EPP address, AdminListen its admin interface ("" off).
	Listen      string `koanf:"listen"`
	AdminListen string `koanf:"admin_listen"`
	// HoldAfter is how long a verdict may take before serverHold.
	HoldAfter time.Duration `koanf:"hold_after"`
	// NamingDelay and ReviewDelay are how long its reviews take, ReleaseDelay how
	// long a hold takes to lift.
	NamingDelay  time.Duration `koanf:"naming_delay"`
	ReviewDelay  time.Duration `koanf:"review_delay"`
	ReleaseDelay time.Duration `koanf:"release_delay"`
}

func (c Config) withDefaults() (Config, error) {
	if c.Data == "" {
		return c, fmt.Errorf("a data folder is needed (data)")
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.Database == "" {
		c.Database = filepath.Join(c.Data, "verinym.db")
	}
	if c.Mail.From == "" {
		c.Mail.From = "verinym <no-reply@verinym.example>"
	}
	if c.Review.Authority == "" {
		c.Review.Authority = "desk"
	}
	if c.Review.Naming == "" {
		c.Review.Naming = "sandbox"
	}
	if c.Review.SandboxSlow == 0 {
		c.Review.SandboxSlow = time.Minute
	}
	if c.Reconcile.PerMinute == 0 {
		c.Reconcile.PerMinute = 100
	}
	if c.Mail.SinkAddr == "" {
		c.Mail.SinkAddr = "127.0.0.1:0"
	}
	return c, nil
}

// The registrar accounts at the embedded registry: CNNIC's suffixes, the thin ones and
// the one that takes codes have a poll queue each. The last is known at the embedded
// provider of codes too.
const (
	sandboxChinese = "verinym"
	sandboxGeneric = "verinym-gtld"
	sandboxCoded   = "verinym-codes"
	sandboxSecret  = "sandbox-pw"
)

// sandboxConfig is the embedded registry's configuration.
func (c Config) sandboxConfig() sandbox.Config {
	s := sandbox.DefaultConfig()
	s.Registrars = []sandbox.Registrar{
		{ClientID: sandboxChinese, Password: sandboxSecret},
		{ClientID: sandboxGeneric, Password: sandboxSecret},
		{ClientID: sandboxCoded, Password: sandboxSecret},
		{ClientID: "gaining", Password: sandboxSecret},
	}
	s.Listen, s.AdminListen = c.Sandbox.Listen, c.Sandbox.AdminListen
	s.StrictHosts = true
	s.StateFile = filepath.Join(c.Data, "sandbox-registry.json")
	s.CAFile = filepath.Join(c.Data, "sandbox-registry-ca.pem")
	s.VSP = sandbox.VSP{Listen: "127.0.0.1:0", ReviewDelay: 2 * time.Second, SlowDelay: time.Minute}
	set(&s.VSP.ReviewDelay, c.Sandbox.NamingDelay)
	for i := range s.Zones {
		z := &s.Zones[i]
		if !z.Verify && len(z.Codes.Required) == 0 {
			continue
		}
		set(&z.HoldAfter, c.Sandbox.HoldAfter)
		set(&z.HoldAfterHolderChange, c.Sandbox.HoldAfter)
		set(&z.NamingDelay, c.Sandbox.NamingDelay)
		set(&z.ReviewDelay, c.Sandbox.ReviewDelay)
		set(&z.ReleaseDelay, c.Sandbox.ReleaseDelay)
	}
	return s
}

func set(to *time.Duration, v time.Duration) {
	if v > 0 {
		*to = v
	}
}
