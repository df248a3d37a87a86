package notify_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/locale"
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
	for _, want := range []string{"- example.com\r\n- 例子.网址\r\n- + 10", "2026-06-16 22:00 CST", "Domains are at risk.", "域名有风险。"} {
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"), want) {
			t.Errorf("the text does not say %q:\n%s", want, text)
		}
	}
}
