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
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/verinym/verinym/internal/app"
)

// version is set by the linker in released builds.
var version = "development"

type cli struct {
	Verbose bool             `short:"v" help:"Log what happens inside to standard error."`
	Version kong.VersionFlag `help:"Print the version and exit."`

	Demo            demoCmd            `cmd:"" help:"Run everything embedded with sample accounts and data, until Ctrl-C."`
	Tour            tourCmd            `cmd:"" help:"Walk the whole journey, from an empty folder to domains whose status is Normal."`
	Serve           serveCmd           `cmd:"" help:"Run a server with a configuration file."`
	Mail            mailCmd            `cmd:"" help:"Pass on what mail servers send back."`
	Domain          domainCmd          `cmd:"" help:"Ask about a domain."`
	Explain         explainCmd         `cmd:"" help:"Say what a status of a domain name means, who sets and lifts it, and what to do."`
	Rdap            rdapCmd            `cmd:"" name:"rdap" help:"Look up the registration data of any domain name."`
	Inspection      inspectionCmd      `cmd:"" help:"Make and check signed files of everything on record about a domain or profile."`
	Profile         profileCmd         `cmd:"" help:"Bring registrant profiles in from a CSV file, or out to one."`
	Number          numberCmd          `cmd:"" help:"Check a document number by the standard of its kind."`
	Screen          screenCmd          `cmd:"" help:"Say why a reviewer would refuse a picture."`
	Policy          policyCmd          `cmd:"" help:"Check and explain policy files."`
	RegistrySandbox registrySandboxCmd `cmd:"" name:"registry-sandbox" help:"Run the EPP sandbox registry alone."`
	Vault           vaultCmd           `cmd:"" help:"Change the keys under which documents and numbers are sealed."`
	Epp             eppCmd             `cmd:"" name:"epp" help:"Send an EPP command, or any frame, to a registry and print the answer."`
	Registry        registryCmd        `cmd:"" help:"Get to know a registry."`
	Account         accountCmd         `cmd:"" help:"Look after how you sign in."`
	Audit           auditCmd           `cmd:"" help:"Check the audit record."`
	User            userCmd            `cmd:"" help:"Manage who may sign in."`
	Key             keyCmd             `cmd:"" help:"Manage API keys."`
	Migrate         migrateCmd         `cmd:"" help:"Bring a database's schema up to date."`
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
	var c cli
	status := -1
	parser, err := kong.New(&c, kong.Name("verinym"), kong.Description("Registrant identity verification for domain registrars."),
		kong.Vars{"version": version}, kong.UsageOnError(), kong.Exit(func(code int) { status = code }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "verinym:", err)
		return 1
	}
	switch { // as people say it
	case len(args) > 0 && args[0] == "help":
		args = append(slices.Clone(args[1:]), "--help")
	case len(args) == 1 && args[0] == "version":
		args = []string{"--version"}
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
			fmt.Fprintln(os.Stderr, "verinym:", e.err)
		}
		return e.status
	}
	fmt.Fprintln(os.Stderr, "verinym:", err)
	return 1
}
