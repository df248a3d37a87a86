package profile_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/ocr/ocrtest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func TestAddressOfALicenceIsComparedUpToTheDistrict(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		licence, province, city, address string
		told                             bool
	}{
		"the same to the district":      {"陕西省西安市样张区虚构路18号", "陕西省", "西安市", "样张区虚构路18号院3号楼", false},
		"printed without its province":  {"西安市样张区虚构路18号", "陕西", "西安市", "样张区虚构路18号", false},
		"typed with everything":         {"陕西省西安市样张区虚构路18号", "陕西省", "西安市", "陕西省西安市样张区虚构路18号", false},
		"the district alone is printed": {"样张区虚构路18号", "陕西省", "西安市", "样张区虚构路18号", false},
		"a municipality":                {"北京市样张区虚构路18号", "北京", "北京市", "样张区虚构路18号", false},
		"another province":              {"浙江省杭州市样张区虚构路18号", "陕西省", "西安市", "样张区虚构路18号", true},
		"another city":                  {"陕西省咸阳市样张区虚构路18号", "陕西省", "西安市", "样张区虚构路18号", true},
		"another district":              {"西安市他处区虚构路18号", "陕西省", "西安市", "样张区虚构路18号", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := newHouse(t, s, c)
			h.reads(ocrtest.Page("统一社会信用代码", "91990000YYYYN8QY5R", "名称西安样本科技有限公司", "法定代表人王若溪", "住所"+tt.licence))
			postal := "710000"
			if tt.province == "北京" {
				postal = "100000"
			}
			v := h.create(organization, company().with("document_kind", "business_licence", "province_zh", tt.province, "city_zh", tt.city, "address_zh", tt.address, "postal_code", postal))
			v, err := h.attach(v, "front", samples.Li)
			if err != nil {
				t.Fatal(err)
			}
			v = h.read(v)
			isIt := func(code, field string) bool { return code == "address_mismatch" && field == "address_zh" }
			if told := slices.ContainsFunc(v.Doubts, func(d profile.Doubt) bool { return isIt(d.Code, d.Field) }); told != tt.told {
				t.Errorf("told %v, want %v: %q", told, tt.told, doubts(v))
			}
			remarks, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, profile.Plan{})
			if err != nil {
				t.Fatal(err)
			}
			if told := slices.ContainsFunc(remarks, func(r profile.Remark) bool { return isIt(r.Code, r.Field) && r.Severity == "warn" }); told != tt.told {
				t.Errorf("pre-flight warns: %v", told)
			}
		})
	}
}
