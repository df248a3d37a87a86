package lookalike_test

import (
	"strings"
	"testing"

	"github.com/verinym/verinym/identifier/internal/lookalike"
)

func TestLettersAndDigitsAreConfusedNeverTheirLike(t *testing.T) {
	isDigit := func(c byte) bool { return strings.IndexByte("0123456789", c) >= 0 }
	for c := range 256 {
		for _, twin := range []byte(lookalike.Of(byte(c))) {
			if isDigit(byte(c)) == isDigit(twin) {
				t.Errorf("%c is taken for %c", c, twin)
			}
			if isDigit(twin) == false && !strings.Contains(lookalike.Of(twin), string(rune(c))) {
				t.Errorf("%c is taken for %c and not the other way round", c, twin)
			}
		}
	}
}
