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
	"github.com/verinym/verinym/epp/signedcode"
	"github.com/verinym/verinym/epp/vcode"
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
	// at the end, so that a demonstration survives a restart. The log of received
	// commands is appended to the file of the same name with ".log" behind it.
	StateFile string

	Registrars []Registrar
	Zones      []Zone
	Seed       Seed

	// Currency of prices, balances and the ledger, ISO 4217; default "CNY".
	Currency string

	// NameStore has the registry want Verisign's extension with every command about a
	// domain, and offer it; see package namestore.
	NameStore bool

	// StrictHosts refuses a delegation to host objects that do not exist, and one by
	// host attributes. Otherwise hosts are taken as known elsewhere.
	StrictHosts bool

	// ContactTransferDelay is how long a contact's transfer waits for somebody to
	// act on it; default 5 days.
	ContactTransferDelay time.Duration

	// VSP is the verification service provider; see [VSP].
	VSP VSP

	// Providers are other verification service providers whose codes the registry
	// believes.
	Providers []signedcode.Provider

	// Clock is the registry's time; nil is the wall clock.
	Clock *Clock

	// MaxSessions is how many sessions a registrar may have open; default 16.
	MaxSessions int

	// MaxConnections is how many connections one address may have open, logged in
	// or not; default 256.
	MaxConnections int

	// CommandsPerSecond is how many commands of a registrar are carried out in a
	// second of the registry's time; those beyond are answered 2400. CommandsPerSession
	// ends a session with 2502 after so many. Zero is without limit.
	CommandsPerSecond, CommandsPerSession int

	// ClientCAFile, if not empty, holds the CAs (PEM) under which clients must have
	// a certificate.
	ClientCAFile string

	// Record, if not nil, gets every frame of every session as it is, secrets
	// included, so that a test can look at them. It must not keep the server
	// waiting.
	Record func(session uint64, received bool, frame []byte)

	// LoginTimeout closes connections without a login, IdleTimeout sessions
	// without a command. Both are in wall time; defaults 10 s and 10 minutes.
	LoginTimeout, IdleTimeout time.Duration

	// MaxFrame is the largest command in bytes; default 64 KiB.
	MaxFrame int

	// LogCommands is how many of the latest commands the log keeps at least; default
	// 1,000,000, fewer than none for all. LogFrames is how many of these it keeps whole;
	// default 1000.
	LogCommands, LogFrames int

	Log *slog.Logger // nil is silence
}

// Registrar is a client of the registry.
type Registrar struct {
	ClientID string `json:"client_id"` // 3 to 16 characters
	Password string `json:"password"`  // at least 6 characters; more than 16 need login security

	// Balance is what the registrar may spend, in hundredths of the currency. Zero
	// is credit without limit; see also [Server.Pay].
	Balance int64 `json:"balance,omitempty"`
}

// Zone is a suffix with its policy.
type Zone struct {
	Suffix string // "cn", as an A-label
	Thin   bool   // takes no contacts
	Verify bool   // the real-name policy applies; not for thin zones

	// Codes is the policy of zones whose registrars have names and holders verified
	// by a provider; not together with Verify.
	Codes CodePolicy

	HoldAfter             time.Duration // from creation; 0 is at once
	HoldAfterHolderChange time.Duration // from a registrant change; 0 is at once

	NamingDelay  time.Duration
	ReviewDelay  time.Duration
	SlowDelay    time.Duration
	ReleaseDelay time.Duration

	DeleteOnNamingFailure bool // a prohibited name is deleted
	AsyncUpdates          bool // a registrant change is answered 1001 and decided NamingDelay later
	AsyncCreates          bool // and so is a create
	AsyncRenewals         bool // and a renewal

	Prices Prices

	// Grace periods, in which a deletion is refunded (RFC 3915); 0 is none.
	AddGrace, RenewGrace, TransferGrace, AutoRenewGrace time.Duration

	AutoRenew     bool          // at its end a registration is renewed for a year; otherwise deleted
	Redemption    time.Duration // in which a deleted domain can be restored; 0 deletes at once
	RestoreReport time.Duration // in which the report about a restore is due; 0 wants none
	PurgeDelay    time.Duration // between the end of Redemption and that of the domain

	TransferDelay time.Duration // after which a transfer that nobody acts on goes through
	TransferLock  time.Duration // after creation and transfer, in which there is no transfer
}

func (z *Zone) profile() string {
	if z.Codes.Profile != "" {
		return z.Codes.Profile
	}
	return defaultProfile
}

const defaultProfile = "china"

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

// DefaultConfig is a registry with two registrars, "verinym" and "gaining", with a
// hundred million each on their accounts, and eight zones: cn, gov.cn and xn--fiqs8s
// (.中国), thick and with the real-name policy; com and net, thin and without;
// xn--ses554g (.网址), xn--czr694b (.商标) and xn--imr513n (.餐厅), thin, whose registrars
// bring verification codes. Reviews take seconds, so that a person can watch; all else
// takes as long as it does elsewhere.
func DefaultConfig() Config {
	generic := Zone{
		Thin:           true,
		Prices:         Prices{Create: 6000, Renew: 6000, Transfer: 6000, Restore: 60000},
		AddGrace:       5 * day,
		RenewGrace:     5 * day,
		TransferGrace:  5 * day,
		AutoRenew:      true,
		AutoRenewGrace: 45 * day,
		Redemption:     30 * day,
		RestoreReport:  7 * day,
		PurgeDelay:     5 * day,
		TransferDelay:  5 * day,
	}
	chinese := generic
	chinese.Thin, chinese.Verify = false, true
	chinese.Prices = Prices{Create: 3500, Renew: 3500, Transfer: 3500, Restore: 30000}
	chinese.HoldAfter, chinese.HoldAfterHolderChange = 5*day, 5*day
	chinese.NamingDelay, chinese.ReviewDelay, chinese.SlowDelay, chinese.ReleaseDelay = 2*time.Second, 3*time.Second, time.Minute, time.Second
	chinese.DeleteOnNamingFailure = true
	coded := generic
	coded.HoldAfter, coded.HoldAfterHolderChange, coded.ReleaseDelay = 5*day, 5*day, time.Second
	coded.Codes = CodePolicy{Required: []string{vcode.TypeDomain, vcode.TypeRealName}, AtCreate: []string{vcode.TypeDomain}}
	return Config{
		Registrars: []Registrar{
			{ClientID: "verinym", Password: "verinym-pw", Balance: 100_000_000_00},
			{ClientID: "gaining", Password: "gaining-pw", Balance: 100_000_000_00},
		},
		Zones: []Zone{
			chinese.called("cn"), chinese.called("xn--fiqs8s"), generic.called("com"), generic.called("net"), coded.called("xn--ses554g"),
			chinese.called("gov.cn"), coded.called("xn--czr694b"), coded.called("xn--imr513n"),
		},
	}
}

// called is a zone of the same policy under another suffix.
func (z Zone) called(suffix string) Zone {
	z.Suffix = suffix
	return z
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
	if c.VSP.ID == "" {
		c.VSP.ID = "1"
	}
	if c.VSP.MaxFrame <= 0 {
		c.VSP.MaxFrame = 16 << 20
	}
	if c.Currency == "" {
		c.Currency = "CNY"
	}
	if c.ContactTransferDelay <= 0 {
		c.ContactTransferDelay = 5 * day
	}
	if c.MaxSessions <= 0 {
		c.MaxSessions = 16
	}
	if c.MaxConnections <= 0 {
		c.MaxConnections = 256
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
	if c.LogCommands == 0 {
		c.LogCommands = 1_000_000
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
		if len(r.Password) < 6 {
			return fmt.Errorf("sandbox: the password of %s has fewer than 6 characters", r.ClientID)
		}
	}
	for _, z := range c.Zones {
		if z.Suffix == "" || z.Suffix != strings.ToLower(z.Suffix) {
			return fmt.Errorf("sandbox: zone suffix %q is not a lower-case A-label", z.Suffix)
		}
		if z.Thin && z.Verify {
			return fmt.Errorf("sandbox: zone %s is thin, so that it knows no registrant to verify", z.Suffix)
		}
		if z.Verify && (len(z.Codes.Required) > 0 || len(z.Codes.AtCreate) > 0) {
			return fmt.Errorf("sandbox: zone %s cannot verify by itself and by codes", z.Suffix)
		}
	}
	return nil
}
