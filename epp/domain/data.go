package domain

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/mapping"
	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check], one entry per name.
type CheckData []Availability

// Availability says whether a name can be registered, and if not, why.
type Availability = epp.Availability

func (d CheckData) AppendData(b []byte) []byte { return domains.AppendCheckData(b, d) }

// ParseCheckData reads the answer to [Check].
func ParseCheckData(e *wire.Element) (CheckData, error) { return domains.ParseCheckData(e) }

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
	if err = domains.Expect(e, "creData"); err != nil {
		return d, err
	}
	d.Name = e.ChildText(NS, "name")
	err = domains.ReadTimes(e, mapping.Times{"crDate": &d.CrDate, "exDate": &d.ExDate})
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
	if err = domains.Expect(e, "renData"); err != nil {
		return d, err
	}
	d.Name = e.ChildText(NS, "name")
	err = domains.ReadTimes(e, mapping.Times{"exDate": &d.ExDate})
	return d, err
}

// TransferData answers [Transfer], and tells of a transfer in a poll message.
type TransferData struct {
	Name   string
	Status string // one of the epp.Transfer constants
	ReID   string // who asked
	ReDate time.Time
	AcID   string // who has to act, or has acted
	AcDate time.Time
	ExDate time.Time
}

func (d TransferData) AppendData(b []byte) []byte {
	return domains.AppendTransfer(b, mapping.Transfer(d))
}

// ParseTransferData reads the answer to [Transfer].
func ParseTransferData(e *wire.Element) (TransferData, error) {
	t, err := domains.ParseTransfer(e)
	return TransferData(t), err
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

func (d PendingData) AppendData(b []byte) []byte { return domains.AppendPending(b, mapping.Pending(d)) }

// ParsePendingData reads the end of a pending command.
func ParsePendingData(e *wire.Element) (PendingData, error) {
	p, err := domains.ParsePending(e)
	return PendingData(p), err
}
