// Package delegation finds out whether a domain name works in the DNS, by asking those
// who know: from the roots down to the zone above the name, which says whether and where
// it is delegated, and then every name server that it names there.
//
// Nobody's recursion is trusted: a resolver may remember yesterday's answer. A look
// takes a bounded time, sends a bounded number of questions to a bounded number of
// addresses, and never dials one that is not public unless it was allowed. What could
// not be found out is Unknown, with the cause; it is never taken for a fault of the
// domain.
package delegation
