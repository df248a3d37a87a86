package domain

import (
	"context"

	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// Erase takes the holder out of domains that rested on the scope, and out of what they were
// asked and what was heard of them. Names, verdicts and times stay. That no domain lives on
// the holder is for the caller to know.
func Erase(ctx context.Context, tx *store.Tx, scope erasure.Scope) error {
	type change struct {
		query, where string
		args         []any
	}
	rows := func(query string, texts ...string) change {
		where, args := scope.Rows("", texts...)
		return change{query, where, args}
	}
	within := func(query, owned, text string) change {
		where, args := scope.Mentions(text)
		return change{query, owned + " AND " + where, append([]any{scope.Account}, args...)}
	}
	where, args := scope.OfVersions("version_id", "next_version_id")
	ofDomain, ofTask := "domain_id IN (SELECT d.id FROM domain AS d WHERE d.account_id = ?)", "task_id IN (SELECT t.id FROM association_task AS t WHERE t.account_id = ?)"
	for _, c := range []change{
		{"UPDATE domain SET holder_fold = '', naming_words = '', holder_words = '', status_words = '{}', row_version = row_version + 1", where, args},
		// Addresses tell rows apart: something that names nobody takes their place.
		rows("UPDATE domain_answer SET address = public_id, evidence = ''", "address", "evidence"),
		rows("UPDATE holder_consent SET address = public_id, evidence = ''", "address", "evidence"),
		rows("UPDATE domain_import SET params = '{}'", "params"),
		rows("UPDATE import_row SET account = '', params = '{}'", "account", "params"),
		rows("UPDATE domain_transfer SET params = '{}'", "params"),
		within("UPDATE domain_hold SET evidence = ''", ofDomain, "evidence"),
		within("UPDATE domain_hold SET lifted_why = ''", ofDomain, "lifted_why"),
		within("UPDATE association_item SET params = '{}'", ofTask, "params"),
	} {
		if _, err := tx.NewRaw(c.query+" WHERE "+c.where, c.args...).Exec(ctx); err != nil {
			return wrap("erase", err)
		}
	}
	agents, args := scope.Rows("", "address", "evidence")
	_, err := tx.NewRaw("UPDATE designated_agent SET address = public_id, evidence = '', ended_at = coalesce(ended_at, ?) WHERE "+agents, append([]any{store.At(tx.Now())}, args...)...).Exec(ctx)
	return wrap("erase", err)
}
