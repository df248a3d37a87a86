package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/screen"
)

type numberCmd struct {
	Type  string `arg:"" help:"The kind of number, for example resident_id, uscc, passport, mrz."`
	Value string `arg:"" help:"The number; lines of an MRZ are separated by newlines."`
	JSON  bool   `help:"Print the answer as JSON."`
}

type numberAnswer struct {
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
	kind := identifier.Kind(n.Type)
	if !kind.Known() {
		var kinds []string
		for _, k := range identifier.Kinds() {
			kinds = append(kinds, string(k))
		}
		return usage("there is no kind of number called %q; choose one of: %s", n.Type, strings.Join(kinds, ", "))
	}
	texts, err := app.Texts()
	if err != nil {
		return err
	}
	num, err := identifier.Parse(kind, n.Value)
	out := numberAnswer{Type: n.Type, Valid: err == nil, Normal: num.Normal}
	var wrong *identifier.Error
	if errors.As(err, &wrong) {
		out.Code = wrong.Code
		for _, l := range wrong.Looks {
			out.Looks = append(out.Looks, string(l))
		}
		params := map[string]string{"Kind": n.Type, "Want": wrong.Want, "Got": fmt.Sprint(wrong.Length), "Position": fmt.Sprint(wrong.Position), "Typed": wrong.Found, "Suggestion": wrong.Want, "Looks": strings.Join(out.Looks, ",")}
		words := texts.Both(wrong.Code, params)
		out.Message = &pair{words.EN, words.ZH}
	} else {
		out.Mask, out.Sex, out.Region, out.Nationality, out.Warning = num.Mask(), string(num.Sex), num.Region, num.Nationality, num.Warning
		if !num.Birth.IsZero() {
			out.Birth = num.Birth.String()
		}
	}
	if n.JSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(out); err != nil {
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
	if !a.Valid {
		fmt.Printf("invalid: %s\n%s\n%s\n", a.Code, a.Message.EN, a.Message.ZH)
		return
	}
	fmt.Printf("valid: %s\n", a.Normal)
	facts := map[string]string{"born": a.Birth, "sex": a.Sex, "region": a.Region, "nationality": a.Nationality, "shown as": a.Mask, "warning": a.Warning}
	for _, k := range slices.Sorted(maps.Keys(facts)) {
		if facts[k] != "" {
			fmt.Printf("  %-12s %s\n", k, facts[k])
		}
	}
}

type screenCmd struct {
	Files  []string `arg:"" help:"Pictures to look at."`
	Type   string   `help:"The kind of document, for example resident_id."`
	Side   string   `help:"front or back."`
	Policy string   `help:"Whose limits: general or cnnic." enum:"general,cnnic" default:"general"`
	JSON   bool     `help:"Print one JSON object a file."`
}

type screenAnswer struct {
	File     string          `json:"file"`
	Verdict  string          `json:"verdict"`
	Findings []screenFinding `json:"findings"`
	Image    screenImage     `json:"image"`
	TookMS   float64         `json:"took_ms"`
}

type screenFinding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  pair   `json:"message"`
	Region   []int  `json:"region,omitempty"`
}

type screenImage struct {
	Format string `json:"format"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int64  `json:"bytes"`
}

func (s *screenCmd) Run(ctx context.Context) error {
	policy := screen.General
	if s.Policy == "cnnic" {
		policy = screen.CNNIC
	}
	rejected := false
	for _, name := range s.Files {
		a, err := s.look(ctx, name, policy)
		if err != nil {
			return exit{2, err}
		}
		rejected = rejected || a.Verdict == string(screen.Reject)
		if s.JSON {
			enc := json.NewEncoder(os.Stdout)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(a); err != nil {
				return err
			}
			continue
		}
		fmt.Printf("%s: %s (%s %d×%d, %d bytes, %.0f ms)\n", a.File, a.Verdict, a.Image.Format, a.Image.Width, a.Image.Height, a.Image.Bytes, a.TookMS)
		for _, f := range a.Findings {
			fmt.Printf("  %s %s\n    %s\n    %s\n", f.Severity, f.Code, f.Message.EN, f.Message.ZH)
		}
	}
	if rejected {
		return exit{status: 1}
	}
	return nil
}

func (s *screenCmd) look(ctx context.Context, name string, policy screen.Policy) (a screenAnswer, err error) {
	texts, err := app.Texts()
	if err != nil {
		return a, err
	}
	f, err := os.Open(name)
	if err != nil {
		return a, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return a, err
	}
	started := time.Now()
	report, err := screen.Screen(ctx, f, info.Size(), screen.Options{Name: name, Kind: s.Type, Side: s.Side, Policy: policy})
	if err != nil {
		return a, err
	}
	a = screenAnswer{File: name, Verdict: string(report.Verdict), Findings: []screenFinding{}, TookMS: float64(time.Since(started).Microseconds()) / 1000,
		Image: screenImage{string(report.Image.Format), report.Image.Width, report.Image.Height, report.Image.Bytes}}
	for _, x := range app.Findings(report.Findings) {
		words := texts.Both(x.Code, x.Params)
		a.Findings = append(a.Findings, screenFinding{x.Code, x.Severity, pair{words.EN, words.ZH}, x.Region})
	}
	return a, nil
}
