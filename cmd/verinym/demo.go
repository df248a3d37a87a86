package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/app"
)

type demoCmd struct {
	Addr string `help:"Where to serve." default:"127.0.0.1:8080"`
	Data string `help:"Folder for the data; created if missing, kept afterwards." default:"verinym-demo" type:"path"`

	Policies string `help:"A folder of your own policy files, laid over the shipped ones." type:"existingdir" placeholder:"DIR"`

	HoldAfter   time.Duration `help:"How long a name may stay unverified before the sandbox registry suspends it." default:"1m"`
	ReviewDelay time.Duration `help:"How long the sandbox's reviews take." default:"2s"`
}

// demoFile is what DIR/demo.json holds once everything answers.
type demoFile struct {
	Console     string              `json:"console_url"`
	APIURL      string              `json:"api_url"`
	DocsURL     string              `json:"docs_url"`
	EPPAddr     string              `json:"epp_addr"`
	EPPAdmin    string              `json:"epp_admin_url"`
	EPPCA       string              `json:"epp_ca_file"`
	EPPLogin    app.EPPLogin        `json:"epp_login"`
	EPPAccounts []app.EPPAccount    `json:"epp_accounts"`
	MailURL     string              `json:"mail_url"`
	Accounts    []app.SampleAccount `json:"accounts"`
}

func (d *demoCmd) Run(ctx context.Context, log *slog.Logger) error {
	file := filepath.Join(d.Data, "demo.json")
	known, err := readDemo(file)
	if err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(d.Addr); err != nil {
		return usage("--addr wants HOST:PORT, for example 127.0.0.1:8080")
	}
	unfinished := filepath.Join(d.Data, "demo.unfinished")
	if _, err := os.Stat(unfinished); err == nil {
		fmt.Println("The first start was interrupted; starting again.")
		if err := app.DiscardData(d.Data); err != nil {
			return err
		}
	}
	a, err := startServer(ctx, app.Config{
		Addr: d.Addr, Data: d.Data, PolicyDir: d.Policies, // everything else embedded
		Review: app.Review{Authority: "desk", Allowed: []string{"sandbox"}, SandboxDelay: d.ReviewDelay},
		Sandbox: app.Sandbox{
			AdminListen: "127.0.0.1:0", HoldAfter: d.HoldAfter, NamingDelay: d.ReviewDelay, ReviewDelay: d.ReviewDelay,
			ReleaseDelay: d.ReviewDelay / 2,
		},
	}, log)
	if err != nil {
		return err
	}
	defer a.Stop()
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) { // until everything answers again
		return err
	}
	now := demoFile{
		Console: a.URL() + "/", APIURL: a.URL() + "/api/v1", DocsURL: a.URL() + "/docs", EPPAddr: a.Sandbox().Addr(),
		EPPAdmin: a.Sandbox().AdminURL(), EPPCA: a.Sandbox().CAFile(), EPPLogin: a.SandboxLogin(),
		EPPAccounts: a.SandboxAccounts(), MailURL: a.MailURL(), Accounts: known.Accounts,
	}
	if len(now.Accounts) == 0 {
		fmt.Println("First start: making sample accounts and data …")
		if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
			return err
		}
		if now.Accounts, err = makeSamples(ctx, a); err != nil {
			return fmt.Errorf("sample data in %s: %w", d.Data, err)
		}
	}
	if err := saveDemo(file+".accounts", now); err != nil {
		return err
	}
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := saveDemo(file, now); err != nil {
		return err
	}
	now.print(d.Data)
	<-ctx.Done()
	fmt.Println("\nStopping …")
	return nil
}

func makeSamples(ctx context.Context, a *app.App) ([]app.SampleAccount, error) {
	people, err := a.MakeSampleAccounts(ctx)
	if err != nil {
		return nil, err
	}
	err = makeSampleData(ctx, a, people)
	if ctx.Err() != nil {
		err = errors.New("interrupted; the next start begins anew")
	}
	return people, err
}

// readDemo returns the accounts of an earlier start in the same folder.
func readDemo(file string) (d demoFile, err error) {
	b, err := os.ReadFile(file + ".accounts")
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return d, fmt.Errorf("%s: %w", file+".accounts", err)
	}
	return d, nil
}

// registry is the demo's registry account called name; without a name, that of the Chinese
// suffixes.
func (d demoFile) registry(name string) (app.Registry, error) {
	if d.EPPAddr == "" {
		return app.Registry{}, usage("say which registry: --addr HOST:PORT, or --config FILE with the account's name, or start verinym demo in this folder")
	}
	if name == "" {
		return app.Registry{Addr: d.EPPAddr, CAFile: d.EPPCA, ClientID: d.EPPLogin.ClientID, Password: d.EPPLogin.Password, Suffixes: []string{"cn", "com"}}, nil
	}
	var names []string
	for _, a := range d.EPPAccounts {
		if a.Registry == name {
			return app.Registry{Addr: a.Addr, CAFile: d.EPPCA, ClientID: a.ClientID, Password: a.Password, Suffixes: a.Suffixes}, nil
		}
		names = append(names, a.Registry)
	}
	return app.Registry{}, usage("the demo has no registry account %q; it has: %s. For a registry of your own say --config FILE or --addr HOST:PORT", name, strings.Join(names, ", "))
}

// saveDemo writes the file whole or not at all: whoever waits for it reads all of it.
func saveDemo(file string, d demoFile) error {
	b, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	tmp := file + ".new"
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}

func (d demoFile) print(dir string) {
	fmt.Printf(`
verinym is running.

  Console         %s
  API             %s
  Documentation   %s
  Mail sink       %s
  EPP sandbox     %s   (roots in %s)
                  %s   (its clock, ledger and faults)

Sign in with any of these, or send the API key as a bearer token:

`, d.Console, d.APIURL, d.DocsURL, d.MailURL, d.EPPAddr, d.EPPCA, d.EPPAdmin)
	for _, p := range d.Accounts {
		fmt.Printf("  %-10s  %-28s %s\n              %s\n", p.Role, p.Email, p.Password, p.APIKey)
	}
	fmt.Printf("\nAll of this is in %s too. Ctrl-C stops it; the data is kept for the next start.\n", filepath.Join(dir, "demo.json"))
}
