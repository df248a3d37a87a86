// Package status says what the statuses of a domain name are: those of EPP (RFC 5731
// section 2.3), the grace periods of a registry (RFC 3915 section 3.1), what a registry
// says about verification (verificationCode-1.0), and our own two verdicts.
//
// For each it holds who sets it, who lifts it, whether somebody had a cause to set it,
// and whether a domain that has it is Normal. What it means and what to do about it, in
// words, stands in the catalogue of texts under Meaning and Remedy. Why a certain domain
// has it is never said here: that is known of the domain, or it is not known.
package status

import (
	"slices"
	"strings"
)

// Axis is what a status is about. The three are never mixed.
type Axis string

// The axes.
const (
	Registry     Axis = "registry"     // EPP
	Grace        Axis = "grace_period" // RFC 3915: money and time
	Compliance   Axis = "compliance"   // verificationCode-1.0, the registry's word about verification
	Verification Axis = "verification" // a verdict, as we know it
)

// Party sets or lifts a status.
type Party string

// The parties.
const (
	ByRegistrar  Party = "registrar"
	ByRegistry   Party = "registry"
	ByRegistrant Party = "registrant"
	ByAuthority  Party = "authority"
	ByTime       Party = "time"
	ByNobody     Party = "nobody"
)

// Status is one of them.
type Status struct {
	Code string
	Axis Axis
	// SetBy and LiftedBy are who sets it and who can take it off.
	SetBy, LiftedBy []Party
	// HasCause says that somebody had a reason to set it, which EPP does not carry: the
	// reason is known from elsewhere, or it is unknown.
	HasCause bool
	// Spoils says that a domain which has it is not Normal.
	Spoils bool
}

// Meaning is the id of the text that says what it is.
func (s Status) Meaning() string { return "explain." + s.Code + ".meaning" }

// Remedy is the id of the text that says what to do.
func (s Status) Remedy() string { return "explain." + s.Code + ".remedy" }

var (
	registrar  = []Party{ByRegistrar}
	registry   = []Party{ByRegistry}
	registrant = []Party{ByRegistrant}
	authority  = []Party{ByRegistry, ByAuthority}
	byTime     = []Party{ByTime}
	byNobody   = []Party{ByNobody}
)

// all are the statuses, in the order in which they are read about.
var all = []Status{
	{"ok", Registry, registry, registry, false, false},
	{"inactive", Registry, registry, registrant, false, false},
	{"linked", Registry, registry, registry, false, false},

	{"clientHold", Registry, registrar, registrar, true, true},
	{"serverHold", Registry, registry, registry, true, true},

	{"clientTransferProhibited", Registry, registrar, registrar, false, false},
	{"clientUpdateProhibited", Registry, registrar, registrar, false, false},
	{"clientDeleteProhibited", Registry, registrar, registrar, false, false},
	{"clientRenewProhibited", Registry, registrar, registrar, false, false},
	{"serverTransferProhibited", Registry, registry, registry, true, false},
	{"serverUpdateProhibited", Registry, registry, registry, true, false},
	{"serverDeleteProhibited", Registry, registry, registry, true, false},
	{"serverRenewProhibited", Registry, registry, registry, true, false},

	{"pendingCreate", Registry, registry, registry, true, true},
	{"pendingUpdate", Registry, registry, registry, true, true},
	{"pendingRenew", Registry, registry, registry, true, true},
	{"pendingTransfer", Registry, registry, registry, true, true},
	{"pendingDelete", Registry, registry, byNobody, true, true},
	// CNNIC's, as its WHOIS shows it: five days to be verified in.
	{"pendingVerification", Registry, registry, registry, true, true},

	{"addPeriod", Grace, registry, byTime, false, false},
	{"autoRenewPeriod", Grace, registry, byTime, false, false},
	{"renewPeriod", Grace, registry, byTime, false, false},
	{"transferPeriod", Grace, registry, byTime, false, false},
	{"redemptionPeriod", Grace, registry, registrar, false, true},
	{"pendingRestore", Grace, registry, registrar, false, true},

	{"notApplicable", Compliance, registry, registry, false, false},
	{"pendingCompliance", Compliance, registry, registry, false, false},
	{"nonCompliant", Compliance, registry, registry, false, false},
	{"compliant", Compliance, registry, registry, false, false},

	{"not_completed", Verification, registry, registrant, false, true},
	{"in_review", Verification, registrant, authority, false, true},
	{"verified", Verification, authority, authority, false, false},
	{"failed", Verification, authority, registrant, true, true},
	{"not_required", Verification, registry, byNobody, false, false},
	{"not_possible", Verification, registry, byNobody, false, true},
}

// All returns every status.
func All() []Status { return slices.Clone(all) }

// Find returns a status by its code, in whatever case people type it, and with the
// spaces that RDAP and web pages put between its words (RFC 8056).
func Find(typed string) (Status, bool) {
	s, ok := bySpelling[fold(typed)]
	return s, ok
}

// bySpelling are the statuses by their codes without case and what joins words.
var bySpelling = func() map[string]Status {
	out := make(map[string]Status, len(all))
	for _, s := range all {
		out[fold(s.Code)] = s
	}
	return out
}()

var joints = strings.NewReplacer(" ", "", "_", "", "-", "")

// FromRDAP returns the status that RDAP calls by a name (RFC 8056 section 2): mostly EPP's
// own with spaces, two of them otherwise.
func FromRDAP(name string) (Status, bool) {
	switch fold(name) {
	case "active":
		name = "ok"
	case "associated":
		name = "linked"
	}
	s, ok := Find(name)
	return s, ok && (s.Axis == Registry || s.Axis == Grace)
}

func fold(typed string) string {
	return joints.Replace(strings.ToLower(typed))
}

// SpoilsNormal reports whether a domain that shows a status is not Normal. One that
// nobody here knows does where its name says that something is pending.
func SpoilsNormal(code string) bool {
	if s, ok := Find(code); ok {
		return s.Spoils
	}
	return strings.HasPrefix(code, "pending")
}
