package identifier

import "github.com/verinym/verinym/identifier/internal/today"

// GB 11714-1997, organization code: 8 digits or letters and a check character
// modulo 11, printed after a hyphen.

var organizationWeights = [8]uint8{3, 7, 9, 10, 5, 8, 4, 2}

func (n *Number) checkOrganizationCode() *fault {
	s := n.Normal
	if len(s) != 9 {
		return wrongLength("9")
	}
	if at := firstForeign(s[:8]); at != nowhere {
		return misplaced(at, "a digit or a letter")
	}
	if !isDigit(s[8]) && s[8] != 'X' {
		return misplaced(8, "a digit or X")
	}
	if !organizationCodeChecks(s) {
		return wrongChecksum()
	}
	n.Format = FormatOrganization
	return nil
}

// checkOrganizationCodeCertificate: a certificate issued after a body got its
// USCC shows that, an older one the organization code.
func (n *Number) checkOrganizationCodeCertificate(c today.Clock) *fault {
	switch len(n.Normal) {
	case 9:
		return n.checkOrganizationCode()
	case 18:
		return n.checkUSCC(c)
	}
	return wrongLength("9 or 18")
}

// organizationCodeChecks checks 9 digits and letters. It detects every wrong
// character and every two neighbours swapped, unless their values (A = 10 to
// Z = 35) differ by a multiple of 11, as those of 0, B, M and X do, and but for
// X1 and 1X at the end.
func organizationCodeChecks(s string) bool {
	sum := 0
	for i, w := range organizationWeights {
		sum += int(w) * int(letterValue[s[i]])
	}
	return s[8] == "0X987654321"[sum%11]
}
