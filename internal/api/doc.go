// Package api is the native REST interface: OpenAPI 3.1, problem+json errors with
// stable codes in two languages, bearer tokens, idempotency keys.
//
// It holds no rules. An operation translates a request into one call of a noun
// and the answer back; what may be done, and why not, is said there.
package api
