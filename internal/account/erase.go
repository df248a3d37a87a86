package account

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// erasedHost is where the address is that an erased person has in the place of theirs.
const erasedHost = "@erased.invalid"

// Scope is what is erased with a whole account: what its name and its people are known by,
// those left out who have roles in another account too.
func Scope(ctx context.Context, tx *store.Tx, account int64) (s erasure.Scope, err error) {
	s = erasure.Scope{Account: account, Whole: true}
	var acc Account
	if err := tx.NewSelect().Model(&acc).Where("id = ?", account).Scan(ctx); err != nil {
		return s, wrap("scope", err)
	}
	s.Subjects = []string{acc.PublicID}
	s.Add(acc.Name)
	people, err := leaving(ctx, tx, account)
	for _, p := range people {
		s.Subjects = append(s.Subjects, p.PublicID)
		s.Add(p.Name, p.Email)
	}
	return s, err
}

// leaving are the people who have no role but in an account.
func leaving(ctx context.Context, tx *store.Tx, account int64) (out []Person, err error) {
	err = tx.NewSelect().Model(&out).Where("id IN (SELECT m.person_id FROM membership AS m WHERE m.account_id = ?)", account).
		Where("id NOT IN (SELECT m.person_id FROM membership AS m WHERE m.account_id <> ?)", account).OrderExpr("id").Scan(ctx)
	return out, wrap("leaving", err)
}

// Erase closes an account for good: its name, and its people who have no role elsewhere,
// are not known any more, nobody is signed in to it, and no key of it is good.
func Erase(ctx context.Context, tx *store.Tx, account int64) error {
	people, err := leaving(ctx, tx, account)
	if err != nil {
		return err
	}
	now := store.At(tx.Now())
	for _, q := range []string{
		"DELETE FROM session WHERE account_id = ?0", "DELETE FROM membership WHERE account_id = ?0", "DELETE FROM account_customer WHERE account_id = ?0",
		"UPDATE api_key SET name = '', revoked_at = coalesce(revoked_at, ?1) WHERE account_id = ?0",
	} {
		if _, err := tx.NewRaw(q, account, now).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	for _, p := range people {
		for _, table := range []string{"session", "passkey", "passkey_question", "password_reset", "person_identity"} {
			if _, err := tx.NewRaw("DELETE FROM ? WHERE person_id = ?", bun.Ident(table), p.ID).Exec(ctx); err != nil {
				return wrap("erase", err)
			}
		}
		if _, err := tx.NewRaw("UPDATE person SET email = ?, name = '', password_hash = '' WHERE id = ?", p.PublicID+erasedHost, p.ID).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	var acc Account
	if err := tx.NewSelect().Model(&acc).Where("id = ?", account).Scan(ctx); err != nil {
		return wrap("erase", err)
	}
	acc.Name, acc.IdentityEvidence, acc.Suspension = "", "", ""
	if acc.SuspendedAt.IsZero() {
		acc.SuspendedAt, acc.SuspendedBy = now, actor.Verinym.ID
	}
	acc.RowVersion++
	if err := store.One(tx.NewUpdate().Model(&acc).WherePK().Where("row_version = ?", acc.RowVersion-1).Exec(ctx)); err != nil {
		return wrap("erase", err)
	}
	return audit.Record(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: account}, "account.erase", acc.PublicID, nil)
}
