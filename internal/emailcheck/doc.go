// Package emailcheck answers one question: has this person answered from this
// address?
//
// An address is verified once per account through a mailed link. The link's
// token is random, kept only as a hash, works once and for a limited time.
// Looking at the link changes nothing, because mail scanners open links before
// people do: only Confirm, which the page behind the link posts, verifies.
//
// Mail that comes back for good takes the verification back, in every account that
// has the address; mail that is only late is noted.
//
// A rule may want an answer from an address that was verified before (Ask). What depends on
// an answer are Clocks, wired from above; they are told of answers and doubts, and say
// what is at stake, so that every mail can.
//
// It promises that a token of one account never verifies another's address. It
// does not write mail: a Courier does.
package emailcheck
