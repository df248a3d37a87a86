package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
)

// TestOrderCarriesItsNameServers, and every fault of theirs is told at once.
func TestOrderCarriesItsNameServers(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, me := t.Context(), client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "cnnic")
	if _, err := client.New(s.URL()).As(s.keys["operator"]).AssertIdentity(ctx, s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	o, err := me.PlaceOrder(ctx, "served.cn", profile, 1, "NS1.dns.example", "ns2.例子.example")
	if want := []string{"ns1.dns.example", "ns2.xn--fsqu00a.example"}; err != nil || !slices.Equal(o.NameServers, want) {
		t.Errorf("ordered with %q, %v; want %q", o.NameServers, err, want)
	}
	for _, tt := range []struct {
		servers string
		status  int
		want    []string
	}{
		{`["ns1.new.cn","ns2.new.cn"]`, http.StatusUnprocessableEntity, []string{"invalid_input", "name_server_within", `"name_servers"`, "ns2.new.cn stands under new.cn", "ns2.new.cn 位于 new.cn 之下"}},
		{`["ns1.nothing.cn"]`, http.StatusUnprocessableEntity, []string{"name_server_missing", "ns1.nothing.cn"}},
		{`["a.x.example","b.x.example","c.x.example","d.x.example","e.x.example","f.x.example","g.x.example","h.x.example","i.x.example","j.x.example","k.x.example","l.x.example","m.x.example","n.x.example"]`, http.StatusUnprocessableEntity, []string{"name_servers"}},
		{`[]`, http.StatusCreated, []string{`"name_servers":[]`}},
	} {
		status, body, _ := s.json(t, "registrant", "POST", "/api/v1/orders", `{"domain":"new.cn","profile":"`+profile+`","name_servers":`+tt.servers+`}`)
		if status != tt.status {
			t.Errorf("%s: %d %s", tt.servers, status, body)
		}
		for _, want := range tt.want {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s: %s lacks %q", tt.servers, body, want)
			}
		}
	}
}

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
