package app_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/mailsink"
	"github.com/verinym/verinym/internal/store"
)

// mailed waits for a mail to somebody whose subject has the words.
func (s *server) mailed(t *testing.T, to, words string) (got mailsink.Message) {
	t.Helper()
	soon(t, "the mail "+words, func() (bool, error) {
		for _, m := range s.Sink().Messages() {
			if m.To == to && strings.Contains(m.Subject, words) {
				got = m
				return true, nil
			}
		}
		return false, nil
	})
	return got
}

// TestForgottenPasswordWithoutJavaScript: from the sign-in page through the mail to a new
// password, and out of every session.
func TestForgottenPasswordWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := start(t)
	elsewhere := s.signedIn(t, li)
	b := s.browser(t)
	b.get("/sign-in").wants(http.StatusOK, "Forgot your password?")
	p := b.get("/password/forgotten")
	known, unknown := b.post("/password/forgotten", p.fill("/password/forgotten", "email", li)), b.post("/password/forgotten", p.fill("/password/forgotten", "email", "nobody@registrant.example"))
	known.wants(http.StatusOK, "Check your mail")
	if strings.ReplaceAll(known.words(), li, "") != strings.ReplaceAll(unknown.words(), "nobody@registrant.example", "") {
		t.Errorf("the answers differ:\n%s\n%s", known.words(), unknown.words())
	}
	m := s.mailed(t, li, "A new password for your account / 设置新的登录密码")
	if len(m.Links) == 0 || !strings.Contains(m.Text, "设置新密码") || !strings.Contains(m.Text, "Choose a new password") {
		t.Fatalf("the mail is %+v", m)
	}
	at := strings.TrimPrefix(m.Links[0], s.URL())
	for range 2 { // a scanner looks first
		if p = b.get(at); p.status != http.StatusOK {
			t.Fatalf("the page behind the link: %d %s", p.status, p.words())
		}
	}
	p.wants(http.StatusOK, "Choose a new password", li)
	p = b.post(at, p.fill("", "password", "short"))
	p.wants(http.StatusUnprocessableEntity, "at least 10 characters")
	elsewhere.get("/profiles").wants(http.StatusOK)
	b.post(at, p.fill("", "password", "a quite new password")).wants(http.StatusOK, "Your new password is set")
	if p := elsewhere.get("/profiles"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Errorf("a session outlives the forgotten password: %s", p.path)
	}
	b.get(at).wants(http.StatusNotFound, "Request a new one")
	b.post(at, url.Values{"password": {"a quite new password"}}).wants(http.StatusNotFound)
	p = b.post("/sign-in", b.get("/sign-in").fill("/sign-in", "email", li, "password", "a quite new password"))
	p.wants(http.StatusOK)
	if m := s.mailed(t, li, "Your password was changed"); !strings.Contains(m.Text, "127.0.0.1") || len(m.Links) == 0 || m.Links[0] != s.URL()+"/password/forgotten" {
		t.Errorf("the mail is %+v", m)
	}
	for range 3 {
		p = b.post("/password/forgotten", url.Values{"email": {li}})
	}
	p.wants(http.StatusTooManyRequests, "Too many password links were requested")
	for _, m := range s.Sink().Messages() {
		if m.To == "nobody@registrant.example" {
			t.Errorf("a stranger is mailed %q", m.Subject)
		}
	}
}

// TestAPersonLooksAfterHowTheySignIn: their password, and where they are signed in, by
// forms that need no JavaScript. Staff have the page too.
func TestAPersonLooksAfterHowTheySignIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, elsewhere, third := s.signedIn(t, li), s.signedIn(t, li), s.signedIn(t, li)
	const at = "/account/security"
	p := b.get(at)
	p.wants(http.StatusOK, "Where you are signed in", "This device", "127.0.0.1", "Go-http-client")
	ends := regexp.MustCompile(`/account/sessions/ses_[0-9a-f]{20}/end`).FindAllString(p.text, -1)
	if len(ends) != 2 {
		t.Fatalf("%d other sessions, want 2", len(ends))
	}
	stranger := s.signedIn(t, chen)
	stranger.post(ends[0], url.Values{}).wants(http.StatusOK) // says nothing of whether there is one
	third.get("/profiles").wants(http.StatusOK)
	b.post(ends[0], p.fill(ends[0])).wants(http.StatusOK, "That session is signed out")
	if p := third.get("/profiles"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Error("an ended session lives on")
	}
	p = b.post("/account/password", p.fill("/account/password", "current", "wrong", "password", "a quite new password"))
	p.wants(http.StatusUnprocessableEntity, "The password is not correct")
	if f := p.field("current"); f["aria-invalid"] != "true" || f["value"] != "" {
		t.Errorf("the present password is shown as %v", f)
	}
	b.post("/account/password", p.fill("/account/password", "current", "correct-horse-battery", "password", "a quite new password")).wants(http.StatusOK, "Your password is changed")
	if p := elsewhere.get("/profiles"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Error("a session elsewhere outlives the password")
	}
	s.mailed(t, li, "Your password was changed / 您的登录密码已更改")
	again := s.signedIn(t, rui)
	s.signedIn(t, rui)
	p = again.get(at)
	p.wants(http.StatusOK, "Sign out everywhere else")
	again.post("/account/sessions/end-others", p.fill("/account/sessions/end-others")).wants(http.StatusOK, "You are signed out everywhere else")
}

// TestSignInIsLookedAfterOverTheInterface: what the pages do, programs that sign in do too;
// an API key does not.
func TestSignInIsLookedAfterOverTheInterface(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	signIn := func(password string) *client.Client {
		t.Helper()
		in, err := client.New(s.URL()).SignIn(ctx, li, password)
		if err != nil {
			t.Fatal(err)
		}
		return client.New(s.URL()).As(in.Token)
	}
	me, other, third := signIn("correct-horse-battery"), signIn("correct-horse-battery"), signIn("correct-horse-battery")
	all, err := me.Sessions(ctx)
	if err != nil || len(all) != 3 || !all[2].Here || all[0].Means != "password" {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := me.EndSession(ctx, all[0].ID); err != nil {
		t.Error(err)
	}
	_, err = third.Sessions(ctx)
	wantCode(t, "an ended session", "unauthenticated", err)
	wantCode(t, "ended twice", "session_not_found", me.EndSession(ctx, all[0].ID))
	if n, err := me.EndOtherSessions(ctx); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	_, err = other.Sessions(ctx)
	wantCode(t, "the other session", "unauthenticated", err)
	_, err = me.Prove(ctx, "wrong")
	wantCode(t, "a wrong proof", "password_wrong", err)
	if until, err := me.Prove(ctx, "correct-horse-battery"); err != nil || !until.After(s.Store.Now()) {
		t.Errorf("%v, %v", until, err)
	}
	if err := me.ChangePassword(ctx, "correct-horse-battery", "a quite new password"); err != nil {
		t.Fatal(err)
	}
	signIn("a quite new password")
	if err := client.New(s.URL()).ForgetPassword(ctx, li); err != nil {
		t.Fatal(err)
	}
	m := s.mailed(t, li, "A new password")
	token := m.Links[0][strings.LastIndexByte(m.Links[0], '/')+1:]
	if err := client.New(s.URL()).ResetPassword(ctx, token, "yet another password"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "a used link", "password_link_invalid", client.New(s.URL()).ResetPassword(ctx, token, "yet another password"))
	signIn("yet another password")
	if err := me.SignOut(ctx); err == nil {
		t.Error("a session outlives the forgotten password")
	}
	key := client.New(s.URL()).As(s.keys["registrant"])
	wantCode(t, "a key changes a password", "session_required", key.ChangePassword(ctx, "a", "b"))
	_, err = key.Sessions(ctx)
	wantCode(t, "a key lists sessions", "session_required", err)
}

// TestANumberIsRevealedToItsOwnerWhoProvesIt: the profile shows it masked; in clear it is
// shown on a page of its own, and long after the sign-in the password is asked for again.
func TestANumberIsRevealedToItsOwnerWhoProvesIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	id := s.profile(t)
	at := "/profiles/" + id + "/number"
	const number = "990000199003071171"
	p := b.get("/profiles/" + id)
	p.wants(http.StatusOK, "990***********1171")
	if strings.Contains(p.text, number) {
		t.Error("the profile shows the number in clear")
	}
	b.post(at, p.fill(at)).wants(http.StatusOK, number, "was recorded")
	s.exec(t, "UPDATE session SET proved_at = 1")
	p = b.post(at, p.fill(at))
	p.wants(http.StatusForbidden, "Is it still you?")
	wrong := b.post("/account/proof", p.fill("/account/proof", "password", "wrong"))
	wrong.wants(http.StatusUnprocessableEntity, "The password is not correct")
	p = b.post("/account/proof", wrong.fill("/account/proof", "password", "correct-horse-battery"))
	p.wants(http.StatusOK, "Continue")
	b.post(at, p.fill(at)).wants(http.StatusOK, number)
	s.signedIn(t, chen).post(at, url.Values{}).wants(http.StatusNotFound)
	s.signedIn(t, rui).post(at, url.Values{}).wants(http.StatusForbidden)

	in, err := client.New(s.URL()).SignIn(t.Context(), li, "correct-horse-battery")
	if err != nil {
		t.Fatal(err)
	}
	me := client.New(s.URL()).As(in.Token)
	for range 2 { // the same key twice: the answer was kept nowhere, and each look is on record
		if n, err := me.WithKey("reveal").RevealNumber(t.Context(), id); n != number || err != nil {
			t.Errorf("%q, %v", n, err)
		}
	}
	if n := s.count(t, "audit_entry WHERE action = 'profile.reveal_number' AND subject = ?", id); n != 4 {
		t.Errorf("%d looks on record, want 4", n)
	}
	if n := s.count(t, "idempotency WHERE key = 'reveal'"); n != 0 {
		t.Error("an answer with a number in clear is kept")
	}
	_, err = client.New(s.URL()).As(s.keys["registrant"]).RevealNumber(t.Context(), id)
	wantCode(t, "a key", "session_required", err)
	s.exec(t, "UPDATE session SET proved_at = 1")
	_, err = me.RevealNumber(t.Context(), id)
	wantCode(t, "long after the sign-in", "proof_required", err)
	if _, err := me.Prove(t.Context(), "correct-horse-battery"); err != nil {
		t.Fatal(err)
	}
	if n, err := me.RevealNumber(t.Context(), id); n != number || err != nil {
		t.Errorf("proved again: %q, %v", n, err)
	}
}

func (s *server) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *server) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := s.Store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
