// Package account is who may sign in, for which organisation, as what.
//
// An account is a customer of the registrar: it owns profiles, domains and
// orders, and has an identity verification of its own, separate from any
// domain's. A person signs in with e-mail address and password, with a passkey, or at
// a provider of the registrar's; a program has an API key. Each becomes an actor.Actor.
// What is dangerous asks a person to prove again who they are (actor.CheckProved).
//
// It promises that a password or key is never kept in clear, that a wrong
// address and a wrong password look alike, also to who has forgotten one, that an
// address alone signs nobody in, and that an account's identity changes only through
// its state table, with an audit entry. It never decides about a domain's verification.
package account
