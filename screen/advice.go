package screen

import (
	"fmt"
	"strconv"
	"strings"
)

// Advice says to the registrant what is wrong and what to do about it, in English and in Chinese.
type Advice struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Advice returns the text of the finding's code with its parameters filled in.
func (f Finding) Advice() Advice {
	t := adviceTexts[f.Code]
	var en, zh []string
	for name, raw := range f.Params {
		e, z := raw, raw
		switch name {
		case "Size", "Min", "Max":
			e = bytesForPeople(raw)
			z = e
		case "Formats":
			e, z = strings.ReplaceAll(raw, ",", ", "), strings.ReplaceAll(raw, ",", "、")
		case "Side":
			if side, ok := sidesInChinese[raw]; ok {
				z = side
			}
		}
		en, zh = append(en, "{{."+name+"}}", e), append(zh, "{{."+name+"}}", z)
	}
	return Advice{strings.NewReplacer(en...).Replace(t.EN), strings.NewReplacer(zh...).Replace(t.ZH)}
}

var sidesInChinese = map[string]string{"front": "正面", "back": "背面"}

// bytesForPeople turns a decimal count of bytes into what people read.
func bytesForPeople(raw string) string {
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return raw
	}
	if n >= 1<<20 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/(1<<20)), ".0") + " MB"
	}
	return fmt.Sprintf("%d KB", (n+512)>>10)
}
