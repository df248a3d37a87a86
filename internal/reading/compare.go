package reading

import (
	"strings"
	"time"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/ocr"
)

// Codes of what could not be confirmed; policies/reasons.yaml has their texts. All are warnings.
const (
	CodeUnconfirmed = "ocr_unconfirmed"
	CodeQR          = "qr_code_mismatch"
	CodeZone        = "mrz_check_failed"
)

// Unconfirmed is something that a person should look at: a field that was read otherwise than it was typed, or not at all.
type Unconfirmed struct {
	Code  string `json:"code"`
	Field Field  `json:"field,omitempty"`
	Typed string `json:"typed,omitempty"`
	// Read is empty when nothing was read.
	Read       string   `json:"read,omitempty"`
	Confidence float64  `json:"confidence,omitempty"`
	Side       string   `json:"side,omitempty"`
	Quad       ocr.Quad `json:"quad"`
}

// Typed is what somebody typed, by field; what is empty was not typed and is not compared.
type Typed map[Field]string

// compared are the fields that are compared, in the order in which people see them.
var compared = []Field{Name, Number, Birth, IssuedOn, ValidFrom, ValidTo}

// Compare holds what was typed against what was read. Only fields that the sides shown by pages carry are compared: a date on
// the back is not missing where nobody asked for the back.
func (f Form) Compare(typed Typed, read Fields, now time.Time, pages ...Page) (out []Unconfirmed) {
	for _, field := range compared {
		if typed[field] == "" || !f.shows(field, pages) || f.confirms(field, typed, read, now) {
			continue
		}
		u := Unconfirmed{Code: CodeUnconfirmed, Field: field, Typed: typed[field], Side: f.sideOf(field, pages)}
		v, ok := read.Values[field]
		if !ok && field == Name {
			v, ok = read.Values[NameLatin]
		}
		if ok {
			u.Read, u.Confidence, u.Side, u.Quad = v.Text, v.Confidence, v.Side, v.Quad
		}
		out = append(out, u)
	}
	if qr, ok := read.Values[QR]; ok && typed[Number] != "" && !f.sameNumber(typed[Number], qr.Text, now) {
		out = append(out, Unconfirmed{Code: CodeQR, Field: Number, Typed: typed[Number], Read: qr.Text, Confidence: qr.Confidence, Side: qr.Side})
	}
	if _, ok := read.Values[MRZ]; !ok && f.shows(MRZ, pages) {
		out = append(out, Unconfirmed{Code: CodeZone, Side: f.sideOf(MRZ, pages)})
	}
	return out
}

func (f Form) sideOf(field Field, pages []Page) string {
	for _, p := range pages {
		if f.shows(field, []Page{p}) {
			return p.Side
		}
	}
	return ""
}

// confirms reports whether a field was read as it was typed.
func (f Form) confirms(field Field, typed Typed, read Fields, now time.Time) bool {
	switch field {
	case Name:
		return f.confirmsName(typed, read)
	case Number:
		return f.confirmsNumber(typed[Number], read, now)
	}
	return read.Values[field].Text == typed[field]
}

// confirmsName compares to the letter, forgiving what fold.Name forgives. A name typed in Chinese has to be read in Chinese;
// only where the document shows a Latin name and no Chinese one was read, the Latin one is enough.
func (f Form) confirmsName(typed Typed, read Fields) bool {
	if read.has(typed[Name]) {
		return true
	}
	if _, chinese := read.Values[Name]; chinese && strings.ContainsFunc(typed[Name], isHan) {
		return false
	}
	latin, shown := read.Values[NameLatin]
	if !shown {
		return false
	}
	for _, name := range []string{typed[Name], typed[NameLatin]} {
		if name != "" && (sameWords(name, latin.Text) || read.has(name)) {
			return true
		}
	}
	return false
}

// has reports whether a name stands anywhere on the pages, by itself: never as a part of a longer one.
func (o Fields) has(name string) bool {
	want := fold.Name(name)
	if want == "" {
		return false
	}
	for _, v := range o.texts {
		if fold.Name(v.Text) == want {
			return true
		}
	}
	for _, field := range []Field{Name, NameLatin} {
		if v, ok := o.Values[field]; ok && fold.Name(v.Text) == want {
			return true
		}
	}
	return false
}

// sameWords compares Latin names whichever name comes first.
func sameWords(a, b string) bool {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	if len(x) < 2 || len(y) < 2 {
		return false
	}
	for i := range x {
		turned := strings.Join(append(append([]string{}, x[i:]...), x[:i]...), "")
		if fold.Name(turned) == fold.Name(strings.Join(y, "")) {
			return true
		}
	}
	return false
}

// confirmsNumber takes what was read as the number, what the QR code says, or the typed number standing anywhere by itself:
// early social credit codes have a wrong check character and are right all the same.
func (f Form) confirmsNumber(typed string, read Fields, now time.Time) bool {
	for _, field := range []Field{Number, QR} {
		if v, ok := read.Values[field]; ok && f.sameNumber(typed, v.Text, now) {
			return true
		}
	}
	want := tidy(typed)
	if len(want) < 6 { // could be anything
		return false
	}
	for _, v := range read.texts {
		for _, c := range candidates(v.Text) {
			if tidy(c) == want {
				return true
			}
		}
	}
	return false
}

// sameNumber compares what belongs to the holder: not the branch, the year or the count of renewals that some numbers end in.
func (f Form) sameNumber(a, b string, now time.Time) bool {
	if tidy(a) == tidy(b) {
		return tidy(a) != "" || fold.Name(a) == fold.Name(b)
	}
	x, err1 := identifier.ParseAt(f.Number, a, now)
	y, err2 := identifier.ParseAt(f.Number, b, now)
	return err1 == nil && err2 == nil && x.HolderKey() == y.HolderKey()
}
