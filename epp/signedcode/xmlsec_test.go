package signedcode_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// written puts a document into a file of its own folder.
func written(t *testing.T, document []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "code.xml")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// xmlsec runs xmlsec1, an implementation with other authors.
func xmlsec(t *testing.T, args ...string) (string, error) {
	t.Helper()
	path, err := exec.LookPath("xmlsec1")
	if err != nil {
		t.Skip("xmlsec1 is not installed (Debian: xmlsec1)")
	}
	args = append([]string{args[0], "--id-attr:id", "urn:ietf:params:xml:ns:verificationCode-1.0:signedCode"}, args[1:]...)
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	return string(out), err
}

func TestXMLSecBelievesOurSignature(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	document, err := a.provider(t, 2).SignXML(code)
	if err != nil {
		t.Fatal(err)
	}
	ca := file(t, "ca.pem", &pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
	at := now.Format("2006-01-02 15:04:05")
	if out, err := xmlsec(t, "--verify", "--verification-time", at, "--trusted-pem", ca, written(t, document)); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	altered := strings.Replace(string(document), "1-abc111", "1-abc112", 1)
	if out, err := xmlsec(t, "--verify", "--verification-time", at, "--trusted-pem", ca, written(t, []byte(altered))); err == nil {
		t.Errorf("an altered code: %s", out)
	}
}

// template is a signature for xmlsec1 to fill in, with the line breaks and the
// prefixes of another author.
const template = `<?xml version="1.0" encoding="UTF-8"?>
<v:signedCode xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0" id="signedCode">
  <v:code type="real-name">1-xyz999</v:code>
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
    <SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
      <Reference URI="#signedCode">
        <Transforms>
          <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
          <Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
        </Transforms>
        <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
        <DigestValue/>
      </Reference>
    </SignedInfo>
    <SignatureValue/>
    <KeyInfo><X509Data/></KeyInfo>
  </Signature>
</v:signedCode>
`

func TestWeBelieveXMLSecsSignature(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "VSP CA")
	p := a.provider(t, 2)
	key := file(t, "key.pem", &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(p.key)})
	certificate := file(t, "cert.pem", &pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
	signed := filepath.Join(t.TempDir(), "signed.xml")
	if out, err := xmlsec(t, "--sign", "--output", signed, "--privkey-pem", key+","+certificate, written(t, []byte(template))); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	document, err := os.ReadFile(signed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.verifier().VerifyXML(document)
	if err != nil || got.Value != "1-xyz999" || got.Type != "real-name" {
		t.Errorf("%+v, %v\n%s", got, err, document)
	}
}
