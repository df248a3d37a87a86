package qualification

import (
	"context"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes the holder out of qualifications that rested on the scope.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	where, args := scope.OfVersions("version_id")
	_, err := tx.NewRaw("UPDATE qualification SET holder = '', row_version = row_version + 1 WHERE "+where, args...).Exec(ctx)
	return wrap("erase", err)
}
