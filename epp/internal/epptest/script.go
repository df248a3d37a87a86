package epptest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Registry is a TLS server whose sessions follow a script.
type Registry struct {
	Addr string
	TLS  *tls.Config // for the client: trusts the server
}

// Serve starts a registry. Each session runs script in a goroutine of its own;
// all of them have returned before the test ends.
func Serve(t *testing.T, script func(*Session)) *Registry {
	t.Helper()
	certificate, roots := identity()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	var sessions sync.WaitGroup
	var open sync.Map
	sessions.Go(func() {
		for {
			nc, err := listener.Accept()
			if err != nil {
				return
			}
			open.Store(nc, true)
			sessions.Go(func() {
				defer nc.Close()
				script(&Session{Conn: nc, T: t, r: bufio.NewReader(nc)})
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		open.Range(func(nc, _ any) bool { nc.(net.Conn).Close(); return true })
		sessions.Wait()
	})
	return &Registry{Addr: listener.Addr().String(), TLS: &tls.Config{RootCAs: roots}}
}

// Options are client options that fit the registry.
func (r *Registry) Options() epp.Options {
	return epp.Options{TLS: r.TLS, ClientID: "verinym", Password: "secret-pw", KeepAlive: -1}
}

// Session is the registry's end of a session.
type Session struct {
	Conn net.Conn
	T    *testing.T
	r    *bufio.Reader
}

var svTRID atomic.Int64

// queue is a queue with one message.
var queue = &epp.MessageQueue{Count: 1, ID: "12345", Date: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), Message: "Pending action completed."}

// Greet sends a greeting and answers the login with success.
func (s *Session) Greet() {
	s.Greeting()
	s.Answer(s.Read(), epp.CodeOK)
}

// Greeting sends a greeting.
func (s *Session) Greeting() {
	g := epp.Greeting{
		ServerID: "Scripted registry", Date: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Versions: []string{"1.0"}, Langs: []string{"en"},
		Objects:    []string{"urn:ietf:params:xml:ns:domain-1.0", "urn:ietf:params:xml:ns:contact-1.0"},
		Extensions: []string{"urn:ietf:params:xml:ns:changePoll-1.0"},
	}
	s.Send(g.AppendXML(nil))
}

// Read reads the next command. If the client has gone, the script ends.
func (s *Session) Read() *epp.Request {
	frame, err := wire.ReadFrame(s.r, 1<<20)
	if err != nil {
		runtime.Goexit()
	}
	request, err := epp.ParseRequest(frame, wire.Limits{})
	if err != nil {
		s.T.Errorf("client sent %v\n%s", err, frame)
	}
	return request
}

// Answer answers a command with a result code.
func (s *Session) Answer(request *epp.Request, code int) {
	s.Reply(epp.Reply{Code: code, ClTRID: request.ClTRID})
}

// Reply sends an answer, with a svTRID if it has none.
func (s *Session) Reply(reply epp.Reply) {
	if reply.SvTRID == "" {
		reply.SvTRID = "SV-" + strconv.FormatInt(svTRID.Add(1), 10)
	}
	s.Send(reply.AppendXML(nil))
}

// Send sends a payload as a frame.
func (s *Session) Send(payload []byte) { s.Conn.Write(wire.AppendFrame(nil, payload)) }

// identity is a certificate for 127.0.0.1, and the roots that trust it.
var identity = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "scripted registry"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
})
