package notify

import (
	"context"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase empties messages and mails in the scope: that one was sent, of which kind and when,
// stays. What was not mailed yet never is.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	for _, c := range []struct {
		query, subject string
		texts          []string
	}{
		{"UPDATE message SET data = '{}'", "subject", []string{"data"}},
		{"DELETE FROM mail_news", "subject", []string{"data"}},
		{"UPDATE mail SET address = '', content = '{}', words = '', state = CASE state WHEN '" + string(Waiting) + "' THEN '" + string(Failed) + "' ELSE state END", "", []string{"address", "content", "words"}},
	} {
		where, args := scope.Rows(c.subject, c.texts...)
		if _, err := tx.NewRaw(c.query+" WHERE "+where, args...).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	if !scope.Whole {
		return nil
	}
	for _, q := range []string{"DELETE FROM mail_setting WHERE account_id = ?", "DELETE FROM mail_round WHERE account_id = ?"} {
		if _, err := tx.NewRaw(q, scope.Account).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	return nil
}
