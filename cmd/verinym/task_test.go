package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// shop is a running server with a verified registrant, who asks it from the shell.
type shop struct {
	t          *testing.T
	a          *app.App
	me, office *client.Client
	email      string
	key        string // of whoever asks
	operator   string
	verified   string // a CNNIC profile
}

// openShop has the names in the registrant's account: those of theirs are held by the
// verified profile's holder, those of others by somebody else.
func openShop(t *testing.T, theirs, others []string) *shop {
	t.Helper()
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"},
		Review:  app.Review{Authority: "desk", Allowed: []string{"sandbox"}, SandboxDelay: time.Millisecond},
		Sandbox: app.Sandbox{HoldAfter: 240 * time.Hour, NamingDelay: time.Millisecond, ReviewDelay: time.Millisecond, ReleaseDelay: time.Millisecond}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	people, err := a.MakeSampleAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, account := client.New(a.URL()), people[0].Account
	s := &shop{t: t, a: a, email: people[0].Email, key: people[0].APIKey, me: c.As(people[0].APIKey), operator: who(people, "operator").APIKey}
	s.office = c.As(s.operator)
	if _, err := s.office.AssertIdentity(t.Context(), account, true, "test"); err != nil {
		t.Fatal(err)
	}
	if err := confirmEmail(t.Context(), a, s.me, s.email); err != nil {
		t.Fatal(err)
	}
	p, err := submit(t.Context(), s.me, sample{kind: "cnnic", name: liName, number: liNumber, mail: s.email, authority: "sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	s.verified = p.ID
	s.isVerified(p.ID)
	eyes, err := a.DialSandbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer eyes.Close()
	for _, name := range theirs {
		if err := registerAtSandbox(t.Context(), eyes, liName, liNumber, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range others {
		if err := registerAtSandbox(t.Context(), eyes, strangerName, strangerNumber, name); err != nil {
			t.Fatal(err)
		}
	}
	all := append(theirs, others...)
	if len(all) == 0 {
		return s
	}
	if _, err := s.office.ImportDomains(t.Context(), account, "mainland", all...); err != nil {
		t.Fatal(err)
	}
	s.until("the names are here and their holders known", func(ctx context.Context) (bool, error) {
		for _, name := range all {
			if d, err := s.me.Domain(ctx, name); err != nil || d.Status == "importing" {
				return false, err
			}
		}
		items, err := s.me.PreviewSubmission(ctx, s.verified, all...)
		for _, i := range items {
			if i.Code == "holder_not_known_yet" {
				return false, err
			}
		}
		return true, err
	})
	return s
}

func (s *shop) until(what string, ok func(context.Context) (bool, error)) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	if err := waitFor(ctx, func() (bool, error) { return ok(ctx) }); err != nil {
		s.t.Fatalf("waiting until %s: %v", what, err)
	}
}

func (s *shop) isVerified(profile string) {
	s.t.Helper()
	s.until("the profile is verified", func(ctx context.Context) (bool, error) {
		p, err := s.me.Profile(ctx, profile)
		return p.State == "verified", err
	})
}

// run runs verinym, wants an exit status, and returns what it prints.
func (s *shop) run(status int, args ...string) string {
	s.t.Helper()
	return s.at(s.a.URL(), status, args...)
}

func (s *shop) at(address string, status int, args ...string) string {
	s.t.Helper()
	got, stdout, stderr := program(s.t, append(args, "--url", address, "--key", s.key)...)
	if got != status {
		s.t.Fatalf("verinym %v: exit %d, want %d\n%s%s", args, got, status, stdout, stderr)
	}
	return stdout + stderr
}

// says wants parts in what was printed, and returns it.
func (s *shop) says(out string, parts ...string) string {
	s.t.Helper()
	for _, p := range parts {
		if !strings.Contains(out, p) {
			s.t.Errorf("it does not say %q:\n%s", p, out)
		}
	}
	return out
}

// tasks wants a number of tasks.
func (s *shop) tasks(n int) {
	s.t.Helper()
	if out := s.run(0, "task", "list"); strings.Count(out, "\n") != n {
		s.t.Errorf("%d tasks are wanted:\n%s", n, out)
	}
}

// task is the id of the task that a command has printed.
func (s *shop) task(out string) string {
	s.t.Helper()
	_, rest, found := strings.Cut(out, "tsk_")
	if !found {
		s.t.Fatalf("no task in %s", out)
	}
	return "tsk_" + rest[:strings.IndexFunc(rest, func(r rune) bool {
		return !strings.ContainsRune("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", r)
	})]
}

// TestNamesAreAssociatedFromTheShell: they are previewed, submitted and followed to the
// end; what has failed is told by its reason, and goes into a file.
func TestNamesAreAssociatedFromTheShell(t *testing.T) {
	t.Parallel()
	s := openShop(t, []string{"mine-one.cn", "mine-two.cn"}, []string{"others.cn"})
	s.says(s.run(1, "domain", "associate", s.verified, "mine-one.cn", "others.cn", "nobody.cn", "--preview"),
		"3 names: 1 would be taken, 2 refused", "  1  verdict expected by the end of ", "; held without it from ", "(contact_not_match)\n     others.cn", "nobody.cn")
	s.says(s.run(1, "domain", "associate", s.verified, "mine-one.cn", "others.cn", "--preview", "--json"), `"domain":"mine-one.cn"`, `{"names":2,"refused":1,"taken":1}`)
	s.tasks(0)

	file := filepath.Join(t.TempDir(), "names.csv")
	write(t, file, "domain\nmine-one.cn\nothers.cn\n")
	out := s.says(s.run(1, "domain", "associate", s.verified, "--file", file, "--lang", "zh"), "finished", "2 names: 1 succeeded, 1 failed, 0 cancelled", "\n  1  ", "(contact_not_match)\n     others.cn\n")
	first := s.task(out)
	again := s.says(s.run(1, "domain", "associate", s.verified, "--file", file), "This command has started "+first, "--again starts another", "  finished ")
	if strings.Contains(again, "  running ") {
		t.Errorf("a task that has ended is shown as it began:\n%s", again)
	}
	s.tasks(1)
	s.says(s.run(1, "domain", "associate", s.verified, "--file", file, "--again"), "2 names: 0 succeeded, 2 failed", "(already_verified)\n     mine-one.cn")
	s.tasks(2)

	s.says(s.run(1, "task", "watch", first, "--json"), `"domain":"mine-one.cn","state":"succeeded"`, `"code":"contact_not_match"`, `"failed":1`)
	s.says(s.run(0, "task", "show", first), first, "(contact_not_match)\n     others.cn")
	s.says(s.run(0, "task", "report", first), "domain,state,code,reason\nmine-one.cn,succeeded,,\nothers.cn,failed,contact_not_match,")
	report := filepath.Join(t.TempDir(), "report.csv")
	s.says(s.run(0, "task", "report", first, "--out", report), "2 names are in "+report)
	if b, err := os.ReadFile(report); err != nil || !strings.HasPrefix(string(b), "\ufeffdomain,state,") || strings.Count(string(b), "\n") != 3 {
		t.Errorf("the file: %q, %v", b, err)
	}
	s.run(2, "task", "report", first, "--out", report) // is not overwritten
	s.says(s.run(1, "task", "retry", first, "--code", "contact_not_match"), "1 name: 0 succeeded, 1 failed")
	s.says(s.run(1, "task", "retry", first, "--code", "no_such_reason"), "(nothing_to_retry)")
	s.says(s.run(1, "task", "show", "tsk_none", "--lang", "zh"), "(task_not_found)", "任务")

	s.says(s.run(0, "domain", "associate", s.verified, "--all-matching", "-q", "two"), "1 name: 1 succeeded")
	s.says(s.run(1, "domain", "associate", s.verified, "--all-matching", "--suffix", "com"), "no domain of the account matches")
	for _, args := range [][]string{{}, {"mine-two.cn", "--file", file}, {"mine-two.cn", "--held"}, {"--held"}} {
		s.run(2, append([]string{"domain", "associate", s.verified}, args...)...)
	}
}

// TestHolderIsChangedFromTheShell: both parties have to agree.
func TestHolderIsChangedFromTheShell(t *testing.T) {
	t.Parallel()
	s := openShop(t, []string{"mine.cn"}, []string{"others.cn"})
	s.says(s.run(1, "domain", "change-holder", s.verified, "others.cn", "mine.cn", "--preview"), "2 names: 1 would be taken, 1 refused", "others.cn", "verdict expected by the end of ")
	s.says(s.run(1, "domain", "change-holder", s.verified, "others.cn"), "(consent_required)")
	s.says(s.run(1, "domain", "change-holder", s.verified, "others.cn", "--lang", "zh"), "办理过户须")
	s.run(2, "domain", "change-holder", s.verified, "others.cn", "--transfer-lock", "perhaps")
	s.tasks(0)
	s.says(s.run(0, "domain", "change-holder", s.verified, "others.cn", "--consent", "--transfer-lock", "declined"), "change_holder", "1 name: 1 succeeded")
	if d, err := s.me.Domain(t.Context(), "others.cn"); err != nil || d.Verification != "verified" {
		t.Errorf("others.cn is %s, %v", d.Verification, err)
	}
}

// TestTaskSaysWhoseWordItWaitsFor: where a rule wants both parties asked by mail, nothing
// goes on before.
func TestTaskSaysWhoseWordItWaitsFor(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil, nil)
	var holders []string
	for _, x := range [][2]string{{liName, liNumber}, {wangName, wangNumber}} {
		p, err := submit(t.Context(), s.me, sample{kind: "common", name: x[0], number: x[1], mail: s.email, authority: "sandbox"})
		if err != nil {
			t.Fatal(err)
		}
		s.isVerified(p.ID)
		holders = append(holders, p.ID)
	}
	o, err := s.me.PlaceOrder(t.Context(), "mine.com", holders[0], 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.office.ConfirmPayment(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	s.until("the name is Normal", func(ctx context.Context) (bool, error) {
		o, err := s.me.Order(ctx, o.ID)
		if err != nil || o.State != "completed" {
			return false, err
		}
		d, err := s.me.Domain(ctx, "mine.com")
		return d.Status == "normal", err
	})
	id := strings.TrimSpace(s.run(0, "domain", "change-holder", holders[1], "mine.com", "--consent", "--no-wait"))
	s.until("both are asked", func(context.Context) (bool, error) {
		return strings.Contains(s.run(0, "task", "show", id), s.email+": awaited until "), nil
	})
	s.says(s.run(0, "task", "cancel", id), id)
	s.says(s.run(0, "task", "show", id), s.email+": dropped")
}

// TestLostAnswerStartsNoSecondTask: whoever gives the command again finds the task.
func TestLostAnswerStartsNoSecondTask(t *testing.T) {
	t.Parallel()
	s := openShop(t, []string{"mine.cn"}, nil)
	target, err := url.Parse(s.a.URL())
	if err != nil {
		t.Fatal(err)
	}
	var lost atomic.Int32
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodPost && lost.Add(1) == 1 {
			return errors.New("lost")
		}
		return nil
	}
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	between := httptest.NewServer(proxy)
	t.Cleanup(between.Close)
	command := []string{"domain", "associate", s.verified, "mine.cn"}
	s.says(s.at(between.URL, 1, command...), "the same command again finds it")
	s.says(s.at(between.URL, 0, command...), "This command has started tsk_", "1 name: 1 succeeded")
	s.tasks(1)
}

// TestRefusedCommandIsTakenOnceItsReasonIsGone, though refusals are remembered.
func TestRefusedCommandIsTakenOnceItsReasonIsGone(t *testing.T) {
	t.Parallel()
	s := openShop(t, []string{"mine.cn"}, nil)
	p, err := s.me.CopyProfile(t.Context(), s.verified, "", "")
	if err != nil {
		t.Fatal(err)
	}
	command := []string{"domain", "associate", p.ID, "mine.cn"}
	for range 3 {
		s.says(s.run(1, command...), "(profile_not_submitted)")
	}
	if _, err := s.me.SubmitProfile(t.Context(), p.ID, "sandbox"); err != nil {
		t.Fatal(err)
	}
	s.isVerified(p.ID)
	s.says(s.run(0, command...), "1 name: 1 succeeded")
	s.tasks(1)
}

// TestTaskGoesOnWithoutItsCommand: an interruption leaves it running; it is paused, goes on
// and is cancelled from the shell.
func TestTaskGoesOnWithoutItsCommand(t *testing.T) {
	t.Parallel()
	s := openShop(t, []string{"mine-one.cn", "mine-two.cn"}, nil)
	found, err := s.office.Registries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found { // nothing ends meanwhile
		if _, err := s.office.PauseRegistry(t.Context(), r.Name, "test", false); err != nil {
			t.Fatal(err)
		}
	}
	out, status := s.interrupted("domain", "associate", s.verified, "mine-one.cn")
	id := s.task(s.says(out, " goes on. verinym task watch tsk_"))
	if status != 1 {
		t.Errorf("exit %d, want 1", status)
	}
	s.says(s.run(0, "task", "show", id), id, "  running ", "0 succeeded, 0 failed")
	s.says(s.run(0, "task", "pause", id), "  paused ")
	s.says(s.run(1, "task", "pause", id, "--lang", "zh"), "任务当前状态为“已暂停”", "(association_state)")
	s.says(s.run(0, "task", "resume", id), "  running ")
	s.says(s.run(0, "task", "cancel", id), " cancel")
	s.says(s.run(1, "task", "watch", id), "  cancelled ", "1 cancelled")

	second := strings.TrimSpace(s.run(0, "domain", "associate", s.verified, "mine-two.cn", "--no-wait"))
	if !strings.HasPrefix(second, "tsk_") || strings.ContainsAny(second, " \n") {
		t.Errorf("--no-wait prints %q, want the id alone", second)
	}
	for _, r := range found {
		if err := s.office.ResumeRegistry(t.Context(), r.Name, "test"); err != nil {
			t.Fatal(err)
		}
	}
	s.says(s.run(0, "task", "watch", second), "1 name: 1 succeeded")
	s.says(s.run(0, "task", "list", "--json"), `"id":"`+second+`"`, `"state":"cancelled"`)
}

// interrupted runs verinym until it has printed a task, and interrupts it.
func (s *shop) interrupted(args ...string) (string, int) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), os.Args[0], append(args, "--url", s.a.URL(), "--key", s.key)...)
	cmd.Env = append(os.Environ(), "VERINYM_TEST_AS_PROGRAM=1")
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	b := make([]byte, 1000)
	n, err := stdout.Read(b)
	if err != nil {
		s.t.Fatalf("it prints nothing: %v", err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &failed) {
		s.t.Fatal(err)
	}
	return string(b[:n]) + errOut.String(), cmd.ProcessState.ExitCode()
}
