package mrz

import (
	"strings"
	"time"

	"github.com/verinym/verinym/identifier/internal/today"
)

// Parse reads a zone as of the day in China, which decides the centuries of the
// dates. See ParseAt.
func Parse(text string) (d Document, err error) {
	err = d.Read(text)
	return d, err
}

// ParseAt is Parse as of the day that now shows in its own zone; it reads no
// clock.
//
// The text is normalised first. The error is always a *Error, for the first thing
// that is wrong in this order: length, characters, dates, check digits field by
// field, composite check digit.
func ParseAt(text string, now time.Time) (d Document, err error) {
	err = d.ReadAt(text, now)
	return d, err
}

// Read is Parse into a Document of the caller's, for who reads many. It leaves d
// as it is if the text is no zone.
func (d *Document) Read(text string) error { return d.read(text, today.Clock{}) }

// ReadAt is ParseAt into a Document of the caller's.
func (d *Document) ReadAt(text string, now time.Time) error { return d.read(text, today.At(now)) }

func (d *Document) read(text string, c today.Clock) error {
	l := layoutOf(len(text))
	if l == nil || l.misplaced(text) >= 0 {
		text = Normalise(text)
		l = layoutOf(len(text))
		if l == nil {
			return &Error{Code: CodeLength, Want: "2×44, 2×36 or 3×30 characters"}
		}
		if i := l.misplaced(text); i >= 0 {
			return l.misplacedError(text, i)
		}
	}
	birth, known := birthDate(l.birth.of(text), c)
	if known && !birth.Exists() {
		return l.errorIn(CodeBirthdate, l.birth)
	}
	expiry := expiryDate(l.expiry.of(text), c)
	if !expiry.Exists() {
		return l.errorIn(CodeFormat, l.expiry)
	}
	number, optional, ok := l.numberOf(text)
	if !ok {
		return l.errorIn(CodeChecksum, l.number)
	}
	if err := l.checkDigits(text); err != nil {
		return err
	}
	d.Format, d.Text = l.format, text
	d.Code, d.Issuer = unfilled(text[:2]), unfilled(l.issuer.of(text))
	d.Number, d.Nationality = number, unfilled(l.nationality.of(text))
	d.Birth, d.Expiry, d.Sex = birth, expiry, sexOf(text[l.sex.from])
	d.Optional, d.Optional2 = unfilled(optional), unfilled(l.optional2.of(text))
	d.name = unfilled(l.name.of(text))
	return nil
}

// numberOf reads the document number and what it leaves of the optional field. A
// filler in place of the check digit means that the number goes on in the
// optional field, its check digit last (Doc 9303 parts 5 and 6); ok is false if
// it does not or that digit disagrees.
func (l *layout) numberOf(text string) (number, optional string, ok bool) {
	number, optional = l.number.of(text), l.optional.of(text)
	if !l.longNumber || text[l.number.to] != filler {
		return unfilled(number), optional, true
	}
	rest, _, _ := strings.Cut(optional, "<")
	if len(rest) < 2 {
		return "", "", false
	}
	number += rest[:len(rest)-1]
	digit, _ := CheckDigit(number)
	return number, strings.TrimLeft(optional[len(rest):], "<"), digit == rest[len(rest)-1]
}

func sexOf(c byte) Sex {
	switch c {
	case 'M':
		return Male
	case 'F':
		return Female
	}
	return Unspecified
}

func (l *layout) errorIn(code string, field span) *Error {
	line, column := l.place(field.from)
	return &Error{Code: code, Field: l.field(field.from), Line: line, Column: column}
}

func (l *layout) misplacedError(text string, i int) *Error {
	line, column := l.place(i)
	e := &Error{
		Code: CodeFormat, Field: l.field(i), Line: line, Column: column,
		Found: runeAt(text, i), Want: l.wants(i),
	}
	if twin := l.twinFor(text, i); twin != 0 {
		e.Code, e.Want = CodeConfusable, string(rune(twin))
	}
	return e
}

// place turns an offset into line and column, counted from 1.
func (l *layout) place(i int) (line, column int) {
	return i/(l.width+1) + 1, i%(l.width+1) + 1
}

func runeAt(text string, i int) string {
	for _, r := range text[i:] {
		return string(r)
	}
	return ""
}
