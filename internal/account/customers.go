package account

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Suspended reports whether nobody may act for the account.
func (a Account) Suspended() bool { return !a.SuspendedAt.IsZero() }

// Wanted says which accounts are looked for.
type Wanted struct {
	// Words are in the name, or in a name or address of somebody who signs in for it; or
	// they are its id.
	Words     string
	Suspended bool
}

// Search lists a page of all accounts, the newest first, behind the one with the id after,
// and the id to go on with, "" on the last page. For staff, with account.assert_identity.
func (as *Accounts) Search(ctx context.Context, a actor.Actor, w Wanted, after string, limit int) (out []Account, next string, err error) {
	if err := a.Check(actor.AccountAssert); err != nil {
		return nil, "", err
	}
	q := as.store.R.NewSelect().Model(&out).OrderExpr("id DESC").Limit(int64(limit) + 1)
	if words := strings.ToLower(strings.TrimSpace(w.Words)); words != "" {
		part := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(words) + "%"
		q = q.Where(`(public_id = ?0 OR lower(name) LIKE ?1 ESCAPE '\' OR id IN (SELECT m.account_id FROM membership m JOIN person p ON p.id = m.person_id
			WHERE p.email LIKE ?1 ESCAPE '\' OR lower(p.name) LIKE ?1 ESCAPE '\'))`, words, part)
	}
	if w.Suspended {
		q = q.Where("suspended_at IS NOT NULL")
	}
	if after != "" {
		q = q.Where("id < (SELECT x.id FROM account AS x WHERE x.public_id = ?)", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("search", err)
	}
	if len(out) > limit {
		out = out[:limit]
		next = out[limit-1].PublicID
	}
	return out, next, nil
}

// Strength is how many people can sign in for an account, and how many of its API keys are
// valid.
type Strength struct{ People, Keys int }

// Strengths counts people and keys of accounts, by their row ids. For staff, with
// account.assert_identity.
func (as *Accounts) Strengths(ctx context.Context, a actor.Actor, ids ...int64) (map[int64]Strength, error) {
	if err := a.Check(actor.AccountAssert); err != nil {
		return nil, err
	}
	out := map[int64]Strength{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		AccountID    int64
		People, Keys int
	}
	err := as.store.R.NewRaw(`SELECT a.id AS account_id, (SELECT count(DISTINCT m.person_id) FROM membership m WHERE m.account_id = a.id) AS people,
		(SELECT count(*) FROM api_key k WHERE k.account_id = a.id AND k.revoked_at IS NULL) AS keys FROM account a WHERE a.id IN (?)`, bun.List(ids)).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.AccountID] = Strength{r.People, r.Keys}
	}
	return out, wrap("strengths", err)
}

// MembersOf lists who can sign in for any account, by their names. For staff, with
// account.assert_identity. Fault: account_not_found.
func (as *Accounts) MembersOf(ctx context.Context, a actor.Actor, publicID string) ([]Member, error) {
	acc, err := as.Find(ctx, a, publicID)
	if err != nil {
		return nil, err
	}
	return as.Members(ctx, actor.Actor{ID: a.ID, Account: acc.ID, Roles: actor.Verinym.Roles})
}

// SetRoles gives a member of an account these roles and no others. Nobody changes their
// own. It needs account.manage. Faults: account_not_found, member_not_found, account_own,
// field_required (roles), role_unknown.
func (as *Accounts) SetRoles(ctx context.Context, a actor.Actor, account, person string, roles []actor.Role) error {
	var wrong fault.List
	roles = checkRoles(&wrong, roles)
	if err := wrong.Err(); err != nil {
		return err
	}
	return as.ofMember(ctx, a, account, person, func(ctx context.Context, tx *store.Tx, m membership) error {
		for _, r := range roles {
			if _, err := tx.NewInsert().Model(&membership{PersonID: m.PersonID, AccountID: m.AccountID, Role: r}).Exec(ctx); err != nil {
				return err
			}
		}
		slices.Sort(roles)
		var words []string
		for _, r := range roles {
			words = append(words, string(r))
		}
		return audit.Record(ctx, tx, a, "member.roles", person, map[string]string{"account": account, "roles": strings.Join(words, " ")})
	})
}

// RemoveMember ends what somebody may do for an account, and their sessions there. It
// needs account.manage. Faults: account_not_found, member_not_found, account_own.
func (as *Accounts) RemoveMember(ctx context.Context, a actor.Actor, account, person string) error {
	return as.ofMember(ctx, a, account, person, func(ctx context.Context, tx *store.Tx, m membership) error {
		if _, err := tx.NewDelete().Model((*session)(nil)).Where("person_id = ?", m.PersonID).Where("account_id = ?", m.AccountID).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "member.remove", person, map[string]string{"account": account})
	})
}

// ofMember takes somebody's roles in an account away and does the rest.
func (as *Accounts) ofMember(ctx context.Context, a actor.Actor, account, person string, rest func(context.Context, *store.Tx, membership) error) error {
	if err := a.Check(actor.AccountManage); err != nil {
		return err
	}
	if person == a.ID {
		return fault.New(fault.Conflict, "account_own")
	}
	acc, err := as.Find(ctx, a, account)
	if err != nil {
		return err
	}
	return wrap("member", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var m membership
		err := tx.NewSelect().Model(&m).Where("account_id = ?", acc.ID).Where("person_id = (SELECT p.id FROM person AS p WHERE p.public_id = ?)", person).Limit(1).Scan(ctx)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "member_not_found")
		}
		if err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*membership)(nil)).Where("account_id = ?", m.AccountID).Where("person_id = ?", m.PersonID).Exec(ctx); err != nil {
			return err
		}
		return rest(ctx, tx, m)
	}))
}

// Suspend lets nobody act for an account, by session or key, until it is restored. What is
// under way at registries goes on. It needs account.manage. Faults: account_not_found,
// account_own, cause_required, row_version_stale.
func (as *Accounts) Suspend(ctx context.Context, a actor.Actor, publicID, cause string) (Account, error) {
	if cause = strings.TrimSpace(cause); cause == "" {
		return Account{}, fault.At("cause", "cause_required")
	}
	return as.setSuspended(ctx, a, publicID, "account.suspend", func(tx *store.Tx, acc *Account) {
		acc.SuspendedAt, acc.SuspendedBy, acc.Suspension = store.At(tx.Now()), a.ID, cause
	})
}

// Restore lets people act for a suspended account again; they sign in anew. It needs
// account.manage. Faults: account_not_found, account_own, row_version_stale.
func (as *Accounts) Restore(ctx context.Context, a actor.Actor, publicID string) (Account, error) {
	return as.setSuspended(ctx, a, publicID, "account.restore", func(_ *store.Tx, acc *Account) {
		acc.SuspendedAt, acc.SuspendedBy, acc.Suspension = store.Time{}, "", ""
	})
}

func (as *Accounts) setSuspended(ctx context.Context, a actor.Actor, publicID, action string, set func(*store.Tx, *Account)) (acc Account, err error) {
	if err := a.Check(actor.AccountManage); err != nil {
		return acc, err
	}
	if acc, err = as.Find(ctx, a, publicID); err != nil {
		return acc, err
	}
	if acc.ID == a.Account {
		return acc, fault.New(fault.Conflict, "account_own")
	}
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		set(tx, &acc)
		acc.RowVersion++
		if err := store.One(tx.NewUpdate().Model(&acc).WherePK().Where("row_version = ?", acc.RowVersion-1).Exec(ctx)); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*session)(nil)).Where("account_id = ?", acc.ID).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, action, acc.PublicID, map[string]string{"cause": acc.Suspension})
	})
	return acc, wrap("suspend", err)
}
