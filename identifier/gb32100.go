package identifier

import (
	"strings"

	"github.com/verinym/verinym/identifier/internal/today"
)

// GB 32100-2015, unified social credit code (USCC): registering department (1),
// class (1), region (6 digits), organization code (9, GB 11714) and a check
// character modulo 31 over an alphabet without I, O, S, V and Z.

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// usccValue is the value of a character, or notUSCC.
var usccValue = func() (value [256]uint8) {
	for i := range value {
		value[i] = notUSCC
	}
	for i := range len(usccAlphabet) {
		value[usccAlphabet[i]] = uint8(i)
	}
	return value
}()

const notUSCC = 255

var usccWeights = [18]uint8{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1}

func (n *Number) checkUSCC(c today.Clock) *fault {
	s := n.Normal
	if f := usccShape(s); f != nil {
		return f
	}
	if !mod31(s) {
		return wrongChecksum()
	}
	if !n.checksInside() {
		if is, person := personIn(s, c); person {
			return &fault{code: CodeTypeMismatch, looks: is}
		}
	}
	n.Format, n.Region = FormatUSCC, s[2:8]
	return nil
}

// checksInside tells whether the organization code inside a USCC checks. Parse
// does not insist on it; guesses do.
func (n *Number) checksInside() bool { return organizationCodeChecks(n.Normal[8:17]) }

// personIn: a few people's numbers pass the check of a USCC as well. A birth
// date and an organization code that does not check decide against the USCC.
func personIn(s string, c today.Clock) (Kind, bool) {
	if personShape(s) != nil {
		return "", false
	}
	person := Number{Kind: personKind(s), Normal: s}
	return person.Kind, person.checkPerson(c) == nil
}

func usccShape(s string) *fault {
	if len(s) != 18 {
		return wrongLength("18")
	}
	for i := range len(s) {
		if i >= 2 && i < 8 && !isDigit(s[i]) {
			return misplaced(i, "a digit")
		}
		if usccValue[s[i]] == notUSCC {
			return misplaced(i, "a digit or a letter other than I, O, S, V, Z")
		}
	}
	return nil
}

// isShapedLikeUSCC: the shape, a letter that a person's number cannot have, and
// no birth date where a person's number has it.
func isShapedLikeUSCC(s string) bool {
	if usccShape(s) != nil || strings.Trim(s, "0123456789X") == "" {
		return false
	}
	return !allDigits(s[6:14]) || !yyyymmdd(s[6:14]).Exists()
}

// readsUSCC tells whether a number of this kind may be a USCC.
func readsUSCC(kind Kind) bool {
	switch kind {
	case USCC, USCCCertificate, BusinessLicence, OrganizationCodeCertificate:
		return true
	}
	return false
}

// mod31 checks the sum of weighted values, check character included. It detects
// every wrong character and every two neighbours swapped.
func mod31(s string) bool {
	sum := 0
	for i, w := range usccWeights {
		sum += int(w) * int(usccValue[s[i]])
	}
	return sum%31 == 0
}
