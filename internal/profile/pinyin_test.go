package profile

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

var rewrite = flag.Bool("readings", false, "write pinyin.txt anew")

// TestReadingsAreThoseOfTheLibrary: every Han character reads as go-pinyin says; go test -readings writes the table.
func TestReadingsAreThoseOfTheLibrary(t *testing.T) {
	t.Parallel()
	args, want := pinyin.NewArgs(), map[rune]string{}
	characters := map[string][]rune{}
	for r := range rune(unicode.MaxRune) {
		if !unicode.Is(unicode.Han, r) {
			continue
		}
		if read := pinyin.SinglePinyin(r, args); len(read) > 0 {
			want[r] = read[0]
			characters[read[0]] = append(characters[read[0]], r)
		}
	}
	if *rewrite {
		var b strings.Builder
		for line := range strings.Lines(pinyinTable) {
			if strings.HasPrefix(line, "#") {
				b.WriteString(line)
			}
		}
		for _, reading := range slices.Sorted(maps.Keys(characters)) {
			b.WriteString(reading + " " + string(characters[reading]) + "\n")
		}
		if err := os.WriteFile("pinyin.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got := readings(); !maps.Equal(got, want) {
		t.Errorf("pinyin.txt has %d characters, go-pinyin %d, and they do not agree: go test ./internal/profile -run Readings -readings", len(got), len(want))
	}
}

// TestWordsAreReadByTheirLength: a word that is longer than what read looks for would never be found, and one that reads as
// its characters do need not be there.
func TestWordsAreReadByTheirLength(t *testing.T) {
	t.Parallel()
	all := maps.Clone(wordReadings())
	maps.Copy(all, placeReadings())
	if len(all) != len(wordReadings())+len(placeReadings()) {
		t.Error("a place stands among the words, too")
	}
	for word, reading := range all {
		r := []rune(word)
		if len(r) > longestWord || len(strings.Fields(reading)) != len(r) {
			t.Errorf("%s reads %q, and a word has at most %d characters", word, reading, longestWord)
		}
		var common []string
		for _, c := range r {
			alone, ok := wordReadings()[string(c)]
			if !ok || len(r) == 1 {
				alone = readings()[c]
			}
			common = append(common, alone)
		}
		if strings.Join(common, " ") == reading {
			t.Errorf("%s reads as its characters do", word)
		}
	}
}
