package pictures

import "testing"

func TestCheckCharacterIsThatOfTheStandard(t *testing.T) {
	for _, number := range []string{"11010519491231002X", "440524188001010014"} { // GB 11643-1999's own examples
		if got := mod112(number[:17]); got != number[17] {
			t.Errorf("%s: check character %c", number, got)
		}
	}
}
