package emailcheck_test

import (
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var operator = actor.Actor{ID: "per_op", Roles: []actor.Role{actor.Operator}}

func (o office) report(b emailcheck.Bounce) int {
	o.t.Helper()
	n, err := o.Report(o.t.Context(), operator, b)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func TestHardBounceTakesTheVerificationBackInEveryAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, mail := o.ask(o.li, li)
		if _, err := o.Confirm(t.Context(), mail.token); err != nil {
			t.Fatal(err)
		}
		_, hers := o.ask(o.chen, li)
		_, other := o.ask(o.chen, "chen@registrant.example")
		// The mail server that reports it has lost the case of the local part.
		hard := emailcheck.Bounce{Address: strings.ToLower(li), Hard: true, Status: "5.1.1", Words: "550 5.1.1 no such user"}
		if n := o.report(hard); n != 2 {
			t.Errorf("%d accounts, want both", n)
		}
		if n := o.report(hard); n != 0 {
			t.Errorf("reported again: %d accounts", n)
		}
		for _, a := range []actor.Actor{o.li, o.chen} {
			if got := o.state(a, li); got != emailcheck.Bounced {
				t.Errorf("it is %s", got)
			}
			if n := o.count("event WHERE type = 'email.bounced' AND account_id = ?", a.Account); n != 1 {
				t.Errorf("its owner is told %d times", n)
			}
			if n := o.count("audit_entry WHERE action = 'email.bounce' AND actor = 'per_op' AND account_id = ?", a.Account); n != 1 {
				t.Errorf("recorded %d times", n)
			}
		}
		if n := o.count("email_bounce WHERE hard AND status = '5.1.1' AND words = '550 5.1.1 no such user' AND author = 'per_op'"); n != 2 {
			t.Errorf("noted %d times, want each report", n)
		}
		if got := o.state(o.chen, "chen@registrant.example"); got != emailcheck.Pending {
			t.Errorf("another address is %s", got)
		}
		if _, err := o.Confirm(t.Context(), other.token); err != nil {
			t.Error(err)
		}
		// Somebody who answers has read it, whatever a mail server said.
		if _, err := o.Confirm(t.Context(), hers.token); err != nil || o.state(o.chen, li) != emailcheck.Verified {
			t.Errorf("answered: %s, %v", o.state(o.chen, li), err)
		}
		if _, err := o.Request(t.Context(), o.li, li); fault.Code(err) != "email_resend_too_soon" {
			t.Errorf("asked for again at once: %v", err)
		}
		c.Advance(time.Minute)
		_, again := o.ask(o.li, li)
		if addr, err := o.Confirm(t.Context(), again.token); err != nil || addr.State != emailcheck.Verified {
			t.Errorf("a new link: %+v, %v", addr, err)
		}
		if n := o.report(hard); n != 2 {
			t.Errorf("a bounce after that: %d accounts, want both again", n)
		}
	})
}

func TestSoftBounceIsOnlyNoted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, mail := o.ask(o.li, li)
		if _, err := o.Confirm(t.Context(), mail.token); err != nil {
			t.Fatal(err)
		}
		if n := o.report(emailcheck.Bounce{Address: li, Status: "4.2.2"}); n != 0 || o.state(o.li, li) != emailcheck.Verified {
			t.Errorf("%d accounts, it is %s", n, o.state(o.li, li))
		}
		if n := o.count("email_bounce WHERE NOT hard AND status = '4.2.2'"); n != 1 {
			t.Errorf("noted %d times", n)
		}
	})
}

func TestReportThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, policytest.Shipped())
	o.ask(o.li, li)
	for _, tt := range []struct {
		a    actor.Actor
		b    emailcheck.Bounce
		code string
	}{
		{o.li, emailcheck.Bounce{Address: li, Hard: true}, "forbidden"},
		{operator, emailcheck.Bounce{Address: "li", Hard: true}, "email_invalid"},
		{operator, emailcheck.Bounce{Address: li, Hard: true, Status: "4.2.2"}, "email_status_invalid"},
		{operator, emailcheck.Bounce{Address: li, Status: "5.1.1"}, "email_status_invalid"},
		{operator, emailcheck.Bounce{Address: li, Hard: true, Status: "550"}, "email_status_invalid"},
	} {
		if _, err := o.Report(t.Context(), tt.a, tt.b); fault.Code(err) != tt.code {
			t.Errorf("%+v: %v, want %s", tt.b, err, tt.code)
		}
	}
	if n := o.count("email_bounce"); n != 0 || o.state(o.li, li) != emailcheck.Pending {
		t.Errorf("%d noted, it is %s", n, o.state(o.li, li))
	}
	if n := o.report(emailcheck.Bounce{Address: "nobody@registrant.example", Hard: true}); n != 0 {
		t.Errorf("an address that nobody has: %d accounts", n)
	}
}
