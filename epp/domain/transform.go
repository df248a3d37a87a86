package domain

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Create registers a domain (RFC 5731 section 3.2.1). The answer is
// [CreateData].
type Create struct {
	Name       string
	Period     Period
	NS         NameServers
	Registrant string // contact of the holder; thin registries take none
	Contacts   []Contact
	AuthInfo   *epp.AuthInfo // nil is an empty password
}

func (Create) Verb() epp.Verb { return epp.VerbCreate }

// Billable reports that registries charge for the command.
func (Create) Billable() bool { return true }

func (c Create) AppendBody(b []byte) []byte {
	b = append(b, "<create>"...)
	b = wire.AppendRoot(b, "domain", "create", NS)
	b = wire.AppendElement(b, "domain:name", c.Name)
	b = c.Period.append(b)
	b = c.NS.append(b)
	b = wire.AppendOptional(b, "domain:registrant", c.Registrant)
	b = appendContacts(b, c.Contacts)
	b = epp.AppendAuthInfo(b, "domain", c.AuthInfo)
	return append(b, "</domain:create></create>"...)
}

// ParseCreate reads a domain:create element.
func ParseCreate(e *wire.Element) (c Create, err error) {
	if err = domains.Expect(e, "create"); err != nil {
		return c, err
	}
	if err = wire.Sequence(e, NS, "name", "period", "ns", "registrant", "contact*", "authInfo"); err != nil {
		return c, domains.Fail(e, err)
	}
	if c.Name, err = wire.Require(e, NS, "name"); err != nil {
		return c, domains.Fail(e, err)
	}
	if c.Period, err = parsePeriod(e); err != nil {
		return c, domains.Fail(e, err)
	}
	if c.NS, err = parseNameServers(e); err != nil {
		return c, domains.Fail(e, err)
	}
	if c.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return c, domains.Fail(e, err)
	}
	if c.AuthInfo == nil {
		return c, domains.Fail(e, wire.Missing("authInfo"))
	}
	c.Registrant = e.ChildText(NS, "registrant")
	c.Contacts = parseContacts(e)
	return c, nil
}

// Delete gives a domain up (RFC 5731 section 3.2.2).
type Delete struct{ Name string }

func (Delete) Verb() epp.Verb { return epp.VerbDelete }

func (d Delete) AppendBody(b []byte) []byte { return domains.AppendNamed(b, epp.VerbDelete, d.Name) }

// ParseDelete reads a domain:delete element.
func ParseDelete(e *wire.Element) (Delete, error) {
	name, err := domains.ParseNamed(e, epp.VerbDelete)
	return Delete{name}, err
}

// Renew extends a registration (RFC 5731 section 3.2.3). The answer is
// [RenewData].
type Renew struct {
	Name       string
	CurExpDate time.Time // its date guards against renewing twice
	Period     Period
}

func (Renew) Verb() epp.Verb { return epp.VerbRenew }

// Billable reports that registries charge for the command.
func (Renew) Billable() bool { return true }

func (r Renew) AppendBody(b []byte) []byte {
	b = append(b, "<renew>"...)
	b = wire.AppendRoot(b, "domain", "renew", NS)
	b = wire.AppendElement(b, "domain:name", r.Name)
	b = wire.AppendElement(b, "domain:curExpDate", r.CurExpDate.UTC().Format(time.DateOnly))
	b = r.Period.append(b)
	return append(b, "</domain:renew></renew>"...)
}

// ParseRenew reads a domain:renew element.
func ParseRenew(e *wire.Element) (r Renew, err error) {
	if err = domains.Expect(e, "renew"); err != nil {
		return r, err
	}
	if err = wire.Sequence(e, NS, "name", "curExpDate", "period"); err != nil {
		return r, domains.Fail(e, err)
	}
	if r.Name, err = wire.Require(e, NS, "name"); err != nil {
		return r, domains.Fail(e, err)
	}
	date, err := wire.Require(e, NS, "curExpDate")
	if err != nil {
		return r, domains.Fail(e, err)
	}
	if r.CurExpDate, err = time.Parse(time.DateOnly, date); err != nil {
		return r, domains.Fail(e, wire.Invalid("curExpDate", date))
	}
	if r.Period, err = parsePeriod(e); err != nil {
		return r, domains.Fail(e, err)
	}
	return r, nil
}

// Transfer moves a domain between registrars, or asks how that stands (RFC 5731
// sections 3.1.3 and 3.2.4). The answer is [TransferData].
type Transfer struct {
	Op       string // "request", "query", "cancel", "approve" or "reject"
	Name     string
	Period   Period
	AuthInfo *epp.AuthInfo
}

func (Transfer) Verb() epp.Verb { return epp.VerbTransfer }

// Query reports whether the command only asks.
func (t Transfer) Query() bool { return t.Op == epp.TransferOpQuery }

// Billable reports whether registries charge for the command.
func (t Transfer) Billable() bool { return t.Op == epp.TransferOpRequest }

func (t Transfer) AppendBody(b []byte) []byte {
	b = append(b, "<transfer"...)
	b = wire.AppendAttr(b, "op", t.Op)
	b = append(b, '>')
	b = wire.AppendRoot(b, "domain", "transfer", NS)
	b = wire.AppendElement(b, "domain:name", t.Name)
	b = t.Period.append(b)
	if t.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "domain", t.AuthInfo)
	}
	return append(b, "</domain:transfer></transfer>"...)
}

// ParseTransfer reads a domain:transfer element; op is the attribute of the
// <transfer> around it.
func ParseTransfer(e *wire.Element, op string) (t Transfer, err error) {
	if err = domains.Expect(e, "transfer"); err != nil {
		return t, err
	}
	t.Op = op
	if err = wire.Sequence(e, NS, "name", "period", "authInfo"); err != nil {
		return t, domains.Fail(e, err)
	}
	if t.Name, err = wire.Require(e, NS, "name"); err != nil {
		return t, domains.Fail(e, err)
	}
	if t.Period, err = parsePeriod(e); err != nil {
		return t, domains.Fail(e, err)
	}
	if t.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return t, domains.Fail(e, err)
	}
	return t, nil
}
