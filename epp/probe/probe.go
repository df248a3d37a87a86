package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/epp/namestore"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
)

// Report is what a probe found.
type Report struct {
	Addr     string `json:"addr"`
	ServerID string `json:"server_id"`

	// ClockAhead is how far the registry's clock is ahead of ours, in seconds.
	ClockAhead float64 `json:"clock_ahead_s"`

	TLSVersion   string       `json:"tls_version,omitempty"`
	TLSCipher    string       `json:"tls_cipher,omitempty"`
	Certificate  string       `json:"certificate,omitempty"` // its subject
	CertExpires  time.Time    `json:"certificate_expires,omitzero"`
	Versions     []string     `json:"versions"`
	Langs        []string     `json:"langs"`
	Objects      []string     `json:"objects"`
	Extensions   []string     `json:"extensions"`
	Capabilities []Capability `json:"capabilities"`
	Questions    []Question   `json:"questions"`
	Dialect      []Trait      `json:"dialect"`
	Warnings     []string     `json:"warnings,omitempty"`
}

// Capability is a mapping or extension that this library speaks.
type Capability struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Offered   bool   `json:"offered"`
}

// Question is one that was asked, with the answer's code, 0 if there was none.
type Question struct {
	Name   string `json:"name"`
	Code   int    `json:"code"`
	Answer string `json:"answer"`
}

// Trait is one thing that registries do in different ways.
type Trait struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// known are the capabilities that are looked for.
var known = []Capability{
	{"domains (RFC 5731)", domain.NS, false},
	{"contacts (RFC 5733)", contact.NS, false},
	{"hosts (RFC 5732)", host.NS, false},
	{"grace periods (RFC 3915)", rgp.NS, false},
	{"DNSSEC (RFC 5910)", secdns.NS, false},
	{"change poll (RFC 8590)", changepoll.NS, false},
	{"fees (RFC 8748)", fee.NS, false},
	{"login security (RFC 8807)", loginsec.NS, false},
	{"unhandled namespaces (RFC 9038)", epp.NSUnhandled, false},
	{"verification codes", vcode.NS, false},
	{"name verification", nv.NS, false},
	{"Verisign's products", namestore.NS, false},
	{"CNNIC contacts", cnnic.NSContact, false},
	{"CNNIC domains", cnnic.NSDomain, false},
	{"CNNIC repositories", cnnic.NSRegistry, false},
}

// probe is a conversation.
type probe struct {
	*Report
	ctx  context.Context
	conn *epp.Conn
}

// label and contactID are made up, and always the same, so that a recording
// answers the next probe too.
const (
	label     = "verinym-probe-x7q2m9kd"
	contactID = "vnpx7q2m9kd"
)

// Run probes the registry at addr. Suffixes, as A-labels, are those under which
// names are checked. The error is that of opening the session; what goes wrong
// later is in the report.
func Run(ctx context.Context, addr string, o epp.Options, suffixes ...string) (*Report, error) {
	o.Depth = max(o.Depth, 2) // nothing is pipelined but the last two questions
	conn, err := epp.Dial(ctx, addr, o)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	p := &probe{Report: &Report{Addr: addr}, ctx: ctx, conn: conn}
	p.greeting()
	p.security()
	p.ask("hello", nil)
	for _, suffix := range suffixes {
		p.names(label + "." + suffix)
	}
	p.others()
	p.queue()
	p.strangers(suffixes)
	p.pipeline(suffixes)
	if err := conn.Logout(ctx); err != nil {
		p.warn("logout: %v", err)
	}
	return p.Report, nil
}

func (p *probe) warn(format string, args ...any) {
	p.Warnings = append(p.Warnings, fmt.Sprintf(format, args...))
}

func (p *probe) trait(name, value string) {
	for _, t := range p.Dialect {
		if t.Name == name {
			return
		}
	}
	p.Dialect = append(p.Dialect, Trait{name, value})
}

// greeting reports what the registry says of itself.
func (p *probe) greeting() {
	g := p.conn.Greeting()
	p.ServerID, p.Versions, p.Langs, p.Objects, p.Extensions = g.ServerID, g.Versions, g.Langs, g.Objects, g.Extensions
	p.ClockAhead = time.Until(g.Date).Round(100 * time.Millisecond).Seconds()
	for _, c := range known {
		c.Offered = g.Offers(c.Namespace)
		p.Capabilities = append(p.Capabilities, c)
	}
	p.trait("times", between(g.Raw, "svDate>", "<"))
}

// between is what stands between two texts, for a look at how it is written.
func between(document []byte, from, to string) string {
	_, rest, _ := strings.Cut(string(document), from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// security reports on TLS and on what the registry warns of.
func (p *probe) security() {
	if state, ok := p.conn.TLS(); ok {
		p.TLSVersion, p.TLSCipher = tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite)
		leaf := state.PeerCertificates[0]
		p.Certificate, p.CertExpires = leaf.Subject.String(), leaf.NotAfter
	}
	login := p.conn.LoginResponse()
	if login == nil {
		return
	}
	if data, err := loginsec.ParseData(login.Extension(loginsec.NS)); err == nil {
		for _, e := range data.Events {
			p.warn("login: %s %s: %s", e.Level, e.Type, e.Text)
		}
	}
}

// ask sends a command, or a hello for no body, and notes the answer.
func (p *probe) ask(name string, body epp.Body, extensions ...epp.Extension) *epp.Response {
	if body == nil {
		_, err := p.conn.Hello(p.ctx)
		p.answered(name, nil, err)
		return nil
	}
	response, err := p.conn.Do(p.ctx, epp.Command{Body: body, Extensions: extensions})
	p.answered(name, response, err)
	return response
}

func (p *probe) answered(name string, response *epp.Response, err error) {
	q := Question{Name: name}
	switch {
	case response != nil:
		q.Code, q.Answer = response.Code(), response.Results[0].Message
		for _, reason := range response.Results[0].Reasons {
			if reason.Text != "" {
				q.Answer += ": " + reason.Text
			}
		}
	case err != nil:
		q.Answer = err.Error()
	default:
		q.Answer = "a greeting"
	}
	p.Questions = append(p.Questions, q)
}
