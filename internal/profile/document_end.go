package profile

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
)

// documentEnd is when the end of the document behind a verified version is looked at next.
type documentEnd struct {
	bun.BaseModel `bun:"table:profile_document_end"`

	VersionID int64      `bun:",pk"`
	DueAt     store.Time `bun:",type:bigint"`
}

// DocumentEnds is when a document is not valid any more, the end of its last day in
// Asia/Shanghai; the zero time for one that does not end, or whose end nobody has typed.
func (ps *Profiles) DocumentEnds(v Version) time.Time {
	day, err := time.ParseInLocation(isoDay, v.Fields.ValidTo, ps.policies.Calendar.Zone())
	if err != nil || v.Fields.LongTerm {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1)
}

// watchDocument has the end of a verified version's document looked at.
func (ps *Profiles) watchDocument(ctx context.Context, tx *store.Tx, v Version) error {
	end := ps.DocumentEnds(v)
	if end.IsZero() {
		return nil
	}
	row := &documentEnd{VersionID: v.ID, DueAt: store.At(ps.beforeEnd(end))}
	_, err := tx.NewInsert().Model(row).On("CONFLICT (version_id) DO UPDATE SET due_at = EXCLUDED.due_at").Exec(ctx)
	return err
}

// beforeEnd is when the registrant is reminded of the end of a document.
func (ps *Profiles) beforeEnd(end time.Time) time.Time {
	return end.Add(-time.Duration(ps.policies.Limits.Documents.ExpiringSoon.Duration))
}

// TellDocumentEnds tells the registrants of up to n verified profiles that their document
// ends soon, or has ended, and returns how many it has looked at. Domains that rest on such
// a profile keep their verdicts, which the registries gave.
func (ps *Profiles) TellDocumentEnds(ctx context.Context, n int) (looked int, err error) {
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var rows []documentEnd
		err := tx.NewSelect().Model(&rows).Where("due_at <= ?", store.At(tx.Now())).OrderExpr("due_at, version_id").Limit(int64(n)).Scan(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := ps.tellDocumentEnd(ctx, tx, row); err != nil {
				return err
			}
		}
		looked = len(rows)
		return nil
	})
	return looked, wrap("tell document ends", err)
}

func (ps *Profiles) tellDocumentEnd(ctx context.Context, tx *store.Tx, row documentEnd) error {
	p, v, err := ps.subject(ctx, tx, row.VersionID)
	if err != nil {
		return err
	}
	counts := v.State == Verified && p.DeletedAt.IsZero()
	if counts && p.VersionID != v.ID { // names rest on it until a later one is verified
		latest, err := versionByID(ctx, tx, p.VersionID)
		if err != nil {
			return err
		}
		counts = latest.State != Verified
	}
	end, now := ps.DocumentEnds(v), tx.Now()
	var typ event.Type
	switch {
	case !counts || end.IsZero():
	case !now.Before(end):
		typ = "profile.document_expired"
	case !now.Before(ps.beforeEnd(end)):
		typ, row.DueAt = "profile.document_expiring", store.At(end)
	default:
		row.DueAt = store.At(ps.beforeEnd(end))
	}
	if row.DueAt.After(now) {
		_, err = tx.NewUpdate().Model(&row).WherePK().Exec(ctx)
	} else {
		_, err = tx.NewDelete().Model(&row).WherePK().Exec(ctx)
	}
	if err != nil || typ == "" {
		return err
	}
	return event.Append(ctx, tx, p.AccountID, typ, p.PublicID, map[string]string{"Ends": v.Fields.ValidTo})
}
