package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// maxRemembered bounds the request bodies that idempotency applies to, bodyTime how
// long they may take to arrive.
const (
	maxRemembered = 16 << 20
	bodyTime      = 30 * time.Second
)

// longestKey is how many characters an Idempotency-Key may have.
const longestKey = 255

// patience is how long a reservation is left to its holder. Later, whoever asks
// again takes it over; a holder that is still at work finds out when it commits.
const patience = 15 * time.Second

// idempotent answers a repeated POST or PATCH with the same Idempotency-Key from
// the first one's answer, so that a client may send again what it is not sure of.
// Keys belong to an account and live for a day. Uploads of files are left out.
//
// That a request was carried out is written in the unit of work that does so: after
// a crash it is known whether to do it again.
func (s *Server) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		upload := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/")
		if key == "" || upload || (r.Method != http.MethodPost && r.Method != http.MethodPatch) {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > longestKey || notText(key) != nil {
			s.write(w, r, fault.At("Idempotency-Key", "field_too_long").With("Field", "Idempotency-Key").With("Max", strconv.Itoa(longestKey)))
			return
		}
		a, err := s.Accounts.Authenticate(r.Context(), bearer(r.Header.Get("Authorization")))
		if err != nil {
			next.ServeHTTP(w, r) // says so itself
			return
		}
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		sent, err := io.ReadAll(io.LimitReader(r.Body, maxRemembered+1))
		switch {
		case err != nil:
			s.write(w, r, fault.New(fault.Invalid, "body_invalid").With("Words", "the body broke off"))
			return
		case len(sent) > maxRemembered:
			s.write(w, r, fault.New(fault.TooLarge, "body_too_large").With("Max", "16 MB"))
			return
		}
		sum := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"+a.ID+"\n"), sent...))
		res := &reservation{AccountID: a.Account, Key: key, Fingerprint: sum[:], Holder: rand.Text()}
		known, err := s.reserve(r.Context(), res)
		if err != nil {
			s.write(w, r, err)
			return
		}
		if known != nil {
			w.Header().Set("Idempotent-Replayed", "true")
			w.Header().Set("Content-Type", known.ContentType)
			w.WriteHeader(known.Status)
			_, _ = w.Write(known.Body)
			return
		}
		s.carryOut(w, r, next, res, sent)
	})
}

// carryOut does the request under its reservation, and keeps the answer.
func (s *Server) carryOut(w http.ResponseWriter, r *http.Request, next http.Handler, res *reservation, sent []byte) {
	r.Body = io.NopCloser(bytes.NewReader(sent))
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	var answer *remembered
	defer func() { // also after a panic
		if err := s.keep(context.WithoutCancel(r.Context()), res, answer); err != nil {
			s.log.Error("an idempotent answer was not kept", "error", err)
		}
	}()
	next.ServeHTTP(rec, r.WithContext(store.WithRider(r.Context(), res.carriedOut)))
	if rec.status < http.StatusInternalServerError && rec.status != http.StatusTooManyRequests {
		answer = &remembered{Status: rec.status, ContentType: rec.Header().Get("Content-Type"), Body: rec.body.Bytes()}
	}
}

// remembered is an answer that was given before.
type remembered struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Body        []byte `json:"body"`
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

// reserve takes a key, or returns the answer that was given under it. Faults:
// idempotency_key_reused, idempotency_key_busy, idempotency_answer_lost.
func (s *Server) reserve(ctx context.Context, res *reservation) (known *remembered, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res.CreatedAt = store.At(tx.Now())
		if _, err := tx.NewRaw("DELETE FROM idempotency WHERE created_at < ?", store.At(tx.Now().Add(-24*time.Hour))).Exec(ctx); err != nil {
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
			known = &remembered{}
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
func (s *Server) keep(ctx context.Context, res *reservation, answer *remembered) error {
	return s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
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

// recorder keeps a copy of what is answered.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
