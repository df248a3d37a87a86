package cnnic_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

func reader[T epp.Extension](parse func(*wire.Element) (T, error)) func(*wire.Element) (epptest.Encode, error) {
	return func(e *wire.Element) (epptest.Encode, error) {
		v, err := parse(e)
		return v.AppendExtension, err
	}
}

func FuzzExtensions(f *testing.F) {
	epptest.Seeds(f, "command-contact-create", "command-contact-update", "command-domain-create", "command-domain-update", "answer-contact-info", "answer-domain-info")
	readers := map[string]func(*wire.Element) (epptest.Encode, error){
		"contact create":  reader(cnnic.ParseContactCreate),
		"contact update":  reader(cnnic.ParseContactUpdate),
		"contact infData": reader(cnnic.ParseContactInfo),
		"domain create":   reader(cnnic.ParseDomainCreate),
		"domain update":   reader(cnnic.ParseDomainUpdate),
		"domain infData":  reader(cnnic.ParseDomainInfo),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
