package policy

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is a country or region of ISO 3166-1, as forms offer it.
type Country struct {
	ISO         string
	Name        Words
	CallingCode string
	// PostalCode is required, optional or none.
	PostalCode string
}

// Province is a province of China with its cities, as forms offer them.
type Province struct {
	// ZH is what goes into the field, ZHFull as it is written in full.
	ZH, ZHFull, EN string
	Cities         []string
}

//go:embed cities.json
var citiesJSON []byte

// cities are the cities of provinces, by the code of GB/T 2260. They are a list to choose
// from: what is not on it can be typed.
var cities = sync.OnceValue(func() map[string][]string {
	var f struct{ Cities map[string][]string }
	if err := json.Unmarshal(citiesJSON, &f); err != nil {
		panic("policy: cities.json: " + err.Error()) // ours, and tested
	}
	return f.Cities
})

// Provinces lists the provinces of the mainland with their cities.
func (p Places) Provinces() (out []Province) {
	for _, d := range p.Divisions {
		if len(d.Postal) > 0 {
			out = append(out, Province{ZH: d.ZH, ZHFull: d.ZHFull, EN: d.EN, Cities: cities()[d.Code]})
		}
	}
	return out
}

// Everywhere lists all countries and regions: those that places.yaml knows first, in
// its order, then the others by their English names.
func (p Places) Everywhere() []Country {
	var out, others []Country
	for _, c := range p.Countries {
		out = append(out, Country{ISO: c.ISO, Name: Words{EN: c.EN, ZH: c.ZH}, CallingCode: c.CallingCode, PostalCode: c.PostalCode})
	}
	english, chinese := display.English.Regions(), display.Chinese.Regions()
	for iso := range phonenumbers.GetSupportedRegions() {
		r, err := language.ParseRegion(iso)
		known := slices.ContainsFunc(p.Countries, func(c placeCountry) bool { return c.ISO == iso })
		if err != nil || known || !r.IsCountry() || r.String() != iso || r.Canonicalize() != r {
			continue
		}
		others = append(others, Country{ISO: iso, Name: Words{EN: english.Name(r), ZH: chinese.Name(r)}, CallingCode: callingCode(iso), PostalCode: "optional"})
	}
	slices.SortFunc(others, func(a, b Country) int { return strings.Compare(a.Name.EN, b.Name.EN) })
	return append(out, others...)
}
