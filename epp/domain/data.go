package domain

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check], one entry per name.
type CheckData []Availability

// Availability says whether a name can be registered, and if not, why.
type Availability struct {
	Name      string
	Available bool
	Reason    string // at most 32 characters
	Lang      string // of Reason
}

func (d CheckData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "domain", "chkData", NS)
	for _, a := range d {
		b = append(b, `<domain:cd><domain:name avail="`...)
		b = wire.AppendBool(b, a.Available)
		b = append(b, '"', '>')
		b = wire.AppendText(b, a.Name)
		b = append(b, "</domain:name>"...)
		if a.Reason != "" {
			b = append(b, "<domain:reason"...)
			if a.Lang != "" {
				b = wire.AppendAttr(b, "lang", a.Lang)
			}
			b = append(b, '>')
			b = wire.AppendText(b, a.Reason)
			b = append(b, "</domain:reason>"...)
		}
		b = append(b, "</domain:cd>"...)
	}
	return append(b, "</domain:chkData>"...)
}

// ParseCheckData reads the answer to [Check].
func ParseCheckData(e *wire.Element) (CheckData, error) {
	if err := expect(e, "chkData"); err != nil {
		return nil, err
	}
	var d CheckData
	for _, cd := range e.Children {
		if !cd.Is(NS, "cd") {
			continue
		}
		name := cd.Child(NS, "name")
		if name == nil {
			return nil, dataError(e, wire.Missing("name"))
		}
		available, ok := wire.ParseBool(name.Attr("avail"))
		if !ok {
			return nil, dataError(e, wire.Invalid("avail", name.Attr("avail")))
		}
		reason := cd.Child(NS, "reason")
		d = append(d, Availability{name.Value(), available, reason.Value(), reason.Attr("lang")})
	}
	return d, nil
}

// CreateData answers [Create].
type CreateData struct {
	Name   string
	CrDate time.Time
	ExDate time.Time // zero if the registry gave none
}

func (d CreateData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "domain", "creData", NS)
	b = wire.AppendElement(b, "domain:name", d.Name)
	b = wire.AppendTime(b, "domain:crDate", d.CrDate)
	b = wire.AppendTime(b, "domain:exDate", d.ExDate)
	return append(b, "</domain:creData>"...)
}

// ParseCreateData reads the answer to [Create].
func ParseCreateData(e *wire.Element) (d CreateData, err error) {
	if err = expect(e, "creData"); err != nil {
		return d, err
	}
	d.Name = e.ChildText(NS, "name")
	err = readTimes(e, times{"crDate": &d.CrDate, "exDate": &d.ExDate})
	return d, err
}

// RenewData answers [Renew].
type RenewData struct {
	Name   string
	ExDate time.Time
}

func (d RenewData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "domain", "renData", NS)
	b = wire.AppendElement(b, "domain:name", d.Name)
	b = wire.AppendTime(b, "domain:exDate", d.ExDate)
	return append(b, "</domain:renData>"...)
}

// ParseRenewData reads the answer to [Renew].
func ParseRenewData(e *wire.Element) (d RenewData, err error) {
	if err = expect(e, "renData"); err != nil {
		return d, err
	}
	d.Name = e.ChildText(NS, "name")
	err = readTimes(e, times{"exDate": &d.ExDate})
	return d, err
}

// TransferData answers [Transfer], and tells of a transfer in a poll message.
type TransferData struct {
	Name   string
	Status string // pending, clientApproved, clientCancelled, clientRejected, serverApproved, serverCancelled
	ReID   string // who asked
	ReDate time.Time
	AcID   string // who has to act, or has acted
	AcDate time.Time
	ExDate time.Time
}

func (d TransferData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "domain", "trnData", NS)
	b = wire.AppendElement(b, "domain:name", d.Name)
	b = wire.AppendElement(b, "domain:trStatus", d.Status)
	b = wire.AppendElement(b, "domain:reID", d.ReID)
	b = wire.AppendTime(b, "domain:reDate", d.ReDate)
	b = wire.AppendElement(b, "domain:acID", d.AcID)
	b = wire.AppendTime(b, "domain:acDate", d.AcDate)
	b = wire.AppendTime(b, "domain:exDate", d.ExDate)
	return append(b, "</domain:trnData>"...)
}

// ParseTransferData reads the answer to [Transfer].
func ParseTransferData(e *wire.Element) (d TransferData, err error) {
	if err = expect(e, "trnData"); err != nil {
		return d, err
	}
	d.Name = e.ChildText(NS, "name")
	d.Status = e.ChildText(NS, "trStatus")
	d.ReID = e.ChildText(NS, "reID")
	d.AcID = e.ChildText(NS, "acID")
	err = readTimes(e, times{"reDate": &d.ReDate, "acDate": &d.AcDate, "exDate": &d.ExDate})
	return d, err
}

// PendingData is the end of a command that was answered 1001; it comes as a poll
// message (RFC 5731 section 3.3).
type PendingData struct {
	Name   string
	Done   bool   // false: the registry decided against it
	ClTRID string // of the command
	SvTRID string // of the answer to it
	Date   time.Time
}

func (d PendingData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "domain", "panData", NS)
	b = append(b, `<domain:name paResult="`...)
	b = wire.AppendBool(b, d.Done)
	b = append(b, '"', '>')
	b = wire.AppendText(b, d.Name)
	b = append(b, "</domain:name><domain:paTRID>"...)
	b = appendTRID(b, "clTRID", d.ClTRID)
	b = appendTRID(b, "svTRID", d.SvTRID)
	b = append(b, "</domain:paTRID>"...)
	b = wire.AppendTime(b, "domain:paDate", d.Date)
	return append(b, "</domain:panData>"...)
}

// appendTRID writes an element of the core namespace inside the mapping's.
func appendTRID(b []byte, local, id string) []byte {
	if id == "" {
		return b
	}
	b = append(b, '<')
	b = append(b, local...)
	b = wire.AppendAttr(b, "xmlns", epp.NS)
	b = append(b, '>')
	b = wire.AppendText(b, id)
	return wire.AppendEnd(b, local)
}

// ParsePendingData reads the end of a pending command.
func ParsePendingData(e *wire.Element) (d PendingData, err error) {
	if err = expect(e, "panData"); err != nil {
		return d, err
	}
	name := e.Child(NS, "name")
	done, ok := wire.ParseBool(name.Attr("paResult"))
	if !ok {
		return d, dataError(e, wire.Invalid("paResult", name.Attr("paResult")))
	}
	d.Name, d.Done = name.Value(), done
	trid := e.Child(NS, "paTRID")
	d.ClTRID, d.SvTRID = trid.ChildText(epp.NS, "clTRID"), trid.ChildText(epp.NS, "svTRID")
	err = readTimes(e, times{"paDate": &d.Date})
	return d, err
}

// expect guards the Parse functions against an element that is not there, as in
// an answer without data, or is another one.
func expect(e *wire.Element, local string) error {
	if e == nil {
		return fmt.Errorf("domain: %w", wire.Missing(local))
	}
	if !e.Is(NS, local) {
		return fmt.Errorf("domain: %w", &wire.ValueError{Element: e.Local, Unexpected: true})
	}
	return nil
}

func dataError(e *wire.Element, err error) error {
	return fmt.Errorf("domain:%s: %w", e.Local, err)
}

// times maps element names to where their values go.
type times map[string]*time.Time

func readTimes(e *wire.Element, wanted times) error {
	for _, c := range e.Children {
		into := wanted[c.Local]
		if into == nil || c.Space != NS {
			continue
		}
		t, err := wire.ParseTime(c.Value())
		if err != nil {
			return dataError(e, wire.Invalid(c.Local, c.Value()))
		}
		*into = t
	}
	return nil
}
