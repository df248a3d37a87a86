package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/app"
)

// TestAPersonLooksAfterHowTheySignInFromTheCommandLine: the password, forgotten or not, and
// the sessions.
func TestAPersonLooksAfterHowTheySignInFromTheCommandLine(t *testing.T) {
	t.Parallel()
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	if _, err := a.MakeSampleAccounts(t.Context()); err != nil {
		t.Fatal(err)
	}
	run := func(status int, says, stdin string, args ...string) string {
		t.Helper()
		args = append([]string{"account"}, append(args, "--url", a.URL())...)
		got, stdout, stderr := programReading(t, stdin, args...)
		if got != status || !strings.Contains(stdout+stderr, says) {
			t.Fatalf("verinym %v: exit %d, want %d and %q in:\n%s%s", args, got, status, says, stdout, stderr)
		}
		return stdout
	}
	me := []string{"--email", "li@registrant.example"}
	with := func(args ...string) []string { return append(args, me...) }
	run(1, "sign_in_failed", "wrong\n", with("sessions")...)
	if out := run(0, "(this command)", "correct-horse-battery\n", with("sessions")...); strings.Count(out, "ses_") != 1 {
		t.Errorf("the sessions are\n%s", out)
	}
	run(0, "you are signed out everywhere else", "correct-horse-battery\na new pass phrase\n", with("password")...)
	run(0, "0 ended", "a new pass phrase\n", with("sessions", "--end-others")...)
	run(1, "session_not_found", "a new pass phrase\n", with("sessions", "--end", "ses_none")...)
	run(0, "used to sign in, a link is on its way", "", with("forgot-password")...)
	link := ""
	for end := time.Now().Add(time.Minute); link == ""; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no mail brings the link")
		}
		for _, m := range a.Sink().Messages() {
			if strings.Contains(m.Subject, "A new password") {
				link = m.Links[0]
			}
		}
	}
	run(1, "password_too_short", "short\n", "reset-password", link)
	run(0, "Your new password is set", "yet another phrase\n", "reset-password", link)
	run(0, "0 ended", "yet another phrase\n", with("sessions", "--end-others")...)
	run(2, "nothing on standard input", "", "reset-password", link)
}
