package signedcode_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"time"

	"github.com/verinym/verinym/epp/signedcode"
)

// A provider signs a code; a registry that has pinned its certificate believes it.
func Example() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "VSP 1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}

	signer, err := signedcode.NewSigner(key, certificate)
	if err != nil {
		log.Fatal(err)
	}
	encoded, err := signer.Sign(signedcode.Code{Type: "real-name", Value: "1-abc222"})
	if err != nil {
		log.Fatal(err)
	}

	registry := signedcode.Verifier{Providers: []signedcode.Provider{
		{ID: "1", Issuers: []*x509.Certificate{certificate}, Types: []string{"domain", "real-name"}},
	}}
	code, err := registry.Verify(encoded)
	fmt.Println(code.Type, code.Value, err)
	// Output: real-name 1-abc222 <nil>
}
