package emailcheck

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/store"
)

// Erase takes addresses of an account away, and the links that were mailed to them. What
// came back from an address goes with the last account that knows it.
func Erase(ctx context.Context, tx *store.Tx, account int64, addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	list := bun.List(addresses)
	for _, q := range []string{
		"DELETE FROM email_token WHERE address_id IN (SELECT id FROM email_address WHERE account_id = ?0 AND address IN (?1))",
		"DELETE FROM email_address WHERE account_id = ?0 AND address IN (?1)",
		"DELETE FROM email_bounce WHERE address IN (?1) AND address NOT IN (SELECT a.address FROM email_address AS a)",
	} {
		if _, err := tx.NewRaw(q, account, list).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	return nil
}

// Addresses lists those of an account.
func Addresses(ctx context.Context, db bun.IDB, account int64) (out []Address, err error) {
	err = db.NewSelect().Model(&out).Where("account_id = ?", account).OrderExpr("id").Scan(ctx)
	return out, wrap("addresses", err)
}
