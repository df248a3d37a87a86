// Package fault is the one error type that verinym shows to people.
//
// A fault carries a stable code ("profile_in_review"), the kind of trouble
// (which every edge translates into its own status), the field it points at and
// the values its text needs. It never carries a text: texts live in package
// locale, in English and Chinese, keyed by the code.
//
// A fault promises that its code may be shown to a registrant and that its
// cause may not: the cause is for the operator's log alone. An error that is no
// fault is an internal error to everybody outside.
package fault
