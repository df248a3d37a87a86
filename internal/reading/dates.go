package reading

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// day is one date in a text.
type day struct {
	at   int // where it begins
	text string
}

const months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

// The ways in which documents write a day: Chinese and ISO order; the reverse of it, as on passports and in Hong Kong; English.
var (
	yearFirst = regexp.MustCompile(`((?:19|20)\d{2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{1,2})`)
	chinese   = regexp.MustCompile(`(\d{4})\s*(\p{Han})\s*(\d{1,2})\s*(\p{Han})\s*(\d{1,2})\s*(日?)`)
	noYear    = regexp.MustCompile(`((?:19|20)\d{2})\s*(\d{2})\s*月\s*(\d{1,2})\s*日`) // 年 is lost
	dayFirst  = regexp.MustCompile(`(\d{1,2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*((?:19|20)\d{2})`)
	english   = regexp.MustCompile(`(?i)(\d{1,2})\s*(?:st|nd|rd|th)?\s*(?:day of)?\s*(` + months + `)[a-z]*[\s,./\-]*(\d{4})`)
	american  = regexp.MustCompile(`(?i)(` + months + `)[a-z]*\s*(\d{1,2})\s*,\s*(\d{4})`)
	slip      = regexp.MustCompile(`[0-9][oOlI|]|[oOlI|][0-9]`)
)

// daysIn returns the days in a text, in the order in which they stand.
func daysIn(text string) (out []day) {
	text = untangle(text)
	add := func(at int, y, m, d string) {
		if t, ok := makeDay(y, m, d); ok {
			out = append(out, day{at, t})
		}
	}
	sub := func(re *regexp.Regexp, y, m, d int) {
		for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
			part := func(k int) string { return text[at[2*k]:at[2*k+1]] }
			add(at[0], part(y), part(m), part(d))
		}
	}
	for _, at := range chinese.FindAllStringSubmatchIndex(text, -1) {
		part := func(k int) string { return text[at[2*k]:at[2*k+1]] }
		if marked(part(2), part(4), part(6), part(5)) {
			add(at[0], part(1), part(3), part(5))
		}
	}
	sub(noYear, 1, 2, 3)
	sub(yearFirst, 1, 2, 3)
	if len(out) == 0 {
		sub(dayFirst, 3, 2, 1)
	}
	sub(english, 3, 2, 1)
	sub(american, 3, 1, 2)
	return out
}

// untangle puts letters right that stand among digits.
func untangle(text string) string {
	return slip.ReplaceAllStringFunc(text, strings.NewReplacer("o", "0", "O", "0", "l", "1", "I", "1", "|", "1").Replace)
}

// marked reports whether 年, 月 and 日 make a day of the digits between them. One of the three may be misread. Where 日 is missing
// the line may have been cut, and 1 be the half of 11: then the day needs two digits.
func marked(year, month, end, day string) bool {
	if end == "" {
		return year == "年" && month == "月" && len(day) == 2
	}
	return year == "年" || month == "月"
}

func makeDay(y, m, d string) (string, bool) {
	if i := strings.Index(months, strings.ToLower(m[:min(3, len(m))])); i >= 0 && m[0] > '9' {
		m = strconv.Itoa(i/4 + 1)
	}
	text := fmt.Sprintf("%04s-%02s-%02s", y, m, d)
	t, err := time.Parse(time.DateOnly, text)
	return text, err == nil && t.Year() >= 1900 && t.Year() < 2200
}

// forever are the words for a document that does not end.
var forever = []string{"长期", "長期", "不约定期限", "永久", "无固定期限", "indefinite", "permanent", "long-term"}

// endless returns where a text says that there is no end.
func endless(text string) (at int, ok bool) {
	low := strings.ToLower(text)
	for _, w := range forever {
		if i := strings.Index(low, w); i >= 0 {
			return i, true
		}
	}
	return 0, false
}

// readDates finds the days of a page by their labels.
func (f Form) readDates(l layout, out Fields) {
	for _, field := range []Field{Birth, IssuedOn, ValidFrom, ValidTo} {
		for _, n := range l.beside(field) {
			n = l.onward(n)
			if days := daysIn(n.text); len(days) > 0 {
				out.put(field, l.value(n, days[0].text))
				break
			}
			if _, ok := endless(n.text); ok && field == ValidTo {
				out.put(field, l.value(n, LongTerm))
				break
			}
		}
	}
	f.readPairs(l, out)
	f.readTerm(l, out)
	if f.Organization && f.shows(IssuedOn, []Page{l.page}) {
		f.readClosing(l, out)
	}
}

// readClosing takes the day that closes a certificate, whose label the seal often covers: the lowest of the days that stand by
// themselves and are no other label's.
func (f Form) readClosing(l layout, out Fields) {
	var others []line
	for field := range f.Labels {
		if field != IssuedOn {
			others = append(others, l.beside(field)...)
		}
	}
	for _, n := range slices.Backward(l.lines) {
		n, ok := n.plain()
		if !ok || slices.ContainsFunc(others, func(o line) bool { return o.left == n.left && o.top == n.top }) {
			continue
		}
		n = l.onward(n)
		days := daysIn(n.text)
		if len(days) == 1 && days[0].at == 0 && utf8.RuneCountInString(strings.ReplaceAll(n.text, " ", "")) <= longestDay {
			out.put(IssuedOn, l.value(n, days[0].text))
			return
		}
	}
}

// longestDay is how many characters a day has that stands by itself: 2024年10月11日, and a speck.
const longestDay = 12

// readTerm finds "from – to", or "from – for ever", beside one label.
func (f Form) readTerm(l layout, out Fields) {
	for _, n := range l.beside(term) {
		if next, ok := l.wrapped(n); ok && len(daysIn(n.text)) == 1 {
			n.text += " " + next.text
		}
		days := daysIn(n.text)
		if len(days) == 0 {
			continue
		}
		out.put(ValidFrom, l.value(n, days[0].text))
		if len(days) > 1 {
			out.put(ValidTo, l.value(n, days[1].text))
		} else if _, ok := endless(n.text); ok {
			out.put(ValidTo, l.value(n, LongTerm))
		}
		return
	}
}

// readPairs handles labels that stand beside each other and their days in the row below, as on passports: the first label has
// the first day, however the engine cut the rows into lines.
func (f Form) readPairs(l layout, out Fields) {
	for i, n := range l.lines {
		var fields []Field
		for _, m := range l.row(n) {
			for _, s := range m.labels {
				switch s.field {
				case Birth, IssuedOn, ValidFrom, ValidTo:
					fields = append(fields, s.field)
				}
			}
		}
		under := l.below(i)
		if len(fields) < 2 || len(under) == 0 {
			continue
		}
		var days []Value
		for _, m := range l.row(under[0]) {
			for _, d := range daysIn(m.text) {
				days = append(days, l.value(m, d.text))
			}
		}
		if len(days) != len(fields) {
			continue
		}
		for k, d := range days {
			out.set(fields[k], d)
		}
	}
}
