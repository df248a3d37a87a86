package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/inspection"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/timeline"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
)

// wire makes the nouns, from the lower floors to the higher.
func (a *App) wire(ctx context.Context, c Config, v *vault.Vault, texts *locale.Texts) error {
	pictures, err := jail.New(jail.Config{Timeout: time.Minute})
	if err != nil {
		return err
	}
	a.onStop(pictures.Close)
	a.Backlog = backlog.New(a.Store)
	a.Accounts = account.New(a.Store, account.Passwords{})
	a.Post = notify.NewPost(a.Store, a.mailer(c, texts), a.log)
	a.Emails = emailcheck.New(a.Store, a.Policies, a.Post)
	a.Documents = document.New(a.Store, v, a.Policies, pictures)
	a.Reviews = review.New(a.Store, a.Policies)
	a.Profiles = profile.New(a.Store, v, a.Policies, a.Documents, a.Reviews, profile.Authorities{
		Default: c.Review.Authority, Allowed: c.Review.Allowed,
	})
	a.Post.SetNouns(a.Emails, a.Accounts, a.Profiles)
	if err := a.openSignIn(c); err != nil {
		return err
	}
	if err := a.startReader(ctx, c, pictures); err != nil {
		return err
	}
	if a.Registries, err = registry.New(registry.Config{
		Store: a.Store, Vault: v, Directory: a.Profiles, Accounts: accountsOf(c.Registries), Owner: a.owner, Log: a.log,
		Pool: c.pool(), OnMoment: c.OnMoment,
	}); err != nil {
		return err
	}
	if err := a.addAuthorities(c, v); err != nil {
		return err
	}
	a.Qualifications = qualification.New(a.Store, a.Policies, a.Documents, a.Reviews)
	if err := a.addDomains(c); err != nil {
		return err
	}
	a.AccountChecks = accountcheck.New(a.Store, a.Policies, a.Accounts, a.Profiles, a.Reviews)
	a.Enhanced = enhanced.New(a.Store, a.Policies, a.Documents, a.Profiles, a.Domains, a.Reviews)
	a.Timelines = timeline.New(a.Store, a.Domains, a.Profiles)
	a.DataRequests = datarequest.New(a.Store, v, a.Policies, a.Accounts, a.Profiles, a.Documents, a.Registries)
	key, err := inspection.LoadKey(c.inspectionKey())
	if err != nil {
		return err
	}
	a.Packs = inspection.New(a.Store, a.Policies, key)
	allowed, err := networks("webhooks.allow", c.Webhooks.Allow)
	if err != nil {
		return err
	}
	a.Webhooks = webhook.New(a.Store, v, webhook.Config{
		Plain: c.Webhooks.Plain, Allowed: allowed, Owner: a.owner, Accounts: a.Accounts.PublicIDs,
	})
	a.Messages = notify.NewMessages(a.Store, a.Webhooks, a.Post, a.Domains)
	return nil
}

// mailer sends mail to the configured server, or to the sink.
func (a *App) mailer(c Config, texts *locale.Texts) *notify.Mailer {
	m := &notify.Mailer{
		Addr: c.Mail.SMTP, User: c.Mail.User, Password: c.Mail.Password, From: c.Mail.From, Bounces: c.Mail.Bounces,
		PublicURL: c.PublicURL, Texts: texts, Zone: a.Policies.Calendar.Zone(),
	}
	if a.sink != nil {
		m.Addr, m.Sink = a.sink.Addr(), true
	}
	return m
}

// openSignIn sets the ways to sign in beside a password, and who mails the links of those who
// have forgotten theirs.
func (a *App) openSignIn(c Config) error {
	outside, err := c.SignIn.Provider.outside(c.PublicURL, a.Store.Now)
	if err != nil {
		return err
	}
	a.Accounts.SetOutside(outside)
	if err := a.Accounts.SetPasskeys(c.PublicURL); err != nil {
		return fmt.Errorf("public_url: %w", err)
	}
	a.Accounts.SetCourier(a.Post)
	return nil
}

// addAuthorities makes known who decides cases beside the desk: the sandbox, outside
// providers, and our accounts at verification service providers.
func (a *App) addAuthorities(c Config, v *vault.Vault) error {
	a.Reviews.OnHandOut(func() { poke(a.asked) })
	a.Reviews.AddAuthority("sandbox", review.Sandbox{Delay: c.Review.SandboxDelay, Slow: c.Review.SandboxSlow, Now: a.Store.Now})
	reachable, err := networks("review.allow", c.Review.Allow)
	if err != nil {
		return err
	}
	a.Providers, err = provider.New(provider.Shared{
		Store: a.Store, Vault: v, Policies: a.Policies, Reviews: a.Reviews,
		PublicURL: c.PublicURL, Plain: c.Review.Plain, Allowed: reachable,
	}, c.Review.providers())
	if err != nil {
		return err
	}
	for _, r := range c.Registries {
		if r.Driver != "nv" {
			continue
		}
		if a.Reviews.Known(r.Name) {
			return fmt.Errorf("registries: %q is the name of an authority already", r.Name)
		}
		a.Reviews.AddAuthority(r.Name, a.Profiles.VSP(a.Registries, r.Name))
		if c.Review.Naming == r.Name {
			return fmt.Errorf("review.naming: %q decides profiles only; names under suffixes that take its codes are reviewed by it anyway", r.Name)
		}
	}
	if !a.Reviews.Known(c.Review.Authority) || !a.Reviews.Known(c.Review.Naming) {
		return fmt.Errorf("review authority %q or %q is not known", c.Review.Authority, c.Review.Naming)
	}
	return nil
}

// addDomains makes the domains, and tells those below who rests on them.
func (a *App) addDomains(c Config) error {
	looker, err := c.DNS.checker(a.sandbox != nil)
	if err != nil {
		return err
	}
	asker, err := c.RDAP.client(a.sandbox != nil, c.rdapList())
	if err != nil {
		return err
	}
	a.Domains = domain.New(domain.Config{
		Store: a.Store, Policies: a.Policies, Accounts: a.Accounts, Profiles: a.Profiles,
		Registries: a.Registries, Reviews: a.Reviews, Emails: a.Emails,
		NamingAuthority: c.Review.Naming, UnpaidFor: c.Orders.UnpaidFor, StaleAfter: c.Reconcile.After,
		DNS: looker, RDAP: asker, Qualifications: a.Qualifications, Courier: courier{a.Post}, Owner: a.owner, Log: a.log,
	})
	a.Domains.OnTask(func() { poke(a.tasks) })
	a.Registries.SetSink(a.Domains)
	a.Profiles.SetGrounds(a.Domains)
	return nil
}

// startReader finds what reads pictures of documents. Without it everything else goes on.
func (a *App) startReader(ctx context.Context, c Config, pictures *jail.Pool) error {
	engine, err := ocr.Find(ctx, c.OCR.Engine, ocr.Limits{})
	if errors.Is(err, ocr.ErrNone) {
		a.log.Info("documents are not read", "why", err)
		return nil
	}
	if err != nil {
		return err
	}
	a.onStop(engine.Close)
	a.log.Info("documents are read", "engine", engine.Name())
	a.Documents.SetReader(&reading.Reader{Jail: pictures, Engine: engine, Now: a.Store.Now})
	return nil
}

func accountsOf(in []Registry) []registry.Account {
	var out []registry.Account
	for _, r := range in {
		out = append(out, registry.Account{
			Name: r.Name, Addr: r.Addr, ClientID: r.ClientID, Password: r.Password, PasswordFile: r.PasswordFile,
			CAFile: r.CAFile, ServerName: r.ServerName, CertFile: r.CertFile, KeyFile: r.KeyFile, LocalAddr: r.LocalAddr,
			Suffixes: r.Suffixes, Driver: r.Driver, Contacts: r.Contacts, ContactRoles: r.ContactRoles, Naming: r.Naming,
			VSP: r.VSP, ProviderID: r.ProviderID, IssuersFile: r.IssuersFile, IssuersPEM: r.IssuersPEM,
			AuditURL: r.AuditURL, Purveyor: r.Purveyor,
			NameServers: r.NameServers, HostAttributes: r.HostAttributes,
			Sessions: r.Sessions, MinSessions: r.MinSessions, Depth: r.Depth, CommandsPerMinute: r.CommandsPerMinute,
			PollEvery: r.PollEvery, PendingFor: r.PendingFor,
		})
	}
	return out
}
