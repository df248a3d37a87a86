package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/spreadsheet"
)

type domainImportCmd struct {
	remote
	namesFile
	DryRun bool          `help:"Look each name up at its registry without changing anything."`
	Wait   time.Duration `help:"How long to wait for the registries' answers." default:"10m"`
	JSON   bool          `help:"Print a line of JSON for each name, and the totals as the last one."`
	Lang   string        `help:"en or zh." enum:"en,zh" default:"en"`
}

// importSums count what became of the rows.
type importSums struct{ taken, refused, open int }

func (d *domainImportCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	rows, err := d.names()
	if err != nil {
		return err
	}
	sums, begun := importSums{}, []spreadsheet.Name{}
	progress := newBar(len(rows), !d.JSON)
	for done := 0; done < len(rows); {
		part := sameOwner(rows[done:])
		progress.show(done, part[0].Domain)
		answer := c.ImportDomains
		if d.DryRun {
			answer = c.TryImport
		}
		got, err := answer(ctx, part[0].Account, part[0].Accreditation, namesOf(part)...)
		progress.clear()
		if err != nil {
			return fmt.Errorf("names from line %d on: %w; those before are taken, and the file can be sent again as it is", part[0].Line, err)
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
func (d *domainImportCmd) follow(ctx context.Context, c *client.Client, begun []spreadsheet.Name, sums *importSums) error {
	progress := newBar(len(begun), !d.JSON)
	end := time.Now().Add(d.Wait)
	for i := 0; i < len(begun); {
		progress.show(i, begun[i].Domain)
		got, err := c.Import(ctx, begun[i].Domain)
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
func (d *domainImportCmd) say(r spreadsheet.Name, state, code string, text client.Words) error {
	switch {
	case d.JSON:
		return printJSON(map[string]any{"line": r.Line, "column": r.Column, "domain": r.Domain, "state": state, "code": code, "text": text})
	case state != "refused":
		return nil
	}
	words := text.EN
	if d.Lang == "zh" {
		words = text.ZH
	}
	fmt.Printf("line %d, column %d: %s: %s (%s)\n", r.Line, r.Column, r.Domain, words, code)
	return nil
}

// found prints what the registry has of a name.
func (d *domainImportCmd) found(r spreadsheet.Name, p client.Prospect) error {
	if d.JSON {
		return printJSON(map[string]any{"line": r.Line, "column": r.Column, "domain": r.Domain, "state": "found", "registry": p.Registry, "registrant": p.Registrant, "epp_statuses": p.Statuses, "expires_at": p.ExpiresAt, "due_at": p.DueAt})
	}
	fmt.Printf("%s: registrant %s, %s\n", r.Domain, p.Registrant, strings.Join(p.Statuses, " "))
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
		fmt.Printf("%s: %d %s, %d refused, %d not answered yet\n", counted(rows, "name", "names"), sums.taken, made, sums.refused, sums.open)
	}
	if sums.refused+sums.open > 0 {
		return exit{1, nil}
	}
	return nil
}

// sameOwner are the next rows of one account and accreditation, as many as are sent at once.
func sameOwner(rows []spreadsheet.Name) []spreadsheet.Name {
	n := 1
	for n < min(len(rows), batchSize) && rows[n].Account == rows[0].Account && rows[n].Accreditation == rows[0].Accreditation {
		n++
	}
	return rows[:n]
}

func namesOf(rows []spreadsheet.Name) (out []string) {
	for _, r := range rows {
		out = append(out, r.Domain)
	}
	return out
}
