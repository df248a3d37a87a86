package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/policies"
)

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
