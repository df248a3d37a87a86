package pictures

import (
	"slices"
	"testing"

	"golang.org/x/image/font/sfnt"
)

// TestSetShowsEveryKindOfDocument that a registrant may be asked for as identification.
func TestSetShowsEveryKindOfDocument(t *testing.T) {
	t.Parallel()
	for _, style := range []Style{StyleA, StyleB} {
		plan := Plan(style, 1)
		if len(plan) < 300 {
			t.Errorf("%s: %d pictures", plan[0].Half(), len(plan))
		}
		for _, kind := range []string{
			"resident_id", "passport", "hk_macao_travel_permit", "taiwan_travel_permit", "hk_macao_residence_permit", "taiwan_residence_permit",
			"foreign_permanent_resident_id", "business_licence", "uscc_certificate", "organization_code_certificate", "trademark_certificate",
			"foreign_registration", "hk_certificate_of_incorporation", "hk_business_registration",
		} {
			if !slices.ContainsFunc(plan, func(it Item) bool { return it.Defect == "" && it.paper.kind == kind }) {
				t.Errorf("%s: no good picture of a %s", plan[0].Half(), kind)
			}
		}
	}
}

// TestRareNamesAreDrawn: a character without a glyph would be drawn as a box.
func TestRareNamesAreDrawn(t *testing.T) {
	t.Parallel()
	if err := FontsReady(); err != nil {
		t.Skip(err)
	}
	beyond := 0
	for _, r := range rareNames {
		for _, face := range []Typeface{Sans, Serif} {
			f, err := loadFont(face)
			if err != nil {
				t.Fatal(err)
			}
			var buf sfnt.Buffer
			for _, c := range r.name {
				if i, err := f.GlyphIndex(&buf, c); err != nil || i == 0 {
					t.Errorf("face %d has no %c (%U)", face, c, c)
				}
				if c > 0xffff {
					beyond++
				}
			}
		}
	}
	if beyond == 0 {
		t.Error("no name has a character beyond the basic plane")
	}
}
