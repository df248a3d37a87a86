package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Places are divisions of China and countries, for forms and English names.
type Places struct {
	Divisions []struct {
		ZH     string `yaml:"zh"`
		ZHFull string `yaml:"zh_full"`
		EN     string `yaml:"en"`
		// Code is of GB/T 2260; Postal the two digits that postal codes begin with.
		Code   string   `yaml:"code"`
		Postal []string `yaml:"postal"`
	}
	Countries []placeCountry
}

type placeCountry struct {
	ISO           string `yaml:"iso"`
	EN            string `yaml:"en"`
	ZH            string `yaml:"zh"`
	CallingCode   string `yaml:"calling_code"`
	PostalCode    string `yaml:"postal_code"`
	PostalPattern string `yaml:"postal_pattern"`
}

// PostalFits reports whether a postal code may belong to a Chinese province, as far
// as is known.
func (p Places) PostalFits(province, postal string) bool {
	for _, d := range p.Divisions {
		if (province == d.ZH || province == d.ZHFull) && len(d.Postal) > 0 && len(postal) == 6 {
			return slices.Contains(d.Postal, postal[:2])
		}
	}
	return true
}

// ProvinceOf returns the Chinese name of the province in whose register a social
// credit code stands (GB 32100: third to eighth character), "" when it is not one
// of a province.
func (p Places) ProvinceOf(uscc string) string {
	for _, d := range p.Divisions {
		if len(uscc) == 18 && len(d.Code) == 6 && uscc[2:4] == d.Code[:2] {
			return d.ZH
		}
	}
	return ""
}

// IsProvince reports whether zh names the province called province, in its short or
// full form.
func (p Places) IsProvince(zh, province string) bool {
	for _, d := range p.Divisions {
		if d.ZH == province {
			return zh == d.ZH || zh == d.ZHFull
		}
	}
	return false
}

// Province returns the English form of a Chinese province name, "" when unknown.
func (p Places) Province(zh string) string {
	for _, d := range p.Divisions {
		if zh == d.ZH || zh == d.ZHFull {
			return d.EN
		}
	}
	return ""
}

// CallingCode returns the telephone code of a country, "" when unknown.
func (p Places) CallingCode(iso string) string {
	for _, c := range p.Countries {
		if strings.EqualFold(c.ISO, iso) {
			return c.CallingCode
		}
	}
	return callingCode(iso)
}

// callingCode is the telephone code of a country that places.yaml does not know.
func callingCode(iso string) string {
	if code := phonenumbers.GetCountryCodeForRegion(strings.ToUpper(iso)); code > 0 {
		return strconv.Itoa(code)
	}
	return ""
}

// PostalPattern returns the pattern that a country's postal codes match and
// whether one must be given; "" when unknown.
func (p Places) PostalPattern(iso string) (pattern string, required bool) {
	for _, c := range p.Countries {
		if strings.EqualFold(c.ISO, iso) {
			return c.PostalPattern, c.PostalCode == "required"
		}
	}
	return "", false
}
