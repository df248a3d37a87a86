package sample

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/verinym/verinym/identifier/mrz"
)

// PassportZone is a TD3 zone of Utopia: two lines of 44.
func PassportZone(rnd *rand.Rand) string {
	number := withDigit(documentNumber(rnd))
	dates := dates(rnd)
	optional := withDigit(strings.Repeat("<", 14))
	line1 := filled("P<UTO"+name(rnd), 44)
	line2 := number + "UTO" + dates[0] + sex(rnd) + dates[1] + optional
	return line1 + "\n" + line2 + check(number+dates[0]+dates[1]+optional)
}

// CardZone is a TD1 zone of Utopia: three lines of 30.
func CardZone(rnd *rand.Rand) string {
	number := withDigit(documentNumber(rnd))
	dates := dates(rnd)
	line1 := filled("I<UTO"+number, 30)
	optional := strings.Repeat("<", 11)
	line2 := dates[0] + sex(rnd) + dates[1] + "UTO" + optional
	line2 += check(line1[5:] + dates[0] + dates[1] + optional)
	return line1 + "\n" + line2 + "\n" + filled(name(rnd), 30)
}

// SmallCardZone is a TD2 zone of Utopia: two lines of 36.
func SmallCardZone(rnd *rand.Rand) string {
	number := withDigit(documentNumber(rnd))
	dates := dates(rnd)
	optional := strings.Repeat("<", 7)
	line2 := number + "UTO" + dates[0] + sex(rnd) + dates[1] + optional
	return filled("I<UTO"+name(rnd), 36) + "\n" + line2 + check(number+dates[0]+dates[1]+optional)
}

func documentNumber(rnd *rand.Rand) string { return "X00" + digits(rnd, 6) }

// dates are a birth date and an expiry date with their check digits.
func dates(rnd *rand.Rand) [2]string {
	expiry := time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rnd.IntN(9*365))
	return [2]string{withDigit(birth(rnd).Format("060102")), withDigit(expiry.Format("060102"))}
}

func sex(rnd *rand.Rand) string { return pick(rnd, "MF<") }

func name(rnd *rand.Rand) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return "SAMPLE<<" + chars(rnd, letters, 4) + "<" + chars(rnd, letters, 5)
}

func filled(s string, width int) string { return s + strings.Repeat("<", width-len(s)) }

func withDigit(field string) string { return field + check(field) }

func check(field string) string {
	digit, _ := mrz.CheckDigit(field)
	return string(digit)
}
