package emailcheck_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// bag is a courier that keeps what it is given; away, it takes nothing.
type bag struct {
	letters []letter
	away    error
}

type letter struct {
	address, token string
	expires        time.Time
}

func (b *bag) VerificationLink(_ context.Context, l emailcheck.Letter) error {
	if b.away != nil {
		return b.away
	}
	b.letters = append(b.letters, letter{l.Address, l.Token, l.Expires})
	return nil
}

// office is an installation whose letters can be looked into.
type office struct {
	*emailcheck.Checks
	t     *testing.T
	store *store.Store
	bag   *bag
	li    actor.Actor
	chen  actor.Actor
}

func newOffice(t *testing.T, s *store.Store, p *policy.Policies) office {
	t.Helper()
	o := office{t: t, store: s, bag: &bag{}}
	o.Checks = emailcheck.New(s, p, o.bag)
	accounts := account.New(s, account.Passwords{})
	for name, who := range map[string]*actor.Actor{"li": &o.li, "chen": &o.chen} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	return o
}

func (o office) exec(query string, args ...any) {
	o.t.Helper()
	err := o.store.InTx(o.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o office) count(query string, args ...any) (n int) {
	o.t.Helper()
	if err := o.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(o.t.Context(), &n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// jobs takes the waiting jobs out of the queue.
func (o office) jobs() (out []emailcheck.SendLink) {
	o.t.Helper()
	text := "json(args)"
	if o.store.Engine() == "postgres" {
		text = "args::text"
	}
	var args []string
	if err := o.store.R.NewRaw("SELECT "+text+" FROM river_job WHERE kind = 'emailcheck_send_link' ORDER BY id").Scan(o.t.Context(), &args); err != nil {
		o.t.Fatal(err)
	}
	for _, a := range args {
		var j emailcheck.SendLink
		if err := json.Unmarshal([]byte(a), &j); err != nil {
			o.t.Fatal(err)
		}
		out = append(out, j)
	}
	o.exec("DELETE FROM river_job")
	return out
}

// ask requests a link and does the jobs of it; the letter is what was mailed.
func (o office) ask(a actor.Actor, address string) (emailcheck.Address, letter) {
	o.t.Helper()
	addr, err := o.Request(o.t.Context(), a, address)
	if err != nil {
		o.t.Fatal(err)
	}
	before := len(o.bag.letters)
	for _, j := range o.jobs() {
		if err := o.Send(o.t.Context(), j); err != nil {
			o.t.Fatal(err)
		}
	}
	if got := len(o.bag.letters) - before; got != 1 {
		o.t.Fatalf("%d letters went out, want 1", got)
	}
	return addr, o.bag.letters[before]
}

func (o office) state(a actor.Actor, address string) emailcheck.State {
	o.t.Helper()
	state, err := emailcheck.Of(o.t.Context(), o.store.R, a.Account, address)
	if err != nil {
		o.t.Fatal(err)
	}
	return state
}

const li = "Li.Siyuan@registrant.example"

func TestAddressIsVerifiedThroughTheMailedLink(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		if got := o.state(o.li, li); got != emailcheck.Unverified {
			t.Errorf("an address never asked about is %s", got)
		}
		addr, mail := o.ask(o.li, " Li.Siyuan@REGISTRANT.example ")
		if addr.State != emailcheck.Pending || addr.Address != li || mail.address != li {
			t.Errorf("asked for %+v, mailed to %s", addr, mail.address)
		}
		if want := storetest.Monday.Add(72 * time.Hour); !mail.expires.Equal(want) {
			t.Errorf("the link ends %v, want %v", mail.expires, want)
		}
		c.Advance(time.Hour)
		done, err := o.Confirm(t.Context(), mail.token)
		if err != nil || done.State != emailcheck.Verified || !done.VerifiedAt.Equal(s.Now()) || done.PublicID != addr.PublicID {
			t.Fatalf("confirmed: %+v, %v", done, err)
		}
		if got := o.state(o.li, li); got != emailcheck.Verified {
			t.Errorf("afterwards it is %s", got)
		}
		if n := o.count("event WHERE type = 'email.verified' AND account_id = ? AND subject = ? AND data LIKE ?", o.li.Account, addr.PublicID, "%"+li+"%"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		for action, who := range map[string]string{"email.request": "per_li", "email.verify": "mail-link"} {
			if n := o.count("audit_entry WHERE action = ? AND actor = ? AND account_id = ? AND subject = ?", action, who, o.li.Account, addr.PublicID); n != 1 {
				t.Errorf("%d entries %s, want 1", n, action)
			}
		}
	})
}

func TestGetOfTheLinkChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		addr, mail := o.ask(o.li, li)
		rows := func() string {
			return fmt.Sprint(o.count("event"), o.count("audit_entry"), o.count("email_token WHERE used_at IS NULL"), o.count("email_address WHERE row_version = ?", addr.RowVersion))
		}
		before := rows()
		for range 50 { // every mail scanner on the way
			l, err := o.Look(t.Context(), mail.token)
			if err != nil || l.Address != li || l.State != emailcheck.Pending || !l.Expires.Equal(mail.expires) {
				t.Fatalf("looking shows %+v, %v", l, err)
			}
		}
		if after := rows(); after != before || o.state(o.li, li) != emailcheck.Pending {
			t.Errorf("looking changed rows: %s, before %s", after, before)
		}
		if _, err := o.Confirm(t.Context(), mail.token); err != nil {
			t.Errorf("the link no longer works: %v", err)
		}
	})
}

func TestLinkWorksOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, mail := o.ask(o.li, li)
		if _, err := o.Confirm(t.Context(), mail.token); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Confirm(t.Context(), mail.token); fault.Code(err) != "email_link_invalid" {
			t.Errorf("confirming again: %v", err)
		}
		if _, err := o.Look(t.Context(), mail.token); fault.Code(err) != "email_link_invalid" {
			t.Errorf("looking again: %v", err)
		}
		if n := o.count("event WHERE type = 'email.verified'"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestButtonPressedTwiceAtOnceVerifiesOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, mail := o.ask(o.li, li)
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = o.Confirm(t.Context(), mail.token) })
		}
		wg.Wait()
		verified := 0
		for _, err := range errs {
			if err == nil {
				verified++
			} else if fault.Code(err) != "email_link_invalid" {
				t.Errorf("got %v, want email_link_invalid", err)
			}
		}
		if verified != 1 || o.count("event WHERE type = 'email.verified'") != 1 {
			t.Errorf("verified %d times, told of %d times", verified, o.count("event WHERE type = 'email.verified'"))
		}
	})
}

func TestLinkEndsAfterThreeDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, mail := o.ask(o.li, li)
		c.Advance(72*time.Hour - time.Microsecond)
		if _, err := o.Look(t.Context(), mail.token); err != nil {
			t.Errorf("a microsecond before the end: %v", err)
		}
		c.Advance(time.Microsecond)
		if _, err := o.Look(t.Context(), mail.token); fault.Code(err) != "email_link_invalid" {
			t.Errorf("looking at the end: %v", err)
		}
		if _, err := o.Confirm(t.Context(), mail.token); fault.Code(err) != "email_link_invalid" {
			t.Errorf("confirming at the end: %v", err)
		}
		if got := o.state(o.li, li); got != emailcheck.Pending {
			t.Errorf("the address is %s, want still pending", got)
		}
		_, again := o.ask(o.li, li)
		if _, err := o.Confirm(t.Context(), again.token); err != nil {
			t.Errorf("a new link: %v", err)
		}
	})
}

func TestRowKeepsTheHashAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, first := o.ask(o.li, li)
		_, second := o.ask(o.chen, li)
		if len(first.token) < 32 || first.token == second.token {
			t.Errorf("tokens %q and %q", first.token, second.token)
		}
		var hashes [][]byte
		if err := s.R.NewRaw("SELECT hash FROM email_token").Scan(t.Context(), &hashes); err != nil {
			t.Fatal(err)
		}
		for _, h := range hashes {
			if len(h) != 32 || strings.Contains(string(h), first.token) {
				t.Errorf("the row keeps %q", h)
			}
			if _, err := o.Confirm(t.Context(), string(h)); fault.Code(err) != "email_link_invalid" {
				t.Errorf("the hash opens the link: %v", err)
			}
		}
		if n := o.count("audit_entry WHERE detail LIKE ? OR detail LIKE ?", "%"+first.token+"%", "%"+second.token+"%"); n != 0 {
			t.Error("the record holds a token")
		}
	})
}

func TestTokenOfOneAccountVerifiesNothingOfAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		mine, mail := o.ask(o.li, li)
		theirs, _ := o.ask(o.chen, li)
		if _, err := o.Confirm(t.Context(), mail.token); err != nil {
			t.Fatal(err)
		}
		if got := o.state(o.li, li); got != emailcheck.Verified {
			t.Errorf("the first account's address is %s", got)
		}
		if got := o.state(o.chen, li); got != emailcheck.Pending {
			t.Errorf("the other account's address is %s, want pending", got)
		}
		if found, err := o.Find(t.Context(), o.li, mine.PublicID); err != nil || found.State != emailcheck.Verified {
			t.Errorf("found %+v, %v", found, err)
		}
		if _, err := o.Find(t.Context(), o.li, theirs.PublicID); fault.Code(err) != "email_not_found" || fault.From(err).Kind != fault.NotFound {
			t.Errorf("the other account's address is found: %v", err)
		}
		for _, token := range []string{"", "x", mail.token + "x", strings.ToUpper(mail.token)} {
			if _, err := o.Look(t.Context(), token); fault.Code(err) != "email_link_invalid" {
				t.Errorf("the invented token %q: %v", token, err)
			}
		}
	})
}

func TestEarlierLinkWorksUntilOneIsUsed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		_, first := o.ask(o.li, li)
		c.Advance(time.Hour)
		_, second := o.ask(o.li, li)
		for _, mail := range []letter{first, second} {
			if _, err := o.Look(t.Context(), mail.token); err != nil {
				t.Errorf("before either is used: %v", err)
			}
		}
		if _, err := o.Confirm(t.Context(), first.token); err != nil {
			t.Fatalf("the earlier link: %v", err)
		}
		if _, err := o.Confirm(t.Context(), second.token); fault.Code(err) != "email_link_invalid" {
			t.Errorf("the later link after that: %v", err)
		}
	})
}

func TestLinkIsNotMailedAgainWithinAMinute(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		o.ask(o.li, li)
		for _, tt := range []struct {
			wait    time.Duration
			seconds string
		}{{0, "60"}, {30 * time.Second, "30"}, {29*time.Second + 999_999*time.Microsecond, "1"}} {
			c.Advance(tt.wait)
			_, err := o.Request(t.Context(), o.li, li)
			f := fault.From(err)
			if f == nil || f.Code != "email_resend_too_soon" || f.Kind != fault.TooMany || f.Params["Seconds"] != tt.seconds {
				t.Errorf("%v later: %+v, want email_resend_too_soon, %s seconds", tt.wait, f, tt.seconds)
			}
		}
		if jobs := o.jobs(); len(jobs) != 0 {
			t.Errorf("refused requests left the jobs %v", jobs)
		}
		if _, err := o.Request(t.Context(), o.li, "other@registrant.example"); err != nil {
			t.Errorf("another address meanwhile: %v", err)
		}
		o.jobs()
		c.Advance(time.Microsecond)
		if _, err := o.Request(t.Context(), o.li, li); err != nil {
			t.Errorf("a minute after the first: %v", err)
		}
	})
}

func TestRequestsAtTheSameMomentMailOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		for _, round := range []string{"a new address", "a known one"} {
			errs := make([]error, 4)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() { _, errs[i] = o.Request(t.Context(), o.li, li) })
			}
			wg.Wait()
			for _, err := range errs {
				if err != nil && fault.Code(err) != "email_resend_too_soon" {
					t.Errorf("%s: %v, want email_resend_too_soon", round, err)
				}
			}
			if n := len(o.jobs()); n != 1 {
				t.Errorf("%s: %d links to be mailed, want 1", round, n)
			}
			c.Advance(time.Hour)
		}
	})
}

func TestVerifiedAddressIsAskedOnlyOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		addr, mail := o.ask(o.li, li)
		c.Advance(time.Hour)
		// A second request was still in the queue when the first link was used.
		if _, err := o.Request(t.Context(), o.li, li); err != nil {
			t.Fatal(err)
		}
		late := o.jobs()
		if _, err := o.Confirm(t.Context(), mail.token); err != nil {
			t.Fatal(err)
		}
		for _, j := range late {
			if err := o.Send(t.Context(), j); err != nil {
				t.Error(err)
			}
		}
		if len(late) != 1 || len(o.bag.letters) != 1 || late[0].AddressID != addr.ID {
			t.Errorf("the jobs %v mailed %d letters, want the first alone", late, len(o.bag.letters))
		}
		c.Advance(time.Hour)
		_, err := o.Request(t.Context(), o.li, li)
		if f := fault.From(err); f == nil || f.Code != "email_already_verified" || f.Field != "email" || f.Params["Address"] != li {
			t.Errorf("asking again: %+v", f)
		}
	})
}

func TestMailThatFailsIsTriedAgainWithItsOwnLink(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		if _, err := o.Request(t.Context(), o.li, li); err != nil {
			t.Fatal(err)
		}
		job := o.jobs()[0]
		o.bag.away = errors.New("the mail server is away")
		if err := o.Send(t.Context(), job); !errors.Is(err, o.bag.away) {
			t.Errorf("got %v, want the courier's error so that the job is tried again", err)
		}
		o.bag.away = nil
		if err := o.Send(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Confirm(t.Context(), o.bag.letters[0].token); err != nil {
			t.Errorf("the link of the second try: %v", err)
		}
	})
}

func TestAnAccountVerifiesSoManyAddressesADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Changed(t, "sent_per_day: {max: 500", "sent_per_day: {max: 3"))
		for i := range 3 {
			o.ask(o.li, fmt.Sprintf("li%d@registrant.example", i))
			c.Advance(time.Hour)
		}
		_, err := o.Request(t.Context(), o.li, "li3@registrant.example")
		if f := fault.From(err); f == nil || f.Code != "email_daily_limit" || f.Kind != fault.TooMany || f.Params["Max"] != "3" {
			t.Errorf("the fourth within a day: %+v", f)
		}
		if n := o.count("email_address WHERE address = 'li3@registrant.example'") + len(o.jobs()); n != 0 {
			t.Error("the refused request left a row or a job")
		}
		if _, err := o.Request(t.Context(), o.chen, "chen@registrant.example"); err != nil {
			t.Errorf("another account: %v", err)
		}
		c.Advance(21*time.Hour - time.Microsecond)
		if _, err := o.Request(t.Context(), o.li, "li3@registrant.example"); fault.Code(err) != "email_daily_limit" {
			t.Errorf("a microsecond before a day has passed: %v", err)
		}
		c.Advance(time.Microsecond)
		if _, err := o.Request(t.Context(), o.li, "li3@registrant.example"); err != nil {
			t.Errorf("a day after the first: %v", err)
		}
	})
}

// Whoever asks, however the address is spelt: one person is mailed so much a day.
func TestNobodyIsFloodedWithLinks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, policytest.Changed(t, "recipient_per_day: {max: 10", "recipient_per_day: {max: 3"))
		o.ask(o.li, "zhao@registrant.example")
		o.ask(o.chen, "Zhao@registrant.example")
		c.Advance(time.Hour)
		o.ask(o.li, "zhao+shop@registrant.example")
		for _, a := range []actor.Actor{o.li, o.chen} {
			_, err := o.Request(t.Context(), a, "zhao+other@registrant.example")
			if f := fault.From(err); f == nil || f.Code != "email_recipient_limit" || f.Kind != fault.TooMany || f.Params["Address"] != "zhao+other@registrant.example" {
				t.Errorf("the fourth link: %+v", f)
			}
		}
		if n := o.count("email_address WHERE address LIKE '%other%'") + len(o.jobs()); n != 0 {
			t.Error("the refused request left a row or a job")
		}
		o.ask(o.li, "zhaozhao@registrant.example") // is somebody else
		c.Advance(23 * time.Hour)
		o.ask(o.chen, "zhao+other@registrant.example")
	})
}

// Asked for at the same moment in many accounts: what is too much does not go out.
func TestLinksThatWaitInTheQueueCountToo(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	o := newOffice(t, s, policytest.Changed(t, "recipient_per_day: {max: 10", "recipient_per_day: {max: 2"))
	for i, a := range []actor.Actor{o.li, o.chen, o.li} {
		if _, err := o.Request(t.Context(), a, fmt.Sprintf("zhao+%d@registrant.example", i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, j := range o.jobs() {
		if err := o.Send(t.Context(), j); err != nil {
			t.Error(err)
		}
	}
	if n := len(o.bag.letters); n != 2 {
		t.Errorf("%d links went out, want 2", n)
	}
}

func TestTheShippedLimitIsFiveHundredAddressesADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		// 499 addresses of this morning.
		rows := make([]string, 499)
		for i := range rows {
			rows[i] = fmt.Sprintf("('eml_%d', %d, 'a%d@registrant.example', 'verified', %d, %d, 1)", i, o.li.Account, i, s.Now().UnixMicro(), s.Now().UnixMicro())
		}
		o.exec("INSERT INTO email_address (public_id, account_id, address, state, sent_at, created_at, row_version) VALUES " + strings.Join(rows, ", "))
		if _, err := o.Request(t.Context(), o.li, "the500th@registrant.example"); err != nil {
			t.Errorf("the 500th: %v", err)
		}
		if _, err := o.Request(t.Context(), o.li, "the501st@registrant.example"); fault.Code(err) != "email_daily_limit" {
			t.Errorf("the 501st: %v", err)
		}
	})
}

func TestNobodyAsksWithoutPermission(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		o := newOffice(t, s, policytest.Shipped())
		addr, _ := o.ask(o.li, li)
		for _, role := range []actor.Role{actor.Reviewer, actor.Operator, actor.Admin, ""} {
			a := actor.Actor{ID: "per_x", Account: o.li.Account, Roles: []actor.Role{role}}
			if _, err := o.Request(t.Context(), a, "other@registrant.example"); fault.Code(err) != "forbidden" {
				t.Errorf("a %q asks: %v", role, err)
			}
			if _, err := o.Find(t.Context(), a, addr.PublicID); fault.Code(err) != "forbidden" {
				t.Errorf("a %q looks: %v", role, err)
			}
		}
		if n := o.count("email_address"); n != 1 {
			t.Errorf("%d addresses, want the first alone", n)
		}
	})
}

func TestAddressIsFoldedNoFurtherThanTheStandardAllows(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"li@registrant.example":                         "li@registrant.example",
		"  li@registrant.example\t":                     "li@registrant.example",
		"Li.Siyuan@Registrant.EXAMPLE":                  "Li.Siyuan@registrant.example",
		"li+domains@registrant.example":                 "li+domains@registrant.example",
		"o'brien@registrant.example":                    "o'brien@registrant.example",
		"li@例子.中国":                                      "li@xn--fsqu00a.xn--fiqs8s",
		"li@BÜCHER.example":                             "li@xn--bcher-kva.example",
		"li@mail。example":                               "li@mail.example",
		"li@xn--fsqu00a.xn--fiqs8s":                     "li@xn--fsqu00a.xn--fiqs8s",
		strings.Repeat("l", 64) + "@registrant.example": strings.Repeat("l", 64) + "@registrant.example",
		"li@" + strings.Repeat("a", 63) + ".example":    "li@" + strings.Repeat("a", 63) + ".example",
		"li@a-b.registrant.example":                     "li@a-b.registrant.example",
		"ｌｉ＠ｒｅｇｉｓｔｒａｎｔ．example":                         "li@registrant.example",
		"1234567@qq.example":                            "1234567@qq.example",
	} {
		got, err := emailcheck.Normalize(typed)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
		if again, err := emailcheck.Normalize(got); err != nil || again != got {
			t.Errorf("%q folded again: %q, %v", got, again, err)
		}
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"", "li", "@registrant.example", "li@", "li@localhost", "li@@registrant.example", "li@registrant..example", "li@.example", "li@registrant.example.",
		"Li <li@registrant.example>", "<li@registrant.example>", "li@registrant.example, chen@registrant.example", "li@registrant.example (work)",
		"li siyuan@registrant.example", `"li siyuan"@registrant.example`, "li@[192.0.2.1]", "li@-registrant.example", "li@registrant-.example", "li@regi_strant.example",
		"li@registrant.example\r\nBcc: all@registrant.example", "li\x00@registrant.example",
		strings.Repeat("l", 65) + "@registrant.example", "li@" + strings.Repeat("a.", 125) + "example", "li@" + strings.Repeat("a", 64) + ".example", "li@192.0.2.1",
		"李@registrant.example",
	} {
		got, err := emailcheck.Normalize(typed)
		if f := fault.From(err); got != "" || f == nil || f.Code != "email_invalid" || f.Field != "email" || f.Kind != fault.Invalid {
			t.Errorf("%q: %q, %v; want email_invalid", typed, got, err)
		}
	}
}
