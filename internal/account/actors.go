package account

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// Colleague is somebody of the staff.
type Colleague struct{ PublicID, Name string }

// Reviewers lists the people who may decide reviews, by name. It needs review.lead.
func (as *Accounts) Reviewers(ctx context.Context, a actor.Actor) (out []Colleague, err error) {
	if err := a.Check(actor.ReviewLead); err != nil {
		return nil, err
	}
	err = as.store.R.NewRaw(`SELECT p.public_id, p.name FROM person p WHERE EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.id AND m.role IN (?))
		ORDER BY p.name, p.id`, bun.List([]actor.Role{actor.Reviewer, actor.Lead})).Scan(ctx, &out)
	return out, wrap("reviewers", err)
}

// Names returns the names of people, API keys and accounts by their public ids, for staff, with
// one of review.read, audit.read, registry.read and registry.manage; what is none of these has none.
func (as *Accounts) Names(ctx context.Context, a actor.Actor, ids ...string) (map[string]string, error) {
	if err := a.Check(actor.ReviewRead); err != nil && !a.May(actor.AuditRead) && !a.May(actor.RegistryRead) && !a.May(actor.RegistryManage) {
		return nil, err
	}
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var found []Colleague
	err := as.store.R.NewRaw(`SELECT public_id, name FROM person WHERE public_id IN (?0) UNION ALL SELECT public_id, name FROM api_key WHERE public_id IN (?0)
		UNION ALL SELECT public_id, name FROM account WHERE public_id IN (?0)`, bun.List(ids)).Scan(ctx, &found)
	for _, f := range found {
		out[f.PublicID] = f.Name
	}
	return out, wrap("names", err)
}

// ActorsOf returns who a person or API key is, once for each account they belong to;
// nobody for a public id that is not known or a key that was revoked.
func ActorsOf(ctx context.Context, db bun.IDB, publicID string) (out []actor.Actor, err error) {
	var k apiKey
	err = db.NewSelect().Model(&k).Where("public_id = ?", publicID).Where("revoked_at IS NULL").Scan(ctx)
	if err == nil {
		return []actor.Actor{{ID: k.PublicID, Account: k.AccountID, Roles: k.Roles}}, nil
	}
	if !store.IsNotFound(err) {
		return nil, wrap("actors of", err)
	}
	var rows []struct {
		AccountID int64
		Role      actor.Role
	}
	err = db.NewRaw("SELECT m.account_id, m.role FROM membership m JOIN person p ON p.id = m.person_id WHERE p.public_id = ? ORDER BY m.account_id, m.role", publicID).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap("actors of", err)
	}
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Account != r.AccountID {
			out = append(out, actor.Actor{ID: publicID, Account: r.AccountID})
		}
		last := &out[len(out)-1]
		last.Roles = append(last.Roles, r.Role)
	}
	return out, nil
}

// Customers returns the people of an account who are its customers, the first of them first.
func (as *Accounts) Customers(ctx context.Context, db bun.IDB, account int64) (out []Person, err error) {
	err = db.NewSelect().Model(&out).ExcludeColumn("password_hash").Where("id IN (SELECT person_id FROM membership WHERE account_id = ? AND role = ?)", account, actor.Registrant).OrderExpr("id").Scan(ctx)
	return out, wrap("customers", err)
}

// PublicIDs returns the public ids of accounts by their row ids.
func (as *Accounts) PublicIDs(ctx context.Context, db bun.IDB, ids []int64) (map[int64]string, error) {
	var rows []Account
	err := db.NewSelect().Model(&rows).Column("id", "public_id").Where("id IN (?)", bun.List(ids)).Scan(ctx)
	out := make(map[int64]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.PublicID
	}
	return out, wrap("public ids", err)
}
