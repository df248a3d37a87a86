package main

import (
	"context"
	"fmt"
	"time"
)

type transfersCmd struct {
	remote
	State string `help:"Only those in one state: requesting, pending, cancelling, completed, failed, cancelled."`
	JSON  bool   `help:"Print a line of JSON for each."`
}

func (t *transfersCmd) Run(ctx context.Context) error {
	c, err := t.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		found, next, err := c.Transfers(ctx, t.State, after)
		if err != nil {
			return err
		}
		for _, x := range found {
			if t.JSON {
				if err := printJSON(x); err != nil {
					return err
				}
				continue
			}
			fmt.Printf("%s  %s  %-10s  %s\n", x.ID, x.CreatedAt.Format(time.RFC3339), x.State, x.Domain)
			if x.Reason != nil {
				fmt.Printf("    %s\n", x.Reason.EN)
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}
