package profile

import (
	"context"
	"errors"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// Row is one of many profiles to be made.
type Row struct {
	Accreditation policy.Accreditation
	Kind          policy.ProfileKind
	HolderType    policy.HolderType
	Draft         Draft
}

// Outcome is what became of a row: a profile, one that was there already, or Err.
type Outcome struct {
	PublicID string
	Existing bool
	Err      *fault.Error
}

// errDryRun takes a unit of work back that was only tried.
var errDryRun = errors.New("dry run")

// CreateMany makes profiles in one unit of work: those that can be made are, and every
// other row says why not. A row whose holder and number a profile of the same kind
// already has makes none, so that a file may be sent again. A dry run changes nothing.
func (ps *Profiles) CreateMany(ctx context.Context, a actor.Actor, rows []Row, dryRun bool) ([]Outcome, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return nil, err
	}
	var out []Outcome
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		out = out[:0]
		for _, r := range rows {
			made, err := ps.createOne(ctx, tx, a, r)
			if made.Err = fault.From(err); err != nil && made.Err.Kind == fault.Internal {
				return err
			}
			if dryRun && !made.Existing {
				made.PublicID = ""
			}
			out = append(out, made)
		}
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return nil, wrap("create many", err)
	}
	return out, nil
}

func (ps *Profiles) createOne(ctx context.Context, tx *store.Tx, a actor.Actor, r Row) (Outcome, error) {
	p, v, err := ps.new(a, r.Accreditation, r.Kind, r.HolderType, r.Draft)
	if err != nil {
		return Outcome{}, err
	}
	if len(v.NumberHash) > 0 {
		var there string
		err := tx.NewRaw(`SELECT p.public_id FROM profile_term t JOIN profile p ON p.id = t.profile_id JOIN profile_version v ON v.id = p.version_id
			WHERE t.account_id = ? AND t.term = ? AND p.accreditation = ? AND p.kind = ? AND p.holder_type = ? AND v.holder_fold = ? AND p.deleted_at IS NULL
			ORDER BY p.id LIMIT 1`, a.Account, numberTerm(v.NumberHash), p.Accreditation, p.Kind, p.HolderType, v.HolderFold).Scan(ctx, &there)
		if err == nil {
			return Outcome{PublicID: there, Existing: true}, nil
		}
		if !store.IsNotFound(err) {
			return Outcome{}, err
		}
	}
	if err := ps.add(ctx, tx, a, &p, &v, r.Draft.Default); err != nil {
		return Outcome{}, err
	}
	return Outcome{PublicID: p.PublicID}, nil
}
