package identifier

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/verinym/verinym/identifier/mrz"
)

// scheme is a check character and what it is known to miss. The tests below try
// every single wrong character and every two neighbours swapped in seeded random
// strings (not numbers: their dates are impossible) and demand that exactly the
// known ones pass.
type scheme struct {
	body    []string // the characters that may stand at each place before the last
	last    string   // the check characters
	checks  func(s string) bool
	missed  func(from, to byte) bool   // a wrong character before the last that passes
	swapped func(s string, i int) bool // s passes with i and i+1 swapped
}

const letterChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func times(n int, chars string) []string {
	body := make([]string, n)
	for i := range body {
		body[i] = chars
	}
	return body
}

func noCharacter(byte, byte) bool { return false }
func noSwap(string, int) bool     { return false }

// apart: the values of the two differ by a multiple of n.
func apart(n int) func(byte, byte) bool {
	return func(a, b byte) bool { return (int(letterValue[a])-int(letterValue[b]))%n == 0 }
}

func swapApart(n int) func(string, int) bool {
	return func(s string, i int) bool { return apart(n)(s[i], s[i+1]) }
}

// organizationSwap: as with wrong characters, and X1 for 1X at the end, where X
// counts 10 as a check character and 33 before.
func organizationSwap(s string, i int) bool {
	if i+2 == len(s) {
		return s[i:] == "X1" || s[i:] == "1X"
	}
	return apart(11)(s[i], s[i+1])
}

// licenceSwap: digits that follow each other, 9 and 0 included, are missed after
// one of the ten running products.
func licenceSwap(s string, i int) bool {
	product := 10
	for _, digit := range []byte(s[:i]) {
		product = int(mod11_10Step[product+int(digit-'0')])
	}
	left, right := int(s[i]-'0'), int(s[i+1]-'0')
	if i+2 == len(s) {
		return product == 5 && left+right == 1
	}
	return (left+1)%10 == right && (product+left)%10 == 5 || (right+1)%10 == left && (product+right)%10 == 5
}

var schemes = map[string]scheme{
	"GB 11643, ISO 7064 MOD 11-2": {
		body: times(17, digitChars), last: "0123456789X",
		checks: mod11_2, missed: noCharacter, swapped: noSwap,
	},
	"GB 32100, modulo 31": {
		body: times(17, usccAlphabet), last: usccAlphabet,
		checks: mod31, missed: noCharacter, swapped: noSwap,
	},
	"GB 11714, modulo 11": {
		body: times(8, digitChars+letterChars), last: "0123456789X",
		checks: organizationCodeChecks, missed: apart(11), swapped: organizationSwap,
	},
	"GS 15, ISO 7064 MOD 11,10": {
		body: times(14, digitChars), last: digitChars,
		checks: mod11_10, missed: noCharacter, swapped: licenceSwap,
	},
	"HKID with one letter, modulo 11": {
		body: append(times(1, letterChars), times(6, digitChars)...), last: "0123456789A",
		checks: hkidChecks, missed: apart(11), swapped: noSwap,
	},
	"HKID with two letters, modulo 11": {
		body: append(times(2, letterChars), times(6, digitChars)...), last: "0123456789A",
		checks: hkidChecks, missed: apart(11), swapped: swapApart(11),
	},
	"ICAO 9303, 7-3-1 modulo 10": {
		body: times(14, digitChars+letterChars+"<"), last: digitChars,
		checks: zoneFieldChecks, missed: zoneApart(10), swapped: zoneSwap,
	},
}

func zoneFieldChecks(s string) bool {
	digit, _ := mrz.CheckDigit(s[:len(s)-1])
	return digit == s[len(s)-1]
}

func zoneApart(n int) func(byte, byte) bool {
	value := func(c byte) byte {
		if c == '<' {
			return '0'
		}
		return c
	}
	return func(a, b byte) bool { return apart(n)(value(a), value(b)) }
}

func zoneSwap(s string, i int) bool { return zoneApart(5)(s[i], s[i+1]) }

func TestSchemesMissOnlyWhatTheyAreKnownToMiss(t *testing.T) {
	for name, s := range schemes {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(1, 2))
			for range 300 {
				valid := s.example(rnd)
				s.tryWrongCharacters(t, valid)
				s.trySwaps(t, valid)
			}
		})
	}
}

func (s scheme) example(rnd *rand.Rand) string {
	for {
		var b strings.Builder
		for _, chars := range s.body {
			b.WriteByte(chars[rnd.IntN(len(chars))])
		}
		for _, last := range s.last {
			if text := b.String() + string(last); s.checks(text) {
				return text
			}
		}
		// No character completes this body; that never happens with these schemes.
		panic("no check character for " + b.String())
	}
}

func (s scheme) allowed(i int) string {
	if i < len(s.body) {
		return s.body[i]
	}
	return s.last
}

func (s scheme) tryWrongCharacters(t *testing.T, valid string) {
	t.Helper()
	for i := range len(valid) {
		for _, to := range []byte(s.allowed(i)) {
			if to == valid[i] {
				continue
			}
			wrong := valid[:i] + string(to) + valid[i+1:]
			known := i < len(s.body) && s.missed(valid[i], to)
			if s.checks(wrong) != known {
				t.Fatalf("%s → %s: passes = %v", valid, wrong, !known)
			}
		}
	}
}

func (s scheme) trySwaps(t *testing.T, valid string) {
	t.Helper()
	for i := range len(valid) - 1 {
		left, right := valid[i], valid[i+1]
		fits := strings.IndexByte(s.allowed(i), right) >= 0 && strings.IndexByte(s.allowed(i+1), left) >= 0
		if left == right || !fits {
			continue
		}
		wrong := valid[:i] + string(right) + string(left) + valid[i+2:]
		if known := s.swapped(valid, i); s.checks(wrong) != known {
			t.Fatalf("%s → %s: passes = %v", valid, wrong, !known)
		}
	}
}
