package epptest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// imports lists the schemas of the driver: namespaces and files of EPP_XSD.
// The first ones come first because others import them without saying where.
var imports = [][2]string{
	{"urn:ietf:params:xml:ns:eppcom-1.0", "eppcom-1.0.xsd"},
	{"urn:ietf:params:xml:ns:epp-1.0", "epp-1.0.xsd"},
	{"urn:ietf:params:xml:ns:host-1.0", "host-1.0.xsd"},
	{"urn:ietf:params:xml:ns:domain-1.0", "domain-1.0.xsd"},
	{"urn:ietf:params:xml:ns:contact-1.0", "contact-1.0.xsd"},
	{"urn:ietf:params:xml:ns:changePoll-1.0", "changePoll-1.0.xsd"},
	{"http://www.w3.org/2000/09/xmldsig#", "xmldsig-core-schema.xsd"},
	{"urn:ietf:params:xml:ns:verificationCode-1.0", "verificationCode-1.0.xsd"},
	{"urn:ietf:params:xml:ns:cnnic-contact-1.0", "cnnic-contact-1.0.xsd"},
}

// cnnicDomain stands in for a schema that nobody outside CNNIC's registrars has.
const cnnicDomain = `<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:d="urn:ietf:params:xml:ns:cnnic-domain-1.0"
  targetNamespace="urn:ietf:params:xml:ns:cnnic-domain-1.0" elementFormDefault="qualified">
  <element name="create" type="d:fields"/><element name="infData" type="d:fields"/>
  <element name="update"><complexType><sequence><element name="chg" type="d:fields"/></sequence></complexType></element>
  <complexType name="fields"><sequence>
    <element name="type" type="token" minOccurs="0"/><element name="purveyor" type="token" minOccurs="0"/>
  </sequence></complexType>
</schema>`

// Validate checks documents against the EPP schemas in the folder that EPP_XSD
// names, with xmllint. The test is skipped if either is not there.
//
// The schemas of verificationCode and of CNNIC's extensions are reconstructions:
// they hold the frames to what is known of them, no more.
func Validate(t *testing.T, pattern string) {
	t.Helper()
	folder := os.Getenv("EPP_XSD")
	if folder == "" {
		t.Skip("EPP_XSD does not name a folder of schemas")
	}
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents match %s (%v)", pattern, err)
	}
	args := append([]string{"--noout", "--nonet", "--schema", driver(t, folder)}, files...)
	out, err := exec.Command(xmllint, args...).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

// driver writes a schema that imports all others.
func driver(t *testing.T, folder string) string {
	t.Helper()
	dir := t.TempDir()
	local := filepath.Join(dir, "cnnic-domain-1.0.xsd")
	if err := os.WriteFile(local, []byte(cnnicDomain), 0o644); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">`)
	for _, i := range imports {
		b.WriteString(`<import namespace="` + i[0] + `" schemaLocation="` + filepath.Join(folder, i[1]) + `"/>`)
	}
	b.WriteString(`<import namespace="urn:ietf:params:xml:ns:cnnic-domain-1.0" schemaLocation="` + local + `"/></schema>`)
	path := filepath.Join(dir, "driver.xsd")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
