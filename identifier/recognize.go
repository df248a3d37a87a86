package identifier

import (
	"time"

	"github.com/verinym/verinym/identifier/internal/today"
)

// Recognize tells which kinds a text would be a valid number of, most specific
// first: those with a check character before those with a fixed letter, and a
// bare run of digits last. It is empty when nothing fits. See RecognizeAt.
func Recognize(typed string) []Kind { return recognize(typed, today.Clock{}) }

// RecognizeAt is Recognize as of the given moment; it reads no clock.
//
// Each format is reported once, under the kind that is named after it: a USCC
// as USCC and not as BusinessLicence, a 15-digit licence as BusinessLicence.
// ForeignRegistration, which takes anything, is never reported. Parse accepts
// the text for every kind in the answer. The converse does not hold for a USCC:
// one digit in thirty-one numbers passes its check by chance, so that here the
// organization code inside has to check as well.
func RecognizeAt(typed string, now time.Time) []Kind {
	return recognize(typed, today.InChina(now))
}

func recognize(typed string, c today.Clock) []Kind {
	if len(typed) > maxTyped {
		return nil
	}
	return looksLike(typed, c)
}

// mostSpecificFirst orders the kinds by how few texts fit them by chance.
var mostSpecificFirst = []Kind{
	MRZ,
	HKMacaoResidencePermit, TaiwanResidencePermit, ForeignPermanentResidentID, ResidentID,
	USCC, HKID, HKMacaoTravelPermit, BusinessLicence, OrganizationCode,
	TaiwanTravelPermit, HKBusinessRegistration, HKCertificateOfIncorporation, Passport,
}

// tellsItself: a number of this kind can hardly be anything else.
func tellsItself(kind Kind, f *fault) bool {
	switch kind {
	case TaiwanTravelPermit, HKBusinessRegistration, HKCertificateOfIncorporation, Passport:
		return false
	case HKID, HKMacaoTravelPermit, BusinessLicence, OrganizationCode:
		// Where the chosen kind fits but for one wrong character, that is the
		// likelier reason: every tenth slip passes for one of these by chance.
		return f.code != CodeChecksum
	}
	return true
}

func looksLike(typed string, c today.Clock) []Kind {
	var kinds []Kind
	normal, _ := tidy(typed) // which all of these kinds share, but for MRZ
	for _, kind := range mostSpecificFirst {
		n := Number{Kind: kind, Typed: typed, Normal: normal}
		if n.check(c) == nil && (n.Format != FormatUSCC || n.Kind == USCC && n.checksInside()) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
