package app

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"time"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/provider"
)

// Config is the configuration of a server. Its zero value, with Data set, runs
// everything embedded.
type Config struct {
	// Addr is where HTTP is served, host:port.
	Addr string `koanf:"addr"`
	// PublicURL is what people type; made from Addr when empty.
	PublicURL string `koanf:"public_url"`
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
	OCR       OCR       `koanf:"ocr"`
	Webhooks  Webhooks  `koanf:"webhooks"`
	// Registries are our registrar accounts. Empty starts the embedded sandbox.
	Registries []Registry `koanf:"registries"`
	Sandbox    Sandbox    `koanf:"sandbox"`
}

// Mail says where mail goes. Without an SMTP server it goes to the embedded sink.
type Mail struct {
	SMTP     string `koanf:"smtp"`
	User     string `koanf:"user"`
	Password string `koanf:"password"`
	From     string `koanf:"from"`
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

// networks reads what stands under a key of the configuration.
func networks(key string, in []string) (out []netip.Prefix, err error) {
	for _, s := range in {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		out = append(out, p)
	}
	return out, nil
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
	// Driver is the dialect: cnnic, standard, thin, verificationcode, or nv for a
	// verification service provider.
	Driver string `koanf:"driver"`
	// Contacts and Naming, where they are given, take the place of what policy
	// declares for the suffixes.
	Contacts string `koanf:"contacts"`
	Naming   string `koanf:"naming"`
	// VSP names the entry of the provider whose codes names need here.
	VSP string `koanf:"vsp"`
	// ProviderID is a provider's number, IssuersFile the certificates that its codes
	// must be signed under.
	ProviderID  string `koanf:"provider_id"`
	IssuersFile string `koanf:"issuers_file"`
	issuers     []byte // of the embedded provider
	AuditURL    string `koanf:"audit_url"`
	Purveyor    string `koanf:"purveyor"`
	// Sessions is the most EPP sessions of a node, MinSessions how many it keeps open.
	Sessions    int `koanf:"sessions"`
	MinSessions int `koanf:"min_sessions"`
	// Depth is how many commands may be under way on one session.
	Depth      int           `koanf:"depth"`
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
	s.Registrars = []sandbox.Registrar{{ClientID: sandboxChinese, Password: sandboxSecret}, {ClientID: sandboxGeneric, Password: sandboxSecret}, {ClientID: sandboxCoded, Password: sandboxSecret}, {ClientID: "gaining", Password: sandboxSecret}}
	s.Listen, s.AdminListen = c.Sandbox.Listen, c.Sandbox.AdminListen
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
