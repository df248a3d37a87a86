package registry

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"slices"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/signedcode"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// The dialects that an account may speak. Whether names have contacts, and who
// reviews them when, is not the dialect's to say: policy declares that for each suffix
// (policy.Rule), and the account may differ from it.
const (
	// DialectCNNIC has CNNIC's extensions with contacts and names.
	DialectCNNIC = "cnnic"
	// DialectStandard is RFC 5731 and RFC 5733 without more.
	DialectStandard = "standard"
	// DialectThin is RFC 5731 alone.
	DialectThin = "thin"
	// DialectCodes brings the signed codes of a verification service provider.
	DialectCodes = "verificationcode"
	// DialectProvider is no registry but such a provider (nv-1.0).
	DialectProvider = "nv"
)

// Values of contacts, in policy and configuration.
const (
	contactsNone     = "none"
	contactsOptional = "optional"
	contactsRequired = "required"
)

// NamingFirst is a review of the name that comes before the name itself.
const NamingFirst = "vsp_before_create"

// Driver is how names of one suffix are dealt with at one account.
type Driver struct {
	// Contacts says that the registry has contacts, and knows a name's holder by one.
	Contacts bool
	// Codes says that we bring codes of a verification service provider, whose
	// verdicts are the name's.
	Codes bool
	// Naming is when the name is reviewed, "" where it is not.
	Naming string
}

// Driver returns what policy declares for a suffix, as far as the account does not
// differ from it.
func (r *Registries) Driver(registry string, rule policy.Rule) Driver {
	l := r.accounts[registry]
	if l == nil {
		return Driver{}
	}
	d := Driver{Contacts: l.contacts(rule.Driver.Contacts), Codes: l.VSP != "" && (rule.Required() || rule.Suffix == "")}
	if rule.NamingRequired() {
		d.Naming = rule.Naming.Review
	}
	if l.Naming != "" {
		d.Naming = l.Naming
	}
	return d
}

// contacts reports whether names have contacts. Where they are optional they are sent:
// a registry that knows the holder can show who it is.
func (a Account) contacts(declared string) bool {
	if a.Contacts != "" {
		declared = a.Contacts
	}
	switch declared {
	case contactsNone:
		return false
	case contactsOptional, contactsRequired:
		return true
	}
	return a.Driver == DialectCNNIC || a.Driver == DialectStandard
}

// check finds what cannot be in an account's configuration.
func (a Account) check() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("registry %s: %s", a.Name, fmt.Sprintf(format, args...))
	}
	switch {
	case !slices.Contains([]string{DialectCNNIC, DialectStandard, DialectThin, DialectCodes, DialectProvider}, a.Driver):
		return wrong("driver %q is not known", a.Driver)
	case !slices.Contains([]string{"", contactsNone, contactsOptional, contactsRequired}, a.Contacts):
		return wrong("contacts is none, optional or required, not %q", a.Contacts)
	case !slices.Contains([]string{"", NamingFirst, "registry_after_create"}, a.Naming):
		return wrong("naming is %s or registry_after_create, not %q", NamingFirst, a.Naming)
	case a.CommandsPerMinute < 0:
		return wrong("commands_per_minute is a number of commands, not %d", a.CommandsPerMinute)
	case slices.ContainsFunc(a.ContactRoles, func(role string) bool { return !slices.Contains([]string{"admin", "tech", "billing"}, role) }):
		return wrong("contact_roles are admin, tech and billing, not %q", a.ContactRoles)
	case a.Driver == DialectThin && a.Contacts != "" && a.Contacts != contactsNone:
		return wrong("a thin registry has no contacts")
	case a.Driver == DialectCodes && a.VSP == "":
		return wrong("driver %s needs the account at a verification service provider (vsp)", a.Driver)
	case a.VSP != "" && a.Driver == DialectCNNIC:
		return wrong("CNNIC reviews names and holders itself and takes no codes (vsp)")
	case a.Driver == DialectProvider && (a.ProviderID == "" || a.IssuersFile == "" && len(a.IssuersPEM) == 0):
		return wrong("a verification service provider needs its number (provider_id) and the certificates that sign its codes (issuers_file)")
	case a.Driver == DialectProvider && len(a.Suffixes) > 0:
		return wrong("a verification service provider registers no names (suffixes)")
	}
	return nil
}

// verifier returns what checks the codes of a provider, nil at a registry.
func (a Account) verifier() (*signedcode.Verifier, error) {
	if a.Driver != DialectProvider {
		return nil, nil
	}
	rest := a.IssuersPEM
	if a.IssuersFile != "" {
		var err error
		if rest, err = os.ReadFile(a.IssuersFile); err != nil {
			return nil, fmt.Errorf("registry %s: %w", a.Name, err)
		}
	}
	p := signedcode.Provider{ID: a.ProviderID}
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("registry %s: issuers: %w", a.Name, err)
		}
		p.Issuers = append(p.Issuers, c)
	}
	if len(p.Issuers) == 0 {
		return nil, fmt.Errorf("registry %s: no certificate in its issuers file", a.Name)
	}
	return &signedcode.Verifier{Providers: []signedcode.Provider{p}}, nil
}

// offers reports whether the registry's greeting names a namespace. Before the first
// session the account's configuration has to do.
func (l *link) offers(namespace string) bool {
	if g := l.greeting.Load(); g != nil {
		return g.Offers(namespace)
	}
	return namespace == vcode.NS && (l.Driver == DialectCNNIC || l.VSP != "")
}

// needs lists the namespaces that a command cannot do without.
func (l *link) needs(c Command) []string {
	switch c.Kind {
	case ContactCreate:
		if l.Driver == DialectCNNIC {
			return []string{contact.NS, cnnic.NSContact}
		}
		return []string{contact.NS}
	case ContactInfo, ContactUpdate:
		return []string{contact.NS}
	case NameCode, HolderCode:
		return []string{nv.NS}
	case HostCreate:
		return []string{host.NS}
	}
	out := []string{domain.NS}
	if c.Kind == DomainCreate && l.Driver == DialectCNNIC {
		out = append(out, cnnic.NSDomain)
	}
	if len(c.Payload.Codes) > 0 {
		out = append(out, vcode.NS)
	}
	return out
}

// able says what a registry lacks for a command, nil when it has everything: the
// fault registry_capability_missing, for an operator.
func (l *link) able(c Command) *fault.Error {
	g := l.greeting.Load()
	if g == nil {
		return nil
	}
	for _, namespace := range l.needs(c) {
		if !g.Offers(namespace) {
			return fault.New(fault.Unavailable, "registry_capability_missing").With("Registry", l.Name).With("Driver", l.Driver).With("Namespace", namespace)
		}
	}
	return nil
}
