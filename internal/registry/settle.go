package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/bug"
)

// lookAgain compares what a command in doubt wanted with what the registry has.
// The reply says done (it was carried out), again (it was not: send it), lost (the
// registry did not answer) or unsent (we cannot tell what to ask).
func (r *Registries) lookAgain(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	if bug.Seeded(bug.ResentBlindly) {
		return notYet(c)
	}
	switch c.Kind {
	case ContactCreate:
		return lookAtContact(ctx, l, conn, c)
	case ContactUpdate:
		return r.lookAtDetails(ctx, l, conn, c)
	case DomainCreate:
		return r.lookAtCreate(ctx, l, conn, c)
	case DomainRegistrant:
		return lookAtRegistrant(ctx, conn, c)
	case DomainTransferRequest, DomainTransferCancel:
		return lookAtTransfer(ctx, l, conn, c)
	case DomainTransferReject:
		return lookAtRejection(ctx, l, conn, c)
	case DomainHold, DomainRelease:
		return lookAtHold(ctx, conn, c)
	case DomainCodes:
		return r.lookAtCodes(ctx, l, conn, c)
	case NameCode, HolderCode:
		return r.lookAtCode(ctx, l, conn, c)
	case HostCreate:
		return lookAtHost(ctx, conn, c)
	}
	return notYet(c) // a question may be asked twice
}

func carriedOut(d *domain.InfoData) reply {
	return reply{outcome: OutcomeDone, code: epp.CodeOK, message: "settled by info", info: d}
}

// notYet is the reply for a command that the registry has not carried out. One
// that it had taken, and that is pending no more, was refused.
func notYet(c Command) reply {
	switch {
	case c.ResultCode == epp.CodePending:
		return reply{outcome: OutcomeRefused, code: epp.CodePolicy, message: "the registry took the command and did not carry it out"}
	case c.ResultCode >= epp.CodeUnknownCommand:
		r := reply{outcome: OutcomeRefused, again: true, code: c.ResultCode, message: c.Result["message"]}
		r.blameless = !r.counts()
		return r
	}
	return reply{outcome: OutcomeRefused, again: true, blameless: true, message: "not carried out; sent again"}
}

func lookAtContact(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	_, verdict := inspectContact(ctx, l, conn, c)
	switch {
	case verdict == nil:
		return carriedOut(nil)
	case verdict.code == epp.CodeNotExists:
		return notYet(c)
	}
	return *verdict
}

// lookAtDetails decides whether a contact says already what an update wanted it to say.
func (r *Registries) lookAtDetails(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	h, err := r.directory.Details(ctx, c.Payload.HolderRef)
	if err != nil {
		return unreadable(err)
	}
	d, verdict := inspectContact(ctx, l, conn, c)
	switch {
	case verdict != nil:
		return *verdict
	case says(d, detailsChange(c.Payload.Contact, h)):
		return carriedOut(nil)
	case d.Has(epp.PendingUpdate):
		return reply{outcome: OutcomePending, code: epp.CodePending, message: "pending at the registry"}
	}
	return notYet(c)
}

// inspectContact asks for the contact that a command in doubt is about. Where there is
// nothing to compare, verdict is the reply: it is not there, or another registrar's, or the
// registry did not say.
func inspectContact(ctx context.Context, l *link, conn *epp.Conn, c Command) (d *contact.InfoData, verdict *reply) {
	end := func(r reply) (*contact.InfoData, *reply) { return nil, &r }
	taken := reply{outcome: OutcomeRefused, code: epp.CodeExists, message: "the identifier belongs to another registrar"}
	resp, err := conn.Do(ctx, epp.Command{Body: contact.Info{ID: c.Payload.Contact}})
	switch epp.CodeOf(err) {
	case epp.CodeNotExists:
		return end(readError(err))
	case epp.CodeAuthorization:
		return end(taken)
	}
	if err != nil {
		return end(unsettled(err))
	}
	if d, err = contact.ParseInfoData(resp.Data); err != nil {
		return end(unreadable(err))
	}
	if d.ClID != l.ClientID {
		return end(taken)
	}
	return d, nil
}

// inspect asks for the domain that a command in doubt is about. Where there is nothing to
// compare, verdict is the reply: the domain is gone, or gone elsewhere, or the registry
// did not say.
func inspect(ctx context.Context, conn *epp.Conn, c Command, with ...epp.Extension) (d *domain.InfoData, resp *epp.Response, verdict *reply) {
	end := func(r reply) (*domain.InfoData, *epp.Response, *reply) { return nil, nil, &r }
	resp, err := conn.Do(ctx, epp.Command{Body: domain.Info{Name: c.Payload.Domain}, Extensions: with})
	switch epp.CodeOf(err) {
	case epp.CodeNotExists, epp.CodeAuthorization:
		return end(readError(err))
	}
	if err != nil {
		return end(unsettled(err))
	}
	if d, err = domain.ParseInfoData(resp.Data); err != nil {
		return end(unreadable(err))
	}
	return d, resp, nil
}

func lookAtRegistrant(ctx context.Context, conn *epp.Conn, c Command) reply {
	d, _, verdict := inspect(ctx, conn, c)
	if verdict != nil {
		return *verdict
	}
	switch {
	case d.Registrant == c.Payload.Registrant:
		return carriedOut(d)
	case d.Has(epp.PendingUpdate):
		return reply{outcome: OutcomePending, code: epp.CodePending, message: "pending at the registry"}
	}
	return notYet(c)
}

// lookAtCreate decides whether a name that exists was registered by the very
// command in doubt.
func (r *Registries) lookAtCreate(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	secret, err := r.vault.Reveal(secretPlace(c.Payload.Seal), c.Secret)
	if err != nil {
		return unreadable(err)
	}
	resp, err := conn.Do(ctx, epp.Command{Body: domain.Info{Name: c.Payload.Domain, AuthInfo: &epp.AuthInfo{PW: string(secret)}}})
	taken := reply{outcome: OutcomeRefused, code: epp.CodeExists, message: "the name is registered to somebody else"}
	switch epp.CodeOf(err) {
	case epp.CodeNotExists:
		return notYet(c)
	case epp.CodeAuthInfo, epp.CodeAuthorization:
		return taken
	}
	if err != nil {
		return unsettled(err)
	}
	d, err := domain.ParseInfoData(resp.Data)
	if err != nil {
		return unreadable(err)
	}
	switch {
	case !registeredBy(c, d, l, string(secret)):
		return taken
	case d.Has(epp.PendingCreate):
		return reply{outcome: OutcomePending, code: epp.CodePending, message: "pending at the registry"}
	}
	return carriedOut(d)
}

// clockSkew is how far a registry's clock may be from ours.
const clockSkew = 10 * time.Minute

// registeredBy reports whether a name at the registry is the work of command c:
// ours, with the registrant that c wanted, and with the password that c alone
// carried or, where the registry shows none, not older than c.
func registeredBy(c Command, d *domain.InfoData, l *link, secret string) bool {
	if d.ClID != l.ClientID || c.Payload.Registrant != "" && d.Registrant != c.Payload.Registrant {
		return false
	}
	if d.AuthInfo != nil && d.AuthInfo.PW != "" {
		return d.AuthInfo.PW == secret
	}
	return !d.CrDate.Before(c.CreatedAt.Add(-clockSkew))
}

// unsettled is the reply where the registry did not say how an object is.
func unsettled(err error) reply {
	return reply{lost: true, code: epp.CodeOf(err), message: fmt.Sprintf("cannot be asked: %v", err)}
}

// unreadable is the reply where we do not understand the object or ourselves.
func unreadable(err error) reply { return reply{unsent: true, message: err.Error()} }
