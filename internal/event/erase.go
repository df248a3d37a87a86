package event

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase empties what events in the scope say; that something happened stays.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	where, args := scope.Rows("subject", "data")
	if _, err := tx.NewRaw("UPDATE event SET data = '{}' WHERE "+where, args...).Exec(ctx); err != nil {
		return fmt.Errorf("event: erase: %w", err)
	}
	return nil
}
