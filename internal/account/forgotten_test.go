package account_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// letterbox is a courier that keeps what it is given.
type letterbox struct {
	links   []account.PasswordLink
	changes []account.PasswordChange
}

func (l *letterbox) PasswordLink(_ context.Context, x account.PasswordLink) error {
	l.links = append(l.links, x)
	return nil
}

func (l *letterbox) PasswordChanged(_ context.Context, _ *store.Tx, x account.PasswordChange) error {
	l.changes = append(l.changes, x)
	return nil
}

const fresh = "another-long-password"

var home = account.Origin{Place: "192.0.2.1", Program: "Firefox"}

func newDeskWithMail(t *testing.T, s *store.Store) (desk, *letterbox) {
	t.Helper()
	d, box := newDesk(t, s), &letterbox{}
	d.SetCourier(box)
	return d, box
}

// signIn opens a session of li and returns its token and actor.
func (d desk) signIn(secret string) (string, actor.Actor) {
	d.t.Helper()
	in, err := d.SignIn(d.t.Context(), "li@registrant.example", secret, home)
	if err != nil {
		d.t.Fatal(err)
	}
	a, err := d.Authenticate(d.t.Context(), in.Token)
	if err != nil {
		d.t.Fatal(err)
	}
	return in.Token, a
}

// deliver does the jobs that wait.
func (d desk) deliver() {
	d.t.Helper()
	args := "args"
	if d.store.Engine() == "sqlite" {
		args = "json(args)"
	}
	var jobs []string
	if err := d.store.R.NewRaw("SELECT "+args+" FROM river_job WHERE kind = 'account_send_password_link' ORDER BY id").Scan(d.t.Context(), &jobs); err != nil {
		d.t.Fatal(err)
	}
	for _, j := range jobs {
		var job account.SendPasswordLink
		if err := json.Unmarshal([]byte(j), &job); err != nil {
			d.t.Fatal(err)
		}
		if err := d.SendLink(d.t.Context(), job); err != nil {
			d.t.Fatal(err)
		}
	}
	d.do("DELETE FROM river_job")
}

func (d desk) do(query string, args ...any) {
	d.t.Helper()
	err := d.store.InTx(d.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) lives(token string) bool {
	d.t.Helper()
	_, err := d.Authenticate(d.t.Context(), token)
	if err != nil && fault.Code(err) != "unauthenticated" {
		d.t.Fatal(err)
	}
	return err == nil
}

func TestPersonChangesTheirPassword(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d, box := newDeskWithMail(t, s)
		p := d.add("li@registrant.example", actor.Registrant)
		elsewhere, _ := d.signIn(password)
		here, a := d.signIn(password)
		for name, tt := range map[string]struct{ current, next, want string }{
			"a wrong one":       {password + "!", fresh, "current password_wrong"},
			"none":              {"", fresh, "current password_wrong"},
			"a short new one":   {password, "123456789", "password password_too_short"},
			"an endless one":    {password, strings.Repeat("x", 1001), "password field_too_long"},
			"the one they have": {password, password, "password password_same"},
		} {
			if got := codes(d.ChangePassword(t.Context(), a, tt.current, tt.next, "192.0.2.1")); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("%s: %v, want %s", name, got, tt.want)
			}
		}
		if !d.lives(elsewhere) || len(box.changes) != 0 || d.count("audit_entry WHERE action = 'person.change_password'") != 0 {
			t.Error("a refusal changed something")
		}
		if err := d.ChangePassword(t.Context(), a, password, fresh, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		if !d.lives(here) || d.lives(elsewhere) {
			t.Errorf("after the change: here %t, elsewhere %t", d.lives(here), d.lives(elsewhere))
		}
		if _, err := d.SignIn(t.Context(), p.Email, password, home); fault.Code(err) != "sign_in_failed" {
			t.Errorf("with the old password: %v", err)
		}
		d.signIn(fresh)
		if len(box.changes) != 1 || box.changes[0].Person.PublicID != p.PublicID || box.changes[0].Place != "192.0.2.1" || box.changes[0].Account != d.customer.ID {
			t.Errorf("told of %+v", box.changes)
		}
		if n := d.count("audit_entry WHERE action = 'person.change_password' AND subject = ? AND actor = ?", p.PublicID, p.PublicID); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
		key := actor.Actor{ID: "key_x", Account: d.customer.ID, Roles: []actor.Role{actor.Registrant}}
		if err := d.ChangePassword(t.Context(), key, fresh, password, "192.0.2.1"); fault.Code(err) != "session_required" {
			t.Errorf("an API key changes a password: %v", err)
		}
	})
}

// Whoever sits at somebody's open browser does not get to guess their password.
func TestPasswordIsNotGuessedThroughASession(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	d, _ := newDeskWithMail(t, s)
	d.add("li@registrant.example", actor.Registrant)
	_, a := d.signIn(password)
	for i := range 10 {
		if err := d.ChangePassword(t.Context(), a, fmt.Sprint("guess ", i), fresh, "192.0.2.1"); fault.Code(err) != "password_wrong" {
			t.Fatal(err)
		}
	}
	if err := d.Prove(t.Context(), a, password, "192.0.2.1"); fault.Code(err) != "sign_in_wait" {
		t.Errorf("an eleventh guess, the right one: %v", err)
	}
}

func TestForgottenPasswordIsReplacedThroughAMailedLink(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d, box := newDeskWithMail(t, s)
		p := d.add("li@registrant.example", actor.Registrant)
		token, _ := d.signIn(password)
		for range 2 {
			if err := d.ForgetPassword(t.Context(), " Li@Registrant.example", "192.0.2.1"); err != nil {
				t.Fatal(err)
			}
		}
		d.deliver()
		if len(box.links) != 2 || box.links[0].Token == box.links[1].Token || box.links[0].Person.Email != p.Email || !box.links[0].Expires.Equal(s.Now().Add(time.Hour)) {
			t.Fatalf("mailed %+v", box.links)
		}
		link := box.links[0].Token
		var kept []byte
		if err := s.R.NewRaw("SELECT hash FROM password_reset LIMIT 1").Scan(t.Context(), &kept); err != nil || len(kept) != 32 || strings.Contains(link, string(kept)) {
			t.Errorf("the link is kept as %x, %v", kept, err)
		}
		if email, err := d.LookAtPasswordLink(t.Context(), link); err != nil || email != p.Email || !d.lives(token) {
			t.Errorf("looking at it: %q, %v", email, err)
		}
		if err := d.ResetPassword(t.Context(), link, "short", "192.0.2.1"); fault.Code(err) != "password_too_short" {
			t.Errorf("a short password: %v", err)
		}
		if err := d.ResetPassword(t.Context(), link, fresh, "198.51.100.7"); err != nil {
			t.Fatal(err)
		}
		if d.lives(token) {
			t.Error("a session outlives the forgotten password")
		}
		d.signIn(fresh)
		if len(box.changes) != 1 || box.changes[0].Place != "198.51.100.7" {
			t.Errorf("told of %+v", box.changes)
		}
		if n := d.count("audit_entry WHERE action = 'person.reset_password' AND subject = ?", p.PublicID); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
		for name, dead := range map[string]string{"used": link, "void": box.links[1].Token, "invented": link[1:] + "A", "none": ""} {
			if err := d.ResetPassword(t.Context(), dead, password, "192.0.2.1"); fault.Code(err) != "password_link_invalid" {
				t.Errorf("a link that is %s: %v", name, err)
			}
			if _, err := d.LookAtPasswordLink(t.Context(), dead); fault.Code(err) != "password_link_invalid" {
				t.Errorf("looking at a link that is %s: %v", name, err)
			}
		}
		if err := d.ForgetPassword(t.Context(), p.Email, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		d.deliver()
		c.Advance(time.Hour - time.Microsecond)
		if _, err := d.LookAtPasswordLink(t.Context(), box.links[2].Token); err != nil {
			t.Errorf("just before its end: %v", err)
		}
		c.Advance(time.Microsecond)
		if err := d.ResetPassword(t.Context(), box.links[2].Token, password, "192.0.2.1"); fault.Code(err) != "password_link_invalid" {
			t.Errorf("an old link: %v", err)
		}
		c.Advance(24 * time.Hour)
		if n, err := d.Sweep(t.Context(), 100); err != nil || n != 4 || d.count("password_reset")+d.count("session") != 0 {
			t.Errorf("the sweep forgot %d, %v", n, err)
		}
	})
}

func TestNobodyLearnsWhoSignsInHere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d, box := newDeskWithMail(t, s)
		d.add("li@registrant.example", actor.Registrant)
		gone := d.add("gone@registrant.example", actor.Registrant)
		d.do("DELETE FROM membership WHERE person_id = ?", gone.ID)
		outside := d.add("outside@registrant.example", actor.Registrant)
		d.do("UPDATE person SET password_hash = '' WHERE id = ?", outside.ID)
		for _, email := range []string{"nobody@registrant.example", gone.Email, outside.Email, "li@registrant.example"} {
			for i := range 4 {
				err := d.ForgetPassword(t.Context(), email, "192.0.2.1")
				if want := map[bool]string{true: "password_link_wait"}[i == 3]; fault.Code(err) != want {
					t.Errorf("%s, request %d: %v, want %q", email, i, err, want)
				}
			}
		}
		if n := d.count("river_job"); n != 12 {
			t.Errorf("%d jobs: an unknown address leaves other traces than a known one", n)
		}
		d.deliver()
		for _, l := range box.links {
			if l.Person.Email != "li@registrant.example" {
				t.Errorf("%s is mailed a link", l.Person.Email)
			}
		}
		if len(box.links) != 3 {
			t.Errorf("%d links, want 3", len(box.links))
		}
	})
}

func TestLinksAreNotMailedWithoutEnd(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d, box := newDeskWithMail(t, s)
	d.add("li@registrant.example", actor.Registrant)
	for range 8 {
		for range 3 {
			if err := d.ForgetPassword(t.Context(), "li@registrant.example", "192.0.2.1"); err != nil {
				t.Fatal(err)
			}
		}
		d.deliver()
		c.Advance(15 * time.Minute)
	}
	if len(box.links) != 10 {
		t.Errorf("%d links in two hours, want 10", len(box.links))
	}
	var refused error
	for i := range 40 {
		refused = d.ForgetPassword(t.Context(), fmt.Sprintf("person-%d@registrant.example", i), "203.0.113.9")
		if i == 29 && refused != nil {
			t.Error(refused)
		}
	}
	if fault.Code(refused) != "password_link_wait" {
		t.Errorf("one place has everybody mailed: %v", refused)
	}
}

func TestPersonSeesAndEndsTheirSessions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d, _ := newDeskWithMail(t, s)
		d.add("li@registrant.example", actor.Registrant)
		chen := d.add("chen@registrant.example", actor.Registrant)
		first, _ := d.signIn(password)
		c.Advance(time.Minute)
		second, _ := d.signIn(password)
		c.Advance(time.Minute)
		here, a := d.signIn(password)
		in, err := d.SignIn(t.Context(), chen.Email, password, account.Origin{Place: "198.51.100.7", Program: "a\x00b\xff" + strings.Repeat("名", 200)})
		if err != nil {
			t.Fatal(err)
		}
		other, err := d.Authenticate(t.Context(), in.Token)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Sessions(t.Context(), other); err != nil || len(got) != 1 || got[0].From.Program != "ab"+strings.Repeat("名", 99) {
			t.Errorf("Chen's are %+v, %v", got, err)
		}
		got, err := d.Sessions(t.Context(), a)
		if err != nil || len(got) != 3 {
			t.Fatalf("%+v, %v", got, err)
		}
		for i, x := range got {
			if x.Here != (i == 0) || x.From != home || x.Means != "password" || !x.Since.Equal(s.Now().Add(-time.Duration(i)*time.Minute)) {
				t.Errorf("session %d is %+v", i, x)
			}
		}
		if err := d.EndSession(t.Context(), other, got[1].ID); fault.Code(err) != "session_not_found" || !d.lives(second) {
			t.Errorf("Chen ends Li's: %v", err)
		}
		if err := d.EndSession(t.Context(), a, got[1].ID); err != nil || d.lives(second) || !d.lives(first) {
			t.Errorf("ending one: %v", err)
		}
		if err := d.EndSession(t.Context(), a, got[1].ID); fault.Code(err) != "session_not_found" {
			t.Errorf("ending it twice: %v", err)
		}
		if n, err := d.EndOtherSessions(t.Context(), a); n != 1 || err != nil || d.lives(first) || !d.lives(here) || !d.lives(in.Token) {
			t.Errorf("ending the others: %d, %v", n, err)
		}
		if n := d.count("audit_entry WHERE action IN ('session.end', 'session.end_others')"); n != 2 {
			t.Errorf("%d entries, want 2", n)
		}
		if _, err := d.Sessions(t.Context(), actor.Actor{ID: a.ID, Account: a.Account, Roles: a.Roles}); fault.Code(err) != "session_required" {
			t.Errorf("a key's sessions: %v", err)
		}
		c.Advance(12 * time.Hour)
		if err := d.EndSession(t.Context(), other, "ses_x"); fault.Code(err) != "session_not_found" {
			t.Error(err)
		}
	})
}

func TestProofOfWhoSomebodyIsGrowsOld(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d, _ := newDeskWithMail(t, s)
		d.add("li@registrant.example", actor.Registrant)
		token, a := d.signIn(password)
		again := func() error {
			t.Helper()
			a, err := d.Authenticate(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			return a.CheckProved(s.Now())
		}
		if err := again(); err != nil {
			t.Errorf("after signing in: %v", err)
		}
		c.Advance(actor.ProofFor - time.Microsecond)
		if err := again(); err != nil {
			t.Errorf("just before it is old: %v", err)
		}
		c.Advance(time.Microsecond)
		if err := again(); fault.Code(err) != "proof_required" {
			t.Errorf("ten minutes later: %v", err)
		}
		if err := d.Prove(t.Context(), a, "wrong", "192.0.2.1"); fault.Code(err) != "password_wrong" || fault.Code(again()) != "proof_required" {
			t.Errorf("a wrong password proves it: %v", err)
		}
		if err := d.Prove(t.Context(), a, password, "192.0.2.1"); err != nil || again() != nil {
			t.Errorf("proved: %v, %v", err, again())
		}
		if n := d.count("audit_entry WHERE action = 'session.prove'"); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
		if err := (actor.Actor{ID: "key_x", ProvedAt: s.Now()}).CheckProved(s.Now()); fault.Code(err) != "session_required" {
			t.Errorf("a key proves who it is: %v", err)
		}
	})
}

func TestLinkUsedByTwoAtOnceWorksOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d, box := newDeskWithMail(t, s)
		d.add("li@registrant.example", actor.Registrant)
		if err := d.ForgetPassword(t.Context(), "li@registrant.example", "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		d.deliver()
		var wg sync.WaitGroup
		var done atomic.Int32
		for i := range 8 {
			wg.Go(func() {
				err := d.ResetPassword(t.Context(), box.links[0].Token, fmt.Sprint("new password ", i), "192.0.2.1")
				if err == nil {
					done.Add(1)
				} else if fault.Code(err) != "password_link_invalid" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := done.Load(); n != 1 || len(box.changes) != 1 {
			t.Errorf("%d of eight have used it, %d are told", n, len(box.changes))
		}
	})
}
