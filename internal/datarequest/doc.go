// Package datarequest is what people ask about the data that are kept of them (GDPR
// Articles 15, 17 and 20; PIPL Articles 45 and 47): an export, or an erasure, of one
// registrant profile or of a whole account.
//
// A registrant asks for themselves; an admin enters what came by letter or mail, with
// evidence. Each request has a day by which it is answered; an admin may put it off once,
// for a reason that who asked is told. An export is one file, made by a job, sealed in the
// vault, and fetched for a few days by who asked for it and has proved lately who they are.
// An erasure says first what goes and what stays, and why: a profile on which a live name
// rests, of which something is in review, or that a duty to keep covers, waits, with that
// ground named, and is erased when the ground is gone.
//
// It promises that after an erasure no row and no picture here names the person, that
// verdicts, digests and the audit record stay, and that the chain of that record still
// verifies. It never changes what a registry holds, and never erases what a ground
// covers: the grounds are looked at again in the unit of work that erases.
package datarequest
