// Package mrz reads the machine-readable zone of passports and identity cards
// (ICAO Doc 9303 parts 3 to 6, eighth edition): TD3 passport pages of 2×44
// characters, TD2 cards of 2×36 and TD1 cards of 3×30.
//
// To a registrar the zone is the one part of a foreign document that can be
// checked without asking anybody: it repeats the number, the birth date and the
// expiry date, each with a check digit, and one more digit over all of them.
//
// [Parse] accepts a zone only if every character can stand where it stands, both
// dates are possible, and all check digits agree, the composite one included. A
// document number longer than its field (TD1, TD2) is put together. [Repair]
// undoes one look-alike that a camera or a typist confused.
//
// What the digits cannot see: they do not cover names, issuing state,
// nationality and sex, and they miss a character exchanged for one whose value
// differs by a multiple of ten (G for 6, L for 1, K, U or the filler for A or 0)
// as well as two neighbours swapped whose values differ by a multiple of five.
//
// The package never says that a document is genuine, and it never fails a
// document for being expired: Expiry is a fact for the caller's policy. Visas
// (codes beginning with V) are not identity documents and are refused.
package mrz
