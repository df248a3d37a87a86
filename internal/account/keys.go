package account

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Member is somebody who can sign in for an account, with their roles there.
type Member struct {
	Person
	Roles []actor.Role
}

// Members lists who can sign in for the actor's account, by their names.
func (as *Accounts) Members(ctx context.Context, a actor.Actor) (out []Member, err error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return nil, err
	}
	var people []Person
	err = as.store.R.NewSelect().Model(&people).Where("id IN (SELECT person_id FROM membership WHERE account_id = ?)", a.Account).OrderExpr("name, id").Scan(ctx)
	if err != nil {
		return nil, wrap("members", err)
	}
	var roles []membership
	err = as.store.R.NewSelect().Model(&roles).Where("account_id = ?", a.Account).OrderExpr("role").Scan(ctx)
	for _, p := range people {
		m := Member{Person: p}
		for _, r := range roles {
			if r.PersonID == p.ID {
				m.Roles = append(m.Roles, r.Role)
			}
		}
		out = append(out, m)
	}
	return out, wrap("members", err)
}

// Key is a program's access to an account; its secret is known to nobody here.
type Key struct {
	bun.BaseModel `bun:"table:api_key"`

	PublicID  string `bun:",pk"`
	AccountID int64
	Name      string
	Roles     []actor.Role
	CreatedAt store.Time
	RevokedAt store.Time
}

// MaxKeys is how many keys of an account may be valid at once.
const MaxKeys = 50

// Keys lists the API keys of the actor's account, those that are valid first, the newest
// before the older.
func (as *Accounts) Keys(ctx context.Context, a actor.Actor) (out []Key, err error) {
	if err := a.Check(actor.KeyManage); err != nil {
		return nil, err
	}
	err = as.store.R.NewSelect().Model(&out).Where("account_id = ?", a.Account).OrderExpr("CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC").Limit(200).Scan(ctx)
	return out, wrap("keys", err)
}

// MakeKey makes an API key for the actor's own account, which may do what the actor may.
// The secret is returned once. It needs key.manage. Faults: field_required,
// field_too_long, key_too_many.
func (as *Accounts) MakeKey(ctx context.Context, a actor.Actor, name string) (secret string, err error) {
	if err := a.Check(actor.KeyManage); err != nil {
		return "", err
	}
	switch {
	case name == "":
		return "", fault.At("name", "field_required").With("Field", "name")
	case len([]rune(name)) > nameMax:
		return "", fault.At("name", "field_too_long").With("Field", "name").With("Max", strconv.Itoa(nameMax))
	}
	secret, hash := token("vk_")
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.NewSelect().Model((*apiKey)(nil)).Where("account_id = ?", a.Account).Where("revoked_at IS NULL").Count(ctx)
		if err != nil {
			return err
		}
		if n >= MaxKeys {
			return fault.New(fault.Conflict, "key_too_many").With("Max", strconv.Itoa(MaxKeys))
		}
		k := &apiKey{PublicID: store.NewID("key"), AccountID: a.Account, Name: name, Roles: a.Roles, SecretHash: hash, CreatedAt: store.At(tx.Now())}
		if _, err := tx.NewInsert().Model(k).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "api_key.create", k.PublicID, map[string]string{"name": name})
	})
	if err != nil {
		return "", wrap("make key", err)
	}
	return secret, nil
}

// RevokeKey ends an API key of the actor's account at once and for good; one that is
// revoked already stays so. It needs key.manage. Fault: key_not_found.
func (as *Accounts) RevokeKey(ctx context.Context, a actor.Actor, publicID string) error {
	if err := a.Check(actor.KeyManage); err != nil {
		return err
	}
	return wrap("revoke key", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var k apiKey
		err := tx.NewSelect().Model(&k).Where("account_id = ?", a.Account).Where("public_id = ?", publicID).Scan(ctx)
		switch {
		case store.IsNotFound(err):
			return fault.New(fault.NotFound, "key_not_found")
		case err != nil || !k.RevokedAt.IsZero():
			return err
		}
		k.RevokedAt = store.At(tx.Now())
		if _, err := tx.NewUpdate().Model(&k).Column("revoked_at").WherePK().Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "api_key.revoke", k.PublicID, nil)
	}))
}
