package identifier

import "strings"

// Passports and mainland travel permits. Their numbers have no check character;
// the machine-readable zone has.

// checkPassport: 6 to 9 digits and letters, as far as countries agree.
func (n *Number) checkPassport() *fault {
	s := n.Normal
	if len(s) < 6 || len(s) > 9 {
		return wrongLength("6 to 9")
	}
	if at := firstForeign(s); at != nowhere {
		return misplaced(at, "a digit or a letter")
	}
	if !strings.ContainsAny(s, digitChars) {
		return misplaced(nowhere, "a digit")
	}
	n.Format = FormatPassport
	return nil
}

// checkHKMacaoTravelPermit: H (Hong Kong) or M (Macao), 8 digits that the holder
// keeps for life and, on older cards, 2 that count renewals.
func (n *Number) checkHKMacaoTravelPermit() *fault {
	s := n.Normal
	if len(s) != 9 && len(s) != 11 {
		return wrongLength("9 or 11")
	}
	if s[0] != 'H' && s[0] != 'M' {
		return misplaced(0, "H or M")
	}
	if f := digitsFrom(s, 1); f != nil {
		return f
	}
	n.Format, n.Region = FormatTravelPermit, "810000"
	if s[0] == 'M' {
		n.Region = "820000"
	}
	return nil
}

// checkTaiwanTravelPermit: 8 digits on the card; older booklets have 8 or 10,
// some with a letter behind them.
func (n *Number) checkTaiwanTravelPermit() *fault {
	s := n.Normal
	digits := s
	if last := len(s) - 1; last > 0 && isUpper(s[last]) {
		digits = s[:last]
	}
	if len(digits) != 8 && len(digits) != 10 {
		return wrongLength("8 or 10")
	}
	if f := digitsFrom(digits, 0); f != nil {
		return f
	}
	n.Format, n.Region = FormatTravelPermit, "830000"
	return nil
}
