package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
)

type domainImportCmd struct {
	remote
	File          string        `arg:"" help:"A list of names, one a line, or a CSV file whose first row names the columns domain, account and accreditation (- reads standard input)."`
	Account       string        `help:"The account that gets them, where the file does not say."`
	Accreditation string        `help:"mainland or overseas, where the file does not say." enum:"mainland,overseas" default:"mainland"`
	DryRun        bool          `help:"Ask the registries what they have of each, and change nothing."`
	Wait          time.Duration `help:"How long to wait for the registries' answers." default:"10m"`
	JSON          bool          `help:"Print a line of JSON for each name, and the sums as the last one."`
	Lang          string        `help:"en or zh." enum:"en,zh" default:"en"`
}

// domainRow is a name of the file, with where it stands there.
type domainRow struct {
	line, column                   int
	domain, account, accreditation string
}

// importSums count what became of the rows.
type importSums struct{ taken, refused, open int }

func (d *domainImportCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	in := os.Stdin
	if d.File != "-" {
		if in, err = os.Open(d.File); err != nil {
			return usage("%v", err)
		}
		defer in.Close()
	}
	rows, err := d.read(in)
	if err != nil {
		return usage("%s: %v", d.File, err)
	}
	sums, begun := importSums{}, []domainRow{}
	progress := newBar(len(rows), !d.JSON)
	for done := 0; done < len(rows); {
		part := sameOwner(rows[done:])
		progress.show(done, part[0].domain)
		answer := c.ImportDomains
		if d.DryRun {
			answer = c.TryImport
		}
		got, err := answer(ctx, part[0].account, part[0].accreditation, namesOf(part)...)
		progress.clear()
		if err != nil {
			return fmt.Errorf("names from line %d on: %w; those before are taken, and the file can be sent again as it is", part[0].line, err)
		}
		for i, one := range got {
			switch {
			case one.Error != nil:
				sums.refused++
				err = d.say(part[i], "refused", one.Error.Code, one.Error.Text)
			case d.DryRun:
				sums.taken++
				err = d.found(part[i], *one.Found)
			default:
				begun = append(begun, part[i])
			}
			if err != nil {
				return err
			}
		}
		done += len(part)
	}
	if err := d.follow(ctx, c, begun, &sums); err != nil {
		return err
	}
	return d.report(len(rows), sums)
}

// follow waits for what the registries say of the names, and prints those that they do not
// have under our sponsorship.
func (d *domainImportCmd) follow(ctx context.Context, c *client.Client, begun []domainRow, sums *importSums) error {
	progress := newBar(len(begun), !d.JSON)
	end := time.Now().Add(d.Wait)
	for i := 0; i < len(begun); {
		progress.show(i, begun[i].domain)
		got, err := c.Import(ctx, begun[i].domain)
		if err != nil {
			progress.clear()
			return err
		}
		switch got.State {
		case "importing":
			if time.Now().After(end) {
				sums.open++
				i++
				continue
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(200 * time.Millisecond):
			}
			continue
		case "imported":
			sums.taken++
			err = d.say(begun[i], "imported", "", client.Words{})
		default:
			progress.clear()
			sums.refused++
			err = d.say(begun[i], "refused", got.Code, *got.Reason)
		}
		if err != nil {
			return err
		}
		i++
	}
	progress.clear()
	return nil
}

// say prints what became of a name; one that was taken is worth a line in JSON only.
func (d *domainImportCmd) say(r domainRow, state, code string, text client.Words) error {
	switch {
	case d.JSON:
		return printJSON(map[string]any{"line": r.line, "column": r.column, "domain": r.domain, "state": state, "code": code, "text": text})
	case state != "refused":
		return nil
	}
	words := text.EN
	if d.Lang == "zh" {
		words = text.ZH
	}
	fmt.Printf("line %d, column %d: %s: %s (%s)\n", r.line, r.column, r.domain, words, code)
	return nil
}

// found prints what the registry has of a name.
func (d *domainImportCmd) found(r domainRow, p client.Prospect) error {
	if d.JSON {
		return printJSON(map[string]any{"line": r.line, "column": r.column, "domain": r.domain, "state": "found", "registry": p.Registry, "registrant": p.Registrant, "epp_statuses": p.Statuses, "expires_at": p.ExpiresAt, "due_at": p.DueAt})
	}
	fmt.Printf("%s: registrant %s, %s\n", r.domain, p.Registrant, strings.Join(p.Statuses, " "))
	return nil
}

func (d *domainImportCmd) report(rows int, sums importSums) error {
	if d.JSON {
		if err := printJSON(map[string]any{"rows": rows, "imported": sums.taken, "refused": sums.refused, "open": sums.open, "dry_run": d.DryRun}); err != nil {
			return err
		}
	} else {
		made := "imported"
		if d.DryRun {
			made = "would be imported"
		}
		fmt.Printf("%d names: %d %s, %d refused, %d not answered yet\n", rows, sums.taken, made, sums.refused, sums.open)
	}
	if sums.refused+sums.open > 0 {
		return exit{1, nil}
	}
	return nil
}

// sameOwner are the next rows of one account and accreditation, as many as are sent at once.
func sameOwner(rows []domainRow) []domainRow {
	n := 1
	for n < min(len(rows), batchSize) && rows[n].account == rows[0].account && rows[n].accreditation == rows[0].accreditation {
		n++
	}
	return rows[:n]
}

func namesOf(rows []domainRow) (out []string) {
	for _, r := range rows {
		out = append(out, r.domain)
	}
	return out
}

var domainColumns = []string{"domain", "account", "accreditation"}

// read reads the rows of a file. A file whose first cell is a domain name has no names of
// columns: it is a list. A name that stands there twice is imported once.
func (d *domainImportCmd) read(r io.Reader) (out []domainRow, err error) {
	text, err := spreadsheetText(r)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	header, seen := []string(nil), map[string]bool{}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if header == nil {
			header = []string{"domain"}
			if !strings.ContainsAny(cells[0], ".。") {
				if header, err = domainHeader(cells); err != nil {
					return nil, err
				}
				continue
			}
		}
		row, err := d.row(in, header, cells)
		if err != nil {
			return nil, err
		}
		if !seen[row.domain] {
			seen[row.domain] = true
			out = append(out, row)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("there is no name in it")
	}
	return out, nil
}

func domainHeader(cells []string) (header []string, err error) {
	for _, cell := range cells {
		name := strings.ToLower(plainCell(cell))
		if !slices.Contains(domainColumns, name) {
			return nil, fmt.Errorf("there is no column %q; the columns are %s", cell, strings.Join(domainColumns, ", "))
		}
		header = append(header, name)
	}
	if !slices.Contains(header, "domain") {
		return nil, errors.New("no column is called domain")
	}
	return header, nil
}

func (d *domainImportCmd) row(in *csv.Reader, header, cells []string) (r domainRow, err error) {
	line, _ := in.FieldPos(0)
	r = domainRow{line: line, column: 1, account: d.Account, accreditation: d.Accreditation}
	if len(cells) > len(header) {
		return r, fmt.Errorf("line %d, column %d: there are %d columns", line, len(header)+1, len(header))
	}
	for i, cell := range cells {
		if cell = plainCell(cell); cell == "" {
			continue
		}
		switch header[i] {
		case "domain":
			r.domain, r.column = cell, i+1
		case "account":
			r.account = cell
		case "accreditation":
			if cell != "mainland" && cell != "overseas" {
				return r, fmt.Errorf("line %d, column %d: %q is neither mainland nor overseas", line, i+1, cell)
			}
			r.accreditation = cell
		}
	}
	switch {
	case r.domain == "":
		return r, fmt.Errorf("line %d: there is no domain in it", line)
	case r.account == "":
		return r, fmt.Errorf("line %d: which account? Say --account, or have a column of that name", line)
	}
	return r, nil
}
