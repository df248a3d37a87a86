package contact

import (
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Create registers a contact (RFC 5733 section 3.2.1). The answer is
// [CreateData].
type Create struct {
	ID       string // 3 to 16 characters
	Postal   []PostalInfo
	Voice    Phone
	Fax      Phone
	Email    string
	AuthInfo *epp.AuthInfo // nil is an empty password
	Disclose *Disclose
}

func (Create) Verb() epp.Verb { return epp.VerbCreate }

func (c Create) AppendBody(b []byte) []byte {
	b = append(b, "<create>"...)
	b = wire.AppendRoot(b, "contact", "create", NS)
	b = wire.AppendElement(b, "contact:id", c.ID)
	for _, p := range c.Postal {
		b = p.append(b)
	}
	b = c.Voice.append(b, "contact:voice")
	b = c.Fax.append(b, "contact:fax")
	b = wire.AppendElement(b, "contact:email", c.Email)
	b = epp.AppendAuthInfo(b, "contact", c.AuthInfo)
	b = c.Disclose.append(b)
	return append(b, "</contact:create></create>"...)
}

// ParseCreate reads a contact:create element.
func ParseCreate(e *wire.Element) (c Create, err error) {
	if err = contacts.Expect(e, "create"); err != nil {
		return c, err
	}
	if err = wire.Sequence(e, NS, "id", "postalInfo*", "voice", "fax", "email", "authInfo", "disclose"); err != nil {
		return c, contacts.Fail(e, err)
	}
	if c.ID, err = wire.Require(e, NS, "id"); err != nil {
		return c, contacts.Fail(e, err)
	}
	if c.Postal = parsePostalInfos(e); len(c.Postal) == 0 {
		return c, contacts.Fail(e, wire.Missing("postalInfo"))
	}
	if c.Email, err = wire.Require(e, NS, "email"); err != nil {
		return c, contacts.Fail(e, err)
	}
	if c.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return c, contacts.Fail(e, err)
	}
	if c.AuthInfo == nil {
		return c, contacts.Fail(e, wire.Missing("authInfo"))
	}
	if c.Disclose, err = parseDisclose(e); err != nil {
		return c, contacts.Fail(e, err)
	}
	c.Voice, c.Fax = parsePhone(e, "voice"), parsePhone(e, "fax")
	return c, nil
}

// Delete removes a contact that no object uses (RFC 5733 section 3.2.2).
type Delete struct{ ID string }

func (Delete) Verb() epp.Verb { return epp.VerbDelete }

func (d Delete) AppendBody(b []byte) []byte { return contacts.AppendNamed(b, epp.VerbDelete, d.ID) }

// ParseDelete reads a contact:delete element.
func ParseDelete(e *wire.Element) (Delete, error) {
	id, err := contacts.ParseNamed(e, epp.VerbDelete)
	return Delete{id}, err
}

// Transfer moves a contact between registrars, or asks how that stands (RFC 5733
// sections 3.1.3 and 3.2.4). The answer is [TransferData].
type Transfer struct {
	Op       string // one of the epp.TransferOp constants
	ID       string
	AuthInfo *epp.AuthInfo
}

func (Transfer) Verb() epp.Verb { return epp.VerbTransfer }

// Query reports whether the command only asks.
func (t Transfer) Query() bool { return t.Op == epp.TransferOpQuery }

func (t Transfer) AppendBody(b []byte) []byte {
	b = append(b, "<transfer"...)
	b = wire.AppendAttr(b, "op", t.Op)
	b = append(b, '>')
	b = contacts.Begin(b, "transfer")
	b = wire.AppendElement(b, "contact:id", t.ID)
	if t.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "contact", t.AuthInfo)
	}
	return append(b, "</contact:transfer></transfer>"...)
}

// ParseTransfer reads a contact:transfer element; op is the attribute of the
// <transfer> around it.
func ParseTransfer(e *wire.Element, op string) (t Transfer, err error) {
	if err = contacts.Command(e, "transfer", "id", "authInfo"); err != nil {
		return t, err
	}
	t.Op = op
	if t.ID, err = contacts.Required(e, "id"); err != nil {
		return t, err
	}
	if t.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return t, contacts.Fail(e, err)
	}
	return t, nil
}

// Update changes a contact (RFC 5733 section 3.2.5).
type Update struct {
	ID  string
	Add []Status // client* only; see [Statuses]
	Rem []Status
	Chg Change
}

// Change is what an update replaces. Nil and empty fields are left as they are.
type Change struct {
	Postal   []PostalChange
	Voice    *Phone // pointing to a zero Phone removes it
	Fax      *Phone
	Email    string
	AuthInfo *epp.AuthInfo
	Disclose *Disclose
}

// PostalChange replaces parts of the postal information of one type.
type PostalChange struct {
	Type string  // Int or Loc
	Name string  // "" leaves it
	Org  *string // pointing to "" removes it
	Addr *Address
}

// IsZero reports whether there is nothing in it.
func (c Change) IsZero() bool {
	return len(c.Postal) == 0 && c.Voice == nil && c.Fax == nil && c.Email == "" && c.AuthInfo == nil && c.Disclose == nil
}

func (Update) Verb() epp.Verb { return epp.VerbUpdate }

func (u Update) AppendBody(b []byte) []byte {
	b = append(b, "<update>"...)
	b = wire.AppendRoot(b, "contact", "update", NS)
	b = wire.AppendElement(b, "contact:id", u.ID)
	if len(u.Add) > 0 {
		b = append(b, "<contact:add>"...)
		b = epp.AppendStatuses(b, "contact:status", u.Add)
		b = append(b, "</contact:add>"...)
	}
	if len(u.Rem) > 0 {
		b = append(b, "<contact:rem>"...)
		b = epp.AppendStatuses(b, "contact:status", u.Rem)
		b = append(b, "</contact:rem>"...)
	}
	b = u.Chg.append(b)
	return append(b, "</contact:update></update>"...)
}

func (c Change) append(b []byte) []byte {
	if c.IsZero() {
		return b
	}
	b = append(b, "<contact:chg>"...)
	for _, p := range c.Postal {
		b = p.append(b)
	}
	b = appendPhoneChange(b, "contact:voice", c.Voice)
	b = appendPhoneChange(b, "contact:fax", c.Fax)
	b = wire.AppendOptional(b, "contact:email", c.Email)
	if c.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "contact", c.AuthInfo)
	}
	b = c.Disclose.append(b)
	return append(b, "</contact:chg>"...)
}

func appendPhoneChange(b []byte, tag string, p *Phone) []byte {
	switch {
	case p == nil:
		return b
	case *p == Phone{}:
		return wire.AppendEmpty(b, tag)
	}
	return p.append(b, tag)
}

func (p PostalChange) append(b []byte) []byte {
	b = append(b, "<contact:postalInfo"...)
	b = wire.AppendAttr(b, "type", p.Type)
	b = append(b, '>')
	b = wire.AppendOptional(b, "contact:name", p.Name)
	if p.Org != nil {
		b = wire.AppendElement(b, "contact:org", *p.Org)
	}
	if p.Addr != nil {
		b = p.Addr.append(b)
	}
	return append(b, "</contact:postalInfo>"...)
}

// ParseUpdate reads a contact:update element.
func ParseUpdate(e *wire.Element) (u Update, err error) {
	if err = contacts.Expect(e, "update"); err != nil {
		return u, err
	}
	if err = wire.Sequence(e, NS, "id", "add", "rem", "chg"); err != nil {
		return u, contacts.Fail(e, err)
	}
	if u.ID, err = wire.Require(e, NS, "id"); err != nil {
		return u, contacts.Fail(e, err)
	}
	u.Add = epp.ParseStatuses(e.Child(NS, "add"), NS, "status")
	u.Rem = epp.ParseStatuses(e.Child(NS, "rem"), NS, "status")
	if u.Chg, err = parseChange(e.Child(NS, "chg")); err != nil {
		return u, contacts.Fail(e, err)
	}
	return u, nil
}

func parseChange(e *wire.Element) (c Change, err error) {
	if e == nil {
		return c, nil
	}
	if err = wire.Sequence(e, NS, "postalInfo*", "voice", "fax", "email", "authInfo", "disclose"); err != nil {
		return c, err
	}
	for _, p := range e.Children {
		if p.Is(NS, "postalInfo") {
			c.Postal = append(c.Postal, parsePostalChange(p))
		}
	}
	if e.Child(NS, "voice") != nil {
		voice := parsePhone(e, "voice")
		c.Voice = &voice
	}
	if e.Child(NS, "fax") != nil {
		fax := parsePhone(e, "fax")
		c.Fax = &fax
	}
	c.Email = e.ChildText(NS, "email")
	if c.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return c, err
	}
	c.Disclose, err = parseDisclose(e)
	return c, err
}

func parsePostalChange(e *wire.Element) PostalChange {
	p := PostalChange{Type: e.Attr("type"), Name: e.ChildText(NS, "name")}
	if org := e.Child(NS, "org"); org != nil {
		v := org.Value()
		p.Org = &v
	}
	if addr := e.Child(NS, "addr"); addr != nil {
		a := parseAddress(addr)
		p.Addr = &a
	}
	return p
}
