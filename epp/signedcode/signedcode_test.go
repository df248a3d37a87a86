package signedcode_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/signedcode"
)

var code = signedcode.Code{Type: "domain", Value: "1-abc111"}

func TestSignedCodeIsBelieved(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	encoded, err := a.provider(t, 2).Sign(code)
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.verifier().Verify(encoded[:76] + "\n" + encoded[76:])
	if err != nil || got != code || got.Provider() != "1" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestCertificateItselfMayBePinned(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	encoded, err := a.provider(t, 2).Sign(code)
	if err != nil {
		t.Fatal(err)
	}
	for serial, want := range map[int64]error{2: nil, 3: signedcode.ErrUntrusted} {
		v := a.verifier()
		v.Providers[0].Issuers = []*x509.Certificate{a.provider(t, serial).certificate}
		if _, err := v.Verify(encoded); !errors.Is(err, want) {
			t.Errorf("certificate %d pinned: %v, want %v", serial, err, want)
		}
	}
}

func TestWhoMayNotSign(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	revoked := func(serials ...int64) *x509.RevocationList {
		list := &x509.RevocationList{RawIssuer: a.certificate.RawSubject}
		for _, s := range serials {
			list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(s)})
		}
		return list
	}
	tests := map[string]struct {
		code   signedcode.Code
		change func(*signedcode.Verifier)
		want   error
	}{
		"unknown provider": {signedcode.Code{Type: "domain", Value: "2-abc111"}, nil, signedcode.ErrProvider},
		"type not its own": {signedcode.Code{Type: "trademark", Value: "1-abc111"}, nil, signedcode.ErrProvider},
		"nobody pinned":    {code, func(v *signedcode.Verifier) { v.Providers[0].Issuers = nil }, signedcode.ErrUntrusted},
		"another's issuer": {code, func(v *signedcode.Verifier) {
			v.Providers[0].Issuers = []*x509.Certificate{certify(t, "Other CA", 9, keys()[2].Public(), nil, keys()[2])}
		}, signedcode.ErrUntrusted},
		"expired":           {code, func(v *signedcode.Verifier) { v.Now = func() time.Time { return now.AddDate(1, 0, 0) } }, signedcode.ErrUntrusted},
		"not valid yet":     {code, func(v *signedcode.Verifier) { v.Now = func() time.Time { return now.AddDate(-1, 0, 0) } }, signedcode.ErrUntrusted},
		"revoked":           {code, func(v *signedcode.Verifier) { v.Revoked = signedcode.RevokedBy(revoked(7, 2)) }, signedcode.ErrRevoked},
		"another's revoked": {code, func(v *signedcode.Verifier) { v.Revoked = signedcode.RevokedBy(revoked(7)) }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded, err := a.provider(t, 2).Sign(tt.code)
			if err != nil {
				t.Fatal(err)
			}
			v := a.verifier()
			if tt.change != nil {
				tt.change(v)
			}
			got, err := v.Verify(encoded)
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			if err != nil && got != (signedcode.Code{}) {
				t.Errorf("a code that nobody may believe is told: %+v", got)
			}
		})
	}
}

// A certificate beside the signer's is an intermediate at most: it makes nobody an
// issuer, and nobody's signature is looked for under it.
func TestFurtherCertificatesLendNoTrust(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	p, stranger := a.provider(t, 2), keys()[2]
	namesake := certify(t, "VSP CA", 1, stranger.Public(), nil, stranger)
	below := certify(t, "below", 6, stranger.Public(), &authority{p.certificate, p.key}, p.key)
	document, err := p.SignXML(code)
	if err != nil {
		t.Fatal(err)
	}
	further := "<ds:X509Certificate>" + base64.StdEncoding.EncodeToString(namesake.Raw) + "</ds:X509Certificate>"
	signed := func(chain ...*x509.Certificate) string {
		s, err := signedcode.NewSigner(stranger, chain...)
		if err != nil {
			t.Fatal(err)
		}
		document, err := s.SignXML(code)
		if err != nil {
			t.Fatal(err)
		}
		return string(document)
	}
	tests := map[string]struct {
		document string
		want     error
	}{
		"issued by a provider":    {signed(below, p.certificate), signedcode.ErrUntrusted},
		"issuer's namesake":       {signed(namesake), signedcode.ErrUntrusted},
		"namesake and issuer":     {signed(namesake, a.certificate), signedcode.ErrUntrusted},
		"further one at the end":  {strings.Replace(string(document), "</ds:X509Data>", further+"</ds:X509Data>", 1), nil},
		"further one in front":    {strings.Replace(string(document), "<ds:X509Data>", "<ds:X509Data>"+further, 1), signedcode.ErrSignature},
		"further data in front":   {strings.Replace(string(document), "<ds:X509Data>", "<ds:X509Data>"+further+"</ds:X509Data><ds:X509Data>", 1), signedcode.ErrSignature},
		"text between the parts":  {strings.Replace(string(document), "<ds:Signature ", "1-evil<ds:Signature ", 1), signedcode.ErrSignature},
		"an object to point into": {strings.Replace(string(document), "</ds:Signature>", "<ds:Object/></ds:Signature>", 1), signedcode.ErrForm},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := a.verifier().VerifyXML([]byte(tt.document))
			if !errors.Is(err, tt.want) || (err == nil) != (got == code) {
				t.Errorf("%+v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

// Each of these starts from a good code and is altered as an attacker would.
func TestAlteredCodesAreRefused(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	document, err := a.provider(t, 2).SignXML(code)
	if err != nil {
		t.Fatal(err)
	}
	good := string(document)
	replace := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	between := func(from, to string) string {
		start := strings.Index(good, from)
		return good[start : start+strings.Index(good[start:], to)+len(to)]
	}
	reference := between("<ds:Reference", "</ds:Reference>")
	signature := between("<ds:Signature ", "</ds:Signature>")
	tests := map[string]struct {
		document string
		want     error
	}{
		"another code":        {replace("1-abc111", "1-abc112"), signedcode.ErrSignature},
		"another type":        {replace(`type="domain"`, `type="real-name"`), signedcode.ErrSignature},
		"another attribute":   {replace(`type="domain"`, `type="domain" x="y"`), signedcode.ErrSignature},
		"another signature":   {replace("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"), signedcode.ErrSignature},
		"a second reference":  {replace(reference, reference+reference), signedcode.ErrForm},
		"no reference":        {replace(reference, ""), signedcode.ErrForm},
		"reference elsewhere": {replace(`URI="#signedCode"`, `URI="#other"`), signedcode.ErrForm},
		"reference to all":    {replace(`URI="#signedCode"`, `URI=""`), signedcode.ErrForm},
		"a second signature":  {replace(signature, signature+signature), signedcode.ErrForm},
		"no signature":        {replace(signature, ""), signedcode.ErrForm},
		"a second code":       {replace("<verificationCode:code", `<verificationCode:code type="domain">1-evil</verificationCode:code><verificationCode:code`), signedcode.ErrForm},
		"wrapped":             {`<x:signedCode xmlns:x="urn:ietf:params:xml:ns:verificationCode-1.0" id="evil"><x:code type="domain">1-evil<x:y>` + good + `</x:y></x:code>` + signature + `</x:signedCode>`, signedcode.ErrForm},
		"SHA-1":               {replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"), signedcode.ErrAlgorithm},
		"RSA-SHA1":            {replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"), signedcode.ErrAlgorithm},
		"HMAC":                {replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"), signedcode.ErrAlgorithm},
		"an XSLT transform":   {replace("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/TR/1999/REC-xslt-19991116"), signedcode.ErrAlgorithm},
		"comments signed":     {replace("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"), signedcode.ErrAlgorithm},
		"no certificate":      {replace("X509Data>", "KeyName>"), signedcode.ErrForm},
		"a DOCTYPE":           {`<!DOCTYPE a [<!ENTITY e "x">]>` + good, signedcode.ErrForm},
		"another namespace":   {strings.ReplaceAll(good, "verificationCode-1.0", "verificationCode-2.0"), signedcode.ErrForm},
		"not XML":             {"code", signedcode.ErrForm},
		"too long":            {good + strings.Repeat(" ", 64<<10), signedcode.ErrForm},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := a.verifier().Verify(base64.StdEncoding.EncodeToString([]byte(tt.document)))
			if !errors.Is(err, tt.want) {
				t.Errorf("%+v, %v, want %v", got, err, tt.want)
			}
		})
	}
	if _, err := a.verifier().Verify("%%%"); !errors.Is(err, signedcode.ErrForm) {
		t.Errorf("not base64: %v", err)
	}
}

// White space and comments between elements are not what was signed, and a
// comment inside the code does not change what is read.
func TestCommentCannotSplitACode(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	document, err := a.provider(t, 2).SignXML(code)
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.verifier().VerifyXML([]byte(strings.Replace(string(document), "1-abc111", "1-abc<!-- -->111", 1)))
	if err != nil || got != code {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUnusableSigners(t *testing.T) {
	t.Parallel()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := newAuthority(t, "VSP CA")
	if _, err := signedcode.NewSigner(curve, a.certificate); err == nil {
		t.Error("an elliptic key signs")
	}
	if _, err := signedcode.NewSigner(keys()[2], a.certificate); err == nil {
		t.Error("a key signs under another's certificate")
	}
	if _, err := signedcode.NewSigner(keys()[2]); err == nil {
		t.Error("a key signs without a certificate")
	}
	small := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}}
	if _, err := signedcode.NewSigner(small, a.certificate); err == nil {
		t.Error("a short key signs")
	}
	for _, c := range []signedcode.Code{{Type: "domain", Value: "abc"}, {Value: "1-abc"}, {Type: "domain", Value: "1-a b"}} {
		if _, err := a.provider(t, 2).Sign(c); err == nil {
			t.Errorf("%+v was signed", c)
		}
	}
}

func TestSchemaAcceptsASignedCode(t *testing.T) {
	t.Parallel()
	document, err := newAuthority(t, "VSP CA").provider(t, 2).SignXML(code)
	if err != nil {
		t.Fatal(err)
	}
	epptest.Validate(t, filepath.Join(filepath.Dir(written(t, document)), "*.xml"))
}

// FuzzVerify: nothing that was not signed is believed.
func FuzzVerify(f *testing.F) {
	a := newAuthority(f, "VSP CA")
	document, err := a.provider(f, 2).SignXML(code)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(document)
	f.Add([]byte(`<signedCode xmlns="urn:ietf:params:xml:ns:verificationCode-1.0" id="a"><code type="domain">1-a</code></signedCode>`))
	v := a.verifier()
	f.Fuzz(func(t *testing.T, document []byte) {
		if got, err := v.VerifyXML(document); err == nil && got != code {
			t.Fatalf("believed %+v\n%s", got, document)
		}
	})
}
