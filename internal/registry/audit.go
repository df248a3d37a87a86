package registry

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/fold"
)

// runAudit sends documents over a registry's own channel beside EPP until ctx
// ends. The call is idempotent by content, so an answer that was lost may simply
// be asked for again.
func (r *Registries) runAudit(ctx context.Context, l *link, fence int64) {
	if l.AuditURL == "" {
		return
	}
	for ctx.Err() == nil {
		n, err := r.auditOnce(ctx, l, l.documents(), fence)
		if err != nil && ctx.Err() == nil {
			r.complain(l, "registry documents", err)
		}
		if n == 0 {
			sleep(ctx, idle, l.wakeAudit)
		}
	}
}

// documentClient has the account's certificate and roots. The host's name is that of its
// address: ServerName is the EPP server's.
func (l *link) documentClient() *http.Client {
	secured := l.tlsConfig.Clone()
	secured.ServerName = ""
	transport := &http.Transport{
		DialContext: l.dialer.DialContext, TLSClientConfig: secured, ForceAttemptHTTP2: false,
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	return &http.Client{Timeout: time.Minute, Transport: transport}
}

func (r *Registries) auditOnce(ctx context.Context, l *link, client *http.Client, fence int64) (int, error) {
	open, err := r.openWork(ctx, l, "audit", Interactive, Sweep)
	if err != nil || !open {
		return 0, err
	}
	if err := r.repeatEvidence(ctx, l); err != nil {
		return 0, err
	}
	batch, err := r.claim(ctx, l, "audit", fence, Interactive, Sweep, 10)
	if err != nil {
		return 0, err
	}
	for i := range batch {
		rep := r.sendEvidence(ctx, l, client, batch[i])
		r.reach(Uploaded)
		if err := r.endAlone(context.WithoutCancel(ctx), l, batch[i:i+1], []reply{rep}); err != nil {
			return 0, err
		}
	}
	return len(batch), nil
}

// repeatEvidence puts documents back into the queue that a server was sending when it ended.
func (r *Registries) repeatEvidence(ctx context.Context, l *link) error {
	var doubts []Command
	err := r.store.R.NewSelect().Model(&doubts).Where("registry = ?", l.Name).Where("via = 'audit'").Where("state = 'doubt'").Limit(10).Scan(ctx)
	if err != nil {
		return err
	}
	for i := range doubts {
		if err := r.endAlone(ctx, l, doubts[i:i+1], []reply{{
			outcome: OutcomeRefused, again: true, message: "sent again: the channel is idempotent by content",
		}}); err != nil {
			return err
		}
	}
	return nil
}

func (r *Registries) sendEvidence(ctx context.Context, l *link, client *http.Client, c Command) reply {
	body, contentType, err := r.evidenceBody(ctx, l, c.Payload)
	if err != nil {
		return reply{unsent: true, message: err.Error()}
	}
	url := strings.TrimSuffix(l.AuditURL, "/") + "/audit/v1/contacts/" + c.Payload.Contact + "/evidence"
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		return reply{unsent: true, message: err.Error()}
	}
	req.SetBasicAuth(l.ClientID, l.secret())
	req.Header.Set("Content-Type", contentType)
	resp, err := client.Do(req)
	if err != nil { // perhaps they have arrived: the channel is idempotent by content
		r.documented(ctx, l, err)
		return reply{outcome: OutcomeRefused, again: true, message: err.Error()}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	switch {
	case err != nil || resp.StatusCode >= 500 || notOfTheDocuments(resp.StatusCode, answer):
		r.documented(ctx, l, cmp.Or(err, fmt.Errorf("%s answers %s", l.AuditURL, resp.Status)))
		return reply{outcome: OutcomeRefused, again: true, code: resp.StatusCode, message: fmt.Sprintf("audit interface: %s", resp.Status)}
	}
	r.documented(ctx, l, nil)
	if resp.StatusCode >= 300 {
		return reply{outcome: OutcomeRefused, code: resp.StatusCode, message: fmt.Sprintf("audit interface: %s: %s", resp.Status, strings.TrimSpace(string(answer)))}
	}
	var said struct{ Submission, State string }
	_ = json.Unmarshal(answer, &said) // the status is the answer; an interface that says no more is believed as well
	return reply{outcome: OutcomeDone, code: resp.StatusCode, svTRID: said.Submission, evidence: said.State}
}

// notOfTheDocuments reports whether a refusal is about us or the moment, and says
// nothing about the documents. A 403 that is not the interface's own is that of a gateway
// before it, which does not know our address.
func notOfTheDocuments(status int, answer []byte) bool {
	switch status {
	case http.StatusForbidden:
		return !json.Valid(answer)
	case http.StatusUnauthorized, http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return false
}

// evidenceBody writes the holder and the pictures as a multipart form.
func (r *Registries) evidenceBody(ctx context.Context, l *link, p Payload) (body []byte, contentType string, err error) {
	h, err := r.directory.Holder(ctx, p.HolderRef)
	if err != nil {
		return nil, "", err
	}
	pictures, err := r.directory.Evidence(ctx, p.HolderRef)
	if err != nil {
		return nil, "", err
	}
	name, err := r.nameAtRegistry(ctx, l, p.Contact, h)
	if err != nil {
		return nil, "", err
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	holder, err := w.CreateFormField("holder")
	if err != nil {
		return nil, "", err
	}
	err = json.NewEncoder(holder).Encode(map[string]string{"name": name, "type": cnnicType(h.Type), "id_type": h.DocumentCode, "id_number": h.DocumentNumber})
	if err != nil {
		return nil, "", err
	}
	for _, pic := range pictures {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="document"; filename="%s.jpg"`, pic.Side)},
			"Content-Type":        {"image/jpeg"},
			"Document-Side":       {pic.Side},
			"Document-Sha256":     {hex.EncodeToString(pic.SHA256)},
		})
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(pic.Bytes); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return buf.Bytes(), w.FormDataContentType(), nil
}

// nameAtRegistry is the holder's name for the evidence of a contact. Registries
// compare it with the contact to the letter, and the registrant stays: where the two
// are one name in two spellings, the contact's goes with the documents.
func (r *Registries) nameAtRegistry(ctx context.Context, l *link, contact string, h Holder) (string, error) {
	name := h.name()
	c, ok, err := KnownContact(ctx, r.store.R, l.Name, contact)
	if err != nil {
		return "", fmt.Errorf("registry: contact %s: %w", contact, err)
	}
	if ok && c.HolderName != "" && c.HolderFold == fold.Name(name) {
		return c.HolderName, nil
	}
	return name, nil
}
