package sandbox

import (
	"strings"
	"time"

	"github.com/verinym/verinym/epp/cnnic"
)

// checkNumber checks the number of an identity document by the standard of its
// kind, where it has one. It returns the reason for a failure, or "".
func checkNumber(kind, number string) string {
	switch kind {
	case cnnic.SFZ, cnnic.GATJZZ:
		return checkResident(number)
	case cnnic.TYDM:
		return checkCredit(number)
	case cnnic.YYZZ: // old licences have a registration number of 15 digits
		if len(number) == creditLen {
			return checkCredit(number)
		}
	}
	if number == "" {
		return "number_length"
	}
	return ""
}

// residentWeights are those of ISO 7064 MOD 11-2, as GB 11643 uses it.
var residentWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// checkResident checks a number of GB 11643: 17 digits, among them a date of
// birth, and a check character.
func checkResident(number string) string {
	if len(number) != 18 {
		return "number_length"
	}
	sum := 0
	for i, weight := range residentWeights {
		digit := strings.IndexByte("0123456789", number[i])
		if digit < 0 {
			return "number_checksum"
		}
		sum += digit * weight
	}
	if number[17] != "10X98765432"[sum%11] {
		return "number_checksum"
	}
	if _, err := time.Parse("20060102", number[6:14]); err != nil {
		return "number_birthdate"
	}
	return ""
}

const creditLen = 18

// creditAlphabet has no I, O, S, V, Z.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// checkCredit checks a unified social credit code of GB 32100 (MOD 31-3).
func checkCredit(number string) string {
	if len(number) != creditLen {
		return "number_length"
	}
	sum, weight := 0, 1
	for i := range creditLen - 1 {
		value := strings.IndexByte(creditAlphabet, number[i])
		if value < 0 {
			return "number_checksum"
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	if number[creditLen-1] != creditAlphabet[(31-sum%31)%31] {
		return "number_checksum"
	}
	return ""
}
