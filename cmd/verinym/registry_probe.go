package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/epp/probe"
	"github.com/verinym/verinym/epp/record"
)

type registryCmd struct {
	Probe     registryProbeCmd     `cmd:"" help:"Probe a test registry for what it offers and how it behaves, without changing anything."`
	Findings  registryFindingsCmd  `cmd:"" help:"List problems with the registries, newest first."`
	Status    registryStatusCmd    `cmd:"" help:"Show the state of our registry accounts: what is waiting, what is in doubt, which are paused."`
	Pause     registryPauseCmd     `cmd:"" help:"Stop sending commands to a registry until it is resumed; submitted operations wait."`
	Resume    registryResumeCmd    `cmd:"" help:"Send a registry commands again."`
	Reconcile registryReconcileCmd `cmd:"" help:"Compare all of our names at a registry with its records, and list the differences."`
	Message   registryMessageCmd   `cmd:"" help:"Print the message that a finding is about, as the registry sent it."`
}

type registryProbeCmd struct {
	endpoint
	Name    string        `arg:"" optional:"" help:"The registry account's name, in the --config or of a running demo; with --addr, a name for the report."`
	Suffix  []string      `help:"Suffixes to check names under, as A-labels. Default: the account's."`
	Record  string        `help:"Write the conversation, redacted, to this file; tests can replay it." type:"path"`
	JSON    bool          `help:"Print the report as JSON."`
	Timeout time.Duration `help:"How long to wait." default:"1m"`
}

func (p *registryProbeCmd) Run(ctx context.Context, log *slog.Logger) error {
	t, err := p.resolve(p.Name)
	if err != nil {
		return err
	}
	if len(p.Suffix) == 0 {
		p.Suffix = t.suffixes
	}
	var recorder record.Recorder
	t.options.Log, t.options.Record = log, recorder.Record
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	report, err := probe.Run(ctx, t.addr, t.options, p.Suffix...)
	if p.Record != "" { // what was said until it went wrong is worth having
		if writeErr := writeRecording(p.Record, recorder.Recording("verinym registry probe "+p.Name)); writeErr != nil {
			return writeErr
		}
	}
	if err != nil {
		return err
	}
	if p.JSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	var b strings.Builder
	printReport(&b, report)
	fmt.Print(plain(b.String()))
	return nil
}

func writeRecording(path string, r *record.Recording) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = r.Write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func printReport(w io.Writer, r *probe.Report) {
	fmt.Fprintf(w, "%s at %s\n", r.ServerID, r.Addr)
	fmt.Fprintf(w, "  clock ahead by     %g s\n", r.ClockAhead)
	if r.TLSVersion != "" {
		fmt.Fprintf(w, "  secured by         %s, %s\n", r.TLSVersion, r.TLSCipher)
		fmt.Fprintf(w, "  certificate        %s, until %s\n", r.Certificate, r.CertExpires.Format(time.DateOnly))
	}
	fmt.Fprintf(w, "  versions, langs    %s, %s\n\nCapabilities\n", strings.Join(r.Versions, " "), strings.Join(r.Langs, " "))
	named := map[string]bool{}
	for _, c := range r.Capabilities {
		mark := "–"
		if c.Offered {
			mark = "✓"
		}
		named[c.Namespace] = true
		fmt.Fprintf(w, "  %s %-34s %s\n", mark, c.Name, c.Namespace)
	}
	for _, uri := range append(r.Objects, r.Extensions...) {
		if !named[uri] {
			fmt.Fprintf(w, "  ? %-34s %s\n", "not spoken here", uri)
		}
	}
	fmt.Fprintln(w, "\nQuestions")
	for _, q := range r.Questions {
		fmt.Fprintf(w, "  %4d %-44s %s\n", q.Code, q.Name, q.Answer)
	}
	fmt.Fprintln(w, "\nDialect")
	for _, t := range r.Dialect {
		fmt.Fprintf(w, "  %-38s %s\n", t.Name, t.Value)
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "\n! %s\n", warning)
	}
}
