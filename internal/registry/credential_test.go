package registry_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// issuer issues certificates to registrars.
type issuer struct {
	*testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newIssuer(t *testing.T) issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{t, key, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Registry CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
	}}
}

// pem is a certificate of a key that lasts a while, with the key behind it.
func (i issuer) pem(c *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	i.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, i.cert, &key.PublicKey, i.key)
	if err != nil {
		i.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		i.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})...)
}

// issue writes a certificate that lasts a while, and its key, into one file.
func (i issuer) issue(file string, lasts time.Duration) {
	i.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		i.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: us}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lasts)}
	if err := os.WriteFile(file, i.pem(c, key), 0o600); err != nil {
		i.Fatal(err)
	}
}

// The registry lets in who shows a certificate. Ours ends soon: the registry says so at
// login, and we see it ourselves. Another one in its place is shown by the next session,
// without a restart, and both findings close.
func TestOurCertificateIsShownAndRenewed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		dir := t.TempDir()
		roots, ours := filepath.Join(dir, "roots.pem"), filepath.Join(dir, "ours.pem")
		ca := newIssuer(t)
		if err := os.WriteFile(roots, ca.pem(ca.cert, ca.key), 0o600); err != nil {
			t.Fatal(err)
		}
		ca.issue(ours, 10*24*time.Hour)
		w := open(t, s, c, setting{
			sandbox: func(c *sandbox.Config) { c.ClientCAFile = roots },
			account: func(a *registry.Account) { a.CertFile, a.LocalAddr = ours, "127.0.0.1" },
		})
		found := func() (open []string) {
			t.Helper()
			if err := s.R.NewRaw("SELECT code FROM registry_finding WHERE closed_at IS NULL ORDER BY code").Scan(t.Context(), &open); err != nil {
				t.Fatal(err)
			}
			return open
		}
		alarm := func(want int) {
			t.Helper()
			if n, err := w.desk.AlarmCertificates(t.Context()); err != nil || n != want {
				t.Errorf("%d certificates end, %v; want %d", n, err, want)
			}
		}
		alarm(1)
		w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.allDone()
		w.until("the registry's warning", func() bool { return slices.Equal(found(), []string{"client_certificate_ends", "login_warning"}) })

		if err := os.WriteFile(ours, []byte("half of a"), 0o600); err != nil {
			t.Fatal(err)
		}
		alarm(1) // who replaces the file is not done yet
		ca.issue(ours, 100*24*time.Hour)
		alarm(0)
		if got := found(); !slices.Equal(got, []string{"login_warning"}) {
			t.Errorf("after another certificate is there, the findings are %v", got)
		}
		w.server.Cut(0)
		w.server.Restore()
		w.contactFor("pv_wang", "王若溪")
		w.allDone()
		w.until("the warning to be withdrawn", func() bool { return len(found()) == 0 })
	})
}

func TestCredentialsThatCannotBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty, alone := filepath.Join(dir, "empty.pem"), filepath.Join(dir, "alone.pem")
	newIssuer(t).issue(alone, time.Hour)
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		account registry.Account
		want    string
	}{
		"a key alone":        {registry.Account{KeyFile: alone}, "key_file without cert_file"},
		"no such file":       {registry.Account{CertFile: filepath.Join(dir, "none.pem")}, "none.pem"},
		"no certificate":     {registry.Account{CertFile: empty}, "cert_file and key_file"},
		"a key of another":   {registry.Account{CertFile: alone, KeyFile: empty}, "cert_file and key_file"},
		"a name, no address": {registry.Account{LocalAddr: "gateway"}, `local_addr "gateway" is not an IP address`},
	} {
		tt.account.Name, tt.account.Driver = "cn", "cnnic"
		s, _ := storetest.SQLite(t)
		_, err := registry.New(registry.Config{Store: s, Accounts: []registry.Account{tt.account}})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}
