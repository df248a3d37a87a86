package app_test

import (
	"testing"

	"github.com/verinym/verinym/client"
)

// TestOrdersAreListedByState: over the API, the newest first, and nobody else's.
func TestOrdersAreListedByState(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, me := t.Context(), client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "cnnic")
	if _, err := client.New(s.URL()).As(s.keys["operator"]).AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, name := range []string{"listed-one.cn", "listed-two.cn"} {
		o, err := me.PlaceOrder(ctx, name, profile, 1)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, o.ID)
	}
	all, next, err := me.Orders(ctx, "", "")
	if err != nil || next != "" || len(all) != 2 || all[0].ID != ids[1] || all[1].ID != ids[0] {
		t.Errorf("%+v, %q, %v", all, next, err)
	}
	if waiting, _, err := me.Orders(ctx, "awaiting_payment", ids[1]); err != nil || len(waiting) != 1 || waiting[0].ID != ids[0] {
		t.Errorf("behind the first: %+v, %v", waiting, err)
	}
	if done, _, err := me.Orders(ctx, "completed", ""); err != nil || len(done) != 0 {
		t.Errorf("completed: %+v, %v", done, err)
	}
	if _, _, err := me.Orders(ctx, "no_such", ""); err == nil {
		t.Error("a state that is none is taken")
	}
	if theirs, _, err := client.New(s.URL()).As(s.keys["other"]).Orders(ctx, "", ""); err != nil || len(theirs) != 0 {
		t.Errorf("somebody else's: %+v, %v", theirs, err)
	}
}
