package spreadsheet

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// Columns of a file of registrant profiles, in their order.
var (
	// ProfileKinds say which profile it is.
	ProfileKinds  = []string{"accreditation", "kind", "holder_type"}
	ProfileFields = []string{"name_zh", "name_en", "organization_zh", "organization_en", "country", "residence", "province_zh", "province_en",
		"city_zh", "city_en", "address_zh", "address_en", "postal_code", "phone", "phone_extension", "email", "document_kind", "document_number",
		"issued_on", "valid_from", "valid_to"}
	// ProfileFlags are true or false.
	ProfileFlags = []string{"long_term", "default", "incomplete"}
	// ProfileColumns are those that are read.
	ProfileColumns = slices.Concat(ProfileKinds, ProfileFields, ProfileFlags)
	// ExportedColumns are those of a file that comes out, ReportColumns what stands before the
	// columns of a file whose refused rows come back. Going in again, what is not read is
	// passed over.
	ExportedColumns = slices.Concat([]string{"id", "state", "email_state", "version"}, ProfileKinds, ProfileFields, ProfileFlags[:2])
	ReportColumns   = []string{"line", "reason"}
)

// ProfileSheet is a file of registrant profiles.
type ProfileSheet struct {
	Columns []string
	Rows    []ProfileRow
}

// ProfileRow is what a row says.
type ProfileRow struct {
	Line int
	// As is the line of an earlier row that says the same, 0 when there is none.
	As int
	// Cells are as they stand there, up to the last one in which something stands.
	Cells []string
	// Values and Flags have what was filled in, by column.
	Values map[string]string
	Flags  map[string]bool
	// Wrong is why the row cannot be read.
	Wrong []*Error
}

// Profiles reads a file of registrant profiles, whose first row names the columns. Empty
// cells leave a field out, empty rows are none. What is wrong with a row stands in the row;
// errors are of all of the file, and an *Error.
func Profiles(text string) (out ProfileSheet, err error) {
	in := Reader(text)
	header, err := in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return out, &Error{Problem: NoColumns}
	case err != nil:
		return out, &Error{Problem: Broken, Word: err.Error()}
	}
	if out.Columns, err = profileColumns(filled(header)); err != nil {
		return out, err
	}
	lines := map[string]int{}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, &Error{Problem: Broken, Word: err.Error()}
		}
		line, _ := in.FieldPos(0)
		if cells = filled(cells); len(cells) == 0 {
			continue
		}
		row := profileRow(line, out.Columns, cells)
		all := strings.Join(cells, "\x00")
		if row.As = lines[all]; row.As == 0 {
			lines[all] = line
		}
		out.Rows = append(out.Rows, row)
	}
	if len(out.Rows) == 0 {
		return out, &Error{Problem: NoRow}
	}
	return out, nil
}

func profileColumns(header []string) (out []string, err error) {
	for i, cell := range header {
		name := strings.ToLower(cell)
		switch {
		case slices.Contains(out, name):
			return nil, &Error{Problem: ColumnTwice, Line: 1, Column: i + 1, Word: cell}
		case !slices.Contains(ProfileColumns, name) && !slices.Contains(ExportedColumns, name) && !slices.Contains(ReportColumns, name):
			return nil, &Error{Problem: ProfileColumnUnknown, Line: 1, Column: i + 1, Word: cell}
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		return nil, &Error{Problem: NoColumns}
	}
	return out, nil
}

// filled are the cells of a row up to the last one in which something stands.
func filled(cells []string) []string {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func profileRow(line int, columns, cells []string) ProfileRow {
	row := ProfileRow{Line: line, Cells: cells, Values: map[string]string{}, Flags: map[string]bool{}}
	if len(cells) > len(columns) {
		row.Wrong = []*Error{{Problem: TooManyCells, Line: line, Column: len(columns) + 1}}
		return row
	}
	for i, cell := range cells {
		name := columns[i]
		switch cell = Plain(cell); {
		case cell == "":
		case !slices.Contains(ProfileFlags, name):
			if slices.Contains(ProfileColumns, name) {
				row.Values[name] = cell
			}
		default:
			switch strings.ToLower(cell) {
			case "true", "yes", "1":
				row.Flags[name] = true
			case "false", "no", "0":
			default:
				row.Wrong = append(row.Wrong, &Error{Problem: NoFlag, Line: line, Column: i + 1, Word: cell})
			}
		}
	}
	return row
}
