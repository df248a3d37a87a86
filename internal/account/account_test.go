package account_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

const password = "correct-horse-battery"

// cheap passwords, so that the tests need not wait for strong ones.
var cheap = account.Passwords{Time: 1, Memory: 64, Threads: 1}

var admin = actor.Actor{ID: "per_admin", Account: 1, Roles: []actor.Role{actor.Admin}}

// desk is an installation with one customer.
type desk struct {
	*account.Accounts
	t        *testing.T
	store    *store.Store
	customer account.Account
}

func newDesk(t *testing.T, s *store.Store) desk {
	t.Helper()
	d := desk{Accounts: account.New(s, cheap), t: t, store: s}
	var err error
	if d.customer, err = d.Create(t.Context(), admin, "Li Siyuan"); err != nil {
		t.Fatal(err)
	}
	return d
}

// add gives somebody a sign-in to the customer's account.
func (d desk) add(email string, roles ...actor.Role) account.Person {
	d.t.Helper()
	p, err := d.AddPerson(d.t.Context(), admin, account.NewPerson{Account: d.customer.PublicID, Email: email, Name: "李思远", Password: password, Roles: roles})
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (d desk) count(query string, args ...any) (n int) {
	d.t.Helper()
	if err := d.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(d.t.Context(), &n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// rows counts what an installation can hold, table by table.
func (d desk) rows() map[string]int {
	d.t.Helper()
	out := map[string]int{}
	for _, table := range []string{"account", "person", "membership", "session", "api_key", "event", "audit_entry"} {
		out[table] = d.count(table)
	}
	return out
}

func codes(err error) (out []string) {
	f := fault.From(err)
	if f == nil {
		return nil
	}
	for _, d := range f.Details {
		out = append(out, d.Field+" "+d.Code)
	}
	if len(out) == 0 {
		out = []string{f.Field + " " + f.Code}
	}
	slices.Sort(out)
	return out
}

func TestPersonSignsInAndBecomesAnActor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		p := d.add("Li@Registrant.Example ", actor.Registrant, actor.Operator)
		in, err := d.SignIn(t.Context(), " li@registrant.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		if in.Person.PublicID != p.PublicID || in.Account.PublicID != d.customer.PublicID || !in.ExpiresAt.Equal(s.Now().Add(12*60*60e9)) {
			t.Errorf("signed in as %+v", in)
		}
		a, err := d.Authenticate(t.Context(), in.Token)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(a.Roles)
		if a.ID != p.PublicID || a.Account != d.customer.ID || !slices.Equal(a.Roles, []actor.Role{actor.Operator, actor.Registrant}) || len(a.Scopes) != 0 {
			t.Errorf("the actor is %+v", a)
		}
		own, err := d.Own(t.Context(), a)
		if err != nil || own.PublicID != d.customer.PublicID {
			t.Errorf("the actor's own account is %+v, %v", own, err)
		}
		if who, err := d.Person(t.Context(), a); err != nil || who.PublicID != p.PublicID || who.Name != p.Name {
			t.Errorf("the actor is the person %+v, %v", who, err)
		}
	})
}

func TestWrongAddressAndWrongPasswordLookAlike(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		before := d.rows()
		var answers []string
		for _, try := range [][2]string{
			{"nobody@registrant.example", password}, {"li@registrant.example", password + "!"}, {"li@registrant.example", ""}, {"", ""},
		} {
			in, err := d.SignIn(t.Context(), try[0], try[1], account.Origin{Place: "192.0.2.1"})
			f := fault.From(err)
			if f == nil || f.Kind != fault.Unauthenticated || f.Code != "sign_in_failed" {
				t.Fatalf("%q: %v, want sign_in_failed", try, err)
			}
			answers = append(answers, fmt.Sprintf("%+v %+v", in, f))
		}
		for i, a := range answers {
			if a != answers[0] {
				t.Errorf("answer %d tells more than the first:\n%s\n%s", i, a, answers[0])
			}
		}
		if after := d.rows(); !maps.Equal(after, before) {
			t.Errorf("a refused sign-in left rows: %v, before %v", after, before)
		}
	})
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		in, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		other, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.SignOut(t.Context(), other.Token); err != nil {
			t.Fatal(err)
		}
		if err := d.SignOut(t.Context(), other.Token); err != nil {
			t.Errorf("signing out twice: %v", err)
		}
		if _, err := d.Authenticate(t.Context(), other.Token); fault.Code(err) != "unauthenticated" {
			t.Errorf("after signing out: %v", err)
		}
		c.Advance(in.ExpiresAt.Sub(c.Now()) - 1000)
		if _, err := d.Authenticate(t.Context(), in.Token); err != nil {
			t.Errorf("a microsecond before its end: %v", err)
		}
		c.Advance(1000)
		if a, err := d.Authenticate(t.Context(), in.Token); fault.From(err).Kind != fault.Unauthenticated || a.Account != 0 {
			t.Errorf("at its end: %+v, %v", a, err)
		}
	})
}

func TestNoSecretIsKeptInClear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		d.add("chen@registrant.example", actor.Registrant)
		var hashes []string
		if err := s.R.NewRaw("SELECT password_hash FROM person").Scan(t.Context(), &hashes); err != nil {
			t.Fatal(err)
		}
		if hashes[0] == hashes[1] {
			t.Error("two people with one password have one hash")
		}
		for _, h := range hashes {
			if !strings.HasPrefix(h, "$argon2id$v=19$m=64,t=1,p=1$") || strings.Contains(h, password) {
				t.Errorf("the password is kept as %q", h)
			}
		}
		in, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		key, err := d.CreateKey(t.Context(), admin, d.customer.PublicID, "integration", []actor.Role{actor.Registrant})
		if err != nil {
			t.Fatal(err)
		}
		for what, query := range map[string]string{"session": "SELECT token_hash FROM session", "key": "SELECT secret_hash FROM api_key"} {
			var kept []byte
			if err := s.R.NewRaw(query).Scan(t.Context(), &kept); err != nil {
				t.Fatal(err)
			}
			if len(kept) != 32 || strings.Contains(key+in.Token, string(kept)) {
				t.Errorf("the %s is kept as %x", what, kept)
			}
		}
		var entries []struct{ Subject, Detail string }
		if err := s.R.NewRaw("SELECT subject, detail FROM audit_entry").Scan(t.Context(), &entries); err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprint(entries); strings.Contains(all, password) || strings.Contains(all, key) || strings.Contains(all, in.Token) {
			t.Errorf("the record holds a secret: %s", all)
		}
	})
}

func TestAPIKeyActsWithItsRolesUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		secret, err := d.CreateKey(t.Context(), admin, d.customer.PublicID, "integration", []actor.Role{actor.Operator})
		if err != nil {
			t.Fatal(err)
		}
		a, err := d.Authenticate(t.Context(), secret)
		if err != nil || a.Account != d.customer.ID || !strings.HasPrefix(a.ID, "key_") {
			t.Fatalf("the key acts as %+v, %v", a, err)
		}
		if who, err := d.Person(t.Context(), a); fault.Code(err) != "unauthenticated" {
			t.Errorf("a key is the person %+v, %v", who, err)
		}
		if !a.May(actor.OrderPay) || a.May(actor.ProfileWrite) || a.May(actor.AccountCreate) {
			t.Errorf("an operator's key has the roles %v", a.Roles)
		}
		if n := d.count("audit_entry WHERE action = 'api_key.create' AND subject = ?", a.ID); n != 1 {
			t.Errorf("%d entries of its making, want 1", n)
		}
		for name, bad := range map[string]string{
			"a changed key": secret[:len(secret)-1] + "-", "no key": "", "half a key": secret[:20], "its bare prefix": "vk_", "a session that never was": "vs_" + secret[3:],
		} {
			if _, err := d.Authenticate(t.Context(), bad); fault.Code(err) != "unauthenticated" {
				t.Errorf("%s: %v", name, err)
			}
		}
		err = s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("UPDATE api_key SET revoked_at = ?", store.At(tx.Now())).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Authenticate(t.Context(), secret); fault.Code(err) != "unauthenticated" {
			t.Errorf("a revoked key: %v", err)
		}
	})
}

// An admin hands out roles of people, never verinym's own: that one may do everything.
func TestNobodyIsGivenARoleThatIsNotForPeople(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		before := d.rows()
		for name, tt := range map[string]struct {
			roles []actor.Role
			want  string
		}{
			"verinym's own": {[]actor.Role{actor.System}, "roles role_unknown"},
			"one of two":    {[]actor.Role{actor.Registrant, actor.System}, "roles role_unknown"},
			"misspelt":      {[]actor.Role{"Registrant"}, "roles role_unknown"},
			"none":          {nil, "roles field_required"},
		} {
			_, err := d.AddPerson(t.Context(), admin, account.NewPerson{Account: d.customer.PublicID, Email: "x@registrant.example", Password: password, Roles: tt.roles})
			if got := codes(err); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("a person, %s: %v, want %s", name, got, tt.want)
			}
			secret, err := d.CreateKey(t.Context(), admin, d.customer.PublicID, "key", tt.roles)
			if got := codes(err); secret != "" || !slices.Equal(got, []string{tt.want}) {
				t.Errorf("a key, %s: %v, want %s", name, got, tt.want)
			}
		}
		if after := d.rows(); !maps.Equal(after, before) {
			t.Errorf("refusals left rows: %v, before %v", after, before)
		}
		// The same role named twice is one role.
		d.add("twice@registrant.example", actor.Registrant, actor.Registrant)
		if n := d.count("membership"); n != 1 {
			t.Errorf("%d memberships, want 1", n)
		}
	})
}

func TestNewPersonIsCheckedWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		before := d.rows()
		good := account.NewPerson{Account: d.customer.PublicID, Email: "chen@registrant.example", Password: password, Roles: []actor.Role{actor.Registrant}}
		for name, tt := range map[string]struct {
			change func(n *account.NewPerson)
			want   []string
		}{
			"no address":           {func(n *account.NewPerson) { n.Email = "" }, []string{"email email_invalid"}},
			"no address at all":    {func(n *account.NewPerson) { n.Email = "chen" }, []string{"email email_invalid"}},
			"a name with it":       {func(n *account.NewPerson) { n.Email = "Chen <chen@registrant.example>" }, []string{"email email_invalid"}},
			"short password":       {func(n *account.NewPerson) { n.Password = "123456789" }, []string{"password password_too_short"}},
			"bytes are not enough": {func(n *account.NewPerson) { n.Password = "密码密码密码" }, []string{"password password_too_short"}},
			"there already":        {func(n *account.NewPerson) { n.Email = "LI@registrant.example" }, []string{"email person_exists"}},
			"no such account":      {func(n *account.NewPerson) { n.Account = "acc_nobody" }, []string{" account_not_found"}},
			"all at once": {func(n *account.NewPerson) { n.Email, n.Password, n.Roles = "chen", "short", []actor.Role{"chief"} },
				[]string{"email email_invalid", "password password_too_short", "roles role_unknown"}},
		} {
			n := good
			tt.change(&n)
			_, err := d.AddPerson(t.Context(), admin, n)
			if got := codes(err); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", name, got, tt.want)
			}
		}
		if after := d.rows(); !maps.Equal(after, before) {
			t.Errorf("refusals left rows: %v, before %v", after, before)
		}
		if _, err := d.CreateKey(t.Context(), admin, "acc_nobody", "key", good.Roles); fault.Code(err) != "account_not_found" {
			t.Errorf("a key for no account: %v", err)
		}
		good.Password = "密码密码密码密码密码"
		if _, err := d.AddPerson(t.Context(), admin, good); err != nil {
			t.Errorf("ten characters of Chinese: %v", err)
		}
	})
}

func TestAccountHasAName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		for _, tt := range []struct{ name, kept, fault string }{
			{"  北京样本科技有限公司 ", "北京样本科技有限公司", ""},
			{strings.Repeat("名", 200), strings.Repeat("名", 200), ""},
			{strings.Repeat("名", 201), "", "field_too_long"},
			{" \t", "", "field_required"},
		} {
			acc, err := d.Create(t.Context(), admin, tt.name)
			if acc.Name != tt.kept || fault.Code(err) != tt.fault {
				t.Errorf("%.20q…: kept %.20q…, %v; want %q", tt.name, acc.Name, err, tt.fault)
			}
		}
	})
}

func TestNobodyActsWithoutPermission(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		id := d.customer.PublicID
		calls := map[string]func(a actor.Actor) error{
			"create an account": func(a actor.Actor) error { _, err := d.Create(t.Context(), a, "x"); return err },
			"add a person": func(a actor.Actor) error {
				_, err := d.AddPerson(t.Context(), a, account.NewPerson{Account: id, Email: "x@registrant.example", Password: password, Roles: []actor.Role{actor.Admin}})
				return err
			},
			"make a key": func(a actor.Actor) error {
				_, err := d.CreateKey(t.Context(), a, id, "x", []actor.Role{actor.Admin})
				return err
			},
			"read any account": func(a actor.Actor) error { _, err := d.Find(t.Context(), a, id); return err },
			"assert an identity": func(a actor.Actor) error {
				_, err := d.AssertIdentity(t.Context(), a, id, account.Assertion{Verified: true, Source: "crm"})
				return err
			},
			"read the own one": func(a actor.Actor) error { _, err := d.Own(t.Context(), a); return err },
		}
		may := map[actor.Role][]string{
			actor.Registrant: {"read the own one"},
			actor.Operator:   {"read the own one", "read any account", "assert an identity"},
			actor.Reviewer:   {},
			"":               {},
		}
		before := d.rows()
		for role, allowed := range may {
			a := actor.Actor{ID: "per_x", Account: d.customer.ID, Roles: []actor.Role{role}}
			for name, call := range calls {
				if slices.Contains(allowed, name) {
					continue
				}
				if err := call(a); fault.From(err) == nil || fault.From(err).Kind != fault.Forbidden {
					t.Errorf("a %q may %s: %v", role, name, err)
				}
			}
		}
		narrow := actor.Actor{ID: "key_x", Account: d.customer.ID, Roles: []actor.Role{actor.Operator}, Scopes: []string{string(actor.OrderPay)}}
		if err := calls["assert an identity"](narrow); fault.Code(err) != "forbidden" {
			t.Errorf("a key whose scope is payment asserts an identity: %v", err)
		}
		if after := d.rows(); !maps.Equal(after, before) {
			t.Errorf("refusals left rows: %v, before %v", after, before)
		}
		for role, allowed := range may {
			a := actor.Actor{ID: "per_x", Account: d.customer.ID, Roles: []actor.Role{role}}
			for _, name := range allowed {
				if err := calls[name](a); err != nil {
					t.Errorf("a %s may not %s: %v", role, name, err)
				}
			}
		}
	})
}

func TestIdentityIsAssertedWithItsSource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		operator := actor.Actor{ID: "key_crm", Account: 99, Roles: []actor.Role{actor.Operator}}
		id := d.customer.PublicID
		if err := d.RequireVerified(t.Context(), s.R, d.customer.ID); fault.Code(err) != "account_unverified" {
			t.Errorf("a new account: %v, want account_unverified", err)
		}
		before := d.rows()
		if _, err := d.AssertIdentity(t.Context(), operator, id, account.Assertion{Verified: true, Source: "  "}); !slices.Equal(codes(err), []string{"source field_required"}) {
			t.Errorf("without a source: %v", err)
		}
		if _, err := d.AssertIdentity(t.Context(), operator, "acc_nobody", account.Assertion{Verified: true, Source: "crm"}); fault.Code(err) != "account_not_found" {
			t.Errorf("no such account: %v", err)
		}
		if _, err := d.AssertIdentity(t.Context(), operator, id, account.Assertion{Verified: false, Source: "crm"}); fault.Code(err) != "account_identity_state" {
			t.Errorf("taking back what was never given: %v", err)
		}
		if after := d.rows(); !maps.Equal(after, before) {
			t.Errorf("refusals left rows: %v, before %v", after, before)
		}

		acc, err := d.AssertIdentity(t.Context(), operator, id, account.Assertion{Verified: true, Source: " crm:4711 "})
		if err != nil || acc.IdentityState != account.Verified || acc.IdentitySource != "crm:4711" || !acc.IdentityAt.Equal(s.Now()) || acc.RowVersion != 2 {
			t.Fatalf("asserted: %+v, %v", acc, err)
		}
		if err := d.RequireVerified(t.Context(), s.R, d.customer.ID); err != nil {
			t.Errorf("a verified account: %v", err)
		}
		acc, err = d.AssertIdentity(t.Context(), operator, id, account.Assertion{Verified: false, Source: "crm:4712"})
		if err != nil || acc.IdentityState != account.Unverified {
			t.Fatalf("taken back: %+v, %v", acc, err)
		}
		if err := d.RequireVerified(t.Context(), s.R, d.customer.ID); fault.Code(err) != "account_unverified" {
			t.Errorf("taken back: %v, want account_unverified", err)
		}
		for _, typ := range []string{"account.verified", "account.unverified"} {
			if n := d.count("event WHERE type = ? AND account_id = ? AND subject = ?", typ, d.customer.ID, id); n != 1 {
				t.Errorf("%d events %s, want 1", n, typ)
			}
			if n := d.count("audit_entry WHERE action = ? AND actor = 'key_crm' AND subject = ? AND detail LIKE '%crm:471%'", typ, id); n != 1 {
				t.Errorf("%d entries %s, want 1", n, typ)
			}
		}
		if err := d.RequireVerified(t.Context(), s.R, 4711); fault.Code(err) != "account_not_found" {
			t.Errorf("an account that is not there: %v", err)
		}
	})
}

func TestTwoAssertionsAtOnceAreWrittenOneAfterTheOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = d.AssertIdentity(t.Context(), actor.Verinym, d.customer.PublicID, account.Assertion{Verified: true, Source: fmt.Sprintf("crm-%d", i)})
			})
		}
		wg.Wait()
		written := 0
		for _, err := range errs {
			switch fault.Code(err) {
			case "":
				written++
			case "row_version_stale":
			default:
				t.Errorf("got %v, want nil or row_version_stale", err)
			}
		}
		if events := d.count("event"); written == 0 || events != written {
			t.Errorf("%d assertions were accepted, %d are told of", written, events)
		}
	})
}

func TestWhoHasLeftTheAccountIsNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		in, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		err = s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("DELETE FROM membership").Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := d.Authenticate(t.Context(), in.Token); fault.Code(err) != "unauthenticated" {
			t.Errorf("with an old session: %+v, %v", a, err)
		}
		if in, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"}); fault.Code(err) != "sign_in_failed" || in.Token != "" || in.Person.ID != 0 {
			t.Errorf("signing in again: %+v, %v", in, err)
		}
	})
}

func TestPasswordsAreStrongUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	d := newDesk(t, s)
	d.Accounts = account.New(s, account.Passwords{})
	if p := d.add("li@registrant.example", actor.Registrant); !strings.HasPrefix(p.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %s", p.PasswordHash)
	}
	if _, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"}); err != nil {
		t.Error(err)
	}
}

func TestDamagedHashLetsNobodyIn(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	d := newDesk(t, s)
	whole := d.add("li@registrant.example", actor.Registrant).PasswordHash
	for _, damaged := range []string{"", "plain", password, "$bcrypt" + whole, strings.Replace(whole, "m=64", "m=x", 1), whole[:len(whole)-1] + "!", strings.Replace(whole, "$v=19$", "$v=19$m=64,t=1,p=1$", 1)} {
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("UPDATE person SET password_hash = ?", damaged).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"}); fault.Code(err) != "sign_in_failed" {
			t.Errorf("%q: %v, want sign_in_failed", damaged, err)
		}
	}
}

func TestStaffSeeEachOthersNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		rui, li := d.add("rui@desk.example", actor.Reviewer, actor.Lead), d.add("li@registrant.example", actor.Registrant)
		lead := actor.Actor{ID: rui.PublicID, Roles: []actor.Role{actor.Lead}}
		if got, err := d.Reviewers(t.Context(), lead); err != nil || len(got) != 1 || got[0].PublicID != rui.PublicID {
			t.Errorf("reviewers: %v, %v", got, err)
		}
		if got, err := d.Names(t.Context(), lead, li.PublicID, "system"); err != nil || !maps.Equal(got, map[string]string{li.PublicID: "李思远"}) {
			t.Errorf("names: %v, %v", got, err)
		}
		key := actor.Actor{Roles: []actor.Role{actor.Operator}, Scopes: []string{string(actor.RegistryManage)}}
		if got, err := d.Names(t.Context(), key, rui.PublicID); err != nil || len(got) != 1 {
			t.Errorf("who may pause a registry asks for a name: %v, %v", got, err)
		}
		own := actor.Actor{ID: li.PublicID, Roles: []actor.Role{actor.Registrant}}
		if _, err := d.Reviewers(t.Context(), own); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant asks for reviewers: %v", err)
		}
		if _, err := d.Names(t.Context(), own, rui.PublicID); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant asks for names: %v", err)
		}
	})
}
