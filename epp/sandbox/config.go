package sandbox

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
)

// Config describes a registry.
type Config struct {
	Listen      string // of EPP; default "127.0.0.1:0"
	AuditListen string // of the audit interface; default "127.0.0.1:0"
	AdminListen string // of the admin interface, plain HTTP on a loopback address; "" is off

	// CertFile and KeyFile are the server's certificate in PEM. Without them a
	// CA and a certificate are made at the start.
	CertFile, KeyFile string

	// CAFile is where to write the CA's certificate; "" is a temporary file.
	CAFile string

	// StateFile, if not empty, is read at the start and written now and then and
	// at the end, so that a demonstration survives a restart. The log of
	// received commands is not in it.
	StateFile string

	Registrars []Registrar
	Zones      []Zone
	Seed       Seed

	// Clock is the registry's time; nil is the wall clock.
	Clock *Clock

	// MaxSessions is how many sessions a registrar may have open; default 16.
	MaxSessions int

	// LoginTimeout closes connections without a login, IdleTimeout sessions
	// without a command. Both are in wall time; defaults 10 s and 10 minutes.
	LoginTimeout, IdleTimeout time.Duration

	// MaxFrame is the largest command in bytes; default 64 KiB.
	MaxFrame int

	// LogFrames is how many of the latest commands the log keeps whole;
	// default 1000. The rest of a record is always kept.
	LogFrames int

	Log *slog.Logger // nil is silence
}

// Registrar is a client of the registry.
type Registrar struct {
	ClientID string `json:"client_id"` // 3 to 16 characters
	Password string `json:"password"`  // 6 to 16 characters
}

// Zone is a suffix with its policy.
type Zone struct {
	Suffix string // "cn", as an A-label
	Thin   bool   // takes no contacts
	Verify bool   // the real-name policy applies; not for thin zones

	HoldAfter             time.Duration // from creation; 0 is at once
	HoldAfterHolderChange time.Duration // from a registrant change; 0 is at once

	NamingDelay  time.Duration
	ReviewDelay  time.Duration
	SlowDelay    time.Duration
	ReleaseDelay time.Duration

	DeleteOnNamingFailure bool // a prohibited name is deleted
	AsyncUpdates          bool // a registrant change is answered 1001 and decided NamingDelay later
}

// Seed is what the registry holds from the start, as if its registrars had
// created it. It is not in the log.
type Seed struct {
	Contacts []SeedContact
	Domains  []SeedDomain
}

// SeedContact is a contact with its identity.
type SeedContact struct {
	ClientID string
	Contact  contact.Create
	Identity cnnic.Contact
}

// SeedDomain is a domain of a registrar.
type SeedDomain struct {
	ClientID string
	Domain   domain.Create
}

const day = 24 * time.Hour

// DefaultConfig is a registry with two registrars, "verinym" and "gaining", and
// four zones: cn and xn--fiqs8s (.中国), thick and with the real-name policy, com
// and net, thin and without. Reviews take seconds, so that a person can watch.
func DefaultConfig() Config {
	chinese := Zone{
		Verify:                true,
		HoldAfter:             5 * day,
		HoldAfterHolderChange: 5 * day,
		NamingDelay:           2 * time.Second,
		ReviewDelay:           3 * time.Second,
		SlowDelay:             time.Minute,
		ReleaseDelay:          time.Second,
		DeleteOnNamingFailure: true,
	}
	cn, zhongguo := chinese, chinese
	cn.Suffix, zhongguo.Suffix = "cn", "xn--fiqs8s"
	return Config{
		Registrars: []Registrar{
			{ClientID: "verinym", Password: "verinym-pw"},
			{ClientID: "gaining", Password: "gaining-pw"},
		},
		Zones: []Zone{cn, zhongguo, {Suffix: "com", Thin: true}, {Suffix: "net", Thin: true}},
	}
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.AuditListen == "" {
		c.AuditListen = "127.0.0.1:0"
	}
	if c.Clock == nil {
		c.Clock = NewClock()
	}
	if c.MaxSessions <= 0 {
		c.MaxSessions = 16
	}
	if c.LoginTimeout <= 0 {
		c.LoginTimeout = 10 * time.Second
	}
	if c.IdleTimeout <= 0 {
		c.IdleTimeout = 10 * time.Minute
	}
	if c.MaxFrame <= 0 {
		c.MaxFrame = 64 << 10
	}
	if c.LogFrames <= 0 {
		c.LogFrames = 1000
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Zones = slices.Clone(c.Zones)
	return c
}

func (c Config) validate() error {
	if len(c.Registrars) == 0 || len(c.Zones) == 0 {
		return fmt.Errorf("sandbox: a registry needs a registrar and a zone")
	}
	for _, r := range c.Registrars {
		if n := len(r.ClientID); n < 3 || n > 16 {
			return fmt.Errorf("sandbox: client ID %q is not 3 to 16 characters long", r.ClientID)
		}
		if n := len(r.Password); n < 6 || n > 16 {
			return fmt.Errorf("sandbox: the password of %s is not 6 to 16 characters long", r.ClientID)
		}
	}
	for _, z := range c.Zones {
		if z.Suffix == "" || z.Suffix != strings.ToLower(z.Suffix) {
			return fmt.Errorf("sandbox: zone suffix %q is not a lower-case A-label", z.Suffix)
		}
		if z.Thin && z.Verify {
			return fmt.Errorf("sandbox: zone %s is thin, so that it knows no registrant to verify", z.Suffix)
		}
	}
	return nil
}
