package cnnic

import (
	"fmt"

	"github.com/verinym/verinym/epp/wire"
)

// Contact is who a contact is: the fields that CNNIC adds to create, update and
// the answer to info. Empty fields are left out.
type Contact struct {
	Type     string // Individual or Enterprise
	IDType   string // kind of identity document, such as SFZ
	IDNumber string // 1 to 20 characters
	Purveyor string // the registrar's agent, 3 to 16 characters
	Mobile   string
}

// IsZero reports whether there is nothing in it.
func (c Contact) IsZero() bool { return c == Contact{} }

// ContactCreate goes with contact.Create.
type ContactCreate Contact

// ContactUpdate goes with contact.Update. Empty parts are left out.
type ContactUpdate struct{ Add, Rem, Chg Contact }

// ContactInfo comes with contact.InfoData.
type ContactInfo Contact

func (ContactCreate) Namespace() string { return NSContact }
func (ContactUpdate) Namespace() string { return NSContact }
func (ContactInfo) Namespace() string   { return NSContact }

func (c ContactCreate) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "cnnic-contact", "create", NSContact)
	b = Contact(c).append(b)
	return append(b, "</cnnic-contact:create>"...)
}

func (u ContactUpdate) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "cnnic-contact", "update", NSContact)
	b = u.Add.appendIn(b, "cnnic-contact:add")
	b = u.Rem.appendIn(b, "cnnic-contact:rem")
	b = u.Chg.appendIn(b, "cnnic-contact:chg")
	return append(b, "</cnnic-contact:update>"...)
}

func (c ContactInfo) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "cnnic-contact", "infData", NSContact)
	b = Contact(c).append(b)
	return append(b, "</cnnic-contact:infData>"...)
}

func (c Contact) appendIn(b []byte, tag string) []byte {
	if c.IsZero() {
		return b
	}
	b = wire.AppendStart(b, tag)
	b = c.append(b)
	return wire.AppendEnd(b, tag)
}

func (c Contact) append(b []byte) []byte {
	b = wire.AppendOptional(b, "cnnic-contact:type", c.Type)
	if c.IDType != "" || c.IDNumber != "" {
		b = append(b, "<cnnic-contact:contact"...)
		b = wire.AppendAttr(b, "type", c.IDType)
		b = append(b, '>')
		b = wire.AppendText(b, c.IDNumber)
		b = append(b, "</cnnic-contact:contact>"...)
	}
	b = wire.AppendOptional(b, "cnnic-contact:purveyor", c.Purveyor)
	return wire.AppendOptional(b, "cnnic-contact:mobile", c.Mobile)
}

// ParseContactCreate reads a cnnic-contact:create element.
func ParseContactCreate(e *wire.Element) (ContactCreate, error) {
	c, err := parseContact(e, "create")
	return ContactCreate(c), err
}

// ParseContactInfo reads a cnnic-contact:infData element.
func ParseContactInfo(e *wire.Element) (ContactInfo, error) {
	c, err := parseContact(e, "infData")
	return ContactInfo(c), err
}

// ParseContactUpdate reads a cnnic-contact:update element.
func ParseContactUpdate(e *wire.Element) (u ContactUpdate, err error) {
	if err = expect(e, NSContact, "update"); err != nil {
		return u, err
	}
	if err = wire.Sequence(e, NSContact, "add", "rem", "chg"); err != nil {
		return u, fmt.Errorf("cnnic-contact:update: %w", err)
	}
	for local, into := range map[string]*Contact{"add": &u.Add, "rem": &u.Rem, "chg": &u.Chg} {
		part := e.Child(NSContact, local)
		if part == nil {
			continue
		}
		if *into, err = parseContact(part, local); err != nil {
			return u, err
		}
	}
	return u, nil
}

func parseContact(e *wire.Element, local string) (c Contact, err error) {
	if err = expect(e, NSContact, local); err != nil {
		return c, err
	}
	if local != "infData" { // what a registry answers is read leniently
		if err = wire.Sequence(e, NSContact, "type", "contact", "purveyor", "mobile"); err != nil {
			return c, fmt.Errorf("cnnic-contact:%s: %w", local, err)
		}
	}
	return Contact{
		Type:     e.ChildText(NSContact, "type"),
		IDType:   e.Child(NSContact, "contact").Attr("type"),
		IDNumber: e.ChildText(NSContact, "contact"),
		Purveyor: e.ChildText(NSContact, "purveyor"),
		Mobile:   e.ChildText(NSContact, "mobile"),
	}, nil
}

// expect guards the Parse functions against an element that is not there, or is
// another one.
func expect(e *wire.Element, space, local string) error {
	if e == nil {
		return fmt.Errorf("cnnic: %w", wire.Missing(local))
	}
	if !e.Is(space, local) {
		return fmt.Errorf("cnnic: %w", &wire.ValueError{Element: e.Local, Unexpected: true})
	}
	return nil
}
