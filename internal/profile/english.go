package profile

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/internal/policy"
)

// Suggest returns the English form that a Chinese field ("province", "address", …)
// would be given; person says that it holds a person's name.
func (ps *Profiles) Suggest(field, zh string, person bool) string {
	return suggest(ps.policies, field, zh, person)
}

// suggest returns the English form of a Chinese field; person says that it holds
// a person's name, whose first character is a surname.
func suggest(p *policy.Policies, field, zh string, person bool) string {
	if field == "province" || field == "city" { // a municipality stands in both
		if known := p.Places.Province(zh); known != "" {
			return known
		}
	}
	if person {
		if surname, given := cutSurname(zh); surname != "" {
			if english := english(given, true); english != "" || given == "" {
				return strings.TrimSpace(surname + " " + english)
			}
			return ""
		}
	}
	return english(zh, person)
}

// cutSurname reads a surname whose reading is its own, and returns what stands behind it;
// "" for the others. One of two characters comes before one of its first.
func cutSurname(zh string) (reading, given string) {
	r := []rune(zh)
	for _, n := range []int{2, 1} {
		if len(r) < n {
			continue
		}
		if reading, ok := surnames[string(r[:n])]; ok {
			return reading, string(r[n:])
		}
	}
	return "", zh
}

// surnames are those whose reading differs from the commonest of their characters.
var surnames = map[string]string{
	"单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "曾": "zeng", "任": "ren", "华": "hua", "朴": "piao", "翟": "zhai", "尉": "wei",
	"盖": "ge", "缪": "miao", "冼": "xian", "覃": "qin", "折": "she", "员": "yun", "黑": "he", "秘": "bi", "乐": "yue", "繁": "po", "种": "chong", "阚": "kan",
	"尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "乐正": "yue zheng",
}

// English suggests an ASCII form: pinyin in lower case with spaces, Latin letters
// without their accents and digits as they are, ·《》 left out. It is a suggestion:
// a reading can be wrong. A text with a character whose reading is not known, Cyrillic
// or kana, gives none: half a name is worse than no name.
func English(zh string) string { return english(zh, false) }

// english is English; in a person's name no place is read.
func english(zh string, person bool) string {
	var out line
	r := []rune(norm.NFKD.String(zh))
	for i := 0; i < len(r); {
		if unicode.Is(unicode.Han, r[i]) {
			reading, n := read(r[i:], person)
			if n == 0 {
				return ""
			}
			out.word(reading)
			i += n
			continue
		}
		if !out.add(r[i]) {
			return ""
		}
		i++
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// line is an English form as it grows.
type line struct {
	strings.Builder
	// last is what stands at its end: a word of its own, a letter or sign that the next
	// belongs to, or nothing.
	last rune
}

// word adds a reading, apart from what is before it unless a bracket has just been opened.
func (l *line) word(reading string) {
	if l.last != '(' {
		l.WriteByte(' ')
	}
	l.WriteString(reading)
	l.last = 'w'
}

// add adds a character that is no Han; false says that it cannot be written in English.
func (l *line) add(r rune) bool {
	spelled, known := spelling[r]
	switch {
	case known:
	case r < unicode.MaxASCII && unicode.IsPrint(r) && r != ' ':
		spelled = string(r)
	case unicode.Is(unicode.Mn, r):
		return true
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return false
	default: // ·《》 and the like part two words
		l.WriteByte(' ')
		l.last = 0
		return true
	}
	if l.last == 'w' && !strings.ContainsAny(spelled, ")]}") {
		l.WriteByte(' ')
	}
	l.WriteString(spelled)
	if l.last = 'a'; strings.ContainsAny(spelled, "([{") {
		l.last = '('
	}
	return true
}

// spelling are characters that have no simpler form in Unicode, in ASCII.
var spelling = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'ø': "o", 'Ø': "O", 'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "Th", 'æ': "ae", 'Æ': "AE",
	'œ': "oe", 'Œ': "OE", 'ı': "i", 'ħ': "h", 'Ħ': "H", 'ŋ': "ng", 'Ŋ': "Ng", 'ŧ': "t", 'Ŧ': "T", '’': "'", '‘': "'",
	'ʼ': "'", '–': "-", '—': "-", '−': "-", '‐': "-", '‑': "-",
}

// halfWidth folds characters that an input method for Chinese makes wide.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, s)
}
