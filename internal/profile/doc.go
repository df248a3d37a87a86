// Package profile is the registrant profile: who holds a domain name, written
// down once and used for any number of names.
//
// A profile has versions. A version that has been submitted is frozen: editing
// afterwards makes a new, unverified version, and domains keep the one that they
// were associated with. Chinese and English forms stand side by side; the English
// one is suggested from the Chinese one until somebody edits it. The document
// number is sealed and shown masked.
//
// It promises that a state changes only through its table, that nothing of one
// account is ever found by another, and that every refusal names its field. It
// does not decide whether a holder is who they say: a review does.
package profile
