package contact

import (
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// The two kinds of postal information (RFC 5733 section 2.5).
const (
	Int = "int" // internationalised: ASCII
	Loc = "loc" // localised: UTF-8
)

// PostalInfo is a name with its address.
type PostalInfo struct {
	Type string // Int or Loc
	Name string // of the person
	Org  string // of the organisation, if there is one
	Addr Address
}

// Address is a postal address.
type Address struct {
	Street []string // at most 3 lines
	City   string
	SP     string // state or province
	PC     string // postal code
	CC     string // country, ISO 3166-1 alpha-2
}

func (p PostalInfo) append(b []byte) []byte {
	b = append(b, "<contact:postalInfo"...)
	b = wire.AppendAttr(b, "type", p.Type)
	b = append(b, '>')
	b = wire.AppendElement(b, "contact:name", p.Name)
	b = wire.AppendOptional(b, "contact:org", p.Org)
	b = p.Addr.append(b)
	return append(b, "</contact:postalInfo>"...)
}

func (a Address) append(b []byte) []byte {
	b = append(b, "<contact:addr>"...)
	for _, line := range a.Street {
		b = wire.AppendElement(b, "contact:street", line)
	}
	b = wire.AppendElement(b, "contact:city", a.City)
	b = wire.AppendOptional(b, "contact:sp", a.SP)
	b = wire.AppendOptional(b, "contact:pc", a.PC)
	b = wire.AppendElement(b, "contact:cc", a.CC)
	return append(b, "</contact:addr>"...)
}

func parsePostalInfos(e *wire.Element) []PostalInfo {
	var list []PostalInfo
	for _, c := range e.Children {
		if c.Is(NS, "postalInfo") {
			list = append(list, PostalInfo{
				Type: c.Attr("type"),
				Name: c.ChildText(NS, "name"),
				Org:  c.ChildText(NS, "org"),
				Addr: parseAddress(c.Child(NS, "addr")),
			})
		}
	}
	return list
}

func parseAddress(e *wire.Element) Address {
	if e == nil {
		return Address{}
	}
	a := Address{
		City: e.ChildText(NS, "city"),
		SP:   e.ChildText(NS, "sp"),
		PC:   e.ChildText(NS, "pc"),
		CC:   e.ChildText(NS, "cc"),
	}
	for _, c := range e.Children {
		if c.Is(NS, "street") {
			a.Street = append(a.Street, c.Value())
		}
	}
	return a
}

// Phone is a telephone number, "+86.1058813000", with an extension.
type Phone struct {
	Number    string
	Extension string
}

func (p Phone) append(b []byte, tag string) []byte {
	if p == (Phone{}) {
		return b
	}
	b = append(b, '<')
	b = append(b, tag...)
	if p.Extension != "" {
		b = wire.AppendAttr(b, "x", p.Extension)
	}
	b = append(b, '>')
	b = wire.AppendText(b, p.Number)
	return wire.AppendEnd(b, tag)
}

func parsePhone(e *wire.Element, local string) Phone {
	c := e.Child(NS, local)
	return Phone{c.Value(), c.Attr("x")}
}

// Status is a status of a contact. The values are the constants of package epp.
type Status = epp.Status

// Statuses makes statuses without explanations.
func Statuses(values ...string) []Status { return epp.Statuses(values...) }

// Disclose is a wish about publishing data (RFC 5733 section 2.9): Flag says
// whether the elements named may be disclosed, or may not.
type Disclose struct {
	Flag  bool
	Name  []string // Int, Loc or both
	Org   []string
	Addr  []string
	Voice bool
	Fax   bool
	Email bool
}

func (d *Disclose) append(b []byte) []byte {
	if d == nil {
		return b
	}
	b = append(b, `<contact:disclose flag="`...)
	b = wire.AppendBool(b, d.Flag)
	b = append(b, '"', '>')
	for _, part := range []struct {
		tag   string
		types []string
	}{{"contact:name", d.Name}, {"contact:org", d.Org}, {"contact:addr", d.Addr}} {
		for _, t := range part.types {
			b = append(b, '<')
			b = append(b, part.tag...)
			b = wire.AppendAttr(b, "type", t)
			b = append(b, '/', '>')
		}
	}
	for _, part := range []struct {
		tag string
		set bool
	}{{"contact:voice", d.Voice}, {"contact:fax", d.Fax}, {"contact:email", d.Email}} {
		if part.set {
			b = wire.AppendEmpty(b, part.tag)
		}
	}
	return append(b, "</contact:disclose>"...)
}

func parseDisclose(e *wire.Element) (*Disclose, error) {
	c := e.Child(NS, "disclose")
	if c == nil {
		return nil, nil
	}
	flag, ok := wire.ParseBool(c.Attr("flag"))
	if !ok {
		return nil, wire.Invalid("flag", c.Attr("flag"))
	}
	d := &Disclose{Flag: flag}
	for _, part := range c.Children {
		switch part.Local {
		case "name":
			d.Name = append(d.Name, part.Attr("type"))
		case "org":
			d.Org = append(d.Org, part.Attr("type"))
		case "addr":
			d.Addr = append(d.Addr, part.Attr("type"))
		case "voice":
			d.Voice = true
		case "fax":
			d.Fax = true
		case "email":
			d.Email = true
		}
	}
	return d, nil
}
