package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"

	"github.com/verinym/verinym/epp/signedcode"
)

// providerKey signs the codes of all providers of a process: making a key takes
// longer than everything else at the start.
var providerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// startVSP gives the provider its key, which is that of the state file if there
// is one, and lets the registry believe it.
func (s *Server) startVSP(savedKey string) error {
	s.verifier = &signedcode.Verifier{Providers: s.config.Providers, Now: s.config.Clock.Now}
	p := s.registry.vsp
	if p.Listen == "" {
		return nil
	}
	key, err := loadProviderKey(savedKey)
	if err != nil {
		return fmt.Errorf("sandbox: verification service provider: %w", err)
	}
	// The registry's clock may be moved a long way.
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "EPP sandbox VSP " + p.ID},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("sandbox: verification service provider: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("sandbox: verification service provider: %w", err)
	}
	if p.signer, err = signedcode.NewSigner(key, certificate); err != nil {
		return err
	}
	s.vspKey, s.vspCertificate = key, certificate
	s.verifier.Providers = append([]signedcode.Provider{{ID: p.ID, Issuers: []*x509.Certificate{certificate}}}, s.verifier.Providers...)
	return nil
}

func loadProviderKey(saved string) (*rsa.PrivateKey, error) {
	if saved == "" {
		return providerKey()
	}
	block, _ := pem.Decode([]byte(saved))
	if block == nil {
		return nil, fmt.Errorf("the key in the state file is not PEM")
	}
	return x509.ParsePKCS1PrivateKey(block.Bytes)
}

// providerKeyPEM is the provider's key for the state file.
func (s *Server) providerKeyPEM() string {
	if s.vspKey == nil {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(s.vspKey)}))
}

// VSPAddr is where the verification service provider speaks EPP, "" if it is off.
func (s *Server) VSPAddr() string { return addrOf(s.vspListener) }

// VSPProvider is the verification service provider for a [signedcode.Verifier]; ok
// is false if it is off.
func (s *Server) VSPProvider() (p signedcode.Provider, ok bool) {
	if s.vspCertificate == nil {
		return p, false
	}
	return signedcode.Provider{ID: s.registry.vsp.ID, Issuers: []*x509.Certificate{s.vspCertificate}}, true
}

func addrOf(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// VSPIssuersPEM holds the certificates that the provider's codes are signed under, as
// a client pins them; nil if the provider is off.
func (s *Server) VSPIssuersPEM() []byte {
	if s.vspCertificate == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.vspCertificate.Raw})
}
