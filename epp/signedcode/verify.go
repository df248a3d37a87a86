package signedcode

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

// Provider is a verification service provider that is believed.
type Provider struct {
	ID      string              // its number, in front of the hyphen of its codes
	Issuers []*x509.Certificate // under which its certificate must be; the certificate itself will do
	Types   []string            // of code that it may issue; empty is all
}

// Verifier checks signed codes. It may be used by any number of goroutines as long
// as its fields are not changed.
type Verifier struct {
	Providers []Provider

	// Revoked, if not nil, says whether a certificate was revoked; see [RevokedBy].
	Revoked func(*x509.Certificate) bool

	// Now is the time at which certificates must be valid; nil is time.Now.
	Now func() time.Time
}

// largestCode bounds the document, in bytes. A chain of three certificates of
// 4096 bits takes a tenth of it.
const largestCode = 64 << 10

// Verify checks a signed code in base64 and returns what was signed. The error
// wraps one of the Err variables.
func (v *Verifier) Verify(encoded string) (Code, error) {
	if len(encoded) > base64.StdEncoding.EncodedLen(largestCode) {
		return Code{}, fmt.Errorf("%w: more than %d bytes", ErrForm, largestCode)
	}
	document, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return Code{}, fmt.Errorf("%w: not base64", ErrForm)
	}
	return v.VerifyXML(document)
}

// VerifyXML is [Verifier.Verify] for the document itself.
func (v *Verifier) VerifyXML(document []byte) (Code, error) {
	root, err := wire.Parse(document, wire.Limits{Bytes: largestCode, Depth: 16})
	if err != nil {
		return Code{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	chain, err := inspect(root)
	if err != nil {
		return Code{}, err
	}
	now := time.Now()
	if v.Now != nil {
		now = v.Now()
	}
	code, err := signedBy(chain[0], document, now)
	if err != nil {
		return Code{}, err
	}
	if err := v.authorise(code, chain, now); err != nil {
		return Code{}, err
	}
	return code, nil
}

// signedBy checks the signature and returns the code in the element that the
// signature covers; nothing else of the document is looked at again.
func signedBy(leaf *x509.Certificate, document []byte, now time.Time) (Code, error) {
	parsed := etree.NewDocument()
	if err := parsed.ReadFromBytes(document); err != nil {
		return Code{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	checking := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{leaf}})
	checking.IdAttribute = "id"
	checking.Clock = dsig.NewFakeClockAt(now)
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		return Code{}, fmt.Errorf("%w: not valid at %s", ErrUntrusted, now.Format(time.RFC3339))
	}
	covered, err := checking.Validate(parsed.Root())
	if err != nil {
		return Code{}, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	content, err := etree.NewDocumentWithRoot(covered).WriteToBytes()
	if err != nil {
		return Code{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	root, err := wire.Parse(content, wire.Limits{Bytes: 2 * largestCode, Depth: 16})
	if err != nil {
		return Code{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	if !root.Is(vcode.NS, "signedCode") || len(root.Children) != 1 {
		return Code{}, fmt.Errorf("%w: the signature covers something else", ErrForm)
	}
	c := root.Child(vcode.NS, "code")
	code := Code{Type: c.Attr("type"), Value: c.Value()}
	if !code.Valid() {
		return Code{}, fmt.Errorf("%w: %q is not a code", ErrForm, code.Value)
	}
	return code, nil
}

// authorise decides whether the certificates may have signed the code.
func (v *Verifier) authorise(c Code, chain []*x509.Certificate, now time.Time) error {
	i := slices.IndexFunc(v.Providers, func(p Provider) bool { return p.ID == c.Provider() })
	if i < 0 {
		return fmt.Errorf("%w: provider %s is unknown", ErrProvider, c.Provider())
	}
	provider := v.Providers[i]
	if len(provider.Types) > 0 && !slices.Contains(provider.Types, c.Type) {
		return fmt.Errorf("%w: provider %s does not issue codes of type %q", ErrProvider, provider.ID, c.Type)
	}
	options := x509.VerifyOptions{
		Roots: poolOf(provider.Issuers), Intermediates: poolOf(chain[1:]), CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	chains, err := chain[0].Verify(options)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUntrusted, err)
	}
	if v.Revoked == nil {
		return nil
	}
	for _, certificate := range chains[0] {
		if v.Revoked(certificate) {
			return fmt.Errorf("%w: serial number %x", ErrRevoked, certificate.SerialNumber)
		}
	}
	return nil
}

func poolOf(certificates []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certificates {
		pool.AddCert(c)
	}
	return pool
}

// RevokedBy looks certificates up in revocation lists. The caller has checked
// who signed the lists.
func RevokedBy(lists ...*x509.RevocationList) func(*x509.Certificate) bool {
	return func(certificate *x509.Certificate) bool {
		for _, list := range lists {
			if string(list.RawIssuer) != string(certificate.RawIssuer) {
				continue
			}
			for _, entry := range list.RevokedCertificateEntries {
				if entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 {
					return true
				}
			}
		}
		return false
	}
}

// certificates reads the certificates of a signature, the signer's first.
func certificates(keyInfo *wire.Element) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	data := keyInfo.Child(dsig.Namespace, "X509Data")
	if data == nil {
		return nil, fmt.Errorf("%w: no certificate", ErrForm)
	}
	for _, c := range data.Children {
		if !c.Is(dsig.Namespace, "X509Certificate") {
			continue
		}
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(c.Text), ""))
		if err != nil {
			return nil, fmt.Errorf("%w: certificate not in base64", ErrForm)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrForm, err)
		}
		chain = append(chain, certificate)
	}
	if len(chain) == 0 {
		return nil, fmt.Errorf("%w: no certificate", ErrForm)
	}
	if key, ok := chain[0].PublicKey.(*rsa.PublicKey); !ok || key.N.BitLen() < smallestKey {
		return nil, fmt.Errorf("%w: the key is not RSA of %d bits", ErrAlgorithm, smallestKey)
	}
	return chain, nil
}
