package idempotency

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// patience is how long a reservation is left to its holder. Later, whoever asks
// again takes it over; a holder that is still at work finds out when it commits.
const patience = 15 * time.Second

// remembered is how long an answer is known.
const remembered = 24 * time.Hour

// Answer is what a request was answered with.
type Answer struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Body        []byte `json:"body"`
}

// Request is something that is to be carried out once. Keys belong to an account;
// two requests with one key and different fingerprints are a mistake of the caller.
type Request struct {
	Account     int64
	Key         string
	Fingerprint []byte
}

// Once carries a request out, or returns the answer that was given to it before.
// do returns what is to be remembered, nil to leave the key free for another try;
// its context marks the unit of work that carries the request out. An error of
// keeping the answer comes back beside it. Faults: idempotency_key_reused,
// idempotency_key_busy, idempotency_answer_lost.
func Once(ctx context.Context, s *store.Store, r Request, do func(context.Context) *Answer) (known *Answer, err error) {
	res := &reservation{AccountID: r.Account, Key: r.Key, Fingerprint: r.Fingerprint, Holder: rand.Text()}
	if known, err = res.reserve(ctx, s); err != nil || known != nil {
		return known, err
	}
	var answer *Answer
	defer func() { // also after a panic
		err = res.keep(context.WithoutCancel(ctx), s, answer)
	}()
	answer = do(store.WithRider(ctx, res.carriedOut))
	return nil, nil
}

// Known returns the answer that was given under a key of an account; nil when there is none,
// or none any more.
func Known(ctx context.Context, s *store.Store, account int64, key string) (*Answer, error) {
	var there reservation
	err := s.R.NewSelect().Model(&there).Where("account_id = ?", account).Where("key = ?", key).Where("status <> 0").Where("created_at >= ?", store.At(s.Now().Add(-remembered))).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("idempotency: known: %w", err)
	}
	known := &Answer{}
	return known, json.Unmarshal(there.Body, known)
}

// reservation is a key that a request is being carried out under.
type reservation struct {
	bun.BaseModel `bun:"table:idempotency"`

	AccountID   int64
	Key         string
	Fingerprint []byte
	Holder      string
	CarriedOut  bool
	Status      int
	Body        []byte
	CreatedAt   store.Time
}

// carriedOut notes, in the unit of work that does it, that the request is carried
// out. It undoes a unit of work whose reservation has been taken over.
func (res *reservation) carriedOut(ctx context.Context, tx *store.Tx) error {
	err := store.One(tx.NewRaw("UPDATE idempotency SET carried_out = ? WHERE account_id = ? AND key = ? AND holder = ?", true, res.AccountID, res.Key, res.Holder).Exec(ctx))
	if errors.Is(err, store.ErrStale) {
		return fault.New(fault.Conflict, "idempotency_key_busy")
	}
	return err
}

// reserve takes the key, or returns the answer that was given under it.
func (res *reservation) reserve(ctx context.Context, s *store.Store) (known *Answer, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res.CreatedAt = store.At(tx.Now())
		if _, err := tx.NewRaw("DELETE FROM idempotency WHERE created_at < ?", store.At(tx.Now().Add(-remembered))).Exec(ctx); err != nil {
			return err
		}
		err := store.One(tx.NewInsert().Model(res).On("CONFLICT DO NOTHING").Exec(ctx))
		if !errors.Is(err, store.ErrStale) {
			return err
		}
		var there reservation
		if err := tx.NewSelect().Model(&there).Where("account_id = ?", res.AccountID).Where("key = ?", res.Key).Scan(ctx); err != nil {
			return err
		}
		switch {
		case !slices.Equal(there.Fingerprint, res.Fingerprint):
			return fault.New(fault.Invalid, "idempotency_key_reused")
		case there.Status != 0:
			known = &Answer{}
			return json.Unmarshal(there.Body, known)
		case tx.Now().Before(there.CreatedAt.Add(patience)):
			return fault.New(fault.Conflict, "idempotency_key_busy")
		case there.CarriedOut:
			return fault.New(fault.Conflict, "idempotency_answer_lost")
		}
		err = store.One(tx.NewRaw("UPDATE idempotency SET holder = ?, created_at = ? WHERE account_id = ? AND key = ? AND holder = ? AND NOT carried_out",
			res.Holder, res.CreatedAt, res.AccountID, res.Key, there.Holder).Exec(ctx))
		if errors.Is(err, store.ErrStale) { // somebody else took it over, or its holder was only slow
			return fault.New(fault.Conflict, "idempotency_key_busy")
		}
		return err
	})
	return known, err
}

// keep stores an answer under its key. Without one the key is free again, unless
// the request has been carried out all the same.
func (res *reservation) keep(ctx context.Context, s *store.Store, answer *Answer) error {
	return s.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if answer == nil {
			_, err := tx.NewRaw("DELETE FROM idempotency WHERE account_id = ? AND key = ? AND holder = ? AND NOT carried_out", res.AccountID, res.Key, res.Holder).Exec(ctx)
			return err
		}
		b, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		_, err = tx.NewRaw("UPDATE idempotency SET status = ?, body = ? WHERE account_id = ? AND key = ? AND holder = ?", answer.Status, b, res.AccountID, res.Key, res.Holder).Exec(ctx)
		return err
	})
}
