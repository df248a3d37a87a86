package identifier

import (
	"github.com/verinym/verinym/identifier/mrz"

	"github.com/verinym/verinym/identifier/internal/today"
)

// Foreign permanent resident ID card. Cards since December 2023 carry 18
// characters, a 9 and then province (2), ISO numeric nationality (3), birth date
// (8), sequence (3) and the check character of GB 11643. Older cards carry 15:
// nationality (3 letters), region (4), birth date (YYMMDD), sequence (1) and a
// check digit whose rule was never published.

func (n *Number) checkForeigner(c today.Clock) *fault {
	switch len(n.Normal) {
	case 15:
		return n.checkForeigner2017(c)
	case 18:
		return n.checkPerson(c)
	}
	return wrongLength("15 or 18")
}

func (n *Number) checkForeigner2017(c today.Clock) *fault {
	s := n.Normal
	if f := lettersTo(s, 3); f != nil {
		return f
	}
	if f := digitsFrom(s, 3); f != nil {
		return f
	}
	birth := yymmdd(s[7:13], c)
	if !birth.Exists() {
		return wrongBirthdate()
	}
	n.Format, n.Birth, n.Nationality, n.Region = FormatForeigner2017, birth, s[:3], s[3:7]
	if digit, _ := mrz.CheckDigit(s[:14]); digit != s[14] {
		n.Warning = CodeChecksum
	}
	return nil
}
