// Package vcode is the verification code extension of EPP
// (draft-ietf-regext-verificationcode-06, an expired draft that several
// registries of the Chinese market speak): by which codes a registrar proves
// that somebody verified a domain's name and holder, and how that stands.
//
// [SignedCodes] brings codes along with a command.
//
// [Info] asks for that state, [InfoData] is the answer: whether the object is
// compliant, and per profile which codes are set, which are missing and until
// when. The types of code in the profile "china" are "domain" (the name was
// reviewed) and "real-name" (the holder was).
//
// The schema is a reconstruction: element names, order and the status values
// were taken from two independent implementations, the Verisign EPP SDK and
// Net::DRI (VerificationCode.pm), because the draft's formal syntax was not at
// hand.
//
// The package never judges a code: what a verification service provider has
// signed is made and checked by package signedcode.
package vcode
