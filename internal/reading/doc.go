// Package reading reads identity documents: what name, number and dates a picture shows, and whether they are the ones that
// somebody typed.
//
// A registrant who typed one digit of eighteen wrong learns it at the form instead of from a registry two days later, and one
// who likes to can have the form filled in from the picture. Reading goes in three steps: Prepare lays the document flat and
// looks for QR codes (inside the jail: the bytes are a stranger's); an ocr.Engine recognises lines of print; Form.Read finds
// among them the fields of this kind of document, by the words that stand beside them and by the checks that numbers carry.
//
// It promises that what it could not read, or read otherwise, is an Unconfirmed: a warning that points at a field, for a person
// to look at. It never refuses anything, never corrects what was typed, and repairs a number only where one confusion of
// look-alikes is the only way to make its check character right. What an engine cannot see it says so too: dates under a seal
// and traditional characters are the usual ones.
package reading
