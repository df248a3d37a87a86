// Package mailsink is a mail server for development: it takes every message over
// SMTP, delivers none, and shows them on a web page and as JSON.
//
// It keeps the last thousand messages in memory. It is no mail server for anything else.
package mailsink

import (
	"bytes"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"

	_ "github.com/emersion/go-message/charset" // other charsets than UTF-8
)

const keep = 1000

// Message is a mail that arrived.
type Message struct {
	To      string    `json:"to"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Links   []string  `json:"links"`
	At      time.Time `json:"at"`
}

// Sink is a running mail sink.
type Sink struct {
	smtp     *smtp.Server
	listener net.Listener

	mu       sync.Mutex
	messages []Message
	filter   func(Message) error
}

// Filter has f look at each message before it is taken. An error is the answer to the
// sender, with the code of an *smtp.SMTPError: so a mail server that is out of order, or
// an address that nobody has, can be played. It may be called from several goroutines.
func (s *Sink) Filter(f func(Message) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filter = f
}

// Start takes mail at addr (host:port, port 0 for any).
func Start(addr string, log *slog.Logger) (*Sink, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Sink{listener: l}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	s.smtp.Domain = "localhost"
	s.smtp.MaxMessageBytes = 10 << 20
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	go func() {
		if err := s.smtp.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			log.Error("mail sink", "error", err)
		}
	}()
	return s, nil
}

// Addr is where it takes mail.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Close stops taking mail, also when it has hardly begun.
func (s *Sink) Close() error {
	err := s.smtp.Close()
	_ = s.listener.Close() // the server knows it only once it serves
	return err
}

// Messages returns what has arrived, the newest first.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.messages)
	slices.Reverse(out)
	return out
}

type session struct {
	sink *Sink
	from string
	to   []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error   { s.to = append(s.to, to); return nil }
func (s *session) Reset()                                      { s.from, s.to = "", nil }
func (s *session) Logout() error                               { return nil }

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	subject, text := read(raw)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	for _, to := range s.to {
		m := Message{To: to, From: s.from, Subject: subject, Text: text, Links: links(text), At: time.Now().UTC()}
		if s.sink.filter != nil {
			if err := s.sink.filter(m); err != nil {
				return err
			}
		}
		s.sink.messages = append(s.sink.messages, m)
	}
	if n := len(s.sink.messages); n > keep {
		s.sink.messages = slices.Delete(s.sink.messages, 0, n-keep)
	}
	return nil
}

// read returns the subject and the plain text of a message; a message that
// cannot be read is shown as it came.
func read(raw []byte) (subject, text string) {
	m, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return "", string(raw)
	}
	subject, _ = m.Header.Subject()
	for {
		p, err := m.NextPart()
		if err != nil {
			return subject, text
		}
		h, ok := p.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		if kind, _, _ := h.ContentType(); kind == "text/plain" && text == "" {
			b, _ := io.ReadAll(p.Body)
			text = string(b)
		}
	}
}

var link = regexp.MustCompile(`https?://[^\s<>"]+`)

func links(text string) []string {
	found := link.FindAllString(text, -1)
	slices.Sort(found)
	return append([]string{}, slices.Compact(found)...)
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mail sink</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#f6f7f9}article{background:#fff;border:1px solid #dde2e8;border-radius:.6rem;padding:1rem 1.25rem;margin:1rem 0}h1{font-size:1.3rem}h2{font-size:1.05rem;margin:.2rem 0}small{color:#5a6675}pre{white-space:pre-wrap;font:inherit}article{overflow-wrap:anywhere}</style>
<h1>Mail sink</h1><p>Every mail that this verinym has sent, the newest first. None of them left this machine.</p>
{{range .}}<article><small>{{.At.Format "2006-01-02 15:04:05"}} · {{.To}}</small><h2>{{.Subject}}</h2><pre>{{.Text}}</pre>{{range .Links}}<p><a href="{{.}}">{{.}}</a></p>{{end}}</article>{{else}}<p>No mail yet.</p>{{end}}</html>`))

// Handler serves the page at / and the messages at /messages.
func (s *Sink) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /messages", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(append([]Message{}, s.Messages()...))
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, s.Messages())
	})
	return mux
}
