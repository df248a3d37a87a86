package profile

import (
	"context"
	"errors"
	"slices"
	"strings"

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
// other row says why not. A row that is there already makes none, so that a file may be
// sent again: one whose holder and number a profile of the same kind has, or, without a
// number, one that says nothing else than such a profile. A number that is masked, as
// exports have it, stands for the one of a profile of that holder.
func (ps *Profiles) CreateMany(ctx context.Context, a actor.Actor, rows []Row) ([]Outcome, error) {
	out, err := ps.many(ctx, a, rows, func(context.Context, *store.Tx) error { return nil }, nil)
	return out, wrap("create many", err)
}

// TryMany says what CreateMany would do, and changes nothing. before is how many profiles
// would have been made by then: they count against the limit of the account.
func (ps *Profiles) TryMany(ctx context.Context, a actor.Actor, rows []Row, before int) ([]Outcome, error) {
	room := func(ctx context.Context, tx *store.Tx) error { return ps.withinLimit(ctx, tx, a.Account, before) }
	out, err := ps.many(ctx, a, rows, room, errDryRun)
	if errors.Is(err, errDryRun) {
		err = nil
	}
	tried := map[string]bool{} // what there was none of before, and is none of now
	for i := range out {
		if id := out[i].PublicID; !out[i].Existing || tried[id] {
			tried[id], out[i].PublicID = true, ""
		}
	}
	return out, wrap("try many", err)
}

// many makes profiles where there is room, and ends its unit of work with end.
func (ps *Profiles) many(ctx context.Context, a actor.Actor, rows []Row, room func(context.Context, *store.Tx) error, end error) (out []Outcome, err error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return nil, err
	}
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		out = out[:0]
		for _, r := range rows {
			made, err := ps.createOne(ctx, tx, a, r, room)
			if made.Err = fault.From(err); err != nil && made.Err.Kind == fault.Internal {
				return err
			}
			out = append(out, made)
		}
		return end
	})
	return out, err
}

func (ps *Profiles) createOne(ctx context.Context, tx *store.Tx, a actor.Actor, r Row, room func(context.Context, *store.Tx) error) (Outcome, error) {
	p, v, wrong := ps.new(a, r.Accreditation, r.Kind, r.HolderType, r.Draft)
	if wrong != nil && fault.From(wrong).Kind == fault.Internal {
		return Outcome{}, wrong
	}
	// What is there already may be incomplete, and its number masked: it comes before what is wrong with the row.
	switch there, err := ps.sameAs(ctx, tx, p, v, r.Draft.Fields["document_number"]); {
	case err != nil:
		return Outcome{}, err
	case there != "":
		return Outcome{PublicID: there, Existing: true}, nil
	case wrong != nil:
		return Outcome{}, wrong
	}
	if err := room(ctx, tx); err != nil {
		return Outcome{}, err
	}
	if err := ps.add(ctx, tx, a, &p, &v, r.Draft.Default); err != nil {
		return Outcome{}, err
	}
	return Outcome{PublicID: p.PublicID}, nil
}

// sameAs returns the public id of the profile that a row would make again, "" when there is
// none. typed is the row's document number.
func (ps *Profiles) sameAs(ctx context.Context, tx *store.Tx, p Profile, v Version, typed *string) (string, error) {
	term, same := "", func(w Version) bool { return p.Compare(w, v).None() }
	for _, t := range terms(p, v) { // the longest is the rarest, an address aside: many profiles may share one
		if len(t) > len(term) && t[0] != '@' {
			term = t
		}
	}
	switch {
	case len(v.NumberHash) > 0:
		term, same = numberTerm(v.NumberHash), func(Version) bool { return true }
	case typed != nil && *typed != "":
		mask := strings.TrimSpace(*typed)
		same = func(w Version) bool { return w.NumberMask == mask && w.Fields.DocumentKind == v.Fields.DocumentKind }
	}
	if term == "" || v.HolderFold == "" {
		return "", nil
	}
	var there []Version
	err := tx.NewSelect().Model(&there).Where("holder_fold = ?", v.HolderFold).Where(`id IN (SELECT p.version_id FROM profile_term t JOIN profile p ON p.id = t.profile_id
		WHERE t.account_id = ? AND t.term = ? AND p.accreditation = ? AND p.kind = ? AND p.holder_type = ? AND p.deleted_at IS NULL)`,
		p.AccountID, term, p.Accreditation, p.Kind, p.HolderType).OrderExpr("profile_id").Scan(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(there, same)
	if i < 0 {
		return "", nil
	}
	var publicID string
	err = tx.NewRaw("SELECT public_id FROM profile WHERE id = ?", there[i].ProfileID).Scan(ctx, &publicID)
	return publicID, err
}
