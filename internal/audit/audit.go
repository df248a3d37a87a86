package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// Entry is one line of the record. Detail never holds a document number, a
// password or a token.
type Entry struct {
	bun.BaseModel `bun:"table:audit_entry"`

	ID        int64 `bun:",pk,autoincrement"`
	At        store.Time
	Actor     string
	AccountID int64
	Action    string
	Subject   string
	Detail    map[string]string
	Seq       int64  `bun:",nullzero"`
	Prev      []byte `bun:",nullzero"`
	Hash      []byte `bun:",nullzero"`
}

// Record writes an entry: a did action to subject (a public id). The entries of a unit of
// work are written together, at its end.
func Record(ctx context.Context, tx *store.Tx, a actor.Actor, action, subject string, detail map[string]string) error {
	e := &Entry{At: store.At(tx.Now()), Actor: a.ID, AccountID: a.Account, Action: action, Subject: subject, Detail: detail}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	store.Gather(tx, record{}, e, insertEntries)
	return nil
}

// record is where the entries of a unit of work are gathered.
type record struct{}

func insertEntries(ctx context.Context, tx *store.Tx, all []*Entry) error {
	if err := store.InsertEach(ctx, tx, all, ""); err != nil {
		return fmt.Errorf("audit: record: %w", err)
	}
	return nil
}

// sum chains e to the hash before it. The fields are length-prefixed JSON
// values, so that no two different entries hash alike.
func (e *Entry) sum(prev []byte) ([]byte, error) {
	keys := make([]string, 0, len(e.Detail))
	for k := range e.Detail {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	pairs := make([][2]string, len(keys))
	for i, k := range keys {
		pairs[i] = [2]string{k, e.Detail[k]}
	}
	b, err := json.Marshal([]any{e.Seq, prev, e.At.UnixMicro(), e.Actor, e.AccountID, e.Action, e.Subject, pairs})
	if err != nil {
		return nil, err
	}
	h := sha256.Sum256(b)
	return h[:], nil
}

// Sealer seals entries, one process at a time.
type Sealer struct {
	Store *store.Store
	Owner string
	// TTL is how long the lease lasts.
	TTL time.Duration
}

// Seal chains up to n committed entries and returns how many; 0 also when
// another process is the sealer.
func (s *Sealer) Seal(ctx context.Context, n int) (sealed int, err error) {
	var waiting int
	if err := s.Store.R.NewRaw("SELECT count(*) FROM (SELECT 1 FROM audit_entry WHERE seq IS NULL LIMIT 1) w").Scan(ctx, &waiting); err != nil || waiting == 0 {
		return 0, err
	}
	lease, ok, err := s.Store.Acquire(ctx, "audit-sealer", s.Owner, s.TTL)
	if err != nil || !ok {
		return 0, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var held int64
		if err := tx.NewRaw("SELECT count(*) FROM lease WHERE name = ? AND owner = ? AND fence = ?", lease.Name, lease.Owner, lease.Fence).Scan(ctx, &held); err != nil || held == 0 {
			return err
		}
		var last Entry
		err := tx.NewSelect().Model(&last).Where("seq IS NOT NULL").OrderExpr("seq DESC").Limit(1).Scan(ctx)
		if err != nil && !store.IsNotFound(err) {
			return err
		}
		var batch []Entry
		if err := tx.NewSelect().Model(&batch).Where("seq IS NULL").OrderExpr("id").Limit(int64(n)).Scan(ctx); err != nil {
			return err
		}
		for i := range batch {
			e := &batch[i]
			e.Seq, e.Prev = last.Seq+1, last.Hash
			if e.Hash, err = e.sum(e.Prev); err != nil {
				return err
			}
			if _, err := tx.NewUpdate().Model(e).Column("seq", "prev", "hash").WherePK().Exec(ctx); err != nil {
				return err
			}
			last = *e
		}
		sealed = len(batch)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("audit: seal: %w", err)
	}
	return sealed, nil
}

// Filter says which entries are wanted: those about a subject, by an actor, of an action,
// or all of these.
type Filter struct {
	Subject, Actor, Action string
	// Account is the row id of the account whose people acted, 0 for any.
	Account int64
	// From and Until bound the time of an entry, each where it is not zero.
	From, Until time.Time
	// Before is the id of the last entry of the page before, 0 for the first page.
	Before int64
}

// Search lists entries, the latest first. It needs audit.read.
func Search(ctx context.Context, s *store.Store, a actor.Actor, f Filter, limit int) (out []Entry, err error) {
	if err := a.Check(actor.AuditRead); err != nil {
		return nil, err
	}
	q := s.R.NewSelect().Model(&out).OrderExpr("id DESC").Limit(int64(limit))
	if f.Subject != "" {
		q = q.Where("subject = ?", f.Subject)
	}
	if f.Actor != "" {
		q = q.Where("actor = ?", f.Actor)
	}
	if f.Action != "" {
		q = q.Where("action = ?", f.Action)
	}
	if f.Account != 0 {
		q = q.Where("account_id = ?", f.Account)
	}
	if !f.From.IsZero() {
		q = q.Where("at >= ?", store.At(f.From))
	}
	if !f.Until.IsZero() {
		q = q.Where("at < ?", store.At(f.Until))
	}
	if f.Before > 0 {
		q = q.Where("id < ?", f.Before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("audit: search: %w", err)
	}
	return out, nil
}

// Report is what Verify found.
type Report struct {
	// Sealed entries that agree with their hashes, and entries still unsealed.
	Sealed, Unsealed int64
	// Redacted are those among the sealed out of which a person's data were taken: they
	// agree with the entry that says so.
	Redacted int64
	// BrokenAt is the sequence number of the first entry that does not agree, 0 for none.
	BrokenAt int64
	// Head is the hash of the last sealed entry: keep it elsewhere to notice a
	// chain that was cut short.
	Head []byte
}

// OK reports whether the chain is whole.
func (r Report) OK() bool { return r.BrokenAt == 0 }

// Verify walks the chain from its beginning.
func Verify(ctx context.Context, s *store.Store) (r Report, err error) {
	if err := s.R.NewRaw("SELECT count(*) FROM audit_entry WHERE seq IS NULL").Scan(ctx, &r.Unsealed); err != nil {
		return r, fmt.Errorf("audit: verify: %w", err)
	}
	since, err := redacted(ctx, s)
	if err != nil {
		return r, fmt.Errorf("audit: verify: %w", err)
	}
	// From the lowest number there is, not from 1: an entry put before the first counts.
	for seen := int64(math.MinInt64); ; {
		var batch []Entry
		if err := s.R.NewSelect().Model(&batch).Where("seq > ?", seen).OrderExpr("seq").Limit(1000).Scan(ctx); err != nil {
			return r, fmt.Errorf("audit: verify: %w", err)
		}
		for i := range batch {
			e := &batch[i]
			sum, err := e.sum(r.Head)
			if err != nil {
				return r, err
			}
			whole := slices.Equal(e.Hash, sum)
			if !whole && len(e.Hash) == sha256.Size && since[e.Seq] == hex.EncodeToString(sum) {
				whole = true
				r.Redacted++
			}
			if e.Seq != r.Sealed+1 || !slices.Equal(e.Prev, r.Head) || !whole {
				r.BrokenAt = r.Sealed + 1
				return r, nil
			}
			seen, r.Sealed, r.Head = e.Seq, e.Seq, e.Hash
		}
		if len(batch) == 0 {
			return r, nil
		}
	}
}
