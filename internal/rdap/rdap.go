package rdap

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openrdap/rdap"
	"github.com/openrdap/rdap/bootstrap"

	"github.com/verinym/verinym/internal/netguard"
)

// What can go wrong. Errors of Domain wrap one of these.
var (
	// ErrNoServer: no server is known for the suffix; many country codes have none.
	ErrNoServer = errors.New("rdap: no server is known for the suffix")
	// ErrNotFound: the registry does not have the name.
	ErrNotFound = errors.New("rdap: the registry does not have the name")
	// ErrUnreachable: no server gave an answer that can be used.
	ErrUnreachable = errors.New("rdap: no server answers")
	// ErrRefused: a server wants to be asked less, or not by us.
	ErrRefused = errors.New("rdap: the server refuses to answer")
)

// Limits of one question.
const (
	mostBytes     = 512 << 10
	mostHeader    = 32 << 10
	mostRedirects = 3
	mostBootstrap = 4 << 20
)

// IANA is where the bootstrap file is published.
const IANA = "https://data.iana.org/rdap/dns.json"

//go:embed dns.json
var shipped []byte

// Config says how registries are asked. The zero value asks those of the shipped file.
type Config struct {
	// Bootstrap is a newer copy of IANA's file, read when it is there and again when it
	// has changed.
	Bootstrap string
	// Servers are base addresses that take the place of the file's, by suffix.
	Servers map[string]string
	// Allowed are networks that may be dialled though they are not public.
	Allowed []netip.Prefix
	// Plain allows http beside https.
	Plain bool
	// Within is how long a question may take, 8 seconds when zero.
	Within time.Duration
}

// Client asks. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client

	mu      sync.Mutex
	servers *bootstrap.DNSRegistry
	read    time.Time // when the bootstrap file was changed that servers come from
}

// New returns a client.
func New(c Config) (*Client, error) {
	if c.Within <= 0 {
		c.Within = 8 * time.Second
	}
	first, err := bootstrap.NewDNSRegistry(shipped)
	if err != nil {
		return nil, fmt.Errorf("rdap: the shipped bootstrap file: %w", err)
	}
	for suffix, s := range c.Servers {
		if u, err := url.Parse(s); err != nil || u.Host == "" {
			return nil, fmt.Errorf("rdap: the server of %s is no address: %q", suffix, s)
		}
	}
	return &Client{config: c, servers: first, http: newHTTP(c)}, nil
}

func newHTTP(c Config) *http.Client {
	dialer := &net.Dialer{Timeout: c.Within, Control: netguard.Guard{Allowed: c.Allowed}.Control}
	return &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: c.Within, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: mostHeader,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > mostRedirects {
				return errors.New("too many redirects")
			}
			if req.URL.Scheme != "https" && !c.Plain {
				return errors.New("a redirect away from https")
			}
			return nil
		},
	}
}

// Record is what a registry has of a domain name.
type Record struct {
	Name string
	// Statuses are in EPP's spelling where there is one.
	Statuses []string
	// Registrar is the sponsor's name, RegistrarID its number at IANA; "" where the
	// server does not say.
	Registrar, RegistrarID string
	NameServers            []string
	// Signed says whether the delegation is signed, nil where the server does not say.
	Signed *bool
	// Times are zero where the server does not say.
	RegisteredAt, ExpiresAt, ChangedAt time.Time
	// Server is who said it.
	Server string
}

// Domain asks the registry of a name (in A-labels). Its errors are those of this package.
func (c *Client) Domain(ctx context.Context, name string) (r Record, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Within)
	defer cancel()
	servers, err := c.serversOf(name)
	if err != nil {
		return r, err
	}
	for _, base := range servers {
		r, err = c.ask(ctx, base, name)
		if err == nil || errors.Is(err, ErrNotFound) {
			return r, err
		}
	}
	return r, err
}

// serversOf are the base addresses for a name, https first.
func (c *Client) serversOf(name string) ([]*url.URL, error) {
	for suffix := name; suffix != ""; {
		_, suffix, _ = strings.Cut(suffix, ".")
		if s := c.config.Servers[suffix]; s != "" {
			u, err := url.Parse(s)
			return []*url.URL{u}, err
		}
	}
	registry, err := c.current()
	if err != nil {
		return nil, err
	}
	a, err := registry.Lookup(&bootstrap.Question{RegistryType: bootstrap.DNS, Query: name})
	if err != nil || a.Entry == "" || len(a.URLs) == 0 {
		return nil, ErrNoServer
	}
	out := slices.Clone(a.URLs)
	slices.SortStableFunc(out, func(a, b *url.URL) int { return strings.Compare(b.Scheme, a.Scheme) })
	if !c.config.Plain {
		out = slices.DeleteFunc(out, func(u *url.URL) bool { return u.Scheme != "https" })
	}
	if len(out) == 0 {
		return nil, ErrNoServer
	}
	return out, nil
}

// current is the newer bootstrap file where there is one, the shipped one where not. A
// file that cannot be read leaves what there was.
func (c *Client) current() (*bootstrap.DNSRegistry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.config.Bootstrap == "" {
		return c.servers, nil
	}
	info, err := os.Stat(c.config.Bootstrap)
	if err != nil || info.ModTime().Equal(c.read) || info.Size() > mostBootstrap {
		return c.servers, nil
	}
	b, err := os.ReadFile(c.config.Bootstrap)
	if err != nil {
		return c.servers, nil
	}
	if newer, err := bootstrap.NewDNSRegistry(b); err == nil {
		c.servers, c.read = newer, info.ModTime()
	}
	return c.servers, nil
}

// Published says from when the list of servers is, as it says itself.
func (c *Client) Published() string {
	r, err := c.current()
	if err != nil {
		return ""
	}
	return r.File().Publication
}

func (c *Client) ask(ctx context.Context, base *url.URL, name string) (r Record, err error) {
	at := base.JoinPath("domain", name)
	b, err := c.get(ctx, at.String())
	if err != nil {
		return r, err
	}
	answer, err := decode(b)
	if err != nil {
		return r, fmt.Errorf("%w: %s: %w", ErrUnreachable, base.Host, err)
	}
	r = recordOf(answer)
	r.Server = base.String()
	if !strings.EqualFold(strings.TrimSuffix(r.Name, "."), name) {
		return Record{}, fmt.Errorf("%w: %s answers about %q", ErrUnreachable, base.Host, r.Name)
	}
	return r, nil
}

// decode reads an answer. The decoder takes what servers really send, and what it does not
// know it leaves alone.
func decode(b []byte) (*rdap.Domain, error) {
	got, err := rdap.NewDecoder(b).Decode()
	if err != nil {
		return nil, err
	}
	d, ok := got.(*rdap.Domain)
	if !ok {
		return nil, fmt.Errorf("the answer is no domain but %T", got)
	}
	return d, nil
}

func (c *Client) get(ctx context.Context, at string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	req.Header.Set("Accept", "application/rdap+json, application/json;q=0.9")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer resp.Body.Close()
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound:
		return nil, ErrNotFound
	case code == http.StatusTooManyRequests, code == http.StatusForbidden, code == http.StatusUnauthorized:
		return nil, fmt.Errorf("%w: %s", ErrRefused, resp.Status)
	case code != http.StatusOK:
		return nil, fmt.Errorf("%w: %s", ErrUnreachable, resp.Status)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if len(b) > mostBytes {
		return nil, fmt.Errorf("%w: the answer is too long", ErrUnreachable)
	}
	return b, nil
}
