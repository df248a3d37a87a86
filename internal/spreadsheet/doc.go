// Package spreadsheet reads CSV files as spreadsheets write them: in the encodings and with
// the separators that they use, with cells that are kept from being taken for formulas, and
// lists of names and of registrant profiles that are to be imported.
//
// It knows the shape of a file, never whether what it says is right.
package spreadsheet
