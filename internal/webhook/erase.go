package webhook

import (
	"context"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes what deliveries in the scope say out of their bodies, wherever they went, and
// what endpoints answered to them; that something happened and when stays. With a whole
// account its endpoints go.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	var found []Delivery
	where, args := scope.Rows("(SELECT e.subject FROM event AS e WHERE e.id = event_id)", "body")
	if err := tx.NewSelect().Model(&found).Where(where, args...).OrderExpr("id").Scan(ctx); err != nil {
		return wrap("erase", err)
	}
	for _, d := range found {
		text, err := body(d.Type, d.CreatedAt.Time, "", nil)
		if err != nil {
			return wrap("erase", err)
		}
		if _, err := tx.NewRaw("UPDATE webhook_delivery SET body = ? WHERE id = ?", text, d.ID).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
		if _, err := tx.NewRaw("UPDATE webhook_attempt SET answer = '' WHERE delivery_id = ?", d.ID).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	if !scope.Whole {
		return nil
	}
	var endpoints []Endpoint
	if err := tx.NewSelect().Model(&endpoints).Where("account_id = ?", scope.Account).Where("NOT everywhere").Scan(ctx); err != nil {
		return wrap("erase", err)
	}
	for _, e := range endpoints {
		if Endpoints.Allows(e.State, Delete) {
			e.State = Deleted
		}
		e.URL, e.Description, e.OldSecret = "", "", nil
		if err := save(ctx, tx, &e); err != nil {
			return wrap("erase", err)
		}
	}
	return nil
}
