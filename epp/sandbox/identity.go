package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// identity is the server's certificate and the CA that a client has to trust.
type identity struct {
	certificate tls.Certificate
	caPEM       []byte
}

// loadIdentity reads the configured certificate, or makes one.
func loadIdentity(c Config) (*identity, error) {
	if c.CertFile == "" {
		id, err := makeIdentity(c.Listen, c.AuditListen)
		if err != nil {
			return nil, fmt.Errorf("sandbox: certificate: %w", err)
		}
		return id, nil
	}
	certificate, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("sandbox: certificate: %w", err)
	}
	chain, err := os.ReadFile(c.CertFile)
	if err != nil {
		return nil, fmt.Errorf("sandbox: certificate: %w", err)
	}
	return &identity{certificate, chain}, nil
}

// validity of the certificates that the sandbox makes.
const validity = 2 * 365 * day

// makeIdentity makes a CA, and a certificate for this machine under it.
func makeIdentity(listens ...string) (*identity, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	from := time.Now().Add(-time.Hour)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "EPP sandbox CA"},
		NotBefore: from, NotAfter: from.Add(validity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "EPP sandbox"},
		NotBefore: from, NotAfter: from.Add(validity),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	addNames(leaf, listens)
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	return &identity{
		certificate: tls.Certificate{Certificate: [][]byte{leafDER, caDER}, PrivateKey: key},
		caPEM:       pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}),
	}, nil
}

// addNames adds the machine's name and what the registry listens on.
func addNames(leaf *x509.Certificate, listens []string) {
	if name, err := os.Hostname(); err == nil {
		leaf.DNSNames = append(leaf.DNSNames, name)
	}
	for _, listen := range listens {
		host, _, err := net.SplitHostPort(listen)
		if err != nil || host == "" {
			continue
		}
		if ip := net.ParseIP(host); ip == nil {
			leaf.DNSNames = append(leaf.DNSNames, host)
		} else if !ip.IsUnspecified() {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		}
	}
}

func (i *identity) clientTLS() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(i.caPEM)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// writeCA writes the CA's certificate where the configuration wants it, or into
// a temporary file.
func (s *Server) writeCA() (string, error) {
	path := s.config.CAFile
	if path == "" {
		f, err := os.CreateTemp("", "epp-sandbox-ca-*.pem")
		if err != nil {
			return "", fmt.Errorf("sandbox: CA file: %w", err)
		}
		f.Close()
		path = f.Name()
	}
	if err := os.WriteFile(path, s.identity.caPEM, 0o644); err != nil {
		return "", fmt.Errorf("sandbox: CA file: %w", err)
	}
	return path, nil
}
