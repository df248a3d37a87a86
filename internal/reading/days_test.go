package reading

import (
	"slices"
	"testing"
)

func TestDaysAsDocumentsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"1990 年 3 月 7 日":                {"1990-03-07"},
		"2019年12月1":                     nil, // cut: it may be the 11th
		"2019年12月11":                    {"2019-12-11"},
		"2019 伞 12 月 1 日":               {"2019-12-01"},
		"2019年12目01日":                   {"2019-12-01"},
		"2019伞12目01日":                   nil,
		"202105月01日":                    {"2021-05-01"},
		"202112月":                       nil,
		"15.05.202114.05.2031":          {"2021-05-15", "2031-05-14"}, // run together
		"2019.08.16-2029.08.15":         {"2019-08-16", "2029-08-15"},
		"2019年06月18日至2039年06月17日":       {"2019-06-18", "2039-06-17"},
		"15 MAY 2021  14 MAY 2031":      {"2021-05-15", "2031-05-14"},
		"15.05.2021":                    {"2021-05-15"},
		"21/03/2022":                    {"2022-03-21"},
		"on the 8th day of March, 2022": {"2022-03-08"},
		"March 21, 2022":                {"2022-03-21"},
		"2O19.O8.l6":                    {"2019-08-16"},
		"2019.13.40":                    nil,
		"02.30.2021":                    nil,
		"0000.00.00":                    nil,
		"990000199003071171":            nil,
	} {
		var got []string
		for _, d := range daysIn(text) {
			got = append(got, d.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
