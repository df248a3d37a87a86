package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"

	"github.com/verinym/verinym/epp/sandbox"
)

type registrySandboxCmd struct {
	Listen string `help:"Where to serve EPP over TLS." default:"127.0.0.1:7000"`
	Admin  string `help:"Where to serve the admin interface, on a loopback address; off when empty." default:""`
	Audit  string `help:"Where to serve the audit interface for documents." default:"127.0.0.1:0"`
	Cert   string `help:"The server's certificate (PEM). Default: one from a CA made for it." type:"existingfile" and:"pair"`
	Key    string `help:"The certificate's key (PEM)." type:"existingfile" and:"pair"`
	State  string `help:"Keep the registry's state in this file, with its log next to it, across restarts." type:"path"`
	VSP    string `help:"Where a verification service provider speaks nv-1.0; off when empty." name:"vsp" default:"127.0.0.1:0"`

	ClientCA    string `help:"Accept only clients with a certificate from these CAs (PEM)." type:"existingfile" name:"client-ca"`
	Pending     bool   `help:"Answer creates, renewals and changes of registrant with 1001, and decide by poll message."`
	NameStore   bool   `help:"Require Verisign's extension with every command about a domain." name:"name-store"`
	StrictHosts bool   `help:"Refuse delegations to hosts that do not exist."`
}

func (r *registrySandboxCmd) Run(ctx context.Context, log *slog.Logger) error {
	if r.Admin != "" && !loopback(r.Admin) {
		return usage("--admin wants a loopback address, for example 127.0.0.1:7001: whoever reaches it may do anything")
	}
	c := sandbox.DefaultConfig()
	c.Listen, c.AdminListen, c.AuditListen, c.CertFile, c.KeyFile, c.StateFile, c.Log = r.Listen, r.Admin, r.Audit, r.Cert, r.Key, r.State, log
	c.VSP.Listen, c.ClientCAFile, c.StrictHosts, c.NameStore = r.VSP, r.ClientCA, r.StrictHosts, r.NameStore
	for i := range c.Zones {
		z := &c.Zones[i]
		z.AsyncCreates, z.AsyncRenewals, z.AsyncUpdates = r.Pending, r.Pending, r.Pending && !z.Thin
	}
	s, err := sandbox.Start(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	ready, err := json.Marshal(struct {
		EPPAddr    string              `json:"epp_addr"`
		AdminURL   string              `json:"admin_url"`
		AuditURL   string              `json:"audit_url"`
		VSPAddr    string              `json:"vsp_addr,omitempty"`
		CAFile     string              `json:"ca_file"`
		Registrars []sandbox.Registrar `json:"registrars"`
	}{s.Addr(), s.AdminURL(), s.AuditURL(), s.VSPAddr(), s.CAFile(), c.Registrars})
	if err != nil {
		return err
	}
	fmt.Println(string(ready))
	<-ctx.Done()
	return nil
}

// loopback reports whether an address can be reached from this machine only.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
}
