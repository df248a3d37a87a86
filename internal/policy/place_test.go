package policy_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/policy"
)

func TestFormsOfferEveryProvinceWithItsCities(t *testing.T) {
	t.Parallel()
	provinces := load(t).Places.Provinces()
	cities := 0
	for _, p := range provinces {
		cities += len(p.Cities)
		if len(p.Cities) == 0 || p.EN == "" || p.ZHFull == "" {
			t.Errorf("%s has no cities or no names: %+v", p.ZH, p)
		}
	}
	if len(provinces) != 31 || cities != 369 {
		t.Errorf("%d provinces, %d cities", len(provinces), cities)
	}
	for province, city := range map[string]string{"陕西": "西安市", "上海": "上海市", "河南": "济源市", "新疆": "石河子市", "海南": "三亚市"} {
		if !slices.ContainsFunc(provinces, func(p policy.Province) bool { return p.ZH == province && slices.Contains(p.Cities, city) }) {
			t.Errorf("%s is not among the cities of %s", city, province)
		}
	}
}

func TestFormsOfferEveryCountryOnce(t *testing.T) {
	t.Parallel()
	all := load(t).Places.Everywhere()
	seen := map[string]policy.Country{}
	for _, c := range all {
		if _, twice := seen[c.ISO]; twice || c.Name.EN == "" || c.Name.ZH == "" || c.CallingCode == "" {
			t.Errorf("%s stands twice or lacks a name: %+v", c.ISO, c)
		}
		seen[c.ISO] = c
	}
	if len(all) < 235 || all[0].ISO != "CN" {
		t.Errorf("%d countries, the first %s", len(all), all[0].ISO)
	}
	for iso, want := range map[string]policy.Country{
		"HK": {Name: policy.Words{EN: "Hong Kong (China)", ZH: "中国香港"}, CallingCode: "852", PostalCode: "none"},
		"IS": {Name: policy.Words{EN: "Iceland", ZH: "冰岛"}, CallingCode: "354", PostalCode: "optional"},
	} {
		want.ISO = iso
		if seen[iso] != want {
			t.Errorf("%s is %+v, want %+v", iso, seen[iso], want)
		}
	}
}
