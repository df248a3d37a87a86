package identifier

import "slices"

// Kind is what the registrant chose: a kind of document, or a kind of number
// where several documents carry the same one.
type Kind string

// The kinds, spelled as everywhere else in the system.
const (
	ResidentID                 Kind = "resident_id"
	Passport                   Kind = "passport"
	HKMacaoTravelPermit        Kind = "hk_macao_travel_permit"
	TaiwanTravelPermit         Kind = "taiwan_travel_permit"
	HKMacaoResidencePermit     Kind = "hk_macao_residence_permit"
	TaiwanResidencePermit      Kind = "taiwan_residence_permit"
	ForeignPermanentResidentID Kind = "foreign_permanent_resident_id" // old card, 15 characters, or new one, 18

	USCC                        Kind = "uscc"
	OrganizationCode            Kind = "organization_code"
	BusinessLicence             Kind = "business_licence"              // USCC or the old 15-digit number
	USCCCertificate             Kind = "uscc_certificate"              // USCC
	OrganizationCodeCertificate Kind = "organization_code_certificate" // USCC or organization code

	HKBusinessRegistration       Kind = "hk_business_registration"
	HKCertificateOfIncorporation Kind = "hk_certificate_of_incorporation"
	HKID                         Kind = "hkid"
	ForeignRegistration          Kind = "foreign_registration" // free text; 0 when the document has no number

	MRZ Kind = "mrz" // all lines of a machine-readable zone
)

// Kinds lists every kind that Parse knows.
func Kinds() []Kind {
	return []Kind{
		ResidentID, Passport, HKMacaoTravelPermit, TaiwanTravelPermit,
		HKMacaoResidencePermit, TaiwanResidencePermit, ForeignPermanentResidentID,
		USCC, OrganizationCode, BusinessLicence, USCCCertificate, OrganizationCodeCertificate,
		HKBusinessRegistration, HKCertificateOfIncorporation, HKID, ForeignRegistration, MRZ,
	}
}

// Known tells whether Parse knows the kind.
func (k Kind) Known() bool { return slices.Contains(Kinds(), k) }

// Format is what a number turned out to be. One kind may have several: a
// business licence carries a USCC or, before 2015, a 15-digit number.
type Format string

// The formats, each with the document that defines it.
const (
	FormatResidentID      Format = "gb11643"       // GB 11643-1999, residence permits included
	FormatForeigner2017   Format = "fpr2017"       // permanent resident card before December 2023
	FormatForeigner2023   Format = "fpr2023"       // permanent resident card since December 2023
	FormatTravelPermit    Format = "travel_permit" // mainland travel permits
	FormatPassport        Format = "passport"      // the number alone, by Doc 9303 at most 9 characters
	FormatUSCC            Format = "gb32100"       // GB 32100-2015
	FormatOrganization    Format = "gb11714"       // GB 11714-1997
	FormatOldLicence      Format = "gs15"          // GS 15-2006
	FormatHKRegistration  Format = "hk_br"
	FormatHKIncorporation Format = "hk_ci"
	FormatHKID            Format = "hkid"
	FormatFree            Format = "free"
	FormatTD1             Format = "icao9303_td1"
	FormatTD2             Format = "icao9303_td2"
	FormatTD3             Format = "icao9303_td3"
)
