package sandbox

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/signedcode"
)

// Server is a running registry.
type Server struct {
	config   Config
	identity *identity
	caFile   string

	verifier       *signedcode.Verifier // of the codes that clients bring
	vspKey         *rsa.PrivateKey      // nil if the provider is off
	vspCertificate *x509.Certificate

	eppListener   net.Listener
	vspListener   net.Listener // nil if off
	auditListener net.Listener
	adminListener net.Listener // nil if off
	httpServers   []*http.Server

	done    chan struct{} // closed by Close
	replan  chan struct{} // tells the scheduler that an earlier event was planned
	running sync.WaitGroup
	closing sync.Once

	mu        sync.Mutex
	registry  *registry
	record    *record
	rules     []*rule
	isCut     bool
	cutUntil  time.Time // zero: until it is lifted
	sessions  map[*session]bool
	sessionID uint64
	saved     uint64 // revision in the state file
	logged    int    // entries in the log beside it
}

// Start runs a registry until the context ends or Close is called.
func Start(ctx context.Context, config Config) (*Server, error) {
	config = config.withDefaults()
	if err := config.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		config:   config,
		done:     make(chan struct{}),
		replan:   make(chan struct{}, 1),
		registry: newRegistry(config),
		record:   newRecord(config.LogCommands, config.LogFrames),
		sessions: map[*session]bool{},
	}
	if err := s.prepare(); err != nil {
		s.Close()
		return nil, err
	}
	offered := registryService
	if s.config.NameStore {
		offered = offered.withNameStore()
	}
	s.running.Go(func() { s.accept(s.eppListener, offered) })
	if s.vspListener != nil {
		s.running.Go(func() { s.accept(s.vspListener, vspService) })
	}
	s.running.Go(s.scheduler)
	s.running.Go(s.keepState)
	s.serveHTTP()
	stop := context.AfterFunc(ctx, func() { s.Close() })
	s.running.Go(func() {
		<-s.done
		stop()
	})
	config.Log.Info("sandbox: registry started", "epp", s.Addr(), "audit", s.AuditURL(), "admin", s.AdminURL())
	return s, nil
}

// prepare gets everything that can fail.
func (s *Server) prepare() (err error) {
	if s.identity, err = loadIdentity(s.config); err != nil {
		return err
	}
	if s.caFile, err = s.writeCA(); err != nil {
		return err
	}
	restored, err := s.restoreState()
	if err != nil {
		return err
	}
	if !restored {
		if err := s.startVSP(""); err != nil {
			return err
		}
		if err := s.registry.seed(s.config.Seed, s.config.Clock.Now()); err != nil {
			return err
		}
	}
	tlsConfig, err := s.serverTLS()
	if err != nil {
		return err
	}
	if s.eppListener, err = tls.Listen("tcp", s.config.Listen, tlsConfig); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if s.config.VSP.Listen != "" {
		if s.vspListener, err = tls.Listen("tcp", s.config.VSP.Listen, tlsConfig); err != nil {
			return fmt.Errorf("sandbox: verification service provider: %w", err)
		}
	}
	auditTLS := tlsConfig.Clone()
	auditTLS.ClientAuth = tls.NoClientCert // its clients have passwords
	if s.auditListener, err = tls.Listen("tcp", s.config.AuditListen, auditTLS); err != nil {
		return fmt.Errorf("sandbox: audit interface: %w", err)
	}
	if s.config.AdminListen != "" {
		if s.adminListener, err = net.Listen("tcp", s.config.AdminListen); err != nil {
			return fmt.Errorf("sandbox: admin interface: %w", err)
		}
	}
	return nil
}

// serverTLS is how the registry presents itself, and whom it lets in.
func (s *Server) serverTLS() (*tls.Config, error) {
	c := &tls.Config{Certificates: []tls.Certificate{s.identity.certificate}, MinVersion: tls.VersionTLS12}
	if s.config.ClientCAFile == "" {
		return c, nil
	}
	pem, err := os.ReadFile(s.config.ClientCAFile)
	if err != nil {
		return nil, fmt.Errorf("sandbox: client CAs: %w", err)
	}
	c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
	if !c.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("sandbox: client CAs: no certificate in %s", s.config.ClientCAFile)
	}
	return c, nil
}

// seed creates the registry's first objects.
func (r *registry) seed(seed Seed, now time.Time) error {
	for _, c := range seed.Contacts {
		if _, f := r.addContact(c.Contact, c.Identity, c.ClientID, now); f != nil {
			return fmt.Errorf("sandbox: seed contact %s: %d %s", c.Contact.ID, f.Code, f.Reason)
		}
	}
	for _, d := range seed.Domains {
		added, f := r.addDomain(d.Domain, createExtensions{}, d.ClientID, now)
		if f != nil {
			return fmt.Errorf("sandbox: seed domain %s: %d %s", d.Domain.Name, f.Code, f.Reason)
		}
		added.addGrace(rgp.AddPeriod, added.Zone.AddGrace, 0, now)
		r.beginReview(added, added.Zone.HoldAfter, now)
	}
	return nil
}

// Close ends all sessions, stops the registry and writes the state file. It
// returns when that is done.
func (s *Server) Close() error {
	s.closing.Do(func() {
		close(s.done)
		for _, l := range []net.Listener{s.eppListener, s.vspListener, s.auditListener, s.adminListener} {
			if l != nil {
				l.Close()
			}
		}
		for _, h := range s.httpServers {
			h.Close()
		}
		s.mu.Lock()
		for open := range s.sessions {
			open.drop()
		}
		s.mu.Unlock()
	})
	s.running.Wait()
	if s.config.CAFile == "" && s.caFile != "" {
		os.Remove(s.caFile)
	}
	return nil
}

// Done is closed when the registry is being stopped.
func (s *Server) Done() <-chan struct{} { return s.done }

// Addr is where EPP is spoken, "host:port".
func (s *Server) Addr() string { return s.eppListener.Addr().String() }

// AuditURL is the base of the audit interface.
func (s *Server) AuditURL() string { return "https://" + s.auditListener.Addr().String() }

// AdminURL is the base of the admin interface, "" if it is off.
func (s *Server) AdminURL() string {
	if s.adminListener == nil {
		return ""
	}
	return "http://" + s.adminListener.Addr().String()
}

// CAPEM is the certificate to trust, in PEM.
func (s *Server) CAPEM() []byte { return s.identity.caPEM }

// CAFile is a file with [Server.CAPEM], for programs that want one.
func (s *Server) CAFile() string { return s.caFile }

// TLS is a client configuration that trusts the server.
func (s *Server) TLS() *tls.Config { return s.identity.clientTLS() }

// Log is every command received so far that is kept, oldest first.
func (s *Server) Log() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.list(0, nil)
}

// LogSince is what was received after the first n commands, oldest first: for whoever
// reads a long log as it grows.
func (s *Server) LogSince(n int) []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.since(n)
}

// LogOf is the part of the log about one object: "domain" or "contact", and its
// name. Empty arguments match everything.
func (s *Server) LogOf(object, name string) []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.list(0, func(e *Received) bool {
		return (object == "" || e.Object == object) && (name == "" || e.Name == name)
	})
}

// Now is the registry's time.
func (s *Server) Now() time.Time { return s.config.Clock.Now() }

// Advance moves the registry's clock forward and returns when everything that
// fell due has happened.
func (s *Server) Advance(d time.Duration) {
	if d < 0 {
		return
	}
	s.config.Clock.move(d)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.registry.catchUp(s.config.Clock.Now())
}

// scheduler makes happen what falls due while nobody asks.
func (s *Server) scheduler() {
	for {
		s.mu.Lock()
		next, ok := s.registry.next()
		s.mu.Unlock()
		if !ok {
			next = s.config.Clock.Now().Add(day)
		}
		if s.config.Clock.wait(next, s.replan, s.done) {
			s.mu.Lock()
			s.registry.catchUp(s.config.Clock.Now())
			s.mu.Unlock()
		}
		if s.stopping() {
			return
		}
	}
}

// stopping reports whether Close was called.
func (s *Server) stopping() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// reschedule wakes the scheduler if something new comes first. s.mu is held.
func (s *Server) reschedule(before time.Time, had bool) {
	if next, ok := s.registry.next(); ok && (!had || next.Before(before)) {
		select {
		case s.replan <- struct{}{}:
		default:
		}
	}
}

// accept takes the EPP connections of a service.
func (s *Server) accept(l net.Listener, of *service) {
	for {
		nc, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		s.mu.Lock()
		s.sessionID++
		open := newSession(s, of, s.sessionID, nc.(*tls.Conn))
		taken := s.reachable() && !s.stopping() && s.connectionsFrom(open.peer) < s.config.MaxConnections
		if taken {
			s.sessions[open] = true
			s.running.Go(open.run)
		}
		s.mu.Unlock()
		if !taken {
			open.drop()
		}
	}
}

// connectionsFrom counts the connections of one address. s.mu is held.
func (s *Server) connectionsFrom(peer string) (n int) {
	for open := range s.sessions {
		if open.peer == peer {
			n++
		}
	}
	return n
}
