package spreadsheet

import (
	"fmt"
	"strings"
)

// Problem says why a file cannot be read.
type Problem string

// What may be wrong with a file.
const (
	TooLarge             Problem = "too_large"
	NotText              Problem = "not_text"
	Broken               Problem = "broken"
	Empty                Problem = "empty"
	ColumnUnknown        Problem = "column_unknown"
	NoDomainColumn       Problem = "no_domain_column"
	TooManyCells         Problem = "too_many_cells"
	NoDomain             Problem = "no_domain"
	NoAccount            Problem = "no_account"
	AccreditationUnknown Problem = "accreditation_unknown"
	NoColumns            Problem = "no_columns"
	NoRow                Problem = "no_row"
	ColumnTwice          Problem = "column_twice"
	ProfileColumnUnknown Problem = "profile_column_unknown"
	NoFlag               Problem = "no_flag"
)

// Error is why a file cannot be read, and where: lines and columns count from 1, and are 0
// where it is the whole file.
type Error struct {
	Problem      Problem
	Line, Column int
	// Word is what stands there, or what the reader says of it.
	Word string
}

func (e *Error) Error() string {
	switch e.Problem {
	case TooLarge:
		return fmt.Sprintf("the file is larger than %d MB; split it", Max>>20)
	case NotText:
		return "the file is neither UTF-8 nor GB 18030; save it as CSV UTF-8"
	case Empty:
		return "there is no name in it"
	case ColumnUnknown:
		return fmt.Sprintf("there is no column %q; the columns are domain, account and accreditation", e.Word)
	case NoDomainColumn:
		return "no column is called domain"
	case TooManyCells:
		return fmt.Sprintf("line %d, column %d: the rows before have fewer columns", e.Line, e.Column)
	case NoDomain:
		return fmt.Sprintf("line %d: there is no domain in it", e.Line)
	case NoAccount:
		return fmt.Sprintf("line %d: which account? Name one for all of the file, or have a column account", e.Line)
	case AccreditationUnknown:
		return fmt.Sprintf("line %d, column %d: %q is neither mainland nor overseas", e.Line, e.Column, e.Word)
	case NoColumns:
		return "the file is empty; its first row names the columns: " + strings.Join(ProfileColumns, ", ")
	case NoRow:
		return "there is no row below the names of the columns"
	case ColumnTwice:
		return fmt.Sprintf("two columns are called %q", e.Word)
	case ProfileColumnUnknown:
		return fmt.Sprintf("there is no column %q; the columns are %s", e.Word, strings.Join(ProfileColumns, ", "))
	case NoFlag:
		return fmt.Sprintf("line %d, column %d: %q is neither true nor false", e.Line, e.Column, e.Word)
	}
	return e.Word
}
