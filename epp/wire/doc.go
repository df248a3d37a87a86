// Package wire is the lowest layer of the EPP library: data units on a TCP
// connection (RFC 5734 section 4) and the XML inside them.
//
// A registrar's code rarely calls it directly. It meets [Element] when a
// response carries something that no object package knows yet, and it uses the
// Append functions to write an object mapping of its own.
//
// # What it promises
//
//   - [ReadFrame] never allocates more than the caller's limit, whatever length
//     the peer announces.
//   - [Parse] accepts a subset of namespace-well-formed XML 1.0: UTF-8 only,
//     element and attribute names in ASCII (every EPP schema's are), no DOCTYPE,
//     no processing instruction but the XML declaration, no entity but the five
//     predefined ones and character references, bounded size, depth and number
//     of attributes. Everything that it accepts means the same to
//     encoding/xml; fuzz tests hold it to that.
//   - The Append functions always produce well-formed text, whatever string they
//     are given.
//
// # What it never does
//
// It never resolves anything outside the frame, never validates against a
// schema, and never writes a frame in more than one Write.
package wire
