// Package nv is the name verification mapping of EPP
// (draft-ietf-regext-nv-mapping-00, an expired draft), which a registrar speaks
// to a verification service provider (VSP), not to a registry.
//
// A VSP verifies a domain's name ([DNV]) or its holder ([RNV]) and issues a code
// for it, signed, which then goes to registries with package vcode. [Create]
// asks for a verification; the answer is a [CreateData] that succeeded, is
// pending and ends with a [PendingData] in the poll queue, or failed (then the
// result code is 2004). [Info] gets a signed code again, [Check] asks whether a
// label could be verified, [Update] changes a code's password.
//
// The schema is a reconstruction: names, order and the status values (compliant,
// nonCompliant, pendingCompliant; spelt otherwise than in package vcode) were
// taken from two independent implementations, the Verisign EPP SDK
// (com.verisign.epp.codec.nv) and the php-epp-client of Metaregistrar (its
// teleinfo extension), because the draft's text was not at hand.
//
// Documents travel inside the frames. epp.Redact masks them, and the number of
// the holder's document.
package nv

import "github.com/verinym/verinym/epp/internal/mapping"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:nv-1.0"

// Status values of a verification.
const (
	Compliant        = "compliant"
	NonCompliant     = "nonCompliant"
	PendingCompliant = "pendingCompliant"
)

// Types of code that a VSP issues.
const (
	TypeDomain   = "domain"
	TypeRealName = "real-name"
)

// Roles of a holder.
const (
	Person       = "person"
	Organisation = "org"
)

// Kinds of proof.
const (
	ProofOfCitizen = "poc"  // a person's identity document
	ProofOfEntity  = "poe"  // an organisation's certificate
	ProofOfOther   = "poot" // any other
)

var verifications = mapping.Mapping{Prefix: "nv", NS: NS, Key: "name"}
