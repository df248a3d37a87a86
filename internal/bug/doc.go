// Package bug has the faults that are put into verinym on purpose, to see whether the
// simulation of a registrar finds them (docs/simulation.md).
//
// Each is a switch at the very line where the rule lives that it breaks. Without the build
// tag seededbugs Seeded is a constant false: the compiler leaves the switches out, and what
// is shipped has none.
package bug

// Bug is one fault, in words.
type Bug string

// The faults.
const (
	LiftForeignHold      Bug = "a hold of somebody else's is lifted"
	LiftWithFirstCause   Bug = "a hold is lifted with the first of its causes"
	HoldOutlivesAnswer   Bug = "who answers after the time is over stays suspended"
	AnswerInBusinessDays Bug = "the registrant's answer is due in business days"
	ReviewInCalendarDays Bug = "a review is expected in calendar days"
	NoMakeUpDays         Bug = "make-up working days are forgotten"
	WrongVersion         Bug = "the newest version of a profile is sent instead of the chosen one"
	DeskForRegistry      Bug = "the desk's verdict is taken for the registry's"
	ContactOfAnother     Bug = "a holder is given the contact of another"
	NormalWithoutNaming  Bug = "a name is Normal without its naming verdict"
	OldVerdictsKept      Bug = "a new holder has the verdicts of the old one"
	BounceIgnored        Bug = "mail that comes back casts no doubt on an address"
	LinkForEver          Bug = "a mailed link works for ever"
	MailTwice            Bug = "a mail that was taken is sent again"
	MailLost             Bug = "a mail that was refused counts as sent"
	CaseLost             Bug = "a case that an authority did not take is not put to it again"
	MessageLost          Bug = "a poll message is acknowledged and not kept"
	ResentBlindly        Bug = "a command whose answer was lost is sent again without a look"
	LateInSilence        Bug = "nobody is told of a review that is overdue"
	OthersNames          Bug = "a customer reads the names of another"
)

// All are the faults, in the order in which they are tried.
var All = []Bug{
	LiftForeignHold, LiftWithFirstCause, HoldOutlivesAnswer, AnswerInBusinessDays, ReviewInCalendarDays, NoMakeUpDays,
	WrongVersion, DeskForRegistry, ContactOfAnother, NormalWithoutNaming,
	OldVerdictsKept, BounceIgnored, LinkForEver, MailTwice, MailLost, CaseLost, MessageLost, ResentBlindly, LateInSilence, OthersNames,
}
