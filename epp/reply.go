package epp

import (
	"github.com/verinym/verinym/epp/wire"
)

// Data is an object mapping's part of an answer, such as domain.InfoData.
type Data interface {
	AppendData(b []byte) []byte
}

// Reply is a server's answer to a command; [ParseResponse] reads it back.
type Reply struct {
	Code       int
	Message    string // "" is the text of RFC 5730
	Reasons    []Reason
	Queue      *MessageQueue
	Data       Data
	Extensions []Extension
	ClTRID     string
	SvTRID     string
}

// AppendXML appends the answer as a whole document, without the frame header.
func (r *Reply) AppendXML(b []byte) []byte {
	b = append(b, frameHead+`<response><result code="`...)
	b = wire.AppendInt(b, r.Code)
	b = append(b, '"', '>')
	b = wire.AppendElement(b, "msg", or(r.Message, CodeText(r.Code)))
	for _, reason := range r.Reasons {
		b = reason.append(b)
	}
	b = append(b, "</result>"...)
	if r.Queue != nil {
		b = r.Queue.append(b)
	}
	if r.Data != nil {
		b = append(b, "<resData>"...)
		b = r.Data.AppendData(b)
		b = append(b, "</resData>"...)
	}
	b = appendExtensions(b, r.Extensions)
	b = append(b, "<trID>"...)
	b = wire.AppendOptional(b, "clTRID", r.ClTRID)
	b = wire.AppendElement(b, "svTRID", r.SvTRID)
	return append(b, "</trID></response>"+frameTail...)
}

// append writes <extValue>, with an empty element where no value was at hand:
// the schema demands one.
func (r Reason) append(b []byte) []byte {
	b = append(b, "<extValue><value>"...)
	if r.Value != nil {
		b = r.Value.Append(b)
	} else {
		b = append(b, "<none/>"...)
	}
	b = append(b, "</value><reason"...)
	if r.Lang != "" {
		b = wire.AppendAttr(b, "lang", r.Lang)
	}
	b = append(b, '>')
	b = wire.AppendText(b, r.Text)
	return append(b, "</reason></extValue>"...)
}

func (q *MessageQueue) append(b []byte) []byte {
	b = append(b, `<msgQ count="`...)
	b = wire.AppendInt(b, q.Count)
	b = append(b, '"')
	b = wire.AppendAttr(b, "id", q.ID)
	b = append(b, '>')
	b = wire.AppendTime(b, "qDate", q.Date)
	if q.Message != "" {
		b = append(b, "<msg"...)
		if q.Lang != "" {
			b = wire.AppendAttr(b, "lang", q.Lang)
		}
		b = append(b, '>')
		b = wire.AppendText(b, q.Message)
		b = append(b, "</msg>"...)
	}
	return append(b, "</msgQ>"...)
}
