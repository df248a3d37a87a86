package mapping

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// AppendCheckData appends the answer to a check.
func (m Mapping) AppendCheckData(b []byte, list []epp.Availability) []byte {
	b = m.Begin(b, "chkData")
	for _, a := range list {
		b = append(b, '<')
		b = append(b, m.Prefix...)
		b = append(b, ":cd><"...)
		b = append(b, m.Prefix...)
		b = append(b, ':')
		b = append(b, m.Key...)
		b = append(b, ` avail="`...)
		b = wire.AppendBool(b, a.Available)
		b = append(b, '"', '>')
		b = wire.AppendText(b, a.Name)
		b = m.End(b, m.Key)
		b = AppendReason(b, m.Tag("reason"), a.Reason, a.Lang)
		b = m.End(b, "cd")
	}
	return m.End(b, "chkData")
}

// AppendReason appends a text with its language, or nothing.
func AppendReason(b []byte, tag, text, lang string) []byte {
	if text == "" {
		return b
	}
	b = append(b, '<')
	b = append(b, tag...)
	if lang != "" {
		b = wire.AppendAttr(b, "lang", lang)
	}
	b = append(b, '>')
	b = wire.AppendText(b, text)
	return wire.AppendEnd(b, tag)
}

// ParseCheckData reads the answer to a check.
func (m Mapping) ParseCheckData(e *wire.Element) ([]epp.Availability, error) {
	if err := m.Expect(e, "chkData"); err != nil {
		return nil, err
	}
	var list []epp.Availability
	for _, cd := range e.Children {
		if !cd.Is(m.NS, "cd") {
			continue
		}
		key := cd.Child(m.NS, m.Key)
		if key == nil {
			return nil, m.Fail(e, wire.Missing(m.Key))
		}
		available, ok := wire.ParseBool(key.Attr("avail"))
		if !ok {
			return nil, m.Fail(e, wire.Invalid("avail", key.Attr("avail")))
		}
		reason := cd.Child(m.NS, "reason")
		list = append(list, epp.Availability{Name: key.Value(), Available: available, Reason: reason.Value(), Lang: reason.Attr("lang")})
	}
	return list, nil
}

// AppendCreateData appends the answer to a create of an object without an end.
func (m Mapping) AppendCreateData(b []byte, key string, created time.Time) []byte {
	b = m.Begin(b, "creData")
	b = m.Text(b, m.Key, key)
	b = wire.AppendTime(b, m.Tag("crDate"), created)
	return m.End(b, "creData")
}

// ParseCreateData reads it.
func (m Mapping) ParseCreateData(e *wire.Element) (key string, created time.Time, err error) {
	if err = m.Expect(e, "creData"); err != nil {
		return "", created, err
	}
	return e.ChildText(m.NS, m.Key), created, m.ReadTimes(e, Times{"crDate": &created})
}

// Transfer is how a transfer stands. ExDate is a domain's.
type Transfer struct {
	Name   string
	Status string
	ReID   string
	ReDate time.Time
	AcID   string
	AcDate time.Time
	ExDate time.Time
}

// AppendTransfer appends <trnData>.
func (m Mapping) AppendTransfer(b []byte, t Transfer) []byte {
	b = m.Begin(b, "trnData")
	b = m.Text(b, m.Key, t.Name)
	b = m.Text(b, "trStatus", t.Status)
	b = m.Text(b, "reID", t.ReID)
	b = wire.AppendTime(b, m.Tag("reDate"), t.ReDate)
	b = m.Text(b, "acID", t.AcID)
	b = wire.AppendTime(b, m.Tag("acDate"), t.AcDate)
	b = wire.AppendTime(b, m.Tag("exDate"), t.ExDate)
	return m.End(b, "trnData")
}

// ParseTransfer reads <trnData>.
func (m Mapping) ParseTransfer(e *wire.Element) (t Transfer, err error) {
	if err = m.Expect(e, "trnData"); err != nil {
		return t, err
	}
	t.Name, t.Status = e.ChildText(m.NS, m.Key), e.ChildText(m.NS, "trStatus")
	t.ReID, t.AcID = e.ChildText(m.NS, "reID"), e.ChildText(m.NS, "acID")
	return t, m.ReadTimes(e, Times{"reDate": &t.ReDate, "acDate": &t.AcDate, "exDate": &t.ExDate})
}

// Pending is the end of a command that was answered 1001.
type Pending struct {
	Name   string
	Done   bool
	ClTRID string
	SvTRID string
	Date   time.Time
}

// AppendPending appends <panData>.
func (m Mapping) AppendPending(b []byte, p Pending) []byte {
	b = m.Begin(b, "panData")
	b = append(b, '<')
	b = append(b, m.Tag(m.Key)...)
	b = append(b, ` paResult="`...)
	b = wire.AppendBool(b, p.Done)
	b = append(b, '"', '>')
	b = wire.AppendText(b, p.Name)
	b = m.End(b, m.Key)
	b = wire.AppendStart(b, m.Tag("paTRID"))
	b = appendTRID(b, "clTRID", p.ClTRID)
	b = appendTRID(b, "svTRID", p.SvTRID)
	b = m.End(b, "paTRID")
	b = wire.AppendTime(b, m.Tag("paDate"), p.Date)
	return m.End(b, "panData")
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

// ParsePending reads <panData>.
func (m Mapping) ParsePending(e *wire.Element) (p Pending, err error) {
	if err = m.Expect(e, "panData"); err != nil {
		return p, err
	}
	key := e.Child(m.NS, m.Key)
	done, ok := wire.ParseBool(key.Attr("paResult"))
	if !ok {
		return p, m.Fail(e, wire.Invalid("paResult", key.Attr("paResult")))
	}
	trid := e.Child(m.NS, "paTRID")
	p = Pending{Name: key.Value(), Done: done, ClTRID: trid.ChildText(epp.NS, "clTRID"), SvTRID: trid.ChildText(epp.NS, "svTRID")}
	return p, m.ReadTimes(e, Times{"paDate": &p.Date})
}
