package mrz_test

import (
	"strings"
	"testing"

	"github.com/verinym/verinym/identifier/mrz"
)

func TestCheckDigitsOfTheStandard(t *testing.T) {
	for field, want := range map[string]byte{
		"AB2134<<<": '5', "520727": '3', "L898902C<": '3', "HA672242<658022549601086<<<<<<<<<<<<<<0": '8',
	} {
		if got, ok := mrz.CheckDigit(field); !ok || got != want {
			t.Errorf("%s: got %c, want %c", field, got, want)
		}
	}
	if _, ok := mrz.CheckDigit("ab"); ok {
		t.Error("small letters have no value")
	}
}

// TestWrongCharactersAreSeen tries every wrong character and every swap in the
// fields that check digits cover. What passes must be what 7-3-1 modulo 10
// cannot see.
func TestWrongCharactersAreSeen(t *testing.T) {
	const characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
	value := func(c byte) int { return strings.IndexByte(characters, c) % 36 }
	for _, text := range []string{td1, td2, td3} {
		for i := range len(text) {
			if uncovered(text, i) {
				continue
			}
			for _, c := range []byte(characters) {
				_, err := mrz.ParseAt(text[:i]+string(c)+text[i+1:], now)
				if err == nil && (value(c)-value(text[i]))%10 != 0 {
					t.Errorf("%c for %c at %d passes in\n%s", c, text[i], i, text)
				}
			}
			if i+1 < len(text) && text[i+1] != '\n' && !uncovered(text, i+1) {
				swapped := text[:i] + string(text[i+1]) + string(text[i]) + text[i+2:]
				if _, err := mrz.ParseAt(swapped, now); err == nil && (value(text[i])-value(text[i+1]))%5 != 0 {
					t.Errorf("swapped at %d passes in\n%s", i, text)
				}
			}
		}
	}
}

// uncovered: no check digit covers codes, states, names and the sex.
func uncovered(text string, i int) bool {
	switch len(text) {
	case len(td1):
		return i < 5 || i == 30 || i == 38 || i >= 46 && i < 49 || i > 60
	case len(td2):
		return i < 37 || i >= 47 && i < 50 || i == 57
	}
	return i < 45 || i >= 55 && i < 58 || i == 65
}
