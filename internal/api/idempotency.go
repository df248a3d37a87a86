package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/idempotency"
)

// maxRemembered bounds the request bodies that idempotency applies to, bodyTime how
// long they may take to arrive.
const (
	maxRemembered = 16 << 20
	bodyTime      = 30 * time.Second
)

// longestKey is how many characters an Idempotency-Key may have.
const longestKey = 255

// unkept reports whether a request, or its answer, holds what may not be kept for a day: a
// password, or a document number in clear. Sent again, it is carried out again.
func unkept(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, prefix+"/session") || strings.HasPrefix(r.URL.Path, prefix+"/password-links") || strings.HasSuffix(r.URL.Path, "/document-number")
}

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
		if key == "" || upload || unkept(r) || (r.Method != http.MethodPost && r.Method != http.MethodPatch) {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > longestKey || form.NotText(key) != nil {
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
		// Keyed: a body may hold what is guessed from a bare digest of it.
		sum, err := s.Vault.Hash("idempotency", r.Method+" "+r.URL.RequestURI()+"\n"+a.ID+"\n"+string(sent))
		if err != nil {
			s.write(w, r, err)
			return
		}
		answered := false
		known, err := idempotency.Once(r.Context(), s.Store, idempotency.Request{Account: a.Account, Key: key, Fingerprint: sum}, func(ctx context.Context) *idempotency.Answer {
			answered = true
			return carryOut(w, r.WithContext(ctx), next, sent)
		})
		switch {
		case answered && err != nil:
			s.log.Error("an idempotent answer was not kept", "error", err)
		case err != nil:
			s.write(w, r, err)
		case known != nil:
			w.Header().Set("Idempotent-Replayed", "true")
			w.Header().Set("Content-Type", known.ContentType)
			w.WriteHeader(known.Status)
			_, _ = w.Write(known.Body)
		}
	})
}

// carryOut does the request and returns the answer that is to be kept.
func carryOut(w http.ResponseWriter, r *http.Request, next http.Handler, sent []byte) *idempotency.Answer {
	r.Body = io.NopCloser(bytes.NewReader(sent))
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(rec, r)
	if rec.status >= http.StatusInternalServerError || rec.status == http.StatusTooManyRequests {
		return nil
	}
	return &idempotency.Answer{Status: rec.status, ContentType: rec.Header().Get("Content-Type"), Body: rec.body.Bytes()}
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
