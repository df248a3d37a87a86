// Package openid has people sign in at an OpenID Connect provider that the registrar runs.
//
// It speaks the authorization code flow with PKCE (RFC 7636) and believes an ID token only
// when it is signed by the provider's key, for us, not expired, and answers the very request
// that this browser began: its state and nonce are in a Flow, which the browser keeps.
//
// It says what the provider says of somebody, by the rules of a configuration: which of our
// roles they have, which customer they belong to, and whether that customer's identity is
// verified. Who that is here, and what follows, is package account's to decide.
package openid
