package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/spreadsheet"
)

type auditPortfolioCmd struct {
	endpoint
	File          string `arg:"" help:"A CSV file of names, or a list with one per line, - for standard input. Columns: name and, if known, created, expires, due, statuses, naming, real_name."`
	Registry      string `help:"Ask a registry about each name by <info>: the account's name, in the --config or of a running demo; an --addr does as well."`
	Accreditation string `help:"The accreditation that the names are held under." enum:"mainland,overseas" default:"mainland"`
	Format        string `help:"text, csv or json." enum:"text,csv,json" default:"text"`
	All           bool   `help:"Also print names without problems."`
}

// Run reads, judges and prints. It changes nothing. Exit status 1 says that some name is
// held or will be.
func (p *auditPortfolioCmd) Run(ctx context.Context) error {
	desk, err := app.NewDesk()
	if err != nil {
		return err
	}
	names, err := p.names(desk)
	if err != nil {
		return exit{2, err}
	}
	answers, err := p.judge(ctx, desk, names)
	if err != nil {
		return err
	}
	order := app.PortfolioOutcomes()
	slices.SortStableFunc(answers, func(a, b app.PortfolioAnswer) int {
		if n := slices.Index(order, a.Outcome) - slices.Index(order, b.Outcome); n != 0 {
			return n
		}
		return holdTime(a).Compare(holdTime(b))
	})
	if err := p.print(os.Stdout, answers, order); err != nil {
		return err
	}
	if slices.ContainsFunc(answers, func(a app.PortfolioAnswer) bool { return a.AtRisk }) {
		return exit{status: 1}
	}
	return nil
}

func holdTime(a app.PortfolioAnswer) time.Time {
	if a.HoldAt == nil {
		return time.Time{}
	}
	return *a.HoldAt
}

func (p *auditPortfolioCmd) names(desk *app.Desk) ([]app.PortfolioName, error) {
	var in io.Reader = os.Stdin
	if p.File != "-" {
		f, err := os.Open(p.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	text, err := spreadsheet.Text(in)
	if err != nil {
		return nil, err
	}
	return desk.ReadPortfolio(text)
}

// judge answers for each name; those of a registry are asked there first.
func (p *auditPortfolioCmd) judge(ctx context.Context, desk *app.Desk, names []app.PortfolioName) ([]app.PortfolioAnswer, error) {
	var conn *epp.Conn
	if p.Registry != "" || p.Addr != "" {
		t, err := p.resolve(p.Registry)
		if err != nil {
			return nil, err
		}
		if conn, err = epp.Dial(ctx, t.addr, t.options); err != nil {
			return nil, err
		}
		defer conn.Close()
	}
	now := time.Now()
	bar := newBar(len(names), true) // gone before anything is printed
	defer bar.clear()
	answers := make([]app.PortfolioAnswer, 0, len(names))
	for i, n := range names {
		bar.show(i, n.Name)
		if conn != nil {
			asked, found, err := app.AskPortfolio(ctx, conn, n)
			if err != nil {
				return nil, err
			}
			if !found {
				answers = append(answers, desk.NotShown(n))
				continue
			}
			n = asked
		}
		answers = append(answers, desk.JudgePortfolio(p.Accreditation, now, n))
	}
	return answers, nil
}

func (p *auditPortfolioCmd) print(w io.Writer, answers []app.PortfolioAnswer, order []string) error {
	counts := map[string]int{}
	for _, a := range answers {
		counts[a.Outcome]++
	}
	shown := answers
	if !p.All {
		shown = slices.DeleteFunc(slices.Clone(answers), func(a app.PortfolioAnswer) bool { return a.Outcome == "safe" })
	}
	switch p.Format {
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(struct {
			Counts map[string]int        `json:"counts"`
			Names  []app.PortfolioAnswer `json:"names"`
		}{counts, append([]app.PortfolioAnswer{}, shown...)})
	case "csv":
		out := csv.NewWriter(w)
		_ = out.Write([]string{"name", "outcome", "hold_at", "code", "reason_en", "reason_zh"}) // Flush tells
		for _, a := range shown {
			_ = out.Write([]string{a.Domain, a.Outcome, when(a.HoldAt, time.RFC3339), a.Code, a.Reason.EN, a.Reason.ZH})
		}
		out.Flush()
		return out.Error()
	}
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, a := range shown {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.Outcome, a.Domain, when(a.HoldAt, "2006-01-02 15:04 -07:00"), a.Reason.EN)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	var sum []string
	for _, o := range order {
		if counts[o] > 0 {
			sum = append(sum, fmt.Sprintf("%d %s", counts[o], o))
		}
	}
	_, err := fmt.Fprintf(w, "%s: %s\n", counted(len(answers), "name", "names"), strings.Join(sum, ", "))
	return err
}

func when(t *time.Time, layout string) string {
	if t == nil {
		return ""
	}
	return t.Format(layout)
}
