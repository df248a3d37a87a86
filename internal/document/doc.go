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
//
// However many pictures come at once, they wait for their turn: two of an account,
// and as many altogether as the jail has children, each of which is held to its own
// memory (jail.Config). The server itself holds less than 1 MB for an upload that
// waits, whatever its size.
package document
