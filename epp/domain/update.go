package domain

import (
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Update changes a domain (RFC 5731 section 3.2.5). An update of nothing is
// allowed if the command has an extension that says what to do.
type Update struct {
	Name string
	Add  AddRem
	Rem  AddRem
	Chg  Change
}

// AddRem is what an update adds or removes.
type AddRem struct {
	NS       NameServers
	Contacts []Contact
	Statuses []Status // client* only; see [Statuses]
}

// IsZero reports whether there is nothing in it.
func (a AddRem) IsZero() bool {
	return a.NS.IsZero() && len(a.Contacts) == 0 && len(a.Statuses) == 0
}

// Change is what an update replaces.
type Change struct {
	Registrant       string        // "" leaves it
	RemoveRegistrant bool          // sends an empty registrant
	AuthInfo         *epp.AuthInfo // nil leaves it
	RemoveAuthInfo   bool          // sends <null/>: nobody can transfer the domain
}

// IsZero reports whether there is nothing in it.
func (c Change) IsZero() bool { return c == Change{} }

func (Update) Verb() epp.Verb { return epp.VerbUpdate }

func (u Update) AppendBody(b []byte) []byte {
	b = append(b, "<update>"...)
	b = wire.AppendRoot(b, "domain", "update", NS)
	b = wire.AppendElement(b, "domain:name", u.Name)
	b = u.Add.append(b, "domain:add")
	b = u.Rem.append(b, "domain:rem")
	b = u.Chg.append(b)
	return append(b, "</domain:update></update>"...)
}

func (a AddRem) append(b []byte, tag string) []byte {
	if a.IsZero() {
		return b
	}
	b = wire.AppendStart(b, tag)
	b = a.NS.append(b)
	b = appendContacts(b, a.Contacts)
	b = epp.AppendStatuses(b, "domain:status", a.Statuses)
	return wire.AppendEnd(b, tag)
}

func (c Change) append(b []byte) []byte {
	if c.IsZero() {
		return b
	}
	b = append(b, "<domain:chg>"...)
	if c.RemoveRegistrant {
		b = wire.AppendEmpty(b, "domain:registrant")
	} else {
		b = wire.AppendOptional(b, "domain:registrant", c.Registrant)
	}
	if c.RemoveAuthInfo {
		b = append(b, "<domain:authInfo><domain:null/></domain:authInfo>"...)
	} else if c.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "domain", c.AuthInfo)
	}
	return append(b, "</domain:chg>"...)
}

// ParseUpdate reads a domain:update element.
func ParseUpdate(e *wire.Element) (u Update, err error) {
	if err = domains.Expect(e, "update"); err != nil {
		return u, err
	}
	if err = wire.Sequence(e, NS, "name", "add", "rem", "chg"); err != nil {
		return u, domains.Fail(e, err)
	}
	if u.Name, err = wire.Require(e, NS, "name"); err != nil {
		return u, domains.Fail(e, err)
	}
	if u.Add, err = parseAddRem(e.Child(NS, "add")); err != nil {
		return u, domains.Fail(e, err)
	}
	if u.Rem, err = parseAddRem(e.Child(NS, "rem")); err != nil {
		return u, domains.Fail(e, err)
	}
	if u.Chg, err = parseChange(e.Child(NS, "chg")); err != nil {
		return u, domains.Fail(e, err)
	}
	return u, nil
}

func parseAddRem(e *wire.Element) (a AddRem, err error) {
	if e == nil {
		return a, nil
	}
	if err = wire.Sequence(e, NS, "ns", "contact*", "status*"); err != nil {
		return a, err
	}
	a.Contacts = parseContacts(e)
	a.Statuses = epp.ParseStatuses(e, NS, "status")
	a.NS, err = parseNameServers(e)
	return a, err
}

func parseChange(e *wire.Element) (c Change, err error) {
	if e == nil {
		return c, nil
	}
	if err = wire.Sequence(e, NS, "registrant", "authInfo"); err != nil {
		return c, err
	}
	if registrant := e.Child(NS, "registrant"); registrant != nil {
		c.Registrant = registrant.Value()
		c.RemoveRegistrant = c.Registrant == ""
	}
	if e.Child(NS, "authInfo").Child(NS, "null") != nil {
		c.RemoveAuthInfo = true
		return c, nil
	}
	c.AuthInfo, err = epp.ParseAuthInfo(e, NS)
	return c, err
}
