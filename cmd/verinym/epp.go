package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/epp/namestore"
	"github.com/verinym/verinym/epp/wire"
	"github.com/verinym/verinym/internal/app"
)

// endpoint says which registry a command talks to, as whom.
type endpoint struct {
	Addr       string `help:"The EPP server, HOST:PORT. Default: that of the demo in this folder."`
	Client     string `help:"The registrar's identifier."`
	Password   string `help:"Its password." env:"VERINYM_EPP_PASSWORD"`
	CA         string `help:"Roots for the server's certificate (PEM). Default: the system's." type:"existingfile" name:"ca"`
	ServerName string `help:"The name in the server's certificate, if it differs from the address."`
	Cert       string `help:"The client's certificate (PEM)." type:"existingfile"`
	Key        string `help:"Its key (PEM), if it is not in the same file." type:"existingfile"`
	LocalAddr  string `help:"The IP address to come from, where the registry knows us by it."`
	Config     string `help:"Take the rest from a registry account of this configuration file." type:"existingfile"`
	Demo       string `help:"Where a running demo wrote its addresses and keys." default:"verinym-demo/demo.json"`
}

// target is an endpoint with what it was completed by.
type target struct {
	addr     string
	options  epp.Options
	suffixes []string
}

// resolve completes the endpoint from the account called name of a configuration,
// or from a running demo.
func (e endpoint) resolve(name string) (t target, err error) {
	account := app.Registry{}
	switch {
	case e.Config != "":
		if account, err = e.configured(name); err != nil {
			return t, err
		}
	case e.Addr == "":
		d, err := readDemo(e.Demo)
		if err != nil {
			return t, err
		}
		if account, err = d.registry(name); err != nil {
			return t, err
		}
	}
	for _, f := range []struct{ from, to *string }{
		{&e.Addr, &account.Addr}, {&e.Client, &account.ClientID}, {&e.Password, &account.Password}, {&e.CA, &account.CAFile}, {&e.ServerName, &account.ServerName},
		{&e.Cert, &account.CertFile}, {&e.Key, &account.KeyFile}, {&e.LocalAddr, &account.LocalAddr},
	} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	t = target{addr: account.Addr, suffixes: account.Suffixes}
	t.options = epp.Options{
		ClientID: account.ClientID, Password: account.Password, TLS: &tls.Config{ServerName: account.ServerName},
		UserAgent: loginsec.UserAgent{App: "verinym " + version}, Extend: namestore.Extend,
	}
	if account.LocalAddr != "" {
		ip := net.ParseIP(account.LocalAddr)
		if ip == nil {
			return t, usage("%q is not an IP address", account.LocalAddr)
		}
		t.options.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: ip}}).DialContext
	}
	return t, secure(t.options.TLS, account)
}

// configured finds a registry account of the configuration file; without a name,
// the only one that there is.
func (e endpoint) configured(name string) (app.Registry, error) {
	c, err := app.LoadConfig(e.Config)
	if err != nil {
		return app.Registry{}, exit{2, err}
	}
	var names []string
	for _, r := range c.Registries {
		if r.Name == name || name == "" && len(c.Registries) == 1 {
			return r, nil
		}
		names = append(names, r.Name)
	}
	return app.Registry{}, usage("there is no registry account %q in %s; it has: %s", name, e.Config, strings.Join(names, ", "))
}

// secure puts certificates into a TLS configuration.
func secure(c *tls.Config, a app.Registry) error {
	if a.CAFile != "" {
		pem, err := os.ReadFile(a.CAFile)
		if err != nil {
			return err
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return usage("there is no certificate in %s", a.CAFile)
		}
	}
	if a.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(a.CertFile, cmp.Or(a.KeyFile, a.CertFile))
		if err != nil {
			return err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return nil
}

type eppCmd struct {
	endpoint
	Registry string        `help:"The registry account's name, in the --config or of a running demo."`
	DryRun   bool          `help:"Print the frame instead of sending it."`
	Secrets  bool          `help:"Print passwords and document numbers too."`
	ClTRID   string        `help:"The client transaction identifier. Default: a generated one." name:"cltrid"`
	Timeout  time.Duration `help:"How long to wait." default:"30s"`

	Hello   eppHelloCmd   `cmd:"" help:"Print the registry's greeting."`
	Passwd  eppPasswdCmd  `cmd:"" name:"password" help:"Change the registrar's password at the registry."`
	Poll    eppPollCmd    `cmd:"" help:"Look at the oldest message in the queue."`
	Ack     eppAckCmd     `cmd:"" help:"Take a message out of the queue."`
	Domain  eppDomainCmd  `cmd:"" help:"Commands about domains."`
	Contact eppContactCmd `cmd:"" help:"Commands about contacts."`
	Host    eppHostCmd    `cmd:"" help:"Commands about hosts."`
	Verify  eppVerifyCmd  `cmd:"" help:"Commands to a verification service provider."`
	Raw     eppRawCmd     `cmd:"" help:"Send a frame as it is, from a file or standard input."`
}

// send sends a command and prints the answer.
func (e *eppCmd) send(ctx context.Context, log *slog.Logger, cmd epp.Command) error {
	cmd.ClTRID = e.ClTRID
	if e.DryRun {
		e.print(os.Stdout, cmd.AppendXML(nil))
		return nil
	}
	return e.session(ctx, log, func(ctx context.Context, conn *epp.Conn) (*epp.Response, error) { return conn.Do(ctx, cmd) })
}

// session opens a session for one exchange and prints its answer. The exit status
// is 1 when the registry refuses.
func (e *eppCmd) session(ctx context.Context, log *slog.Logger, exchange func(context.Context, *epp.Conn) (*epp.Response, error)) error {
	t, err := e.resolve(e.Registry)
	if err != nil {
		return err
	}
	t.options.Log = log
	ctx, cancel := context.WithTimeout(ctx, e.Timeout)
	defer cancel()
	conn, err := epp.Dial(ctx, t.addr, t.options)
	if err != nil {
		return refusal(err)
	}
	defer conn.Close()
	response, err := exchange(ctx, conn)
	if response != nil {
		e.print(os.Stdout, response.Raw)
	}
	if err != nil {
		return refusal(err)
	}
	if conn.Err() == nil {
		_ = conn.Logout(ctx) // the answer is there; how the session ends is of no matter
	}
	return nil
}

// print prints a document, indented and without secrets.
func (e *eppCmd) print(w io.Writer, document []byte) {
	if !e.Secrets {
		document = epp.Redact(document)
	}
	root, err := wire.Parse(document, wire.Limits{Bytes: len(document) + 1})
	if err != nil {
		fmt.Fprintln(w, plain(string(document)))
		return
	}
	var b bytes.Buffer
	indent(&b, root, 0)
	_, _ = io.WriteString(w, plain(b.String()))
}

// indent writes an element as it was written, with each child on a line of its own.
func indent(b *bytes.Buffer, e *wire.Element, depth int) {
	margin := strings.Repeat("  ", depth)
	if len(e.Children) == 0 {
		fmt.Fprintf(b, "%s%s\n", margin, e.Raw)
		return
	}
	start, rest := e.Raw, e.Children[0].Raw
	fmt.Fprintf(b, "%s%s\n", margin, bytes.TrimSpace(start[:bytes.Index(start, rest)]))
	for _, c := range e.Children {
		indent(b, c, depth+1)
	}
	fmt.Fprintf(b, "%s%s\n", margin, start[bytes.LastIndex(start, []byte("</")):])
}

type eppHelloCmd struct{}

func (eppHelloCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	hello := []byte(`<?xml version="1.0" encoding="UTF-8" standalone="no"?><epp xmlns="` + epp.NS + `"><hello/></epp>`)
	return e.raw(ctx, log, hello, "")
}

type eppPasswdCmd struct {
	New string `help:"The new password." env:"VERINYM_EPP_NEW_PASSWORD" required:""`
}

// Run logs in once, which changes the password (RFC 5730 section 2.9.1.1).
func (p eppPasswdCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	t, err := e.resolve(e.Registry)
	if err != nil {
		return err
	}
	if p.New == t.options.Password {
		return usage("the new password is the present one")
	}
	if e.DryRun {
		login := epp.Login{ClientID: t.options.ClientID, Password: t.options.Password, NewPassword: p.New}
		e.print(os.Stdout, epp.Command{Body: login, ClTRID: e.ClTRID}.AppendXML(nil))
		return nil
	}
	t.options.Log, t.options.NewPassword = log, p.New
	ctx, cancel := context.WithTimeout(ctx, e.Timeout)
	defer cancel()
	conn, err := epp.Dial(ctx, t.addr, t.options)
	if err != nil {
		return refusal(err)
	}
	defer conn.Close()
	e.print(os.Stdout, conn.LoginResponse().Raw)
	_ = conn.Logout(ctx)
	fmt.Fprintln(os.Stderr, "The registry has the new password. Put it into the account's password_file now, which a running server reads again, or into the configuration, with a restart: sessions that are open live on, new ones need it.")
	return nil
}

// refusal is an error with exit status 1 where the registry has said no.
func refusal(err error) error {
	var refused *epp.Error
	if errors.As(err, &refused) && refused.Code != 0 {
		return exit{1, err}
	}
	return err
}

type eppPollCmd struct{}

func (eppPollCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: epp.Poll{}})
}

type eppAckCmd struct {
	ID string `arg:"" help:"The message's identifier."`
}

func (a *eppAckCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: epp.Ack{ID: a.ID}})
}

type eppRawCmd struct {
	File string `arg:"" help:"The file with the document; - is standard input." default:"-"`
}

func (r *eppRawCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	document, err := os.ReadFile(r.File)
	if r.File == "-" {
		document, err = io.ReadAll(os.Stdin)
	}
	if err != nil {
		return exit{2, err}
	}
	document = bytes.TrimSpace(document)
	request, _ := epp.ParseRequest(document, wire.Limits{})
	return e.raw(ctx, log, document, request.ClTRID)
}

// raw sends a document as it is.
func (e *eppCmd) raw(ctx context.Context, log *slog.Logger, document []byte, clTRID string) error {
	if e.DryRun {
		e.print(os.Stdout, document)
		return nil
	}
	return e.session(ctx, log, func(ctx context.Context, conn *epp.Conn) (*epp.Response, error) {
		return conn.DoFrame(ctx, document, clTRID)
	})
}
