package screen

// kind is what a document of a kind looks like, as far as screening can use it. Options.Kind selects one; of an unknown
// kind only what holds for all documents is checked.
type kind struct {
	long, short float64 // millimetres; 0 where sizes differ
	text        float64 // height of its small print in millimetres
	portrait    bool    // on the front
	seal        bool
	back        backLook
}

// backLook says how the back of a card differs from its front.
type backLook int

const (
	backSame   backLook = iota // unknown, or it looks like the front
	backEmblem                 // an emblem at the left instead of a portrait
	backPlain                  // no portrait
)

var kinds = map[string]kind{
	"resident_id":                             {85.6, 54, 2.9, true, false, backEmblem},
	"temporary_resident_id":                   {85.6, 54, 2.9, true, false, backEmblem},
	"hk_macao_residence_permit":               {85.6, 54, 2.8, true, false, backEmblem},
	"taiwan_residence_permit":                 {85.6, 54, 2.8, true, false, backEmblem},
	"foreign_permanent_resident_id":           {85.6, 54, 2.2, true, false, backPlain},
	"hk_macao_travel_permit":                  {85.6, 54, 2.2, true, false, backSame},
	"taiwan_travel_permit":                    {85.6, 54, 2.2, true, false, backSame},
	"passport":                                {125, 88, 2.2, true, false, backSame},
	"business_licence":                        {0, 0, 0, false, true, backSame},
	"uscc_certificate":                        {0, 0, 0, false, true, backSame},
	"organization_code_certificate":           {0, 0, 0, false, true, backSame},
	"military_unit_code":                      {0, 0, 0, false, true, backSame},
	"military_paid_service_permit":            {0, 0, 0, false, true, backSame},
	"public_institution_certificate":          {0, 0, 0, false, true, backSame},
	"foreign_enterprise_office_registration":  {0, 0, 0, false, true, backSame},
	"social_organization_certificate":         {0, 0, 0, false, true, backSame},
	"religious_venue_registration":            {0, 0, 0, false, true, backSame},
	"private_non_enterprise_certificate":      {0, 0, 0, false, true, backSame},
	"foundation_certificate":                  {0, 0, 0, false, true, backSame},
	"law_firm_licence":                        {0, 0, 0, false, true, backSame},
	"foreign_cultural_centre_registration":    {0, 0, 0, false, true, backSame},
	"foreign_tourism_office_approval":         {0, 0, 0, false, true, backSame},
	"judicial_appraisal_licence":              {0, 0, 0, false, true, backSame},
	"social_service_organization_certificate": {0, 0, 0, false, true, backSame},
	"private_school_licence":                  {0, 0, 0, false, true, backSame},
	"medical_institution_licence":             {0, 0, 0, false, true, backSame},
	"notary_institution_licence":              {0, 0, 0, false, true, backSame},
	"embassy_school_permit":                   {0, 0, 0, false, true, backSame},
	"trademark_certificate":                   {0, 0, 0, false, true, backSame},
}
