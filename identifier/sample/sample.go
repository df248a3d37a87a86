package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/verinym/verinym/identifier"
)

// Region is the region code of samples, which is assigned to no place.
const Region = "990000"

// Number makes a number of any kind that identifier.Kinds lists, and "" for
// another kind. A kind with several formats gets each of them in turn.
func Number(kind identifier.Kind, rnd *rand.Rand) string {
	either := func(a, b func(*rand.Rand) string) string {
		if rnd.IntN(2) == 0 {
			return a(rnd)
		}
		return b(rnd)
	}
	switch kind {
	case identifier.ResidentID:
		return ResidentID(rnd)
	case identifier.Passport:
		return Passport(rnd)
	case identifier.HKMacaoTravelPermit:
		return HKMacaoTravelPermit(rnd)
	case identifier.TaiwanTravelPermit:
		return TaiwanTravelPermit(rnd)
	case identifier.HKMacaoResidencePermit:
		return HKMacaoResidencePermit(rnd)
	case identifier.TaiwanResidencePermit:
		return TaiwanResidencePermit(rnd)
	case identifier.ForeignPermanentResidentID:
		return either(ForeignPermanentResidentID, OldForeignPermanentResidentID)
	case identifier.USCC, identifier.USCCCertificate:
		return USCC(rnd)
	case identifier.OrganizationCode:
		return OrganizationCode(rnd)
	case identifier.BusinessLicence:
		return either(USCC, OldBusinessLicence)
	case identifier.OrganizationCodeCertificate:
		return either(USCC, OrganizationCode)
	case identifier.HKBusinessRegistration:
		return HKBusinessRegistration(rnd)
	case identifier.HKCertificateOfIncorporation:
		return HKCertificateOfIncorporation(rnd)
	case identifier.HKID:
		return HKID(rnd)
	case identifier.ForeignRegistration:
		return ForeignRegistration(rnd)
	case identifier.MRZ:
		return either(PassportZone, CardZone)
	}
	return ""
}

// Passport is X, no country's series known to us, and 8 digits.
func Passport(rnd *rand.Rand) string { return "X00" + digits(rnd, 6) }

// HKMacaoTravelPermit is H or M and 8 digits beginning with 9999.
func HKMacaoTravelPermit(rnd *rand.Rand) string { return pick(rnd, "HM") + "9999" + digits(rnd, 4) }

// TaiwanTravelPermit is 8 digits beginning with 9999.
func TaiwanTravelPermit(rnd *rand.Rand) string { return "9999" + digits(rnd, 4) }

// HKBusinessRegistration is 8 digits beginning with 99.
func HKBusinessRegistration(rnd *rand.Rand) string { return "99" + digits(rnd, 6) }

// HKCertificateOfIncorporation is 7 digits beginning with 99.
func HKCertificateOfIncorporation(rnd *rand.Rand) string { return "99" + digits(rnd, 5) }

// ForeignRegistration is free text.
func ForeignRegistration(rnd *rand.Rand) string { return "TEST-" + digits(rnd, 6) }

// birth is a day between 1940 and 2005.
func birth(rnd *rand.Rand) time.Time {
	first := time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, rnd.IntN(65*365))
}

func digits(rnd *rand.Rand, n int) string { return chars(rnd, "0123456789", n) }

func pick(rnd *rand.Rand, from string) string { return chars(rnd, from, 1) }

func chars(rnd *rand.Rand, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[rnd.IntN(len(from))]
	}
	return string(b)
}

// completed appends the one character of the alphabet that makes the number
// valid. Trying them keeps this package free of a second copy of the rules.
func completed(kind identifier.Kind, body, alphabet string) string {
	for _, c := range alphabet {
		n, err := identifier.Parse(kind, body+string(c))
		if err == nil && n.Warning == "" {
			return n.Typed
		}
	}
	panic(fmt.Sprintf("sample: no check character completes a %s", kind))
}
