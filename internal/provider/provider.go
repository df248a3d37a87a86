package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/netguard"
	"github.com/verinym/verinym/internal/outbound"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// Config is one provider.
type Config struct {
	// Name is what the authority is called.
	Name string
	// URL is where its cases are: the case rev_1 is at URL/rev_1.
	URL string
	// Secrets sign what is sent and check what comes back, the newest first. While a
	// secret is being changed there are two.
	Secrets []string
	// Phrases names the registrar whose published words and codes the provider uses, ""
	// for canonical codes only.
	Phrases string
	// PollEvery is how often an open case is asked for, ten minutes when zero; Within is
	// how long an answer may take, 30 seconds when zero.
	PollEvery, Within time.Duration
	// LinksFor is how long the address of a picture works, 15 minutes when zero.
	LinksFor time.Duration
	// GiveUpAfter is how long a provider may fail about a case until the case ends
	// without a verdict, seven days when zero.
	GiveUpAfter time.Duration
}

// Shared is what providers have in common.
type Shared struct {
	Store    *store.Store
	Vault    *vault.Vault
	Policies *policy.Policies
	Reviews  *review.Reviews
	// PublicURL is where providers reach us.
	PublicURL string
	// Plain allows http:// beside https://, Allowed networks that are not public.
	Plain   bool
	Allowed []netip.Prefix
}

// Providers are the outside authorities that are spoken to by HTTP.
type Providers struct {
	Shared
	byName map[string]*provider
}

type provider struct {
	Config
	Shared
	client *http.Client
}

var (
	_ review.Authority = (*provider)(nil)
	_ review.Concerned = (*provider)(nil)
)

// New makes the providers known to the reviews, each as an authority of its name. What
// is wrong with a configuration is the error.
func New(s Shared, configs []Config) (*Providers, error) {
	all := &Providers{Shared: s, byName: map[string]*provider{}}
	for _, c := range configs {
		if err := c.check(s); err != nil {
			return nil, fmt.Errorf("provider %q: %w", c.Name, err)
		}
		if s.Reviews.Known(c.Name) {
			return nil, fmt.Errorf("provider %q: there is an authority of that name already", c.Name)
		}
		p := &provider{Config: c.withDefaults(), Shared: s}
		p.client = outbound.NewClient(netguard.Guard{Allowed: s.Allowed}, p.Within)
		all.byName[c.Name] = p
		s.Reviews.AddAuthority(c.Name, p)
	}
	return all, nil
}

func (c Config) withDefaults() Config {
	c.URL = strings.TrimSuffix(c.URL, "/")
	c.PollEvery = cmp.Or(c.PollEvery, 10*time.Minute)
	c.Within = cmp.Or(c.Within, 30*time.Second)
	c.LinksFor = cmp.Or(c.LinksFor, 15*time.Minute)
	c.GiveUpAfter = cmp.Or(c.GiveUpAfter, 7*24*time.Hour)
	return c
}

func (c Config) check(s Shared) error {
	switch u, err := url.Parse(c.URL); {
	case c.Name == "" || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "":
		return errors.New("a name of small letters, digits, - and _ is needed")
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("url: an absolute address without a query is needed")
	case u.Scheme != "https" && (u.Scheme != "http" || !s.Plain):
		return errors.New("url: https:// is needed")
	case len(c.Secrets) == 0 || len(c.Secrets) > 2:
		return errors.New("secrets: one is needed, or two while it is being changed")
	case c.Phrases != "" && !slices.Contains(s.Policies.Registrars(), c.Phrases):
		return fmt.Errorf("phrases: the words of %q are not known; of %s they are", c.Phrases, strings.Join(s.Policies.Registrars(), ", "))
	}
	for _, secret := range c.Secrets {
		if err := signature.CheckSecret(secret); err != nil {
			return fmt.Errorf("secrets: %w", err)
		}
	}
	return nil
}

func (all *Providers) find(name string) (*provider, error) {
	p, ok := all.byName[name]
	if !ok {
		return nil, errUnknown(name)
	}
	return p, nil
}

// inTx is InTx with the package's name on the error.
func (s Shared) inTx(ctx context.Context, op string, f func(context.Context, *store.Tx) error) error {
	return wrap(op, s.Store.InTx(ctx, f))
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("provider: %s: %w", op, err)
}
