package provider

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes out of what providers said of cases who those are about. cases are public
// ids.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope, cases []string) error {
	if len(cases) == 0 {
		return nil
	}
	mentions, args := scope.Mentions("words")
	for _, q := range []string{"UPDATE provider_case SET words = '' WHERE public_id IN (?)", "UPDATE provider_call SET words = '' WHERE case_id IN (?)"} {
		if _, err := tx.NewRaw(q+" AND "+mentions, append([]any{bun.List(cases)}, args...)...).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	return nil
}
