package notify_test

import (
	"bytes"
	"errors"
	"html"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/mailsink"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// post is an installation's mails in front of a mail sink, with a tap on the line between
// them.
type post struct {
	*notify.Post
	*notify.Mailer
	store *store.Store
	clock *clock.Fake
	sink  *mailsink.Sink
	line  *tap
}

func newPost(t *testing.T) *post {
	t.Helper()
	s, c := storetest.SQLite(t)
	return newPostOn(t, s, c)
}

func newPostOn(t *testing.T, s *store.Store, c *clock.Fake) *post {
	t.Helper()
	sink, err := mailsink.Start("127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	p := &post{store: s, clock: c, sink: sink, line: newTap(t, sink.Addr())}
	p.Mailer = &notify.Mailer{Addr: p.line.addr, From: "verinym@registrar.example", Bounces: "bounces@registrar.example", PublicURL: "https://registrar.example", Texts: texts, Zone: time.FixedZone("CST", 8*3600)}
	p.Post = notify.NewPost(s, p.Mailer, slog.New(slog.DiscardHandler))
	return p
}

// tap passes an SMTP line on and writes down what the client says.
type tap struct {
	addr string
	mu   sync.Mutex
	said bytes.Buffer
}

func newTap(t *testing.T, to string) *tap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	tp := &tap{addr: l.Addr().String()}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close()
				return
			}
			go func() {
				_, _ = io.Copy(client, server)
				_ = client.Close()
			}()
			go func() {
				_, _ = io.Copy(io.MultiWriter(tp, server), client)
				_ = server.Close()
			}()
		}
	}()
	return tp
}

func (t *tap) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.said.Write(b)
}

// parts reads the last mail that went over the line: its header and its parts by
// content type.
func (p *post) parts(t *testing.T) (mail.Header, map[string]string) {
	t.Helper()
	p.line.mu.Lock()
	said := p.line.said.String()
	p.line.mu.Unlock()
	_, raw, ok := strings.Cut(said[strings.LastIndex(said, "MAIL FROM"):], "DATA\r\n")
	if !ok {
		t.Fatalf("no mail in %q", said)
	}
	raw, _, _ = strings.Cut(raw, "\r\n.\r\n")
	raw = strings.ReplaceAll(raw, "\r\n..", "\r\n.") // RFC 5321 4.5.2
	m, err := mail.CreateReader(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return m.Header, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err := part.Header.(*mail.InlineHeader).ContentType()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = string(body)
	}
}

const (
	token = "Zm9vYmFyLWJhei1xdXV4LTEyMzQ1Njc4"
	link  = "https://registrar.example/email/confirm/" + token
)

var until = time.Date(2026, 6, 4, 2, 0, 0, 0, time.UTC)

func TestVerificationMailArrivesInBothLanguages(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	if err := p.VerificationLink(t.Context(), emailcheck.Letter{Address: "li@registrant.example", Token: token, Expires: until}); err != nil {
		t.Fatal(err)
	}
	got := p.sink.Messages()
	if len(got) != 1 {
		t.Fatalf("%d mails, want 1", len(got))
	}
	m := got[0]
	if m.To != "li@registrant.example" || !strings.HasPrefix(m.From, "bounces+") || !strings.HasSuffix(m.From, "@registrar.example") || m.Subject != "Please confirm your e-mail address / 请验证您的邮箱" {
		t.Errorf("to %s from %s: %s", m.To, m.From, m.Subject)
	}
	if len(m.Links) != 1 || m.Links[0] != link {
		t.Errorf("the links are %q, want %s alone", m.Links, link)
	}
	header, parts := p.parts(t)
	// Whoever sends it back names it, by its return path or its Message-ID.
	if id, err := header.MessageID(); err != nil || len(id) < 26 || "bounces+"+id != m.From {
		t.Errorf("its Message-ID is %q, %v, its return path %s", id, err, m.From)
	}
	if date, err := header.Date(); err != nil || date.IsZero() {
		t.Errorf("its date is %v, %v", date, err)
	}
	for kind, body := range parts {
		body = html.UnescapeString(body)
		for _, want := range []string{
			link, "li@registrant.example", "2026-06-04 10:00 (UTC+08:00)", // the time where the registrant lives
			"Just opening it changes nothing.", "仅打开链接不会更改任何内容", // what happens when
			"Why we ask", "为什么需要验证", "No domain is at risk", "本邮件不影响任何域名的使用",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", kind, want)
			}
		}
		if strings.Contains(body, "{{") || strings.Contains(body, "<no value>") {
			t.Errorf("%s has a place that nothing was put into", kind)
		}
	}
	if len(parts) != 2 || parts["text/plain"] == "" {
		t.Fatalf("the parts are %v", parts)
	}
	if n := strings.Count(parts["text/html"], `href="`+link+`"`); n != 4 { // the button, and the link to copy
		t.Errorf("the link can be clicked %d times in %s, want twice a language", n, parts["text/html"])
	}
}

func TestMailPageIsNotWrittenByAnAddress(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	if err := p.VerificationLink(t.Context(), emailcheck.Letter{Address: "o&m'<li>'@registrant.example", Token: token, Expires: until}); err == nil {
		t.Error("an address that is none was mailed to")
	}
	if err := p.VerificationLink(t.Context(), emailcheck.Letter{Address: "o&m'li@registrant.example", Token: token, Expires: until}); err != nil {
		t.Fatal(err)
	}
	_, parts := p.parts(t)
	if html := parts["text/html"]; !strings.Contains(html, "o&amp;m&#39;li@registrant.example") || strings.Contains(html, "o&m") {
		t.Errorf("the page is %s", html)
	}
	if !strings.Contains(parts["text/plain"], "o&m'li@registrant.example") {
		t.Errorf("the text is %s", parts["text/plain"])
	}
}

func TestMailThatCannotBeSentIsAnError(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(m *notify.Mailer){
		"nobody listens":          func(m *notify.Mailer) { m.Addr = "127.0.0.1:1" },
		"no port":                 func(m *notify.Mailer) { m.Addr = "127.0.0.1" },
		"a port in words":         func(m *notify.Mailer) { m.Addr = "127.0.0.1:smtp" },
		"no sender":               func(m *notify.Mailer) { m.From = "" },
		"a password nobody wants": func(m *notify.Mailer) { m.User, m.Password = "verinym", "secret" },
	} {
		p := newPost(t)
		change(p.Mailer)
		err := p.VerificationLink(t.Context(), emailcheck.Letter{Address: "li@registrant.example", Token: token, Expires: until})
		if err == nil || !strings.HasPrefix(err.Error(), "notify: ") || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", name, err)
		}
		if got := p.sink.Messages(); len(got) != 0 {
			t.Errorf("%s: %d mails arrived", name, len(got))
		}
	}
}
