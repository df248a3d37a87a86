package identifier

import "github.com/verinym/verinym/identifier/internal/today"

// Business licence: since October 2015 the USCC; before, the registration number
// of GS 15-2006: registering authority (6 digits), sequence (8) and a check digit
// by ISO 7064 MOD 11,10.

func (n *Number) checkBusinessLicence(c today.Clock) *fault {
	switch len(n.Normal) {
	case 15:
		return n.checkOldLicence()
	case 18:
		return n.checkUSCC(c)
	}
	return wrongLength("15 or 18")
}

func (n *Number) checkOldLicence() *fault {
	s := n.Normal
	if f := digitsFrom(s, 0); f != nil {
		return f
	}
	if !mod11_10(s) {
		return wrongChecksum()
	}
	n.Format, n.Region = FormatOldLicence, s[:6]
	return nil
}

// mod11_10 checks digits, the last of which is the check digit, by the hybrid
// system ISO 7064 MOD 11,10. It detects every wrong digit, and 98 of 100 swapped
// neighbours; what it misses are digits that follow each other (0 and 9 too).
func mod11_10(s string) bool {
	product := uint8(10)
	for i := range len(s) - 1 {
		product = mod11_10Step[product+s[i]-'0']
	}
	return (product+s[len(s)-1]-'0')%10 == 1
}

// mod11_10Step takes the sum of the running product (1 to 10) and a digit to the
// next product: modulo 10, where 0 counts as 10, doubled, modulo 11.
var mod11_10Step = func() (step [20]uint8) {
	for sum := range step {
		kept := sum % 10
		if kept == 0 {
			kept = 10
		}
		step[sum] = uint8(kept * 2 % 11)
	}
	return step
}()
