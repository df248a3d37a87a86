package registry

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
)

// lookAgain compares what a command in doubt wanted with what the registry has.
// The reply says done (it was carried out), again (it was not: send it), or lost
// (the registry cannot be asked now).
func (r *Registries) lookAgain(ctx context.Context, l *link, conn *epp.Conn, c Command) reply {
	carriedOut := reply{outcome: OutcomeDone, code: epp.CodeOK, message: "settled by info"}
	notYet := reply{outcome: OutcomeRefused, again: true, message: "not carried out; sent again"}
	switch c.Kind {
	case DomainInfo, ContactInfo:
		return notYet // a question may be asked twice
	case ContactCreate:
		resp, err := conn.Do(ctx, epp.Command{Body: contact.Info{ID: c.Payload.Contact}})
		if epp.CodeOf(err) == epp.CodeNotExists {
			return notYet
		}
		if err != nil {
			return unsettled(err)
		}
		d, err := contact.ParseInfoData(resp.Data)
		if err != nil {
			return unsettled(err)
		}
		if d.ClID != l.ClientID {
			return reply{outcome: OutcomeRefused, code: epp.CodeExists, message: "the identifier belongs to another registrar"}
		}
		return carriedOut
	case DomainCreate:
		return r.lookAtCreate(ctx, l, conn, c, carriedOut, notYet)
	case DomainRegistrant:
		resp, err := conn.Do(ctx, epp.Command{Body: domain.Info{Name: c.Payload.Domain}})
		if code := epp.CodeOf(err); code != 0 {
			return readError(err)
		}
		if err != nil {
			return unsettled(err)
		}
		d, err := domain.ParseInfoData(resp.Data)
		if err != nil {
			return unsettled(err)
		}
		if d.Registrant != c.Payload.Registrant {
			if d.Has(epp.PendingUpdate) {
				return reply{outcome: OutcomePending, code: epp.CodePending, message: "pending at the registry"}
			}
			return notYet
		}
		carriedOut.info = d
		return carriedOut
	}
	return notYet
}

// lookAtCreate decides whether a name that exists was registered by the very
// command in doubt: ours, with the registrant that we wanted, not older than the
// first sending, and with the authorisation that only this command carried.
func (r *Registries) lookAtCreate(ctx context.Context, l *link, conn *epp.Conn, c Command, carriedOut, notYet reply) reply {
	secret, err := r.vault.Reveal(secretPlace(c.Payload.Seal), c.Secret)
	if err != nil {
		return unsettled(err)
	}
	resp, err := conn.Do(ctx, epp.Command{Body: domain.Info{Name: c.Payload.Domain, AuthInfo: &epp.AuthInfo{PW: string(secret)}}})
	if epp.CodeOf(err) == epp.CodeNotExists {
		return notYet
	}
	taken := reply{outcome: OutcomeRefused, code: epp.CodeExists, message: "the name is registered to somebody else"}
	if code := epp.CodeOf(err); code == epp.CodeAuthInfo || code == epp.CodeAuthorization {
		return taken
	}
	if err != nil {
		return unsettled(err)
	}
	d, err := domain.ParseInfoData(resp.Data)
	if err != nil {
		return unsettled(err)
	}
	sameSecret := d.AuthInfo == nil || d.AuthInfo.PW == string(secret)
	if d.ClID != l.ClientID || d.Registrant != c.Payload.Registrant && l.Driver == "cnnic" || !sameSecret {
		return taken
	}
	carriedOut.info = d
	return carriedOut
}

func unsettled(err error) reply {
	return reply{lost: true, message: fmt.Sprintf("cannot be asked: %v", err)}
}
