// Package accountcheck is how the desk verifies an account's own identity.
//
// An account has an identity verification of its own, separate from any domain's, which
// may come before a domain is registered. An outside system that knows the customer
// asserts it (account.AssertIdentity), or the customer asks the desk: they name a profile
// of theirs that is verified, and a reviewer who sees its form and its documents says
// whether the account is that holder's.
//
// It promises one open request an account. What a profile's own review has decided stays
// as it is.
package accountcheck

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// Kind is the kind of its cases at the desk; their subjects are profile versions.
const Kind review.Kind = "account_identity"

// Checks asks the desk about accounts.
type Checks struct {
	store    *store.Store
	policies *policy.Policies
	accounts *account.Accounts
	profiles *profile.Profiles
	reviews  *review.Reviews
}

var (
	_ review.Reversible = (*Checks)(nil)
	_ review.Documented = (*Checks)(nil)
)

// New returns the checks of s and registers them as a subject of reviews.
func New(s *store.Store, p *policy.Policies, as *account.Accounts, ps *profile.Profiles, r *review.Reviews) *Checks {
	cs := &Checks{store: s, policies: p, accounts: as, profiles: ps, reviews: r}
	r.Register(Kind, cs)
	return cs
}

// Submit asks the desk to verify the actor's account as the holder of a verified profile.
// Faults: those of profile.Proven, account_verified_already, review_open.
func (cs *Checks) Submit(ctx context.Context, a actor.Actor, publicID string) error {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return err
	}
	err := cs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		switch err := cs.accounts.RequireVerified(ctx, tx, a.Account); {
		case err == nil:
			return fault.New(fault.Conflict, "account_verified_already")
		case fault.Code(err) != "account_unverified":
			return err
		}
		p, v, err := cs.profiles.Proven(ctx, tx, a.Account, publicID)
		if err != nil {
			return err
		}
		if last, _, err := review.LatestFor(ctx, tx, Kind, a.Account); err == nil && !last.Ended() {
			return fault.New(fault.Conflict, "review_open")
		} else if err != nil && !store.IsNotFound(err) {
			return err
		}
		c, err := cs.reviews.Submit(ctx, tx, a, review.Submission{
			Account: a.Account, Kind: Kind, Subject: v.ID, Authority: review.Desk, Title: v.Holder(p), Days: cs.policies.Limits.Review[policy.Common].Usual,
		})
		if err != nil {
			return err
		}
		expected := c.ExpectedAt.Add(-time.Second).In(cs.policies.Calendar.Zone()).Format(time.DateOnly)
		if err := event.Append(ctx, tx, a.Account, "account.submitted", c.PublicID, map[string]string{"Expected": expected}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "account.submit", c.PublicID, map[string]string{"profile": p.PublicID})
	})
	return wrap("submit", err)
}

// Latest returns the newest request of the actor's account and its reasons; nil when
// there is none.
func (cs *Checks) Latest(ctx context.Context, a actor.Actor) (*review.Case, []review.Reason, error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return nil, nil, err
	}
	c, reasons, err := review.LatestFor(ctx, cs.store.R, Kind, a.Account)
	if store.IsNotFound(err) {
		return nil, nil, nil
	}
	return &c, reasons, wrap("latest", err)
}

// Papers lists the pictures that a reviewer opens: those of the profile.
func (cs *Checks) Papers(ctx context.Context, db bun.IDB, subject int64) ([]string, error) {
	return cs.profiles.Papers(ctx, db, subject)
}

// Decided takes the desk's verdict, in the unit of work of the decision. An account that
// was verified from elsewhere meanwhile is verified anew, by the desk.
func (cs *Checks) Decided(ctx context.Context, tx *store.Tx, _ int64, passed bool, c review.Case, reasons []review.Reason) error {
	if passed {
		by := actor.Actor{ID: c.DecidedBy, Account: c.AccountID}
		_, err := cs.accounts.Assert(ctx, tx, by, c.AccountID, account.Assertion{Verified: true, Source: review.Desk, Evidence: c.PublicID})
		return wrap("decided", err)
	}
	return wrap("decided", tellFailed(ctx, tx, c, reasons))
}

func tellFailed(ctx context.Context, tx *store.Tx, c review.Case, reasons []review.Reason) error {
	data := map[string]string{}
	if len(reasons) > 0 {
		data["Reason"] = reasons[0].Code
	}
	return event.Append(ctx, tx, c.AccountID, "account.failed", c.PublicID, data)
}

// Reversed takes the desk's word for an account back. Fault: account_verified_elsewhere
// when it does not rest on that word any more.
func (cs *Checks) Reversed(ctx context.Context, tx *store.Tx, _ int64, c review.Case, reasons []review.Reason) error {
	switch rests, err := cs.accounts.RestsOn(ctx, tx, c.AccountID, review.Desk, c.PublicID); {
	case err != nil:
		return wrap("reversed", err)
	case !rests:
		return fault.New(fault.Conflict, "account_verified_elsewhere")
	}
	by := actor.Actor{ID: c.ReversedBy, Account: c.AccountID}
	if _, err := cs.accounts.Assert(ctx, tx, by, c.AccountID, account.Assertion{Source: review.Desk, Evidence: c.PublicID}); err != nil {
		return wrap("reversed", err)
	}
	return wrap("reversed", tellFailed(ctx, tx, c, reasons))
}

// Reopened has the desk look at an account again that it did not verify. Faults:
// account_verified_already, review_superseded.
func (cs *Checks) Reopened(ctx context.Context, tx *store.Tx, _ int64, c review.Case) error {
	switch err := cs.accounts.RequireVerified(ctx, tx, c.AccountID); {
	case err == nil:
		return fault.New(fault.Conflict, "account_verified_already")
	case fault.Code(err) != "account_unverified":
		return err
	}
	switch last, _, err := review.LatestFor(ctx, tx, Kind, c.AccountID); { // with another profile
	case err != nil:
		return wrap("reopened", err)
	case last.ID != c.ID:
		return fault.New(fault.Conflict, "review_superseded")
	}
	return wrap("reopened", event.Append(ctx, tx, c.AccountID, "account.reopened", c.PublicID, nil))
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("accountcheck: %s: %w", op, store.StaleFault(err))
}
