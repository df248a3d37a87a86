package domain

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// tallied is how many names of an account stand so. The database keeps the figures
// while names change, so that nobody counts hundreds of thousands of them for a page.
type tallied struct {
	VersionID                int64
	State                    State
	NamingState, HolderState Verdict
	Held                     bool
	Names                    int
}

func (t tallied) verification() Verdict {
	return Domain{NamingState: t.NamingState, HolderState: t.HolderState}.Verification()
}

// tallyRows are the figures of an account: what was added up, and what was not yet.
const tallyRows = `(SELECT version_id, state, naming_state, holder_state, held, names FROM domain_tally WHERE account_id = ?
	UNION ALL SELECT version_id, state, naming_state, holder_state, held, names FROM domain_tally_change WHERE account_id = ?)`

// tallies are how the names of an account stand, whatever holds them.
func (all *All) tallies(ctx context.Context, account int64) (out []tallied, err error) {
	return out, all.store.R.NewRaw("SELECT state, naming_state, holder_state, held, sum(names) AS names FROM "+tallyRows+" AS t GROUP BY state, naming_state, holder_state, held",
		account, account).Scan(ctx, &out)
}

// countOf is how many names stand as is says.
func countOf(rows []tallied, is func(tallied) bool) (n int) {
	for _, t := range rows {
		if is(t) {
			n += t.Names
		}
	}
	return n
}

// Counts are how many domains of an account stand so: all that are the account's, those
// on hold, and those whose verdicts are in a state.
type Counts struct {
	All, Held    int
	Verification map[Verdict]int
}

// Count counts the actor's domains.
func (all *All) Count(ctx context.Context, a actor.Actor) (out Counts, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return out, err
	}
	rows, err := all.tallies(ctx, a.Account)
	out.Verification = map[Verdict]int{}
	for _, t := range rows {
		if slices.Contains(ended, t.State) {
			continue
		}
		out.All += t.Names
		out.Verification[t.verification()] += t.Names
		if t.Held {
			out.Held += t.Names
		}
	}
	return out, wrap("count", err)
}

// CountPapersMissing counts the actor's domains whose papers the registrant has to see to.
func (all *All) CountPapersMissing(ctx context.Context, a actor.Actor) (n int, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return 0, err
	}
	found, err := all.where(all.store.R.NewSelect().Model((*Domain)(nil)).Where("account_id = ?", a.Account), Filter{PapersMissing: true, Ours: true}, false).Count(ctx)
	return int(found), wrap("count papers", err)
}

// mostExpiring is how far names that run out soon are counted.
const mostExpiring = 1000

// CountExpiring counts the actor's domains that run out within ExpiringWithin, as far as
// mostExpiring: more says that there are more of them.
func (all *All) CountExpiring(ctx context.Context, a actor.Actor) (n int, more bool, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return 0, false, err
	}
	some := all.where(all.store.R.NewSelect().Model((*Domain)(nil)).ColumnExpr("1").Where("account_id = ?", a.Account), Filter{Expiring: true, Ours: true}, true).Limit(mostExpiring + 1)
	err = all.store.R.NewSelect().TableExpr("(?) AS counted", some).ColumnExpr("count(*)").Scan(ctx, &n)
	return min(n, mostExpiring), n > mostExpiring, wrap("count expiring", err)
}

// Urgent lists the actor's domains that need somebody, those that are held first and
// then by the date of their hold, and says how many there are in all.
func (all *All) Urgent(ctx context.Context, a actor.Actor, limit int) (out []Domain, of int, err error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return nil, 0, err
	}
	rows, err := all.tallies(ctx, a.Account)
	if err != nil {
		return nil, 0, wrap("urgent", err)
	}
	mine := func() *bun.SelectQuery {
		return all.store.R.NewSelect().Where("account_id = ?", a.Account).Where("state = 'registered'")
	}
	held := countOf(rows, func(t tallied) bool { return t.State == Registered && t.Held })
	if held > 0 {
		if err := mine().Model(&out).Where(isHeld).OrderExpr(dueKey + ", name").Limit(int64(limit)).Scan(ctx); err != nil {
			return nil, 0, wrap("urgent", err)
		}
	}
	open := countOf(rows, func(t tallied) bool {
		return t.State == Registered && !t.Held && (t.verification() == Failed || t.verification() == NotCompleted)
	})
	if open > 0 && len(out) < limit {
		var rest []Domain
		q := mine().Model(&rest).Where("NOT " + isHeld)
		if open <= fewEnough {
			q = q.Where(verificationOf+" IN (?)", bun.List([]Verdict{Failed, NotCompleted}))
		} else {
			q = q.Where(lacks).Where("((" + verificationIs[Failed] + ") OR (" + verificationIs[NotCompleted] + "))")
		}
		if err := q.OrderExpr(dueKey + ", name").Limit(int64(limit - len(out))).Scan(ctx); err != nil {
			return nil, 0, wrap("urgent", err)
		}
		out = append(out, rest...)
	}
	return out, held + open, wrap("urgent", all.showMore(ctx, out))
}

// AddUp adds what has changed in the figures to what was added up before, at most n
// changes of it, and returns how many it has dealt with. Several processes may do it.
func (all *All) AddUp(ctx context.Context, n int) (done int, err error) {
	var idle bool
	err = all.store.R.NewRaw("SELECT NOT EXISTS (SELECT 1 FROM domain_tally_change) AND NOT EXISTS (SELECT 1 FROM domain_tally WHERE names = 0)").Scan(ctx, &idle)
	if err != nil || idle {
		return 0, wrap("add up", err)
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if all.store.Engine() == "postgres" { // elsewhere one writer changes the figures themselves
			if err := tx.NewRaw(addUp, n).Scan(ctx, &done); err != nil {
				return err
			}
		}
		_, err := tx.NewRaw("DELETE FROM domain_tally WHERE names = 0").Exec(ctx)
		return err
	})
	return done, wrap("add up", err)
}

// addUp takes changes away and adds them to their rows, in the order of these, so that
// no two wait for each other.
const addUp = `WITH changed AS (
		DELETE FROM domain_tally_change WHERE id IN (SELECT id FROM domain_tally_change ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING *
	), added AS (
		INSERT INTO domain_tally AS t (account_id, version_id, state, naming_state, holder_state, held, names)
		SELECT account_id, version_id, state, naming_state, holder_state, held, sum(names) FROM changed GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
		ON CONFLICT (account_id, version_id, state, naming_state, holder_state, held) DO UPDATE SET names = t.names + excluded.names
	) SELECT count(*) FROM changed`
