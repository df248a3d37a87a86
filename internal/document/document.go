package document

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// Document is one side of one identity document.
type Document struct {
	bun.BaseModel `bun:"table:document"`

	ID         int64 `bun:",pk,autoincrement"`
	PublicID   string
	AccountID  int64
	Kind       string
	Side       string
	State      string
	FileName   string
	Format     string
	Width      int
	Height     int
	Bytes      int64
	SHA256     []byte `bun:"sha256"`
	BlobKey    string
	CopyKey    string
	CopyBytes  int64
	CopySHA256 []byte `bun:"copy_sha256"`
	ThumbKey   string
	// Fingerprint tells the picture again after it was scaled and saved.
	Fingerprint []byte `bun:",nullzero"`
	Verdict     string
	// Width, Height, the regions of Findings and Corners are of the upright picture, as
	// people see it. Corners are where the document lies on it, clockwise; none where its
	// outline was not found.
	Findings []Finding
	Corners  [][2]int
	// Contested says that the registrant asks a person to look, with Note.
	Contested bool
	Note      string
	// RejectedAt and RejectedReason are of a review that refused the picture.
	RejectedAt     store.Time
	RejectedReason string
	// ReadingSealed is what was read on the picture, since ReadAt.
	ReadingSealed []byte `bun:",nullzero"`
	ReadAt        store.Time
	// LookAt is when it is next asked whether the pictures are still needed.
	LookAt    store.Time
	ErasedAt  store.Time
	CreatedAt store.Time
}

// States of a document.
const (
	stored = "stored"
	erased = "erased"
)

// Jail is where pictures are decoded: a *jail.Pool that serves Inside.
type Jail interface {
	Do(ctx context.Context, name string, picture jail.Picture, args []byte) ([]byte, error)
}

// Documents owns the rows and the pictures behind them.
type Documents struct {
	store    *store.Store
	vault    *vault.Vault
	policies *policy.Policies
	jail     Jail
	keepers  []Keeper
	holders  []Holder
	opened   Opened
	turns    *turns
	reader   *reading.Reader
}

// New returns the documents of s, whose pictures are looked at in j.
func New(s *store.Store, v *vault.Vault, p *policy.Policies, j Jail) *Documents {
	return &Documents{store: s, vault: v, policies: p, jail: j, opened: unheeded, turns: newTurns()}
}

// Opened is told, in the unit of work that records the reveal, who looks at which
// document; with its error there is no look.
type Opened func(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string) error

func unheeded(context.Context, *store.Tx, actor.Actor, string) error { return nil }

// OnOpened says who is told of every look at a picture.
func (ds *Documents) OnOpened(f Opened) { ds.opened = f }

// ByIDs returns documents of an account by row id.
func ByIDs(ctx context.Context, db bun.IDB, account int64, ids []int64) (out []Document, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = db.NewSelect().Model(&out).Where("account_id = ?", account).Where("id IN (?)", bun.List(ids)).OrderExpr("id").Scan(ctx)
	return out, wrap("read", err)
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("document: %s: %w", op, err)
}
