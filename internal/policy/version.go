package policy

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Version is a set of policy files that a server has run with.
type Version struct {
	bun.BaseModel `bun:"table:policy_version"`

	// Digest is what cases name it by: Policies.Version.
	Digest string `bun:",pk"`
	Dated  string
	// Files are a ZIP archive of the files that were read, the shipped ones and an operator's own.
	Files       []byte
	FirstSeenAt store.Time
	// InForceSince is when a server first started with it that was preceded by another version, so
	// that a version that came back is in force since its return.
	InForceSince store.Time
	// LastSeenAt is when a server was last seen to have it, to the hour.
	LastSeenAt store.Time
}

// Versions keeps every version of the policy that was in force. They are about no person and
// are never erased.
type Versions struct {
	store   *store.Store
	running *Policies
}

// NewVersions returns the versions in s, for a server that runs with running.
func NewVersions(s *store.Store, running *Policies) *Versions {
	return &Versions{store: s, running: running}
}

// Begin notes that this server has started with its policy. Servers that start with the same one
// note it once; while they are being given another one, both are seen and the later start counts.
func (v *Versions) Begin(ctx context.Context) error {
	files, err := v.running.pack()
	if err != nil {
		return fmt.Errorf("policy: keep version %s: %w", v.running.Version, err)
	}
	err = v.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var before Version // the latest of the others
		err := tx.NewSelect().Model(&before).ExcludeColumn("files").Where("digest <> ?", v.running.Version).OrderExpr("in_force_since DESC, first_seen_at DESC").Limit(1).Scan(ctx)
		if err != nil && !store.IsNotFound(err) {
			return err
		}
		// Of servers that start at once, the insert and the last update let one through: the
		// others wait for it, and then meet no row.
		now := store.At(tx.Now())
		row := &Version{Digest: v.running.Version, Dated: v.running.Dated, Files: files, FirstSeenAt: now, InForceSince: now, LastSeenAt: now}
		err = store.One(tx.NewInsert().Model(row).On("CONFLICT (digest) DO NOTHING").Exec(ctx))
		if errors.Is(err, store.ErrStale) { // it was in force before, and may be now
			if _, err := tx.NewUpdate().Model(row).Column("last_seen_at").WherePK().Exec(ctx); err != nil {
				return err
			}
			err = store.One(tx.NewUpdate().Model(row).Column("in_force_since").WherePK().Where("in_force_since < ?", before.InForceSince).Exec(ctx))
		}
		switch {
		case errors.Is(err, store.ErrStale):
			return nil
		case err != nil || before.Digest == "":
			return err
		}
		return audit.Record(ctx, tx, actor.Verinym, "policy.in_force", row.Digest, map[string]string{"before": before.Digest})
	})
	if err != nil {
		return fmt.Errorf("policy: keep version %s: %w", v.running.Version, err)
	}
	return nil
}

// Seen notes that this server still has its policy.
func (v *Versions) Seen(ctx context.Context) error {
	err := v.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewUpdate().Model((*Version)(nil)).Set("last_seen_at = ?", store.At(tx.Now())).Where("digest = ?", v.running.Version).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("policy: version %s is seen: %w", v.running.Version, err)
	}
	return nil
}

// All lists the versions, the latest in force first, without their files. It needs policy.read.
func (v *Versions) All(ctx context.Context, a actor.Actor) (out []Version, err error) {
	if err := a.Check(actor.PolicyRead); err != nil {
		return nil, err
	}
	if err := v.store.R.NewSelect().Model(&out).ExcludeColumn("files").OrderExpr("in_force_since DESC, first_seen_at DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("policy: versions: %w", err)
	}
	return out, nil
}

// Find returns a version with its files. It needs policy.read. Fault: policy_version_not_found.
func (v *Versions) Find(ctx context.Context, a actor.Actor, digest string) (out Version, err error) {
	if err := a.Check(actor.PolicyRead); err != nil {
		return out, err
	}
	err = v.store.R.NewSelect().Model(&out).Where("digest = ?", digest).Scan(ctx)
	if store.IsNotFound(err) {
		return out, fault.New(fault.NotFound, "policy_version_not_found").With("Version", digest)
	}
	if err != nil {
		return out, fmt.Errorf("policy: version %s: %w", digest, err)
	}
	return out, nil
}

// What a set of policy files can be named by beside its digest.
const (
	SetShipped = "shipped" // as verinym ships them
	SetRunning = "running" // those that this server has
)

// Load returns the policies of a set, by the digest of its version or by one of the names. The
// files of earlier versions are read again. It needs policy.read. Fault: policy_version_not_found.
// The error is Problems where this program asks more of the files than the one did that ran with them.
func (v *Versions) Load(ctx context.Context, a actor.Actor, set string) (*Policies, error) {
	switch err := a.Check(actor.PolicyRead); {
	case err != nil:
		return nil, err
	case set == SetShipped:
		return Shipped()
	case set == SetRunning || set == v.running.Version:
		return v.running, nil
	}
	found, err := v.Find(ctx, a, set)
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(found.Files), int64(len(found.Files)))
	if err != nil {
		return nil, fmt.Errorf("policy: version %s: %w", set, err)
	}
	p, err := Load(files)
	if err != nil {
		return nil, err
	}
	if p.Version != set {
		return nil, fmt.Errorf("policy: the files kept of version %s are those of %s", set, p.Version)
	}
	return p, nil
}

// pack puts the files into a ZIP archive, in the order of their names.
func (p *Policies) pack() ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		f, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(p.files[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
