package signedcode_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/epp/signedcode"
)

// now is when the tests take place; certificates are valid a year around it.
var now = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// authority issues certificates to providers.
type authority struct {
	certificate *x509.Certificate
	key         *rsa.PrivateKey
}

// keys are made once: that of the authority, the provider and a stranger.
var keys = sync.OnceValue(func() (list [3]*rsa.PrivateKey) {
	for i := range list {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		list[i] = key
	}
	return list
})

func certify(t testing.TB, subject string, serial int64, key crypto.PublicKey, issuer *authority, signer *rsa.PrivateKey) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: subject},
		NotBefore: now.AddDate(0, -6, 0), NotAfter: now.AddDate(0, 6, 0), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	parent := template
	if issuer != nil {
		parent = issuer.certificate
	} else {
		template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, signer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func newAuthority(t testing.TB, name string) *authority {
	t.Helper()
	key := keys()[0]
	return &authority{certify(t, name, 1, key.Public(), nil, key), key}
}

// provider has a key and a certificate.
type provider struct {
	certificate *x509.Certificate
	key         *rsa.PrivateKey
	*signedcode.Signer
}

func (a *authority) provider(t testing.TB, serial int64) *provider {
	t.Helper()
	p := &provider{key: keys()[1]}
	p.certificate = certify(t, "VSP", serial, p.key.Public(), a, a.key)
	var err error
	if p.Signer, err = signedcode.NewSigner(p.key, p.certificate); err != nil {
		t.Fatal(err)
	}
	return p
}

// verifier believes provider 1 under the authority.
func (a *authority) verifier() *signedcode.Verifier {
	return &signedcode.Verifier{
		Providers: []signedcode.Provider{{ID: "1", Issuers: []*x509.Certificate{a.certificate}, Types: []string{"domain", "real-name"}}},
		Now:       func() time.Time { return now },
	}
}

// file writes a PEM file.
func file(t *testing.T, name string, blocks ...*pem.Block) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	var content []byte
	for _, b := range blocks {
		content = append(content, pem.EncodeToMemory(b)...)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
