// Package policy answers what a suffix, an accreditation, a document or a reason
// demands, from data that an operator can read, replace and extend.
//
// The key of a rule is (accreditation, suffix, holder type and residence). Ask
// answers any question with facts and the lines that they stand in; Rule, Document
// and Limits are for those who decide by them; Explain is for people.
//
// The package promises that a file it does not understand stops the start instead
// of deciding wrongly: every file is checked against its JSON Schema and against
// the others, and each Problem names file, line and code. Every set of files has a
// version, kept with each case that was decided under it, and golden cases cover
// every rule that is shipped. Versions keeps every set of files that a server has
// run with, so that the rules of an old decision can be read.
package policy
