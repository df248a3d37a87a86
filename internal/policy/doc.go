// Package policy answers what a suffix, an accreditation, a document or a reason
// demands, from data that an operator can read and replace.
//
// The key of a rule is (accreditation, suffix, holder type and residence). The
// package promises that a file it does not understand stops the start instead of
// deciding wrongly, and that every set of files has a version, kept with each
// case that was decided under it. It keeps no rows and asks nobody.
package policy
