// Verinym is registrant identity verification for domain registrars: one program
// that serves, demonstrates, checks and operates it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/verinym/verinym/internal/app"
)

// version is set by the linker in released builds.
var version = "development"

type cli struct {
	Verbose bool             `short:"v" help:"Log what happens inside to standard error."`
	Version kong.VersionFlag `help:"Print the version and exit."`
}

// commands in the order in which help lists them.
var commands = []struct {
	name, help string
	command    any
}{
	{"demo", "Run everything embedded with sample accounts and data, until Ctrl-C.", &demoCmd{}},
	{"tour", "Walk the whole journey, from an empty folder to domains whose status is Normal.", &tourCmd{}},
	{"serve", "Run a server with a configuration file.", &serveCmd{}},
	{"mail", "Pass on what mail servers send back.", &mailCmd{}},
	{"domain", "Look up and manage domains.", &domainCmd{}},
	{"task", "Manage tasks that associate a profile with domains.", &taskCmd{}},
	{"order", "Manage orders of new domains.", &orderCmd{}},
	{"explain", "Explain what a status of a domain name means, who sets and lifts it, and what to do.", &explainCmd{}},
	{"rdap", "Look up the registration data of any domain name.", &rdapCmd{}},
	{"inspection", "Create and check signed files of everything on record about a domain or profile.", &inspectionCmd{}},
	{"profile", "Manage registrant profiles; import them from a CSV file or export them to one.", &profileCmd{}},
	{"number", "Check a document number by the standard of its kind.", &numberCmd{}},
	{"screen", "Say why a reviewer would refuse a picture.", &screenCmd{}},
	{"policy", "Check and explain policy files.", &policyCmd{}},
	{"registry-sandbox", "Run the EPP sandbox registry alone.", &registrySandboxCmd{}},
	{"vault", "Change the keys under which documents and numbers are sealed.", &vaultCmd{}},
	{"epp", "Send an EPP command, or any frame, to a registry and print the answer.", &eppCmd{}},
	{"registry", "Probe, watch and operate registries.", &registryCmd{}},
	{"account", "Manage how you sign in.", &accountCmd{}},
	{"data", "Get a copy of your data or have it erased; answer such requests.", &dataCmd{}},
	{"audit", "Search and check the audit record.", &auditCmd{}},
	{"user", "Manage who can sign in.", &userCmd{}},
	{"key", "Manage API keys.", &keyCmd{}},
	{"migrate", "Bring a database's schema up to date.", &migrateCmd{}},
}

// grammar is that of the command that the arguments begin with, or of all where they begin with none: to build all takes
// longer than many commands do.
func grammar(args []string) (out []kong.Option) {
	first := slices.IndexFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") })
	for _, c := range commands {
		if first >= 0 && args[first] == c.name {
			return []kong.Option{kong.DynamicCommand(c.name, c.help, "", c.command)}
		}
		out = append(out, kong.DynamicCommand(c.name, c.help, "", c.command))
	}
	return out
}

// exit is an error that carries the exit status.
type exit struct {
	status int
	err    error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// usage is an error in how the program was called: status 2.
func usage(format string, args ...any) error { return exit{2, fmt.Errorf(format, args...)} }

func main() {
	app.Prisoner()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	switch { // as people say it
	case len(args) > 0 && args[0] == "help":
		args = append(slices.Clone(args[1:]), "--help")
	case len(args) == 1 && args[0] == "version":
		args = []string{"--version"}
	}
	var c cli
	status := -1
	parser, err := kong.New(&c, append(grammar(args), kong.Name("verinym"), kong.Description("Registrant identity verification for domain registrars."),
		kong.Vars{"version": version}, kong.UsageOnError(), kong.Exit(func(code int) { status = code }), kong.BindTo(ctx, (*context.Context)(nil)))...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "verinym:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	if status >= 0 {
		return status // --help or --version
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "verinym:", err)
		fmt.Fprintln(os.Stderr, "Run verinym --help, or verinym COMMAND --help, to see what it takes.")
		return 2
	}
	level := slog.LevelError
	if c.Verbose {
		level = slog.LevelInfo
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	err = parsed.Run(log)
	var e exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		if e.err != nil {
			fmt.Fprintln(os.Stderr, "verinym:", plain(e.err.Error()))
		}
		return e.status
	}
	fmt.Fprintln(os.Stderr, "verinym:", plain(err.Error()))
	return 1
}
