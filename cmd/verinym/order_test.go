package main

import (
	"strings"
	"testing"
)

// TestNameIsOrderedFromTheShell: a fitting profile is chosen, the shop confirms the
// payment, and an order that nobody pays is taken back.
func TestNameIsOrderedFromTheShell(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil, nil)
	common, err := s.me.CopyProfile(t.Context(), s.verified, "", "common")
	if err != nil {
		t.Fatal(err)
	}
	s.says(s.run(0, "order", "choices", "wanted.cn"), "✓ "+s.verified, "✗ "+common.ID, "(profile_kind_mismatch)")
	s.says(s.run(0, "order", "choices", "wanted.cn", "--json"), `"profile":"`+s.verified+`"`, `"fits":true`, `"fits":false`)
	s.says(s.run(1, "order", "choices", "wanted.com"), "✗ "+s.verified)
	s.says(s.run(1, "order", "place", "wanted.cn", common.ID, "--lang", "zh"), "(profile_kind_mismatch)", "模板")
	s.says(s.run(1, "order", "place", "wanted.cn", s.verified, "--years", "11"), "years")
	s.says(s.run(1, "order", "place", "wanted.cn", s.verified, "--ns", "ns1.wanted.cn", "--lang", "zh"), "(name_server_within)", "位于 wanted.cn 之下")

	out := s.says(s.run(0, "order", "place", "wanted.cn", s.verified, "--years", "2"), "awaiting_payment", "wanted.cn", "expires unless paid by", "held from, without a verdict")
	if first := strings.SplitAfter(out, "\n")[1]; !strings.Contains(first, "safe to pay until ") {
		t.Errorf("the safe date does not come first:\n%s", out)
	}
	id, _, _ := strings.Cut(out, " ")
	if again := s.run(0, "order", "place", "wanted.cn", s.verified, "--years", "2"); !strings.HasPrefix(again, id) {
		t.Errorf("placed again, it is another: %s", again)
	}
	s.says(s.run(0, "order", "show", id, "--json"), `"years":2`, `"state":"awaiting_payment"`)
	s.says(s.run(1, "order", "confirm", id), "(forbidden)")
	registrant := s.key
	s.key = s.operator
	s.says(s.run(0, "order", "confirm", id), "wanted.cn")
	s.key = registrant
	s.says(s.run(1, "order", "cancel", id), "(order_")

	out = s.run(0, "order", "place", "unwanted.cn", s.verified, "--ns", "NS1.dns.example,ns2.dns.example")
	if !strings.HasSuffix(out, "\n    name servers ns1.dns.example ns2.dns.example\n") {
		t.Errorf("the name servers are not told:\n%s", out)
	}
	unpaid, _, _ := strings.Cut(out, " ")
	s.says(s.run(0, "order", "cancel", unpaid), "cancelled")
	s.says(s.run(0, "order", "list", "--state", "cancelled"), unpaid)
	s.says(s.run(1, "order", "show", "ord_none", "--lang", "zh"), "(order_not_found)")
}
