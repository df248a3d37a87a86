// Package identifier reads the numbers on identity documents.
//
// Registrants mistype them, choose the wrong kind of document, type them in full
// width or with the licence's copy mark, and learn of it days later from a
// reviewer. This package answers while they type: is this a valid number of the
// kind that was chosen, which character is wrong, and if the kind is wrong, what
// does the number look like instead?
//
//	n, err := identifier.Parse(identifier.ResidentID, "11010519491231002x")
//
// # What it knows
//
// China's resident ID (GB 11643), the residence permits for Hong Kong, Macao and
// Taiwan residents, the foreign permanent resident ID card in its old and new
// form, mainland travel permits, passports, the unified social credit code
// (USCC, GB 32100), the organization code (GB 11714), the business licence
// number before the USCC (GS 15), Hong Kong's business registration, company and
// identity card numbers, and the machine-readable zones of ICAO Doc 9303, which
// package mrz reads in full. [Kinds] lists them all.
//
// # What it promises
//
//   - [Parse] keeps what was typed and gives the normal form to store and send.
//   - Valid means valid by the number's standard: length, characters, check
//     character, a birth date that exists and is past. A USCC with a wrong check
//     character is invalid here even though some genuine early ones have one;
//     a caller that lets a person override it finds the number in the result.
//   - What the standards leave open is a Warning, not an error.
//   - Where a text passes the checks of two kinds, its structure decides: a birth
//     date, a prefix, the organization code inside a USCC.
//   - [Parse] and [Recognize] take the day from the clock; [ParseAt], [RecognizeAt] and
//     [RepairAt] take it from the caller and always answer alike. The day is the
//     one in China.
//   - A valid number in its normal form costs no allocation. A core makes more than
//     five million checks a second of every number, three to four million of
//     machine-readable zones, which are five to ten times as long. Parse reads the
//     clock only for a birth date so near today, or so long ago, that the day
//     matters.
//   - Hostile text is bounded: beyond 512 bytes nothing is read.
//
// # What it never does
//
// It asks nobody, so a valid number may belong to no one, or to somebody else.
// It has no table of regions or countries that would age: people keep the number
// of a county that was renamed, and a table out of date refuses them. It never
// changes a number without saying so. Its errors hold at most one character of
// the number, and a [Number] prints and logs as its mask.
//
// # What a check character cannot see
//
// The resident ID's family and the USCC detect every wrong character and every
// two neighbours swapped. The organization code, and the letters of an HKID,
// miss an exchange of characters whose values differ by 11, 22 or 33; the old
// licence number misses one swap in forty-five; the machine-readable zone misses
// values that differ by ten. Passports and travel permits have no check
// character at all.
package identifier
