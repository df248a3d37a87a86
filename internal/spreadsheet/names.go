package spreadsheet

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// Name is a domain of a file that is to be imported, with where it stands there.
type Name struct {
	Line, Column                   int
	Domain, Account, Accreditation string
}

var columns = []string{"domain", "account", "accreditation"}

// Names reads a list of names, one a line, or a table whose first row names the columns
// domain, account and accreditation. A file whose first cell is a domain name has no names
// of columns: it is a list. What a row does not say is as in otherwise. A name that stands
// there twice is read once. Errors are an *Error.
func Names(text string, otherwise Name) (out []Name, err error) {
	in := Reader(text)
	header, seen := []string(nil), map[string]bool{}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &Error{Problem: Broken, Word: err.Error()}
		}
		if header == nil {
			header = columns[:1]
			if !strings.ContainsAny(cells[0], ".。") {
				if header, err = headerOf(cells); err != nil {
					return nil, err
				}
				continue
			}
		}
		line, _ := in.FieldPos(0)
		row, err := otherwise.of(header, cells, line)
		if err != nil {
			return nil, err
		}
		if !seen[row.Domain] {
			seen[row.Domain] = true
			out = append(out, row)
		}
	}
	if len(out) == 0 {
		return nil, &Error{Problem: Empty}
	}
	return out, nil
}

func headerOf(cells []string) (header []string, err error) {
	for i, cell := range cells {
		name := strings.ToLower(Plain(cell))
		if !slices.Contains(columns, name) {
			return nil, &Error{Problem: ColumnUnknown, Line: 1, Column: i + 1, Word: cell}
		}
		header = append(header, name)
	}
	if !slices.Contains(header, "domain") {
		return nil, &Error{Problem: NoDomainColumn, Line: 1}
	}
	return header, nil
}

// of is what a row says; what it does not is as in n.
func (n Name) of(header, cells []string, line int) (Name, error) {
	n.Line, n.Column = line, 1
	if len(cells) > len(header) {
		return n, &Error{Problem: TooManyCells, Line: line, Column: len(header) + 1}
	}
	for i, cell := range cells {
		if cell = Plain(cell); cell == "" {
			continue
		}
		switch header[i] {
		case "domain":
			n.Domain, n.Column = cell, i+1
		case "account":
			n.Account = cell
		case "accreditation":
			if cell != "mainland" && cell != "overseas" {
				return n, &Error{Problem: AccreditationUnknown, Line: line, Column: i + 1, Word: cell}
			}
			n.Accreditation = cell
		}
	}
	switch {
	case n.Domain == "":
		return n, &Error{Problem: NoDomain, Line: line}
	case n.Account == "":
		return n, &Error{Problem: NoAccount, Line: line}
	}
	return n, nil
}
