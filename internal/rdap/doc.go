// Package rdap asks the registries of the world what they have of a domain name
// (Registration Data Access Protocol, STD 95).
//
// Where to ask stands in IANA's bootstrap file, of which a copy is shipped and a newer
// one can be put beside it. A question takes a bounded time, its answer a bounded size, a
// redirect is followed a few times and never from https to http, and only public
// addresses are dialled: whom we ask is decided by others.
//
// Statuses come back in EPP's spelling (RFC 8056). Who a holder is, where a server says
// it, is not read: nobody here needs it.
package rdap
