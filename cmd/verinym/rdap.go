package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

type rdapCmd struct {
	Lookup  rdapLookupCmd  `cmd:"" default:"withargs" help:"Look up the registration data of any domain name."`
	Refresh rdapRefreshCmd `cmd:"" help:"Fetch IANA's list of registration-data servers into an installation; a running server uses it at once."`
}

type rdapLookupCmd struct{ asking }

func (r *rdapLookupCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	d, err := c.RegistrationData(ctx, r.Name)
	if err != nil {
		return r.explain(err)
	}
	if r.JSON {
		return printJSON(d)
	}
	fmt.Printf("%s\n%s", d.Domain, r.words(d.SourceText))
	if d.At != nil {
		fmt.Printf(" · %s", d.At.Local().Format("2006-01-02 15:04"))
	}
	if d.Server != "" {
		fmt.Printf(" · %s", d.Server)
	}
	fmt.Println()
	if d.Missed != nil {
		fmt.Println(r.words(*d.Missed))
	}
	words := rdapWords[r.Lang]
	if !d.Registered {
		fmt.Printf("\n%s\n", words.none)
		return exit{status: 1}
	}
	fmt.Println()
	line := func(label, value string) {
		if value != "" {
			fmt.Printf("%s %s\n", label, plain(value))
		}
	}
	line(words.registrar, strings.TrimSpace(d.Registrar+" "+d.RegistrarID))
	line(words.registered, date(d.RegisteredAt))
	line(words.changed, date(d.ChangedAt))
	line(words.expires, date(d.ExpiresAt))
	line(words.servers, strings.Join(d.NameServers, " "))
	for _, s := range d.Statuses {
		fmt.Printf("\n%s\n", plain(s.Code))
		if e := s.Explained; e != nil {
			who := explainWords[r.Lang]
			fmt.Printf("  %s\n  %s %s · %s %s\n  → %s\n", r.words(e.Meaning), who.set, r.parties(e.SetBy), who.lifted, r.parties(e.LiftedBy), r.words(e.Remedy))
		}
	}
	return nil
}

func (r *rdapLookupCmd) parties(of []client.Party) string {
	var out []string
	for _, p := range of {
		out = append(out, r.words(p.Text))
	}
	return strings.Join(out, ", ")
}

func date(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// rdapWords are what stands before the values of an answer.
var rdapWords = map[string]struct{ none, registrar, registered, changed, expires, servers string }{
	"en": {"The name is not registered.", "Registrar:", "Registered:", "Changed:", "Expires:", "Name servers:"},
	"zh": {"该域名未注册。", "注册商：", "注册时间：", "更新时间：", "到期时间：", "DNS 服务器："},
}

type rdapRefreshCmd struct {
	Config string `help:"The configuration file (YAML)." type:"existingfile" xor:"where"`
	Data   string `help:"The data folder of an installation without a configuration file." type:"existingdir" xor:"where"`
	From   string `help:"Where the list is published. Default: IANA."`
}

func (r *rdapRefreshCmd) Run(ctx context.Context) error {
	c, err := database{Config: r.Config, Data: r.Data}.config()
	if err != nil {
		return err
	}
	published, file, err := app.RefreshRDAP(ctx, c, r.From)
	if err != nil {
		return err
	}
	fmt.Printf("%s: the list of %s\n", file, published)
	return nil
}
