package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/nv"
)

type eppContactCmd struct {
	Check    eppContactCheckCmd    `cmd:"" help:"Are these identifiers free?"`
	Info     eppContactInfoCmd     `cmd:"" help:"All that the registry knows of a contact."`
	Create   eppContactCreateCmd   `cmd:"" help:"Create a contact."`
	Update   eppContactUpdateCmd   `cmd:"" help:"Change a contact's statuses, e-mail or password."`
	Delete   eppContactDeleteCmd   `cmd:"" help:"Remove a contact."`
	Transfer eppContactTransferCmd `cmd:"" help:"Transfer a contact between registrars, or query the transfer."`
}

type eppContactCheckCmd struct {
	IDs []string `arg:"" help:"The identifiers." name:"id"`
}

func (c *eppContactCheckCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: contact.Check{IDs: c.IDs}})
}

type eppContactInfoCmd struct {
	ID   string `arg:"" help:"The identifier."`
	Auth string `help:"The contact's password, to see another registrar's."`
}

func (i *eppContactInfoCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: contact.Info{ID: i.ID, AuthInfo: password(i.Auth)}})
}

type eppContactCreateCmd struct {
	ID       string   `arg:"" help:"The identifier."`
	Type     string   `help:"int (ASCII) or loc." enum:"int,loc" default:"loc"`
	Name     string   `help:"The person's name." required:""`
	Org      string   `help:"The organisation's name."`
	Street   []string `help:"Lines of the address."`
	City     string   `required:"" help:"City."`
	SP       string   `help:"State or province."`
	PC       string   `help:"Postal code."`
	CC       string   `help:"Country, two letters." default:"CN"`
	Voice    string   `help:"Telephone, for example +86.1058813000."`
	Email    string   `required:"" help:"E-mail address."`
	Auth     string   `help:"The contact's password."`
	Holder   string   `help:"With CNNIC: I or E." enum:",I,E" default:""`
	IDType   string   `help:"With CNNIC: the kind of document, for example SFZ."`
	IDNumber string   `help:"With CNNIC: its number." env:"VERINYM_EPP_ID_NUMBER"`
}

func (c *eppContactCreateCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	cmd := epp.Command{Body: contact.Create{
		ID: c.ID, Voice: contact.Phone{Number: c.Voice}, Email: c.Email, AuthInfo: password(c.Auth),
		Postal: []contact.PostalInfo{{Type: c.Type, Name: c.Name, Org: c.Org, Addr: contact.Address{Street: c.Street, City: c.City, SP: c.SP, PC: c.PC, CC: c.CC}}},
	}}
	if identity := (cnnic.Contact{Type: c.Holder, IDType: c.IDType, IDNumber: c.IDNumber}); !identity.IsZero() {
		cmd.Extensions = []epp.Extension{cnnic.ContactCreate(identity)}
	}
	return e.send(ctx, log, cmd)
}

type eppContactUpdateCmd struct {
	ID        string   `arg:"" help:"The identifier."`
	AddStatus []string `help:"Statuses to set."`
	RemStatus []string `help:"Statuses to lift."`
	Email     string   `help:"The new e-mail address."`
	Auth      string   `help:"The new password."`
}

func (u *eppContactUpdateCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: contact.Update{
		ID: u.ID, Add: epp.Statuses(u.AddStatus...), Rem: epp.Statuses(u.RemStatus...), Chg: contact.Change{Email: u.Email, AuthInfo: password(u.Auth)},
	}})
}

type eppContactDeleteCmd struct {
	ID string `arg:"" help:"The identifier."`
}

func (d *eppContactDeleteCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: contact.Delete{ID: d.ID}})
}

type eppContactTransferCmd struct {
	Op   string `arg:"" help:"request, query, cancel, approve or reject." enum:"request,query,cancel,approve,reject"`
	ID   string `arg:"" help:"The identifier."`
	Auth string `help:"The contact's password."`
}

func (t *eppContactTransferCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: contact.Transfer{Op: t.Op, ID: t.ID, AuthInfo: password(t.Auth)}})
}

type eppHostCmd struct {
	Check  eppHostCheckCmd  `cmd:"" help:"Can these hosts be created?"`
	Info   eppHostInfoCmd   `cmd:"" help:"All that the registry knows of a host."`
	Create eppHostCreateCmd `cmd:"" help:"Create a host."`
	Update eppHostUpdateCmd `cmd:"" help:"Change a host."`
	Delete eppHostDeleteCmd `cmd:"" help:"Remove a host."`
}

type eppHostCheckCmd struct {
	Names []string `arg:"" help:"The names."`
}

func (c *eppHostCheckCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: host.Check{Names: c.Names}})
}

type eppHostInfoCmd struct {
	Name string `arg:"" help:"The name."`
}

func (i *eppHostInfoCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: host.Info{Name: i.Name}})
}

type eppHostCreateCmd struct {
	Name string   `arg:"" help:"The name."`
	Addr []string `help:"Addresses, for a host below a domain of the registry." name:"ip"`
}

func (c *eppHostCreateCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: host.Create{Name: c.Name, Addresses: host.Addrs(c.Addr...)}})
}

type eppHostUpdateCmd struct {
	Name      string   `arg:"" help:"The name."`
	AddIP     []string `help:"Addresses to add." name:"add-ip"`
	RemIP     []string `help:"Addresses to remove." name:"rem-ip"`
	AddStatus []string `help:"Statuses to set."`
	RemStatus []string `help:"Statuses to lift."`
	NewName   string   `help:"The new name."`
}

func (u *eppHostUpdateCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: host.Update{
		Name: u.Name, NewName: u.NewName,
		Add: host.AddRem{Addresses: host.Addrs(u.AddIP...), Statuses: epp.Statuses(u.AddStatus...)},
		Rem: host.AddRem{Addresses: host.Addrs(u.RemIP...), Statuses: epp.Statuses(u.RemStatus...)},
	}})
}

type eppHostDeleteCmd struct {
	Name string `arg:"" help:"The name."`
}

func (d *eppHostDeleteCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: host.Delete{Name: d.Name}})
}

type eppVerifyCmd struct {
	Check  eppVerifyCheckCmd  `cmd:"" help:"Could these labels be verified?"`
	Name   eppVerifyNameCmd   `cmd:"" help:"Have a domain name verified."`
	Holder eppVerifyHolderCmd `cmd:"" help:"Have a holder verified."`
	Code   eppVerifyCodeCmd   `cmd:"" help:"Get a signed code again."`
}

type eppVerifyCheckCmd struct {
	Labels []string `arg:"" help:"The labels."`
}

func (c *eppVerifyCheckCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: nv.Check{Names: c.Labels}})
}

type eppVerifyNameCmd struct {
	Label      string `arg:"" help:"The label."`
	HolderCode string `help:"The code of the holder's verification."`
	Auth       string `help:"A password for the code."`
}

func (n *eppVerifyNameCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: nv.Create{Input: nv.Input{DNV: &nv.DNV{Name: n.Label, RNVCode: n.HolderCode}}, AuthInfo: password(n.Auth)}})
}

type eppVerifyHolderCmd struct {
	Name      string   `arg:"" help:"The holder's name."`
	Number    string   `help:"The number of the identity document." required:"" env:"VERINYM_EPP_ID_NUMBER"`
	Role      string   `help:"person or org." enum:"person,org" default:"person"`
	Proof     string   `help:"poc (citizen), poe (entity) or poot (other)." enum:"poc,poe,poot" default:"poc"`
	Documents []string `help:"Pictures of the document." name:"document" type:"existingfile"`
	Auth      string   `help:"A password for the code."`
}

func (h *eppVerifyHolderCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	rnv := &nv.RNV{Role: h.Role, Name: h.Name, Num: h.Number, ProofType: h.Proof}
	for _, file := range h.Documents {
		content, err := os.ReadFile(file)
		if err != nil {
			return exit{2, err}
		}
		rnv.Documents = append(rnv.Documents, nv.Document{FileType: strings.TrimPrefix(filepath.Ext(file), "."), Content: content})
	}
	return e.send(ctx, log, epp.Command{Body: nv.Create{Input: nv.Input{RNV: rnv}, AuthInfo: password(h.Auth)}})
}

type eppVerifyCodeCmd struct {
	Code string `arg:"" help:"The code, for example 1-abc123."`
	Auth string `help:"Its password, if it is another client's."`
}

func (c *eppVerifyCodeCmd) Run(ctx context.Context, log *slog.Logger, e *eppCmd) error {
	return e.send(ctx, log, epp.Command{Body: nv.Info{Code: c.Code, AuthInfo: password(c.Auth)}})
}
