package record

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"maps"
	"math/big"
	"net"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// serverName is in the replay's certificate.
const serverName = "replay.invalid"

// Options are a client's options for a session that is answered out of the
// recording; the address is of no matter. Credentials are not checked, the
// redacted login being the same for all.
func (r *Recording) Options() (epp.Options, error) {
	certificate, roots, err := identity()
	if err != nil {
		return epp.Options{}, err
	}
	script := r.script()
	return epp.Options{
		ClientID: "replay", Password: "replay", KeepAlive: -1,
		TLS: &tls.Config{RootCAs: roots, ServerName: serverName},
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			s := &session{script: maps.Clone(script), greeting: r.Frames[0].XML}
			go s.serve(tls.Server(server, &tls.Config{Certificates: []tls.Certificate{certificate}}))
			return client, nil
		},
	}, nil
}

// session is one client of a replay.
type session struct {
	script   map[string][]answer
	greeting string
}

func (s *session) serve(nc net.Conn) {
	defer nc.Close()
	if !send(nc, s.greeting) {
		return
	}
	for in := bufio.NewReader(nc); ; {
		frame, err := wire.ReadFrame(in, 1<<20)
		if err != nil {
			return
		}
		reply, goesOn := s.reply(frame)
		if !send(nc, reply) || !goesOn {
			return
		}
	}
}

func send(nc net.Conn, document string) bool {
	_, err := nc.Write(wire.AppendFrame(nil, []byte(document)))
	return err == nil
}

// reply finds the answer to a command. A login is answered as the recorded one,
// whoever logs in.
func (s *session) reply(frame []byte) (reply string, goesOn bool) {
	request, _ := epp.ParseRequest(frame, wire.Limits{})
	question, clTRID := key(frame)
	answers := s.script[question]
	if len(answers) == 0 && request.Verb == epp.VerbLogin {
		answers = s.recorded("<login>")
	}
	switch {
	case len(answers) > 0:
		if len(answers) > 1 {
			s.script[question] = answers[1:]
		}
		return strings.ReplaceAll(answers[0].xml, ">"+answers[0].clTRID+"<", ">"+clTRID+"<"), request.Verb != epp.VerbLogout
	case request.Verb == epp.VerbHello:
		return s.greeting, true
	case request.Verb == epp.VerbLogout:
		return refusal(epp.CodeEnding, "", clTRID), false
	}
	return refusal(epp.CodeFailed, "the recording has no answer to this", clTRID), true
}

// recorded are the answers to the first command with a text in it.
func (s *session) recorded(text string) []answer {
	for question, answers := range s.script {
		if strings.Contains(question, text) {
			return answers
		}
	}
	return nil
}

func refusal(code int, reason, clTRID string) string {
	r := epp.Reply{Code: code, ClTRID: clTRID, SvTRID: "replay"}
	if reason != "" {
		r.Reasons = []epp.Reason{{Text: reason}}
	}
	return string(r.AppendXML(nil))
}

// identity is a certificate for replays.
func identity() (certificate tls.Certificate, roots *x509.CertPool, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: serverName}, DNSNames: []string{serverName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return certificate, nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return certificate, nil, err
	}
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots, nil
}
