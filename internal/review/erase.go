package review

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes out of cases what says whom they are about: titles, notes, the words of
// authorities. The verdict, its reasons by their codes and who decided when stay. Cases
// about something else lose what of it names the person.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope, cases []int64) error {
	if len(cases) > 0 {
		for _, q := range []string{
			"UPDATE review_case SET title = '', magic = '', staff_note = '', escalation = '', reversal = '', row_version = row_version + 1 WHERE id IN (?)",
			"UPDATE review_reason SET params = '{}', note = '', staff_note = '', raw = '' WHERE case_id IN (?)",
		} {
			if _, err := tx.NewRaw(q, bun.List(cases)).Exec(ctx); err != nil {
				return wrap("erase", err)
			}
		}
	}
	for table, columns := range map[string][]string{
		"review_case":   {"title", "magic", "staff_note", "escalation", "reversal", "referral"},
		"review_reason": {"params", "note", "staff_note", "raw"},
	} {
		of := "account_id = ?"
		if table == "review_reason" {
			of = "case_id IN (SELECT c.id FROM review_case AS c WHERE c.account_id = ?)"
		}
		for _, column := range columns {
			empty := "''"
			if column == "params" || column == "referral" {
				empty = "'{}'"
			}
			where, args := scope.Mentions(column)
			if _, err := tx.NewRaw("UPDATE "+table+" SET "+column+" = "+empty+" WHERE "+of+" AND "+where, append([]any{scope.Account}, args...)...).Exec(ctx); err != nil {
				return wrap("erase", err)
			}
		}
	}
	return nil
}
