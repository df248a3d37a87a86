package contact

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/mapping"
	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check], one entry per identifier.
type CheckData []Availability

// Availability says whether an identifier is free, and if not, why.
type Availability struct {
	ID        string
	Available bool
	Reason    string // at most 32 characters
	Lang      string // of Reason
}

func (d CheckData) AppendData(b []byte) []byte {
	list := make([]epp.Availability, len(d))
	for i, a := range d {
		list[i] = epp.Availability{Name: a.ID, Available: a.Available, Reason: a.Reason, Lang: a.Lang}
	}
	return contacts.AppendCheckData(b, list)
}

// ParseCheckData reads the answer to [Check].
func ParseCheckData(e *wire.Element) (CheckData, error) {
	list, err := contacts.ParseCheckData(e)
	var d CheckData
	for _, a := range list {
		d = append(d, Availability{a.Name, a.Available, a.Reason, a.Lang})
	}
	return d, err
}

// CreateData answers [Create].
type CreateData struct {
	ID     string
	CrDate time.Time
}

func (d CreateData) AppendData(b []byte) []byte { return contacts.AppendCreateData(b, d.ID, d.CrDate) }

// ParseCreateData reads the answer to [Create].
func ParseCreateData(e *wire.Element) (d CreateData, err error) {
	d.ID, d.CrDate, err = contacts.ParseCreateData(e)
	return d, err
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
func (d *InfoData) Has(status string) bool { return epp.HasStatus(d.Statuses, status) }

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
	b = epp.AppendStatuses(b, "contact:status", d.Statuses)
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
	if err := contacts.Expect(e, "infData"); err != nil {
		return nil, err
	}
	d := &InfoData{
		ID:       e.ChildText(NS, "id"),
		ROID:     e.ChildText(NS, "roid"),
		Statuses: epp.ParseStatuses(e, NS, "status"),
		Postal:   parsePostalInfos(e),
		Voice:    parsePhone(e, "voice"),
		Fax:      parsePhone(e, "fax"),
		Email:    e.ChildText(NS, "email"),
		ClID:     e.ChildText(NS, "clID"),
		CrID:     e.ChildText(NS, "crID"),
		UpID:     e.ChildText(NS, "upID"),
	}
	if d.ID == "" {
		return nil, contacts.Fail(e, wire.Missing("id"))
	}
	var err error
	if d.AuthInfo, err = epp.ParseAuthInfo(e, NS); err != nil {
		return nil, contacts.Fail(e, err)
	}
	if d.Disclose, err = parseDisclose(e); err != nil {
		return nil, contacts.Fail(e, err)
	}
	return d, contacts.ReadTimes(e, mapping.Times{"crDate": &d.CrDate, "upDate": &d.UpDate, "trDate": &d.TrDate})
}

// TransferData answers [Transfer], and tells of a transfer in a poll message.
type TransferData struct {
	ID     string
	Status string // one of the epp.Transfer constants
	ReID   string // who asked
	ReDate time.Time
	AcID   string // who has to act, or has acted
	AcDate time.Time
}

func (d TransferData) AppendData(b []byte) []byte {
	return contacts.AppendTransfer(b, mapping.Transfer{
		Name: d.ID, Status: d.Status, ReID: d.ReID, ReDate: d.ReDate, AcID: d.AcID, AcDate: d.AcDate,
	})
}

// ParseTransferData reads the answer to [Transfer].
func ParseTransferData(e *wire.Element) (TransferData, error) {
	t, err := contacts.ParseTransfer(e)
	return TransferData{t.Name, t.Status, t.ReID, t.ReDate, t.AcID, t.AcDate}, err
}

// PendingData is the end of a command that was answered 1001; it comes as a poll
// message (RFC 5733 section 3.3).
type PendingData struct {
	ID     string
	Done   bool   // false: the registry decided against it
	ClTRID string // of the command
	SvTRID string // of the answer to it
	Date   time.Time
}

func (d PendingData) AppendData(b []byte) []byte {
	return contacts.AppendPending(b, mapping.Pending{Name: d.ID, Done: d.Done, ClTRID: d.ClTRID, SvTRID: d.SvTRID, Date: d.Date})
}

// ParsePendingData reads the end of a pending command.
func ParsePendingData(e *wire.Element) (PendingData, error) {
	p, err := contacts.ParsePending(e)
	return PendingData{p.Name, p.Done, p.ClTRID, p.SvTRID, p.Date}, err
}
