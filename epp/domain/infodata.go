package domain

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/mapping"
	"github.com/verinym/verinym/epp/wire"
)

// InfoData is a domain's state at the registry: the answer to [Info], and the
// body of poll messages about changes by the registry.
type InfoData struct {
	Name       string
	ROID       string // the registry's own identifier of the object
	Statuses   []Status
	Registrant string // contact of the holder; "" at a thin registry
	Contacts   []Contact
	NS         NameServers
	Hosts      []string // hosts below this domain
	ClID       string   // the sponsoring registrar
	CrID       string
	CrDate     time.Time
	UpID       string
	UpDate     time.Time // zero if never updated
	ExDate     time.Time
	TrDate     time.Time // zero if never transferred
	AuthInfo   *epp.AuthInfo
}

// Has reports whether the domain has a status.
func (d *InfoData) Has(status string) bool { return epp.HasStatus(d.Statuses, status) }

func (d *InfoData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "domain", "infData", NS)
	b = wire.AppendElement(b, "domain:name", d.Name)
	b = wire.AppendElement(b, "domain:roid", d.ROID)
	b = epp.AppendStatuses(b, "domain:status", d.Statuses)
	b = wire.AppendOptional(b, "domain:registrant", d.Registrant)
	b = appendContacts(b, d.Contacts)
	b = d.NS.append(b)
	for _, host := range d.Hosts {
		b = wire.AppendElement(b, "domain:host", host)
	}
	b = wire.AppendElement(b, "domain:clID", d.ClID)
	b = wire.AppendOptional(b, "domain:crID", d.CrID)
	b = wire.AppendTime(b, "domain:crDate", d.CrDate)
	b = wire.AppendOptional(b, "domain:upID", d.UpID)
	b = wire.AppendTime(b, "domain:upDate", d.UpDate)
	b = wire.AppendTime(b, "domain:exDate", d.ExDate)
	b = wire.AppendTime(b, "domain:trDate", d.TrDate)
	if d.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "domain", d.AuthInfo)
	}
	return append(b, "</domain:infData>"...)
}

// ParseInfoData reads the answer to [Info].
func ParseInfoData(e *wire.Element) (*InfoData, error) {
	if err := domains.Expect(e, "infData"); err != nil {
		return nil, err
	}
	d := &InfoData{
		Name:       e.ChildText(NS, "name"),
		ROID:       e.ChildText(NS, "roid"),
		Statuses:   epp.ParseStatuses(e, NS, "status"),
		Registrant: e.ChildText(NS, "registrant"),
		Contacts:   parseContacts(e),
		Hosts:      mapping.Texts(e, NS, "host"),
		ClID:       e.ChildText(NS, "clID"),
		CrID:       e.ChildText(NS, "crID"),
		UpID:       e.ChildText(NS, "upID"),
	}
	if d.Name == "" {
		return nil, domains.Fail(e, wire.Missing("name"))
	}
	var err error
	if d.NS, err = parseNameServers(e); err != nil {
		return nil, domains.Fail(e, err)
	}
	if d.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return nil, domains.Fail(e, err)
	}
	return d, domains.ReadTimes(e, mapping.Times{
		"crDate": &d.CrDate, "upDate": &d.UpDate, "exDate": &d.ExDate, "trDate": &d.TrDate,
	})
}
