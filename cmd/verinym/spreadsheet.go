package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxSheet bounds a CSV file that is read, in bytes.
const maxSheet = 64 << 20

// spreadsheetText reads a CSV file as text: UTF-8 with or without its mark, or GB 18030,
// which spreadsheets in China write.
func spreadsheetText(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSheet+1))
	switch {
	case err != nil:
		return "", err
	case len(b) > maxSheet:
		return "", fmt.Errorf("the file is larger than %d MB; split it", maxSheet>>20)
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if utf8.ValidString(text) {
		return text, nil
	}
	chinese, err := simplifiedchinese.GB18030.NewDecoder().String(text)
	if err != nil || strings.ContainsRune(chinese, utf8.RuneError) {
		return "", errors.New("the file is neither UTF-8 nor GB 18030; save it as CSV UTF-8")
	}
	return chinese, nil
}

// Spreadsheets take a cell that begins with one of these for a formula.
const formula = "=+-@\t\r"

// safeCell keeps a spreadsheet from calculating what a registrant typed.
func safeCell(s string) string {
	if s != "" && strings.ContainsRune(formula, rune(s[0])) {
		return "'" + s
	}
	return s
}

// plainCell undoes safeCell.
func plainCell(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formula, rune(s[1])) {
		return s[1:]
	}
	return s
}
