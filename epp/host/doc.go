// Package host is the host mapping of EPP (RFC 5732): name servers as objects of
// their own, with addresses where a registry needs them for glue.
//
// The commands ([Check], [Info], [Create], [Update], [Delete]) are bodies for
// epp.Command; the answers are read with the Parse functions from
// epp.Response.Data. Hosts have no authorisation information and cannot be
// transferred: a host below a domain goes where its domain goes (section 3.2.4).
//
// Every frame validates against the schema of section 4 as long as the values
// do. Answers are read leniently, commands strictly.
package host

import "github.com/verinym/verinym/epp/internal/mapping"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:host-1.0"

var hosts = mapping.Mapping{Prefix: "host", NS: NS, Key: "name"}
