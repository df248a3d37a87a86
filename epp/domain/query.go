package domain

import (
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Check asks whether names can be registered (RFC 5731 section 3.1.1). The
// answer is [CheckData].
type Check struct{ Names []string }

func (Check) Verb() epp.Verb { return epp.VerbCheck }

func (c Check) AppendBody(b []byte) []byte { return domains.AppendNamed(b, epp.VerbCheck, c.Names...) }

// ParseCheck reads a domain:check element.
func ParseCheck(e *wire.Element) (Check, error) {
	names, err := domains.ParseKeys(e)
	return Check{names}, err
}

// Info asks for all that the registry knows of a domain (RFC 5731 section
// 3.1.2). The answer is [InfoData].
type Info struct {
	Name     string
	Hosts    string        // "all" (also if empty), "del", "sub" or "none"
	AuthInfo *epp.AuthInfo // to see another registrar's domain in full
}

func (Info) Verb() epp.Verb { return epp.VerbInfo }

func (i Info) AppendBody(b []byte) []byte {
	b = append(b, "<info>"...)
	b = wire.AppendRoot(b, "domain", "info", NS)
	b = append(b, "<domain:name"...)
	if i.Hosts != "" {
		b = wire.AppendAttr(b, "hosts", i.Hosts)
	}
	b = append(b, '>')
	b = wire.AppendText(b, i.Name)
	b = append(b, "</domain:name>"...)
	if i.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "domain", i.AuthInfo)
	}
	return append(b, "</domain:info></info>"...)
}

// ParseInfo reads a domain:info element.
func ParseInfo(e *wire.Element) (i Info, err error) {
	if err = domains.Expect(e, "info"); err != nil {
		return i, err
	}
	if err = wire.Sequence(e, NS, "name", "authInfo"); err != nil {
		return i, domains.Fail(e, err)
	}
	if i.Name, err = wire.Require(e, NS, "name"); err != nil {
		return i, domains.Fail(e, err)
	}
	i.Hosts = e.Child(NS, "name").Attr("hosts")
	if i.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return i, domains.Fail(e, err)
	}
	return i, nil
}
