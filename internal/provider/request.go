package provider

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/outbound"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/store"
)

const (
	// MessageMax is how many bytes of an answer are read, and how many a message may have.
	MessageMax = 256 << 10
	// wordsKept is how many bytes of an answer that is none are kept for the operator.
	wordsKept = 300
	// longestRetryAfter is the longest that a provider may ask to be left alone.
	longestRetryAfter = time.Hour
)

// opening is what is put to a provider.
type opening struct {
	Case    string            `json:"case"`
	Attempt int               `json:"attempt"`
	Kind    review.Kind       `json:"kind"`
	Fields  map[string]string `json:"fields"`
	// Documents are there for as long as their addresses say.
	Documents   []document `json:"documents"`
	SubmittedAt time.Time  `json:"submitted_at"`
	ExpectedAt  time.Time  `json:"expected_at"`
	// VerdictURL takes the verdict, DossierURL gives all of this again with fresh
	// addresses of pictures.
	VerdictURL string `json:"verdict_url"`
	DossierURL string `json:"dossier_url"`
}

type document struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Side      string    `json:"side"`
	MediaType string    `json:"media_type"`
	Bytes     int64     `json:"bytes"`
	SHA256    string    `json:"sha256"`
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"url_expires_at"`
}

// dossier is what a case is about, as the provider reads it; that it is opened is
// recorded.
func (p *provider) dossier(ctx context.Context, publicID string) ([]byte, error) {
	c, d, err := p.Reviews.Disclose(ctx, p.Name, publicID)
	if err != nil {
		return nil, err
	}
	at := func(t store.Time) time.Time { return t.UTC().Truncate(time.Second) }
	o := opening{
		Case: c.PublicID, Attempt: c.Attempt, Kind: c.SubjectKind, Fields: d.Fields, Documents: []document{},
		SubmittedAt: at(c.SubmittedAt), ExpectedAt: at(c.ExpectedAt),
		VerdictURL: p.ours("verdicts"), DossierURL: p.ours("cases", c.PublicID),
	}
	expires := p.Store.Now().Add(p.LinksFor).Truncate(time.Second)
	for _, x := range d.Pictures {
		link, err := p.link(c.PublicID, x.ID, expires)
		if err != nil {
			return nil, err
		}
		o.Documents = append(o.Documents, document{
			ID: x.ID, Kind: x.Kind, Side: x.Side, MediaType: x.MediaType, Bytes: x.Bytes,
			SHA256: hex.EncodeToString(x.SHA256), URL: link, ExpiresAt: expires,
		})
	}
	return json.Marshal(o)
}

// ours is an address of our interface for this provider.
func (p *provider) ours(parts ...string) string {
	return strings.TrimSuffix(p.PublicURL, "/") + "/api/v1/authorities/" + p.Name + "/" + strings.Join(parts, "/")
}

// link is the address of a picture: of one case, for a short time, signed with a key
// that never leaves the vault.
func (p *provider) link(publicID, document string, expires time.Time) (string, error) {
	seconds := strconv.FormatInt(expires.Unix(), 10)
	sum, err := p.linkSum(publicID, document, seconds)
	if err != nil {
		return "", err
	}
	q := url.Values{"expires": {seconds}, "signature": {hex.EncodeToString(sum)}}
	return p.ours("cases", publicID, "documents", document) + "?" + q.Encode(), nil
}

func (p *provider) linkSum(publicID, document, seconds string) ([]byte, error) {
	return p.Vault.Hash("authority_picture", strings.Join([]string{p.Name, publicID, document, seconds}, "\x00"))
}

// failure is a request that has brought no answer that can be used.
type failure struct {
	words string
	// status is of HTTP, 0 where no answer came.
	status int
	// ours: the provider is well, and does not take this request of ours.
	ours bool
	// after is when the provider wants to be asked again, 0 when it did not say.
	after time.Duration
}

func (f *failure) Error() string { return f.words }

// send sends a request about a case, and returns the status with what was said. The
// error is a *failure when it is the provider's. The call is remembered.
func (p *provider) send(ctx context.Context, method, publicID string, body []byte) (status int, m message, err error) {
	began := time.Now()
	status, m, err = p.request(ctx, method, publicID, body)
	c := Call{Case: publicID, Method: method, Status: status, Took: time.Since(began)}
	var f *failure
	if errors.As(err, &f) {
		c.Status, c.Words = f.status, f.words
	}
	p.note(ctx, c)
	return status, m, err
}

func (p *provider) request(ctx context.Context, method, publicID string, body []byte) (status int, m message, err error) {
	req, err := http.NewRequestWithContext(ctx, method, p.URL+"/"+publicID, strings.NewReader(string(body)))
	if err != nil {
		return 0, m, err
	}
	// What has no body is bound to its case and method by its id, which is signed.
	id := store.NewID(publicID + "." + strings.ToLower(method))
	if method == http.MethodPut { // sent again it is the same message
		id = publicID
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", publicID)
	}
	if err := signature.Sign(req.Header, p.Secrets, id, p.Store.Now(), body); err != nil {
		return 0, m, err
	}
	req.Header.Set("User-Agent", "verinym-authority/1")
	req.Header.Set("Accept", "application/json")
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, m, &failure{words: outbound.Why(err)}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, MessageMax+1))
	switch {
	case err != nil:
		return 0, m, &failure{words: outbound.Why(err)}
	case len(b) > MessageMax:
		return 0, m, &failure{status: resp.StatusCode, words: "an answer that is too long"}
	case resp.StatusCode == http.StatusNotFound && method != http.MethodPut:
		return resp.StatusCode, m, nil
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return 0, m, &failure{
			status: resp.StatusCode, words: strings.TrimSpace(fmt.Sprintf("HTTP %d %s", resp.StatusCode, quote(b))),
			ours: refusesRequest(resp.StatusCode), after: retryAfter(resp.Header),
		}
	case method == http.MethodDelete:
		return resp.StatusCode, m, nil
	case len(b) == 0 && method == http.MethodPut: // taken, and nothing to say yet
		return resp.StatusCode, message{Case: publicID, Verdict: pending}, nil
	}
	if m, err = parse(b); err == nil && m.Case != "" && m.Case != publicID {
		err = fmt.Errorf("an answer about another case")
	}
	if err != nil {
		return 0, m, &failure{status: resp.StatusCode, words: err.Error()}
	}
	return resp.StatusCode, m, nil
}

// quote is the beginning of an answer, as text.
func quote(b []byte) string {
	return strings.ToValidUTF8(strings.ReplaceAll(string(b[:min(len(b), wordsKept)]), "\x00", ""), "")
}

// refusesRequest reports whether a status is about this request, and says nothing about
// how the provider is.
func refusesRequest(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status >= 400 && status < 500
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(min(seconds, 1<<20))*time.Second, longestRetryAfter)
}
