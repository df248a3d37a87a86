package sample

import (
	"math/rand/v2"

	"github.com/verinym/verinym/identifier"
)

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// USCC is a company's code in region 990000.
func USCC(rnd *rand.Rand) string {
	return completed(identifier.USCC, "91"+Region+OrganizationCode(rnd), usccAlphabet)
}

// OrganizationCode begins with YYYY, a series that is not known to be issued.
func OrganizationCode(rnd *rand.Rand) string {
	return completed(identifier.OrganizationCode, "YYYY"+chars(rnd, usccAlphabet, 4), digitOrX)
}

// OldBusinessLicence is a 15-digit licence number of authority 990000.
func OldBusinessLicence(rnd *rand.Rand) string {
	return completed(identifier.BusinessLicence, Region+digits(rnd, 8), "0123456789")
}
