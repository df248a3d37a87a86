package registry

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// certificateWarning is how long before the end of our certificate an operator is told: a
// registry's authority may take weeks for a new one.
const certificateWarning = 30 * 24 * time.Hour

// credential is the certificate that we show a registry.
type credential struct {
	certFile, keyFile string

	mu   sync.Mutex
	last *tls.Certificate
}

// read reads the files anew: who renews a certificate need not restart the server. While
// they cannot be read, as between the two writes of whoever replaces them, the certificate
// that was read last is shown.
func (c *credential) read() (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.last = &pair
	case c.last == nil:
		return nil, err
	}
	return c.last, nil
}

// show answers a server that asks for our certificate.
func (c *credential) show(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.read() }

// credential reads our certificate at the registry, nil where the account has none.
func (a Account) credential() (*credential, error) {
	if a.CertFile == "" && a.KeyFile == "" {
		return nil, nil
	}
	if a.CertFile == "" {
		return nil, fmt.Errorf("registry %s: key_file without cert_file", a.Name)
	}
	c := &credential{certFile: a.CertFile, keyFile: a.KeyFile}
	if c.keyFile == "" {
		c.keyFile = a.CertFile
	}
	if _, err := c.read(); err != nil {
		return nil, fmt.Errorf("registry %s: its cert_file and key_file: %w", a.Name, err)
	}
	return c, nil
}

// secret is our password at the registry now.
func (l *link) secret() string {
	if p := l.password.Load(); p != nil {
		return *p
	}
	return l.Password
}

// rekey takes another password from the account's file, so that one that was changed at the
// registry, or was wrong, needs no restart. A file that is not there or empty, as between the
// two steps of whoever replaces it, changes nothing.
func (r *Registries) rekey(l *link) {
	if l.PasswordFile == "" {
		return
	}
	text, err := os.ReadFile(l.PasswordFile)
	now := strings.TrimRight(string(text), "\r\n")
	if err != nil || now == "" || now == l.secret() {
		return
	}
	l.password.Store(&now)
	l.stopped.logins(time.Time{})
	if pool := l.pool.Load(); pool != nil {
		pool.SetPassword(now)
	}
	r.log.Info("there is another password in the account's file", "registry", l.Name)
	l.rouse()
}

// dialer leaves from the account's address, where it names one.
func (a Account) dialer() (*net.Dialer, error) {
	if a.LocalAddr == "" {
		return &net.Dialer{}, nil
	}
	ip := net.ParseIP(a.LocalAddr)
	if ip == nil {
		return nil, fmt.Errorf("registry %s: local_addr %q is not an IP address", a.Name, a.LocalAddr)
	}
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: ip}}, nil
}

// AlarmCertificates tells operators of certificates that we show registries and that end
// soon, until others are there. It returns how many.
func (r *Registries) AlarmCertificates(ctx context.Context) (ending int, err error) {
	const ends = "client_certificate_ends"
	for _, l := range r.accounts {
		if l.credential == nil {
			continue
		}
		shown, err := l.credential.read()
		if err != nil {
			return ending, fmt.Errorf("registry %s: %w", l.Name, err)
		}
		// TLS goes by the machine's clock.
		if until := shown.Leaf.NotAfter; time.Until(until) < certificateWarning {
			ending++
			r.find(ctx, l, "", fault.New(fault.Conflict, ends).With("Until", until.UTC().Format(time.RFC3339)))
			continue
		}
		if err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return Settled(ctx, tx, l.Name, "", ends) }); err != nil {
			return ending, err
		}
	}
	return ending, nil
}

// logins are the sessions whose login was heard.
type logins struct {
	mu    sync.Mutex
	heard map[*epp.Conn]bool
}

// news notes a session, and says whether it is a new one.
func (x *logins) news(c *epp.Conn) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.heard[c] {
		return false
	}
	for old := range x.heard {
		select {
		case <-old.Done():
			delete(x.heard, old)
		default:
		}
	}
	if x.heard == nil {
		x.heard = map[*epp.Conn]bool{}
	}
	x.heard[c] = true
	return true
}

// warned tells an operator what the registry says of our password and certificate at the
// login of a new session (RFC 8807), and closes what it says no more.
func (r *Registries) warned(ctx context.Context, l *link, c *epp.Conn) {
	const warning = "login_warning"
	if c.LoginResponse() == nil {
		return
	}
	said := []string{""}
	if e := c.LoginResponse().Extension(loginsec.NS); e != nil {
		data, err := loginsec.ParseData(e)
		if err != nil {
			r.log.Error("a warning of the registry at login is not understood", "registry", l.Name, "error", err)
			return
		}
		for _, v := range data.Events {
			f := fault.New(fault.Conflict, warning).With("Type", v.Type).With("Words", v.Text)
			if !v.ExDate.IsZero() {
				f = f.With("Until", v.ExDate.UTC().Format(time.RFC3339))
			}
			r.find(ctx, l, v.Type, f)
			said = append(said, v.Type)
		}
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE registry_finding SET closed_at = ?, closed_by = ? WHERE registry = ? AND code = ? AND subject NOT IN (?) AND closed_at IS NULL",
			store.At(tx.Now()), actor.Verinym.ID, l.Name, warning, bun.List(said)).Exec(ctx)
		return err
	})
	if err != nil {
		r.log.Error("registry finding", "registry", l.Name, "code", warning, "error", err)
	}
}
