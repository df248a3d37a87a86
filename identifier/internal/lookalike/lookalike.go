// Package lookalike knows which letter is taken for which digit, by a camera or
// by a person who types what is printed.
package lookalike

// Of lists the characters that may be meant where c was read; empty if none but
// c. Pairs of two digits or two letters are left out: a check character could
// not tell a confusion among them from any other slip. Nor is a 0 ever read for
// D or Q, though both are read for 0: it would leave three choices where one is
// nearly always right.
func Of(c byte) string {
	switch c {
	case '0':
		return "O"
	case 'O', 'D', 'Q':
		return "0"
	case '1':
		return "IL"
	case 'I', 'L':
		return "1"
	case '2':
		return "Z"
	case 'Z':
		return "2"
	case '5':
		return "S"
	case 'S':
		return "5"
	case '6':
		return "G"
	case 'G':
		return "6"
	case '8':
		return "B"
	case 'B':
		return "8"
	}
	return ""
}
