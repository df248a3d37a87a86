package registry_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var operator = actor.Actor{ID: "key_operator", Roles: []actor.Role{actor.Operator}}

// findings are the open findings, "code subject".
func (w *world) findings() (out []string) {
	w.Helper()
	found, err := w.desk.Findings(w.Context(), operator, false, 100)
	if err != nil {
		w.Fatal(err)
	}
	for _, f := range found {
		out = append(out, f.Code+" "+f.Subject)
	}
	return out
}

// withProvider opens a world whose registry runs a provider of codes, with an account
// at it that believes what certificates are in pem; nil is the provider's own.
func withProvider(t *testing.T, s *store.Store, c *clock.Fake, pem []byte) *world {
	t.Helper()
	w := open(t, s, c, setting{sandbox: func(c *sandbox.Config) { c.VSP = sandbox.VSP{Listen: "127.0.0.1:0", ReviewDelay: time.Minute} }})
	if pem == nil {
		pem = w.server.VSPIssuersPEM()
	}
	w.config.Accounts = append(w.config.Accounts,
		registry.Account{Name: "vsp", Addr: w.server.VSPAddr(), ClientID: us, Password: ourPassword, CAPEM: w.server.CAPEM(), Driver: "nv", ProviderID: "1", IssuersPEM: pem, PollEvery: 20 * time.Millisecond},
		registry.Account{Name: "codes", Addr: w.server.Addr(), ClientID: us, Password: ourPassword, CAPEM: w.server.CAPEM(), Driver: "verificationcode", Contacts: "none", VSP: "vsp", Suffixes: []string{"xn--ses554g"}, PollEvery: time.Hour})
	w.desk = w.process("with-codes")
	return w
}

func (w *world) wantName(name string) (c registry.VerificationCode) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = w.desk.VerifyName(ctx, tx, "codes", name, "pv_li", name)
		return err
	})
	return c
}

func (w *world) code(ref registry.CodeRef) registry.VerificationCode {
	w.Helper()
	c, _, err := registry.CodeOf(w.Context(), w.store.R, "vsp", ref)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func TestCodeIsAskedForOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := withProvider(t, s, c, nil)
		for range 3 {
			if got := w.wantName("example.xn--ses554g"); got.State != registry.CodeWanted {
				t.Errorf("asked: %s", got.State)
			}
		}
		w.wantName("will-fail.xn--ses554g")
		w.run(w.desk)
		w.pass("the verdicts", w.ended)
		good, bad := w.code(registry.NameRef("example.xn--ses554g", "pv_li")), w.code(registry.NameRef("will-fail.xn--ses554g", "pv_li"))
		if good.State != registry.CodeIssued || good.Signed == "" || bad.State != registry.CodeRefused || bad.Reason != "name_prohibited" {
			t.Errorf("good %+v\nbad %+v", good, bad)
		}
		if n := w.received("create", "verification"); n != 2 {
			t.Errorf("the provider was asked %d times, want twice", n)
		}
		// One that was refused may be asked for again.
		if got := w.wantName("will-fail.xn--ses554g"); got.State != registry.CodeWanted {
			t.Errorf("asked again: %s", got.State)
		}
		if got := w.wantName("example.xn--ses554g"); got.State != registry.CodeIssued {
			t.Errorf("a code that is there: %s", got.State)
		}
	})
}

// The provider's certificate is not the one that is pinned: nobody's name fails for
// that. When the right one is there, the code is taken.
func TestUntrustedCodeWaitsForTheOperator(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	other, err := sandbox.Start(context.WithoutCancel(t.Context()), sandbox.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	w := withProvider(t, s, c, other.CAPEM())
	w.wantName("example.xn--ses554g")
	first := w.run(w.desk)
	w.pass("the finding", func() bool { return len(w.findings()) == 1 })
	w.advance(3 * time.Hour)
	ref := registry.NameRef("example.xn--ses554g", "pv_li")
	if got := w.findings(); !strings.HasPrefix(got[0], "vsp_code_untrusted 1-n") || w.code(ref).State != registry.CodeInReview {
		t.Errorf("findings %v, code %+v", got, w.code(ref))
	}
	first.stop()
	w.config.Accounts[1].IssuersPEM = w.server.VSPIssuersPEM()
	w.run(w.process("repaired"))
	w.wait("the code", 10*time.Minute, func() bool { return w.code(ref).State == registry.CodeIssued })
}

// Somebody has given the provider's address for the registry's: commands wait, and the
// operator is told what is missing.
func TestMissingCapabilityIsToldAndNothingFails(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := withProvider(t, s, c, nil)
	right := w.config.Accounts[0].Addr
	w.config.Accounts[0].Addr = w.server.VSPAddr()
	wrong := w.process("wrong")
	id := w.contactFor("pv_li", "李思远")
	w.create("example.cn", id)
	p := w.run(wrong)
	w.pass("the finding", func() bool { return len(w.findings()) > 0 })
	if got := w.findings(); len(got) != 1 || got[0] != "registry_capability_missing urn:ietf:params:xml:ns:contact-1.0" {
		t.Errorf("findings %v", got)
	}
	w.advance(time.Hour)
	p.stop()
	if n := w.received("create", "contact"); n != 0 {
		t.Errorf("%d contacts were sent to a service that has none", n)
	}
	w.config.Accounts[0].Addr = right
	w.run(w.process("right"))
	w.allDone()

	found, err := w.desk.Findings(t.Context(), operator, false, 10)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		f, err := w.desk.CloseFinding(t.Context(), operator, found[0].PublicID)
		if err != nil || f.ClosedBy != operator.ID {
			t.Errorf("closed: %+v (%v)", f, err)
		}
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("after it was closed: %v", got)
	}
	if _, err := w.desk.CloseFinding(t.Context(), operator, "fnd_none"); fault.Code(err) != "finding_not_found" {
		t.Errorf("no such finding: %v", err)
	}
	if _, err := w.desk.Findings(t.Context(), actor.Actor{Roles: []actor.Role{actor.Registrant}}, false, 10); fault.Code(err) != "forbidden" {
		t.Errorf("a registrant: %v", err)
	}
}
