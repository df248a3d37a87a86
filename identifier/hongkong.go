package identifier

// Numbers on Hong Kong documents.

// checkHKBusinessRegistration: the business registration number (8 digits, since
// December 2023 also the Unique Business Identifier), the whole certificate
// number that begins with it (16, ending in a digit or letter), or the C or F and
// 7 digits that stand in for companies without one.
func (n *Number) checkHKBusinessRegistration() *fault {
	s := n.Normal
	if len(s) != 8 && len(s) != 16 {
		return wrongLength("8 or 16")
	}
	body := s
	if len(s) == 16 && isUpper(s[15]) {
		body = s[:15]
	}
	if f := digitsFrom(body, hkStandInLetters(s)); f != nil {
		return f
	}
	n.Format = FormatHKRegistration
	return nil
}

// checkHKCertificateOfIncorporation: the company number of up to 7 digits, the
// 8 digits of the Unique Business Identifier if incorporated since December
// 2023, or C or F and 7 digits.
func (n *Number) checkHKCertificateOfIncorporation() *fault {
	s := n.Normal
	if len(s) < 1 || len(s) > 8 {
		return wrongLength("1 to 8")
	}
	if s == "0" {
		return &fault{code: CodeZeroRefused}
	}
	if f := digitsFrom(s, hkStandInLetters(s)); f != nil {
		return f
	}
	n.Format = FormatHKIncorporation
	return nil
}

// hkStandInLetters is 1 for a stand-in, C for companies or F for those from
// elsewhere before a company number filled up to 7 digits, and 0 otherwise.
func hkStandInLetters(s string) int {
	if len(s) == 8 && (s[0] == 'C' || s[0] == 'F') {
		return 1
	}
	return 0
}

// checkHKID: one or two letters, 6 digits and a check character, 0 to 9 or A,
// printed in brackets.
func (n *Number) checkHKID() *fault {
	s := n.Normal
	if len(s) != 8 && len(s) != 9 {
		return wrongLength("8 or 9")
	}
	digits := len(s) - 7
	if f := lettersTo(s, digits); f != nil {
		return f
	}
	last := len(s) - 1
	if f := digitsFrom(s[:last], digits); f != nil {
		return f
	}
	if !isDigit(s[last]) && s[last] != 'A' {
		return misplaced(last, "a digit or A")
	}
	if !hkidChecks(s) {
		return wrongChecksum()
	}
	n.Format, n.Region = FormatHKID, "810000"
	return nil
}

// hkidChecks: weights 9 down to 1 modulo 11, where a missing first letter is a
// blank of value 36. It detects every wrong digit and every two digits swapped;
// it misses a letter exchanged for one 11 or 22 places further, as A for L or W.
func hkidChecks(s string) bool {
	const blank = 36
	sum := 0
	if len(s) == 8 {
		sum = 9 * blank
	}
	for i := range len(s) {
		weight := len(s) - i
		sum += weight * int(letterValue[s[i]])
	}
	return sum%11 == 0
}
