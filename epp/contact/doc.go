// Package contact is the contact mapping of EPP (RFC 5733): the people and
// organisations that a registrar registers with a registry, the registrants
// among them.
//
// A contact has one or two postal addresses: an internationalised one in ASCII
// (type "int") and a localised one in any script (type "loc"). A Chinese name
// belongs into the localised one.
//
// The commands ([Check], [Info], [Create], [Update], [Delete]) are bodies for
// epp.Command; the answers are read with the Parse functions from
// epp.Response.Data. Each type goes both ways, so that a test registry can use
// the package too.
//
// # What it promises
//
// Every frame validates against the schema of RFC 5733 section 4 as long as the
// values do. Answers are read leniently, commands strictly, as in package
// domain.
//
// # What it never does
//
// It never transliterates, splits or joins names, and never decides what a
// registry discloses.
package contact

import "github.com/verinym/verinym/epp/internal/mapping"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:contact-1.0"

var contacts = mapping.Mapping{Prefix: "contact", NS: NS, Key: "id"}
