// Package review is where somebody decides: a case, its authority, its reasons.
//
// A case is opened when a profile version is submitted or a domain name needs a
// naming verdict. An authority decides it: the desk (our reviewers), or an
// outside party behind the Authority interface. A failure carries coded reasons,
// each pointing at a field or a side, with the registrant's text in two languages
// and a note that only staff may read.
//
// It promises one open case a subject, an expected date in business days, and
// that a verdict belongs to the subject and the authority that gave it: the
// desk's never replaces another's. What a verdict means to a profile or a domain
// is not decided here: Subjects are told, in the same unit of work.
package review
