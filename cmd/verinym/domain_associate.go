package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/spreadsheet"
)

// wantedNames are the domains that a task is for.
type wantedNames struct {
	Profile string   `arg:"" help:"The profile: prf_…"`
	Names   []string `arg:"" optional:"" help:"The domain names."`
	File    string   `help:"A list of names, one per line, or a CSV file whose first row names the column domain (- reads standard input)."`

	AllMatching  bool `help:"All domains of the account, or those that match the filters below." group:"Filters of --all-matching"`
	domainFilter `group:"Filters of --all-matching"`
}

// list are the names, from the one place where they are said.
func (w *wantedNames) list(ctx context.Context, c *client.Client) (names []string, err error) {
	places := 0
	for _, said := range []bool{len(w.Names) > 0, w.File != "", w.AllMatching} {
		if said {
			places++
		}
	}
	switch {
	case places != 1:
		return nil, usage("say which domains, in one way: their names, --file FILE, or --all-matching with filters")
	case !w.AllMatching && w.domainFilter != domainFilter{}:
		return nil, usage("filters go with --all-matching")
	case w.File != "":
		rows, err := readNames(w.File, spreadsheet.Name{Account: "own"}) // whose they are is not asked: a file for an import will do
		return namesOf(rows), err
	case !w.AllMatching:
		return w.Names, nil
	}
	for after := ""; ; {
		found, next, err := c.ListDomains(ctx, w.wanted(), after)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			// Those that are not the account's any more, or never were, stand in its list.
			if !slices.Contains([]string{"registration_failed", "deleted", "transferred"}, d.Status) {
				names = append(names, d.Name)
			}
		}
		if after = next; after == "" {
			break
		}
	}
	if len(names) == 0 {
		return nil, exit{1, fmt.Errorf("no domain of the account matches: verinym domain list with the same filters shows which do")}
	}
	return names, nil
}

type associateCmd struct {
	wantedNames
	starting
	Preview      bool `help:"Show what would happen to the names, without starting anything."`
	WhenVerified bool `help:"Wait for a profile that is in review."`
}

func (a *associateCmd) Run(ctx context.Context) error {
	return a.associate(ctx, a.wantedNames, a.Preview, client.Association{Operation: client.SubmitVerification, WhenVerified: a.WhenVerified})
}

type changeHolderCmd struct {
	wantedNames
	starting
	Preview      bool   `help:"Show what would happen to the names, without starting anything."`
	Consent      bool   `help:"The current and the new holder agree. Where the rules of a suffix require it, both are also asked by mail."`
	TransferLock string `help:"Whether transfers to another registrar are locked for a time afterwards: rule (as the rules of the suffix say), declined (no lock where the rules let the prior registrant decline it), wanted (even where no rule requires it)." enum:"rule,declined,wanted" default:"rule"`
}

func (h *changeHolderCmd) Run(ctx context.Context) error {
	wish := client.Association{Operation: client.ChangeHolder, Consent: h.Consent || h.Preview}
	if h.TransferLock != "rule" {
		wish.TransferLock = h.TransferLock
	}
	return h.associate(ctx, h.wantedNames, h.Preview, wish)
}

// associate previews or starts what is wished for names.
func (s *starting) associate(ctx context.Context, w wantedNames, preview bool, wish client.Association) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	if wish.Domains, err = w.list(ctx, c); err != nil {
		return s.explain(err)
	}
	wish.Profile = w.Profile
	if preview {
		items, err := c.Preview(ctx, wish)
		if err != nil {
			return s.explain(err)
		}
		return s.foresee(items)
	}
	return s.start(ctx, wish, func(c *client.Client) (client.Task, error) { return c.Associate(ctx, wish) })
}

// foresee prints what would become of names.
func (p printed) foresee(items []client.TaskItem) error {
	var taken, refused groups
	n := 0
	for _, i := range items {
		if p.JSON {
			if err := printJSON(i); err != nil {
				return err
			}
		}
		if i.Code != "" {
			n++
			refused.add(i.Code, p.reason(i), i.Domain)
			continue
		}
		text := expected(i)
		taken.add(text, text, i.Domain)
	}
	if p.JSON {
		if err := printJSON(map[string]any{"names": len(items), "taken": len(items) - n, "refused": n}); err != nil {
			return err
		}
	} else {
		fmt.Printf("%s: %d would be taken, %d refused\n", counted(len(items), "name", "names"), len(items)-n, n)
		taken.print()
		refused.print()
	}
	if n > 0 {
		return exit{1, nil}
	}
	return nil
}

// expected says when the verdict about a name is expected, and when it is held without.
func expected(i client.TaskItem) string {
	text := "no verdict of a registry to wait for"
	if i.VerdictAt != nil {
		text = "verdict expected by the end of " + i.VerdictDay
	}
	if i.HoldAt == nil {
		return text
	}
	at := i.HoldAt.Local().Format("2006-01-02 15:04")
	switch {
	case i.HoldAt.Before(time.Now()):
		return text + "; due since " + at
	case i.VerdictAt != nil && i.HoldAt.Before(*i.VerdictAt):
		return text + "; held before, from " + at
	}
	return text + "; held without it from " + at
}
