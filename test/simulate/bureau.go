package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/signature"
)

const (
	bureauName   = "bureau"
	bureauSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)

// verdict is what an authority says of a case: "pending", "approve" or "decline" with a reason.
type verdict struct{ word, reason string }

// brief is a case as it stands in an authority's books.
type brief struct {
	id, kind string
	fields   map[string]string
	openedAt time.Time
	due      time.Time // when it is decided; zero never
	verdict
	decidedAt time.Time
	told      bool // verinym has taken the verdict
	callback  string
	dropped   bool // taken back
	silent    bool // the call about the verdict gets lost: only who asks hears of it
}

// bureau is an authority of its own that is spoken to over HTTP (docs/authority-http.md).
type bureau struct {
	clock clock.Clock
	url   string
	stop  func()
	// judge decides about a case as it comes, and when that will be.
	judge func(b *brief) (verdict, time.Time)

	mu     sync.Mutex
	down   bool
	cases  map[string]*brief
	byKey  map[string][]*brief // by a holder's number or a name, the oldest first
	open   []*brief            // not decided, nor taken back
	serial int
}

func openBureau(c clock.Clock) (*bureau, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &bureau{clock: c, url: "http://" + l.Addr().String() + "/cases", cases: map[string]*brief{}, byKey: map[string][]*brief{}}
	server := &http.Server{Handler: b, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	b.stop = func() { _ = server.Close() }
	return b, nil
}

func (b *bureau) close() { b.stop() }

func (b *bureau) setDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

// ServeHTTP takes, tells of and drops cases.
func (b *bureau) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if _, err := signature.Verify(r.Header, []string{bureauSecret}, b.clock.Now(), body); err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	id := path.Base(r.URL.Path)
	known := b.cases[id]
	switch r.Method {
	case http.MethodPut:
		if known == nil {
			known = b.take(id, body)
		}
	case http.MethodDelete:
		if known != nil {
			known.dropped = true
		}
		return
	}
	if known == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_, _ = w.Write(known.message())
	known.told = known.told || known.word != "pending"
}

func (b *bureau) take(id string, body []byte) *brief {
	var in struct {
		Kind     string            `json:"kind"`
		Fields   map[string]string `json:"fields"`
		Callback string            `json:"verdict_url"`
	}
	_ = json.Unmarshal(body, &in)
	c := &brief{id: id, kind: in.Kind, fields: in.Fields, callback: in.Callback, openedAt: b.clock.Now(), verdict: verdict{word: "pending"}}
	_, c.due = b.judge(c)
	b.cases[id] = c
	b.byKey[c.key()] = append(b.byKey[c.key()], c)
	b.open = append(b.open, c)
	return c
}

// key is the holder's number or the name that a case is about.
func (c *brief) key() string { return c.fields["document_number"] + c.fields["domain"] }

func (c *brief) message() []byte {
	m := map[string]any{"case": c.id, "verdict": c.word}
	if c.word == "decline" {
		m["reasons"] = []map[string]string{{"code": c.reason}}
	}
	out, _ := json.Marshal(m)
	return out
}

// work decides what is due, and calls verinym about it.
func (b *bureau) work(ctx context.Context) error {
	for _, c := range b.undecided() {
		b.mu.Lock()
		c.verdict, _ = b.judge(c)
		c.decidedAt = b.clock.Now()
		b.serial++
		id, body := "msg_"+strconv.Itoa(b.serial), c.message()
		b.mu.Unlock()
		if c.silent {
			continue
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.callback, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		if err := signature.Sign(req.Header, []string{bureauSecret}, id, b.clock.Now(), body); err != nil {
			return err
		}
		resp, err := sharedHTTP.Do(req)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		b.mu.Lock()
		c.told = resp.StatusCode == http.StatusOK
		b.mu.Unlock()
	}
	return nil
}

// undecided are the cases whose time has come, in the order of their ids' arrival.
func (b *bureau) undecided() (out []*brief) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if b.down {
		return nil
	}
	rest := b.open[:0]
	for _, c := range b.open {
		switch {
		case c.dropped:
		case !c.due.IsZero() && !c.due.After(now):
			out = append(out, c)
		default:
			rest = append(rest, c)
		}
	}
	b.open = rest
	sort.Slice(out, func(i, j int) bool {
		if !out[i].due.Equal(out[j].due) {
			return out[i].due.Before(out[j].due)
		}
		return out[i].key() < out[j].key()
	})
	return out
}

// about lists the cases about a holder's number or a name, the oldest first.
func (b *bureau) about(key string) (out []brief) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.byKey[key] {
		out = append(out, *c)
	}
	return out
}
