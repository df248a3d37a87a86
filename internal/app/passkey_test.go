package app_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/verinym/verinym/internal/app"
)

// TestAPersonSignsInWithAPasskey makes a passkey in a real browser with a virtual
// authenticator, signs in with it, proves with it who they are, and removes it. An answer
// that is forged, or another person's, is worth nothing.
func TestAPersonSignsInWithAPasskey(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; `make tools` installs it on Debian")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(addr)
	base := "http://localhost:" + port // a passkey belongs to a name, not to an IP address
	s := startWith(t, func(c *app.Config) { c.Addr, c.PublicURL = addr, base })
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer closeBrowser()
	first, closeFirst := chromedp.NewContext(browser)
	defer closeFirst()
	if err := chromedp.Do(first); err != nil { // starts the browser
		t.Fatal(err)
	}
	b := tab{t, first, s}
	var authenticator webauthn.AuthenticatorID
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := cdp.Call(ctx, tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		authenticator = made.AuthenticatorID
		return err
	}))
	b.do(chromedp.Navigate(base + "/sign-in"))
	b.signIn(li)
	b.until(`location.pathname === "/profiles"`)
	b.do(chromedp.Navigate(base + "/account/security"))
	b.typeInto("name", "我的手机")
	b.click(`form[action="/account/passkeys"] button`)
	b.until(`document.body.innerText.includes("The passkey is created") && document.body.innerText.includes("我的手机")`)
	if n := s.count(t, "passkey_question"); n != 0 {
		t.Errorf("%d questions are left", n)
	}
	signOut := func() {
		t.Helper()
		b.until(`(document.querySelector('form[action="/sign-out"]').submit(), true)`)
		b.until(`location.pathname === "/sign-in"`)
	}
	signOut()
	b.click(`form[action="/sign-in/passkey"] button`)
	b.until(`location.pathname === "/profiles"`)
	b.do(chromedp.Navigate(base + "/account/security"))
	b.until(`document.body.innerText.includes("with a passkey")`)
	s.exec(t, "UPDATE session SET proved_at = 1")
	b.click(`form[action$="/remove"] button`)
	b.until(`document.body.innerText.includes("Is it still you?")`)
	b.click(`form[action="/account/proof/passkey"] button`)
	b.until(`document.body.innerText.includes("Thank you")`)

	// The authenticator signs with zeros, or without having asked who it is.
	yes := true
	for _, bogus := range []webauthn.SetResponseOverrideBitsParams{{AuthenticatorID: authenticator, IsBogusSignature: &yes}, {AuthenticatorID: authenticator, IsBadUV: &yes}} {
		s.exec(t, "UPDATE session SET proved_at = 1")
		b.do(chromedp.Navigate(base+"/account/security"), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, webauthn.SetResponseOverrideBits, bogus)
			return err
		}))
		b.click(`form[action$="/remove"] button`)
		b.until(`document.body.innerText.includes("Is it still you?")`)
		b.click(`form[action="/account/proof/passkey"] button`)
		b.until(`document.body.innerText.includes("This passkey was not accepted")`)
	}
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: authenticator})
		return err
	}))

	// Somebody else at this browser has Li's passkey there, and it does not prove who they are.
	b.do(chromedp.Navigate(base + "/profiles"))
	signOut()
	b.signIn(chen)
	b.until(`location.pathname === "/profiles"`)
	s.exec(t, "UPDATE session SET proved_at = 1")
	b.do(chromedp.Navigate(base + "/account/security"))
	b.typeInto("name", "mine too")
	b.click(`form[action="/account/passkeys"] button`)
	b.until(`document.body.innerText.includes("Is it still you?")`)
	b.click(`form[action="/account/proof/passkey"] button`)
	b.until(`document.body.innerText.includes("This passkey was not accepted")`)

	// By hand: without a question, and for another's passkey.
	other := s.signedIn(t, chen)
	id := s.value(t, "SELECT public_id FROM passkey")
	other.post("/account/passkeys/"+id+"/remove", url.Values{}).wants(http.StatusNotFound, "You have no such passkey")
	s.browser(t).post("/sign-in/passkey", url.Values{"answer": {"{}"}}).wants(http.StatusUnprocessableEntity, "This passkey was not accepted")
	other.post("/account/passkeys", url.Values{"answer": {"{}"}, "name": {"x"}}).wants(http.StatusUnprocessableEntity, "This passkey was not accepted")

	own := s.signedIn(t, li)
	own.post("/account/passkeys/"+id+"/remove", url.Values{}).wants(http.StatusOK, "The passkey is removed")
	b.do(chromedp.Navigate(base + "/sign-in"))
	signOut()
	b.click(`form[action="/sign-in/passkey"] button`)
	b.until(`document.body.innerText.includes("This passkey was not accepted")`)
	if n := s.count(t, "audit_entry WHERE action IN ('passkey.make', 'passkey.remove') AND subject = ?", id); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
	if p := s.browser(t).get("/sign-in"); !strings.Contains(p.text, `data-passkey="/sign-in/passkey/question" hidden`) {
		t.Error("without a script the form is shown")
	}
}

// An installation that is known by an IP address has no passkeys, and says so nowhere.
func TestNoPasskeysAtAnIPAddress(t *testing.T) {
	t.Parallel()
	s := start(t)
	if p := s.browser(t).get("/sign-in"); strings.Contains(p.text, "passkey") {
		t.Error("the sign-in page offers a passkey")
	}
	b := s.signedIn(t, li)
	if p := b.get("/account/security"); strings.Contains(p.text, "assk") {
		t.Error("the page of security offers passkeys")
	}
	b.post("/sign-in/passkey", url.Values{"answer": {"{}"}}).wants(http.StatusNotFound, "Passkeys are not available here")
}
