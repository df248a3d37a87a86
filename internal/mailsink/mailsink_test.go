package mailsink_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/mailsink"
)

func start(t *testing.T) *mailsink.Sink {
	t.Helper()
	s, err := mailsink.Start("127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// send hands a mail over with the SMTP client of the standard library.
func send(s *mailsink.Sink, raw string, to ...string) error {
	return smtp.SendMail(s.Addr(), nil, "verinym@registrar.example", to, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
}

func mustSend(t *testing.T, s *mailsink.Sink, raw string, to ...string) {
	t.Helper()
	if err := send(s, raw, to...); err != nil {
		t.Fatal(err)
	}
}

func get(s *mailsink.Sink, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestMailOverSMTPIsKeptTheNewestFirst(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.Messages(); len(got) != 0 {
		t.Fatalf("%d messages before the first", len(got))
	}
	mustSend(t, s, "Subject: first\n\nhello\n", "li@registrant.example")
	mustSend(t, s, "From: verinym@registrar.example\nSubject: =?UTF-8?B?6K+356Gu6K6k5oKo55qE6YKu566x?=\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n"+
		"--x\nContent-Type: text/plain; charset=GBK\nContent-Transfer-Encoding: base64\n\nxOO6ww==\n"+
		"--x\nContent-Type: text/html; charset=UTF-8\n\n<p>not this</p>\n--x--\n", "li@registrant.example", "chen@registrant.example")
	got := s.Messages()
	if len(got) != 3 {
		t.Fatalf("%d messages, want one a receiver", len(got))
	}
	if to := []string{got[0].To, got[1].To, got[2].To}; !slices.Equal(to, []string{"chen@registrant.example", "li@registrant.example", "li@registrant.example"}) {
		t.Errorf("they went to %v", to)
	}
	if m := got[0]; m.Subject != "请确认您的邮箱" || m.Text != "你好" || m.From != "verinym@registrar.example" || len(m.Links) != 0 || m.At.IsZero() {
		t.Errorf("the newest is %+v", m)
	}
	if m := got[2]; m.Subject != "first" || strings.TrimSpace(m.Text) != "hello" {
		t.Errorf("the oldest is %+v", m)
	}
}

func TestLinksStandBesideTheirMail(t *testing.T) {
	t.Parallel()
	s := start(t)
	mustSend(t, s, "Subject: x\n\nOpen https://registrar.example/email/confirm/abc_-1\nor <http://registrar.example/b>, and once more https://registrar.example/email/confirm/abc_-1\n", "li@registrant.example")
	want := []string{"http://registrar.example/b", "https://registrar.example/email/confirm/abc_-1"}
	if got := s.Messages()[0].Links; !slices.Equal(got, want) {
		t.Errorf("links %q, want %q", got, want)
	}
}

func TestMailThatCannotBeReadIsShownAsItCame(t *testing.T) {
	t.Parallel()
	s := start(t)
	mustSend(t, s, "this is no header\n\nand no body\n", "li@registrant.example")
	if m := s.Messages()[0]; m.Subject != "" || !strings.Contains(m.Text, "this is no header") {
		t.Errorf("shown as %+v", m)
	}
}

func TestPageAndListShowEveryMail(t *testing.T) {
	t.Parallel()
	s := start(t)
	if w := get(s, "/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "No mail yet.") {
		t.Errorf("the empty page: %d %s", w.Code, w.Body)
	}
	if w := get(s, "/messages"); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != "[]" {
		t.Errorf("the empty list: %d %s", w.Code, w.Body)
	}
	mustSend(t, s, "Subject: <script>alert(1)</script>\n\n</pre><script>alert(2)</script> https://registrar.example/confirm?a=1&b=2\n", "li@registrant.example")
	w := get(s, "/")
	page := w.Body.String()
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;alert(1)") {
		t.Errorf("a mail writes into the page: %s", page)
	}
	if !strings.Contains(page, `<a href="https://registrar.example/confirm?a=1&amp;b=2">`) || !strings.Contains(page, "li@registrant.example") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("the page: %s", page)
	}
	w = get(s, "/messages")
	var list []mailsink.Message
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list) != 1 || list[0].Subject != "<script>alert(1)</script>" || len(list[0].Links) != 1 {
		t.Errorf("the list: %s, %v", w.Body, err)
	}
	if w := get(s, "/other"); w.Code != http.StatusNotFound {
		t.Errorf("another address: %d", w.Code)
	}
}

func TestLastThousandAreKept(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 2 {
		to := make([]string, 600)
		for j := range to {
			to[j] = fmt.Sprintf("m%d@registrant.example", 600*i+j)
		}
		mustSend(t, s, "Subject: x\n\nx\n", to...)
	}
	got := s.Messages()
	if len(got) != 1000 || got[0].To != "m1199@registrant.example" || got[999].To != "m200@registrant.example" {
		t.Errorf("%d are kept, from %s to %s", len(got), got[len(got)-1].To, got[0].To)
	}
}

func TestHugeMailIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	if err := send(s, "Subject: x\n\n"+strings.Repeat(strings.Repeat("x", 98)+"\n", 110_000), "li@registrant.example"); err == nil {
		t.Error("eleven megabytes were taken")
	}
	if got := s.Messages(); len(got) != 0 {
		t.Errorf("%d messages", len(got))
	}
}

func TestClosedSinkTakesNoMail(t *testing.T) {
	t.Parallel()
	s := start(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := send(s, "Subject: x\n\nx\n", "li@registrant.example"); err == nil {
		t.Error("a closed sink took a mail")
	}
	if _, err := mailsink.Start("no such host:x", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("it started nowhere")
	}
}
