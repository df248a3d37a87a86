package cnnic

import (
	"fmt"

	"github.com/verinym/verinym/epp/wire"
)

// Domain is what CNNIC adds to a domain. Empty fields are left out.
type Domain struct {
	Type     string // Individual or Enterprise
	Purveyor string // the registrar's agent, 3 to 16 characters; demanded on create
}

// DomainCreate goes with domain.Create.
type DomainCreate Domain

// DomainUpdate goes with domain.Update; the fields can be changed only.
type DomainUpdate struct{ Chg Domain }

// DomainInfo comes with domain.InfoData.
type DomainInfo Domain

func (DomainCreate) Namespace() string { return NSDomain }
func (DomainUpdate) Namespace() string { return NSDomain }
func (DomainInfo) Namespace() string   { return NSDomain }

func (d DomainCreate) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "cnnic-domain", "create", NSDomain)
	b = Domain(d).append(b)
	return append(b, "</cnnic-domain:create>"...)
}

func (u DomainUpdate) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "cnnic-domain", "update", NSDomain)
	b = append(b, "<cnnic-domain:chg>"...)
	b = u.Chg.append(b)
	return append(b, "</cnnic-domain:chg></cnnic-domain:update>"...)
}

func (d DomainInfo) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "cnnic-domain", "infData", NSDomain)
	b = Domain(d).append(b)
	return append(b, "</cnnic-domain:infData>"...)
}

func (d Domain) append(b []byte) []byte {
	b = wire.AppendOptional(b, "cnnic-domain:type", d.Type)
	return wire.AppendOptional(b, "cnnic-domain:purveyor", d.Purveyor)
}

// ParseDomainCreate reads a cnnic-domain:create element.
func ParseDomainCreate(e *wire.Element) (DomainCreate, error) {
	d, err := parseDomain(e, "create")
	return DomainCreate(d), err
}

// ParseDomainInfo reads a cnnic-domain:infData element.
func ParseDomainInfo(e *wire.Element) (DomainInfo, error) {
	d, err := parseDomain(e, "infData")
	return DomainInfo(d), err
}

// ParseDomainUpdate reads a cnnic-domain:update element.
func ParseDomainUpdate(e *wire.Element) (u DomainUpdate, err error) {
	if err = expect(e, NSDomain, "update"); err != nil {
		return u, err
	}
	if err = wire.Sequence(e, NSDomain, "chg"); err != nil {
		return u, fmt.Errorf("cnnic-domain:update: %w", err)
	}
	u.Chg, err = parseDomain(e.Child(NSDomain, "chg"), "chg")
	return u, err
}

func parseDomain(e *wire.Element, local string) (d Domain, err error) {
	if err = expect(e, NSDomain, local); err != nil {
		return d, err
	}
	if local != "infData" { // what a registry answers is read leniently
		if err = wire.Sequence(e, NSDomain, "type", "purveyor"); err != nil {
			return d, fmt.Errorf("cnnic-domain:%s: %w", local, err)
		}
	}
	return Domain{e.ChildText(NSDomain, "type"), e.ChildText(NSDomain, "purveyor")}, nil
}
