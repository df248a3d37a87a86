package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/spreadsheet"
)

type profileCmd struct {
	Import profileImportCmd `cmd:"" help:"Make registrant profiles of the rows of a CSV file."`
	Export profileExportCmd `cmd:"" help:"Write the registrant profiles of an account as CSV, document numbers masked."`
	Number profileNumberCmd `cmd:"" help:"Print the document number of one of your profiles in clear; asks for your password on standard input. The reveal is recorded."`
}

type profileImportCmd struct {
	remote
	File   string `arg:"" help:"A CSV file whose first row names the columns (- reads standard input). UTF-8, UTF-16, or GB 18030 as spreadsheets in China write it; with commas, semicolons or tabs."`
	DryRun bool   `help:"Say what would become of the rows, and change nothing."`
	JSON   bool   `help:"Print a line of JSON for each row that was refused, and the sums as the last one."`
	Lang   string `help:"en or zh." enum:"en,zh" default:"en"`
}

type profileNumberCmd struct {
	person
	ID string `arg:"" help:"The profile's id."`
}

func (p *profileNumberCmd) Run(ctx context.Context) error {
	return p.signedIn(ctx, func(c *client.Client, _ []string) error {
		number, err := c.RevealNumber(ctx, p.ID)
		if err == nil {
			fmt.Println(number)
		}
		return err
	})
}

// batchSize is how many rows are sent at once.
const batchSize = 100

func (p *profileImportCmd) Run(ctx context.Context) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	in := os.Stdin
	if p.File != "-" {
		if in, err = os.Open(p.File); err != nil {
			return usage("%v", err)
		}
		defer in.Close()
	}
	rows, err := readProfiles(in)
	if err != nil {
		return usage("%s: %v", p.File, err)
	}
	run := profileImport{profileImportCmd: p, client: c, became: map[string]client.BatchRow{}}
	progress := newBar(len(rows), !p.JSON)
	for done := 0; done < len(rows); done += batchSize {
		part := rows[done:min(done+batchSize, len(rows))]
		progress.show(done, fmt.Sprintf("row %d", part[0].line))
		err := run.send(ctx, part)
		progress.clear()
		switch {
		case err != nil && p.DryRun:
			return fmt.Errorf("rows from line %d on: %w", part[0].line, err)
		case err != nil:
			return fmt.Errorf("rows from line %d on: %w; the rows before are in, and the file can be sent again as it is", part[0].line, err)
		}
		if err := run.count(part); err != nil {
			return err
		}
	}
	return p.report(len(rows), run.sum)
}

// profileImport is an import under way.
type profileImport struct {
	*profileImportCmd
	client *client.Client
	sum    client.Batch
	// became says what became of each row, by its cells.
	became map[string]client.BatchRow
}

// send sends rows, those aside that are wrong in themselves or stand there again.
func (r *profileImport) send(ctx context.Context, rows []profileRow) (err error) {
	var fresh []profileRow
	for _, x := range rows {
		if _, again := r.became[x.cells]; again {
			continue
		}
		r.became[x.cells] = client.BatchRow{Problems: x.problems}
		if len(x.problems) == 0 {
			fresh = append(fresh, x)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	var got client.Batch
	if r.DryRun {
		got, err = r.client.TryProfiles(ctx, profilesOf(fresh), r.sum.Created)
	} else {
		got, err = r.client.CreateProfiles(ctx, profilesOf(fresh))
	}
	if err != nil {
		return err
	}
	for i, x := range fresh {
		r.became[x.cells] = got.Rows[i]
	}
	return nil
}

// count adds up what became of rows, and prints why some made no profile.
func (r *profileImport) count(rows []profileRow) error {
	for _, x := range rows {
		became := r.became[x.cells]
		switch {
		case len(became.Problems) > 0:
			r.sum.Refused++
		case became.Existing:
			r.sum.Existing++
		default:
			r.sum.Created++
			became.Existing = true // for the next row that says the same
			r.became[x.cells] = became
		}
		if err := r.refused(x.line, became); err != nil {
			return err
		}
	}
	return nil
}

// refused prints why a row made no profile.
func (p *profileImportCmd) refused(line int, r client.BatchRow) error {
	for _, e := range r.Problems {
		if p.JSON {
			if err := printJSON(map[string]any{"line": line, "code": e.Code, "field": e.Field, "text": e.Text}); err != nil {
				return err
			}
			continue
		}
		text := e.Text.EN
		if p.Lang == "zh" {
			text = e.Text.ZH
		}
		fmt.Printf("line %d, %s: %s (%s)\n", line, cmp.Or(e.Field, "row"), text, e.Code)
	}
	return nil
}

func (p *profileImportCmd) report(rows int, sum client.Batch) error {
	if p.JSON {
		if err := printJSON(map[string]any{"rows": rows, "created": sum.Created, "existing": sum.Existing, "refused": sum.Refused, "dry_run": p.DryRun}); err != nil {
			return err
		}
	} else {
		made := "created"
		if p.DryRun {
			made = "would be created"
		}
		fmt.Printf("%d rows: %d %s, %d there already, %d refused\n", rows, sum.Created, made, sum.Existing, sum.Refused)
	}
	if sum.Refused > 0 {
		return exit{1, nil}
	}
	return nil
}

// profileRow is a row of a CSV file.
type profileRow struct {
	line int
	// cells is all of it, by which a row is known that stands there again.
	cells    string
	profile  client.NewProfile
	problems []client.Entry
}

func profilesOf(rows []profileRow) (out []client.NewProfile) {
	for _, r := range rows {
		out = append(out, r.profile)
	}
	return out
}

// Columns of a CSV file: the ones that say which profile it is, the fields, and those
// that only come out.
var (
	profileKinds  = []string{"accreditation", "kind", "holder_type"}
	profileFields = []string{"name_zh", "name_en", "organization_zh", "organization_en", "country", "residence", "province_zh", "province_en",
		"city_zh", "city_en", "address_zh", "address_en", "postal_code", "phone", "phone_extension", "email", "document_kind", "document_number",
		"issued_on", "valid_from", "valid_to"}
	profileFlags  = []string{"long_term", "default", "incomplete"}
	profileShown  = []string{"id", "state", "email_state", "version"}
	importColumns = slices.Concat(profileKinds, profileFields, profileFlags)
)

// readProfiles reads the rows of a CSV file. Empty cells leave a field out, empty rows are none.
func readProfiles(r io.Reader) (out []profileRow, err error) {
	text, err := spreadsheet.Text(r)
	if err != nil {
		return nil, err
	}
	in := spreadsheet.Reader(text)
	header, err := in.Read()
	if err != nil {
		return nil, errors.New("the file is empty; its first row names the columns: " + strings.Join(importColumns, ", "))
	}
	header = filled(header)
	for i, name := range header {
		header[i] = strings.ToLower(name)
		if !slices.Contains(importColumns, header[i]) && !slices.Contains(profileShown, header[i]) {
			return nil, fmt.Errorf("there is no column %q; the columns are %s", name, strings.Join(importColumns, ", "))
		}
		if slices.Contains(header[:i], header[i]) {
			return nil, fmt.Errorf("two columns are called %q", name)
		}
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		if cells = filled(cells); len(cells) > 0 {
			out = append(out, newRow(line, header, cells))
		}
	}
	if len(out) == 0 {
		return nil, errors.New("there is no row below the names of the columns")
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

func newRow(line int, header, cells []string) profileRow {
	row := profileRow{line: line, cells: strings.Join(cells, "\x00"), profile: client.NewProfile{Fields: client.Fields{}}}
	if len(cells) > len(header) {
		row.problems = []client.Entry{{Code: "too_many_cells", Text: client.Words{
			EN: fmt.Sprintf("The row has %d cells, and there are %d columns. Put a cell with a separator in it (a comma, semicolon or tab) between quotation marks.", len(cells), len(header)),
			ZH: fmt.Sprintf("该行有 %d 个单元格，而表头只有 %d 列。含有分隔符（逗号、分号或制表符）的单元格请用引号括起。", len(cells), len(header)),
		}}}
		return row
	}
	p := &row.profile
	for i, cell := range cells {
		cell = spreadsheet.Plain(cell)
		switch name := header[i]; {
		case cell == "" || slices.Contains(profileShown, name):
		case name == "accreditation":
			p.Accreditation = cell
		case name == "kind":
			p.Kind = cell
		case name == "holder_type":
			p.HolderType = cell
		case slices.Contains(profileFlags, name):
			switch strings.ToLower(cell) {
			case "true", "yes", "1":
				p.Fields[name] = true
			case "false", "no", "0":
			default:
				row.problems = append(row.problems, client.Entry{Code: "value_unknown", Field: name, Text: client.Words{
					EN: fmt.Sprintf("%q is neither true nor false.", cell), ZH: fmt.Sprintf("“%s”应为 true 或 false。", cell)}})
			}
		default:
			p.Fields[name] = cell
		}
	}
	return row
}

type profileExportCmd struct {
	remote
	Out string `short:"o" help:"The file to write; standard output when left out."`
}

func (p *profileExportCmd) Run(ctx context.Context) (err error) {
	c, err := p.client()
	if err != nil {
		return err
	}
	to := os.Stdout
	if p.Out != "" {
		if to, err = os.OpenFile(p.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
			return usage("%v", err)
		}
		defer func() { err = errors.Join(err, to.Close()) }()
	}
	if p.Out != "" { // spreadsheets take it for another encoding without
		if _, err := to.WriteString("\ufeff"); err != nil {
			return err
		}
	}
	out := csv.NewWriter(to)
	if err := out.Write(slices.Concat(profileShown, profileKinds, profileFields, profileFlags[:2])); err != nil {
		return err
	}
	n := 0
	for after := ""; ; {
		page, next, err := c.ProfilesAfter(ctx, after)
		if err != nil {
			return err
		}
		for _, x := range page {
			if err := out.Write(exported(x)); err != nil {
				return err
			}
		}
		n += len(page)
		if after = next; next == "" {
			break
		}
	}
	out.Flush()
	if p.Out != "" {
		fmt.Printf("%d profiles are in %s\n", n, p.Out)
	}
	return out.Error()
}

func exported(p client.Profile) []string {
	out := []string{p.ID, p.State, p.EmailState, fmt.Sprint(p.Version), p.Accreditation, p.Kind, p.HolderType}
	for _, name := range profileFields {
		out = append(out, spreadsheet.Safe(p.Field(name)))
	}
	longTerm, _ := p.Fields["long_term"].(bool)
	return append(out, fmt.Sprint(longTerm), fmt.Sprint(p.Default))
}
