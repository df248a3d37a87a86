package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// maxRemembered bounds the request bodies that idempotency applies to.
const maxRemembered = 16 << 20

// idempotent answers a repeated POST or PATCH with the same Idempotency-Key from
// the first one's answer, so that a client may send again what it is not sure of.
// Keys belong to an account and live for a day. Uploads of files are left out.
func (s *Server) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		upload := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/")
		if key == "" || upload || (r.Method != http.MethodPost && r.Method != http.MethodPatch) {
			next.ServeHTTP(w, r)
			return
		}
		a, err := s.Accounts.Authenticate(r.Context(), bearer(r.Header.Get("Authorization")))
		if err != nil {
			next.ServeHTTP(w, r) // says so itself
			return
		}
		sent, err := io.ReadAll(io.LimitReader(r.Body, maxRemembered+1))
		if err != nil || len(sent) > maxRemembered {
			s.write(w, r, fault.New(fault.TooLarge, "body_too_large").With("Max", "16 MB"))
			return
		}
		sum := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"+a.ID+"\n"), sent...))
		known, err := s.remember(r.Context(), a.Account, key, sum[:])
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
		r.Body = io.NopCloser(bytes.NewReader(sent))
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		done := false
		defer func() {
			if !done { // a panic: nothing happened that we could answer with
				_ = s.keep(r.Context(), a.Account, key, nil)
			}
		}()
		next.ServeHTTP(rec, r)
		done = true
		remembered := &remembered{Status: rec.status, ContentType: rec.Header().Get("Content-Type"), Body: rec.body.Bytes()}
		if rec.status >= http.StatusInternalServerError || rec.status == http.StatusTooManyRequests {
			remembered = nil
		}
		if err := s.keep(r.Context(), a.Account, key, remembered); err != nil {
			s.log.Error("an idempotent answer was not kept", "error", err)
		}
	})
}

// remembered is an answer that was given before.
type remembered struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Body        []byte `json:"body"`
}

// remember reserves a key, or returns the answer that was given under it. Faults:
// idempotency_key_reused, idempotency_key_busy.
func (s *Server) remember(ctx context.Context, account int64, key string, fingerprint []byte) (out *remembered, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM idempotency WHERE created_at < ?", store.Micros(tx.Now().Add(-24*time.Hour))).Exec(ctx); err != nil {
			return err
		}
		res, err := tx.NewRaw("INSERT INTO idempotency (account_id, key, fingerprint, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", account, key, fingerprint, store.At(tx.Now())).Exec(ctx)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 1 {
			return nil
		}
		var row struct {
			Fingerprint []byte
			Status      int
			Body        []byte
		}
		if err := tx.NewRaw("SELECT fingerprint, status, body FROM idempotency WHERE account_id = ? AND key = ?", account, key).Scan(ctx, &row); err != nil {
			return err
		}
		switch {
		case !slices.Equal(row.Fingerprint, fingerprint):
			return fault.New(fault.Invalid, "idempotency_key_reused")
		case row.Status == 0:
			return fault.New(fault.Conflict, "idempotency_key_busy")
		}
		out = &remembered{}
		return json.Unmarshal(row.Body, out)
	})
	return out, err
}

// keep stores an answer under its key, or frees the key.
func (s *Server) keep(ctx context.Context, account int64, key string, answer *remembered) error {
	return s.Store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if answer == nil {
			_, err := tx.NewRaw("DELETE FROM idempotency WHERE account_id = ? AND key = ?", account, key).Exec(ctx)
			return err
		}
		b, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		_, err = tx.NewRaw("UPDATE idempotency SET status = ?, body = ? WHERE account_id = ? AND key = ?", answer.Status, b, account, key).Exec(ctx)
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
