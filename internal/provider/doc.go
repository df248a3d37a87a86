// Package provider lets an outside provider of identity verification decide cases, by
// HTTP.
//
// A case that is handed to a provider becomes a resource of the provider's: verinym
// puts it there under an address of its own, asks for it now and then, and deletes it
// when the registrant has taken the case back. The provider sends its verdict by
// itself, too. Requests and callbacks are signed as Standard Webhooks 1.0 says.
// docs/authority-http.md is the whole contract.
//
// It promises that one case is put at one address only, however often an answer is
// lost; that a message of the provider has its effect once; that pictures are given
// out over addresses that are short-lived, of one case and never without a signature;
// and that a provider which fails holds up nobody else: after a few failures in a row
// its circuit is open, which an operator is told. It does not decide what a verdict
// means: review does.
package provider
