package profile_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/ocr/ocrtest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

// The holder of an organisation's profile is the organisation, to the letter and the dot. Its domain
// name contact is nobody that the licence knows.
func TestLicenceIsComparedWithTheOrganisationNeverWithItsContact(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		h.reads(ocrtest.Page("统一社会信用代码", "91990000YYYYN8QY5R", "名称西安样本·科技有限公司", "法定代表人王若溪", "住所样张区虚构路18号"))
		v := h.create(organization, company().with("organization_zh", "西安样本·科技有限公司", "document_kind", "business_licence", "name_zh", "李思远").without("issued_on"))
		v, err := h.attach(v, "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		if v = h.read(v); len(v.Doubts) != 0 {
			t.Errorf("as it is printed: %q", doubts(v))
		}
		o, err := h.Prefill(t.Context(), h.li, v.Profile.PublicID)
		if _, contact := o.Fields["name_zh"]; err != nil || contact || o.Fields["organization_zh"] != "西安样本·科技有限公司" || o.Fields["address_zh"] != "样张区虚构路18号" {
			t.Errorf("the licence fills in %v, %v; want the organisation and its address, and no contact", o.Fields, err)
		}
		v = h.mustEdit(v, form{"organization_zh": "西安样本科技有限公司"})
		if got, want := doubts(v), []string{"front ocr_unconfirmed organization_zh 西安样本科技有限公司/西安样本·科技有限公司"}; !slices.Equal(got, want) {
			t.Errorf("without its dot: %q, want %q", got, want)
		}
	})
}
