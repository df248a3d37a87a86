// Package fee is the reading half of EPP's fee extension (RFC 8748): what a
// command would cost, and what one did cost.
//
// [Check] goes with a check and asks for prices, [CheckData] is the answer.
// [Data] comes with the answer to a command that was billed.
//
// The package never sends a price along with a command, by which a client
// agrees to it: registries that demand one for premium names refuse the
// command without it (section 3.1).
package fee
