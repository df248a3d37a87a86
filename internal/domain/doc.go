// Package domain is the domain names: ordered, registered, associated with a
// verified profile, verified at the registry, held or Normal.
//
// Three things are kept apart and never mixed: the two verdicts that a name needs
// (naming and real name), whether the registry has been told (sync), and the
// registry's own statuses. Normal is derived from them, never stored.
//
// Submitting a verification and changing a holder are two operations. The first
// is for a profile of the very holder that the registry has; with any other it
// fails with contact_not_match and offers the second. A task never turns one
// into the other.
package domain
