package cnnic_test

import (
	"testing"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/internal/epptest"
)

func FuzzExtensions(f *testing.F) {
	epptest.Seeds(f, "command-contact-create", "command-contact-update", "command-domain-create", "command-domain-update", "answer-contact-info", "answer-domain-info", "command-registry-create", "answer-registry-info")
	readers := epptest.Readers{
		"contact create":   epptest.ExtensionReader(cnnic.ParseContactCreate),
		"contact update":   epptest.ExtensionReader(cnnic.ParseContactUpdate),
		"contact infData":  epptest.ExtensionReader(cnnic.ParseContactInfo),
		"domain create":    epptest.ExtensionReader(cnnic.ParseDomainCreate),
		"domain update":    epptest.ExtensionReader(cnnic.ParseDomainUpdate),
		"domain infData":   epptest.ExtensionReader(cnnic.ParseDomainInfo),
		"registry create":  epptest.ExtensionReader(cnnic.ParseRegistryCreate),
		"registry infData": epptest.ExtensionReader(cnnic.ParseRegistryInfo),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
