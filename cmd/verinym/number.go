package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/app"
)

type numberCmd struct {
	Type  string `arg:"" help:"The kind of document or number, for example resident_id, business_licence, uscc, mrz."`
	Value string `arg:"" help:"The number; lines of an MRZ are separated by newlines. - reads standard input: one number a line, an MRZ up to an empty line."`
	JSON  bool   `help:"Print the answer as JSON, one object per number."`
}

// numberAnswer is what number prints as JSON.
type numberAnswer struct {
	Line        int      `json:"line,omitempty"` // of standard input
	Type        string   `json:"type"`
	Valid       bool     `json:"valid"`
	Normal      string   `json:"normal"`
	Mask        string   `json:"mask,omitempty"`
	Birth       string   `json:"birth,omitempty"`
	Sex         string   `json:"sex,omitempty"`
	Region      string   `json:"region,omitempty"`
	Nationality string   `json:"nationality,omitempty"`
	Warning     string   `json:"warning,omitempty"`
	Code        string   `json:"code,omitempty"`
	Looks       []string `json:"looks,omitempty"`
	Message     *pair    `json:"message,omitempty"`
}

type pair struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

func (n *numberCmd) Run() error {
	desk, err := app.NewDesk()
	if err != nil {
		return err
	}
	kind, known := desk.Policies.NumberKind(n.Type)
	if !known {
		return usage("there is no kind of document or number called %q; choose one of: %s", n.Type, strings.Join(desk.NumberTypes(), ", "))
	}
	if n.Value != "-" {
		return n.answer(desk, kind, n.Value, 0)
	}
	return n.each(os.Stdin, kind == identifier.MRZ, func(value string, line int) error { return n.answer(desk, kind, value, line) })
}

// maxLine bounds a line of standard input; no number is as long.
const maxLine = 64 << 10

// each calls f for every number of r. All are looked at, also after an invalid
// one; then the first failure is returned.
func (n *numberCmd) each(r io.Reader, zones bool, f func(value string, line int) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	var first error
	var zone []string
	begin, line, count := 0, 0, 0
	flush := func(value string, at int) {
		count++
		if err := f(value, at); err != nil && first == nil {
			first = err
		}
	}
	for lines.Scan() {
		line++
		switch text := lines.Text(); {
		case !zones && strings.TrimSpace(text) != "":
			flush(text, line)
		case zones && strings.TrimSpace(text) != "":
			if len(zone) == 0 {
				begin = line
			}
			zone = append(zone, text)
		case len(zone) > 0:
			flush(strings.Join(zone, "\n"), begin)
			zone = nil
		}
	}
	if len(zone) > 0 {
		flush(strings.Join(zone, "\n"), begin)
	}
	switch err := lines.Err(); {
	case err != nil:
		return exit{2, fmt.Errorf("standard input, line %d: %w", line+1, err)}
	case count == 0:
		return usage("standard input holds no number")
	}
	return first
}

// answer checks one number and prints what it found; the error is exit status 1.
func (n *numberCmd) answer(desk *app.Desk, kind identifier.Kind, value string, line int) error {
	num, err := identifier.Parse(kind, value)
	out := numberAnswer{Line: line, Type: n.Type, Valid: err == nil, Normal: num.Normal}
	var wrong *identifier.Error
	if errors.As(err, &wrong) {
		out.Code = wrong.Code
		for _, l := range wrong.Looks {
			out.Looks = append(out.Looks, string(l))
		}
		en, zh := desk.NumberFault(n.Type, wrong)
		out.Message = &pair{en, zh}
	} else {
		out.Mask, out.Sex, out.Region, out.Nationality, out.Warning = num.Mask(), string(num.Sex), num.Region, num.Nationality, num.Warning
		if !num.Birth.IsZero() {
			out.Birth = num.Birth.String()
		}
	}
	if n.JSON {
		if err := printJSON(out); err != nil {
			return err
		}
	} else {
		out.print()
	}
	if !out.Valid {
		return exit{status: 1}
	}
	return nil
}

func (a numberAnswer) print() {
	at := ""
	if a.Line > 0 {
		at = fmt.Sprintf("line %d: ", a.Line)
	}
	if !a.Valid {
		fmt.Printf("%sinvalid: %s\n%s\n%s\n", at, a.Code, a.Message.EN, a.Message.ZH)
		return
	}
	fmt.Printf("%svalid: %s\n", at, a.Normal)
	facts := map[string]string{"born": a.Birth, "sex": a.Sex, "region": a.Region, "nationality": a.Nationality, "shown as": a.Mask, "warning": a.Warning}
	for _, k := range slices.Sorted(maps.Keys(facts)) {
		if facts[k] != "" {
			fmt.Printf("  %-12s %s\n", k, facts[k])
		}
	}
}
