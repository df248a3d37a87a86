package mrz

import (
	"strings"
	"time"
)

// Parse reads a zone with today's clock, which decides the centuries of the
// dates. See ParseAt.
func Parse(text string) (Document, error) { return ParseAt(text, time.Now()) }

// ParseAt normalises and reads a zone. The error is always a *Error, for the
// first thing that is wrong in this order: length, characters, dates, check
// digits field by field, composite check digit.
func ParseAt(text string, now time.Time) (Document, error) {
	l, misplaced, compositeSum := scan(text)
	if l == nil || misplaced >= 0 {
		text = Normalise(text)
		l, misplaced, compositeSum = scan(text)
	}
	if l == nil {
		return Document{}, &Error{Code: CodeLength, Want: "2×44, 2×36 or 3×30 characters"}
	}
	if misplaced >= 0 {
		return Document{}, l.misplacedError(text, misplaced)
	}
	birth, known := birthDate(l.birth.of(text), now)
	if known && !birth.Exists() {
		return Document{}, l.errorIn(CodeBirthdate, l.birth)
	}
	expiry := expiryDate(l.expiry.of(text), now)
	if !expiry.Exists() {
		return Document{}, l.errorIn(CodeFormat, l.expiry)
	}
	number, optional, ok := l.numberOf(text)
	if !ok {
		return Document{}, l.errorIn(CodeChecksum, l.number)
	}
	if err := l.checkDigits(text, compositeSum); err != nil {
		return Document{}, err
	}
	return Document{
		Format: l.format, Text: text,
		Code: unfilled(text[:2]), Issuer: unfilled(l.issuer.of(text)),
		Number: number, Nationality: unfilled(l.nationality.of(text)),
		Birth: birth, Expiry: expiry, Sex: sexOf(text[l.sex.from]),
		Optional: unfilled(optional), Optional2: unfilled(l.optional2.of(text)),
		name: unfilled(l.name.of(text)),
	}, nil
}

// numberOf reads the document number and what its field leaves of the optional
// one. A filler in place of the check digit means that the number goes on in
// the optional field, its check digit last (Doc 9303 parts 5 and 6).
func (l *layout) numberOf(text string) (number, optional string, ok bool) {
	number, optional = l.number.of(text), l.optional.of(text)
	if !l.longNumber || text[l.number.to] != filler {
		return unfilled(number), optional, agrees(text, l.number)
	}
	rest, _, _ := strings.Cut(optional, "<")
	if len(rest) < 2 {
		return "", "", false
	}
	number += rest[:len(rest)-1]
	digit, _ := CheckDigit(number)
	return number, strings.TrimLeft(optional[len(rest):], "<"), digit == rest[len(rest)-1]
}

// scan finds the layout of a text, nil if it has the length of none, and applies
// the layout's grammar.
func scan(text string) (l *layout, misplaced, compositeSum int) {
	if l = layoutOf(len(text)); l == nil {
		return nil, -1, 0
	}
	misplaced, compositeSum = l.scan(text)
	return l, misplaced, compositeSum
}

// checkDigits checks every digit but the number's.
func (l *layout) checkDigits(text string, compositeSum int) error {
	if !agrees(text, l.birth) {
		return l.errorIn(CodeChecksum, l.birth)
	}
	if !agrees(text, l.expiry) {
		return l.errorIn(CodeChecksum, l.expiry)
	}
	if l.optionalChecked && !agrees(text, l.optional) && !l.optionalUnused(text) {
		return l.errorIn(CodeChecksum, l.optional)
	}
	if text[l.compositeCheck] != '0'+byte(compositeSum%10) {
		return l.errorIn(CodeChecksum, span{l.compositeCheck, l.compositeCheck})
	}
	return nil
}

// optionalUnused: an empty optional field may have a filler as its check digit.
func (l *layout) optionalUnused(text string) bool {
	return text[l.optional.to] == filler && unfilled(l.optional.of(text)) == ""
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
