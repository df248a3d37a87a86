package identifier

import (
	"github.com/verinym/verinym/identifier/internal/today"
	"slices"
	"unicode/utf8"
)

// refuse turns a check's fault into the error that helps most. That the number
// belongs to another document explains more than a wrong length, and an O for a
// 0 more than "a letter at character 7".
func refuse(n Number, f *fault, c today.Clock) *Error {
	e := &Error{
		Code: f.code, Kind: n.Kind, Want: f.want,
		Length: utf8.RuneCountInString(n.Normal), cause: f.cause,
	}
	switch {
	case f.code == CodeKindUnknown:
		return &Error{Code: f.code, Kind: n.Kind}
	case n.Normal == "":
		return &Error{Code: CodeRequired, Kind: n.Kind}
	case n.Normal == "0":
		return &Error{Code: CodeZeroRefused, Kind: n.Kind, Length: 1}
	case f.final:
		return e
	}

	looks := looksLike(n.Typed, c)
	switch {
	case f.code == CodeTypeMismatch:
		return mismatch(e, withFirst(looks, f.looks))
	case len(looks) > 0 && tellsItself(looks[0], f):
		return mismatch(e, looks)
	}
	if n.Kind.isAlphanumeric() {
		pointAtCharacter(e, n, f, c)
	}
	if e.Code != CodeConfusable && len(looks) == 0 && isShapedLikeUSCC(n.Normal) && !readsUSCC(n.Kind) {
		return mismatch(e, []Kind{USCC})
	}
	e.Looks = looks
	return e
}

// mismatch drops what was said about the chosen kind, which is the wrong one.
func mismatch(e *Error, looks []Kind) *Error {
	return &Error{Code: CodeTypeMismatch, Kind: e.Kind, Looks: looks, Length: e.Length}
}

// pointAtCharacter says which character cannot stand where it stands, if that is
// the fault, and which look-alike would put it right. A character that no number
// has comes before the fault that was found.
func pointAtCharacter(e *Error, n Number, f *fault, c today.Clock) {
	if at := firstForeign(n.Normal); at != nowhere {
		f = misplaced(at, "a digit or a letter")
	}
	if f.code != CodeFormat || f.at == nowhere {
		return
	}
	e.Code, e.Want = f.code, f.want
	e.Position, e.Found = positionOf(n.Typed, f.at)
	if twin := confusedFor(n, f, c); twin != "" {
		e.Code, e.Want = CodeConfusable, twin
	}
}

func withFirst(kinds []Kind, first Kind) []Kind {
	rest := slices.DeleteFunc(kinds, func(k Kind) bool { return k == first })
	return slices.Insert(rest, 0, first)
}
