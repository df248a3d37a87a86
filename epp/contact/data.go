package contact

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check], one entry per identifier.
type CheckData []Availability

// Availability says whether an identifier is free, and if not, why.
type Availability struct {
	ID        string
	Available bool
	Reason    string // at most 32 characters
}

func (d CheckData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "contact", "chkData", NS)
	for _, a := range d {
		b = append(b, `<contact:cd><contact:id avail="`...)
		b = wire.AppendBool(b, a.Available)
		b = append(b, '"', '>')
		b = wire.AppendText(b, a.ID)
		b = append(b, "</contact:id>"...)
		b = wire.AppendOptional(b, "contact:reason", a.Reason)
		b = append(b, "</contact:cd>"...)
	}
	return append(b, "</contact:chkData>"...)
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
		id := cd.Child(NS, "id")
		available, ok := wire.ParseBool(id.Attr("avail"))
		if !ok {
			return nil, dataError(e, wire.Invalid("avail", id.Attr("avail")))
		}
		d = append(d, Availability{id.Value(), available, cd.ChildText(NS, "reason")})
	}
	return d, nil
}

// CreateData answers [Create].
type CreateData struct {
	ID     string
	CrDate time.Time
}

func (d CreateData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "contact", "creData", NS)
	b = wire.AppendElement(b, "contact:id", d.ID)
	b = wire.AppendTime(b, "contact:crDate", d.CrDate)
	return append(b, "</contact:creData>"...)
}

// ParseCreateData reads the answer to [Create].
func ParseCreateData(e *wire.Element) (d CreateData, err error) {
	if err = expect(e, "creData"); err != nil {
		return d, err
	}
	d.ID = e.ChildText(NS, "id")
	if d.CrDate, err = wire.ChildTime(e, NS, "crDate"); err != nil {
		return d, dataError(e, err)
	}
	return d, nil
}

// InfoData is a contact as the registry knows it; it answers [Info].
type InfoData struct {
	ID       string
	ROID     string // the registry's own identifier of the object
	Statuses []Status
	Postal   []PostalInfo
	Voice    Phone
	Fax      Phone
	Email    string
	ClID     string // the sponsoring registrar
	CrID     string
	CrDate   time.Time
	UpID     string
	UpDate   time.Time // zero if never updated
	TrDate   time.Time // zero if never transferred
	AuthInfo *epp.AuthInfo
	Disclose *Disclose
}

// Has reports whether the contact has a status.
func (d *InfoData) Has(status string) bool {
	for _, s := range d.Statuses {
		if s.Value == status {
			return true
		}
	}
	return false
}

// PostalOf returns the postal information of a type, or nil.
func (d *InfoData) PostalOf(kind string) *PostalInfo {
	for i := range d.Postal {
		if d.Postal[i].Type == kind {
			return &d.Postal[i]
		}
	}
	return nil
}

func (d *InfoData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "contact", "infData", NS)
	b = wire.AppendElement(b, "contact:id", d.ID)
	b = wire.AppendElement(b, "contact:roid", d.ROID)
	b = appendStatuses(b, d.Statuses)
	for _, p := range d.Postal {
		b = p.append(b)
	}
	b = d.Voice.append(b, "contact:voice")
	b = d.Fax.append(b, "contact:fax")
	b = wire.AppendElement(b, "contact:email", d.Email)
	b = wire.AppendElement(b, "contact:clID", d.ClID)
	b = wire.AppendElement(b, "contact:crID", d.CrID)
	b = wire.AppendTime(b, "contact:crDate", d.CrDate)
	b = wire.AppendOptional(b, "contact:upID", d.UpID)
	b = wire.AppendTime(b, "contact:upDate", d.UpDate)
	b = wire.AppendTime(b, "contact:trDate", d.TrDate)
	if d.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "contact", d.AuthInfo)
	}
	b = d.Disclose.append(b)
	return append(b, "</contact:infData>"...)
}

// ParseInfoData reads the answer to [Info].
func ParseInfoData(e *wire.Element) (*InfoData, error) {
	if err := expect(e, "infData"); err != nil {
		return nil, err
	}
	d := &InfoData{
		ID:       e.ChildText(NS, "id"),
		ROID:     e.ChildText(NS, "roid"),
		Statuses: parseStatuses(e),
		Postal:   parsePostalInfos(e),
		Voice:    parsePhone(e, "voice"),
		Fax:      parsePhone(e, "fax"),
		Email:    e.ChildText(NS, "email"),
		ClID:     e.ChildText(NS, "clID"),
		CrID:     e.ChildText(NS, "crID"),
		UpID:     e.ChildText(NS, "upID"),
	}
	if d.ID == "" {
		return nil, dataError(e, wire.Missing("id"))
	}
	var err error
	if d.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return nil, dataError(e, err)
	}
	if d.Disclose, err = parseDisclose(e); err != nil {
		return nil, dataError(e, err)
	}
	for local, into := range map[string]*time.Time{"crDate": &d.CrDate, "upDate": &d.UpDate, "trDate": &d.TrDate} {
		if *into, err = wire.ChildTime(e, NS, local); err != nil {
			return nil, dataError(e, err)
		}
	}
	return d, nil
}

// expect guards the Parse functions against an element that is not there, as in
// an answer without data, or is another one.
func expect(e *wire.Element, local string) error {
	if e == nil {
		return fmt.Errorf("contact: %w", wire.Missing(local))
	}
	if !e.Is(NS, local) {
		return fmt.Errorf("contact: %w", &wire.ValueError{Element: e.Local, Unexpected: true})
	}
	return nil
}

func dataError(e *wire.Element, err error) error {
	return fmt.Errorf("contact:%s: %w", e.Local, err)
}
