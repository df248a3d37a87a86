// Package record keeps what was said in an EPP session, and says it again: a
// conversation with a registry, recorded once, is a test that needs no registry.
//
// A [Recorder] is fed by epp.Options.Record. What it keeps is redacted: no
// passwords, no document numbers, no postal addresses. [Recording.Options] are
// those of a client that is answered out of the recording; which command gets
// which answer is decided by the command's content, not its clTRID, so that a
// client may ask in another order, or less.
package record
