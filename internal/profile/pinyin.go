package profile

import (
	_ "embed"
	"strings"
	"sync"
)

// pinyinTable has a line for each reading: the reading, then every character that is commonly read so. It holds what
// go-pinyin says of each character; that library builds its table whenever a program starts, and few need it.
//
//go:embed pinyin.txt
var pinyinTable string

// readings are the commonest readings of Han characters, without tones.
var readings = sync.OnceValue(func() map[rune]string {
	out := make(map[rune]string, 1<<16)
	for line := range strings.Lines(pinyinTable) {
		reading, characters, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok || reading == "#" { // a remark
			continue
		}
		for _, r := range characters {
			out[r] = reading
		}
	}
	return out
})

// wordTable has the words in which a character reads otherwise than it commonly does, each with its reading; placeTable
// has the places.
//
//go:embed words.txt
var wordTable string

//go:embed places.txt
var placeTable string

// longestWord is how many characters a word or place has at most.
const longestWord = 3

var (
	wordReadings  = sync.OnceValue(func() map[string]string { return readingsOf(wordTable) })
	placeReadings = sync.OnceValue(func() map[string]string { return readingsOf(placeTable) })
)

func readingsOf(table string) map[string]string {
	out := make(map[string]string, 256)
	for line := range strings.Lines(table) {
		word, reading, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || word == "#" { // a remark
			continue
		}
		out[word] = reading
	}
	return out
}

// read reads the longest word that a text of Han characters begins with; n is how many of them it has, 0 when its
// first character has no known reading. In a person's name no place is read.
func read(text []rune, person bool) (reading string, n int) {
	for n := min(longestWord, len(text)); n > 0; n-- {
		word := string(text[:n])
		if reading, ok := placeReadings()[word]; ok && !person {
			return reading, n
		}
		if reading, ok := wordReadings()[word]; ok {
			return reading, n
		}
	}
	if reading, ok := readings()[text[0]]; ok {
		return reading, 1
	}
	return "", 0
}
