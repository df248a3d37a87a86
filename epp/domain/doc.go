// Package domain is the domain name mapping of EPP (RFC 5731): what a registrar
// asks and tells a registry about domains, and what it gets back.
//
// The commands ([Check], [Info], [Create], [Update], [Delete], [Renew],
// [Transfer]) are bodies for epp.Command. The answers are read with the Parse
// functions from epp.Response.Data. Each type goes both ways, so that a test
// registry can use the package too.
//
// # What it promises
//
// Every frame validates against the schema of RFC 5731 section 4 as long as the
// values do. Answers are read leniently: elements that the mapping does not know
// are passed over. Commands are read strictly: an element that is unknown or out
// of order is an error.
//
// # What it never does
//
// It never changes a name: internationalised names go out as they come in, and
// registries want them as A-labels (xn--…). It never fills in a default that the
// registry would decide, such as the period.
package domain

import "github.com/verinym/verinym/epp/internal/mapping"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:domain-1.0"

var domains = mapping.Mapping{Prefix: "domain", NS: NS, Key: "name"}
