package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/verinym/verinym/client"
)

type registryFindingsCmd struct {
	remote
	JSON bool `help:"Print a line of JSON for each."`
}

func (r *registryFindingsCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	found, err := c.RegistryFindings(ctx)
	if err != nil {
		return err
	}
	for _, f := range found {
		if r.JSON {
			if err := printJSON(f); err != nil {
				return err
			}
			continue
		}
		printFinding(os.Stdout, f)
	}
	return nil
}

// printFinding says of which account a finding is, and what it is about.
func printFinding(w io.Writer, f client.RegistryFinding) {
	about := f.Code
	if f.Subject != "" {
		about += " " + f.Subject
	}
	fmt.Fprintf(w, "%s  %s  %s  %s\n    %s\n", f.ID, f.LastAt.Format(time.RFC3339), f.Registry, plain(about), plain(f.Text.EN))
}

type registryMessageCmd struct {
	remote
	Finding string `arg:"" help:"The id of a finding about a message (verinym registry findings)."`
}

func (r *registryMessageCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	m, err := c.RegistryMessage(ctx, r.Finding)
	if err != nil {
		return err
	}
	fmt.Println(plain(m.Raw))
	return nil
}
