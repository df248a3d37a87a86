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
// into the other. The very holder may be spelt otherwise in the profile: the registry
// compares to the letter, so documents go with the name as it stands there. Where the
// profile says something else of the same holder than it said when it was submitted last,
// the registry gets that with the documents, in a new contact where the old one cannot
// say it. Where it has another kind of document, only a change of holder helps.
//
// An account has one open order for a name. The same order placed again, by a client
// that does not know whether it was taken, is answered with the open one; another wish
// for the name is refused with order_exists until that one has ended. A payment that is
// confirmed again is answered with the order, and an order that nobody pays expires.
//
// A name is ordered with name servers, or gets those of the registry account. What the
// registry cannot have is refused before anybody pays; hosts of other registries' names that
// it lacks are created with the name, when it is paid.
//
// A domain of another registrar's is asked for with a verified profile and its transfer
// password, once at a time. It becomes the account's when the registry says that it is
// ours; then it gets the profile's holder, as by a change of holder.
//
// Where policy says so (ICANN's rule for gTLDs) the registrant answers by mail within days
// of a registration, a transfer in, a material change, or a doubt about the address. Each
// such time is a clock, a row that is kept as proof; at its end the name is put on
// clientHold for the cause email, which an answer, or staff's word, takes away again, and
// no other cause with it. An answer counts for every name of the account with the same
// address, and later on for what policy says.
//
// A name that cannot be imported is none of the account's; the import keeps why.
package domain
