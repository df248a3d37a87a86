// Package account is who may sign in, for which organisation, as what.
//
// An account is a customer of the registrar: it owns profiles, domains and
// orders, and has an identity verification of its own, separate from any
// domain's. A person signs in with e-mail address and password, or a program
// with an API key; both become an actor.Actor.
//
// It promises that a password or key is never kept in clear, that a wrong
// address and a wrong password look alike, and that an account's identity changes
// only through its state table, with an audit entry. It never decides about a
// domain's verification.
package account
