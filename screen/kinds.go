package screen

// kind is what a document of a kind looks like, as far as screening can use it. Options.Kind selects one; of an unknown
// kind only what holds for all documents is checked.
type kind struct {
	long, short float64 // millimetres; 0 where sizes differ
	print       float64 // height of its small print, as a share of its longer side
	portrait    bool    // on the front
	seal        bool
	back        backLook
	// backGlyphs lies between how many marks stand in lines on the back and on the front; 0 where they do not differ by half.
	backGlyphs int
	// scene: the document is in somebody's hand, small and at an angle. Only light, colour and where the picture comes
	// from can be judged.
	scene bool
}

// backLook says how the back of a card differs from its front.
type backLook int

const (
	backSame   backLook = iota // unknown, or it looks like the front
	backEmblem                 // an emblem at the left instead of a portrait
	backPlain                  // no portrait
)

// page is a certificate on paper, stamped by its office. Sizes differ, proportions of print hardly.
var page = kind{print: .0165, seal: true}

var kinds = map[string]kind{
	"resident_id":                             {85.6, 54, .034, true, false, backEmblem, 75, false},
	"temporary_resident_id":                   {85.6, 54, .034, true, false, backEmblem, 75, false},
	"hk_macao_residence_permit":               {85.6, 54, .033, true, false, backEmblem, 0, false},
	"taiwan_residence_permit":                 {85.6, 54, .033, true, false, backEmblem, 0, false},
	"foreign_permanent_resident_id":           {85.6, 54, .026, true, false, backPlain, 0, false},
	"hk_macao_travel_permit":                  {85.6, 54, .026, true, false, backSame, 0, false},
	"taiwan_travel_permit":                    {85.6, 54, .026, true, false, backSame, 0, false},
	"passport":                                {125, 88, .018, true, false, backSame, 0, false},
	"business_licence":                        page,
	"uscc_certificate":                        page,
	"organization_code_certificate":           page,
	"military_unit_code":                      page,
	"military_paid_service_permit":            page,
	"public_institution_certificate":          page,
	"foreign_enterprise_office_registration":  page,
	"social_organization_certificate":         page,
	"religious_venue_registration":            page,
	"private_non_enterprise_certificate":      page,
	"foundation_certificate":                  page,
	"law_firm_licence":                        page,
	"foreign_cultural_centre_registration":    page,
	"foreign_tourism_office_approval":         page,
	"judicial_appraisal_licence":              page,
	"social_service_organization_certificate": page,
	"private_school_licence":                  page,
	"medical_institution_licence":             page,
	"notary_institution_licence":              page,
	"embassy_school_permit":                   page,
	"trademark_certificate":                   page,
	"holding_photo":                           {scene: true},
}
