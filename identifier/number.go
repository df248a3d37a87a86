package identifier

import "github.com/verinym/verinym/identifier/civil"

// Date is a calendar day; the zero value means "none".
type Date = civil.Date

// Sex as a number tells it; empty when the number does not.
type Sex string

// Unspecified occurs in machine-readable zones only.
const (
	Male        Sex = "male"
	Female      Sex = "female"
	Unspecified Sex = "unspecified"
)

// Number is a number that passed its standard, taken apart.
//
// It is personal data. A Number prints, formats and logs (fmt, log/slog) as its
// mask; reading the fields, and JSON, gives the clear text.
type Number struct {
	Kind   Kind   // what was chosen
	Format Format // what it is

	Typed string // untouched
	// Normal is the form to compare, store and send: half width, capitals,
	// without blanks, hyphens, brackets and copy marks. It shares Typed's memory
	// when nothing had to change. A machine-readable zone keeps its line breaks.
	Normal string

	Birth Date
	Sex   Sex
	// Region is the code of the place as the number carries it, usually six
	// digits; two for a permanent resident card since 2023, four before. It is
	// not looked up in any table: codes change, and people keep their numbers.
	Region string
	// Nationality as the number carries it: letters (CAN) or ISO digits (124).
	Nationality string

	// Warning is a code about a valid number that a person should look at:
	// CodeCopySuffix; CodeBirthdate for a holder older than 120; CodeChecksum on
	// an old permanent resident card, whose rule was never published. Empty
	// otherwise.
	Warning string
	// CopyMark is the count of licence copies, such as (1-1), that was typed
	// with the number and is no part of it.
	CopyMark string
}

// HolderKey is the part that stays the same when the holder's document is
// renewed. Compare it, not Normal, to find one person or company twice: a
// travel permit ends in a renewal count, a Hong Kong business registration
// number in a branch and a year.
func (n Number) HolderKey() string {
	switch {
	case n.Kind == HKMacaoTravelPermit && len(n.Normal) > 9:
		return n.Normal[:9]
	case n.Kind == HKBusinessRegistration && len(n.Normal) > 8:
		return n.Normal[:8]
	}
	return n.Normal
}

// OrganizationCode is the organization code inside a USCC, or the code itself;
// empty for other numbers. A company that changed its old certificate for a
// USCC kept it.
func (n Number) OrganizationCode() string {
	switch n.Format {
	case FormatUSCC:
		return n.Normal[8:17]
	case FormatOrganization:
		return n.Normal
	}
	return ""
}

// Printed is the number as its document shows it, for a reviewer who compares
// the two: D2143569-X, A123456(3). Most documents show the normal form.
func (n Number) Printed() string {
	last := len(n.Normal) - 1
	switch n.Format {
	case FormatOrganization:
		return n.Normal[:last] + "-" + n.Normal[last:]
	case FormatHKID:
		return n.Normal[:last] + "(" + n.Normal[last:] + ")"
	case FormatHKRegistration:
		if s := n.Normal; len(s) == 16 {
			return s[:8] + "-" + s[8:11] + "-" + s[11:13] + "-" + s[13:15] + "-" + s[15:]
		}
	}
	return n.Normal
}
