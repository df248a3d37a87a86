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
	File   string `arg:"" help:"A CSV file whose first row names the columns (- reads standard input). UTF-8, or GB 18030 as spreadsheets in China write it."`
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
	var sum client.Batch
	progress := newBar(len(rows), !p.JSON)
	for done := 0; done < len(rows); done += batchSize {
		part := rows[done:min(done+batchSize, len(rows))]
		progress.show(done, fmt.Sprintf("row %d", part[0].line))
		got, err := c.CreateProfiles(ctx, profilesOf(part), p.DryRun)
		if err != nil {
			progress.clear()
			return fmt.Errorf("rows from line %d on: %w; the rows before are in, and the file can be sent again as it is", part[0].line, err)
		}
		progress.clear()
		for i, r := range got.Rows {
			if err := p.refused(part[i].line, r); err != nil {
				return err
			}
		}
		sum.Created, sum.Existing, sum.Refused = sum.Created+got.Created, sum.Existing+got.Existing, sum.Refused+got.Refused
	}
	return p.report(len(rows), sum)
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
	line    int
	profile client.NewProfile
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

// readProfiles reads the rows of a CSV file. Empty cells leave a field out.
func readProfiles(r io.Reader) (out []profileRow, err error) {
	text, err := spreadsheet.Text(r)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		return nil, errors.New("the file is empty; its first row names the columns: " + strings.Join(importColumns, ", "))
	}
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(importColumns, header[i]) && !slices.Contains(profileShown, header[i]) {
			return nil, fmt.Errorf("there is no column %q; the columns are %s", name, strings.Join(importColumns, ", "))
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
		if len(cells) > len(header) {
			return nil, fmt.Errorf("line %d has %d cells, and there are %d columns", line, len(cells), len(header))
		}
		row, err := newRow(header, cells)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		out = append(out, profileRow{line, row})
	}
	if len(out) == 0 {
		return nil, errors.New("there is no row below the names of the columns")
	}
	return out, nil
}

func newRow(header, cells []string) (p client.NewProfile, err error) {
	p.Fields = client.Fields{}
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
				return p, fmt.Errorf("%s is %q; write true or false", name, cell)
			}
		default:
			p.Fields[name] = cell
		}
	}
	return p, nil
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
