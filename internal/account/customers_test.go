package account_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// boss administers from an account of their own.
var boss = actor.Actor{ID: "per_boss", Account: 99, Roles: []actor.Role{actor.Admin}}

// TestNobodyActsForASuspendedAccount: sessions end, keys and sign-ins are refused, until it
// is restored.
func TestNobodyActsForASuspendedAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		in, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		key, err := d.CreateKey(t.Context(), admin, d.customer.PublicID, "shop", []actor.Role{actor.Registrant})
		if err != nil {
			t.Fatal(err)
		}
		acc, err := d.Suspend(t.Context(), boss, d.customer.PublicID, " unpaid since May ")
		if err != nil || !acc.Suspended() || acc.Suspension != "unpaid since May" || acc.SuspendedBy != boss.ID {
			t.Fatalf("suspended: %+v, %v", acc, err)
		}
		for name, secret := range map[string]string{"session": in.Token, "key": key} {
			if _, err := d.Authenticate(t.Context(), secret); fault.Code(err) != "unauthenticated" {
				t.Errorf("the %s: %v", name, err)
			}
		}
		if _, err := d.SignIn(t.Context(), "li@registrant.example", password, account.Origin{Place: "192.0.2.1"}); fault.Code(err) != "account_suspended" {
			t.Errorf("a sign-in: %v", err)
		}
		if found, _, err := d.Search(t.Context(), admin, account.Wanted{Suspended: true}, "", 10); err != nil || len(found) != 1 || found[0].PublicID != d.customer.PublicID {
			t.Errorf("suspended accounts: %+v, %v", found, err)
		}
		if acc, err = d.Restore(t.Context(), boss, d.customer.PublicID); err != nil || acc.Suspended() || acc.Suspension != "" {
			t.Fatalf("restored: %+v, %v", acc, err)
		}
		if _, err := d.Authenticate(t.Context(), key); err != nil {
			t.Errorf("the key of a restored account: %v", err)
		}
		if _, err := d.Authenticate(t.Context(), in.Token); fault.Code(err) != "unauthenticated" {
			t.Errorf("a session from before: %v", err)
		}
		if n := d.count("audit_entry WHERE action IN ('account.suspend', 'account.restore') AND actor = ?", boss.ID); n != 2 {
			t.Errorf("%d audit entries", n)
		}
	})
}

// TestAnAdministratorHandsOutRoles: to others, never to oneself.
func TestAnAdministratorHandsOutRoles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		p := d.add("rui@registrar.example", actor.Registrant)
		if err := d.SetRoles(t.Context(), admin, d.customer.PublicID, p.PublicID, []actor.Role{actor.Reviewer, actor.Lead, actor.Lead}); err != nil {
			t.Fatal(err)
		}
		in, err := d.SignIn(t.Context(), "rui@registrar.example", password, account.Origin{Place: "192.0.2.1"})
		if err != nil || !slices.Equal(in.Roles, []actor.Role{actor.Lead, actor.Reviewer}) {
			t.Errorf("roles: %v, %v", in.Roles, err)
		}
		members, err := d.MembersOf(t.Context(), admin, d.customer.PublicID)
		if err != nil || len(members) != 1 || !slices.Equal(members[0].Roles, in.Roles) {
			t.Errorf("members: %+v, %v", members, err)
		}
		me := actor.Actor{ID: p.PublicID, Account: 9, Roles: []actor.Role{actor.Admin}}
		operator := actor.Actor{ID: "per_ola", Account: 9, Roles: []actor.Role{actor.Operator}}
		for _, x := range []struct {
			name string
			err  error
			want string
		}{
			{"one's own", d.SetRoles(t.Context(), me, d.customer.PublicID, p.PublicID, []actor.Role{actor.Admin}), "account_own"},
			{"the system's", d.SetRoles(t.Context(), admin, d.customer.PublicID, p.PublicID, []actor.Role{actor.System}), "role_unknown"},
			{"none", d.SetRoles(t.Context(), admin, d.customer.PublicID, p.PublicID, nil), "field_required"},
			{"a stranger's", d.SetRoles(t.Context(), admin, d.customer.PublicID, "per_none", []actor.Role{actor.Lead}), "member_not_found"},
			{"by an operator", d.SetRoles(t.Context(), operator, d.customer.PublicID, p.PublicID, []actor.Role{actor.Lead}), "forbidden"},
			{"own account suspended", second(d.Suspend(t.Context(), actor.Actor{ID: "per_x", Account: d.customer.ID, Roles: admin.Roles}, d.customer.PublicID, "x")), "account_own"},
			{"suspended for nothing", second(d.Suspend(t.Context(), boss, d.customer.PublicID, " ")), "cause_required"},
			{"an account that is not there", second(d.Restore(t.Context(), boss, "acc_none")), "account_not_found"},
		} {
			if fault.Code(x.err) != x.want {
				t.Errorf("%s: %v, want %s", x.name, x.err, x.want)
			}
		}
		if err := d.RemoveMember(t.Context(), admin, d.customer.PublicID, p.PublicID); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Authenticate(t.Context(), in.Token); fault.Code(err) != "unauthenticated" {
			t.Errorf("the session of somebody who was removed: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestAccountsAreFound by name, id, or somebody in them; what people type is no pattern.
func TestAccountsAreFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		d := newDesk(t, s)
		d.add("li@registrant.example", actor.Registrant)
		other, err := d.Create(t.Context(), admin, "100% Specimen")
		if err != nil {
			t.Fatal(err)
		}
		for words, want := range map[string][]string{
			"": {other.PublicID, d.customer.PublicID}, "SIYUAN": {d.customer.PublicID}, "思远": {d.customer.PublicID}, "registrant.example": {d.customer.PublicID},
			"0%": {other.PublicID}, "_": nil, other.PublicID: {other.PublicID}, "nobody": nil,
		} {
			found, _, err := d.Search(t.Context(), admin, account.Wanted{Words: words}, "", 10)
			var got []string
			for _, a := range found {
				got = append(got, a.PublicID)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%q finds %v, %v; want %v", words, got, err, want)
			}
		}
		first, next, err := d.Search(t.Context(), admin, account.Wanted{}, "", 1)
		if err != nil || len(first) != 1 || next != other.PublicID {
			t.Fatalf("first page: %+v, %q, %v", first, next, err)
		}
		if rest, next, err := d.Search(t.Context(), admin, account.Wanted{}, next, 1); err != nil || len(rest) != 1 || rest[0].PublicID != d.customer.PublicID || next != "" {
			t.Errorf("second page: %+v, %q, %v", rest, next, err)
		}
		if n, err := d.Strengths(t.Context(), admin, d.customer.ID); err != nil || n[d.customer.ID] != (account.Strength{People: 1}) {
			t.Errorf("strength: %+v, %v", n, err)
		}
		if _, _, err := d.Search(t.Context(), actor.Actor{Account: d.customer.ID, Roles: []actor.Role{actor.Registrant}}, account.Wanted{}, "", 1); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant: %v", err)
		}
	})
}
