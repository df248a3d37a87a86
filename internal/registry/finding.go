package registry

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Finding is something about a registry account that an operator should know: what
// the registry lacks, a message that nobody understands, a domain that is otherwise
// there than here. The same one found again is one row, which counts.
type Finding struct {
	bun.BaseModel `bun:"table:registry_finding"`

	ID       int64 `bun:",pk,autoincrement"`
	PublicID string
	Registry string
	// Code is a code with a text, Params what the text takes, Subject what it is
	// about: a namespace, a message, a domain.
	Code     string
	Subject  string
	Params   fault.Params
	Times    int
	FirstAt  store.Time
	LastAt   store.Time
	ClosedAt store.Time
	ClosedBy string
}

// raise writes a finding down, or counts it once more.
func raise(ctx context.Context, tx *store.Tx, l *link, subject string, f *fault.Error) error {
	return Report(ctx, tx, l.Name, subject, f)
}

// Report writes a finding of another part of the house down, under its name in the
// place of a registry account's, or counts it once more.
func Report(ctx context.Context, tx *store.Tx, account, subject string, f *fault.Error) error {
	now := store.At(tx.Now())
	row := &Finding{PublicID: store.NewID("fnd"), Registry: account, Code: f.Code, Subject: subject, Params: f.Params, Times: 1, FirstAt: now, LastAt: now}
	if row.Params == nil {
		row.Params = fault.Params{}
	}
	_, err := tx.NewInsert().Model(row).On("CONFLICT (registry, code, subject) WHERE closed_at IS NULL DO UPDATE").
		Set("times = ?TableAlias.times + 1").Set("last_at = EXCLUDED.last_at").Set("params = EXCLUDED.params").Returning("NULL").Exec(ctx)
	if err != nil {
		return fmt.Errorf("registry %s: finding %s: %w", account, f.Code, err)
	}
	return nil
}

// Settled closes a finding that is true no more, of an account or of another part of the
// house.
func Settled(ctx context.Context, tx *store.Tx, account, subject, code string) error {
	_, err := tx.NewRaw("UPDATE registry_finding SET closed_at = ?, closed_by = ? WHERE registry = ? AND code = ? AND subject = ? AND closed_at IS NULL",
		store.At(tx.Now()), actor.Verinym.ID, account, code, subject).Exec(ctx)
	if err != nil {
		return fmt.Errorf("registry %s: finding %s: %w", account, code, err)
	}
	return nil
}

// trouble is what an account has been found to lack, so that it is not written down
// with every command that meets it.
type trouble struct {
	mu    sync.Mutex
	noted map[string]time.Time
}

// noteAgain is how often a finding that a command meets is counted.
const noteAgain = time.Minute

// due reports whether a finding is to be written down now.
func (t *trouble) due(key string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.noted[key]; ok && now.Sub(last) < noteAgain {
		return false
	}
	if t.noted == nil {
		t.noted = map[string]time.Time{}
	}
	t.noted[key] = now
	return true
}

func (t *trouble) forget(key string) (was bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, was = t.noted[key]
	delete(t.noted, key)
	return was
}

// find logs a finding and writes it down, in a unit of work of its own.
func (r *Registries) find(ctx context.Context, l *link, subject string, f *fault.Error) {
	if !l.trouble.due(f.Code+" "+subject, r.store.Now()) {
		return
	}
	r.log.Error("registry finding", "registry", l.Name, "code", f.Code, "subject", subject, "params", f.Params, "cause", f.Cause)
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return raise(ctx, tx, l, subject, f) })
	if err != nil {
		r.log.Error("registry finding", "registry", l.Name, "code", f.Code, "error", err)
	}
}

// passed closes a finding of this process that is true no more.
func (r *Registries) passed(ctx context.Context, l *link, subject, code string) {
	if !l.trouble.forget(code + " " + subject) {
		return
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return Settled(ctx, tx, l.Name, subject, code) })
	if err != nil {
		r.log.Error("registry finding", "registry", l.Name, "code", code, "error", err)
	}
}

// Findings lists the newest findings of all accounts, open ones only unless closed is
// asked for too. For staff, with registry.read.
func (r *Registries) Findings(ctx context.Context, a actor.Actor, closed bool, limit int) (out []Finding, err error) {
	if err := a.Check(actor.RegistryRead); err != nil {
		return nil, err
	}
	q := r.store.R.NewSelect().Model(&out).OrderExpr("id DESC").Limit(int64(limit))
	if !closed {
		q = q.Where("closed_at IS NULL")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("registry: findings: %w", err)
	}
	return out, nil
}

// CloseFinding says that somebody has seen to a finding. Closing it again changes
// nothing. For staff, with registry.read. Fault: finding_not_found.
func (r *Registries) CloseFinding(ctx context.Context, a actor.Actor, publicID string) (f Finding, err error) {
	if err := a.Check(actor.RegistryRead); err != nil {
		return f, err
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := tx.NewSelect().Model(&f).Where("public_id = ?", publicID).Scan(ctx)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "finding_not_found")
		}
		if err != nil || !f.ClosedAt.IsZero() {
			return err
		}
		f.ClosedAt, f.ClosedBy = store.At(tx.Now()), a.ID
		if err := store.One(tx.NewUpdate().Model(&f).Column("closed_at", "closed_by").WherePK().Exec(ctx)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "registry.finding.close", f.PublicID, map[string]string{"code": f.Code})
	})
	if err != nil {
		return f, fmt.Errorf("registry: close finding: %w", err)
	}
	return f, nil
}
