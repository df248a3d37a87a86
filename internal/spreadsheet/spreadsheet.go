package spreadsheet

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Max bounds a file that is read, in bytes.
const Max = 64 << 20

// Text reads a CSV file as text: UTF-8 with or without its mark, or GB 18030, which
// spreadsheets in China write. Errors are of reading, or an *Error: TooLarge, NotText.
func Text(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, Max+1))
	switch {
	case err != nil:
		return "", err
	case len(b) > Max:
		return "", &Error{Problem: TooLarge}
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if utf8.ValidString(text) {
		return text, nil
	}
	chinese, err := simplifiedchinese.GB18030.NewDecoder().String(text)
	if err != nil || strings.ContainsRune(chinese, utf8.RuneError) {
		return "", &Error{Problem: NotText}
	}
	return chinese, nil
}

// Spreadsheets take a cell that begins with one of these for a formula.
const formula = "=+-@\t\r"

// Safe keeps a spreadsheet from calculating what somebody typed.
func Safe(s string) string {
	if s != "" && strings.ContainsRune(formula, rune(s[0])) {
		return "'" + s
	}
	return s
}

// Plain undoes Safe.
func Plain(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formula, rune(s[1])) {
		return s[1:]
	}
	return s
}
