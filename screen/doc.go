// Package screen answers one question about an uploaded picture of an identity document: why would a reviewer refuse it?
//
// A registrant who photographs a card with a finger over its corner learns it at once instead of days later. Screen looks
// at the bytes (does the content agree with the name, is the file whole, is it within the registry's limits) and then at
// the picture (is a document there, complete, sharp, lit, in colour) and reports findings: a canonical code, how grave it
// is, where in the picture it is seen, and the figures behind it. Texts for people live elsewhere, keyed by the code.
//
// What it promises:
//   - Every property of the file is a finding, never an error: an error from Screen means that reading failed or that the
//     context ended.
//   - It never panics on hostile bytes. Dimensions are read and checked before anything is decoded; see the limits below.
//   - Only findings about the file itself (format, size, corruption) are hard. A judgement about the picture can always be
//     overridden by a person.
//   - Kinds of document that are born digital (Policy.BornDigital) get warnings for colour, margins and screenshots, never
//     errors.
//   - What a program wrote into the metadata (a software tag) is no finding.
//
// What it never does: it does not execute anything, log, read the environment or the network, keep the picture, or decide
// about identity. It holds no state between calls, so calls may run in parallel.
//
// Formats: JPEG, PNG, BMP and WebP are decoded. HEIC is recognised by content, and its name and size are checked, but its
// picture is not decoded: it gets the warning picture_not_checked, and a person looks at it.
package screen
