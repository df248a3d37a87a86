// Package inspection puts everything that is on record about a domain or profile into one
// signed file, for a registry's spot check, a regulator or ICANN: who the holder said they
// are and with which documents, who decided what and why, holds, mails and their answers,
// and the entries of the audit record with their place in its chain.
//
// It owns no rows and changes nothing but the audit record, in which every pack stands
// before it is handed out. A pack shows numbers masked and pictures as digests. It never
// holds what reviewers note for each other, nor anything of another account.
package inspection
