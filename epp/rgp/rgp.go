// Package rgp is the grace period extension of EPP (RFC 3915): in which grace
// period a domain is, and how a deleted one is restored.
//
// [Update] goes with an otherwise empty domain.Update: first a restore request,
// then, where the registry wants one, the report. [Data] comes with the answers
// to info and to a restore. [PollData] is Verisign's poll message about a domain
// whose restore report is still missing.
//
// These periods are about money and time. They say nothing about whether a
// holder is verified.
package rgp

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Namespaces of the extension and of Verisign's poll message.
const (
	NS     = "urn:ietf:params:xml:ns:rgp-1.0"
	NSPoll = "http://www.verisign.com/epp/rgp-poll-1.0"
)

// The grace period statuses (RFC 3915 section 3.1).
const (
	AddPeriod        = "addPeriod"        // a deletion now is refunded
	AutoRenewPeriod  = "autoRenewPeriod"  // after the registry renewed by itself
	RenewPeriod      = "renewPeriod"      // after a renewal
	TransferPeriod   = "transferPeriod"   // after a transfer
	RedemptionPeriod = "redemptionPeriod" // deleted, can be restored
	PendingRestore   = "pendingRestore"   // restored, the report is due
	PendingDelete    = "pendingDelete"    // gone soon, beyond recall
)

// Values of Update.Op.
const (
	Request = "request"
	Report  = "report"
)

// Update restores a deleted domain.
type Update struct {
	Op     string
	Report *RestoreReport // with Report; some registries take it with the request
}

// RestoreReport says why a domain was restored (RFC 3915 section 4.2.5).
type RestoreReport struct {
	PreData    string // the registration before the deletion
	PostData   string // and after the restore
	DelTime    time.Time
	ResTime    time.Time
	ResReason  string
	Statements [2]string // the two assurances that section 4.2.5 words
	Other      string
}

func (Update) Namespace() string { return NS }

// Billable reports whether registries charge for the restore.
func (u Update) Billable() bool { return u.Op == Request }

func (u Update) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "rgp", "update", NS)
	b = append(b, "<rgp:restore"...)
	b = wire.AppendAttr(b, "op", u.Op)
	if u.Report == nil {
		return append(b, "/></rgp:update>"...)
	}
	b = append(b, '>')
	b = u.Report.append(b)
	return append(b, "</rgp:restore></rgp:update>"...)
}

func (r *RestoreReport) append(b []byte) []byte {
	b = append(b, "<rgp:report>"...)
	b = wire.AppendElement(b, "rgp:preData", r.PreData)
	b = wire.AppendElement(b, "rgp:postData", r.PostData)
	b = wire.AppendTime(b, "rgp:delTime", r.DelTime)
	b = wire.AppendTime(b, "rgp:resTime", r.ResTime)
	b = wire.AppendElement(b, "rgp:resReason", r.ResReason)
	for _, s := range r.Statements {
		b = wire.AppendElement(b, "rgp:statement", s)
	}
	b = wire.AppendOptional(b, "rgp:other", r.Other)
	return append(b, "</rgp:report>"...)
}

// ParseUpdate reads an rgp:update element.
func ParseUpdate(e *wire.Element) (u Update, err error) {
	if !e.Is(NS, "update") {
		return u, fmt.Errorf("rgp: %w", wire.Missing("update"))
	}
	restore := e.Child(NS, "restore")
	if restore == nil {
		return u, fmt.Errorf("rgp:update: %w", wire.Missing("restore"))
	}
	if u.Op = restore.Attr("op"); u.Op != Request && u.Op != Report {
		return u, fmt.Errorf("rgp:update: %w", wire.Invalid("op", u.Op))
	}
	report := restore.Child(NS, "report")
	if report == nil {
		return u, nil
	}
	if u.Report, err = parseReport(report); err != nil {
		return u, fmt.Errorf("rgp:report: %w", err)
	}
	return u, nil
}

func parseReport(e *wire.Element) (*RestoreReport, error) {
	r := &RestoreReport{
		PreData:   e.ChildText(NS, "preData") + e.ChildText(NS, "preWhois"),
		PostData:  e.ChildText(NS, "postData") + e.ChildText(NS, "postWhois"),
		ResReason: e.ChildText(NS, "resReason"),
		Other:     e.ChildText(NS, "other"),
	}
	n := 0
	for _, c := range e.Children {
		if c.Is(NS, "statement") && n < len(r.Statements) {
			r.Statements[n] = c.Value()
			n++
		}
	}
	if r.ResReason == "" {
		return nil, wire.Missing("resReason")
	}
	if n == 0 {
		return nil, wire.Missing("statement")
	}
	var err error
	if r.DelTime, err = wire.ChildTime(e, NS, "delTime"); err != nil {
		return nil, err
	}
	r.ResTime, err = wire.ChildTime(e, NS, "resTime")
	return r, err
}

// Data is the grace periods of a domain.
type Data struct {
	Restored bool // it answers a restore, not an info
	Statuses []epp.Status
}

// Has reports whether the domain is in a grace period.
func (d Data) Has(status string) bool { return epp.HasStatus(d.Statuses, status) }

func (Data) Namespace() string { return NS }

func (d Data) AppendExtension(b []byte) []byte {
	local := "infData"
	if d.Restored {
		local = "upData"
	}
	b = wire.AppendRoot(b, "rgp", local, NS)
	b = epp.AppendStatuses(b, "rgp:rgpStatus", d.Statuses)
	return wire.AppendEnd(b, "rgp:"+local)
}

// ParseData reads an rgp:infData or rgp:upData element.
func ParseData(e *wire.Element) (d Data, err error) {
	if !e.Is(NS, "infData") && !e.Is(NS, "upData") {
		return d, fmt.Errorf("rgp: %w", wire.Missing("infData"))
	}
	return Data{e.Local == "upData", epp.ParseStatuses(e, NS, "rgpStatus")}, nil
}

// PollData is the data of Verisign's poll message about a restored domain.
type PollData struct {
	Name      string
	Status    string
	ReqDate   time.Time
	ReportDue time.Time
}

func (d PollData) AppendData(b []byte) []byte {
	b = wire.AppendRoot(b, "rgp-poll", "pollData", NSPoll)
	b = wire.AppendElement(b, "rgp-poll:name", d.Name)
	b = epp.AppendStatuses(b, "rgp-poll:rgpStatus", epp.Statuses(d.Status))
	b = wire.AppendTime(b, "rgp-poll:reqDate", d.ReqDate)
	b = wire.AppendTime(b, "rgp-poll:reportDueDate", d.ReportDue)
	return append(b, "</rgp-poll:pollData>"...)
}

// ParsePollData reads a rgp-poll:pollData element.
func ParsePollData(e *wire.Element) (d PollData, err error) {
	if !e.Is(NSPoll, "pollData") {
		return d, fmt.Errorf("rgp-poll: %w", wire.Missing("pollData"))
	}
	d.Name, d.Status = e.ChildText(NSPoll, "name"), e.Child(NSPoll, "rgpStatus").Attr("s")
	if d.ReqDate, err = wire.ChildTime(e, NSPoll, "reqDate"); err != nil {
		return d, fmt.Errorf("rgp-poll: %w", err)
	}
	if d.ReportDue, err = wire.ChildTime(e, NSPoll, "reportDueDate"); err != nil {
		return d, fmt.Errorf("rgp-poll: %w", err)
	}
	return d, nil
}
