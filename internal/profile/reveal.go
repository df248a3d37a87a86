package profile

import (
	"context"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// RevealNumber returns the document number of a profile's present version in clear, to
// somebody of its account who has proved lately who they are. That it was looked at is on
// record before it is opened. It needs profile.reveal_number. Faults: proof_required,
// session_required (for an API key), profile_not_found, number_none.
func (ps *Profiles) RevealNumber(ctx context.Context, a actor.Actor, publicID string) (number string, err error) {
	if err := a.Check(actor.ProfileReveal); err != nil {
		return "", err
	}
	var v Version
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, v, err = ps.Current(ctx, tx, a.Account, publicID); err != nil {
			return err
		}
		// Only now: somebody else's profile is not found, however long ago they signed in.
		if err := a.CheckProved(tx.Now()); err != nil {
			return err
		}
		if len(v.NumberSealed) == 0 {
			return fault.New(fault.NotFound, "number_none")
		}
		return audit.Record(ctx, tx, a, "profile.reveal_number", publicID, map[string]string{"version": v.PublicID})
	})
	if err != nil {
		return "", wrap("reveal number", err)
	}
	number, err = ps.number(v)
	return number, wrap("reveal number", err)
}
