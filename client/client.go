package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// Client talks to one server, as somebody.
type Client struct {
	base  string
	token string
	key   string
	again *bool
	http  *http.Client
}

// New returns a client of the server at base, for example
// "https://verinym.example", that is not signed in.
func New(base string) *Client {
	return &Client{base: strings.TrimSuffix(base, "/"), http: &http.Client{}}
}

// As returns a copy of the client that sends a session token or API key.
func (c *Client) As(token string) *Client {
	d := *c
	d.token = token
	return &d
}

// WithKey returns a copy whose requests carry an Idempotency-Key: what is sent again with the
// same key, within a day, is answered from the first answer. A key stands for one call; use a
// copy for each. The server heeds keys of POST and PATCH, not of uploads; what goes by PUT and
// DELETE may be sent again anyway.
func (c *Client) WithKey(key string) *Client {
	d := *c
	d.key = key
	return &d
}

// WithReplay returns a copy that says at again, with each answer, whether it is that of an
// earlier request with the same idempotency key. Such a copy is for one call at a time.
func (c *Client) WithReplay(again *bool) *Client {
	d := *c
	d.again = again
	return &d
}

// WithHTTP returns a copy that uses another http.Client.
func (c *Client) WithHTTP(h *http.Client) *Client {
	d := *c
	d.http = h
	return &d
}

// Words is a text in both languages.
type Words struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Error is a refusal by the server.
type Error struct {
	Status   int       `json:"status"`
	Code     string    `json:"code"`
	Field    string    `json:"field"`
	Text     Words     `json:"text"`
	Errors   []Entry   `json:"errors"`
	Findings []Finding `json:"findings"`
}

// Entry is one of several problems.
type Entry struct {
	Code  string `json:"code"`
	Field string `json:"field"`
	Text  Words  `json:"text"`
}

// Error is the code and the English text.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", e.Status, e.Code)
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	b.WriteString(": " + e.Text.EN)
	for _, x := range e.Errors {
		fmt.Fprintf(&b, "; %s", x.Code)
		if x.Field != "" {
			fmt.Fprintf(&b, " (%s)", x.Field)
		}
	}
	return b.String()
}

// Codes lists the codes of all problems, its own first.
func (e *Error) Codes() []string {
	out := []string{e.Code}
	for _, x := range e.Errors {
		out = append(out, x.Code)
	}
	for _, f := range e.Findings {
		out = append(out, f.Code)
	}
	return out
}

// call sends a request with a JSON body (nil for none) and reads the answer into
// out (nil to ignore it, an io.Writer to have it as it comes).
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("client: %s %s: %w", method, path, err)
		}
		body = bytes.NewReader(b)
	}
	return c.send(ctx, method, path, "application/json", body, out)
}

func (c *Client) send(ctx context.Context, method, path, contentType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, body)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.key != "" {
		req.Header.Set("Idempotency-Key", c.key)
	}
	if c.again != nil {
		*c.again = false
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	defer resp.Body.Close()
	if c.again != nil {
		*c.again = resp.Header.Get("Idempotent-Replayed") == "true"
	}
	if w, ok := out.(io.Writer); ok && resp.StatusCode < 400 { // a file, which may be large
		if _, err := io.Copy(w, resp.Body); err != nil {
			return fmt.Errorf("client: %s %s: %w", method, path, err)
		}
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, 256<<20))
	if err != nil {
		return fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	if resp.StatusCode >= 400 {
		e := &Error{}
		if json.Unmarshal(b, e) != nil || e.Code == "" {
			e = &Error{Code: "http_" + fmt.Sprint(resp.StatusCode), Text: Words{EN: strings.TrimSpace(string(b))}}
		}
		e.Status = resp.StatusCode
		return e
	}
	if out == nil || len(b) == 0 {
		return nil
	}
	if r, ok := out.(*raw); ok {
		*r = b
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	return nil
}

// page is a list answer.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// raw is an answer that is no JSON.
type raw []byte

func get[T any](ctx context.Context, c *Client, path string) (out T, err error) {
	return out, c.call(ctx, http.MethodGet, path, nil, &out)
}

func post[T any](ctx context.Context, c *Client, path string, in any) (out T, err error) {
	return out, c.call(ctx, http.MethodPost, path, in, &out)
}

// Picture is a file to upload.
type Picture struct {
	// Kind is of a picture for an enhanced verification; a profile knows its own.
	Kind string
	// Side is one of Profile.Sides, front when empty.
	Side string
	// Name is the file's name, Type its MIME type ("" leaves it open).
	Name, Type string
	Content    io.Reader
	// AskPerson keeps a picture that only a judgement of screening refuses, for a
	// person to look at. Note is for the reviewer.
	AskPerson bool
	Note      string
	// NewVersion agrees that a picture for a verified profile makes a new, unverified version.
	NewVersion bool
}

func (c *Client) upload(ctx context.Context, path string, p Picture, out any) error {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	said := [][2]string{{"kind", p.Kind}, {"side", p.Side}, {"note", p.Note}}
	if p.AskPerson {
		said = append(said, [2]string{"ask_person", "true"})
	}
	for _, f := range said { // before the file, so that the server knows what it reads
		if f[1] == "" {
			continue
		}
		if err := w.WriteField(f[0], f[1]); err != nil {
			return fmt.Errorf("client: %w", err)
		}
	}
	h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, p.Name)}}
	if p.Type != "" {
		h.Set("Content-Type", p.Type)
	}
	part, err := w.CreatePart(h)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if _, err := io.Copy(part, p.Content); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	return c.send(ctx, http.MethodPost, path, w.FormDataContentType(), &buf, out)
}

func escape(s string) string { return url.PathEscape(s) }
