package idempotency

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/internal/store"
)

// Forget forgets the answers that an account was given, which say what is in its
// profiles. Requests under way are still carried out once.
func Forget(ctx context.Context, tx *store.Tx, account int64) error {
	if _, err := tx.NewRaw("DELETE FROM idempotency WHERE account_id = ? AND status <> 0", account).Exec(ctx); err != nil {
		return fmt.Errorf("idempotency: forget: %w", err)
	}
	return nil
}
