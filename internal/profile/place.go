package profile

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/internal/policy"
)

// placed is what an address in one line begins with: its division, and the names of city
// and district as they stand there; "" for what it does not name.
type placed struct{ province, city, district string }

// longestPlace is how many characters the name of a city or district has.
const longestPlace = 8

// placeOf takes the beginning of a Chinese address apart.
func placeOf(p policy.Places, address string) (out placed) {
	rest := strings.Join(strings.Fields(norm.NFKC.String(address)), "")
	for _, d := range p.Divisions {
		for _, name := range []string{d.ZHFull, d.ZH} {
			if after, ok := strings.CutPrefix(rest, name); ok && name != "" && out.province == "" {
				out.province, rest = d.ZH, after
			}
		}
	}
	out.city, rest = cutPlace(rest, "市")
	out.district, _ = cutPlace(rest, "区县旗")
	return out
}

// cutPlace cuts a short name off that ends with one of the characters.
func cutPlace(address, ends string) (name, rest string) {
	i := strings.IndexAny(address, ends)
	if i < 0 || utf8.RuneCountInString(address[:i]) >= longestPlace || i == 0 {
		return "", address
	}
	_, size := utf8.DecodeRuneInString(address[i:])
	return address[:i+size], address[i+size:]
}

// elsewhere reports whether two addresses name different provinces, cities or districts.
// What only one of them names says nothing.
func (a placed) elsewhere(b placed) bool {
	for _, x := range [][2]string{{a.province, b.province}, {a.city, b.city}, {a.district, b.district}} {
		if x[0] != "" && x[1] != "" && x[0] != x[1] {
			return true
		}
	}
	return false
}

// placed is where the mailing address is. Some type province and city into the line of
// the street too.
func (f Fields) placed(p policy.Places) placed {
	line := placeOf(p, f.AddressZh)
	whole := placeOf(p, f.ProvinceZh+f.CityZh)
	whole.district = line.district
	if whole.city == "" {
		whole.city = line.city
	}
	return whole
}
