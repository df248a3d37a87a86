package document

import (
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// Elsewhere says where else pictures have been seen. It crosses accounts: what it says
// is for reviewers only.
type Elsewhere struct {
	// Others is that another account has one of them, Rejected that a review refused one
	// before, in whichever account.
	Others, Rejected bool
}

// Flags say why a review of pictures of an account wants special care: contested (the
// registrant asked a person to look past screening), picture_elsewhere and
// picture_rejected_before. Some are about other accounts: they are for reviewers only.
func Flags(ctx context.Context, db bun.IDB, account int64, pictures []Document) (out []string, err error) {
	if slices.ContainsFunc(pictures, func(d Document) bool { return d.Contested }) {
		out = append(out, "contested")
	}
	seen, err := SeenElsewhere(ctx, db, account, pictures)
	if seen.Others {
		out = append(out, "picture_elsewhere")
	}
	if seen.Rejected {
		out = append(out, "picture_rejected_before")
	}
	return out, err
}

// SeenElsewhere looks for pictures of the same bytes or the same look as those of an
// account.
func SeenElsewhere(ctx context.Context, db bun.IDB, account int64, pictures []Document) (e Elsewhere, err error) {
	for _, d := range pictures {
		var rows []struct {
			AccountID int64
			Rejected  bool
		}
		err := db.NewRaw(`SELECT account_id, rejected_at IS NOT NULL AS rejected FROM document WHERE sha256 = ?
			UNION SELECT account_id, rejected_at IS NOT NULL FROM document WHERE fingerprint = ? AND kind = ?`, d.SHA256, d.Fingerprint, d.Kind).Scan(ctx, &rows)
		if err != nil {
			return e, wrap("elsewhere", err)
		}
		for _, r := range rows {
			e.Others = e.Others || r.AccountID != account
			e.Rejected = e.Rejected || r.Rejected
		}
	}
	return e, nil
}
