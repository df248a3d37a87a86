package sample

import (
	"math/rand/v2"

	"github.com/verinym/verinym/identifier"
)

const digitOrX = "0123456789X"

// ResidentID is a citizen's number in region 990000.
func ResidentID(rnd *rand.Rand) string {
	return completed(identifier.ResidentID, Region+person(rnd)+digits(rnd, 3), digitOrX)
}

// HKMacaoResidencePermit begins with 810000 or 820000 and has the sequence 000.
func HKMacaoResidencePermit(rnd *rand.Rand) string {
	body := "8" + pick(rnd, "12") + "0000" + person(rnd) + "000"
	return completed(identifier.HKMacaoResidencePermit, body, digitOrX)
}

// TaiwanResidencePermit begins with 830000 and has the sequence 000.
func TaiwanResidencePermit(rnd *rand.Rand) string {
	return completed(identifier.TaiwanResidencePermit, "830000"+person(rnd)+"000", digitOrX)
}

// ForeignPermanentResidentID is a number as on cards since December 2023, of
// province 99 and nationality 999.
func ForeignPermanentResidentID(rnd *rand.Rand) string {
	body := "9" + "99" + "999" + person(rnd) + digits(rnd, 3)
	return completed(identifier.ForeignPermanentResidentID, body, digitOrX)
}

// OldForeignPermanentResidentID is a number as on earlier cards, of Utopia.
func OldForeignPermanentResidentID(rnd *rand.Rand) string {
	body := "UTO" + Region[:4] + birth(rnd).Format("060102") + digits(rnd, 1)
	return completed(identifier.ForeignPermanentResidentID, body, "0123456789")
}

// HKID begins with QQ, a pair of letters that is not known to be issued.
func HKID(rnd *rand.Rand) string {
	return completed(identifier.HKID, "QQ"+digits(rnd, 6), "0123456789A")
}

// person is the birth date of a sample.
func person(rnd *rand.Rand) string { return birth(rnd).Format("20060102") }
