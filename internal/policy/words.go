package policy

import (
	"strconv"
	"strings"
	"time"
)

// Times, sizes and places in words.

// Most is how many calendar days it takes at most, 0 where it is not said in them.
func (d Days) Most() int {
	if len(d.Days) == 0 {
		return 0
	}
	return d.Days[len(d.Days)-1]
}

func (d Days) empty() bool { return len(d.Days) == 0 && len(d.BusinessDays) == 0 }

func (e *explanation) days(d Days) Words {
	if n := len(d.BusinessDays); n > 0 {
		return e.count("business_day", d.BusinessDays[0], d.BusinessDays[n-1])
	}
	return e.count("day", d.Days[0], d.Days[len(d.Days)-1])
}

// count is "1 day", "5 days", "3–5 business days".
func (e *explanation) count(unit string, from, to int) Words {
	n := strconv.Itoa(to)
	if from != to {
		n = strconv.Itoa(from) + "–" + n
	}
	if to != 1 {
		unit += "s"
	}
	return e.words(unit, map[string]Words{"N": plainWords(n)})
}

func (e *explanation) duration(d time.Duration) Words {
	const day = 24 * time.Hour
	if d%day == 0 {
		return e.count("day", int(d/day), int(d/day))
	}
	return e.words("hours", map[string]Words{"N": plainWords(strconv.FormatFloat(d.Hours(), 'g', 3, 64))})
}

func (e *explanation) place(code string) Words {
	for _, id := range []string{"country." + code, "group." + code} {
		if e.texts.Has(id) {
			return e.both(id, nil)
		}
	}
	return plainWords(code)
}

func (e *explanation) places(codes []string) Words {
	if len(codes) == 0 {
		return e.words("nobody", nil)
	}
	var out []Words
	for _, c := range codes {
		if c == "*" {
			return e.words("anywhere", nil)
		}
		out = append(out, e.place(c))
	}
	return joined(out)
}

// sizes are the limits of a file; one just below a full megabyte is "less than"
// that.
func (e *explanation) sizes(least, most int64) Words {
	var out []Words
	if least > 0 {
		out = append(out, e.words("size_at_least", map[string]Words{"Min": bytesWords(least)}))
	}
	id := "size_at_most"
	if (most+1)%megabyte == 0 {
		id, most = "size_below", most+1
	}
	return joined(append(out, e.words(id, map[string]Words{"Max": bytesWords(most)})))
}

const megabyte = 1 << 20

func bytesWords(n int64) Words {
	if n%megabyte == 0 {
		return plainWords(strconv.FormatInt(n/megabyte, 10) + " MB")
	}
	return plainWords(strconv.FormatInt(n>>10, 10) + " KB")
}

// plainWords is a word that both languages share.
func plainWords(s string) Words { return Words{s, s} }

func joined(list []Words) Words {
	return Words{joinedBy(list, ", ").EN, joinedBy(list, "、").ZH}
}

func joinedBy(list []Words, sep string) Words {
	en, zh := make([]string, len(list)), make([]string, len(list))
	for i, w := range list {
		en[i], zh[i] = w.EN, w.ZH
	}
	return Words{strings.Join(en, sep), strings.Join(zh, sep)}
}
