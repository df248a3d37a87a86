package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// readNames finds the holder's name: what stands beside its label. A name may be there in Chinese, in Latin letters or in both.
func (f Form) readNames(l layout, out Fields) {
	for _, n := range l.beside(Name) {
		if f.Organization {
			n = l.whole(n)
		}
		chinese, latin := scripts(n.text)
		if chinese == "" && latin == "" || !f.Organization && strings.ContainsAny(n.text, "0123456789") {
			continue
		}
		switch {
		case f.Organization && chinese != "": // AI芯片（样本）有限公司 is one name
			out.put(Name, l.value(n, n.text))
		case chinese != "":
			out.put(Name, l.value(n, chinese))
		}
		if latin != "" && (chinese == "" || !f.Organization) {
			out.put(NameLatin, l.value(n, latin))
		}
		return
	}
}

// seams are where Chinese and Latin letters meet that an engine has run together.
var seams = regexp.MustCompile(`(\p{Han})([A-Za-z])|([A-Za-z])(\p{Han})`)

// scripts takes a name apart into what is written in Latin letters and what is not.
func scripts(name string) (chinese, latin string) {
	var other, letters []string
	name = seams.ReplaceAllString(name, "$1$3 $2$4")
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '/' }) {
		switch {
		case strings.ContainsFunc(w, isHan):
			other = append(other, w)
		case strings.ContainsFunc(w, isLatin):
			letters = append(letters, w)
		}
	}
	return strings.Join(other, ""), strings.Join(letters, " ")
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// ends are how organisations' names end; what ends otherwise may go on in the next line.
var ends = []string{
	"公司", "厂", "店", "所", "中心", "院", "校", "会", "部", "室", "站", "行", "社", "馆", "局", "limited", "ltd", "ltd.", "inc", "inc.",
	"llc", "gmbh", "s.a.", "plc", "corporation",
}

// whole puts a name together that goes on in the next line.
func (l layout) whole(n line) line {
	low := strings.ToLower(n.text)
	if slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(low, e) }) {
		return n
	}
	next, ok := l.wrapped(n)
	if !ok {
		return n
	}
	return n.with(next)
}

// with is two lines as one. Between Latin words there is a blank.
func (n line) with(next line) line {
	blank := ""
	if a, b := []rune(n.text), []rune(next.text); isLatin(a[len(a)-1]) && isLatin(b[0]) {
		blank = " "
	}
	n.text += blank + next.text
	n.left, n.right, n.bottom = min(n.left, next.left), max(n.right, next.right), next.bottom
	n.confidence = min(n.confidence, next.confidence)
	return n
}
