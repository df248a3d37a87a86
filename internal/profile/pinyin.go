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
