// Package changepoll is the change poll extension of EPP (RFC 8590): how a
// registry tells the sponsoring registrar that it has changed an object on its
// own, such as putting a domain on serverHold.
//
// The extension comes with a poll message whose data is the object's state,
// before or after the change. A registrar that did not declare [NS] at login may
// not get it.
//
// It tells what a registry says, as it says it: it never concludes a cause that
// the message does not name.
package changepoll

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:changePoll-1.0"

// Values of ChangeData.State.
const (
	Before = "before"
	After  = "after"
)

// Operations of RFC 8590 section 2.1. With Custom, ChangeData.Op names it.
const (
	Create     = "create"
	Delete     = "delete"
	Renew      = "renew"
	Transfer   = "transfer"
	Update     = "update"
	Restore    = "restore"
	AutoRenew  = "autoRenew"
	AutoDelete = "autoDelete"
	AutoPurge  = "autoPurge"
	Custom     = "custom"
)

// ChangeData describes one change by the registry.
type ChangeData struct {
	State      string // Before or After: which state of the object the message shows
	Operation  string
	Op         string // a finer name of the operation; required with Custom
	Date       time.Time
	SvTRID     string // the registry's transaction
	Who        string
	CaseType   string // "udrp", "urs" or "custom"; "" if there is no case
	CaseName   string
	CaseID     string
	Reason     string // at most 32 characters
	ReasonLang string // "" is "en"
}

func (ChangeData) Namespace() string { return NS }

func (d ChangeData) AppendExtension(b []byte) []byte {
	b = append(b, `<changePoll:changeData xmlns:changePoll="`+NS+`"`...)
	b = wire.AppendAttr(b, "state", d.State)
	b = append(b, "><changePoll:operation"...)
	if d.Op != "" {
		b = wire.AppendAttr(b, "op", d.Op)
	}
	b = append(b, '>')
	b = wire.AppendText(b, d.Operation)
	b = append(b, "</changePoll:operation>"...)
	b = wire.AppendTime(b, "changePoll:date", d.Date)
	b = wire.AppendElement(b, "changePoll:svTRID", d.SvTRID)
	b = wire.AppendElement(b, "changePoll:who", d.Who)
	b = d.appendCase(b)
	if d.Reason != "" {
		b = append(b, "<changePoll:reason"...)
		if d.ReasonLang != "" {
			b = wire.AppendAttr(b, "lang", d.ReasonLang)
		}
		b = append(b, '>')
		b = wire.AppendText(b, d.Reason)
		b = append(b, "</changePoll:reason>"...)
	}
	return append(b, "</changePoll:changeData>"...)
}

func (d ChangeData) appendCase(b []byte) []byte {
	if d.CaseType == "" {
		return b
	}
	b = append(b, "<changePoll:caseId"...)
	b = wire.AppendAttr(b, "type", d.CaseType)
	if d.CaseName != "" {
		b = wire.AppendAttr(b, "name", d.CaseName)
	}
	b = append(b, '>')
	b = wire.AppendText(b, d.CaseID)
	return append(b, "</changePoll:caseId>"...)
}

// ParseChangeData reads a changePoll:changeData element.
func ParseChangeData(e *wire.Element) (ChangeData, error) {
	var d ChangeData
	if !e.Is(NS, "changeData") {
		return d, fmt.Errorf("changepoll: %w", wire.Missing("changeData"))
	}
	operation, caseID, reason := e.Child(NS, "operation"), e.Child(NS, "caseId"), e.Child(NS, "reason")
	d = ChangeData{
		State:      e.Attr("state"),
		Operation:  operation.Value(),
		Op:         operation.Attr("op"),
		SvTRID:     e.ChildText(NS, "svTRID"),
		Who:        e.ChildText(NS, "who"),
		CaseType:   caseID.Attr("type"),
		CaseName:   caseID.Attr("name"),
		CaseID:     caseID.Value(),
		Reason:     reason.Value(),
		ReasonLang: reason.Attr("lang"),
	}
	if d.State == "" {
		d.State = After // the schema's default
	}
	if d.Operation == "" {
		return d, fmt.Errorf("changepoll: %w", wire.Missing("operation"))
	}
	var err error
	if d.Date, err = wire.ChildTime(e, NS, "date"); err != nil {
		return d, fmt.Errorf("changepoll: %w", err)
	}
	return d, nil
}
