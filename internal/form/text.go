package form

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// What is wrong with a text.
var (
	errNotUTF8 = errors.New("the text is not UTF-8")
	ErrNUL     = errors.New("the text has a character that is no text (NUL)")
)

// NotText says what makes s unfit to be stored: no database takes all of it.
func NotText(s string) error {
	switch {
	case !utf8.ValidString(s):
		return errNotUTF8
	case strings.ContainsRune(s, 0):
		return ErrNUL
	}
	return nil
}
