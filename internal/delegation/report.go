package delegation

import "net/netip"

// Finding is how the delegation of a name stands, in one word.
type Finding string

// The findings.
const (
	// Fine: every name server answers for the name, and it has addresses.
	Fine Finding = "fine"
	// NotInZone: the zone above says that there is no such name (NXDOMAIN). The name is
	// on hold, or not registered, or not published yet.
	NotInZone Finding = "not_in_zone"
	// NoNameServers: the zone above knows the name and names no name server for it.
	NoNameServers Finding = "no_name_servers"
	// WrongNameServers: the zone above names others than the registry has.
	WrongNameServers Finding = "wrong_name_servers"
	// Unreachable: no name server answers.
	Unreachable Finding = "unreachable"
	// Lame: the name servers answer, and none of them for this name.
	Lame Finding = "lame"
	// ServFail: the name servers answer that they have failed, or resolvers do because
	// the signatures are not right.
	ServFail Finding = "servfail"
	// SomeFail: at least one name server answers for the name, and another one does not.
	SomeFail Finding = "some_fail"
	// NotPublic: all name servers have addresses that are not public.
	NotPublic Finding = "not_public"
	// Parked: the name is in the hands of a parking service.
	Parked Finding = "parked"
	// NoAddress: the name servers answer, and neither the name nor www below it has an
	// address.
	NoAddress Finding = "no_address"
	// Unknown: it could not be found out; Report.Why says why.
	Unknown Finding = "unknown"
)

// Why something could not be found out.
type Why string

// The causes of Unknown.
const (
	// NoTime: the look ran out of time before the name servers had theirs.
	NoTime Why = "no_time"
	// ParentSilent and ParentFails are about the servers of a zone above the name.
	ParentSilent Why = "parent_silent"
	ParentFails  Why = "parent_fails"
	// TooMuch: the look would have taken more questions than it may ask.
	TooMuch Why = "too_much"
	// Busy: too many looks are under way.
	Busy Why = "busy"
)

// Answer is what became of asking one name server, or one address of it.
type Answer string

// The answers, the best first.
const (
	Answers    Answer = "answers"
	ButLame    Answer = "lame"
	ButFails   Answer = "servfail"
	Silent     Answer = "silent"
	Homeless   Answer = "no_address" // its name leads to no address
	Forbidden  Answer = "not_public" // none of its addresses may be dialled
	NotAskedOf Answer = "not_asked"
)

// Server is one name server as it answered.
type Server struct {
	Name string
	// Answer is the best that one of its addresses gave.
	Answer Answer
	// At are the addresses that were asked.
	At []Address
}

// Address is one address of a name server.
type Address struct {
	IP     netip.Addr
	Answer Answer
	// Rcode is the response code where that says more: REFUSED, SERVFAIL, NXDOMAIN.
	Rcode string
	// TCP says that the answer came that way, because UDP was cut short or silent.
	TCP bool
}

// Report is what a look found.
type Report struct {
	Finding Finding
	Why     Why
	// Zone is the zone above the name that was asked, "." for the root.
	Zone string
	// Expected are the name servers that the registry has, Delegated those that the zone
	// above names, and Own those that the name servers name themselves.
	Expected, Delegated, Own []string
	Servers                  []Server
	// Points are the addresses of the name and of www below it, or what they are called
	// otherwise.
	Points []string
}
