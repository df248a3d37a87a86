// Package signedcode makes and checks signed verification codes
// (draft-ietf-regext-verificationcode-06 section 2.1): how a verification service
// provider (VSP) proves to registries that it has verified a name or a holder.
//
// A signed code is a small XML document, <signedCode id="…"> with a code and an
// enveloped XML signature over it. [Signer.Sign] makes one, in base64, as it goes
// into package vcode's SignedCodes; [Verifier.Verify] checks one and returns what
// was signed, and nothing else of the document.
//
// # What it promises
//
//   - RSA with SHA-256 and exclusive canonicalisation only, keys of 2048 bits at
//     least. Other algorithms are refused, not tried.
//   - A provider is believed only under the issuers that are pinned for it, never
//     under the system's roots, and only for the types of code that it may issue.
//   - The document has exactly one signature with exactly one reference, to its
//     root. Anything more is refused, so that there is nothing to wrap.
//
// # What it never does
//
// It cannot tell whether a code belongs to the domain that it comes with: a code
// names neither domain nor holder. Only the provider knows.
package signedcode

import (
	"errors"
	"regexp"
	"strings"
)

// Code is what a provider signs.
type Code struct {
	Type  string // "domain", "real-name"
	Value string // "1-abc123": the provider's number, and its code
}

// Provider is the number of the provider in the code.
func (c Code) Provider() string {
	number, _, _ := strings.Cut(c.Value, "-")
	return number
}

var codeForm = regexp.MustCompile(`^[0-9]+-[A-Za-z0-9]+$`)

// Valid reports whether the code has the draft's form.
func (c Code) Valid() bool { return c.Type != "" && codeForm.MatchString(c.Value) }

// Why [Verifier.Verify] refuses a code.
var (
	// ErrForm: it is not a signedCode document with one signature over it.
	ErrForm = errors.New("signedcode: malformed")
	// ErrAlgorithm: it is signed otherwise than with RSA-SHA256.
	ErrAlgorithm = errors.New("signedcode: algorithm not allowed")
	// ErrSignature: the signature does not fit the content.
	ErrSignature = errors.New("signedcode: signature does not verify")
	// ErrProvider: the provider is unknown, or may not issue the type of code.
	ErrProvider = errors.New("signedcode: provider not authorised")
	// ErrUntrusted: the certificate is not under the provider's issuers, or has
	// expired.
	ErrUntrusted = errors.New("signedcode: certificate not trusted")
	// ErrRevoked: the certificate was revoked.
	ErrRevoked = errors.New("signedcode: certificate revoked")
)
