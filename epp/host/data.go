package host

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/mapping"
	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check], one entry per name.
type CheckData []Availability

// Availability says whether a host can be created, and if not, why.
type Availability = epp.Availability

func (d CheckData) AppendData(b []byte) []byte { return hosts.AppendCheckData(b, d) }

// ParseCheckData reads the answer to [Check].
func ParseCheckData(e *wire.Element) (CheckData, error) { return hosts.ParseCheckData(e) }

// CreateData answers [Create].
type CreateData struct {
	Name   string
	CrDate time.Time
}

func (d CreateData) AppendData(b []byte) []byte { return hosts.AppendCreateData(b, d.Name, d.CrDate) }

// ParseCreateData reads the answer to [Create].
func ParseCreateData(e *wire.Element) (d CreateData, err error) {
	d.Name, d.CrDate, err = hosts.ParseCreateData(e)
	return d, err
}

// InfoData is a host as the registry knows it; it answers [Info].
type InfoData struct {
	Name      string
	ROID      string // the registry's own identifier of the object
	Statuses  []epp.Status
	Addresses []Addr
	ClID      string // the sponsoring registrar; of a host below a domain, the domain's
	CrID      string
	CrDate    time.Time
	UpID      string
	UpDate    time.Time // zero if never updated
	TrDate    time.Time // zero if never transferred
}

// Has reports whether the host has a status.
func (d *InfoData) Has(status string) bool { return epp.HasStatus(d.Statuses, status) }

func (d *InfoData) AppendData(b []byte) []byte {
	b = hosts.Begin(b, "infData")
	b = wire.AppendElement(b, "host:name", d.Name)
	b = wire.AppendElement(b, "host:roid", d.ROID)
	b = epp.AppendStatuses(b, "host:status", d.Statuses)
	b = appendAddrs(b, d.Addresses)
	b = wire.AppendElement(b, "host:clID", d.ClID)
	b = wire.AppendElement(b, "host:crID", d.CrID)
	b = wire.AppendTime(b, "host:crDate", d.CrDate)
	b = wire.AppendOptional(b, "host:upID", d.UpID)
	b = wire.AppendTime(b, "host:upDate", d.UpDate)
	b = wire.AppendTime(b, "host:trDate", d.TrDate)
	return append(b, "</host:infData>"...)
}

// ParseInfoData reads the answer to [Info].
func ParseInfoData(e *wire.Element) (*InfoData, error) {
	if err := hosts.Expect(e, "infData"); err != nil {
		return nil, err
	}
	d := &InfoData{
		Name:      e.ChildText(NS, "name"),
		ROID:      e.ChildText(NS, "roid"),
		Statuses:  epp.ParseStatuses(e, NS, "status"),
		Addresses: parseAddrs(e),
		ClID:      e.ChildText(NS, "clID"),
		CrID:      e.ChildText(NS, "crID"),
		UpID:      e.ChildText(NS, "upID"),
	}
	if d.Name == "" {
		return nil, hosts.Fail(e, wire.Missing("name"))
	}
	return d, hosts.ReadTimes(e, mapping.Times{"crDate": &d.CrDate, "upDate": &d.UpDate, "trDate": &d.TrDate})
}

// PendingData is the end of a command that was answered 1001; it comes as a poll
// message (section 3.3).
type PendingData struct {
	Name   string
	Done   bool   // false: the registry decided against it
	ClTRID string // of the command
	SvTRID string // of the answer to it
	Date   time.Time
}

func (d PendingData) AppendData(b []byte) []byte { return hosts.AppendPending(b, mapping.Pending(d)) }

// ParsePendingData reads the end of a pending command.
func ParsePendingData(e *wire.Element) (PendingData, error) {
	p, err := hosts.ParsePending(e)
	return PendingData(p), err
}
