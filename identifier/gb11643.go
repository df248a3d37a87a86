package identifier

import "github.com/verinym/verinym/identifier/internal/today"

// GB 11643-1999, citizen identification number: 6 digits of region, 8 of birth
// date, 3 of sequence (odd for men), and a check character by ISO 7064 MOD 11-2.
// Residence permits for Hong Kong, Macao and Taiwan residents and, since
// December 2023, foreign permanent resident cards have the same shape; their
// first digits tell them apart.

func (n *Number) checkPerson(c today.Clock) *fault {
	s := n.Normal
	if len(s) != 18 {
		// The 15 digits of a card from before 1999 are not looked up further:
		// every tenth would pass for an old business licence number.
		return &fault{code: CodeLength, want: "18", final: isFirstGeneration(s, c)}
	}
	if f := personShape(s); f != nil {
		return f
	}
	birth := yyyymmdd(s[6:14])
	born, old := isBirthDate(birth, c)
	checks, is := mod11_2(s), personKind(s)
	switch {
	case is != n.Kind && born && (checks || is == HKMacaoResidencePermit || is == TaiwanResidencePermit):
		return &fault{code: CodeTypeMismatch, looks: is}
	case !born:
		return wrongBirthdate()
	case !checks || is != n.Kind:
		return wrongChecksum()
	}
	n.Format, n.Birth, n.Sex, n.Region = FormatResidentID, birth, sexBySequence(s[16]), s[:6]
	if is == ForeignPermanentResidentID {
		n.Format, n.Region, n.Nationality = FormatForeigner2023, s[1:3], s[3:6]
	}
	if old {
		n.Warning = CodeBirthdate
	}
	return nil
}

// personShape: digits, the first of which is not 0, and a digit or X.
func personShape(s string) *fault {
	if f := digitsFrom(s[:17], 0); f != nil {
		return f
	}
	if !isDigit(s[17]) && s[17] != 'X' {
		return misplaced(17, "a digit or X")
	}
	if s[0] == '0' {
		return misplaced(0, "1 to 9")
	}
	return nil
}

// personKind tells by its first digits whose number it is. Provinces begin with
// 1 to 8; 81 and 82 are Hong Kong and Macao, 83 stands for Taiwan on residence
// permits, and a foreigner's number is a 9, two digits of province and the
// nationality, which is never 000.
func personKind(s string) Kind {
	switch {
	case s[0] == '8' && (s[1] == '1' || s[1] == '2'):
		return HKMacaoResidencePermit
	case s[0] == '8' && s[1] == '3':
		return TaiwanResidencePermit
	case s[0] == '9' && s[3:6] != "000":
		return ForeignPermanentResidentID
	}
	return ResidentID
}

// isFirstGeneration: 15 digits with the birth date of a citizen. Such cards have
// not been valid since 2013.
func isFirstGeneration(s string, c today.Clock) bool {
	return len(s) == 15 && allDigits(s) && yymmdd(s[6:12], c).Exists()
}

func sexBySequence(last byte) Sex {
	if (last-'0')%2 == 1 {
		return Male
	}
	return Female
}

var mod11_2Weights = [17]uint8{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// mod11_2 checks 17 digits and their check character by ISO 7064 MOD 11-2. It
// detects every wrong character and every two neighbours swapped.
func mod11_2(s string) bool {
	sum := 0
	for i, w := range mod11_2Weights {
		sum += int(w) * int(s[i]-'0')
	}
	return s[17] == "10X98765432"[sum%11]
}
