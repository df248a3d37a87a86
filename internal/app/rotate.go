package app

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
	"github.com/verinym/verinym/policies"
)

// sealed is a noun that has something sealed.
type sealed interface {
	Sealed(ctx context.Context) (int, error)
	Reseal(ctx context.Context, last int64, n int) (next int64, looked int, err error)
}

// Rotate gives the vault of an installation new keys and seals everything anew
// under them, beside a server that may be running; progress is told as it goes. A
// rotation that was interrupted is finished by the next one. The old keys stay, and
// go with Retire.
func Rotate(ctx context.Context, c Config, newKeys bool, progress func(what string, done, total int)) error {
	c, err := c.withDefaults()
	if err != nil {
		return err
	}
	if !c.exists() {
		return fmt.Errorf("%s: %w", c.Database, ErrNoInstallation)
	}
	if newKeys {
		if err := vault.Rotate(filepath.Join(c.Data, "keys.json")); err != nil {
			return err
		}
	}
	s, err := store.Open(ctx, store.Config{URL: c.Database})
	if err != nil {
		return err
	}
	defer s.Close()
	v, err := vault.OpenData(c.Data)
	if err != nil {
		return err
	}
	defer v.Close()
	p, err := policy.Load(policies.FS)
	if err != nil {
		return err
	}
	documents := document.New(s, v, p, jail.Here(nil))
	registries, err := registry.New(registry.Config{Store: s, Vault: v})
	if err != nil {
		return err
	}
	profiles := profile.New(s, v, p, documents, review.New(s, p), profile.Authorities{})
	for _, x := range []struct {
		what string
		noun sealed
	}{
		{"documents", documents},
		{"numbers", profiles},
		{"commands", registries},
		{"webhooks", webhook.New(s, v, webhook.Config{})},
		{"exports", datarequest.New(s, v, p, nil, profiles, documents, registries)},
	} {
		if err := reseal(ctx, x.noun, func(done, total int) { progress(x.what, done, total) }); err != nil {
			return fmt.Errorf("app: sealing %s anew: %w", x.what, err)
		}
	}
	return nil
}

func reseal(ctx context.Context, noun sealed, progress func(done, total int)) error {
	total, err := noun.Sealed(ctx)
	if err != nil {
		return err
	}
	for last, done := int64(0), 0; ; {
		progress(done, total)
		next, looked, err := noun.Reseal(ctx, last, 100)
		if err != nil || looked == 0 {
			return err
		}
		last, done = next, done+looked
	}
}

// Retire removes every key but those that seal now. Call Rotate without new keys
// first: what is sealed under an older one is lost.
func Retire(c Config) error {
	c, err := c.withDefaults()
	if err != nil {
		return err
	}
	return vault.Retire(filepath.Join(c.Data, "keys.json"))
}
