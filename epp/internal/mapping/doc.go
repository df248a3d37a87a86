// Package mapping holds what the object mappings of EPP have in common: domains
// (RFC 5731), hosts (RFC 5732), contacts (RFC 5733) and their like are checked,
// named, transferred and left pending with elements of the same shape in
// namespaces of their own.
package mapping
