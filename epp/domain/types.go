package domain

import (
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Period is a span of registration. The zero value leaves it to the registry.
type Period struct {
	Value int
	Unit  string // "y" years, "m" months
}

// Years is a period of n years.
func Years(n int) Period { return Period{n, "y"} }

func (p Period) append(b []byte) []byte {
	if p.Value == 0 {
		return b
	}
	b = append(b, `<domain:period unit="`...)
	b = append(b, p.Unit...)
	b = append(b, '"', '>')
	b = wire.AppendInt(b, p.Value)
	return append(b, "</domain:period>"...)
}

func parsePeriod(e *wire.Element) (Period, error) {
	c := e.Child(NS, "period")
	if c == nil {
		return Period{}, nil
	}
	n, ok := wire.ParseInt(c.Value())
	unit := c.Attr("unit")
	if !ok || n < 1 || n > 99 || unit != "y" && unit != "m" {
		return Period{}, wire.Invalid("period", c.Value()+unit)
	}
	return Period{n, unit}, nil
}

// NameServers is a delegation: by host objects, or by host attributes, never
// both (RFC 5731 section 1.1).
type NameServers struct {
	Objects    []string   // names of host objects
	Attributes []HostAttr // names with their addresses
}

// IsZero reports whether there are none.
func (n NameServers) IsZero() bool { return len(n.Objects) == 0 && len(n.Attributes) == 0 }

// HostAttr is a name server given in the domain itself.
type HostAttr struct {
	Name      string
	Addresses []HostAddr
}

// HostAddr is an address of a name server.
type HostAddr struct {
	IP      string
	Version string // "v4" or "v6"
}

func (n NameServers) append(b []byte) []byte {
	if n.IsZero() {
		return b
	}
	b = append(b, "<domain:ns>"...)
	for _, name := range n.Objects {
		b = wire.AppendElement(b, "domain:hostObj", name)
	}
	for _, host := range n.Attributes {
		b = append(b, "<domain:hostAttr>"...)
		b = wire.AppendElement(b, "domain:hostName", host.Name)
		for _, addr := range host.Addresses {
			b = append(b, "<domain:hostAddr"...)
			b = wire.AppendAttr(b, "ip", addr.Version)
			b = append(b, '>')
			b = wire.AppendText(b, addr.IP)
			b = append(b, "</domain:hostAddr>"...)
		}
		b = append(b, "</domain:hostAttr>"...)
	}
	return append(b, "</domain:ns>"...)
}

func parseNameServers(e *wire.Element) (NameServers, error) {
	var n NameServers
	ns := e.Child(NS, "ns")
	if ns == nil {
		return n, nil
	}
	for _, c := range ns.Children {
		switch {
		case c.Is(NS, "hostObj"):
			n.Objects = append(n.Objects, c.Value())
		case c.Is(NS, "hostAttr"):
			host := HostAttr{Name: c.ChildText(NS, "hostName")}
			for _, a := range c.Children {
				if a.Is(NS, "hostAddr") {
					host.Addresses = append(host.Addresses, HostAddr{a.Value(), orV4(a.Attr("ip"))})
				}
			}
			n.Attributes = append(n.Attributes, host)
		}
	}
	if len(n.Objects) > 0 && len(n.Attributes) > 0 {
		return n, &wire.ValueError{Element: "hostAttr", Unexpected: true}
	}
	return n, nil
}

// orV4 is the schema's default for the ip attribute.
func orV4(version string) string {
	if version == "" {
		return "v4"
	}
	return version
}

// Contact is a contact in a role other than registrant.
type Contact struct {
	Type string // "admin", "billing" or "tech"
	ID   string
}

func appendContacts(b []byte, contacts []Contact) []byte {
	for _, c := range contacts {
		b = append(b, "<domain:contact"...)
		b = wire.AppendAttr(b, "type", c.Type)
		b = append(b, '>')
		b = wire.AppendText(b, c.ID)
		b = append(b, "</domain:contact>"...)
	}
	return b
}

func parseContacts(e *wire.Element) []Contact {
	var contacts []Contact
	for _, c := range e.Children {
		if c.Is(NS, "contact") {
			contacts = append(contacts, Contact{c.Attr("type"), c.Value()})
		}
	}
	return contacts
}

// Status is a status of a domain. The values are the constants of package epp.
type Status = epp.Status

// Statuses makes statuses without explanations.
func Statuses(values ...string) []Status { return epp.Statuses(values...) }
