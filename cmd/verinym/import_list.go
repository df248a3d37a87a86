package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/spreadsheet"
)

type importListCmd struct {
	Send   importListSendCmd   `cmd:"" help:"Submit a list: each name is looked up at its registry, and nothing is imported yet."`
	Show   importListShowCmd   `cmd:"" help:"Show the progress of a list, and the result for each name."`
	Ls     importListLsCmd     `cmd:"" name:"list" help:"List the submitted lists, newest first."`
	Check  importListCheckCmd  `cmd:"" help:"Look up the refused names at the registries again."`
	Start  importListStartCmd  `cmd:"" help:"Import the names that were found."`
	Cancel importListCancelCmd `cmd:"" help:"Cancel a list: names that are not imported yet are left unchanged."`
}

type importListSendCmd struct {
	remote
	namesFile
	JSON bool `help:"Print the list as JSON."`
}

func (i *importListSendCmd) Run(ctx context.Context) error {
	c, err := i.client()
	if err != nil {
		return err
	}
	rows, err := i.names()
	if err != nil {
		return err
	}
	names := make([]client.WantedName, len(rows))
	for n, r := range rows {
		names[n] = client.WantedName{Domain: r.Domain, Account: r.Account, Accreditation: r.Accreditation, Line: r.Line, Column: r.Column}
	}
	l, err := c.SendImportList(ctx, filepath.Base(i.File), names)
	if err != nil {
		return err
	}
	return showImportList(l, i.JSON)
}

// oneImportList is a list that was sent before.
type oneImportList struct {
	remote
	ID   string `arg:"" help:"The list: iml_…"`
	JSON bool   `help:"Print it as JSON."`
}

func (o *oneImportList) moved(ctx context.Context, move func(*client.Client, context.Context, string) (client.ImportList, error)) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	l, err := move(c, ctx, o.ID)
	if err != nil {
		return err
	}
	return showImportList(l, o.JSON)
}

type importListCheckCmd struct{ oneImportList }

func (i *importListCheckCmd) Run(ctx context.Context) error {
	return i.moved(ctx, (*client.Client).CheckImportList)
}

type importListStartCmd struct{ oneImportList }

func (i *importListStartCmd) Run(ctx context.Context) error {
	return i.moved(ctx, (*client.Client).StartImportList)
}

type importListCancelCmd struct{ oneImportList }

func (i *importListCancelCmd) Run(ctx context.Context) error {
	return i.moved(ctx, (*client.Client).CancelImportList)
}

type importListShowCmd struct {
	oneImportList
	State string `help:"Only names in one state: waiting, found, importing, imported, refused."`
	Lang  string `help:"en or zh." enum:"en,zh" default:"en"`
}

func (i *importListShowCmd) Run(ctx context.Context) error {
	if err := i.moved(ctx, (*client.Client).ImportList); err != nil {
		return err
	}
	c, err := i.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		rows, next, err := c.ImportRows(ctx, i.ID, i.State, after)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := i.row(r); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func (i *importListShowCmd) row(r client.ImportRow) error {
	if i.JSON {
		return printJSON(r)
	}
	text := ""
	switch {
	case r.Reason != nil && i.Lang == "zh":
		text = fmt.Sprintf("%s (%s)", r.Reason.ZH, r.Code)
	case r.Reason != nil:
		text = fmt.Sprintf("%s (%s)", r.Reason.EN, r.Code)
	case r.Found != nil && r.Found.DueAt != nil:
		text = "held from " + r.Found.DueAt.Format(time.RFC3339)
	}
	_, err := fmt.Printf("  line %d  %-9s  %s  %s\n", r.Line, r.State, plain(r.Domain), plain(text))
	return err
}

type importListLsCmd struct {
	remote
	JSON bool `help:"Print a line of JSON for each."`
}

func (i *importListLsCmd) Run(ctx context.Context) error {
	c, err := i.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		found, next, err := c.ImportLists(ctx, after)
		if err != nil {
			return err
		}
		for _, l := range found {
			if err := showImportList(l, i.JSON); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func showImportList(l client.ImportList, asJSON bool) error {
	if asJSON {
		return printJSON(l)
	}
	fmt.Printf("%s  %s  %-9s  %s  %s\n", l.ID, l.CreatedAt.Format(time.RFC3339), l.State, counted(l.Total, "name", "names"), plain(l.Name))
	for _, state := range []string{"waiting", "found", "importing", "imported", "refused"} {
		if n := l.Rows[state]; n > 0 {
			fmt.Printf("  %d %s\n", n, state)
		}
	}
	return nil
}

// namesFile is a file of names, and what holds where it does not say.
type namesFile struct {
	File          string `arg:"" help:"A list of names, one per line, or a CSV file whose first row names the columns domain, account and accreditation (- reads standard input)."`
	Account       string `help:"The account that gets them, for rows without an account."`
	Accreditation string `help:"mainland or overseas, for rows without an accreditation." enum:"mainland,overseas" default:"mainland"`
}

func (f *namesFile) names() ([]spreadsheet.Name, error) {
	return readNames(f.File, spreadsheet.Name{Account: f.Account, Accreditation: f.Accreditation})
}

// readNames reads the names of a file, - for standard input.
func readNames(file string, otherwise spreadsheet.Name) ([]spreadsheet.Name, error) {
	in := os.Stdin
	if file != "-" {
		var err error
		if in, err = os.Open(file); err != nil {
			return nil, usage("%v", err)
		}
		defer in.Close()
	}
	text, err := spreadsheet.Text(in)
	if err != nil {
		return nil, usage("%s: %v", file, err)
	}
	rows, err := spreadsheet.Names(text, otherwise)
	if err != nil {
		return nil, usage("%s: %v", file, err)
	}
	return rows, nil
}
