// Package outbound calls addresses that somebody else has named: an account's
// webhook, a provider's interface.
//
// It promises that no address inside the operator's network is dialled unless the
// operator allows it, whatever a name leads to by then, that no proxy is used and no
// redirect followed, and that a failure is told without telling what the operator's
// network looks like.
package outbound
