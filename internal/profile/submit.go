package profile

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var (
	_ review.Subject    = (*Profiles)(nil)
	_ review.Documented = (*Profiles)(nil)
)

// Submit freezes the current version and opens its review with an authority; ""
// takes the one that policy names. Faults: everything that is missing, at once
// (email_unverified, document_missing, number_required, …); profile_state;
// authority_not_allowed.
func (ps *Profiles) Submit(ctx context.Context, a actor.Actor, publicID, authority string) (View, error) {
	return ps.SubmitFor(ctx, a, publicID, authority, "")
}

// SubmitFor is Submit of a profile that is meant for names under a suffix, by which
// the desk may look for it. One more fault: suffix_unsupported.
func (ps *Profiles) SubmitFor(ctx context.Context, a actor.Actor, publicID, authority, suffix string) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	if authority == "" {
		authority = ps.authorities.Default
	} else if authority != ps.authorities.Default && !slices.Contains(ps.authorities.Allowed, authority) {
		return View{}, fault.At("authority", "authority_not_allowed").With("Authority", authority)
	}
	var p Profile
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if p, err = find(ctx, tx, a.Account, publicID); err != nil {
			return err
		}
		v, err := versionByID(ctx, tx, p.VersionID)
		if err != nil {
			return err
		}
		if v.State == Failed {
			if v, err = ps.again(ctx, tx, &p, v); err != nil {
				return err
			}
		}
		if v.State, err = Table.Next(v.State, Submit); err != nil {
			return err
		}
		if err := ps.ready(ctx, tx, p, v); err != nil {
			return err
		}
		if suffix != "" {
			rule, err := ps.policies.RuleUnder(p.Accreditation, suffix)
			if err != nil {
				return err
			}
			suffix = rule.Suffix
		}
		v.SubmittedAt = store.At(tx.Now())
		var before int
		if err := tx.NewRaw("SELECT count(*) FROM profile_version WHERE profile_id = ? AND submitted_at IS NOT NULL", p.ID).Scan(ctx, &before); err != nil {
			return err
		}
		if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
			return err
		}
		if err := event.Append(ctx, tx, a.Account, "profile.submitted", p.PublicID, nil); err != nil {
			return err
		}
		flags, err := ps.flags(ctx, tx, v)
		if err != nil {
			return err
		}
		_, err = ps.reviews.Submit(ctx, tx, a, review.Submission{
			Account: a.Account, Kind: review.ProfileVersion, Subject: v.ID, Authority: authority,
			Title: holder(p, v.Fields) + " " + v.NumberMask, Suffix: suffix, Flags: flags,
			Magic:   v.Fields.HolderZh(p.HolderType) + "\n" + v.Fields.HolderEn(p.HolderType),
			Attempt: before + 1, Days: ps.policies.Limits.Review[p.Kind].Usual,
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "profile.submit", p.PublicID, map[string]string{"version": v.PublicID})
	})
	if err != nil {
		return View{}, wrap("submit", err)
	}
	return ps.view(ctx, ps.store.R, p)
}

// again returns a copy of a version whose review failed for no reason of the
// registrant's: it may be submitted as it is. Fault: profile_correct_first.
func (ps *Profiles) again(ctx context.Context, tx *store.Tx, p *Profile, v Version) (Version, error) {
	_, reasons, err := review.Latest(ctx, tx, review.ProfileVersion, v.ID)
	if err != nil {
		return v, err
	}
	for _, r := range reasons {
		if r.Retryable != "system" {
			return v, fault.New(fault.Conflict, "profile_correct_first")
		}
	}
	return ps.nextVersion(ctx, tx, p, v)
}

// holder is the name by which people speak of a profile.
func holder(p Profile, f Fields) string {
	if name := f.HolderZh(p.HolderType); name != "" {
		return name
	}
	return f.HolderEn(p.HolderType)
}

// Withdraw takes a submission back before it is decided. The version that was
// sent is kept as it was; the profile goes on with a copy of it.
func (ps *Profiles) Withdraw(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	var p Profile
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if p, err = find(ctx, tx, a.Account, publicID); err != nil {
			return err
		}
		v, err := versionByID(ctx, tx, p.VersionID)
		if err != nil {
			return err
		}
		if v.State, err = Table.Next(v.State, Cancel); err != nil {
			return err
		}
		if err := ps.reviews.Cancel(ctx, tx, a, review.ProfileVersion, v.ID); err != nil {
			return err
		}
		if _, err := ps.nextVersion(ctx, tx, &p, v); err != nil {
			return err
		}
		if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
			return err
		}
		return event.Append(ctx, tx, a.Account, "profile.withdrawn", p.PublicID, nil)
	})
	if err != nil {
		return View{}, wrap("withdraw", err)
	}
	return ps.view(ctx, ps.store.R, p)
}

// Papers lists the pictures of a version that can be opened.
func (ps *Profiles) Papers(ctx context.Context, db bun.IDB, subject int64) (out []string, err error) {
	v, err := versionByID(ctx, db, subject)
	if err != nil {
		return nil, err
	}
	have, err := ps.attached(ctx, db, v)
	for _, d := range have {
		if d.ErasedAt.IsZero() {
			out = append(out, d.PublicID)
		}
	}
	return out, err
}

// Decided takes a verdict on a version, in the unit of work of the decision.
func (ps *Profiles) Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, c review.Case, reasons []review.Reason) error {
	v, err := versionByID(ctx, tx, subject)
	if err != nil {
		return err
	}
	e, typ := Fail, event.Type("profile.failed")
	if passed {
		e, typ = Pass, "profile.verified"
	}
	if v.State, err = Table.Next(v.State, e); err != nil {
		return err
	}
	v.DecidedAt = store.At(tx.Now())
	var p Profile
	if err := tx.NewSelect().Model(&p).Where("id = ?", v.ProfileID).Scan(ctx); err != nil {
		return wrap("decided", err)
	}
	if passed { // what was asked for on the way has been answered
		p.RequestedSides = []string{}
	}
	if err := ps.learn(ctx, tx, &p, v, reasons); err != nil {
		return wrap("decided", err)
	}
	if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
		return wrap("decided", err)
	}
	if passed {
		if err := ps.watchDocument(ctx, tx, v); err != nil {
			return wrap("decided", err)
		}
	}
	data := map[string]string{"Authority": c.Authority}
	if len(reasons) > 0 {
		data["Reason"] = reasons[0].Code
	}
	return event.Append(ctx, tx, v.AccountID, typ, p.PublicID, data)
}
