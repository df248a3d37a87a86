package wire

import (
	"errors"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // "" is an error
		"2026-03-01T08:30:00.0Z":      "2026-03-01T08:30:00.000Z",
		"2026-03-01T08:30:00Z":        "2026-03-01T08:30:00.000Z",
		"2026-03-01T08:30:00.123456Z": "2026-03-01T08:30:00.123Z",
		"2026-03-01T16:30:00+08:00":   "2026-03-01T08:30:00.000Z",
		"2026-03-01T08:30:00":         "2026-03-01T08:30:00.000Z",
		"2026-03-01":                  "2026-03-01T00:00:00.000Z",
		"":                            "",
		"yesterday":                   "",
		"2026-02-30T00:00:00Z":        "",
		"9999-12-31T23:59:59-01:00":   "",
		"2026-03-01T08:30:00.0Z ":     "",
		"2026-03-01 08:30:00":         "",
	}
	for in, want := range tests {
		got, err := ParseTime(in)
		if (err != nil) != (want == "") || err == nil && got.Format(TimeFormat) != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
}

func element(t *testing.T, doc string) *Element {
	t.Helper()
	e, err := Parse([]byte(doc), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSequenceHoldsTheOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doc string
		bad string // the element that is not expected, "" if all is well
	}{
		"nothing":             {`<x xmlns="n"/>`, ""},
		"all":                 {`<x xmlns="n"><a/><b/><b/><c/></x>`, ""},
		"some":                {`<x xmlns="n"><b/></x>`, ""},
		"wrong order":         {`<x xmlns="n"><b/><a/></x>`, "a"},
		"repeated":            {`<x xmlns="n"><a/><a/></x>`, "a"},
		"repeated after more": {`<x xmlns="n"><b/><c/><b/></x>`, "b"},
		"unknown":             {`<x xmlns="n"><a/><d/></x>`, "d"},
		"another namespace":   {`<x xmlns="n"><a xmlns="m"/></x>`, "a"},
		"text":                {`<x xmlns="n">text<a/></x>`, "x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Sequence(element(t, tt.doc), "n", "a", "b*", "c")
			var value *ValueError
			if errors.As(err, &value); tt.bad == "" && err != nil || tt.bad != "" && (value == nil || !value.Unexpected || value.Element != tt.bad) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestReadersOfValues(t *testing.T) {
	t.Parallel()
	e := element(t, `<x><name> a b </name><empty/><date>2026-03-01T08:30:00Z</date><bad>soon</bad></x>`)
	if v, err := Require(e, "", "name"); v != "a b" || err != nil {
		t.Errorf("name %q, %v", v, err)
	}
	var value *ValueError
	if _, err := Require(e, "", "empty"); !errors.As(err, &value) || value.Missing {
		t.Errorf("empty: %v", err)
	}
	if _, err := Require(e, "", "none"); !errors.As(err, &value) || !value.Missing || err.Error() != "wire: element none missing" {
		t.Errorf("none: %v", err)
	}
	if d, err := ChildTime(e, "", "date"); err != nil || !d.Equal(time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)) {
		t.Errorf("date %v, %v", d, err)
	}
	if d, err := ChildTime(e, "", "none"); err != nil || !d.IsZero() {
		t.Errorf("no date %v, %v", d, err)
	}
	if _, err := ChildTime(e, "", "bad"); !errors.As(err, &value) || value.Value != "soon" {
		t.Errorf("bad date: %v", err)
	}
	for in, want := range map[string][2]bool{"1": {true, true}, "true": {true, true}, " 0 ": {false, true}, "false": {false, true}, "yes": {}, "": {}} {
		if v, ok := ParseBool(in); v != want[0] || ok != want[1] {
			t.Errorf("%q: %t, %t", in, v, ok)
		}
	}
	for in, want := range map[string]int{"0": 0, " 12 ": 12, "-1": -1, "x": -1, "": -1, "9999999999": -1} {
		if n, ok := ParseInt(in); ok != (want >= 0) || ok && n != want {
			t.Errorf("%q: %d, %t", in, n, ok)
		}
	}
}

// A caller may look for something in an element that is not there.
func TestNoElementHasNothing(t *testing.T) {
	t.Parallel()
	var none *Element
	if none.Child("", "a") != nil || none.ChildText("", "a") != "" || none.Value() != "" || none.Attr("a") != "" || none.Is("", "") {
		t.Error("found something")
	}
}

func TestAppendedElementStandsAlone(t *testing.T) {
	t.Parallel()
	e := element(t, `<a:x xmlns:a="n" xmlns:b="m" a:i="1" j="&lt;" xml:lang="zh">t<b:y/><z/></a:x>`)
	written := e.Append(nil)
	if got, want := describe(element(t, string(written))), describe(e); got != want {
		t.Errorf("wrote %s\nread %s\nwant %s", written, got, want)
	}
}
