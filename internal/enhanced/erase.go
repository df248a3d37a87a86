package enhanced

import (
	"context"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes the holder, and what staff and registrant wrote of them, out of enhanced
// verifications that rested on the scope.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	where, args := scope.OfVersions("version_id")
	_, err := tx.NewRaw("UPDATE enhanced_verification SET title = CASE domain_id WHEN 0 THEN '' ELSE title END, cause = '', note = '', row_version = row_version + 1 WHERE "+where, args...).Exec(ctx)
	return wrap("erase", err)
}
