package notify

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// Page returns the actor's messages, the newest first, behind the one with the id
// before, and the id to go on with, "" on the last page.
func (m *Messages) Page(ctx context.Context, a actor.Actor, before string, limit int) (out []Message, next string, err error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return nil, "", err
	}
	q := m.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).OrderExpr("id DESC").Limit(int64(limit) + 1)
	if before != "" {
		q = q.Where("id < (SELECT x.id FROM message AS x WHERE x.account_id = ? AND x.public_id = ?)", a.Account, before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("notify: page: %w", err)
	}
	if len(out) > limit {
		out = out[:limit]
		next = out[limit-1].PublicID
	}
	return out, next, nil
}

// Unread counts the actor's messages that nobody has read.
func (m *Messages) Unread(ctx context.Context, a actor.Actor) (int64, error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return 0, err
	}
	n, err := m.store.R.NewSelect().Model((*Message)(nil)).Where("account_id = ?", a.Account).Where("read_at IS NULL").Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("notify: unread: %w", err)
	}
	return n, nil
}

// Read marks all of the actor's messages up to the one with the id, and that one, as
// read. Nothing but that changes; a message that is read stays so.
func (m *Messages) Read(ctx context.Context, a actor.Actor, upTo string) error {
	if err := a.Check(actor.AccountRead); err != nil {
		return err
	}
	err := m.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE message SET read_at = ? WHERE account_id = ? AND read_at IS NULL AND id <= (SELECT x.id FROM message AS x WHERE x.account_id = ? AND x.public_id = ?)",
			store.At(tx.Now()), a.Account, a.Account, upTo).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("notify: read: %w", err)
	}
	return nil
}
