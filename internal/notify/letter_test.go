package notify_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// What others have written, as a registry its words, is text and nothing else: no heading of
// ours, no button, no markup.
func TestWordsOfOthersStayWords(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	d.sets(t, d.joins(t, d.li.Account, "li@member.example"), setting(locale.EN))
	d.tells(t, d.li.Account, "domain.held_by_registry", map[string]string{"Domain": "example.com", "Words": "<b>pay</b>\n\n# Your account is closed\n\nhttps://evil.example/pay\n\n! act"})
	d.expands(t)
	c.Advance(time.Hour)
	d.mails(t)
	_, parts := d.parts(t)
	page := parts["text/html"]
	if strings.Contains(page, "<b>") || strings.Contains(page, "closed</h") || strings.Contains(page, `href="https://evil`) || !strings.Contains(page, "&lt;b&gt;pay") {
		t.Errorf("the page is %s", page)
	}
}

// A mail loads nothing from elsewhere, says which language each part is in, and is one
// page that reads from its first heading on.
func TestMailPageStandsAlone(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	l := emailcheck.Letter{Address: "li@registrant.example", Token: token, Expires: until,
		Stake: emailcheck.Stake{All: 12, Due: until.Add(300 * time.Hour), Domains: []string{"example.com", "例子.网址"}}}
	if err := p.VerificationLink(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	_, parts := p.parts(t)
	page := parts["text/html"]
	if found := regexp.MustCompile(`(?i)src=|url\(|@import|<img|<link|<script|javascript:`).FindAllString(page, -1); len(found) > 0 {
		t.Errorf("it loads or runs something: %q", found)
	}
	for _, want := range []string{`<div lang="en"`, `<div lang="zh-CN"`, `name="color-scheme" content="light dark"`, "prefers-color-scheme: dark", "<li style", "例子.网址", "&#43; 10", `class="warn"`} {
		if !strings.Contains(page, want) {
			t.Errorf("it has no %q", want)
		}
	}
	if n := strings.Count(page, "<h1"); n != 2 { // one a language
		t.Errorf("%d first headings", n)
	}
	if lines := regexp.MustCompile(`(?m)^\.`).FindAllString(page, -1); len(lines) > 0 {
		t.Errorf("%d lines begin with a full stop, which bad relays double", len(lines))
	}
	text := parts["text/plain"]
	for _, want := range []string{"- example.com\r\n- 例子.网址\r\n- + 10", "2026-06-16 22:00 (UTC+08:00)", "Your domains are at risk.", "域名存在风险。"} {
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"), want) {
			t.Errorf("the text does not say %q:\n%s", want, text)
		}
	}
}

// The mails about a password say what to do when it was somebody else, in both languages,
// and their links lead to pages of the console. That it was changed waits for nothing.
func TestMailsAboutAPassword(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	li := account.Person{ID: 1, PublicID: "per_li", Email: "li@registrant.example"}
	for range 2 {
		if err := p.PasswordLink(t.Context(), account.PasswordLink{Request: "req_1", Person: li, Token: token, Expires: until}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.sink.Messages()); n != 1 {
		t.Errorf("one request is mailed %d times", n)
	}
	_, parts := p.parts(t)
	if page := parts["text/html"]; strings.Count(page, `<a class="button" href="https://registrar.example/password/link/`+token+`"`) != 2 || !strings.Contains(page, "设置新密码") {
		t.Errorf("the page is %s", page)
	}
	if text := parts["text/plain"]; !strings.Contains(text, "2026-06-04 10:00 (UTC+08:00)") || !strings.Contains(text, "If this was not you, ignore this mail") {
		t.Errorf("the text is %s", text)
	}
	err := p.store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return p.PasswordChanged(ctx, tx, account.PasswordChange{Person: li, Place: "192.0.2.1", At: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.SendDue(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d sent, %v", n, err)
	}
	_, parts = p.parts(t)
	if text := parts["text/plain"]; !strings.Contains(text, "from the IP address 192.0.2.1") || !strings.Contains(text, "2026-06-01") || !strings.Contains(text, "您的登录密码已更改") {
		t.Errorf("the text is %s", text)
	}
	if page := parts["text/html"]; strings.Count(page, `<a class="button" href="https://registrar.example/password/forgotten"`) != 2 || !strings.Contains(page, `class="warn"`) {
		t.Errorf("the page is %s", page)
	}
}
