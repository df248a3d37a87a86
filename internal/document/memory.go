package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/screen"
)

// Reject remembers that a review refused these pictures for what they show: their
// account is told when it shows them again, and reviewers when anybody does.
func Reject(ctx context.Context, tx *store.Tx, ids []int64, reason string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.NewRaw("UPDATE document SET rejected_at = ?, rejected_reason = ? WHERE id IN (?)", store.At(tx.Now()), reason, bun.List(ids)).Exec(ctx)
	return wrap("reject", err)
}

// Unreject forgets that the review which ended at a time refused these pictures: its verdict
// was taken back. What another review refused stays refused; a picture that was shown again
// since is not said to have been refused any more.
func (ds *Documents) Unreject(ctx context.Context, tx *store.Tx, ids []int64, at store.Time) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.NewRaw("UPDATE document SET rejected_at = NULL, rejected_reason = '' WHERE id IN (?) AND rejected_at = ?", bun.List(ids), at).Exec(ctx)
	if err != nil {
		return wrap("unreject", err)
	}
	var again []Document
	err = tx.NewSelect().Model(&again).Where("account_id IN (SELECT account_id FROM document WHERE id IN (?))", bun.List(ids)).
		Where("CAST(findings AS TEXT) LIKE ?", "%"+refusedBeforeCode+"%").Scan(ctx)
	if err != nil {
		return wrap("unreject", err)
	}
	for _, d := range again {
		before, err := ds.refusedBefore(ctx, tx, d, decodePrint(d.Fingerprint))
		if err != nil {
			return err
		}
		if len(before) > 0 {
			continue
		}
		d.acquit()
		if _, err := tx.NewUpdate().Model(&d).Column("findings", "verdict", "contested").WherePK().Exec(ctx); err != nil {
			return wrap("unreject", err)
		}
	}
	return nil
}

// acquit takes from a picture that it was refused before. Where nothing else spoke against
// it, nobody had to be asked to look.
func (d *Document) acquit() {
	d.Findings = slices.DeleteFunc(d.Findings, func(f Finding) bool { return f.Code == refusedBeforeCode })
	verdict := screen.Pass
	for _, f := range d.Findings {
		switch {
		case f.Severity == string(screen.Error):
			verdict = screen.Reject
		case verdict == screen.Pass:
			verdict = screen.Warned
		}
	}
	d.Verdict, d.Contested = string(verdict), d.Contested && verdict == screen.Reject
}

// refusedBeforeCode is the finding of a picture that a review has refused before.
const refusedBeforeCode = "same_image_already_rejected"

// remembered is how many of an account's refused pictures of a kind a new one is
// compared with.
const remembered = 200

// refusedBefore finds a picture among those of its account that reviews have refused: the
// same file, or the same picture saved again. What another account has shown is for
// reviewers only (SeenElsewhere).
func (ds *Documents) refusedBefore(ctx context.Context, db bun.IDB, d Document, print screen.Fingerprint) ([]Finding, error) {
	var refused []Document
	err := db.NewSelect().Model(&refused).Where("sha256 = ?", d.SHA256).Where("account_id = ?", d.AccountID).Where("rejected_at IS NOT NULL").OrderExpr("id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, wrap("refused before", err)
	}
	if len(refused) > 0 {
		return ds.sameAs(refused[0]), nil
	}
	if print.Zero() {
		return nil, nil
	}
	err = db.NewSelect().Model(&refused).Where("account_id = ?", d.AccountID).Where("kind = ?", d.Kind).Where("rejected_at IS NOT NULL").OrderExpr("id DESC").Limit(remembered).Scan(ctx)
	if err != nil {
		return nil, wrap("refused before", err)
	}
	for _, r := range refused {
		if there := decodePrint(r.Fingerprint); !there.Zero() && print.Likeness(&there) >= screen.SamePicture {
			return ds.sameAs(r), nil
		}
	}
	return nil, nil
}

// Refused is what is to be said of a picture that a review has refused and that is still
// there, nothing of another.
func (ds *Documents) Refused(d Document) []Finding {
	if d.RejectedAt.IsZero() {
		return nil
	}
	return ds.sameAs(d)
}

func (ds *Documents) sameAs(refused Document) []Finding {
	day := refused.RejectedAt.In(ds.policies.Calendar.Zone()).Format(time.DateOnly)
	return []Finding{{Code: refusedBeforeCode, Severity: string(screen.Error), Params: map[string]string{"Date": day, "Reason": refused.RejectedReason}}}
}

func encodePrint(p screen.Fingerprint) []byte {
	if p.Zero() {
		return nil
	}
	var buf bytes.Buffer
	_ = binary.Write(&buf, binary.BigEndian, p)
	return buf.Bytes()
}

// decodePrint is zero for what is no fingerprint of ours.
func decodePrint(b []byte) (p screen.Fingerprint) {
	if err := binary.Read(bytes.NewReader(b), binary.BigEndian, &p); err != nil {
		return screen.Fingerprint{}
	}
	return p
}
