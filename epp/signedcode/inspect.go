package signedcode

import (
	"crypto/x509"
	"fmt"
	"slices"

	dsig "github.com/russellhaering/goxmldsig"

	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

const (
	algorithmExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	algorithmEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
	algorithmRSASHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	algorithmSHA256    = "http://www.w3.org/2001/04/xmlenc#sha256"
)

// inspect holds a document to the one shape that a signed code may have, before
// anything of it is believed, and returns the certificates in it.
func inspect(root *wire.Element) ([]*x509.Certificate, error) {
	if !root.Is(vcode.NS, "signedCode") || !has(root, vcode.NS, "code", dsig.Namespace, "Signature") {
		return nil, fmt.Errorf("%w: not a signedCode with a code and a signature", ErrForm)
	}
	id := root.Attr("id")
	if id == "" || len(root.Attrs) != 1 || len(root.Children[0].Children) > 0 {
		return nil, fmt.Errorf("%w: not a signedCode with an id", ErrForm)
	}
	signature := root.Children[1]
	if !has(signature, dsig.Namespace, "SignedInfo", dsig.Namespace, "SignatureValue", dsig.Namespace, "KeyInfo") {
		return nil, fmt.Errorf("%w: signature of another shape", ErrForm)
	}
	if err := inspectSignedInfo(signature.Children[0], id); err != nil {
		return nil, err
	}
	return certificates(signature.Children[2])
}

// inspectSignedInfo demands one reference, to the element with the id.
func inspectSignedInfo(info *wire.Element, id string) error {
	if !has(info, dsig.Namespace, "CanonicalizationMethod", dsig.Namespace, "SignatureMethod", dsig.Namespace, "Reference") {
		return fmt.Errorf("%w: not exactly one reference", ErrForm)
	}
	reference := info.Children[2]
	if !has(reference, dsig.Namespace, "Transforms", dsig.Namespace, "DigestMethod", dsig.Namespace, "DigestValue") || reference.Attr("URI") != "#"+id {
		return fmt.Errorf("%w: the reference is not to the document", ErrForm)
	}
	var transforms []string
	for _, t := range reference.Children[0].Children {
		if !t.Is(dsig.Namespace, "Transform") || len(t.Children) > 0 {
			return fmt.Errorf("%w: transform of another shape", ErrForm)
		}
		transforms = append(transforms, t.Attr("Algorithm"))
	}
	switch {
	case info.Children[0].Attr("Algorithm") != algorithmExclusive || len(info.Children[0].Children) > 0,
		info.Children[1].Attr("Algorithm") != algorithmRSASHA256 || len(info.Children[1].Children) > 0,
		reference.Children[1].Attr("Algorithm") != algorithmSHA256,
		!slices.Equal(transforms, []string{algorithmEnveloped, algorithmExclusive}):
		return fmt.Errorf("%w: RSA-SHA256 over the exclusively canonicalised document is wanted", ErrAlgorithm)
	}
	return nil
}

// has reports whether an element has exactly these children: namespace and name
// of each, in order.
func has(e *wire.Element, names ...string) bool {
	if len(e.Children) != len(names)/2 {
		return false
	}
	for i, c := range e.Children {
		if !c.Is(names[2*i], names[2*i+1]) {
			return false
		}
	}
	return true
}
