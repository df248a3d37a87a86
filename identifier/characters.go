package identifier

// isPlain: nothing but digits and capital letters.
func isPlain(s string) bool { return firstForeign(s) == nowhere }

// firstForeign is the offset of the first character that is neither a digit nor
// a capital letter, or nowhere.
func firstForeign(s string) int {
	for i := range len(s) {
		if !isDigit(s[i]) && !isUpper(s[i]) {
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
