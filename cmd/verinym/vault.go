package main

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/internal/app"
)

type vaultCmd struct {
	Rotate vaultRotateCmd `cmd:"" help:"Create new keys and re-encrypt everything with them; a server may be running."`
	Retire vaultRetireCmd `cmd:"" help:"Remove keys that nothing is encrypted with any more."`
}

type vaultRotateCmd struct {
	database
}

func (v *vaultRotateCmd) Run(ctx context.Context) error {
	c, err := v.config()
	if err != nil {
		return err
	}
	if err := resealAll(ctx, c, true); err != nil {
		return err
	}
	fmt.Println("There are new keys, and everything is sealed under them. Back up keys.json now.")
	fmt.Println("The old keys are kept for backups of today and before: remove them with `verinym vault retire` when those are gone.")
	return nil
}

type vaultRetireCmd struct {
	database
}

func (v *vaultRetireCmd) Run(ctx context.Context) error {
	c, err := v.config()
	if err != nil {
		return err
	}
	if err := resealAll(ctx, c, false); err != nil { // what a rotation that was cut off has left
		return err
	}
	if err := app.Retire(c); err != nil {
		return err
	}
	fmt.Println("The old keys are removed. Backups that were sealed under them do not open any more.")
	return nil
}

func resealAll(ctx context.Context, c app.Config, newKeys bool) error {
	var b *bar
	what := ""
	err := app.Rotate(ctx, c, newKeys, func(now string, done, total int) {
		if now != what {
			b.clear()
			b, what = newBar(total, true), now
		}
		b.show(min(done, total), now)
	})
	b.clear()
	return notThere(err)
}
