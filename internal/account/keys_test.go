package account_test

import (
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestAnAccountMakesAndRevokesItsOwnKeys(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		as := account.New(s, account.Passwords{Time: 1, Memory: 64, Threads: 1})
		who := map[string]actor.Actor{}
		for _, name := range []string{"li", "chen"} {
			acc, err := as.Create(t.Context(), actor.Verinym, name)
			if err != nil {
				t.Fatal(err)
			}
			p, err := as.AddPerson(t.Context(), actor.Verinym, account.NewPerson{Account: acc.PublicID, Email: name + "@registrant.example", Name: name, Password: "correct-horse-battery", Roles: []actor.Role{actor.Registrant}})
			if err != nil {
				t.Fatal(err)
			}
			who[name] = actor.Actor{ID: p.PublicID, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
		}
		li, chen := who["li"], who["chen"]
		secret, err := as.MakeKey(t.Context(), li, "billing")
		if err != nil || !strings.HasPrefix(secret, "vk_") {
			t.Fatalf("%q, %v", secret, err)
		}
		a, err := as.Authenticate(t.Context(), secret)
		if err != nil || a.Account != li.Account || !a.Has(actor.Registrant) || len(a.Roles) != 1 {
			t.Errorf("the key is %+v, %v", a, err)
		}
		keys, err := as.Keys(t.Context(), li)
		if err != nil || len(keys) != 1 || keys[0].Name != "billing" || !keys[0].RevokedAt.IsZero() {
			t.Fatalf("the keys are %+v, %v", keys, err)
		}
		if theirs, err := as.Keys(t.Context(), chen); err != nil || len(theirs) != 0 {
			t.Errorf("another account has %+v, %v", theirs, err)
		}
		if err := as.RevokeKey(t.Context(), chen, keys[0].PublicID); fault.Code(err) != "key_not_found" {
			t.Errorf("another account revokes it: %v", err)
		}
		if _, err := as.Authenticate(t.Context(), secret); err != nil {
			t.Errorf("the key is revoked by another account: %v", err)
		}
		for range 2 {
			if err := as.RevokeKey(t.Context(), li, keys[0].PublicID); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := as.Authenticate(t.Context(), secret); fault.Code(err) != "unauthenticated" {
			t.Errorf("a revoked key: %v", err)
		}
		for name, want := range map[string]string{"": "field_required", strings.Repeat("长", 300): "field_too_long"} {
			if _, err := as.MakeKey(t.Context(), li, name); fault.Code(err) != want {
				t.Errorf("a name of %d bytes: %v, want %s", len(name), err, want)
			}
		}
		for range 50 {
			_, err = as.MakeKey(t.Context(), li, "many")
		}
		if err != nil {
			t.Errorf("the fiftieth key: %v", err)
		}
		if _, err := as.MakeKey(t.Context(), li, "many"); fault.Code(err) != "key_too_many" {
			t.Errorf("one more: %v", err)
		}
		reviewer := actor.Actor{Account: li.Account, Roles: []actor.Role{actor.Reviewer}}
		if _, err := as.MakeKey(t.Context(), reviewer, "mine"); fault.Code(err) != "forbidden" {
			t.Errorf("a reviewer makes a key: %v", err)
		}
		members, err := as.Members(t.Context(), li)
		if err != nil || len(members) != 1 || members[0].Name != "li" || len(members[0].Roles) != 1 || members[0].Roles[0] != actor.Registrant {
			t.Errorf("the members are %+v, %v", members, err)
		}
	})
}
