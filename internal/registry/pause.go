package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// PausedFinding is the code of the finding that an account is paused.
const PausedFinding = "registry_paused_by"

// Pause says since when, by whom and why no command is sent to a registry.
type Pause struct {
	bun.BaseModel `bun:"table:registry_pause"`

	Registry string `bun:",pk"`
	At       store.Time
	Author   string
	Cause    string
	// Offline says that its messages are not read either, and that we have no session there.
	Offline bool
}

// Since is when it began, as texts say it.
func (p Pause) Since() string { return p.At.UTC().Format("2006-01-02 15:04 UTC") }

// Pause sends an account's registry no further command until Resume; what is on its way is
// answered, what is ordered waits, and messages are read and applied. Offline, no message
// is read either, and all sessions end. A paused account stays as it is, and the pause
// that holds is returned. It needs registry.manage. Faults: registry_unknown,
// cause_required.
func (r *Registries) Pause(ctx context.Context, a actor.Actor, name, cause string, offline bool) (Pause, error) {
	p := Pause{Registry: name, Author: a.ID, Cause: strings.TrimSpace(cause), Offline: offline}
	if err := r.Manageable(a, name); err != nil {
		return p, err
	}
	if p.Cause == "" {
		return p, fault.At("cause", "cause_required")
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		p.At = store.At(tx.Now())
		switch err := store.One(tx.NewInsert().Model(&p).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)); {
		case errors.Is(err, store.ErrStale):
			return tx.NewSelect().Model(&p).WherePK().Scan(ctx)
		case err != nil:
			return err
		}
		if err := Report(ctx, tx, name, "", fault.New(fault.Unavailable, PausedFinding).With("Registry", name).With("Cause", p.Cause)); err != nil {
			return err
		}
		if err := event.Append(ctx, tx, 0, "registry.paused", name, map[string]string{"Cause": p.Cause}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "registry.pause", name, map[string]string{"cause": p.Cause, "offline": fmt.Sprint(offline)})
	})
	if err != nil {
		return p, fmt.Errorf("registry %s: pause: %w", name, err)
	}
	return p, nil
}

// Resume sends a registry commands again, what has waited longest first. cause is for the
// record and may be "". An account that is not paused stays as it is. It needs
// registry.manage. Fault: registry_unknown.
func (r *Registries) Resume(ctx context.Context, a actor.Actor, name, cause string) error {
	if err := r.Manageable(a, name); err != nil {
		return err
	}
	l := r.accounts[name]
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := store.One(tx.NewRaw("DELETE FROM registry_pause WHERE registry = ?", name).Exec(ctx))
		if errors.Is(err, store.ErrStale) {
			return nil
		}
		if err != nil {
			return err
		}
		tx.OnCommit(l.rouse)
		if err := Settled(ctx, tx, name, "", PausedFinding); err != nil {
			return err
		}
		if err := event.Append(ctx, tx, 0, "registry.resumed", name, nil); err != nil {
			return err
		}
		detail := map[string]string{}
		if cause = strings.TrimSpace(cause); cause != "" {
			detail["cause"] = cause
		}
		return audit.Record(ctx, tx, a, "registry.resume", name, detail)
	})
	if err != nil {
		return fmt.Errorf("registry %s: resume: %w", name, err)
	}
	return nil
}

// Manageable returns nil where the actor may manage the account with that name. Faults:
// forbidden, registry_unknown.
func (r *Registries) Manageable(a actor.Actor, name string) error {
	if err := a.Check(actor.RegistryManage); err != nil {
		return err
	}
	if r.accounts[name] == nil {
		return fault.New(fault.NotFound, "registry_unknown").With("Registry", name)
	}
	return nil
}

// PauseOf is why nothing is sent to a registry now, nil where it is.
func (r *Registries) PauseOf(ctx context.Context, db bun.IDB, name string) (*Pause, error) {
	var p Pause
	err := db.NewSelect().Model(&p).Where("registry = ?", name).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("registry %s: pause: %w", name, err)
	}
	return &p, nil
}

// heedEvery is how long it may take until a process has heard that it is to be offline.
const heedEvery = time.Second

// runHeed has this process's sessions with a registry end while the account is to be
// offline, whichever process pumps it.
func (r *Registries) runHeed(ctx context.Context, l *link) {
	for ctx.Err() == nil {
		if err := r.heed(ctx, l); err != nil && ctx.Err() == nil {
			r.log.Warn("registry pause", "registry", l.Name, "error", err)
		}
		sleep(ctx, heedEvery, nil)
	}
}

func (r *Registries) heed(ctx context.Context, l *link) error {
	p, err := r.PauseOf(ctx, r.store.R, l.Name)
	if err != nil {
		return err
	}
	r.rekey(l)
	offline := p != nil && p.Offline
	was := l.offline.Swap(offline)
	switch pool := l.pool.Load(); {
	case pool == nil:
	case offline:
		pool.Suspend()
	case was:
		pool.Resume()
		l.rouse()
	}
	return nil
}
