package registry

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
)

// Transfer is how a transfer of a domain between registrars stands.
type Transfer struct {
	// Incoming says that we have asked for the domain, and not another registrar.
	Incoming bool
	// Gaining and Losing are the registrars.
	Gaining, Losing string
	// Status is one of the epp.Transfer constants; Pending and Approved read it.
	Status string
	// ActBy is until when to act on a pending one, afterwards when it ended.
	ActBy time.Time
}

// Pending reports whether nobody has acted on the transfer.
func (t Transfer) Pending() bool { return t.Status == epp.TransferPending }

// Approved reports whether the domain has changed hands.
func (t Transfer) Approved() bool {
	return t.Status == epp.TransferClientApproved || t.Status == epp.TransferServerApproved
}

func transferOf(l *link, d domain.TransferData) *Transfer {
	return &Transfer{Incoming: d.ReID == l.ClientID, Gaining: d.ReID, Losing: d.AcID, Status: d.Status, ActBy: d.AcDate}
}
