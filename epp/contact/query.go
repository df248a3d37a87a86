package contact

import (
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Check asks whether identifiers are free (RFC 5733 section 3.1.1). The answer is
// [CheckData].
type Check struct{ IDs []string }

func (Check) Verb() epp.Verb { return epp.VerbCheck }

func (c Check) AppendBody(b []byte) []byte { return contacts.AppendNamed(b, epp.VerbCheck, c.IDs...) }

// ParseCheck reads a contact:check element.
func ParseCheck(e *wire.Element) (Check, error) {
	ids, err := contacts.ParseKeys(e)
	return Check{ids}, err
}

// Info asks for all that the registry knows of a contact (RFC 5733 section
// 3.1.2). The answer is [InfoData].
type Info struct {
	ID       string
	AuthInfo *epp.AuthInfo // to see another registrar's contact in full
}

func (Info) Verb() epp.Verb { return epp.VerbInfo }

func (i Info) AppendBody(b []byte) []byte {
	b = append(b, "<info>"...)
	b = wire.AppendRoot(b, "contact", "info", NS)
	b = wire.AppendElement(b, "contact:id", i.ID)
	if i.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "contact", i.AuthInfo)
	}
	return append(b, "</contact:info></info>"...)
}

// ParseInfo reads a contact:info element.
func ParseInfo(e *wire.Element) (i Info, err error) {
	if err = contacts.Expect(e, "info"); err != nil {
		return i, err
	}
	if err = wire.Sequence(e, NS, "id", "authInfo"); err != nil {
		return i, contacts.Fail(e, err)
	}
	if i.ID, err = wire.Require(e, NS, "id"); err != nil {
		return i, contacts.Fail(e, err)
	}
	if i.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return i, contacts.Fail(e, err)
	}
	return i, nil
}
