package signedcode

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/verinym/verinym/epp/vcode"
)

// smallestKey is the least size of a key in bits.
const smallestKey = 2048

// Signer signs codes as a provider. It may be used by any number of goroutines.
type Signer struct {
	key   crypto.Signer
	chain [][]byte
}

// NewSigner takes an RSA key and its certificate, which is followed by those of
// its issuers but for the root, if there are any.
func NewSigner(key crypto.Signer, chain ...*x509.Certificate) (*Signer, error) {
	public, ok := key.Public().(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("signedcode: only RSA keys sign codes")
	}
	if bits := public.N.BitLen(); bits < smallestKey {
		return nil, fmt.Errorf("signedcode: key of %d bits, at least %d are needed", bits, smallestKey)
	}
	if len(chain) == 0 || !public.Equal(chain[0].PublicKey) {
		return nil, errors.New("signedcode: the first certificate is not the key's")
	}
	s := &Signer{key: key}
	for _, c := range chain {
		s.chain = append(s.chain, c.Raw)
	}
	return s, nil
}

// Sign signs a code and returns it in base64.
func (s *Signer) Sign(c Code) (string, error) {
	document, err := s.SignXML(c)
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(document), nil
}

// SignXML signs a code and returns the signedCode document.
func (s *Signer) SignXML(c Code) ([]byte, error) {
	if !c.Valid() {
		return nil, fmt.Errorf("signedcode: %q of type %q is not a code", c.Value, c.Type)
	}
	signing, err := dsig.NewSigningContext(s.key, s.chain)
	if err != nil {
		return nil, fmt.Errorf("signedcode: %w", err)
	}
	signing.IdAttribute = "id"
	signing.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := signing.SetSignatureMethod(dsig.RSASHA256SignatureMethod); err != nil {
		return nil, fmt.Errorf("signedcode: %w", err)
	}
	signed, err := signing.SignEnveloped(unsigned(c))
	if err != nil {
		return nil, fmt.Errorf("signedcode: %w", err)
	}
	document := etree.NewDocumentWithRoot(signed)
	document.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true, CanonicalEndTags: true}
	return document.WriteToBytes()
}

// unsigned is the document before it is signed.
func unsigned(c Code) *etree.Element {
	root := etree.NewElement("verificationCode:signedCode")
	root.CreateAttr("xmlns:verificationCode", vcode.NS)
	root.CreateAttr("id", "signedCode")
	code := root.CreateElement("verificationCode:code")
	code.CreateAttr("type", c.Type)
	code.SetText(c.Value)
	return root
}
