package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Max bounds a file that is read, in bytes.
const Max = 64 << 20

// Text reads a CSV file as text: UTF-8 with or without its mark, UTF-16 with one, which
// spreadsheets call Unicode text, or GB 18030, which those in China write. Errors are of reading, or an *Error: TooLarge, NotText.
func Text(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, Max+1))
	switch {
	case err != nil:
		return "", err
	case len(b) > Max:
		return "", &Error{Problem: TooLarge}
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		if b, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b); err != nil || bytes.ContainsRune(b, utf8.RuneError) {
			return "", &Error{Problem: NotText}
		}
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

// Reader reads the rows of a table, of whatever length each is. Cells end with commas, or
// with semicolons or tabs where the first row does.
func Reader(text string) *csv.Reader {
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	first, _, _ := strings.Cut(text, "\n")
	if at := strings.IndexAny(first, ";\t"); at >= 0 && !strings.Contains(first, ",") {
		in.Comma = rune(first[at])
	}
	return in
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
