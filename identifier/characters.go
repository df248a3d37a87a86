package identifier

// letterValue counts digits as they are and A to Z as 10 to 35, as the check
// characters of GB 11714 and of the HKID do; notAlphanumeric for the rest. It is a
// table because digits and letters mix, which no branch could foretell.
var letterValue = func() (value [256]uint8) {
	for i := range value {
		value[i] = notAlphanumeric
	}
	for i, c := range digitChars + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		value[c] = uint8(i)
	}
	return value
}()

const notAlphanumeric = 255

// isPlain: nothing but digits and capital letters.
func isPlain(s string) bool { return firstForeign(s) == nowhere }

// firstForeign is the offset of the first character that is neither a digit nor
// a capital letter, or nowhere.
func firstForeign(s string) int {
	for i := range len(s) {
		if letterValue[s[i]] == notAlphanumeric {
			return i
		}
	}
	return nowhere
}

const digitChars = "0123456789"

func isDigit(c byte) bool { return c-'0' <= 9 }
func isUpper(c byte) bool { return c-'A' <= 'Z'-'A' }

func allDigits(s string) bool { return digitsFrom(s, 0) == nil }

// digitsFrom refuses the first character at or after from that is no digit.
func digitsFrom(s string, from int) *fault {
	for i := from; i < len(s); i++ {
		if !isDigit(s[i]) {
			return misplaced(i, "a digit")
		}
	}
	return nil
}

// lettersTo refuses the first character before to that is no letter.
func lettersTo(s string, to int) *fault {
	for i := range to {
		if !isUpper(s[i]) {
			return misplaced(i, "a letter")
		}
	}
	return nil
}
