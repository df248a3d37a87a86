package epptest

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	if !CanLint() {
		t.Skip("EPP_XSD does not name a folder of schemas, or xmllint is not installed")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents match %s (%v)", pattern, err)
	}
	if err := Lint(t.TempDir(), files); err != nil {
		t.Error(err)
	}
}

// CanLint reports whether [Lint] has what it needs.
func CanLint() bool {
	_, err := exec.LookPath("xmllint")
	return err == nil && os.Getenv("EPP_XSD") != ""
}

// Lint checks documents with xmllint. It puts schemas into dir.
func Lint(dir string, files []string) error {
	driver, err := writeDriver(dir, os.Getenv("EPP_XSD"))
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(files, 500) {
		args := append([]string{"--noout", "--nonet", "--schema", driver}, chunk...)
		if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("xmllint: %w\n%s", err, complaints(string(out)))
		}
	}
	return nil
}

// complaints leaves out the documents that validate.
func complaints(out string) string {
	lines := slices.DeleteFunc(strings.Split(out, "\n"), func(l string) bool { return strings.HasSuffix(l, " validates") })
	return strings.Join(lines[:min(len(lines), 40)], "\n")
}

// writeDriver writes a schema that imports all others.
func writeDriver(dir, folder string) (string, error) {
	var b strings.Builder
	b.WriteString(`<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">`)
	for _, schema := range schemas {
		path := filepath.Join(folder, schema[1])
		if _, err := os.Stat(path); err != nil {
			content, err := ours.ReadFile("schemas/" + schema[1])
			if err != nil {
				return "", fmt.Errorf("EPP_XSD has no %s", schema[1])
			}
			path = filepath.Join(dir, schema[1])
			if err := os.WriteFile(path, content, 0o600); err != nil {
				return "", err
			}
		}
		b.WriteString(`<import namespace="` + schema[0] + `" schemaLocation="` + path + `"/>`)
	}
	b.WriteString(`</schema>`)
	path := filepath.Join(dir, "driver.xsd")
	return path, os.WriteFile(path, []byte(b.String()), 0o600)
}
