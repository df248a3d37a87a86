package ui

import "strings"

// initials are of a person: the first letters of two words, or the last two
// characters of a Chinese name.
func initials(name string) string {
	if r := []rune(name); LangOf(name) == "zh-CN" {
		return string(r[max(0, len(r)-2):])
	}
	out := ""
	for i, w := range strings.Fields(name) {
		if i < 2 {
			out += strings.ToUpper(string([]rune(w)[:1]))
		}
	}
	return out
}

// attrs joins classes and leaves empty ones out.
func attrs(class ...string) string {
	return strings.Join(strings.Fields(strings.Join(class, " ")), " ")
}
