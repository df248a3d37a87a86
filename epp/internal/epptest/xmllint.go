package epptest

import (
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// schemas lists namespaces and the names of their schemas in the folder of
// EPP_XSD. The first ones come first because others import them without saying
// where. A schema that the folder does not have is taken from ours, which are
// written from descriptions and hold frames to what is known of them, no more.
var schemas = [][2]string{
	{"urn:ietf:params:xml:ns:eppcom-1.0", "eppcom-1.0.xsd"},
	{"urn:ietf:params:xml:ns:epp-1.0", "epp-1.0.xsd"},
	{"urn:ietf:params:xml:ns:host-1.0", "host-1.0.xsd"},
	{"urn:ietf:params:xml:ns:domain-1.0", "domain-1.0.xsd"},
	{"urn:ietf:params:xml:ns:contact-1.0", "contact-1.0.xsd"},
	{"urn:ietf:params:xml:ns:changePoll-1.0", "changePoll-1.0.xsd"},
	{"urn:ietf:params:xml:ns:rgp-1.0", "rgp-1.0.xsd"},
	{"http://www.verisign.com/epp/rgp-poll-1.0", "rgp-poll-1.0.xsd"},
	{"urn:ietf:params:xml:ns:secDNS-1.1", "secDNS-1.1.xsd"},
	{"urn:ietf:params:xml:ns:epp:fee-1.0", "fee-1.0.xsd"},
	{"urn:ietf:params:xml:ns:epp:loginSec-1.0", "loginSec-1.0.xsd"},
	{"http://www.w3.org/2000/09/xmldsig#", "xmldsig-core-schema.xsd"},
	{"urn:ietf:params:xml:ns:verificationCode-1.0", "verificationCode-1.0.xsd"},
	{"urn:ietf:params:xml:ns:nv-1.0", "nv-1.0.xsd"},
	{"urn:ietf:params:xml:ns:cnnic-contact-1.0", "cnnic-contact-1.0.xsd"},
	{"urn:ietf:params:xml:ns:cnnic-domain-1.0", "cnnic-domain-1.0.xsd"},
	{"urn:ietf:params:xml:ns:cnnic-registry-1.0", "cnnic-registry-1.0.xsd"},
}

//go:embed schemas/*.xsd
var ours embed.FS

// Validate checks documents against the EPP schemas in the folder that EPP_XSD
// names, with xmllint. The test is skipped if either is not there.
//
// The schemas of verificationCode, nv and CNNIC's extensions are reconstructions
// wherever they come from: that they accept a frame proves nothing alone.
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
	var b strings.Builder
	b.WriteString(`<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">`)
	for _, schema := range schemas {
		path := filepath.Join(folder, schema[1])
		if _, err := os.Stat(path); err != nil {
			path = write(t, filepath.Join(dir, schema[1]), own(t, schema[1]))
		}
		b.WriteString(`<import namespace="` + schema[0] + `" schemaLocation="` + path + `"/>`)
	}
	b.WriteString(`</schema>`)
	return write(t, filepath.Join(dir, "driver.xsd"), []byte(b.String()))
}

func own(t *testing.T, name string) []byte {
	t.Helper()
	content, err := ours.ReadFile("schemas/" + name)
	if err != nil {
		t.Fatalf("EPP_XSD has no %s", name)
	}
	return content
}

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
