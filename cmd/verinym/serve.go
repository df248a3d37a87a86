package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

type serveCmd struct {
	Config string `help:"The configuration file (YAML)." required:"" type:"existingfile"`
}

func (s *serveCmd) Run(ctx context.Context) error {
	c, err := app.LoadConfig(s.Config)
	if err != nil {
		return exit{2, err}
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	a, err := startServer(ctx, c, log)
	if err != nil {
		return err
	}
	log.Info("verinym serves", "url", a.URL(), "version", version)
	<-ctx.Done()
	a.Stop()
	return nil
}

// database says which installation a command works on.
type database struct {
	Config string `help:"The configuration file (YAML)." type:"existingfile" xor:"where"`
	Data   string `help:"The data folder of an installation without a configuration file." type:"path" xor:"where"`
}

// config is what the installation is configured as.
func (d database) config() (c app.Config, err error) {
	switch {
	case d.Config != "":
		if c, err = app.LoadConfig(d.Config); err != nil {
			return c, exit{2, err}
		}
	case d.Data != "":
		c.Data = d.Data
	default:
		return c, usage("say which installation: --config FILE or --data DIR")
	}
	return c, nil
}

// open opens the installation; one that is not there yet is made only when create
// is set: a mistyped folder is no installation.
func (d database) open(ctx context.Context, create bool) (o *app.Offline, err error) {
	c, err := d.config()
	if err != nil {
		return nil, err
	}
	o, err = app.OpenOffline(ctx, c, create)
	return o, notThere(err)
}

// notThere says, of an installation that is not there, what to look at.
func notThere(err error) error {
	if errors.Is(err, app.ErrNoInstallation) {
		return exit{2, fmt.Errorf("%w; is the folder right?", err)}
	}
	return err
}

type auditCmd struct {
	Verify    auditVerifyCmd    `cmd:"" help:"Verify the audit chain; exit 1 if it is broken."`
	Search    auditSearchCmd    `cmd:"" help:"List entries of the audit record, latest first."`
	Portfolio auditPortfolioCmd `cmd:"" help:"Show which names of a portfolio would be suspended, when and why; changes nothing."`
}

type auditVerifyCmd struct {
	database
}

func (v *auditVerifyCmd) Run(ctx context.Context) error {
	o, err := v.open(ctx, false)
	if err != nil {
		return err
	}
	defer o.Close()
	r, err := o.VerifyAudit(ctx)
	if err != nil {
		return err
	}
	if !r.OK() {
		return exit{1, fmt.Errorf("the audit chain is broken at entry %d; %d entries before it agree", r.BrokenAt, r.Sealed)}
	}
	fmt.Printf("The audit chain is whole: %s, %d not sealed yet, head %x\n", counted(r.Sealed, "entry", "entries"), r.Unsealed, r.Head)
	if r.Redacted > 0 {
		fmt.Printf("%d of them had a person's data taken out; an entry audit.redact vouches for what is left of each.\n", r.Redacted)
	}
	return nil
}

type auditSearchCmd struct {
	remote
	Account string    `help:"Only acts of people of this account."`
	Actor   string    `help:"Who acted: a person, a key, system."`
	Action  string    `help:"The action, such as review.claim."`
	Subject string    `help:"The id of the object."`
	From    time.Time `help:"Entries of this time and later (RFC 3339)."`
	Until   time.Time `help:"Entries before this time (RFC 3339)."`
	Most    int       `help:"The maximum number." default:"100"`
	JSON    bool      `help:"Print a line of JSON for each."`
}

func (s *auditSearchCmd) Run(ctx context.Context) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	f := client.AuditFilter{Account: s.Account, Actor: s.Actor, Action: s.Action, Subject: s.Subject, From: s.From, Until: s.Until}
	for left := s.Most; left > 0; {
		found, next, err := c.AuditEntries(ctx, f)
		if err != nil {
			return exit{1, err}
		}
		for _, e := range found[:min(left, len(found))] {
			if s.JSON {
				if err := printJSON(e); err != nil {
					return err
				}
				continue
			}
			fmt.Printf("%s  %-6d %-26s %-30s %s", e.At.Format(time.RFC3339), e.Seq, e.Action, e.Actor, e.Subject)
			for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
				fmt.Printf("  %s=%q", k, e.Detail[k])
			}
			fmt.Println()
		}
		if left -= len(found); next == "" {
			return nil
		}
		f.After = next
	}
	return nil
}

type migrateCmd struct {
	database
}

func (m *migrateCmd) Run(ctx context.Context) error {
	o, err := m.open(ctx, true)
	if err != nil {
		return err
	}
	defer o.Close()
	fmt.Println("The schema is up to date.")
	return nil
}

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Add a person who can sign in; asks for the password on standard input."`
}

type userAddCmd struct {
	database
	Account string   `help:"Public id of the account. Default: a new one called --organisation."`
	Org     string   `name:"organisation" help:"Name of the new account."`
	Email   string   `required:"" help:"Their e-mail address."`
	Name    string   `required:"" help:"Their name."`
	Role    []string `required:"" help:"registrant, reviewer, lead, operator, admin or mail_server; several with commas."`
}

func (u *userAddCmd) Run(ctx context.Context) error {
	o, err := u.open(ctx, true)
	if err != nil {
		return err
	}
	defer o.Close()
	secrets, err := askSecrets("Password (at least 10 characters)")
	if err != nil {
		return err
	}
	account, person, err := o.AddPerson(ctx, u.Account, u.Org, u.Email, u.Name, secrets[0], u.Role)
	if err != nil {
		return errors.New(o.Words(err))
	}
	fmt.Printf("%s can sign in to account %s as %s.\n", person, account, strings.Join(u.Role, ", "))
	return nil
}

type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Create an API key; its secret is shown once."`
}

type keyCreateCmd struct {
	database
	Account string   `required:"" help:"Public id of the account."`
	Name    string   `default:"command line" help:"What the key is for."`
	Role    []string `default:"registrant" help:"registrant, reviewer, lead, operator, admin or mail_server; several with commas."`
}

func (k *keyCreateCmd) Run(ctx context.Context) error {
	o, err := k.open(ctx, false)
	if err != nil {
		return err
	}
	defer o.Close()
	secret, err := o.CreateKey(ctx, k.Account, k.Name, k.Role)
	if err != nil {
		return errors.New(o.Words(err))
	}
	fmt.Println(secret)
	return nil
}
