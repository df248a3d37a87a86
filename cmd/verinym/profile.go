package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/spreadsheet"
)

type profileCmd struct {
	Import   profileImportCmd   `cmd:"" help:"Create registrant profiles from the rows of a CSV file."`
	Export   profileExportCmd   `cmd:"" help:"Write the registrant profiles of an account as CSV, document numbers masked."`
	List     profileListCmd     `cmd:"" help:"List the registrant profiles of the account."`
	Show     profileShowCmd     `cmd:"" help:"Show the state of a profile, and what is still to do."`
	Check    profileCheckCmd    `cmd:"" help:"Show everything that a review would refuse in a profile as it is; changes nothing."`
	Upload   profileUploadCmd   `cmd:"" help:"Upload a picture of a profile's identity document; it is screened at once."`
	Submit   profileSubmitCmd   `cmd:"" help:"Submit a profile for review."`
	Withdraw profileWithdrawCmd `cmd:"" help:"Withdraw a submission."`
	Number   profileNumberCmd   `cmd:"" help:"Print the full document number of one of your profiles; asks for your password on standard input. This is recorded."`
}

type profileImportCmd struct {
	remote
	File   string `arg:"" help:"A CSV file whose first row names the columns (- reads standard input). UTF-8, UTF-16, or GB 18030 as spreadsheets in China write it; with commas, semicolons or tabs."`
	DryRun bool   `help:"Show what would happen to the rows, without changing anything."`
	JSON   bool   `help:"Print a line of JSON for each refused row, and the totals as the last one."`
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
	sheet, err := readProfiles(in)
	if err != nil {
		return usage("%s: %v", p.File, err)
	}
	rows := sheet.Rows
	run := profileImport{profileImportCmd: p, client: c, columns: sheet.Columns, became: map[int]client.BatchRow{}}
	progress := newBar(len(rows), !p.JSON)
	for done := 0; done < len(rows); done += batchSize {
		part := rows[done:min(done+batchSize, len(rows))]
		progress.show(done, fmt.Sprintf("row %d", part[0].Line))
		err := run.send(ctx, part)
		progress.clear()
		switch {
		case err != nil && p.DryRun:
			return fmt.Errorf("rows from line %d on: %w", part[0].Line, err)
		case err != nil:
			return fmt.Errorf("rows from line %d on: %w; the rows before are in, and the file can be sent again as it is", part[0].Line, err)
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
	client  *client.Client
	columns []string
	sum     client.Batch
	// became says what became of each row, by its line.
	became map[int]client.BatchRow
}

// send sends rows, those aside that are wrong in themselves or stand there again.
func (r *profileImport) send(ctx context.Context, rows []spreadsheet.ProfileRow) (err error) {
	var fresh []spreadsheet.ProfileRow
	for _, x := range rows {
		switch {
		case len(x.Wrong) > 0:
			r.became[x.Line] = client.BatchRow{Problems: unreadable(r.columns, x)}
		case x.As == 0:
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
		r.became[x.Line] = got.Rows[i]
	}
	return nil
}

// count adds up what became of rows, and prints why some made no profile.
func (r *profileImport) count(rows []spreadsheet.ProfileRow) error {
	for _, x := range rows {
		became, again := r.became[x.Line], x.As != 0
		if again {
			became = r.became[x.As]
		}
		switch {
		case len(became.Problems) > 0:
			r.sum.Refused++
		case became.Existing || again:
			r.sum.Existing++
		default:
			r.sum.Created++
		}
		if err := r.refused(x.Line, became); err != nil {
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
		fmt.Printf("%s: %d %s, %d there already, %d refused\n", counted(rows, "row", "rows"), sum.Created, made, sum.Existing, sum.Refused)
	}
	if sum.Refused > 0 {
		return exit{1, nil}
	}
	return nil
}

func profilesOf(rows []spreadsheet.ProfileRow) (out []client.NewProfile) {
	for _, r := range rows {
		p := client.NewProfile{Accreditation: r.Values["accreditation"], Kind: r.Values["kind"], HolderType: r.Values["holder_type"], Fields: client.Fields{}}
		for _, name := range spreadsheet.ProfileFields {
			if value, there := r.Values[name]; there {
				p.Fields[name] = value
			}
		}
		for name := range r.Flags {
			p.Fields[name] = true
		}
		out = append(out, p)
	}
	return out
}

// readProfiles reads the rows of a CSV file.
func readProfiles(r io.Reader) (spreadsheet.ProfileSheet, error) {
	text, err := spreadsheet.Text(r)
	if err != nil {
		return spreadsheet.ProfileSheet{}, err
	}
	return spreadsheet.Profiles(text)
}

// unreadable says why a row cannot be read.
func unreadable(columns []string, r spreadsheet.ProfileRow) (out []client.Entry) {
	for _, e := range r.Wrong {
		if e.Problem == spreadsheet.TooManyCells {
			out = append(out, client.Entry{Code: "too_many_cells", Text: client.Words{
				EN: fmt.Sprintf("The row has %d cells, but there are %d columns. Put cells that contain a separator (comma, semicolon or tab) in quotation marks.", len(r.Cells), len(columns)),
				ZH: fmt.Sprintf("该行有 %d 个单元格，而表头只有 %d 列。含有分隔符（逗号、分号或制表符）的单元格请用引号括起。", len(r.Cells), len(columns)),
			}})
			continue
		}
		out = append(out, client.Entry{Code: "flag_unknown", Field: columns[e.Column-1], Text: client.Words{
			EN: fmt.Sprintf("%q is neither true nor false.", e.Word), ZH: fmt.Sprintf("“%s”应为 true 或 false。", e.Word)}})
	}
	return out
}

type profileExportCmd struct {
	remote
	tableFile
}

func (p *profileExportCmd) Run(ctx context.Context) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	return p.write("profiles", func(out *csv.Writer) (n int, err error) {
		if err := out.Write(spreadsheet.ExportedColumns); err != nil {
			return 0, err
		}
		for after := ""; ; {
			page, next, err := c.ProfilesAfter(ctx, after)
			if err != nil {
				return n, err
			}
			for _, x := range page {
				if err := out.Write(exported(x)); err != nil {
					return n, err
				}
			}
			n += len(page)
			if after = next; next == "" {
				return n, nil
			}
		}
	})
}

func exported(p client.Profile) []string {
	out := []string{p.ID, p.State, p.EmailState, fmt.Sprint(p.Version), p.Accreditation, p.Kind, p.HolderType}
	for _, name := range spreadsheet.ProfileFields {
		out = append(out, spreadsheet.Safe(p.Field(name)))
	}
	longTerm, _ := p.Fields["long_term"].(bool)
	return append(out, fmt.Sprint(longTerm), fmt.Sprint(p.Default))
}
