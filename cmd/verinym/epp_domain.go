package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/vcode"
)

type eppDomainCmd struct {
	Check    eppDomainCheckCmd    `cmd:"" help:"Can these names be registered?"`
	Info     eppDomainInfoCmd     `cmd:"" help:"All that the registry knows of a domain."`
	Create   eppDomainCreateCmd   `cmd:"" help:"Register a domain."`
	Update   eppDomainUpdateCmd   `cmd:"" help:"Change a domain."`
	Renew    eppDomainRenewCmd    `cmd:"" help:"Extend a registration."`
	Delete   eppDomainDeleteCmd   `cmd:"" help:"Delete a domain."`
	Transfer eppDomainTransferCmd `cmd:"" help:"Transfer a domain between registrars, or query the transfer."`
	Restore  eppDomainRestoreCmd  `cmd:"" help:"Restore a deleted domain."`
}

type eppDomainCheckCmd struct {
	Names []string `arg:"" help:"The names, as A-labels."`
	Fee   []string `help:"Also ask what these commands would cost: create, renew, transfer, restore."`
}

func (c *eppDomainCheckCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	cmd := epp.Command{Body: domain.Check{Names: c.Names}}
	if len(c.Fee) > 0 {
		var ask fee.Check
		for _, name := range c.Fee {
			ask.Commands = append(ask.Commands, fee.Command{Name: name})
		}
		cmd.Extensions = []epp.Extension{ask}
	}
	return e.send(ctx, log, cmd)
}

type eppDomainInfoCmd struct {
	Name    string  `arg:"" help:"The name."`
	Auth    string  `help:"The domain's password, to see another registrar's in full."`
	Hosts   string  `help:"Which hosts to show." enum:",all,del,sub,none" default:""`
	Profile *string `help:"Also ask how verification stands, under this profile or, when it is empty, all."`
}

func (i *eppDomainInfoCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	cmd := epp.Command{Body: domain.Info{Name: i.Name, Hosts: i.Hosts, AuthInfo: password(i.Auth)}}
	if i.Profile != nil {
		cmd.Extensions = []epp.Extension{vcode.Info{Profile: *i.Profile}}
	}
	return e.send(ctx, log, cmd)
}

// password is authorisation information, nil when there is none.
func password(pw string) *epp.AuthInfo {
	if pw == "" {
		return nil
	}
	return &epp.AuthInfo{PW: pw}
}

// codes reads signed codes from files.
func codes(files []string) ([]epp.Extension, error) {
	var list vcode.SignedCodes
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, exit{2, err}
		}
		list = append(list, strings.TrimSpace(string(content)))
	}
	if len(list) == 0 {
		return nil, nil
	}
	return []epp.Extension{list}, nil
}

// parties reads contacts written as type=id.
func parties(list []string) ([]domain.Contact, error) {
	var contacts []domain.Contact
	for _, c := range list {
		kind, id, ok := strings.Cut(c, "=")
		if !ok {
			return nil, usage("a contact is written as type=id, for example tech=abc123, not %q", c)
		}
		contacts = append(contacts, domain.Contact{Type: kind, ID: id})
	}
	return contacts, nil
}

type eppDomainCreateCmd struct {
	Name       string   `arg:"" help:"The name, as an A-label."`
	Years      int      `help:"The period. Default: the registry's own."`
	Registrant string   `help:"The holder's contact."`
	Contact    []string `help:"Other contacts, as type=id."`
	NS         []string `help:"Name servers." name:"ns"`
	Auth       string   `help:"The domain's password."`
	Code       []string `help:"Files with signed verification codes, in base64." type:"existingfile"`
	HolderType string   `help:"With CNNIC: I or E." enum:",I,E" default:""`
	Purveyor   string   `help:"With CNNIC: the registrar's code."`
}

func (c *eppDomainCreateCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	others, err := parties(c.Contact)
	if err != nil {
		return err
	}
	extensions, err := codes(c.Code)
	if err != nil {
		return err
	}
	if c.Purveyor != "" {
		extensions = append(extensions, cnnic.DomainCreate{Type: c.HolderType, Purveyor: c.Purveyor})
	}
	body := domain.Create{Name: c.Name, Registrant: c.Registrant, Contacts: others, NS: domain.NameServers{Objects: c.NS}, AuthInfo: password(c.Auth)}
	if c.Years > 0 {
		body.Period = domain.Years(c.Years)
	}
	return e.send(ctx, log, epp.Command{Body: body, Extensions: extensions})
}

type eppDomainUpdateCmd struct {
	Name       string   `arg:"" help:"The name."`
	AddStatus  []string `help:"Statuses to set, such as clientHold."`
	RemStatus  []string `help:"Statuses to lift."`
	AddNS      []string `help:"Name servers to add." name:"add-ns"`
	RemNS      []string `help:"Name servers to remove." name:"rem-ns"`
	AddContact []string `help:"Contacts to add, as type=id."`
	RemContact []string `help:"Contacts to remove, as type=id."`
	Registrant string   `help:"The new holder's contact."`
	Auth       string   `help:"The new password."`
	Code       []string `help:"Files with signed verification codes, in base64." type:"existingfile"`
}

func (u *eppDomainUpdateCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	add, err := parties(u.AddContact)
	if err != nil {
		return err
	}
	rem, err := parties(u.RemContact)
	if err != nil {
		return err
	}
	extensions, err := codes(u.Code)
	if err != nil {
		return err
	}
	return e.send(ctx, log, epp.Command{Extensions: extensions, Body: domain.Update{
		Name: u.Name,
		Add:  domain.AddRem{NS: domain.NameServers{Objects: u.AddNS}, Contacts: add, Statuses: epp.Statuses(u.AddStatus...)},
		Rem:  domain.AddRem{NS: domain.NameServers{Objects: u.RemNS}, Contacts: rem, Statuses: epp.Statuses(u.RemStatus...)},
		Chg:  domain.Change{Registrant: u.Registrant, AuthInfo: password(u.Auth)},
	}})
}

type eppDomainRenewCmd struct {
	Name    string   `arg:"" help:"The name."`
	Expires string   `help:"The day on which it expires now, YYYY-MM-DD." required:""`
	Years   int      `help:"For how long." default:"1"`
	Code    []string `help:"Files with signed verification codes, in base64." type:"existingfile"`
}

func (r *eppDomainRenewCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	day, err := time.Parse(time.DateOnly, r.Expires)
	if err != nil {
		return usage("--expires is a day, YYYY-MM-DD, not %q", r.Expires)
	}
	extensions, err := codes(r.Code)
	if err != nil {
		return err
	}
	return e.send(ctx, log, epp.Command{Body: domain.Renew{Name: r.Name, CurExpDate: day, Period: domain.Years(r.Years)}, Extensions: extensions})
}

type eppDomainDeleteCmd struct {
	Name string `arg:"" help:"The name."`
}

func (d *eppDomainDeleteCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: domain.Delete{Name: d.Name}})
}

type eppDomainTransferCmd struct {
	Op    string   `arg:"" help:"request, query, cancel, approve or reject." enum:"request,query,cancel,approve,reject"`
	Name  string   `arg:"" help:"The name."`
	Auth  string   `help:"The domain's password."`
	Years int      `help:"How long a request extends the registration."`
	Code  []string `help:"Files with signed verification codes, in base64." type:"existingfile"`
}

func (t *eppDomainTransferCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	extensions, err := codes(t.Code)
	if err != nil {
		return err
	}
	body := domain.Transfer{Op: t.Op, Name: t.Name, AuthInfo: password(t.Auth)}
	if t.Years > 0 {
		body.Period = domain.Years(t.Years)
	}
	return e.send(ctx, log, epp.Command{Body: body, Extensions: extensions})
}

type eppDomainRestoreCmd struct {
	Name string `arg:"" help:"The name."`
}

func (r *eppDomainRestoreCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: domain.Update{Name: r.Name}, Extensions: []epp.Extension{rgp.Update{Op: rgp.Request}}})
}
