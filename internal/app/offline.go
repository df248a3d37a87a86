package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"golang.org/x/net/idna"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/policies"
)

// LoadConfig reads a configuration file. A key that nobody knows is an error: a
// misspelt setting must not be ignored.
func LoadConfig(path string) (c Config, err error) {
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	conf := koanf.UnmarshalConf{Tag: "koanf", DecoderConfig: strictDecoder(&c)}
	if err := k.UnmarshalWithConf("", &c, conf); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := c.withDefaults(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.readPasswords(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.settleRegistries(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// settleRegistries finds what no account at a registry can do without, and writes suffixes and
// name servers as A-labels. Without it a slip would show as a registry that is away, or as a suffix under which
// nothing can be registered.
func (c *Config) settleRegistries() error {
	var wrong []error
	at := map[string]string{} // the account of a suffix
	for i := range c.Registries {
		r := &c.Registries[i]
		say := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("registries: %s: %w", cmp.Or(r.Name, fmt.Sprintf("entry %d", i+1)), fmt.Errorf(format, args...)))
		}
		for _, needed := range []struct{ setting, value string }{{"name", r.Name}, {"client_id", r.ClientID}, {"password or password_file", r.Password}} {
			if needed.value == "" {
				say("%s is missing", needed.setting)
			}
		}
		if host, port, err := net.SplitHostPort(r.Addr); err != nil || host == "" || port == "" {
			say("addr is HOST:PORT, as epp.registry.example:700, not %q", r.Addr)
		}
		if r.MinSessions > r.Sessions && r.Sessions > 0 {
			say("min_sessions %d is more than sessions %d", r.MinSessions, r.Sessions)
		}
		for j, suffix := range r.Suffixes {
			label, err := idna.Lookup.ToASCII(strings.Trim(suffix, "."))
			if err != nil || label == "" {
				say("suffixes: %q is no suffix", suffix)
				continue
			}
			if other, taken := at[label]; taken {
				say("suffixes: %s is that of %s already", suffix, other)
			}
			at[label], r.Suffixes[j] = r.Name, label
		}
		servers, err := domain.NameServers(r.NameServers)
		if err != nil {
			say("name_servers: at most 13 host names, each once, not %q", r.NameServers)
		}
		r.NameServers = servers
	}
	return errors.Join(wrong...)
}

// readPasswords puts those in their places that stand in files of their own.
func (c *Config) readPasswords() error {
	read := func(setting, file string, into *string) error {
		if file == "" {
			return nil
		}
		if *into != "" {
			return fmt.Errorf("%s: password and password_file, leave one out", setting)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("%s: password_file: %w", setting, err)
		}
		if *into = strings.TrimRight(string(text), "\r\n"); *into == "" {
			return fmt.Errorf("%s: password_file: %s is empty", setting, file)
		}
		return nil
	}
	err := read("mail", c.Mail.PasswordFile, &c.Mail.Password)
	for i := range c.Registries {
		r := &c.Registries[i]
		err = errors.Join(err, read("registries: "+r.Name, r.PasswordFile, &r.Password))
	}
	return err
}

// Offline is an installation opened for a command, beside or without its server.
type Offline struct {
	store    *store.Store
	accounts *account.Accounts
	texts    *locale.Texts
}

// ErrNoInstallation says that there is nothing to open.
var ErrNoInstallation = errors.New("there is no verinym here")

// OpenOffline opens the database of a configuration, and brings it up to date.
// One that is not there yet is made only when create is set; else the error is
// ErrNoInstallation.
func OpenOffline(ctx context.Context, c Config, create bool) (*Offline, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if !create && !c.exists() {
		return nil, fmt.Errorf("%s: %w", c.Database, ErrNoInstallation)
	}
	if !store.IsPostgres(c.Database) {
		if err := os.MkdirAll(filepath.Dir(c.Database), 0o700); err != nil {
			return nil, err
		}
	}
	s, err := store.Open(ctx, store.Config{URL: c.Database})
	if err != nil {
		return nil, err
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &Offline{store: s, accounts: account.New(s, account.Passwords{}), texts: texts}, nil
}

// Close closes the database.
func (o *Offline) Close() { _ = o.store.Close() }

// Words is an error as an operator reads it.
func (o *Offline) Words(err error) string {
	f := fault.From(err)
	if f.Kind == fault.Internal {
		return err.Error()
	}
	words := []string{o.texts.Text(locale.EN, f.Code, f.Params)}
	for _, d := range f.Details {
		words = append(words, o.texts.Text(locale.EN, d.Code, d.Params))
	}
	return strings.Join(words, " ")
}

// VerifyAudit walks the audit chain.
func (o *Offline) VerifyAudit(ctx context.Context) (audit.Report, error) {
	return audit.Verify(ctx, o.store)
}

// AddPerson makes a person, in a new account when accountID is "".
func (o *Offline) AddPerson(ctx context.Context, accountID, organisation, email, name, password string, roles []string) (acc, person string, err error) {
	if accountID == "" {
		if organisation == "" {
			organisation = name
		}
		a, err := o.accounts.Create(ctx, actor.Verinym, organisation)
		if err != nil {
			return "", "", err
		}
		accountID = a.PublicID
	}
	p, err := o.accounts.AddPerson(ctx, actor.Verinym, account.NewPerson{Account: accountID, Email: email, Name: name, Password: password, Roles: rolesOf(roles)})
	return accountID, p.Email, err
}

// CreateKey makes an API key and returns its secret.
func (o *Offline) CreateKey(ctx context.Context, accountID, name string, roles []string) (string, error) {
	return o.accounts.CreateKey(ctx, actor.Verinym, accountID, name, rolesOf(roles))
}

func rolesOf(in []string) []actor.Role {
	out := make([]actor.Role, len(in))
	for i, r := range in {
		out[i] = actor.Role(r)
	}
	return out
}
