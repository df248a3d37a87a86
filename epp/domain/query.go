package domain

import (
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Check asks whether names can be registered (RFC 5731 section 3.1.1). The
// answer is [CheckData].
type Check struct{ Names []string }

func (Check) Verb() epp.Verb { return epp.VerbCheck }

func (c Check) AppendBody(b []byte) []byte {
	b = append(b, "<check>"...)
	b = wire.AppendRoot(b, "domain", "check", NS)
	for _, name := range c.Names {
		b = wire.AppendElement(b, "domain:name", name)
	}
	return append(b, "</domain:check></check>"...)
}

// ParseCheck reads a domain:check element.
func ParseCheck(e *wire.Element) (Check, error) {
	if err := expect(e, "check"); err != nil {
		return Check{}, err
	}
	if err := wire.Sequence(e, NS, "name*"); err != nil {
		return Check{}, commandError(e, err)
	}
	c := Check{Names: parseNames(e, "name")}
	if len(c.Names) == 0 {
		return c, commandError(e, wire.Missing("name"))
	}
	return c, nil
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
	if err = expect(e, "info"); err != nil {
		return i, err
	}
	if err = wire.Sequence(e, NS, "name", "authInfo"); err != nil {
		return i, commandError(e, err)
	}
	if i.Name, err = wire.Require(e, NS, "name"); err != nil {
		return i, commandError(e, err)
	}
	i.Hosts = e.Child(NS, "name").Attr("hosts")
	if i.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return i, commandError(e, err)
	}
	return i, nil
}

func commandError(e *wire.Element, err error) error {
	return fmt.Errorf("domain:%s: %w", e.Local, err)
}
