package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/erasure"
	"github.com/verinym/verinym/internal/store"
)

// redaction is the act that takes a person's data out of earlier entries. Its details
// are the numbers of those entries, each with the hash of the entry as it is since.
const redaction = "audit.redact"

// ErrUnsealed says that an entry that names the person is not sealed yet: within a second
// it is.
var ErrUnsealed = errors.New("audit: an entry is not sealed yet")

// redactedAtOnce is how many entries one act names.
const redactedAtOnce = 50

// Redact takes a person's data out of the details of the entries that their account wrote
// or that are about them, and records that under subject. Who did what and when stays, and
// the chain still verifies: each entry keeps the hash that it was chained with, and what it
// says since is vouched for by the hash in the entry of the redaction. The error is
// ErrUnsealed where a moment has to be waited for.
func Redact(ctx context.Context, tx *store.Tx, a actor.Actor, scope erasure.Scope, subject string) error {
	found, err := naming(ctx, tx, scope)
	if err != nil {
		return fmt.Errorf("audit: redact: %w", err)
	}
	for batch := range slices.Chunk(found, redactedAtOnce) {
		detail := map[string]string{}
		for _, e := range batch {
			if e.Seq == 0 {
				return ErrUnsealed
			}
			for k, v := range e.Detail {
				if scope.In(v) {
					e.Detail[k] = erasure.Erased
				}
			}
			sum, err := e.sum(e.Prev)
			if err != nil {
				return fmt.Errorf("audit: redact: %w", err)
			}
			detail[strconv.FormatInt(e.Seq, 10)] = hex.EncodeToString(sum)
			if _, err := tx.NewUpdate().Model(&e).Column("detail").WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("audit: redact: %w", err)
			}
		}
		if err := Record(ctx, tx, a, redaction, subject, detail); err != nil {
			return err
		}
	}
	return nil
}

// naming are the entries by the account or about what is in the scope that name the
// person, in the order of their writing.
func naming(ctx context.Context, tx *store.Tx, scope erasure.Scope) (out []Entry, err error) {
	mentions, args := scope.Mentions("detail")
	seen := map[int64]bool{}
	add := func(where string, arg any) error {
		var found []Entry
		if err := tx.NewSelect().Model(&found).Where(where, arg).Where(mentions, args...).OrderExpr("id").Scan(ctx); err != nil {
			return err
		}
		for _, e := range found {
			if !seen[e.ID] {
				seen[e.ID] = true
				out = append(out, e)
			}
		}
		return nil
	}
	if err := add("account_id = ?", scope.Account); err != nil {
		return nil, err
	}
	for subjects := range slices.Chunk(scope.Subjects, 500) {
		if err := add("subject IN (?)", bun.List(subjects)); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return int(a.ID - b.ID) })
	return out, nil
}

// redacted reads which entries were redacted, and the hash of each as it is since.
func redacted(ctx context.Context, s *store.Store) (map[int64]string, error) {
	var acts []Entry
	if err := s.R.NewSelect().Model(&acts).Where("action = ?", redaction).OrderExpr("id").Scan(ctx); err != nil {
		return nil, err
	}
	out := map[int64]string{}
	for _, e := range acts {
		for k, sum := range e.Detail {
			if seq, err := strconv.ParseInt(k, 10, 64); err == nil && (e.Seq == 0 || seq < e.Seq) {
				out[seq] = sum
			}
		}
	}
	return out, nil
}
