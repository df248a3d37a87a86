package provider

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// Call is one request to a provider, and what became of it.
type Call struct {
	bun.BaseModel `bun:"table:provider_call"`

	ID        int64 `bun:",pk,autoincrement"`
	Authority string
	// Case is the public id of the case that it was about.
	Case   string `bun:"case_id"`
	Method string
	// Status is of HTTP, 0 where no answer came; Words are why it was of no use, "" where
	// it was.
	Status int
	Took   time.Duration
	Words  string
	At     store.Time
}

// callsKept is how long calls are remembered.
const callsKept = 7 * 24 * time.Hour

// note remembers a call. It is for people to look at: that it cannot be written down stops
// nothing.
func (p *provider) note(ctx context.Context, c Call) {
	c.Authority = p.Name
	_ = p.Store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		c.At = store.At(tx.Now())
		_, err := tx.NewInsert().Model(&c).Exec(ctx)
		return err
	})
}

// Calls lists the latest n calls to a provider, of its last week. It needs
// authority.manage. Fault: authority_unknown.
func (all *Providers) Calls(ctx context.Context, a actor.Actor, name string, n int) (out []Call, err error) {
	if err := a.Check(actor.AuthorityManage); err != nil {
		return nil, err
	}
	if _, err := all.find(name); err != nil {
		return nil, err
	}
	err = all.Store.R.NewSelect().Model(&out).Where("authority = ?", name).OrderExpr("id DESC").Limit(int64(n)).Scan(ctx)
	return out, wrap("calls", err)
}
