// Package document is the intake of identity documents.
//
// A picture is read once, screened at once, and either refused with coded
// reasons (nothing is stored, nothing is left behind) or sealed in the vault,
// byte for byte as it came, with a row that says what it is. For a registry that
// takes less than we do, a conforming copy is derived: upright pixels only, no
// metadata, never padded or enlarged.
//
// It promises that a picture is never on disk in clear and that a finding names
// a canonical reason. Whether a document belongs to a holder is not decided
// here: screening is advice, the authority decides.
package document
