package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
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

// RequestTransfer asks the registry for a domain of another registrar's. The transfer
// password is sealed until the command is written. Its Result says how the transfer
// stands; how it ends comes by poll.
func (r *Registries) RequestTransfer(ctx context.Context, tx *store.Tx, registry, name string, years int, authInfo, subject string) error {
	return r.enqueue(ctx, tx, registry, order{
		kind: DomainTransferRequest, object: "domain:" + name, subject: subject, secret: authInfo, payload: Payload{Domain: name, Years: years},
	})
}

// QueryTransfer asks how a transfer stands that we have requested.
func (r *Registries) QueryTransfer(ctx context.Context, tx *store.Tx, registry, name, subject string) error {
	return r.enqueue(ctx, tx, registry, order{kind: DomainTransferQuery, object: "domain:" + name, lane: Bulk, subject: subject, payload: Payload{Domain: name}})
}

// CancelTransfer takes the request for a domain back.
func (r *Registries) CancelTransfer(ctx context.Context, tx *store.Tx, registry, name, subject string) error {
	return r.enqueue(ctx, tx, registry, order{kind: DomainTransferCancel, object: "domain:" + name, subject: subject, payload: Payload{Domain: name}})
}

// RejectTransfer refuses another registrar a domain of ours.
func (r *Registries) RejectTransfer(ctx context.Context, tx *store.Tx, registry, name, subject string) error {
	return r.enqueue(ctx, tx, registry, order{kind: DomainTransferReject, object: "domain:" + name, subject: subject, payload: Payload{Domain: name}})
}

// Elsewhere reads a domain of another registrar's at once, as far as its transfer
// password opens it; ours says that it is with us already. Faults:
// registry_unreachable, transfer_not_registered, transfer_auth_wrong. A registry that
// shows nothing to others answers nil.
func (r *Registries) Elsewhere(ctx context.Context, registry, name, authInfo string) (d *domain.InfoData, ours bool, err error) {
	resp, err := r.ask(ctx, registry, epp.Command{Body: domain.Info{Name: name, AuthInfo: &epp.AuthInfo{PW: authInfo}}})
	switch epp.CodeOf(err) {
	case epp.CodeNotExists:
		return nil, false, fault.At("domain", "transfer_not_registered").With("Domain", name)
	case epp.CodeAuthInfo:
		return nil, false, fault.At("auth_info", "transfer_auth_wrong").With("Domain", name)
	case epp.CodeAuthorization:
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if d, err = domain.ParseInfoData(resp.Data); err != nil {
		return nil, false, fmt.Errorf("registry %s: info: %w", registry, err)
	}
	return d, d.ClID == r.accounts[registry].ClientID, nil
}

// transferFrame writes one of the commands of a transfer.
func (r *Registries) transferFrame(c Command) (domain.Transfer, error) {
	t := domain.Transfer{Name: c.Payload.Domain}
	switch c.Kind {
	case DomainTransferQuery:
		t.Op = epp.TransferOpQuery
	case DomainTransferCancel:
		t.Op = epp.TransferOpCancel
	case DomainTransferReject:
		t.Op = epp.TransferOpReject
	default:
		secret, err := r.vault.Reveal(secretPlace(c.Payload.Seal), c.Secret)
		if err != nil {
			return t, err
		}
		t.Op, t.AuthInfo, t.Period = epp.TransferOpRequest, &epp.AuthInfo{PW: string(secret)}, domain.Years(c.Payload.Years)
	}
	return t, nil
}

// readTransfer makes a reply of the answer to a command of a transfer. A request that
// the registry has taken is done: its end is a message about the transfer, not the
// command.
func readTransfer(l *link, resp *epp.Response, out reply) reply {
	t, err := domain.ParseTransferData(resp.Data)
	if err != nil {
		return reply{lost: true, message: err.Error()}
	}
	out.outcome, out.transfer = OutcomeDone, transferOf(l, t)
	return out
}

// lookAtTransfer finds out whether a request for a transfer, or its taking back, was
// carried out.
func lookAtTransfer(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	resp, err := conn.Do(ctx, epp.Command{Body: domain.Transfer{Op: epp.TransferOpQuery, Name: c.Payload.Domain}})
	switch epp.CodeOf(err) {
	case epp.CodeNotPendingTransfer, epp.CodeAuthorization: // nobody's transfer, or another's
		return lookAtSponsor(ctx, l, conn, c)
	case epp.CodeNotExists:
		return readError(err)
	}
	if err != nil {
		return unsettled(err)
	}
	d, err := domain.ParseTransferData(resp.Data)
	if err != nil {
		return unreadable(err)
	}
	t := transferOf(l, d)
	switch {
	case !t.Incoming, t.Pending() && c.Kind == DomainTransferCancel:
		return notYet(c)
	case !t.Pending() && c.Kind == DomainTransferRequest && d.ReDate.Before(c.CreatedAt.Add(-clockSkew)):
		return notYet(c) // the end of an earlier request of ours
	}
	rep := carriedOut(nil)
	rep.transfer = t
	return rep
}

// lookAtRejection finds out whether a transfer that was refused is still pending. How it has
// ended, if it has, is said by the registry.
func lookAtRejection(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	resp, err := conn.Do(ctx, epp.Command{Body: domain.Transfer{Op: epp.TransferOpQuery, Name: c.Payload.Domain}})
	switch epp.CodeOf(err) {
	case epp.CodeNotPendingTransfer, epp.CodeAuthorization:
		return carriedOut(nil)
	case epp.CodeNotExists:
		return readError(err)
	}
	if err != nil {
		return unsettled(err)
	}
	d, err := domain.ParseTransferData(resp.Data)
	if err != nil {
		return unreadable(err)
	}
	t := transferOf(l, d)
	if t.Pending() {
		return notYet(c)
	}
	rep := carriedOut(nil)
	rep.transfer = t
	return rep
}

// lookAtSponsor tells a transfer that has gone through, of which a registry does not
// speak any more, from one that was never asked for.
func lookAtSponsor(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	resp, err := conn.Do(ctx, epp.Command{Body: domain.Info{Name: c.Payload.Domain}})
	switch epp.CodeOf(err) {
	case epp.CodeAuthorization:
		return notYet(c)
	case epp.CodeNotExists:
		return readError(err)
	}
	if err != nil {
		return unsettled(err)
	}
	d, err := domain.ParseInfoData(resp.Data)
	if err != nil {
		return unreadable(err)
	}
	if d.ClID != l.ClientID {
		return notYet(c)
	}
	rep := carriedOut(nil)
	rep.transfer = &Transfer{Incoming: true, Gaining: l.ClientID, Status: epp.TransferServerApproved}
	return rep
}
