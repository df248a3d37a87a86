package profile

import (
	"cmp"
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ review.Reversible = (*Profiles)(nil)

// Reversed takes a verdict of success away from a version, for reasons. Domains that
// rest on it keep their verdicts, which are the registries'.
func (ps *Profiles) Reversed(ctx context.Context, tx *store.Tx, subject int64, c review.Case, reasons []review.Reason) error {
	p, v, err := ps.subject(ctx, tx, subject)
	if err != nil {
		return err
	}
	if v.State, err = Table.Next(v.State, Revoke); err != nil {
		return err
	}
	v.DecidedAt = store.At(tx.Now())
	if err := ps.learn(ctx, tx, &p, v, reasons); err != nil {
		return wrap("reversed", err)
	}
	if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
		return wrap("reversed", err)
	}
	return event.Append(ctx, tx, v.AccountID, "profile.failed", p.PublicID, map[string]string{"Authority": c.Authority, "Reason": reasons[0].Code})
}

// Reopened puts a version that failed in review again. Fault: profile_moved_on when
// the registrant has gone on with another version meanwhile.
func (ps *Profiles) Reopened(ctx context.Context, tx *store.Tx, subject int64, _ review.Case) error {
	p, v, err := ps.subject(ctx, tx, subject)
	if err != nil {
		return err
	}
	if p.VersionID != v.ID || !p.DeletedAt.IsZero() {
		return fault.New(fault.Conflict, "profile_moved_on")
	}
	if v.State, err = Table.Next(v.State, Reopen); err != nil {
		return err
	}
	if err := ps.unlearn(ctx, tx, &p, v); err != nil {
		return wrap("reopened", err)
	}
	v.DecidedAt = store.Time{}
	if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
		return wrap("reopened", err)
	}
	return event.Append(ctx, tx, v.AccountID, "profile.submitted", p.PublicID, nil)
}

func (ps *Profiles) subject(ctx context.Context, tx *store.Tx, version int64) (p Profile, v Version, err error) {
	if v, err = versionByID(ctx, tx, version); err != nil {
		return p, v, err
	}
	err = tx.NewSelect().Model(&p).Where("id = ?", v.ProfileID).Scan(ctx)
	return p, v, wrap("subject", err)
}

var _ review.Screened = (*Profiles)(nil)

// Findings are what screening and reading have found about a version's pictures.
func (ps *Profiles) Findings(ctx context.Context, db bun.IDB, subject int64) (out []review.Found, err error) {
	p, v, err := ps.ByVersion(ctx, db, subject)
	if err != nil {
		return nil, err
	}
	pictures, err := ps.attached(ctx, db, v)
	if err != nil {
		return nil, err
	}
	for _, d := range pictures {
		for _, f := range d.Findings {
			out = append(out, review.Found{Code: f.Code, Points: d.Side, Params: f.Params})
		}
	}
	doubts, err := ps.doubts(p, v, pictures)
	for _, d := range doubts {
		out = append(out, review.Found{Code: d.Code, Points: cmp.Or(d.Field, d.Side)})
	}
	return out, wrap("findings", err)
}

// flags say why the review of a version wants special care. They are never shown to
// the registrant: some are about other accounts.
func (ps *Profiles) flags(ctx context.Context, tx *store.Tx, v Version) (out []string, err error) {
	pictures, err := ps.attached(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	if out, err = document.Flags(ctx, tx, v.AccountID, pictures); err != nil || len(v.NumberHash) == 0 {
		return out, err
	}
	var others int
	err = tx.NewRaw("SELECT count(*) FROM (SELECT 1 FROM profile_version WHERE number_hash = ? AND account_id <> ? AND submitted_at IS NOT NULL LIMIT 1) o", v.NumberHash, v.AccountID).Scan(ctx, &others)
	if others > 0 {
		out = append(out, "number_elsewhere")
	}
	return out, wrap("flags", err)
}
