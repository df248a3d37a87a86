package nv

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/mapping"
	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check], one entry per label.
type CheckData []Availability

// Availability says whether a label could be verified, and if not, why.
type Availability struct {
	Name       string
	Available  bool
	Restricted bool // only some holders may have it
	Reason     string
	Lang       string // of Reason
}

func (d CheckData) AppendData(b []byte) []byte {
	b = verifications.Begin(b, "chkData")
	for _, a := range d {
		b = append(b, `<nv:cd><nv:name avail="`...)
		b = wire.AppendBool(b, a.Available)
		b = append(b, '"')
		if a.Restricted {
			b = append(b, ` restricted="1"`...)
		}
		b = append(b, '>')
		b = wire.AppendText(b, a.Name)
		b = append(b, "</nv:name>"...)
		b = mapping.AppendReason(b, "nv:reason", a.Reason, a.Lang)
		b = append(b, "</nv:cd>"...)
	}
	return append(b, "</nv:chkData>"...)
}

// ParseCheckData reads the answer to [Check].
func ParseCheckData(e *wire.Element) (CheckData, error) {
	list, err := verifications.ParseCheckData(e)
	if err != nil {
		return nil, err
	}
	var d CheckData
	for _, cd := range e.Children {
		if !cd.Is(NS, "cd") {
			continue
		}
		a := list[len(d)]
		restricted, _ := wire.ParseBool(cd.Child(NS, "name").Attr("restricted"))
		d = append(d, Availability{a.Name, a.Available, restricted, a.Reason, a.Lang})
	}
	return d, nil
}

// Code is a verification code with what it proves.
type Code struct {
	Type  string // TypeDomain or TypeRealName
	Value string // "1-abc123": the provider's number, and its code
}

func (c Code) append(b []byte) []byte {
	b = append(b, "<nv:code"...)
	b = wire.AppendAttr(b, "type", c.Type)
	b = append(b, '>')
	b = wire.AppendText(b, c.Value)
	return append(b, "</nv:code>"...)
}

func parseCode(e *wire.Element) Code {
	c := e.Child(NS, "code")
	return Code{c.Attr("type"), c.Value()}
}

func appendStatus(b []byte, tag, status string) []byte {
	b = append(b, '<')
	b = append(b, tag...)
	b = wire.AppendAttr(b, "s", status)
	return append(b, '/', '>')
}

// CreateData answers [Create]: Status says which of the three forms it has.
type CreateData struct {
	Status            string
	Code              Code // but of a failure
	CrDate            time.Time
	EncodedSignedCode string // of a success: a signed code in base64
	Message           string // of a failure
}

func (d CreateData) AppendData(b []byte) []byte {
	form := createForms[d.Status]
	b = verifications.Begin(b, "creData")
	b = wire.AppendStart(b, form)
	if d.Status != NonCompliant {
		b = d.Code.append(b)
	}
	b = appendStatus(b, "nv:status", d.Status)
	b = wire.AppendTime(b, "nv:crDate", d.CrDate)
	switch d.Status {
	case Compliant:
		b = wire.AppendElement(b, "nv:encodedSignedCode", d.EncodedSignedCode)
	case NonCompliant:
		b = wire.AppendElement(b, "nv:msg", d.Message)
	}
	b = wire.AppendEnd(b, form)
	return append(b, "</nv:creData>"...)
}

// createForms are the elements by status.
var createForms = map[string]string{Compliant: "nv:success", PendingCompliant: "nv:pending", NonCompliant: "nv:failed"}

// ParseCreateData reads the answer to [Create].
func ParseCreateData(e *wire.Element) (d CreateData, err error) {
	if err = verifications.Expect(e, "creData"); err != nil {
		return d, err
	}
	for status, tag := range createForms {
		form := e.Child(NS, tag[len("nv:"):])
		if form == nil {
			continue
		}
		d = CreateData{Status: status, Code: parseCode(form), EncodedSignedCode: form.ChildText(NS, "encodedSignedCode"), Message: form.ChildText(NS, "msg")}
		if s := form.Child(NS, "status").Attr("s"); s != status {
			return d, verifications.Fail(e, wire.Invalid("status", s))
		}
		return d, verifications.ReadTimes(form, mapping.Times{"crDate": &d.CrDate})
	}
	return d, verifications.Fail(e, wire.Missing("success"))
}

// InfoData answers [Info]: a signed code, or the input that it is for.
type InfoData struct {
	Code              Code
	Status            string // "" if the provider does not say
	EncodedSignedCode string
	Input             *Input // nil unless it was asked for
	AuthInfo          *epp.AuthInfo
}

func (d *InfoData) AppendData(b []byte) []byte {
	b = verifications.Begin(b, "infData")
	form := "nv:signedCode"
	if d.Input != nil {
		form = "nv:input"
	}
	b = wire.AppendStart(b, form)
	if d.Input != nil {
		b = d.Input.append(b)
	} else {
		b = d.Code.append(b)
		if d.Status != "" {
			b = appendStatus(b, "nv:status", d.Status)
		}
	}
	if d.AuthInfo != nil {
		b = epp.AppendAuthInfo(b, "nv", d.AuthInfo)
	}
	if d.Input == nil {
		b = wire.AppendElement(b, "nv:encodedSignedCode", d.EncodedSignedCode)
	}
	b = wire.AppendEnd(b, form)
	return append(b, "</nv:infData>"...)
}

// ParseInfoData reads the answer to [Info].
func ParseInfoData(e *wire.Element) (*InfoData, error) {
	if err := verifications.Expect(e, "infData"); err != nil {
		return nil, err
	}
	d := &InfoData{}
	form := e.Child(NS, "signedCode")
	if form != nil {
		d.Code, d.Status = parseCode(form), form.Child(NS, "status").Attr("s")
		d.EncodedSignedCode = form.ChildText(NS, "encodedSignedCode")
	} else {
		if form = e.Child(NS, "input"); form == nil {
			return nil, verifications.Fail(e, wire.Missing("signedCode"))
		}
		input, err := parseInput(form)
		if err != nil {
			return nil, err
		}
		d.Input = &input
	}
	var err error
	if d.AuthInfo, err = epp.ParseAuthInfo(form, NS); err != nil {
		return nil, verifications.Fail(e, err)
	}
	return d, nil
}

// PendingData is the end of a verification that was pending; it comes as a poll
// message.
type PendingData struct {
	Code    Code
	Status  string // Compliant or NonCompliant
	Message string
	Date    time.Time
}

func (d PendingData) AppendData(b []byte) []byte {
	b = verifications.Begin(b, "panData")
	b = d.Code.append(b)
	b = appendStatus(b, "nv:paStatus", d.Status)
	b = wire.AppendElement(b, "nv:msg", d.Message)
	b = wire.AppendTime(b, "nv:paDate", d.Date)
	return append(b, "</nv:panData>"...)
}

// ParsePendingData reads the end of a pending verification.
func ParsePendingData(e *wire.Element) (d PendingData, err error) {
	if err = verifications.Expect(e, "panData"); err != nil {
		return d, err
	}
	d = PendingData{Code: parseCode(e), Status: e.Child(NS, "paStatus").Attr("s"), Message: e.ChildText(NS, "msg")}
	if d.Code.Value == "" {
		return d, verifications.Fail(e, wire.Missing("code"))
	}
	return d, verifications.ReadTimes(e, mapping.Times{"paDate": &d.Date})
}
