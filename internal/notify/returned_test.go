package notify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/state/statetest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

const (
	liAddress = "li@registrant.example"
	// theTag stands in the reports of package dsn.
	theTag = "0h4m2vabcdefghjkmnpqrstvwx"
)

var mailServer = actor.Actor{ID: "key_mail", Account: 1000, Roles: []actor.Role{actor.MailServer}}

// report is one of the reports of package dsn, about the mail with a tag.
func report(t *testing.T, name, tag string, change ...string) string {
	t.Helper()
	b, err := os.ReadFile("../dsn/testdata/" + name + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(append(change, theTag, tag)...).Replace(string(b))
}

// takes takes a report and says what it did: "hard 1", or a fault's code.
func (p *post) takes(t *testing.T, raw string) string {
	t.Helper()
	got, err := p.Take(t.Context(), mailServer, strings.NewReader(raw))
	if err != nil {
		return fault.Code(err)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d", got.As, got.Doubted))
}

// desk is an installation whose addresses are mailed to.
type desk struct {
	*post
	emails   *emailcheck.Checks
	accounts *account.Accounts
	li, chen actor.Actor
}

func newDesk(t *testing.T, s *store.Store, c *clock.Fake) *desk {
	t.Helper()
	d := &desk{post: newPostOn(t, s, c)}
	d.emails = emailcheck.New(s, policytest.Shipped(), d.Post)
	d.accounts = account.New(s, account.Passwords{})
	d.SetNouns(d.emails, d.accounts, nil)
	d.li, d.chen = customers(t, s)
	return d
}

// asks has a link mailed to an address and returns the mail's tag.
func (d *desk) asks(t *testing.T, a actor.Actor, address string) (tag string) {
	t.Helper()
	addr, err := d.emails.Request(t.Context(), a, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.emails.Send(t.Context(), emailcheck.SendLink{AddressID: addr.ID, Request: store.NewID("req")}); err != nil {
		t.Fatal(err)
	}
	from := d.sink.Messages()[0].From
	tag, _, _ = strings.Cut(strings.TrimPrefix(from, "bounces+"), "@")
	return tag
}

// answers confirms from the last link that arrived.
func (d *desk) answers(t *testing.T) {
	t.Helper()
	m := d.sink.Messages()[0]
	if _, err := d.emails.Confirm(t.Context(), m.Links[0][strings.LastIndexByte(m.Links[0], '/')+1:]); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) state(t *testing.T, a actor.Actor, address string) emailcheck.State {
	t.Helper()
	s, err := emailcheck.Of(t.Context(), d.store.R, a.Account, address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMailThatComesBackTakesTheVerificationBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		d.asks(t, d.chen, liAddress)
		d.answers(t)
		c.Advance(time.Hour)
		tag := d.asks(t, d.li, liAddress)
		if got := d.takes(t, report(t, "delayed", tag)); got != "soft 0" || d.state(t, d.chen, liAddress) != emailcheck.Verified {
			t.Errorf("delayed: %s, %s", got, d.state(t, d.chen, liAddress))
		}
		if got := d.takes(t, report(t, "hard", tag)); got != "hard 2" {
			t.Errorf("failed: %s", got)
		}
		for _, a := range []actor.Actor{d.li, d.chen} {
			if got := d.state(t, a, liAddress); got != emailcheck.Bounced {
				t.Errorf("the address is %s", got)
			}
		}
		// The same report once more, and an older one after it.
		for _, again := range []string{"hard", "delayed"} {
			if got := d.takes(t, report(t, again, tag)); !strings.HasSuffix(got, " 0") {
				t.Errorf("%s again: %s", again, got)
			}
		}
		var words []string
		if err := s.R.NewRaw("SELECT status || ' ' || author || ' ' || CASE WHEN mail = ? THEN 'ours' ELSE mail END FROM email_bounce ORDER BY id", "mail_"+tag).Scan(t.Context(), &words); err != nil {
			t.Fatal(err)
		}
		if want := []string{"4.4.1 key_mail ours", "5.1.1 key_mail ours"}; fmt.Sprint(words) != fmt.Sprint(want) {
			t.Errorf("noted %q, want %q", words, want)
		}
	})
}

// Anybody may send such a mail. Only who has seen ours can name it.
func TestForgedReportChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		tag := d.asks(t, d.li, liAddress)
		d.answers(t)
		forged := store.NewID("mail")[5:]
		for what, raw := range map[string]string{
			"another tag":               report(t, "hard", forged, "nobody@registrant.example", liAddress),
			"no tag":                    report(t, "hard", "", "+"+theTag, "", "nobody@registrant.example", liAddress),
			"a complaint":               report(t, "complaint", forged, "somebody@provider.example", liAddress),
			"the public id of the mail": report(t, "hard", "mail_"+tag),
		} {
			if got := d.takes(t, raw); got != "bounce_unknown" {
				t.Errorf("%s: %s", what, got)
			}
		}
		if got := d.takes(t, "From: mailer-daemon@registrar.example\nTo: bounces+"+tag+"@registrar.example\n\n550 5.1.1 user unknown\n"); got != "bounce_no_report" {
			t.Errorf("a mail that is no report: %s", got)
		}
		if got := d.state(t, d.li, liAddress); got != emailcheck.Verified {
			t.Errorf("the address is %s", got)
		}
		// A report about a mail to one address says nothing about another.
		theirs := d.asks(t, d.chen, "chen@registrant.example")
		if got := d.takes(t, report(t, "hard", theirs, "nobody@registrant.example", liAddress)); got != "hard 1" || d.state(t, d.li, liAddress) != emailcheck.Verified {
			t.Errorf("%s, and the other address is %s", got, d.state(t, d.li, liAddress))
		}
		if _, err := d.Take(t.Context(), d.li, strings.NewReader(report(t, "hard", tag))); fault.Code(err) != "forbidden" {
			t.Errorf("by a registrant: %v", err)
		}
	})
}

func TestReportIsKnownByReturnPathOrMessageID(t *testing.T) {
	t.Parallel()
	for what, change := range map[string][]string{
		"the return path alone":          {"Message-ID: <" + theTag + "@registrar.example>\n", ""},
		"the Message-ID alone":           {"bounces+" + theTag, "postmaster"},
		"a return path all in capitals":  {"Message-ID: <" + theTag + "@registrar.example>\n", "", "bounces+" + theTag + "@registrar.example", strings.ToUpper("bounces+") + "TAG@REGISTRAR.EXAMPLE"},
		"the answer's References header": {"bounces+" + theTag, "postmaster", "Message-ID: <" + theTag + "@registrar.example>\n", "", "MIME-Version: 1.0\n", "MIME-Version: 1.0\nReferences: <x@y.example> <" + theTag + "@registrar.example>\n"},
	} {
		s, c := storetest.SQLite(t)
		d := newDesk(t, s, c)
		tag := d.asks(t, d.li, liAddress)
		for i := range change {
			change[i] = strings.NewReplacer(theTag, tag, "TAG", strings.ToUpper(tag)).Replace(change[i])
		}
		raw := strings.NewReplacer(change...).Replace(report(t, "hard", tag))
		if got := d.takes(t, raw); got != "hard 1" {
			t.Errorf("%s: %s", what, got)
		}
	}
}

func TestOldReportSaysNothing(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	first := d.asks(t, d.li, liAddress)
	c.Advance(time.Hour)
	d.asks(t, d.li, liAddress)
	c.Advance(time.Hour)
	d.answers(t)
	// The first mail is given up after days, when somebody has long answered.
	c.Advance(5 * 24 * time.Hour)
	if got := d.takes(t, report(t, "hard", first)); got != "hard 0" || d.state(t, d.li, liAddress) != emailcheck.Verified {
		t.Errorf("%s, the address is %s", got, d.state(t, d.li, liAddress))
	}
	last := d.asks(t, d.chen, liAddress)
	c.Advance(14*24*time.Hour + time.Second)
	if got := d.takes(t, report(t, "hard", last)); got != "bounce_unknown" {
		t.Errorf("after two weeks: %s", got)
	}
}

func TestComplaintIsNotedAndDoubtsNothing(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	d := newDesk(t, s, c)
	tag := d.asks(t, d.li, liAddress)
	d.answers(t)
	if got := d.takes(t, report(t, "complaint", tag, "Feedback-Type: abuse", "Feedback-Type: not-spam")); got != "0" {
		t.Errorf("not spam: %s", got)
	}
	if got := d.takes(t, report(t, "complaint", tag)); got != "complaint 0" || d.state(t, d.li, liAddress) != emailcheck.Verified {
		t.Errorf("%s, the address is %s", got, d.state(t, d.li, liAddress))
	}
	if n := d.count(t, "mail WHERE returned = 'complaint' AND returned_at IS NOT NULL") + d.count(t, "audit_entry WHERE action = 'mail.return' AND actor = 'key_mail'"); n != 2 {
		t.Errorf("noted in %d places, want 2", n)
	}
}

func (p *post) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := p.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMailsTableIsWalkedWhole(t *testing.T) {
	t.Parallel()
	statetest.Walk(t, notify.Mails)
}

// A mail that the server refuses goes out later; one that was being handed over when the
// process died is in doubt, and never sent again.
func TestMailGoesOutOnceThroughRefusalsAndDeaths(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		job := func() emailcheck.SendLink {
			addr, err := d.emails.Request(t.Context(), d.li, fmt.Sprintf("li%d@registrant.example", d.count(t, "email_address")))
			if err != nil {
				t.Fatal(err)
			}
			return emailcheck.SendLink{AddressID: addr.ID, Request: store.NewID("req")}
		}
		there := d.Addr
		d.Addr = "127.0.0.1:1"
		refused := job()
		if err := d.emails.Send(t.Context(), refused); err != nil {
			t.Errorf("nobody listens: %v, want it left to later", err)
		}
		d.Addr = there
		for range 2 { // it is tried again, and once more though it has gone out
			if err := d.emails.Send(t.Context(), refused); err != nil {
				t.Error(err)
			}
		}
		if n := len(d.sink.Messages()); n != 1 {
			t.Errorf("%d mails arrived, want 1", n)
		}
		lost := job()
		d.Addr = "127.0.0.1:1"
		_ = d.emails.Send(t.Context(), lost)
		d.Addr = there
		d.exec(t, "UPDATE mail SET state = 'sending', lease_until = 1 WHERE key = ?", "link:"+lost.Request) // the process died there
		if err := d.emails.Send(t.Context(), lost); err != nil {
			t.Error(err)
		}
		if _, err := d.Sweep(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		if err := d.emails.Send(t.Context(), lost); err != nil {
			t.Error(err)
		}
		if n := len(d.sink.Messages()); n != 1 || d.count(t, "mail WHERE state = 'in_doubt'") != 1 {
			t.Errorf("%d mails arrived, %d in doubt", n, d.count(t, "mail WHERE state = 'in_doubt'"))
		}
	})
}

// A mail server that is away for two days loses no link: it is tried as other mail is, and
// what was never mailed counts for none. After that it is given up.
func TestLinkOutlastsAMailServerThatIsAway(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		there := d.Addr
		d.Addr = "127.0.0.1:1"
		jobs := func() (out []emailcheck.SendLink) {
			t.Helper()
			var stored []string
			args := "args"
			if s.Engine() == "sqlite" {
				args = "json(args)"
			}
			if err := s.R.NewRaw("SELECT "+args+" FROM river_job WHERE kind = 'emailcheck_send_link' ORDER BY id").Scan(t.Context(), &stored); err != nil {
				t.Fatal(err)
			}
			d.exec(t, "DELETE FROM river_job")
			for _, args := range stored {
				var j emailcheck.SendLink
				if err := json.Unmarshal([]byte(args), &j); err != nil {
					t.Fatal(err)
				}
				out = append(out, j)
			}
			return out
		}
		work := func() (tried int) {
			t.Helper()
			if _, err := d.SendDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, j := range jobs() {
				tried++
				if err := d.emails.Send(t.Context(), j); err != nil {
					t.Error(err)
				}
			}
			return tried
		}
		if _, err := d.emails.Request(t.Context(), d.li, "li@registrant.example"); err != nil {
			t.Fatal(err)
		}
		tries := 0
		for range 40 { // hours
			tries += work()
			c.Advance(time.Hour)
		}
		if n := d.count(t, "email_token"); tries < 5 || tries > 8 || n != 0 {
			t.Errorf("tried %d times, %d tokens are out", tries, n)
		}
		d.Addr = there
		c.Advance(12 * time.Hour)
		work()
		if n := len(d.sink.Messages()); n != 1 || work() != 0 {
			t.Errorf("%d mails arrived when the server was back, want 1", n)
		}

		d.Addr = "127.0.0.1:1"
		if _, err := d.emails.Request(t.Context(), d.li, "other@registrant.example"); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			work()
			c.Advance(6 * time.Hour)
		}
		if n := d.count(t, "mail WHERE state = 'failed'"); n != 1 {
			t.Errorf("%d mails were given up, want the one that was refused for a week", n)
		}
	})
}

func (p *post) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	err := p.store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnOperatorSeesWhatBecameOfMails: what was refused says why, what failed is sent
// again as a mail of its own, and a test mail goes out at once.
func TestAnOperatorSeesWhatBecameOfMails(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s, c)
		operator := actor.Actor{ID: "per_ola", Account: 1, Roles: []actor.Role{actor.Operator}}
		sent, err := d.SendTest(t.Context(), operator, "ola@registrar.example")
		if err != nil || sent.State != notify.Sent || len(d.sink.Messages()) != 1 || d.sink.Messages()[0].To != "ola@registrar.example" {
			t.Fatalf("a test: %+v, %v", sent, err)
		}
		there := d.Addr
		d.Addr = "127.0.0.1:1"
		refused, err := d.SendTest(t.Context(), operator, "ola@registrar.example")
		if fault.Code(err) != "mail_refused" || !strings.Contains(fault.From(err).Params["Words"], "127.0.0.1:1") {
			t.Errorf("nobody listens: %v", err)
		}
		d.Addr = there
		m, _, err := d.FindMail(t.Context(), operator, refused.PublicID)
		if err != nil || m.State != notify.Waiting || !strings.Contains(m.Words, "127.0.0.1:1") {
			t.Errorf("what was refused: %+v, %v", m, err)
		}
		if _, err := d.Resend(t.Context(), operator, refused.PublicID); fault.Code(err) != "mail_not_again" {
			t.Errorf("what goes out by itself: %v", err)
		}
		d.exec(t, "UPDATE mail SET state = 'failed' WHERE public_id = ?", refused.PublicID)
		again, err := d.Resend(t.Context(), operator, refused.PublicID)
		if err != nil || again.PublicID == refused.PublicID {
			t.Fatalf("again: %+v, %v", again, err)
		}
		if n, err := d.SendDue(t.Context()); err != nil || n != 1 || len(d.sink.Messages()) != 2 {
			t.Errorf("%d sent, %d arrived, %v", n, len(d.sink.Messages()), err)
		}
		counts, err := d.Count(t.Context(), operator)
		if err != nil || counts.Sent != 2 || counts.Failed != 1 || counts.All() != 3 {
			t.Errorf("counts: %+v, %v", counts, err)
		}
		failed, next, err := d.Outgoing(t.Context(), operator, notify.MailFilter{State: notify.Failed, Address: "ola@registrar.example"}, "", 1)
		if err != nil || len(failed) != 1 || failed[0].PublicID != refused.PublicID || next != "" {
			t.Errorf("failed: %+v, %q, %v", failed, next, err)
		}
		if _, next, err := d.Outgoing(t.Context(), operator, notify.MailFilter{}, "", 2); err != nil || next != refused.PublicID {
			t.Errorf("the next page is behind %q, %v; want %s", next, err, refused.PublicID)
		}
		d.exec(t, "UPDATE mail SET kind = 'link' WHERE public_id = ?", refused.PublicID)
		for _, x := range []struct {
			name string
			err  error
			want string
		}{
			{"a link", second(d.Resend(t.Context(), operator, refused.PublicID)), "mail_link_once"},
			{"no mail", second(d.Resend(t.Context(), operator, "mail_none")), "mail_not_found"},
			{"no address", second(d.SendTest(t.Context(), operator, "nobody")), "email_invalid"},
			{"a registrant", second(d.Count(t.Context(), d.li)), "forbidden"},
		} {
			if fault.Code(x.err) != x.want {
				t.Errorf("%s: %v, want %s", x.name, x.err, x.want)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
