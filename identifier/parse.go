package identifier

import (
	"github.com/verinym/verinym/identifier/internal/today"
	"time"
	"unicode/utf8"
)

// Parse normalises, checks and takes apart a number of the given kind. "Today",
// before which a birth date must lie, is the day in China right now. See ParseAt.
func Parse(kind Kind, typed string) (Number, error) { return parse(kind, typed, today.Clock{}) }

// ParseAt is Parse as of the given moment; it reads no clock.
//
// The error is always a *Error. Kind, Typed and Normal are set even then, so
// that a caller whose policy lets a person override a wrong check character
// (genuine early USCCs have one) still has the number to keep. Normal is empty
// only if the text is far too long to be a number.
func ParseAt(kind Kind, typed string, now time.Time) (Number, error) {
	return parse(kind, typed, today.InChina(now))
}

func parse(kind Kind, typed string, c today.Clock) (n Number, err error) {
	n.Kind, n.Typed = kind, typed
	if len(typed) > maxTyped {
		return n, &Error{Code: CodeLength, Kind: kind, Length: utf8.RuneCountInString(typed)}
	}
	n.tidy()
	if f := n.check(c); f != nil {
		return n, refuse(n, f, c)
	}
	if n.CopyMark != "" && n.Warning == "" {
		n.Warning = CodeCopySuffix
	}
	return n, nil
}

// tidy sets Normal and CopyMark from Kind and Typed.
func (n *Number) tidy() {
	switch n.Kind {
	case MRZ: // checkZone does, in one go
	case ForeignRegistration:
		n.Normal = tidyFree(n.Typed)
	default:
		n.Normal, n.CopyMark = tidy(n.Typed)
	}
}

// check checks Normal by the rules of Kind and sets what it reads out of it. It
// sets nothing if it finds a fault.
func (n *Number) check(c today.Clock) *fault {
	switch n.Kind {
	case ResidentID, HKMacaoResidencePermit, TaiwanResidencePermit:
		return n.checkPerson(c)
	case ForeignPermanentResidentID:
		return n.checkForeigner(c)
	case Passport:
		return n.checkPassport()
	case HKMacaoTravelPermit:
		return n.checkHKMacaoTravelPermit()
	case TaiwanTravelPermit:
		return n.checkTaiwanTravelPermit()
	case USCC, USCCCertificate:
		return n.checkUSCC(c)
	case OrganizationCode:
		return n.checkOrganizationCode()
	case OrganizationCodeCertificate:
		return n.checkOrganizationCodeCertificate(c)
	case BusinessLicence:
		return n.checkBusinessLicence(c)
	case HKBusinessRegistration:
		return n.checkHKBusinessRegistration()
	case HKCertificateOfIncorporation:
		return n.checkHKCertificateOfIncorporation()
	case HKID:
		return n.checkHKID()
	case ForeignRegistration:
		return n.checkForeignRegistration()
	case MRZ:
		return n.checkZone(c)
	}
	return &fault{code: CodeKindUnknown}
}

// isAlphanumeric: nothing but digits and capital letters in the normal form.
func (k Kind) isAlphanumeric() bool { return k != MRZ && k != ForeignRegistration }

// hasCheck: a check character protects the number from slips.
func (k Kind) hasCheck() bool {
	switch k {
	case Passport, HKMacaoTravelPermit, TaiwanTravelPermit,
		HKBusinessRegistration, HKCertificateOfIncorporation, ForeignRegistration:
		return false
	}
	return true
}
